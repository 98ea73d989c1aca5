/**
 * @file header.h
 * @brief The header of a pairs file.
 */
#ifndef KITH_MATCH_HEADER_H
#define KITH_MATCH_HEADER_H

#include "io/meta.h"
#include "pass/pass.h"

/** @param missed expected matches below the floor, in KITH_MATCH_UNITS */
KITH_NODISCARD kith_status kith_pairs_header(kith_meta *out,
                                             const kith_pass *pass,
                                             uint32_t shard, uint32_t n_shards,
                                             double floor_bits, uint64_t missed,
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
