/* Sixteen lanes; VPOPCNTDQ counts the bits of words. The sums are those of
 * the AVX2 kernel, twice. A test includes this file, with the instructions
 * emulated. */
#if defined(__AVX512VPOPCNTDQ__) || defined(KITH_EMULATE_AVX512)
#define KERNEL_NAME  kith_compare_avx512
#define KERNEL_FEW   kith_few_avx512
#define KERNEL_LANES 16
#define KERNEL_DENSE 6
#include "compare/kernel_body.h"
#include "compare/kernel_reduce.h"

static inline unsigned
lane_mask(vec mask)
{
    return _mm512_cmpgt_epi32_mask(_mm512_setzero_si512(), (__m512i)mask);
}

static inline unsigned
common_bits(const uint8_t *a, const uint8_t *b, size_t n)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i += 8) {
        uint64_t x, y;
        memcpy(&x, a + i, sizeof x);
        memcpy(&y, b + i, sizeof y);
        sum += (uint64_t)__builtin_popcountll(x & y);
    }
    return (unsigned)sum;
}

static inline __m256i
word_counts(const uint8_t *a, const uint8_t *b)
{
    __m256i x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return _mm256_popcnt_epi64(_mm256_and_si256(x, y));
}

static inline __m256i
count_eight(const uint8_t *a, const uint8_t *rows, size_t n)
{
    __m256i sums[8];
    for (unsigned lane = 0; lane < 8; lane++) {
        sums[lane] = word_counts(a, rows + lane * n);
        for (size_t i = 32; i < n; i += 32)
            sums[lane] = _mm256_add_epi64(
                sums[lane], word_counts(a + i, rows + lane * n + i));
    }
    return kith_sum_eight(sums);
}

static inline vec
common_bits_dense(const uint8_t *a, const uint8_t *rows, size_t n)
{
    const __m256i halves[2] = {count_eight(a, rows, n),
                               count_eight(a, rows + 8 * n, n)};
    vec sums;
    memcpy(&sums, halves, sizeof sums);
    return sums;
}

#include "compare/kernel_few.h"
#else
typedef int kith_no_avx512; /* ISO C wants a declaration */
#endif
