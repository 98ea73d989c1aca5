/* The kernel for any CPU: four lanes, which the compiler maps to what the
 * baseline has, and a popcount without an instruction for it. */
#define KERNEL_NAME  kith_compare_scalar
#define KERNEL_FEW   kith_few_scalar
#define KERNEL_LANES 4
#define KERNEL_DENSE 0
#include "compare/kernel_body.h"
#include "compare/popcount.h"

static inline unsigned
lane_mask(vec mask)
{
    return (mask[0] & 1) | (mask[1] & 2) | (mask[2] & 4) | (mask[3] & 8);
}

static inline unsigned
common_bits(const uint8_t *a, const uint8_t *b, size_t n)
{
    unsigned sum = 0;
    for (size_t i = 0; i < n; i += 8) {
        uint64_t x, y;
        memcpy(&x, a + i, sizeof x);
        memcpy(&y, b + i, sizeof y);
        sum += kith_popcount64(x & y);
    }
    return sum;
}

#include "compare/kernel_few.h"
