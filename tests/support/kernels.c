#include "kernels.h"

#include "specs.h"

#include "base/alloc.h"

#include <setjmp.h>
#include <stdarg.h>
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

/* The way of small blocks: the same patterns, every pair of up to 16 rows. */
static void
check_few(const kith_layout *layout, kith_few_fn compare, const rows *r)
{
    kith_error err = KITH_ERROR_INIT;
    kith_few few;
    uint32_t patterns[KITH_FEW_PATTERNS];
    assert_int_equal(kith_few_init(&few, layout, &err), KITH_OK);
    assert_true(few.usable);
    for (uint32_t begin = 0; begin < r->n; begin += KITH_FEW_ROWS) {
        const uint32_t left = r->n - begin;
        const uint32_t n = left < KITH_FEW_ROWS ? left : KITH_FEW_ROWS;
        const uint8_t *const *at = r->at + begin;
        const uint32_t *pattern = patterns;
        compare(&few, NULL, at, n, patterns);
        for (uint32_t i = 0; i < n; i++)
            for (uint32_t j = i; j < n; j++)
                assert_int_equal(*pattern++,
                                 kith_compare_rows(layout, at[i], at[j]));
    }
    kith_few_done(&few);
}

/* Under the same keep tables both ways leave the same filters out. */
static void
check_pruned(const kith_layout *layout, const kith_kernel *kernel,
             const rows *r, kith_rng *rng)
{
    kith_error err = KITH_ERROR_INIT;
    kith_few few;
    kith_block block;
    kith_prune prune = {{NULL}};
    uint32_t patterns[KITH_FEW_PATTERNS];
    uint32_t others[KITH_FEW_ROWS + KITH_BLOCK_PAD];
    const uint32_t n = r->n < KITH_FEW_ROWS ? r->n : KITH_FEW_ROWS;
    for (unsigned d = 0; d < layout->n_digits; d++) {
        if (layout->digits[d].filter_offset == KITH_IMPLIED)
            continue;
        prune.keep[d] = kith_alloc_array(layout->n_patterns, 1);
        assert_non_null(prune.keep[d]);
        for (uint32_t p = 0; p < layout->n_patterns; p++)
            prune.keep[d][p] = (uint8_t)kith_rng_below(rng, 2);
    }
    kith_block_init(&block, layout);
    assert_int_equal(kith_block_fill(&block, r->at, n, &err), KITH_OK);
    assert_int_equal(kith_few_init(&few, layout, &err), KITH_OK);
    kernel->few(&few, &prune, r->at, n, patterns);
    const uint32_t *pattern = patterns;
    for (uint32_t i = 0; i < n; i++) {
        kernel->compare(&block, &prune, i, i, n, others);
        for (uint32_t j = i; j < n; j++)
            assert_int_equal(*pattern++, others[j - i]);
    }
    kith_few_done(&few);
    kith_block_done(&block);
    for (unsigned d = 0; d < layout->n_digits; d++)
        kith_free(prune.keep[d]);
}

void
test_kernel(const kith_kernel *kernel)
{
    static const uint16_t widths[] = {256, 512, 1024};
    kith_error err = KITH_ERROR_INIT;
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
        check_block(&layout, kernel->compare, &r, &rng);
        check_few(&layout, kernel->few, &r);
        check_pruned(&layout, kernel, &r, &rng);
        kith_free(r.bytes);
    }
}
