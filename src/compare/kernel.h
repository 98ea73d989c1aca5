/**
 * @file kernel.h
 * @brief One row of a block against many: agreement patterns, by
 *        instruction set.
 *
 * All kernels give, bit for bit, what kith_compare_rows gives.
 * Source   popcount by byte shuffles: Mula, Kurz & Lemire 2018,
 *          doi:10.1093/comjnl/bxx046
 */
#ifndef KITH_COMPARE_KERNEL_H
#define KITH_COMPARE_KERNEL_H

#include "compare/block.h"
#include "compare/few.h"

#include <kith/job.h>

/**
 * Which filters need not be looked at, losslessly towards a floor: keep[d]
 * says, by pattern with digit d at "else", whether d's filter can lift the
 * pair to the floor or above, together with later filters whose digit is at
 * "else" too. Where it cannot, digit d stays at "else".
 */
typedef struct kith_prune {
    uint8_t *keep[KITH_MAX_DIGITS]; /**< NULL for digits without filter */
} kith_prune;

/**
 * Patterns of row @p row against rows [from, to).
 * @param prune NULL: look at every filter that may say something
 * @param[out] patterns to - from of them, with room for KITH_BLOCK_PAD more
 */
typedef void (*kith_compare_fn)(const kith_block *block,
                                const kith_prune *prune, uint32_t row,
                                uint32_t from, uint32_t to, uint32_t *patterns);

/**
 * Patterns of all pairs of @p n rows, at most KITH_FEW_ROWS, each row with
 * itself and then with those after it.
 * @param few usable
 * @param[out] patterns n (n + 1) / 2 of them
 */
typedef void (*kith_few_fn)(const kith_few *few, const kith_prune *prune,
                            const uint8_t *const *rows, uint32_t n,
                            uint32_t *patterns);

/** What one instruction set offers. */
typedef struct kith_kernel {
    kith_compare_fn compare;
    kith_few_fn few;
} kith_kernel;

/** The kernel of @p isa. KITH_ERR_USAGE when this CPU cannot run it. */
KITH_NODISCARD kith_status kith_kernel_choose(kith_kernel *out, kith_isa isa,
                                              kith_error *err);
/** Whether this CPU can run it. */
bool kith_kernel_supported(kith_isa isa);
const char *kith_isa_name(kith_isa isa);

void kith_compare_scalar(const kith_block *block, const kith_prune *prune,
                         uint32_t row, uint32_t from, uint32_t to,
                         uint32_t *patterns);
void kith_few_scalar(const kith_few *few, const kith_prune *prune,
                     const uint8_t *const *rows, uint32_t n,
                     uint32_t *patterns);
#if defined(__x86_64__)
void kith_compare_popcnt(const kith_block *block, const kith_prune *prune,
                         uint32_t row, uint32_t from, uint32_t to,
                         uint32_t *patterns);
void kith_few_popcnt(const kith_few *few, const kith_prune *prune,
                     const uint8_t *const *rows, uint32_t n,
                     uint32_t *patterns);
void kith_compare_avx2(const kith_block *block, const kith_prune *prune,
                       uint32_t row, uint32_t from, uint32_t to,
                       uint32_t *patterns);
void kith_few_avx2(const kith_few *few, const kith_prune *prune,
                   const uint8_t *const *rows, uint32_t n, uint32_t *patterns);
void kith_compare_avx512(const kith_block *block, const kith_prune *prune,
                         uint32_t row, uint32_t from, uint32_t to,
                         uint32_t *patterns);
void kith_few_avx512(const kith_few *few, const kith_prune *prune,
                     const uint8_t *const *rows, uint32_t n,
                     uint32_t *patterns);
#elif defined(__aarch64__)
void kith_compare_neon(const kith_block *block, const kith_prune *prune,
                       uint32_t row, uint32_t from, uint32_t to,
                       uint32_t *patterns);
void kith_few_neon(const kith_few *few, const kith_prune *prune,
                   const uint8_t *const *rows, uint32_t n, uint32_t *patterns);
#endif

#endif
