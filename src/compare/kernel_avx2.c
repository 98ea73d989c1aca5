/* Eight lanes; bits are counted by looking up both halves of every byte. */
#if defined(__AVX2__)
#define KERNEL_NAME  kith_compare_avx2
#define KERNEL_FEW   kith_few_avx2
#define KERNEL_LANES 8
#define KERNEL_DENSE 4
#include "compare/kernel_body.h"
#include "compare/kernel_reduce.h"

static inline unsigned
lane_mask(vec mask)
{
    return (unsigned)_mm256_movemask_ps((__m256)mask);
}

/* One filter: POPCNT beats the detour over bytes. */
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

/* Bits of each byte of a & b. */
static inline __m256i
byte_counts(const uint8_t *a, const uint8_t *b)
{
    const __m256i bits =
        _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1,
                         1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    const __m256i low = _mm256_set1_epi8(15);
    __m256i x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    x = _mm256_and_si256(x, y);
    y = _mm256_and_si256(_mm256_srli_epi16(x, 4), low);
    x = _mm256_and_si256(x, low);
    return _mm256_add_epi8(_mm256_shuffle_epi8(bits, x),
                           _mm256_shuffle_epi8(bits, y));
}

static inline vec
common_bits_dense(const uint8_t *a, const uint8_t *rows, size_t n)
{
    __m256i sums[8];
    for (unsigned lane = 0; lane < 8; lane++) {
        /* At most 4 x 8 bits a byte: a filter has at most 1,024 bits. */
        __m256i bytes = byte_counts(a, rows + lane * n);
        for (size_t i = 32; i < n; i += 32)
            bytes =
                _mm256_add_epi8(bytes, byte_counts(a + i, rows + lane * n + i));
        sums[lane] = _mm256_sad_epu8(bytes, _mm256_setzero_si256());
    }
    return (vec)kith_sum_eight(sums);
}

#include "compare/kernel_few.h"
#else
typedef int kith_no_avx2; /* ISO C wants a declaration */
#endif
