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
    return kith_popcount_both(a, b, n);
}

#include "compare/kernel_few.h"
