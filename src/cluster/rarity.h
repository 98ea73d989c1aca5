/**
 * @file rarity.h
 * @brief What agreement on a rare or a common name is worth beyond the mean.
 *
 * Two strangers agree on some name of bucket b with probability S2(b), the
 * sum of p squared over its names; two records of one person carry a name of
 * it with probability S1(b), the sum of p. The match weight of "exact" was
 * trained over all names, with S2 and S1 of all buckets. So a name of b adds
 *     log2( (S2(all) / S1(all)) / (S2(b) / S1(b)) ) bits:
 * the mean frequency over agreeing pairs against the bucket's own.
 * Source   Newcombe et al. 1959, doi:10.1126/science.130.3381.954
 *          (frequency-based agreement weights)
 */
#ifndef KITH_CLUSTER_RARITY_H
#define KITH_CLUSTER_RARITY_H

#include "encode/bundle.h"
#include "io/meta.h"

#include <kith/spec.h>
#include <kith/status.h>

/** Sums over agencies, weighted by their records; [slot][bucket]. */
typedef struct kith_rarity_sums {
    double n[2][KITH_RARITY_BUCKETS];
    double p[2][KITH_RARITY_BUCKETS];
    double p2[2][KITH_RARITY_BUCKETS];
} kith_rarity_sums;

/** Adds the "rarity:" lines of one agency's header. */
KITH_NODISCARD kith_status kith_rarity_add(kith_rarity_sums *sums,
                                           const kith_meta *meta,
                                           const kith_spec *spec,
                                           const char *path, kith_error *err);
/** Bits by slot and bucket, within +-4; 0 where the sums say nothing. */
void kith_rarity_finish(double bits[2][KITH_RARITY_BUCKETS],
                        const kith_rarity_sums *sums);

#endif
