/* What each pass of the usual spec must hold, worked out by hand. */
#include "../support/specs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static kith_layout
layout_of(unsigned pass, uint16_t bits)
{
    kith_error err = KITH_ERROR_INIT;
    kith_spec spec;
    kith_layout layout;
    test_spec(&spec, bits);
    assert_int_equal(kith_layout_build(&layout, &spec, pass, &err), KITH_OK);
    return layout;
}

static unsigned
count_role(const kith_layout *layout, kith_column_role role)
{
    unsigned n = 0;
    for (unsigned c = 0; c < layout->n_columns; c++)
        n += layout->columns[c].role == role;
    return n;
}

static void
test_digits_and_levels(void **state)
{
    (void)state;
    const kith_layout l = layout_of(PASS_D, 512);
    static const char *const names[] = {"name A", "name B", "birth", "sex",
                                        "place"};
    /* null, exact, nickname, initial, two thresholds, else; dates seven; sex
     * null, equal, else; place null, five values, else. */
    static const unsigned levels[] = {7, 7, 7, 3, 7};
    uint32_t stride = 1;
    assert_int_equal(l.n_digits, 5);
    for (unsigned d = 0; d < 5; d++) {
        assert_string_equal(l.digits[d].name, names[d]);
        assert_int_equal(l.digits[d].n_levels, levels[d]);
        assert_int_equal(l.digits[d].stride, stride);
        stride *= levels[d];
    }
    assert_int_equal(l.n_patterns, 7 * 7 * 7 * 3 * 7);
}

/* Sorted date in the key: only the day tells exact from swapped. */
static void
test_sorted_date_key(void **state)
{
    (void)state;
    const kith_layout l = layout_of(PASS_D, 512);
    const kith_digit *birth = &l.digits[2];
    assert_true(l.either);
    assert_int_not_equal(birth->day_offset, KITH_IMPLIED);
    assert_int_equal(birth->month_offset, KITH_IMPLIED);
    assert_int_equal(birth->year_offset, KITH_IMPLIED);
    assert_int_equal(birth->sorted_offset, KITH_IMPLIED);
    /* Two names of exact and nick, the initial of the one whose sound is not
     * in the key, day, sex, five places: twelve tokens, 48 bytes, then
     * filters from 64 on. */
    assert_int_equal(l.n_columns, 12 + 2);
    assert_int_equal(l.digits[0].initial_offset, KITH_IMPLIED);
    assert_int_not_equal(l.digits[1].initial_offset, KITH_IMPLIED);
    assert_int_equal(count_role(&l, KITH_COLUMN_FILTER), 2);
    assert_int_equal(l.digits[0].filter_offset, 64);
    assert_int_equal(l.digits[1].filter_offset, 128);
    assert_int_equal(l.row_bytes, 192);
}

/* Postcode in the key: postcode, sector and district say nothing new. */
static void
test_postcode_key(void **state)
{
    (void)state;
    const kith_layout l = layout_of(PASS_A, 512);
    const kith_digit *place = &l.digits[4];
    assert_int_not_equal(place->value_offsets[0], KITH_IMPLIED);
    assert_int_not_equal(place->value_offsets[1], KITH_IMPLIED);
    for (unsigned v = 2; v < 5; v++)
        assert_int_equal(place->value_offsets[v], KITH_IMPLIED);
    /* Day, month, year, sorted: all open. */
    assert_int_not_equal(l.digits[2].day_offset, KITH_IMPLIED);
    assert_int_not_equal(l.digits[2].month_offset, KITH_IMPLIED);
    assert_int_not_equal(l.digits[2].year_offset, KITH_IMPLIED);
    assert_int_not_equal(l.digits[2].sorted_offset, KITH_IMPLIED);
}

static void
test_year_and_daymonth_keys(void **state)
{
    (void)state;
    const kith_layout y = layout_of(PASS_Y, 512);
    assert_false(y.either);
    assert_int_equal(y.digits[2].year_offset, KITH_IMPLIED);
    assert_int_not_equal(y.digits[2].sorted_offset, KITH_IMPLIED);
    const kith_layout m = layout_of(PASS_M, 512);
    assert_int_equal(m.digits[2].day_offset, KITH_IMPLIED);
    assert_int_equal(m.digits[2].month_offset, KITH_IMPLIED);
    assert_int_equal(m.digits[2].sorted_offset, KITH_IMPLIED);
    assert_int_not_equal(m.digits[2].year_offset, KITH_IMPLIED);
    const kith_layout w = layout_of(PASS_W, 512);
    assert_int_equal(count_role(&w, KITH_COLUMN_DAY), 0);
    assert_int_equal(count_role(&w, KITH_COLUMN_YEAR), 0);
}

/* A whole name in the key: its digit is exact and carries nothing. */
static void
test_whole_names(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    kith_spec spec;
    kith_layout l;
    test_spec(&spec, 512);
    spec.passes[PASS_N].key[0].parts[0].kind = KITH_PART_WHOLE;
    assert_int_equal(kith_layout_build(&l, &spec, PASS_N, &err), KITH_OK);
    assert_int_equal(l.digits[0].exact_offset, KITH_IMPLIED);
    assert_int_equal(l.digits[0].filter_offset, KITH_IMPLIED);
    assert_int_not_equal(l.digits[1].exact_offset, KITH_IMPLIED);
    spec.passes[PASS_A].key[1].parts[0].kind = KITH_PART_WHOLE;
    assert_int_equal(kith_layout_build(&l, &spec, PASS_A, &err), KITH_OK);
    assert_int_equal(l.digits[0].exact_offset, KITH_IMPLIED);
    assert_int_not_equal(l.digits[1].exact_offset, KITH_IMPLIED);
}

/* Columns tile the row: tokens of four bytes, then filters, to the end. */
static void
test_columns_tile_the_row(void **state)
{
    (void)state;
    static const uint16_t widths[] = {256, 512, 1024};
    for (unsigned w = 0; w < 3; w++)
        for (unsigned pass = 0; pass < TEST_PASSES; pass++) {
            const kith_layout l = layout_of(pass, widths[w]);
            uint32_t next = KITH_ROW_HEAD;
            bool filters = false;
            for (unsigned c = 0; c < l.n_columns; c++) {
                const bool filter = l.columns[c].role == KITH_COLUMN_FILTER;
                assert_true(filter || !filters);
                if (filter && !filters)
                    next = (next + 7) / 8 * 8;
                filters = filter;
                assert_int_equal(l.columns[c].offset, next);
                next += filter ? widths[w] / 8u : 4u;
            }
            assert_int_equal(l.row_bytes, (next + 7) / 8 * 8);
        }
}

static void
refuse(kith_spec *spec, const char *why)
{
    kith_error err = KITH_ERROR_INIT;
    kith_layout l;
    assert_int_equal(kith_layout_build(&l, spec, PASS_D, &err),
                     KITH_ERR_CONFIG);
    if (strstr(err.text, why) == NULL)
        fail_msg("got: %s", err.text);
}

static void
test_refusals(void **state)
{
    (void)state;
    kith_spec spec;
    test_spec(&spec, 300);
    refuse(&spec, "256, 512 or 1024");
    test_spec(&spec, 512);
    spec.comparisons[0].thresholds[1] = 870;
    refuse(&spec, "must lie in (0, 1] and fall");
    spec.comparisons[0].thresholds[0] = 1001;
    refuse(&spec, "must lie in (0, 1] and fall");
    test_spec(&spec, 512);
    spec.comparisons[0].n_values = 1;
    refuse(&spec, "wants 2 values");
    test_spec(&spec, 512);
    spec.comparisons[1].values[0].parts[0].kind = KITH_PART_YEAR;
    refuse(&spec, "wants one whole date");
    test_spec(&spec, 512);
    spec.n_comparisons = 0;
    refuse(&spec, "no comparisons");
    test_spec(&spec, 512);
    for (; spec.n_comparisons < KITH_MAX_COMPARISONS; spec.n_comparisons++)
        spec.comparisons[spec.n_comparisons] = spec.comparisons[3];
    refuse(&spec, "agreement patterns");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_digits_and_levels),
        cmocka_unit_test(test_sorted_date_key),
        cmocka_unit_test(test_postcode_key),
        cmocka_unit_test(test_year_and_daymonth_keys),
        cmocka_unit_test(test_whole_names),
        cmocka_unit_test(test_columns_tile_the_row),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
