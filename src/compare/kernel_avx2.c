/* Eight lanes; bits are counted by looking up both halves of every byte. */
#if defined(__AVX2__)
#define KERNEL_NAME  kith_compare_avx2
#define KERNEL_LANES 8
#include "compare/kernel_body.h"

#include <immintrin.h>

static inline unsigned
lane_mask(vec mask)
{
    return (unsigned)_mm256_movemask_ps((__m256)mask);
}

static inline __m256i
load_bytes(const uint8_t *p)
{
    __m256i v;
    memcpy(&v, p, sizeof v);
    return v;
}

/* Bits of each byte. */
static inline __m256i
byte_counts(__m256i v)
{
    const __m256i bits =
        _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1,
                         1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    const __m256i low = _mm256_set1_epi8(15);
    const __m256i high = _mm256_and_si256(_mm256_srli_epi16(v, 4), low);
    return _mm256_add_epi8(_mm256_shuffle_epi8(bits, _mm256_and_si256(v, low)),
                           _mm256_shuffle_epi8(bits, high));
}

static inline void
common_bits(const uint8_t *a, const uint8_t *rows, size_t filter_bytes,
            unsigned mask, uint32_t counts[KERNEL_LANES])
{
    for (; mask != 0; mask &= mask - 1) {
        const unsigned lane = (unsigned)__builtin_ctz(mask);
        const uint8_t *b = rows + lane * filter_bytes;
        /* At most 8 x 4 bits a byte: a filter has at most 1,024 bits. */
        __m256i sum = _mm256_setzero_si256();
        for (size_t i = 0; i < filter_bytes; i += 32)
            sum = _mm256_add_epi8(
                sum, byte_counts(_mm256_and_si256(load_bytes(a + i),
                                                  load_bytes(b + i))));
        sum = _mm256_sad_epu8(sum, _mm256_setzero_si256());
        const __m128i half = _mm_add_epi64(_mm256_castsi256_si128(sum),
                                           _mm256_extracti128_si256(sum, 1));
        counts[lane] =
            (uint32_t)(_mm_cvtsi128_si64(half) + _mm_extract_epi64(half, 1));
    }
}
#else
typedef int kith_no_avx2; /* ISO C wants a declaration */
#endif
