#include "base/radix.h"

#include <string.h>

void
kith_radix_sort(kith_keyed *items, kith_keyed *scratch, size_t n)
{
    if (n < 2)
        return;
    kith_keyed *from = items;
    kith_keyed *to = scratch;
    for (unsigned shift = 0; shift < 64; shift += 8) {
        size_t counts[256] = {0};
        for (size_t i = 0; i < n; i++)
            counts[(from[i].key >> shift) & 0xFF]++;
        if (counts[(from[0].key >> shift) & 0xFF] == n)
            continue;
        size_t at = 0;
        for (size_t b = 0; b < 256; b++) {
            const size_t c = counts[b];
            counts[b] = at;
            at += c;
        }
        for (size_t i = 0; i < n; i++)
            to[counts[(from[i].key >> shift) & 0xFF]++] = from[i];
        kith_keyed *swap = from;
        from = to;
        to = swap;
    }
    if (from != items)
        memcpy(items, from, n * sizeof *items);
}
