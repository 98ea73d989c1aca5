/**
 * @file contingency.h
 * @brief Two partitions of the same things, compared without enumerating
 *        pairs.
 *
 * Pairs that share a label are counted from group sizes: n(n-1)/2 for every
 * true group, found group and cell of both. Exact in integers.
 * Cost     one radix sort
 * Source   closed pairs by contingency: Hubert & Arabie 1985; B-cubed:
 *          Bagga & Baldwin 1998
 */
#ifndef KITH_EVALUATE_CONTINGENCY_H
#define KITH_EVALUATE_CONTINGENCY_H

#include <kith/evaluate.h>
#include <kith/status.h>
#include <stddef.h>
#include <stdint.h>

typedef struct kith_agreement {
    kith_scores pairs;
    double bcubed_precision, bcubed_recall, bcubed_f1;
    uint64_t n_true_groups, n_found_groups;
} kith_agreement;

/** Compares labels @p truth and @p found of @p n things. */
KITH_NODISCARD kith_status kith_contingency(kith_agreement *out,
                                            const uint32_t *truth,
                                            const uint32_t *found, size_t n,
                                            kith_error *err);
/** Precision, recall and F1 from the three counts; 1 of nothing is 1. */
void kith_scores_finish(kith_scores *s);

#endif
