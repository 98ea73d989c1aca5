/* Levels put in their order: by hand, and as a property. */
#include "../support/specs.h"
#include "train/order.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static kith_layout
layout_of(unsigned pass)
{
    kith_error err = KITH_ERROR_INIT;
    kith_spec spec;
    kith_layout layout;
    test_spec(&spec, 512);
    assert_int_equal(kith_layout_build(&layout, &spec, pass, &err), KITH_OK);
    return layout;
}

static void
set(kith_digit_model *digit, const double *m, const double *u, unsigned n)
{
    digit->n_levels = (uint8_t)n;
    for (unsigned l = 1; l < n; l++) {
        digit->p[KITH_MATCH][l] = m[l];
        digit->p[KITH_STRANGER][l] = u[l];
        digit->p[KITH_KIN][l] = 1.0 / (n - 1);
        digit->seen[l] = 1000;
    }
}

static double
ratio(const kith_digit_model *digit, unsigned l)
{
    return digit->p[KITH_MATCH][l] / digit->p[KITH_STRANGER][l];
}

static kith_pass_model
flat_model(const kith_layout *layout)
{
    kith_pass_model model = {.share = {0.5, 0.5, 0},
                             .n_digits = layout->n_digits,
                             .n_pairs = 1000000};
    for (unsigned d = 0; d < layout->n_digits; d++) {
        double p[KITH_MAX_LEVELS];
        const unsigned n = layout->digits[d].n_levels;
        for (unsigned l = 1; l < n; l++)
            p[l] = 1.0 / (n - 1);
        set(&model.digits[d], p, p, n);
    }
    return model;
}

/* exact 9, similar 87% 40 (out of order), similar 76% 2, else 0.05: the first
 * two share (.90 + .04) / (.10 + .001). */
static void
test_pools_neighbours(void **state)
{
    (void)state;
    const kith_layout layout = layout_of(PASS_Y);
    kith_pass_model model = flat_model(&layout);
    const double m[] = {0, .90, .005, .005, .04, .02, .03};
    const double u[] = {0, .10, .005, .005, .001, .01, .879};
    set(&model.digits[0], m, u, 7);
    assert_int_equal(kith_order_levels(&model, &layout), 1);
    const kith_digit_model *name = &model.digits[0];
    assert_true(fabs(ratio(name, 1) - .94 / .101) < 1e-9);
    assert_true(fabs(ratio(name, 4) - .94 / .101) < 1e-9);
    assert_true(fabs(ratio(name, 5) - 2) < 1e-9);
    for (unsigned l = 1; l < 7; l++)
        assert_true(name->p[KITH_MATCH][l] == m[l]);
}

static void
test_leaves_order_alone(void **state)
{
    (void)state;
    const kith_layout layout = layout_of(PASS_Y);
    kith_pass_model model = flat_model(&layout);
    const double m[] = {0, .90, .03, .03, .02, .02};
    const double u[] = {0, .02, .01, .005, .01, .955};
    set(&model.digits[1], m, u, 6);
    assert_int_equal(kith_order_levels(&model, &layout), 0);
    for (unsigned l = 1; l < 6; l++)
        assert_true(fabs(model.digits[1].p[KITH_STRANGER][l] - u[l]) < 1e-12);
}

/* What chance alone put out of order is mended without a word. */
static void
test_says_nothing_of_chance(void **state)
{
    (void)state;
    const kith_layout layout = layout_of(PASS_Y);
    kith_pass_model model = flat_model(&layout);
    const double m[] = {0, .90, .01, .04, .02, .03};
    const double u[] = {0, .10, .01, .000001, .01, .879999};
    set(&model.digits[0], m, u, 6);
    assert_int_equal(kith_order_levels(&model, &layout), 0);
    assert_true(ratio(&model.digits[0], 3) <=
                ratio(&model.digits[0], 1) * (1 + 1e-12));
}

/* Levels that never occur keep out of it. */
static void
test_skips_the_unseen(void **state)
{
    (void)state;
    const kith_layout layout = layout_of(PASS_Y);
    kith_pass_model model = flat_model(&layout);
    const double m[] = {0, .90, .01, .04, .02, .03};
    const double u[] = {0, .10, .01, .001, .01, .879};
    set(&model.digits[0], m, u, 6);
    model.digits[0].seen[3] = 0;
    assert_int_equal(kith_order_levels(&model, &layout), 0);
    assert_true(fabs(ratio(&model.digits[0], 1) - 9) < 1e-9);
}

static void
check_order(const kith_digit_model *digit, kith_compare_kind kind)
{
    const unsigned last = digit->n_levels - 1u;
    double sum = 0;
    for (unsigned l = 1; l <= last; l++) {
        sum += digit->p[KITH_STRANGER][l];
        assert_true(ratio(digit, l) <= ratio(digit, 1) * (1 + 1e-9));
        assert_true(ratio(digit, l) >= ratio(digit, last) * (1 - 1e-9));
    }
    assert_true(fabs(sum - 1) < 1e-9);
    const unsigned first = kith_first_similar(kind);
    for (unsigned l = first; kind != KITH_COMPARE_DATE && l < last; l++)
        assert_true(ratio(digit, l + 1) <= ratio(digit, l) * (1 + 1e-9));
}

static void
test_any_numbers(void **state)
{
    (void)state;
    for (uint64_t round = 0; round < 500; round++) {
        kith_rng rng = kith_rng_at(17, round);
        const kith_layout layout = layout_of((unsigned)(round % TEST_PASSES));
        kith_pass_model model = flat_model(&layout);
        for (unsigned d = 0; d < layout.n_digits; d++) {
            double m[KITH_MAX_LEVELS], u[KITH_MAX_LEVELS], sums[2] = {0, 0};
            const unsigned n = layout.digits[d].n_levels;
            for (unsigned l = 1; l < n; l++) {
                sums[0] += m[l] = 0.001 + kith_rng_unit(&rng);
                sums[1] += u[l] = 0.001 + kith_rng_unit(&rng);
            }
            for (unsigned l = 1; l < n; l++) {
                m[l] /= sums[0];
                u[l] /= sums[1];
            }
            set(&model.digits[d], m, u, n);
        }
        (void)kith_order_levels(&model, &layout);
        for (unsigned d = 0; d < layout.n_digits; d++)
            check_order(&model.digits[d], layout.digits[d].kind);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pools_neighbours),
        cmocka_unit_test(test_leaves_order_alone),
        cmocka_unit_test(test_says_nothing_of_chance),
        cmocka_unit_test(test_skips_the_unseen),
        cmocka_unit_test(test_any_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
