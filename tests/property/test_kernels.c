/* Every kernel gives, bit for bit, what the plain comparison gives. */
#include "../support/specs.h"
#include "base/alloc.h"
#include "compare/kernel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ROUNDS = 60, MOST_ROWS = 70 };

typedef struct rows {
    uint8_t *bytes;
    const uint8_t *at[MOST_ROWS];
    uint32_t n;
} rows;

static void
make_rows(rows *r, const kith_layout *layout, kith_rng *rng)
{
    r->n = 1 + (uint32_t)kith_rng_below(rng, MOST_ROWS);
    r->bytes = kith_alloc_array(r->n, layout->row_bytes);
    assert_non_null(r->bytes);
    for (uint32_t i = 0; i < r->n; i++) {
        uint8_t *row = r->bytes + (size_t)i * layout->row_bytes;
        test_random_row(row, layout, rng);
        r->at[i] = row;
    }
}

static void
check_block(const kith_layout *layout, kith_compare_fn compare, const rows *r,
            kith_rng *rng)
{
    kith_error err = KITH_ERROR_INIT;
    kith_block block;
    uint32_t patterns[MOST_ROWS + KITH_BLOCK_PAD];
    kith_block_init(&block, layout);
    assert_int_equal(kith_block_fill(&block, r->at, r->n, &err), KITH_OK);
    for (uint32_t i = 0; i < r->n; i++) {
        const uint32_t from = (uint32_t)kith_rng_below(rng, r->n);
        const uint32_t to =
            from + 1 + (uint32_t)kith_rng_below(rng, r->n - from);
        compare(&block, NULL, i, from, to, patterns);
        for (uint32_t j = from; j < to; j++)
            assert_int_equal(patterns[j - from],
                             kith_compare_rows(layout, r->at[i], r->at[j]));
    }
    kith_block_done(&block);
}

static void
check_isa(kith_isa isa)
{
    static const uint16_t widths[] = {256, 512, 1024};
    kith_error err = KITH_ERROR_INIT;
    kith_compare_fn compare = NULL;
    if (!kith_kernel_supported(isa)) {
        assert_int_equal(kith_kernel_choose(&compare, isa, &err),
                         KITH_ERR_USAGE);
        print_message("# this CPU has no %s\n", kith_isa_name(isa));
        skip();
    }
    assert_int_equal(kith_kernel_choose(&compare, isa, &err), KITH_OK);
    for (unsigned round = 0; round < ROUNDS; round++) {
        kith_rng rng = kith_rng_at(5, round);
        kith_spec spec;
        kith_layout layout;
        rows r;
        test_spec(&spec, widths[round % 3]);
        kith_spec_pass *pass = &spec.passes[round / 3 % TEST_PASSES];
        for (unsigned c = 0; c < spec.n_comparisons; c++)
            pass->without[c] = (uint8_t)(round % 2 * kith_rng_below(&rng, 32));
        assert_int_equal(
            kith_layout_build(&layout, &spec, round / 3 % TEST_PASSES, &err),
            KITH_OK);
        make_rows(&r, &layout, &rng);
        check_block(&layout, compare, &r, &rng);
        kith_free(r.bytes);
    }
}

static void
test_scalar(void **state)
{
    (void)state;
    check_isa(KITH_ISA_SCALAR);
}

static void
test_popcnt(void **state)
{
    (void)state;
    check_isa(KITH_ISA_POPCNT);
}

static void
test_avx2(void **state)
{
    (void)state;
    check_isa(KITH_ISA_AVX2);
}

static void
test_avx512(void **state)
{
    (void)state;
    check_isa(KITH_ISA_AVX512);
}

static void
test_auto(void **state)
{
    (void)state;
    check_isa(KITH_ISA_AUTO);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scalar), cmocka_unit_test(test_popcnt),
        cmocka_unit_test(test_avx2),   cmocka_unit_test(test_avx512),
        cmocka_unit_test(test_auto),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
