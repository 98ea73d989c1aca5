/*
 * The AVX-512 kernel where no processor can run it: its own source, with the
 * instructions that processors lack computed by SIMDe.
 */
#include "../support/kernels.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#if defined(__x86_64__) && defined(__has_include)
#if __has_include(<simde/x86/avx512/popcnt.h>)
#define EMULATED
#endif
#endif

#if defined(EMULATED)
#include <immintrin.h>

/* Its names in place of the processor's, after those have been declared. */
#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/x86/avx2.h>
#include <simde/x86/avx512/cmpgt.h>
#include <simde/x86/avx512/popcnt.h>
#include <simde/x86/avx512/setzero.h>

/* The library has these names already. */
#define kith_compare_avx512 emulated_compare
#define kith_few_avx512     emulated_few
void emulated_compare(const kith_block *block, const kith_prune *prune,
                      uint32_t row, uint32_t from, uint32_t to,
                      uint32_t *patterns);
void emulated_few(const kith_few *few, const kith_prune *prune,
                  const uint8_t *const *rows, uint32_t n, uint32_t *patterns);
#define KITH_EMULATE_AVX512
#include "compare/kernel_avx512.c"
#endif

static void
test_emulated(void **state)
{
    (void)state;
#if defined(EMULATED)
    const kith_kernel kernel = {emulated_compare, emulated_few};
    test_kernel(&kernel);
#else
    print_message("# SIMDe (libsimde-dev) is not installed, or this is no "
                  "x86-64\n");
    skip();
#endif
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_emulated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
