#include "base/rng.h"
#include "evaluate/contingency.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { MOST = 120, TRIALS = 300 };

/* The definitions, pair by pair and thing by thing. */
static void
brute_force(kith_agreement *out, const uint32_t *truth, const uint32_t *found,
            size_t n)
{
    *out = (kith_agreement){0};
    for (size_t i = 0; i < n; i++) {
        double same_true = 0, same_found = 0, same_both = 0;
        for (size_t k = 0; k < n; k++) {
            const bool t = truth[i] == truth[k], f = found[i] == found[k];
            same_true += t;
            same_found += f;
            same_both += t && f;
            if (k > i) {
                out->pairs.n_true += t;
                out->pairs.n_found += f;
                out->pairs.n_both += t && f;
            }
        }
        out->bcubed_precision += same_both / same_found / (double)n;
        out->bcubed_recall += same_both / same_true / (double)n;
    }
}

static void
counts_are_those_of_every_pair(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        kith_rng rng = kith_rng_at(20260331, trial);
        uint32_t truth[MOST], found[MOST];
        const size_t n = 1 + kith_rng_below(&rng, MOST);
        const uint64_t spread = 1 + kith_rng_below(&rng, n);
        for (size_t i = 0; i < n; i++) {
            truth[i] = (uint32_t)kith_rng_below(&rng, spread);
            found[i] = kith_rng_below(&rng, 4) == 0
                           ? (uint32_t)kith_rng_below(&rng, 2 * spread)
                           : truth[i];
        }
        kith_agreement want, got;
        brute_force(&want, truth, found, n);
        assert_int_equal(kith_contingency(&got, truth, found, n, &err),
                         KITH_OK);
        assert_int_equal(got.pairs.n_true, want.pairs.n_true);
        assert_int_equal(got.pairs.n_found, want.pairs.n_found);
        assert_int_equal(got.pairs.n_both, want.pairs.n_both);
        assert_true(fabs(got.bcubed_precision - want.bcubed_precision) < 1e-12);
        assert_true(fabs(got.bcubed_recall - want.bcubed_recall) < 1e-12);
    }
}

/* The worked example of Bagga & Baldwin 1998, section 4: truth 1-5, 6-7,
 * 8-12; response 1-5, 6-7 + 8-12 merged: precision 0.76, recall 1. */
static void
bcubed_of_the_published_example(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    const uint32_t truth[12] = {0, 0, 0, 0, 0, 1, 1, 2, 2, 2, 2, 2};
    const uint32_t found[12] = {0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1};
    kith_agreement a;
    assert_int_equal(kith_contingency(&a, truth, found, 12, &err), KITH_OK);
    assert_true(fabs(a.bcubed_precision - 16.0 / 21) < 1e-12);
    assert_true(fabs(a.bcubed_recall - 1) < 1e-12);
    assert_int_equal(a.pairs.n_true, 21);  /* 10 + 1 + 10 */
    assert_int_equal(a.pairs.n_found, 31); /* 10 + 21 */
    assert_int_equal(a.pairs.n_both, 21);
}

static void
nothing_and_one_thing_are_perfect(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    const uint32_t one[1] = {5};
    kith_agreement a;
    assert_int_equal(kith_contingency(&a, one, one, 0, &err), KITH_OK);
    assert_true(a.pairs.f1 == 1 && a.bcubed_f1 == 1);
    assert_int_equal(kith_contingency(&a, one, one, 1, &err), KITH_OK);
    assert_true(a.pairs.f1 == 1 && a.bcubed_f1 == 1);
    assert_int_equal(a.n_true_groups, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_those_of_every_pair),
        cmocka_unit_test(bcubed_of_the_published_example),
        cmocka_unit_test(nothing_and_one_thing_are_perfect),
    };
    return cmocka_run_group_tests_name("contingency", tests, NULL, NULL);
}
