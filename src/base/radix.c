#include "base/radix.h"

#include <string.h>

/*
 * Most significant bits first, by the bits in which the keys of a range
 * differ: random keys (tokens, refs) fall into as many buckets as there are
 * items and are all but sorted after one scatter, in cache. Least significant
 * first would move every item eight times through memory.
 */
enum {
    SMALL = 24,            /* items that insertion sorts faster */
    MOST_BUCKETS = 1 << 11 /* their places fit the first-level cache */
};

static void
insert_sort(kith_keyed *items, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        const kith_keyed item = items[i];
        size_t j = i;
        for (; j > 0 && items[j - 1].key > item.key; j--)
            items[j] = items[j - 1];
        items[j] = item;
    }
}

static unsigned
bits_of(uint64_t x)
{
    return x == 0 ? 0 : 64 - (unsigned)__builtin_clzll(x);
}

void
kith_radix_sort(kith_keyed *items, kith_keyed *scratch, size_t n)
{
    size_t ends[MOST_BUCKETS + 1];
    uint64_t low = UINT64_MAX, high = 0;
    size_t n_buckets = 1;
    if (n <= SMALL) {
        insert_sort(items, n);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        low = items[i].key < low ? items[i].key : low;
        high = items[i].key > high ? items[i].key : high;
    }
    if (low == high)
        return;
    while (n_buckets < n && n_buckets < MOST_BUCKETS)
        n_buckets *= 2;
    const unsigned wide = bits_of(high - low), want = bits_of(n_buckets - 1);
    const unsigned shift = wide > want ? wide - want : 0;
    memset(ends, 0, (n_buckets + 1) * sizeof *ends);
    for (size_t i = 0; i < n; i++)
        ends[((items[i].key - low) >> shift) + 1]++;
    for (size_t b = 0; b < n_buckets; b++)
        ends[b + 1] += ends[b];
    for (size_t i = 0; i < n; i++)
        scratch[ends[(items[i].key - low) >> shift]++] = items[i];
    memcpy(items, scratch, n * sizeof *items);
    /* ends[b] is now where bucket b ends. Where shift is 0 a bucket is one
     * key; else each level takes at least four bits off: 15 levels at most. */
    for (size_t b = 0, begin = 0; shift > 0 && b < n_buckets; b++) {
        kith_radix_sort(items + begin, scratch + begin, ends[b] - begin);
        begin = ends[b];
    }
}
