/* Four lanes; CNT counts the bits of every byte. */
#if defined(__aarch64__)
#define KERNEL_NAME  kith_compare_neon
#define KERNEL_FEW   kith_few_neon
#define KERNEL_LANES 4
#define KERNEL_DENSE 2
#include "compare/kernel_body.h"

#include <arm_neon.h>

static inline unsigned
lane_mask(vec mask)
{
    static const uint32_t bits[4] = {1, 2, 4, 8};
    return vaddvq_u32(vandq_u32((uint32x4_t)mask, vld1q_u32(bits)));
}

/* Bits of each byte of a & b, added up: at most 8 x 8, a filter has at most
 * 1,024 bits. */
static inline uint8x16_t
byte_counts(const uint8_t *a, const uint8_t *b, size_t n)
{
    uint8x16_t sum = vdupq_n_u8(0);
    for (size_t i = 0; i < n; i += 16)
        sum =
            vaddq_u8(sum, vcntq_u8(vandq_u8(vld1q_u8(a + i), vld1q_u8(b + i))));
    return sum;
}

static inline unsigned
common_bits(const uint8_t *a, const uint8_t *b, size_t n)
{
    return vaddlvq_u8(byte_counts(a, b, n));
}

static inline vec
common_bits_dense(const uint8_t *a, const uint8_t *rows, size_t n)
{
    uint32x4_t sums[4];
    for (unsigned lane = 0; lane < 4; lane++)
        sums[lane] =
            vpaddlq_u16(vpaddlq_u8(byte_counts(a, rows + lane * n, n)));
    return (vec)vpaddq_u32(vpaddq_u32(sums[0], sums[1]),
                           vpaddq_u32(sums[2], sums[3]));
}

#include "compare/kernel_few.h"
#else
typedef int kith_no_neon; /* ISO C wants a declaration */
#endif
