/**
 * @file bits.h
 * @brief The phi coefficient of the bits of many pairs of filters, and the
 *        order of numbers.
 */
#ifndef KITH_ATTACK_BITS_H
#define KITH_ATTACK_BITS_H

#include "compare/popcount.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>

/** Zero-initialise. */
typedef struct kith_phi {
    uint64_t both, left, right, bits;
    uint64_t pairs;
} kith_phi;

static inline void
kith_phi_add(kith_phi *p, const uint8_t *a, const uint8_t *b, size_t n)
{
    p->both += kith_popcount_both(a, b, n);
    p->left += kith_popcount(a, n);
    p->right += kith_popcount(b, n);
    p->bits += 8 * n;
    p->pairs++;
}

/** 0 when it is not defined. */
static inline double
kith_phi_value(const kith_phi *p)
{
    if (p->bits == 0)
        return 0.0;
    const double n = (double)p->bits;
    const double a = (double)p->left / n, b = (double)p->right / n;
    const double spread = sqrt(a * (1 - a) * b * (1 - b));
    return spread > 0 ? ((double)p->both / n - a * b) / spread : 0.0;
}

/** For qsort. */
static inline int
kith_by_u64(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

#endif
