/* As the scalar kernel, with the POPCNT instruction (2008 on). */
#if defined(__POPCNT__)
#define KERNEL_NAME  kith_compare_popcnt
#define KERNEL_FEW   kith_few_popcnt
#define KERNEL_LANES 4
#define KERNEL_DENSE 0
#include "compare/kernel_body.h"

static inline unsigned
lane_mask(vec mask)
{
    return (mask[0] & 1) | (mask[1] & 2) | (mask[2] & 4) | (mask[3] & 8);
}

static inline uint64_t
word_bits(const uint8_t *a, const uint8_t *b)
{
    uint64_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (uint64_t)__builtin_popcountll(x & y);
}

static inline unsigned
common_bits(const uint8_t *a, const uint8_t *b, size_t n)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i += 32)
        sum += word_bits(a + i, b + i) + word_bits(a + i + 8, b + i + 8) +
               word_bits(a + i + 16, b + i + 16) +
               word_bits(a + i + 24, b + i + 24);
    return (unsigned)sum;
}

#include "compare/kernel_few.h"
#else
typedef int kith_no_popcnt; /* ISO C wants a declaration */
#endif
