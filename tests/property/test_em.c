/* EM against populations whose classes are known. */
#include "../support/specs.h"
#include "base/alloc.h"
#include "train/fit.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Levels of the digits of pass A: name A, name B, birth, sex, place. */
enum { DIGITS = 5 };
enum {
    NAME_EXACT = 1,
    NAME_NICK,
    NAME_INITIAL,
    NAME_HIGH,
    NAME_MIDDLE,
    NAME_ELSE
};
enum { PLACE_UPRN = 1, PLACE_HOUSE, PLACE_POSTCODE };

typedef struct truth_class {
    double share;
    bool match;
    double p[DIGITS][KITH_MAX_LEVELS];
} truth_class;

/* Shares of pairs in blocks of postcode + Soundex: relatives abound. */
static const truth_class population[] = {
    {.share = 0.40,
     .match = true,
     .p = {{0, .93, .00, .00, .04, .02, .01},
           {0, .90, .03, .00, .03, .01, .03},
           {0, .953, .01, .03, .005, 0, .002},
           {0, .985, .015},
           {0, .85, .10, .05}}},
    {.share = 0.43, /* strangers of one sound in one postcode */
     .match = false,
     .p = {{0, .30, .00, .00, .10, .10, .50},
           {0, .02, .005, .00, .005, .01, .96},
           {0, .002, .0005, .03, .02, 0, .9475},
           {0, .50, .50},
           {0, .03, .03, .94}}},
    {.share = 0.155, /* brothers, sisters, parents, spouses */
     .match = false,
     .p = {{0, .96, .00, .00, .02, .01, .01},
           {0, .005, .005, .00, .01, .02, .96},
           {0, .001, .0005, .03, .03, 0, .9385},
           {0, .50, .50},
           {0, .85, .10, .05}}},
    {.share = 0.005, /* twins */
     .match = false,
     .p = {{0, .96, .00, .00, .02, .01, .01},
           {0, .002, .003, .00, .015, .03, .95},
           {0, .97, .01, .01, .01, 0, 0},
           {0, .65, .35},
           {0, .87, .10, .03}}},
    {.share = 0.01, /* fathers and sons of one name */
     .match = false,
     .p = {{0, .97, .00, .00, .01, .01, .01},
           {0, .90, .04, .00, .03, .02, .01},
           {0, .0001, .0001, .03, .0001, 0, .9697},
           {0, .995, .005},
           {0, .86, .10, .04}}},
};
enum { CLASSES = sizeof population / sizeof *population };

static double
class_pattern(const truth_class *c, const kith_layout *layout, uint32_t pattern)
{
    double p = c->share;
    for (unsigned d = 0; d < DIGITS; d++)
        p *= c->p[d][kith_pattern_level(layout, pattern, d)];
    return p;
}

/* Expected counts of n pairs; @p skip leaves out the classes of non-matches
 * from that one on. */
static uint64_t *
make_counts(const kith_layout *layout, double n, unsigned n_classes)
{
    uint64_t *counts = kith_alloc_array(layout->n_patterns, sizeof *counts);
    assert_non_null(counts);
    for (uint32_t i = 0; i < layout->n_patterns; i++) {
        double p = 0;
        for (unsigned c = 0; c < n_classes; c++)
            p += class_pattern(&population[c], layout, i);
        counts[i] = (uint64_t)llround(n * p);
    }
    return counts;
}

static kith_job *
quiet_job(void)
{
    kith_error err = KITH_ERROR_INIT;
    kith_job_params params = kith_job_params_default();
    kith_job *job = NULL;
    params.n_threads = 1;
    params.quiet = true;
    assert_int_equal(kith_job_new(&job, &params, &err), KITH_OK);
    return job;
}

static void
fit(kith_pass_model *out, kith_layout *layout, unsigned pass,
    const uint64_t *counts)
{
    kith_error err = KITH_ERROR_INIT;
    kith_spec spec;
    kith_patterns patterns;
    const kith_source_counts none = {{{0}}};
    test_spec(&spec, 512);
    const kith_fit_params params = {
        .spec = &spec, .pass = pass, .max_iterations = 2000, .tolerance = 1e-7};
    assert_int_equal(kith_layout_build(layout, &spec, pass, &err), KITH_OK);
    assert_int_equal(kith_patterns_init(&patterns, layout, counts, &err),
                     KITH_OK);
    kith_job *job = quiet_job();
    assert_int_equal(
        kith_fit(out, &params, layout, &none, &patterns, job, &err), KITH_OK);
    kith_job_free(job);
    kith_patterns_done(&patterns);
}

static uint32_t
pattern_of(const kith_layout *layout, const unsigned levels[DIGITS])
{
    uint32_t pattern = 0;
    for (unsigned d = 0; d < DIGITS; d++)
        pattern += levels[d] * layout->digits[d].stride;
    return pattern;
}

/* log2 of the true posterior odds. */
static double
true_bits(const kith_layout *layout, uint32_t pattern)
{
    double match = 0, other = 0;
    for (unsigned c = 0; c < CLASSES; c++) {
        const double p = class_pattern(&population[c], layout, pattern);
        *(population[c].match ? &match : &other) += p;
    }
    return log2(match / other);
}

static double
model_bits(const kith_pass_model *model, const kith_layout *layout,
           const unsigned levels[DIGITS])
{
    kith_weight w;
    kith_weigh(&w, model, layout, pattern_of(layout, levels));
    double sum = w.prior + w.kin;
    for (unsigned d = 0; d < DIGITS; d++)
        sum += w.digits[d];
    assert_true(fabs(sum - w.total) < 1e-9);
    assert_true(w.kin <= 0);
    return w.total;
}

static void
test_relatives(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    kith_spec spec;
    kith_layout layout;
    kith_pass_model model;
    test_spec(&spec, 512);
    assert_int_equal(kith_layout_build(&layout, &spec, PASS_A, &err), KITH_OK);
    uint64_t *counts = make_counts(&layout, 2e6, CLASSES);
    fit(&model, &layout, PASS_A, counts);
    assert_true(model.share[KITH_KIN] > 0.1);
    assert_true(fabs(model.share[KITH_MATCH] - 0.40) < 0.02);

    const unsigned same[] = {1, 1, 1, 1, 1};
    const unsigned sister[] = {1, NAME_ELSE, KITH_DATE_ELSE, 2, 1};
    const unsigned twin[] = {1, NAME_ELSE, 1, 1, 1};
    const unsigned twin_brother_sister[] = {1, NAME_ELSE, 1, 2, 1};
    const unsigned father_son[] = {1, 1, KITH_DATE_ELSE, 1, 1};
    const unsigned slip_in_date[] = {1, 1, KITH_DATE_TWO_PARTS, 1, 1};
    const unsigned slip_in_name[] = {1, NAME_HIGH, 1, 1, 1};
    const unsigned nickname[] = {1, NAME_NICK, 1, 1, PLACE_POSTCODE};
    assert_true(model_bits(&model, &layout, same) > 10);
    assert_true(model_bits(&model, &layout, slip_in_date) > 3);
    assert_true(model_bits(&model, &layout, slip_in_name) > 3);
    assert_true(model_bits(&model, &layout, nickname) > 3);
    assert_true(model_bits(&model, &layout, sister) < -6);
    assert_true(model_bits(&model, &layout, twin_brother_sister) < -1);
    /* A wrong forename or a twin, a wrong birth date or a son: the truth
     * itself is near evens, so no more than near it is asked. */
    assert_true(fabs(model_bits(&model, &layout, twin) -
                     true_bits(&layout, pattern_of(&layout, twin))) < 2);
    print_message("# father and son %.2f bits, truth %.2f\n",
                  model_bits(&model, &layout, father_son),
                  true_bits(&layout, pattern_of(&layout, father_son)));
    assert_true(model_bits(&model, &layout, father_son) < 0);
    kith_free(counts);
}

/* Shares of pairs born on one day: one person in ten has another surname
 * after a move; twins share surname and place. */
static const truth_class birth_block[] = {
    {.share = 0.90,
     .p = {{0, .95, .00, .00, .03, .01, .01},
           {0, .84, .02, .00, .02, .02, .10},
           {0, .99, .01},
           {0, .993, .007},
           {0, .60, .10, .30}}},
    {.share = 0.06,
     .p = {{0, .45, .00, .00, .05, .10, .40},
           {0, .003, .001, .00, .001, .005, .99},
           {0, .85, .15},
           {0, .50, .50},
           {0, .0005, .0005, .999}}},
    {.share = 0.04,
     .p = {{0, .97, .00, .00, .01, .01, .01},
           {0, .003, .001, .00, .001, .005, .99},
           {0, .99, .01},
           {0, .50, .50},
           {0, .80, .10, .10}}},
};

/*
 * Pass D: births are fixed. The class of the twins must not take those who
 * changed their name.
 */
static void
test_twins(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    kith_spec spec;
    kith_layout layout;
    kith_pass_model model;
    test_spec(&spec, 512);
    assert_int_equal(kith_layout_build(&layout, &spec, PASS_D, &err), KITH_OK);
    const unsigned last = layout.digits[4].n_levels - 1u;
    uint64_t *counts = kith_alloc_array(layout.n_patterns, sizeof *counts);
    assert_non_null(counts);
    for (uint32_t i = 0; i < layout.n_patterns; i++) {
        double p = 0;
        for (unsigned c = 0; c < 3; c++) {
            double f = birth_block[c].share;
            for (unsigned d = 0; d < DIGITS; d++) {
                unsigned level = kith_pattern_level(&layout, i, d);
                if (d == 4 && level == last)
                    level = 3;
                else if (d == 4 && level == 3)
                    level = 0;
                f *= birth_block[c].p[d][level];
            }
            p += f;
        }
        counts[i] = (uint64_t)llround(1e6 * p);
    }
    fit(&model, &layout, PASS_D, counts);
    kith_free(counts);
    assert_true(fabs(model.share[KITH_KIN] - 0.04) < 0.01);
    assert_true(fabs(model.digits[1].p[KITH_MATCH][NAME_ELSE] - 0.10) < 0.02);
    const unsigned brother_and_sister[] = {1, NAME_ELSE, 1, 2, 1};
    const unsigned married_and_moved[] = {1, NAME_ELSE, 1, 1, last};
    assert_true(model_bits(&model, &layout, brother_and_sister) < -1);
    assert_true(model_bits(&model, &layout, married_and_moved) > -1);
}

/* Pairs on the wrong side of evens, against the best anyone could do who
 * knows the first n classes. */
static void
count_wrong(unsigned n_classes, double *wrong, double *least)
{
    kith_error err = KITH_ERROR_INIT;
    kith_spec spec;
    kith_layout layout;
    kith_pass_model model;
    *wrong = *least = 0;
    test_spec(&spec, 512);
    assert_int_equal(kith_layout_build(&layout, &spec, PASS_A, &err), KITH_OK);
    uint64_t *counts = make_counts(&layout, 2e6, n_classes);
    fit(&model, &layout, PASS_A, counts);
    for (uint32_t i = 0; i < layout.n_patterns; i++) {
        double match = 0, other = 0;
        kith_weight w;
        for (unsigned c = 0; c < n_classes; c++)
            *(population[c].match ? &match : &other) +=
                class_pattern(&population[c], &layout, i);
        kith_weigh(&w, &model, &layout, i);
        *wrong += w.total >= 0 ? other : match;
        *least += fmin(match, other);
    }
    kith_free(counts);
    print_message("# %u classes: wrong %.5f, at least %.5f of pairs\n",
                  n_classes, *wrong, *least);
}

static void
test_near_the_best_rule(void **state)
{
    (void)state;
    double wrong = 0, least = 0;
    count_wrong(4, &wrong, &least);
    assert_true(wrong < 1.2 * least);
    count_wrong(5, &wrong, &least);
    assert_true(wrong < 1.2 * least);
}

/* Without families the class stays empty, and what is learnt is the truth. */
static void
test_no_families(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    kith_spec spec;
    kith_layout layout;
    kith_pass_model model;
    test_spec(&spec, 512);
    assert_int_equal(kith_layout_build(&layout, &spec, PASS_A, &err), KITH_OK);
    uint64_t *counts = make_counts(&layout, 1e6, 2);
    fit(&model, &layout, PASS_A, counts);
    assert_true(model.share[KITH_KIN] == 0);
    assert_true(fabs(model.share[KITH_MATCH] - 0.40 / 0.83) < 0.002);
    for (unsigned d = 0; d < DIGITS; d++)
        for (unsigned l = 1; l < layout.digits[d].n_levels; l++)
            if (population[0].p[d][l] > 0.01) {
                const double m = model.digits[d].p[KITH_MATCH][l];
                assert_true(fabs(log2(m / population[0].p[d][l])) < 0.2);
            }
    kith_free(counts);
}

static void
rising(void *ctx, double objective)
{
    double *last = ctx;
    /* A part in 1e12 of a sum of millions is rounding. */
    assert_true(objective >= *last - 1e-12 * fabs(*last));
    *last = objective;
}

static void
test_objective_rises(void **state)
{
    (void)state;
    for (uint64_t round = 0; round < 20; round++) {
        kith_error err = KITH_ERROR_INIT;
        kith_rng rng = kith_rng_at(3, round);
        kith_spec spec;
        kith_layout layout;
        kith_patterns patterns;
        kith_pass_model model = {.share = {0.3, 0.5, 0.2}};
        kith_em_result result;
        const kith_source_counts none = {{{0}}};
        test_spec(&spec, 512);
        assert_int_equal(kith_layout_build(&layout, &spec,
                                           (unsigned)(round % TEST_PASSES),
                                           &err),
                         KITH_OK);
        uint64_t *counts = kith_alloc_array(layout.n_patterns, sizeof *counts);
        assert_non_null(counts);
        for (unsigned i = 0; i < 300; i++)
            counts[kith_rng_below(&rng, layout.n_patterns)] +=
                kith_rng_below(&rng, 1000);
        assert_int_equal(kith_patterns_init(&patterns, &layout, counts, &err),
                         KITH_OK);
        kith_start(&model, &layout, &none, &patterns);
        kith_em_params params = {.max_iterations = 200,
                                 .tolerance = 1e-9,
                                 .kin = true,
                                 .share_strength = {1, 1, 1}};
        for (unsigned d = 0; d < layout.n_digits; d++) {
            params.strength[KITH_MATCH][d] = 20;
            params.strength[KITH_STRANGER][d] = 20;
            params.strength[KITH_KIN][d] = 100;
        }
        double last = -1e300;
        assert_int_equal(kith_em_run(&model, &patterns, &params, rising, &last,
                                     &result, &err),
                         KITH_OK);
        kith_patterns_done(&patterns);
        kith_free(counts);
    }
}

static void
check_sane(const kith_pass_model *model, const kith_layout *layout)
{
    assert_true(model->share[KITH_MATCH] > 0 && model->share[KITH_MATCH] < 1);
    for (unsigned d = 0; d < model->n_digits; d++)
        for (unsigned c = 0; c < KITH_CLASSES; c++)
            for (unsigned l = 1; l < model->digits[d].n_levels; l++)
                assert_true(model->digits[d].p[c][l] > 0 &&
                            model->digits[d].p[c][l] < 1);
    for (uint32_t i = 0; i < layout->n_patterns; i++) {
        kith_weight w;
        kith_weigh(&w, model, layout, i);
        assert_true(isfinite(w.total));
    }
}

/* Nothing, one pair, all null, all the same, no match: a usable model. */
static void
test_degenerate(void **state)
{
    (void)state;
    for (unsigned pass = 0; pass < TEST_PASSES; pass++)
        for (unsigned kind = 0; kind < 5; kind++) {
            kith_error err = KITH_ERROR_INIT;
            kith_spec spec;
            kith_layout layout;
            kith_pass_model model;
            kith_weight same, other;
            uint32_t exact = 0, differs = 0;
            test_spec(&spec, 512);
            assert_int_equal(kith_layout_build(&layout, &spec, pass, &err),
                             KITH_OK);
            uint64_t *counts =
                kith_alloc_array(layout.n_patterns, sizeof *counts);
            assert_non_null(counts);
            for (unsigned d = 0; d < layout.n_digits; d++) {
                exact += layout.digits[d].stride;
                differs +=
                    (layout.digits[d].n_levels - 1u) * layout.digits[d].stride;
            }
            const uint64_t n[5] = {0, 1, 1000, 100000, 100000};
            const uint32_t pattern[5] = {0, exact, 0, exact, differs};
            counts[pattern[kind]] = n[kind];
            fit(&model, &layout, pass, counts);
            check_sane(&model, &layout);
            /* Whatever was seen, agreeing speaks more for a match. */
            kith_weigh(&same, &model, &layout, exact);
            kith_weigh(&other, &model, &layout, differs);
            assert_true(same.total > other.total);
            kith_free(counts);
        }
}

/* A source without duplicates: relatives must not become matches. */
static void
test_no_duplicates(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    kith_spec spec;
    kith_layout layout;
    kith_pass_model model;
    double found = 0;
    test_spec(&spec, 512);
    assert_int_equal(kith_layout_build(&layout, &spec, PASS_A, &err), KITH_OK);
    uint64_t *counts = kith_alloc_array(layout.n_patterns, sizeof *counts);
    assert_non_null(counts);
    for (uint32_t i = 0; i < layout.n_patterns; i++)
        counts[i] = (uint64_t)llround(
            1e5 * (class_pattern(&population[1], &layout, i) +
                   class_pattern(&population[2], &layout, i)));
    fit(&model, &layout, PASS_A, counts);
    check_sane(&model, &layout);
    for (uint32_t i = 0; i < layout.n_patterns; i++) {
        kith_weight w;
        kith_weigh(&w, &model, &layout, i);
        found += w.total > 0 ? (double)counts[i] : 0;
    }
    print_message("# %.0f of 58500 pairs taken for matches\n", found);
    assert_true(found < 0.003 * 58500);
    kith_free(counts);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_relatives),
        cmocka_unit_test(test_twins),
        cmocka_unit_test(test_near_the_best_rule),
        cmocka_unit_test(test_no_families),
        cmocka_unit_test(test_objective_rises),
        cmocka_unit_test(test_degenerate),
        cmocka_unit_test(test_no_duplicates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
