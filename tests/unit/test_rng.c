#include "base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The reference implementation's output for state {1, 2, 3, 4}, as listed in
 * rand_xoshiro's tests. */
static void
test_reference_vector(void **state)
{
    static const uint64_t want[] = {11520u,
                                    0u,
                                    1509978240u,
                                    1215971899390074240u,
                                    1216172134540287360u,
                                    607988272756665600u,
                                    16172922978634559625u,
                                    8476171486693032832u,
                                    10595114339597558777u,
                                    2904607092377533576u};
    kith_rng rng = {{1, 2, 3, 4}};
    (void)state;
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        assert_true(kith_rng_next(&rng) == want[i]);
}

static void
test_streams_differ(void **state)
{
    kith_rng a = kith_rng_at(7, 0), again = kith_rng_at(7, 0);
    kith_rng b = kith_rng_at(7, 1), c = kith_rng_at(8, 0);
    (void)state;
    for (int i = 0; i < 100; i++) {
        const uint64_t x = kith_rng_next(&a);
        assert_true(x == kith_rng_next(&again));
        assert_true(x != kith_rng_next(&b));
        assert_true(x != kith_rng_next(&c));
    }
}

static void
test_below_is_even(void **state)
{
    enum { N = 100000, SIDES = 10 };
    size_t seen[SIDES] = {0};
    kith_rng rng = kith_rng_at(1, 2);
    double chi2 = 0;
    (void)state;
    for (int i = 0; i < N; i++) {
        const uint64_t x = kith_rng_below(&rng, SIDES);
        assert_true(x < SIDES);
        seen[x]++;
    }
    for (int i = 0; i < SIDES; i++) {
        const double off = (double)seen[i] - (double)N / SIDES;
        chi2 += off * off / ((double)N / SIDES);
    }
    /* 99.9% of the chi-squared distribution with 9 degrees of freedom. */
    assert_true(chi2 < 27.88);
    assert_true(kith_rng_below(&rng, 1) == 0);
}

static void
test_unit_interval(void **state)
{
    enum { N = 100000 };
    kith_rng rng = kith_rng_at(3, 4);
    double sum = 0;
    (void)state;
    for (int i = 0; i < N; i++) {
        const double x = kith_rng_unit(&rng);
        assert_true(x >= 0 && x < 1);
        sum += x;
    }
    /* Five standard errors of the mean of N uniform numbers: 0.0046. */
    assert_true(sum / N > 0.4954 && sum / N < 0.5046);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reference_vector),
        cmocka_unit_test(test_streams_differ),
        cmocka_unit_test(test_below_is_even),
        cmocka_unit_test(test_unit_interval),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
