/**
 * @file truth.h
 * @brief Three-valued logic: what an extract did not cover is unknown.
 *
 * Ordered false < unknown < true, so that and is the minimum and or the
 * maximum (Kleene's strong logic).
 *
 * Source   S. C. Kleene, Introduction to Metamathematics, 1952, section 64
 */
#ifndef KITH_CRITERIA_TRUTH_H
#define KITH_CRITERIA_TRUTH_H

#include "criteria/ast.h"

#include <stdint.h>

typedef enum kith_truth {
    KITH_FALSE = 0,
    KITH_UNKNOWN = 1,
    KITH_TRUE = 2
} kith_truth;

/** A number known to lie in [lo, hi]. */
typedef struct kith_range {
    double lo;
    double hi;
} kith_range;

/** Counts have no end when a part of the window is not covered. */
#define KITH_NO_LIMIT UINT32_MAX

static inline kith_truth
kith_truth_of(int b)
{
    return b ? KITH_TRUE : KITH_FALSE;
}

static inline kith_truth
kith_and(kith_truth a, kith_truth b)
{
    return a < b ? a : b;
}

static inline kith_truth
kith_or(kith_truth a, kith_truth b)
{
    return a > b ? a : b;
}

static inline kith_truth
kith_not(kith_truth a)
{
    return (kith_truth)(KITH_TRUE - a);
}

/**
 * Is a number that lies between @p lo and @p hi, of @p n_all, as many as
 * @p many @p n says?
 */
kith_truth kith_truth_many(kith_many many, uint32_t n, uint32_t lo, uint32_t hi,
                           uint32_t n_all);

/** Does every, no, or some number of the range compare so? */
kith_truth kith_truth_compare(kith_range a, kith_compare_op op, kith_range b);

/** @param op + - * /; a division by what may be 0 is anything */
kith_range kith_range_arith(kith_range a, char op, kith_range b);

#endif
