/* The algebra of weights, on models of random numbers. */
#include "../support/specs.h"
#include "base/rng.h"
#include "train/model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ROUNDS = 200, PATTERNS = 50 };

static double
random_share(kith_rng *rng)
{
    return 0.001 + 0.998 * kith_rng_unit(rng);
}

/* Levels of one class: any distribution, some of it very small. */
static void
fill_levels(double *p, unsigned n_levels, kith_rng *rng)
{
    double sum = 0;
    for (unsigned l = 1; l < n_levels; l++) {
        p[l] = exp2(-16 * kith_rng_unit(rng));
        sum += p[l];
    }
    for (unsigned l = 1; l < n_levels; l++)
        p[l] = fmax(KITH_LEAST_PROBABILITY, p[l] / sum);
}

static void
fill_model(kith_pass_model *model, const kith_layout *layout, bool kin,
           kith_rng *rng)
{
    memset(model, 0, sizeof *model);
    model->n_digits = layout->n_digits;
    model->share[KITH_MATCH] = random_share(rng);
    const double rest = 1 - model->share[KITH_MATCH];
    model->share[KITH_KIN] = kin ? rest * random_share(rng) : 0;
    model->share[KITH_STRANGER] = rest - model->share[KITH_KIN];
    for (unsigned d = 0; d < layout->n_digits; d++) {
        model->digits[d].n_levels = layout->digits[d].n_levels;
        for (unsigned c = 0; c < KITH_CLASSES; c++)
            fill_levels(model->digits[d].p[c], layout->digits[d].n_levels, rng);
    }
}

/* log2 of the odds of a match by Bayes' rule, from the classes themselves. */
static double
posterior_bits(const kith_pass_model *model, const kith_layout *layout,
               uint32_t pattern)
{
    double f[KITH_CLASSES];
    for (unsigned c = 0; c < KITH_CLASSES; c++) {
        f[c] = model->share[c];
        for (unsigned d = 0; d < layout->n_digits; d++) {
            const uint8_t level = kith_pattern_level(layout, pattern, d);
            f[c] *= level == 0 ? 1 : model->digits[d].p[c][level];
        }
    }
    return log2(f[KITH_MATCH] / (f[KITH_STRANGER] + f[KITH_KIN]));
}

static void
check_pattern(const kith_pass_model *model, const kith_layout *layout,
              uint32_t pattern)
{
    kith_weight w;
    kith_weigh(&w, model, layout, pattern);
    double sum = w.prior + w.kin;
    for (unsigned d = 0; d < layout->n_digits; d++) {
        sum += w.digits[d];
        if (kith_pattern_level(layout, pattern, d) == 0)
            assert_true(w.digits[d] == 0);
    }
    assert_true(fabs(sum - w.total) < 1e-9);
    assert_true(fabs(posterior_bits(model, layout, pattern) - w.total) < 1e-6);
    assert_true(w.kin <= 0);
    assert_true(model->share[KITH_KIN] > 0 || w.kin == 0);
    const double p = kith_probability(w.total);
    assert_true(p >= 0 && p <= 1);
    assert_true(fabs(p + kith_probability(-w.total) - 1) < 1e-12);
}

/* The parts add up to the odds of Bayes' rule; what is unknown weighs nothing;
 * relatives only ever take off. */
static void
test_parts_add_up(void **state)
{
    (void)state;
    kith_rng rng = kith_rng_at(20261122, 0);
    for (unsigned round = 0; round < ROUNDS; round++) {
        kith_error err = KITH_ERROR_INIT;
        kith_spec spec;
        kith_layout layout;
        kith_pass_model model;
        test_spec(&spec, 512);
        assert_int_equal(
            kith_layout_build(&layout, &spec, round % TEST_PASSES, &err),
            KITH_OK);
        fill_model(&model, &layout, round % 2 == 0, &rng);
        check_pattern(&model, &layout, 0);
        for (unsigned i = 0; i < PATTERNS; i++)
            check_pattern(&model, &layout,
                          (uint32_t)kith_rng_below(&rng, layout.n_patterns));
    }
}

/* Far beyond what a double holds as a product of odds. */
static void
test_no_overflow(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    kith_spec spec;
    kith_layout layout;
    kith_pass_model model;
    kith_weight w;
    uint32_t differs = 0;
    kith_rng rng = kith_rng_at(7, 0);
    test_spec(&spec, 512);
    assert_int_equal(kith_layout_build(&layout, &spec, PASS_W, &err), KITH_OK);
    fill_model(&model, &layout, true, &rng);
    model.share[KITH_MATCH] = 1e-300;
    for (unsigned d = 0; d < layout.n_digits; d++) {
        const unsigned last = layout.digits[d].n_levels - 1u;
        differs += last * layout.digits[d].stride;
        model.digits[d].p[KITH_STRANGER][last] = 1e-290;
        model.digits[d].p[KITH_KIN][last] = 1;
    }
    kith_weigh(&w, &model, &layout, differs);
    assert_true(isfinite(w.total));
    assert_true(isfinite(w.kin) && w.kin < 0);
    assert_true(kith_probability(w.total) >= 0);
    assert_true(kith_probability(1e300) == 1);
    assert_true(kith_probability(-1e300) == 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts_add_up),
        cmocka_unit_test(test_no_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
