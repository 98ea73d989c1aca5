/**
 * @file radix.h
 * @brief Stable radix sort of (u64 key, u32 value) pairs.
 *
 * Cost     random keys: two or three passes; any keys: at most 15
 * Memory   one scratch array of the same length, the caller's
 * Source   Knuth, TAOCP vol. 3, 5.2.5
 */
#ifndef KITH_BASE_RADIX_H
#define KITH_BASE_RADIX_H

#include <stddef.h>
#include <stdint.h>

typedef struct kith_keyed {
    uint64_t key;
    uint32_t value;
    uint32_t spare;
} kith_keyed;

/** Sorts @p items by key, ascending; equal keys keep their order. */
void kith_radix_sort(kith_keyed *items, kith_keyed *scratch, size_t n);

#endif
