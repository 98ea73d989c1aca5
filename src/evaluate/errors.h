/**
 * @file errors.h
 * @brief Which errors in records make the linkage miss: recall of true pairs
 *        by the kinds of error in either record.
 *
 * A pair counts under every kind that one of its two records has, and under
 * "none" when both are clean. Counted from group sizes, as all pairs are: of
 * n records k without the kind, n(n-1)/2 - k(k-1)/2 pairs have it.
 */
#ifndef KITH_EVALUATE_ERRORS_H
#define KITH_EVALUATE_ERRORS_H

#include "evaluate/truth.h"

#include <kith/evaluate.h>

/** Of one kind. */
typedef struct kith_error_pairs {
    uint64_t n_true, n_both;
    double recall; /**< 1 of nothing */
} kith_error_pairs;

/**
 * @param[out] kinds by the truth's error_kinds
 * @param[out] clean pairs of records without an error
 */
KITH_NODISCARD kith_status kith_errors_score(
    kith_error_pairs kinds[KITH_TRUTH_ERRORS], kith_error_pairs *clean,
    const kith_truth *truth, kith_error *err);

#endif
