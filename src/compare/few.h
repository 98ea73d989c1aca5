/**
 * @file few.h
 * @brief What the tokens of two rows say, as tables, for blocks of few rows.
 *
 * Most blocks hold a handful of distinct rows: too few to lay out in columns
 * and to fill vectors with pairs. Here vectors run along a row: which token
 * columns are known in both and equal is one bit each (of a column of first
 * letters: whether either side's is the other's whole name), and tables turn
 * the bits of neighbouring digits into their part of the pattern. One row
 * against many, as in large blocks, was tried: most vectors are then empty.
 *
 * Tables   made by asking kith_compare_rows, so that they agree with it
 * Entry    pattern in bits [0, 20); bit 20 + f: filter f is to be asked
 * Threads  read-only once built
 */
#ifndef KITH_COMPARE_FEW_H
#define KITH_COMPARE_FEW_H

#include "compare/layout.h"

#include <kith/status.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    KITH_FEW_ROWS = 16,   /**< most distinct rows compared this way */
    KITH_FEW_TOKENS = 32, /**< token columns: one bit each */
    KITH_FEW_FILTERS = 12,
    KITH_FEW_INITIALS = 4,
    KITH_FEW_PATTERN_BITS = 20,
    /** Patterns of all pairs, each row with itself first. */
    KITH_FEW_PATTERNS = KITH_FEW_ROWS * (KITH_FEW_ROWS + 1) / 2
};

/** Neighbouring digits, n_columns token columns from the first on. */
typedef struct kith_few_part {
    uint8_t first;
    uint8_t n_columns;
    uint32_t mask;     /**< n_columns bits */
    uint32_t *entries; /**< by equal bits << n_columns | known bits */
} kith_few_part;

/** Set up by _init; _done frees. */
typedef struct kith_few {
    const kith_layout *layout; /**< borrowed */
    bool usable;               /**< the layout fits the limits above */
    bool roomy; /**< whole vectors of tokens may be read off a row */
    uint8_t n_tokens;
    uint8_t n_filters;
    uint8_t n_parts;
    uint8_t filter_digits[KITH_FEW_FILTERS];
    uint8_t n_initials;
    uint8_t initials[KITH_FEW_INITIALS]; /**< token columns */
    uint8_t wholes[KITH_FEW_INITIALS];   /**< of the same names, whole */
    kith_few_part parts[KITH_MAX_DIGITS];
} kith_few;

KITH_NODISCARD kith_status kith_few_init(kith_few *out,
                                         const kith_layout *layout,
                                         kith_error *err);
void kith_few_done(kith_few *few);

#endif
