/* Levels of pairs of rows made by hand. */
#include "../support/specs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

typedef struct pair {
    kith_spec spec;
    kith_layout layout;
    uint8_t a[512], b[512];
} pair;

static void
setup(pair *p, unsigned pass)
{
    kith_error err = KITH_ERROR_INIT;
    memset(p, 0, sizeof *p);
    test_spec(&p->spec, 512);
    assert_int_equal(kith_layout_build(&p->layout, &p->spec, pass, &err),
                     KITH_OK);
}

static unsigned
level(const pair *p, unsigned digit)
{
    const uint32_t ab = kith_compare_rows(&p->layout, p->a, p->b);
    assert_int_equal(ab, kith_compare_rows(&p->layout, p->b, p->a));
    return kith_pattern_level(&p->layout, ab, digit);
}

static void
put(pair *p, uint16_t offset, uint32_t a, uint32_t b)
{
    assert_int_not_equal(offset, KITH_IMPLIED);
    test_put_token(p->a, offset, a);
    test_put_token(p->b, offset, b);
}

/* Sets the first n bits. */
static void
set_bits(uint8_t *filter, unsigned from, unsigned to)
{
    memset(filter, 0, 64);
    for (unsigned i = from; i < to; i++)
        filter[i / 8] |= (uint8_t)(1u << i % 8);
}

static void
test_names(void **state)
{
    (void)state;
    pair p;
    setup(&p, PASS_Y);
    const kith_digit *d = &p.layout.digits[0];
    assert_int_equal(level(&p, 0), 0);
    put(&p, d->exact_offset, 7, 0);
    put(&p, d->nick_offset, 7, 0);
    assert_int_equal(level(&p, 0), 0);
    put(&p, d->exact_offset, 7, 7);
    assert_int_equal(level(&p, 0), 1);
    put(&p, d->exact_offset, 7, 8);
    put(&p, d->nick_offset, 9, 9);
    assert_int_equal(level(&p, 0), KITH_NAME_NICK);
    put(&p, d->nick_offset, 7, 8);
    /* J and JOHN, from either side; not JAMES and JOHN. */
    put(&p, d->initial_offset, 8, 5);
    assert_int_equal(level(&p, 0), KITH_NAME_INITIAL);
    put(&p, d->initial_offset, 5, 7);
    assert_int_equal(level(&p, 0), KITH_NAME_INITIAL);
    put(&p, d->initial_offset, 5, 5);
    assert_true(level(&p, 0) > KITH_NAME_INITIAL);
    /* 100 and 100 bits, 87 shared: Dice 0.87 exactly. */
    set_bits(p.a + d->filter_offset, 0, 100);
    set_bits(p.b + d->filter_offset, 13, 113);
    assert_int_equal(level(&p, 0), KITH_NAME_SIMILAR);
    set_bits(p.b + d->filter_offset, 14, 114);
    assert_int_equal(level(&p, 0), 5);
    /* 76 shared, then 75. */
    set_bits(p.b + d->filter_offset, 24, 124);
    assert_int_equal(level(&p, 0), 5);
    set_bits(p.b + d->filter_offset, 25, 125);
    assert_int_equal(level(&p, 0), 6);
}

static void
test_date_levels(void **state)
{
    (void)state;
    pair p;
    setup(&p, PASS_A);
    const kith_digit *d = &p.layout.digits[2];
    assert_int_equal(level(&p, 2), KITH_DATE_NULL);
    put(&p, d->day_offset, 3, 3);
    put(&p, d->month_offset, 4, 4);
    put(&p, d->year_offset, 5, 5);
    put(&p, d->sorted_offset, 6, 6);
    assert_int_equal(level(&p, 2), KITH_DATE_EXACT);
    put(&p, d->day_offset, 3, 4);
    put(&p, d->month_offset, 4, 3);
    assert_int_equal(level(&p, 2), KITH_DATE_SWAPPED);
    put(&p, d->sorted_offset, 6, 7);
    assert_int_equal(level(&p, 2), KITH_DATE_YEAR);
    put(&p, d->month_offset, 4, 4);
    assert_int_equal(level(&p, 2), KITH_DATE_TWO_PARTS);
    put(&p, d->year_offset, 5, 6);
    assert_int_equal(level(&p, 2), KITH_DATE_ELSE);
    put(&p, d->day_offset, 3, 3);
    assert_int_equal(level(&p, 2), KITH_DATE_TWO_PARTS);
    /* Day and month unknown on one side, as for a registration default. */
    put(&p, d->day_offset, 3, 0);
    put(&p, d->month_offset, 4, 0);
    put(&p, d->sorted_offset, 6, 0);
    assert_int_equal(level(&p, 2), KITH_DATE_ELSE);
    put(&p, d->year_offset, 5, 5);
    assert_int_equal(level(&p, 2), KITH_DATE_YEAR_DAY_UNKNOWN);
    put(&p, d->year_offset, 5, 0);
    assert_int_equal(level(&p, 2), KITH_DATE_NULL);
}

static void
test_dates_under_keys(void **state)
{
    (void)state;
    pair p;
    setup(&p, PASS_D);
    put(&p, p.layout.digits[2].day_offset, 3, 3);
    assert_int_equal(level(&p, 2), KITH_DATE_EXACT);
    put(&p, p.layout.digits[2].day_offset, 3, 4);
    assert_int_equal(level(&p, 2), KITH_DATE_SWAPPED);
    setup(&p, PASS_M);
    put(&p, p.layout.digits[2].year_offset, 3, 3);
    assert_int_equal(level(&p, 2), KITH_DATE_EXACT);
    put(&p, p.layout.digits[2].year_offset, 3, 4);
    assert_int_equal(level(&p, 2), KITH_DATE_TWO_PARTS);
    setup(&p, PASS_W);
    assert_int_equal(level(&p, 2), KITH_DATE_EXACT);
}

static void
test_values(void **state)
{
    (void)state;
    pair p;
    setup(&p, PASS_D);
    const kith_digit *sex = &p.layout.digits[3];
    const kith_digit *place = &p.layout.digits[4];
    put(&p, sex->value_offsets[0], 1, 2);
    assert_int_equal(level(&p, 3), 2);
    put(&p, sex->value_offsets[0], 1, 1);
    assert_int_equal(level(&p, 3), 1);
    assert_int_equal(level(&p, 4), 0);
    /* UPRN unknown on one side; the postcode decides. */
    put(&p, place->value_offsets[0], 9, 0);
    put(&p, place->value_offsets[2], 5, 5);
    assert_int_equal(level(&p, 4), 3);
    put(&p, place->value_offsets[1], 8, 8);
    assert_int_equal(level(&p, 4), 2);
    put(&p, place->value_offsets[0], 9, 9);
    assert_int_equal(level(&p, 4), 1);
    for (unsigned v = 0; v < 5; v++)
        put(&p, place->value_offsets[v], 1 + v, 11 + v);
    assert_int_equal(level(&p, 4), 6);
    /* In a postcode pass no place can differ. */
    setup(&p, PASS_A);
    assert_int_equal(level(&p, 4), 3);
}

static void
expect_name(const pair *p, unsigned digit, uint8_t l, const char *want)
{
    char name[48];
    kith_level_name(name, &p->layout, &p->spec, digit, l);
    assert_string_equal(name, want);
}

static void
test_names_of_levels(void **state)
{
    (void)state;
    pair p;
    setup(&p, PASS_D);
    expect_name(&p, 0, 0, "unknown");
    expect_name(&p, 0, 1, "exact");
    expect_name(&p, 0, 2, "nickname");
    expect_name(&p, 0, 3, "only the initial");
    expect_name(&p, 0, 4, "similar 87%");
    expect_name(&p, 0, 5, "similar 76%");
    expect_name(&p, 0, 6, "differs");
    expect_name(&p, 2, KITH_DATE_SWAPPED, "day and month swapped");
    expect_name(&p, 4, 2, "same postcode+house");
    expect_name(&p, 4, 6, "differs");
}

static void
test_states(void **state)
{
    (void)state;
    pair p;
    setup(&p, PASS_D);
    assert_int_equal(kith_level_state(&p.layout, 0, 0), KITH_STATE_NULL);
    assert_int_equal(kith_level_state(&p.layout, 0, 1), KITH_STATE_EXACT);
    assert_int_equal(kith_level_state(&p.layout, 0, 2), KITH_STATE_FUZZY);
    assert_int_equal(kith_level_state(&p.layout, 0, 6), KITH_STATE_DIFFERS);
    assert_int_equal(kith_level_state(&p.layout, 2, KITH_DATE_YEAR),
                     KITH_STATE_FUZZY);
    assert_int_equal(kith_level_state(&p.layout, 4, 6), KITH_STATE_DIFFERS);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_date_levels),
        cmocka_unit_test(test_dates_under_keys),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_names_of_levels),
        cmocka_unit_test(test_states),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
