/**
 * @file header.h
 * @brief The header of a pairs file.
 */
#ifndef KITH_MATCH_HEADER_H
#define KITH_MATCH_HEADER_H

#include "io/meta.h"
#include "match/score.h"
#include "pass/pass.h"

/** What a pairs file says about how it was made. */
typedef struct kith_pairs_origin {
    const kith_pass *pass;
    const kith_scores *scores;
    uint32_t shard, n_shards; /**< shard from 0 */
    double floor_bits;
    uint64_t missed; /**< expected matches below it, in KITH_MATCH_UNITS */
} kith_pairs_origin;

KITH_NODISCARD kith_status kith_pairs_header(kith_meta *out,
                                             const kith_pairs_origin *origin,
                                             kith_error *err);

/** Refuses two files of one pass that are not different shards of one run:
 *  of other inputs, another model or floor, or the same shard twice. */
KITH_NODISCARD kith_status kith_pairs_fit(const kith_rows_in *a,
                                          const kith_rows_in *b,
                                          kith_error *err);

/** The header of a whole run from a shard's: its entries in order, with
 *  "shard" and "below_floor" replaced. */
KITH_NODISCARD kith_status kith_pairs_header_join(kith_meta *out,
                                                  const kith_meta *shard,
                                                  uint64_t missed,
                                                  kith_error *err);

/** "below_floor" of a header, in KITH_MATCH_UNITS. */
KITH_NODISCARD kith_status kith_pairs_missed(uint64_t *out,
                                             const kith_meta *meta,
                                             const char *path, kith_error *err);

#endif
