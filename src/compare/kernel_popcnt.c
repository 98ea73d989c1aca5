/* As the scalar kernel, with the POPCNT instruction (2008 on). */
#if defined(__POPCNT__)
#define KERNEL_NAME  kith_compare_popcnt
#define KERNEL_LANES 4
#include "compare/kernel_body.h"

static inline unsigned
lane_mask(vec mask)
{
    return (mask[0] & 1) | (mask[1] & 2) | (mask[2] & 4) | (mask[3] & 8);
}

static inline void
common_bits(const uint8_t *a, const uint8_t *rows, size_t filter_bytes,
            unsigned mask, uint32_t counts[KERNEL_LANES])
{
    for (; mask != 0; mask &= mask - 1) {
        const unsigned lane = (unsigned)__builtin_ctz(mask);
        const uint8_t *b = rows + lane * filter_bytes;
        uint64_t sum = 0;
        for (size_t i = 0; i < filter_bytes; i += 32) {
            uint64_t x[4], y[4];
            memcpy(x, a + i, sizeof x);
            memcpy(y, b + i, sizeof y);
            sum += (uint64_t)__builtin_popcountll(x[0] & y[0]) +
                   (uint64_t)__builtin_popcountll(x[1] & y[1]) +
                   (uint64_t)__builtin_popcountll(x[2] & y[2]) +
                   (uint64_t)__builtin_popcountll(x[3] & y[3]);
        }
        counts[lane] = (uint32_t)sum;
    }
}
#else
typedef int kith_no_popcnt; /* ISO C wants a declaration */
#endif
