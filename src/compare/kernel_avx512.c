/* Sixteen lanes; VPOPCNTDQ counts eight words at a time. */
#if defined(__AVX512VPOPCNTDQ__)
#define KERNEL_NAME  kith_compare_avx512
#define KERNEL_LANES 16
#include "compare/kernel_body.h"

#include <immintrin.h>

static inline unsigned
lane_mask(vec mask)
{
    return _mm512_cmplt_epi32_mask((__m512i)mask, _mm512_setzero_si512());
}

/* The words of a filter, zero beyond its end. */
static inline __m512i
load_words(const uint8_t *p, __mmask8 words)
{
    return _mm512_maskz_loadu_epi64(words, p);
}

static inline void
common_bits(const uint8_t *a, const uint8_t *rows, size_t filter_bytes,
            unsigned mask, uint32_t counts[KERNEL_LANES])
{
    const __mmask8 words = filter_bytes < 64 ? 0x0F : 0xFF;
    for (; mask != 0; mask &= mask - 1) {
        const unsigned lane = (unsigned)__builtin_ctz(mask);
        const uint8_t *b = rows + lane * filter_bytes;
        __m512i sum = _mm512_setzero_si512();
        for (size_t i = 0; i < filter_bytes; i += 64)
            sum = _mm512_add_epi64(
                sum, _mm512_popcnt_epi64(_mm512_and_si512(
                         load_words(a + i, words), load_words(b + i, words))));
        counts[lane] = (uint32_t)_mm512_reduce_add_epi64(sum);
    }
}
#else
typedef int kith_no_avx512; /* ISO C wants a declaration */
#endif
