/**
 * @file block.h
 * @brief The distinct rows of one block, as columns side by side.
 *
 * Tokens   column c (offset KITH_ROW_HEAD + 4c in a row) of row r is
 *          tokens[c * stride + r]
 * Filters  filter f of row r is filter_bytes bytes at
 *          filters + (f * stride + r) * filter_bytes, 64-byte aligned where
 *          filter_bytes is a multiple of 64; its population count is
 *          pops[f * stride + r]
 * Room     stride leaves KITH_BLOCK_PAD rows after the last, so that kernels
 *          may read whole vectors; what they hold there does not matter
 * Memory   grows to the largest block seen, then stays
 * Threads  one block per worker
 */
#ifndef KITH_COMPARE_BLOCK_H
#define KITH_COMPARE_BLOCK_H

#include "compare/layout.h"

#include <kith/status.h>
#include <stddef.h>
#include <stdint.h>

enum {
    KITH_BLOCK_PAD = 16,    /**< lanes of the widest kernel */
    KITH_BLOCK_TILE = 1024, /**< most pairs of one kernel call */
    KITH_BLOCK_NO_FILTER = 0xFF
};

/** Set up by _init; _done frees. */
typedef struct kith_block {
    const kith_layout *layout;
    uint32_t n_rows;
    uint32_t stride;
    uint32_t *tokens;
    uint8_t *filters;
    uint32_t *pops;
    uint8_t n_tokens;  /**< token columns */
    uint8_t n_filters; /**< filter columns */
    uint16_t filters_offset;
    uint8_t filter_of[KITH_MAX_DIGITS]; /**< digit -> filter, or none */
    /** Digits that the block key fixes wholly, and what they add up to. */
    bool fixed[KITH_MAX_DIGITS];
    uint32_t fixed_pattern;
} kith_block;

/** @param layout borrowed */
void kith_block_init(kith_block *block, const kith_layout *layout);
void kith_block_done(kith_block *block);

/** Takes over @p n rows of the pass file's form. */
KITH_NODISCARD kith_status kith_block_fill(kith_block *block,
                                           const uint8_t *const *rows,
                                           uint32_t n, kith_error *err);

#endif
