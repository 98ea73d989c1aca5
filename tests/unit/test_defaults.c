/* What stands where nothing has been counted is right in kind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../support/specs.h"
#include "train/defaults.h"
#include "train/start.h"

#include <math.h>

static void
assert_near(double a, double b)
{
    assert_true(fabs(a - b) < 1e-4);
}

static void
check_sum(const double *p, const kith_digit *digit)
{
    double sum = 0;
    for (unsigned l = 1; l < digit->n_levels; l++) {
        assert_true(p[l] > 0);
        sum += p[l];
    }
    assert_near(sum, 1);
}

static void
test_dates_agree_as_birthdays_do(void **state)
{
    (void)state;
    double u[KITH_MAX_LEVELS];
    kith_digit d = {.kind = KITH_COMPARE_DATE,
                    .n_levels = KITH_DATE_LEVELS,
                    .day_offset = 20,
                    .month_offset = 24,
                    .year_offset = 28,
                    .sorted_offset = 32};
    kith_default_u(u, &d);
    check_sum(u, &d);
    assert_near(u[KITH_DATE_EXACT], 1.0 / (30 * 12 * 65));
    assert_true(u[KITH_DATE_ELSE] > 0.95);
    /* The block fixes the year: 1 in 360 are equal, and about 11 % share the
     * day or the month. */
    d.year_offset = KITH_IMPLIED;
    kith_default_u(u, &d);
    check_sum(u, &d);
    assert_near(u[KITH_DATE_EXACT] / u[KITH_DATE_TWO_PARTS],
                1.0 / 360 / (29.0 / 360 + 11.0 / 360));
    assert_true(u[KITH_DATE_YEAR] > 0.85 && u[KITH_DATE_ELSE] < 0.001);
}

static void
test_names_that_sound_alike(void **state)
{
    (void)state;
    double u[KITH_MAX_LEVELS];
    double m[KITH_MAX_LEVELS];
    kith_digit d = {.kind = KITH_COMPARE_NAMES, .n_levels = 6};
    kith_default_u(u, &d);
    kith_default_m(m, &d);
    check_sum(u, &d);
    check_sum(m, &d);
    assert_near(u[1], 0.004);
    assert_near(m[1], 0.95);
    d.sounds_alike = true;
    kith_default_u(u, &d);
    check_sum(u, &d);
    assert_near(u[1], 0.5);
}

static void
test_the_same_place_speaks_for_a_match(void **state)
{
    (void)state;
    double u[KITH_MAX_LEVELS];
    double m[KITH_MAX_LEVELS];
    kith_digit d = {.kind = KITH_COMPARE_NESTED,
                    .n_levels = 7,
                    .n_values = 5,
                    .value_offsets = {20, 24, 28, 32, 36}};
    kith_default_u(u, &d);
    kith_default_m(m, &d);
    check_sum(u, &d);
    check_sum(m, &d);
    for (unsigned l = 1; l <= 5; l++)
        assert_true(m[l] > 4 * u[l]);
    assert_true(m[6] < u[6]);
    for (unsigned l = 2; l <= 5; l++)
        assert_true(u[l] > u[l - 1]);
    /* Where the block fixes the postcode, strangers share it always. */
    d.value_offsets[2] = d.value_offsets[3] = d.value_offsets[4] = KITH_IMPLIED;
    kith_default_u(u, &d);
    check_sum(u, &d);
    assert_true(u[3] > 0.99);
}

static bool
meets_kin(const kith_spec *spec, unsigned pass)
{
    kith_error err = KITH_ERROR_INIT;
    kith_layout layout;
    assert_int_equal(kith_layout_build(&layout, spec, pass, &err), KITH_OK);
    return kith_pass_meets_kin(spec, pass, &layout);
}

/* Relatives: where the birth is open, and the second name or the place; and
 * twins, where a place and the sex are compared. */
static void
test_where_relatives_can_be_told(void **state)
{
    (void)state;
    kith_spec spec;
    test_spec(&spec, 512);
    assert_true(meets_kin(&spec, PASS_D));
    assert_true(meets_kin(&spec, PASS_A));
    assert_true(meets_kin(&spec, PASS_N));
    /* Without a place, namesakes are strangers of one name, and twins are
     * persons with another forename. */
    spec.n_comparisons--;
    assert_false(meets_kin(&spec, PASS_D));
    assert_true(meets_kin(&spec, PASS_A));
    assert_false(meets_kin(&spec, PASS_N));
    /* Nor can twins be told without the sex. */
    test_spec(&spec, 512);
    spec.comparisons[2] = spec.comparisons[3];
    spec.n_comparisons--;
    assert_false(meets_kin(&spec, PASS_D));
    assert_true(meets_kin(&spec, PASS_A));
    /* Without births, it is the second name and the place that tell. */
    test_spec(&spec, 512);
    spec.comparisons[1] = spec.comparisons[3];
    spec.n_comparisons = 2;
    assert_true(meets_kin(&spec, PASS_A));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dates_agree_as_birthdays_do),
        cmocka_unit_test(test_names_that_sound_alike),
        cmocka_unit_test(test_the_same_place_speaks_for_a_match),
        cmocka_unit_test(test_where_relatives_can_be_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
