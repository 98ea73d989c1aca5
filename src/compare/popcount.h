/**
 * @file popcount.h
 * @brief Bits set in a filter, without needing any instruction for it.
 *
 * Source   Hacker's Delight, 5-1
 */
#ifndef KITH_COMPARE_POPCOUNT_H
#define KITH_COMPARE_POPCOUNT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline unsigned
kith_popcount64(uint64_t x)
{
    x -= (x >> 1) & 0x5555555555555555u;
    x = (x & 0x3333333333333333u) + ((x >> 2) & 0x3333333333333333u);
    x = (x + (x >> 4)) & 0x0F0F0F0F0F0F0F0Fu;
    return (unsigned)((x * 0x0101010101010101u) >> 56);
}

/** @param n a multiple of 8 */
static inline unsigned
kith_popcount(const uint8_t *bytes, size_t n)
{
    unsigned sum = 0;
    for (size_t i = 0; i < n; i += 8) {
        uint64_t x;
        memcpy(&x, bytes + i, sizeof x);
        sum += kith_popcount64(x);
    }
    return sum;
}

/** Bits set in both. @param n a multiple of 8 */
static inline unsigned
kith_popcount_both(const uint8_t *a, const uint8_t *b, size_t n)
{
    unsigned sum = 0;
    for (size_t i = 0; i < n; i += 8) {
        uint64_t x, y;
        memcpy(&x, a + i, sizeof x);
        memcpy(&y, b + i, sizeof y);
        sum += kith_popcount64(x & y);
    }
    return sum;
}

#endif
