/**
 * @file candidates.h
 * @brief Every candidate pair of a block, compared.
 *
 * A block whose distinct rows exceed KITH_MAX_DISTINCT is left alone, and
 * counted: half a billion pairs on one key say nothing about persons.
 */
#ifndef KITH_PASS_CANDIDATES_H
#define KITH_PASS_CANDIDATES_H

#include "compare/kernel.h"
#include "pass/group.h"

enum { KITH_MAX_DISTINCT = 1 << 15 };

/**
 * Patterns of distinct row @p d against distinct rows [from, from + n); the
 * first call of a row starts at d itself, whose pattern is that of the rows
 * identical to it.
 */
typedef kith_status (*kith_candidates_fn)(void *ctx, const kith_group *group,
                                          uint32_t d, uint32_t from, uint32_t n,
                                          const uint32_t *patterns,
                                          kith_error *err);

/** One per worker; set up by _init, _done frees. */
typedef struct kith_candidates {
    kith_block block;
    kith_few few; /**< instead of the block where rows are few */
    kith_kernel kernel;
    const kith_prune *prune; /**< NULL: exact patterns; set after _init */
    kith_candidates_fn fn;
    void *ctx;
    uint64_t compared;  /**< pairs of distinct rows */
    uint64_t pairs;     /**< candidate pairs, identical rows counted */
    uint64_t oversized; /**< blocks left alone */
    uint64_t oversized_rows;
    uint32_t patterns[KITH_BLOCK_TILE + KITH_BLOCK_PAD];
} kith_candidates;

KITH_NODISCARD kith_status kith_candidates_init(kith_candidates *c,
                                                const kith_layout *layout,
                                                const kith_kernel *kernel,
                                                kith_candidates_fn fn,
                                                void *ctx, kith_error *err);
void kith_candidates_done(kith_candidates *c);

/** A kith_group_fn whose context is a kith_candidates. */
kith_status kith_candidates_visit(void *candidates, const kith_group *group,
                                  kith_error *err) KITH_NODISCARD;

/* The same in parts, for a block that several workers share. */

/** Whether there is anything to compare; counts the block. */
bool kith_candidates_wanted(kith_candidates *c, const kith_group *group);
/** Distinct row @p d against itself and those after it. @param block filled
 *  with the group's distinct rows, by anyone */
KITH_NODISCARD kith_status kith_candidates_row(kith_candidates *c,
                                               const kith_block *block,
                                               const kith_group *group,
                                               uint32_t d, kith_error *err);

#endif
