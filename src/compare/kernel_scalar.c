/* The kernel for any CPU: four lanes, which the compiler maps to what the
 * baseline has, and a popcount without an instruction for it. */
#define KERNEL_NAME  kith_compare_scalar
#define KERNEL_LANES 4
#include "compare/kernel_body.h"
#include "compare/popcount.h"

static inline unsigned
lane_mask(vec mask)
{
    return (mask[0] & 1) | (mask[1] & 2) | (mask[2] & 4) | (mask[3] & 8);
}

static inline void
common_bits(const uint8_t *a, const uint8_t *rows, size_t filter_bytes,
            unsigned mask, uint32_t counts[KERNEL_LANES])
{
    for (unsigned lane = 0; lane < KERNEL_LANES; lane++) {
        if ((mask >> lane & 1) == 0)
            continue;
        const uint8_t *b = rows + lane * filter_bytes;
        unsigned sum = 0;
        for (size_t i = 0; i < filter_bytes; i += 8) {
            uint64_t x, y;
            memcpy(&x, a + i, sizeof x);
            memcpy(&y, b + i, sizeof y);
            sum += kith_popcount64(x & y);
        }
        counts[lane] = sum;
    }
}
