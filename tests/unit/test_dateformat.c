/* Date formats of agency mappings. Expected dates are read off the text. */
#include "base/dateformat.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

typedef struct accepted {
    const char *pattern;
    const char *text;
    int32_t year;
    uint8_t month;
    uint8_t day;
} accepted;

static void
reads_what_the_pattern_says(void **state)
{
    (void)state;
    static const accepted cases[] = {
        {"yyyy-mm-dd", "2021-02-03", 2021, 2, 3},
        {"dd/mm/yyyy", "03/02/2021", 2021, 2, 3},
        {"mm/dd/yyyy", "02/03/2021", 2021, 2, 3},
        {"d/m/yyyy", "3/2/2021", 2021, 2, 3},
        {"d/m/yyyy", "13/12/2021", 2021, 12, 13},
        {"ddmmmyyyy", "03FEB2021", 2021, 2, 3},
        {"dd-mmm-yy", "03-feb-21", 2021, 2, 3},
        {"yyyymmdd", "20210203", 2021, 2, 3},
        {"ddmmyyyy", "03022021", 2021, 2, 3},
        {"d mmm yyyy", "3 Feb 2021", 2021, 2, 3},
        {"dd.mm.yyyy", "29.02.2020", 2020, 2, 29},
        {"yyyy-m-d", "2021-2-3", 2021, 2, 3},
        {"yyyy/mmm/dd", "1999/DEC/31", 1999, 12, 31},
        {"yyyy-mm-dd", "  2021-02-03 ", 2021, 2, 3},
        {"yyyy-mm-dd", "2021-02-03T00:00:00", 2021, 2, 3},
        {"yyyy-mm-ddThh:mm:ss", "2021-02-03T10:11:12", 2021, 2, 3},
        {"yyyy-mm-ddThh:mm:ss", "2021-02-03", 2021, 2, 3},
        {"yyyy-mm-dd", "2021-02-03T10:11:12.345Z", 2021, 2, 3},
        {"yyyy-mm-dd", "2021-02-03T10:11+01:00", 2021, 2, 3},
        {"yyyy-mm-dd", "2021-02-03T10:11:12-0100", 2021, 2, 3},
        {"dd/mm/yyyy hh:mm", "03/02/2021 10:11", 2021, 2, 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kith_error err = KITH_ERROR_INIT;
        kith_date_format f = {0};
        kith_ymd d = {0};
        assert_int_equal(kith_date_format_parse(&f, cases[i].pattern, &err),
                         KITH_OK);
        assert_true(kith_date_read(&f, kith_str_of(cases[i].text), &d));
        assert_int_equal(d.year, cases[i].year);
        assert_int_equal(d.month, cases[i].month);
        assert_int_equal(d.day, cases[i].day);
    }
}

static void
refuses_what_the_pattern_does_not_say(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"yyyy-mm-dd", ""},
        {"yyyy-mm-dd", "03/02/2021"},
        {"yyyy-mm-dd", "2021-2-3"},
        {"yyyy-mm-dd", "2021-02-30"},
        {"yyyy-mm-dd", "0000-02-03"},
        {"yyyy-mm-dd", "2021-02-03x"},
        {"yyyy-mm-dd", "2021-02-03T"},
        {"yyyy-mm-dd", "2021-02-03T10"},
        {"yyyy-mm-dd", "2021-02-03T10:11:12Zx"},
        {"yyyy-mm-dd", "2021-02-03T10:11:12+01"},
        {"yyyy-mm-dd", "2021-02-03 10:11:12 pm"},
        {"yyyy-mm-dd", "2021-02"},
        {"dd/mm/yyyy", "3/2/2021"},
        {"dd/mm/yyyy", "29/02/2021"},
        {"d/m/yyyy", "3/2/21"},
        {"dd/mm/yyyy", "13/13/2021"},
        {"dd/mm/yyyy", "00/12/2021"},
        {"ddmmmyyyy", "03FEV2021"},
        {"ddmmmyyyy", "03F"},
        {"yyyymmdd", "2021020"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kith_date_format f = {0};
        kith_ymd d = {0};
        assert_int_equal(kith_date_format_parse(&f, cases[i][0], NULL),
                         KITH_OK);
        if (kith_date_read(&f, kith_str_of(cases[i][1]), &d))
            fail_msg("%s accepted \"%s\"", cases[i][0], cases[i][1]);
    }
}

static void
two_digit_years_never_lie_after_the_maximum(void **state)
{
    (void)state;
    kith_date_format f = {0};
    kith_ymd d = {0};
    assert_int_equal(kith_date_format_parse(&f, "dd/mm/yy", NULL), KITH_OK);
    f.max_year = 2026;
    assert_true(kith_date_read(&f, kith_str_of("01/02/26"), &d));
    assert_int_equal(d.year, 2026);
    assert_true(kith_date_read(&f, kith_str_of("01/02/27"), &d));
    assert_int_equal(d.year, 1927);
    assert_true(kith_date_read(&f, kith_str_of("01/02/00"), &d));
    assert_int_equal(d.year, 2000);
    f.max_year = 1999;
    assert_true(kith_date_read(&f, kith_str_of("01/02/00"), &d));
    assert_int_equal(d.year, 1900);
}

static void
every_day_reads_back(void **state)
{
    (void)state;
    kith_date_format f = {0};
    assert_int_equal(kith_date_format_parse(&f, "yyyy-mm-dd", NULL), KITH_OK);
    for (int32_t day = -25567; day < 25567; day++) {
        char text[16];
        kith_ymd d = {0};
        kith_date_format_iso(text, day);
        assert_true(kith_date_read(&f, kith_str_of(text), &d));
        assert_int_equal(kith_days_from_ymd(d), day);
    }
}

static void
refuses_patterns_that_are_not_dates(void **state)
{
    (void)state;
    static const char *const cases[] = {"",
                                        "dd",
                                        "dd/mm",
                                        "yyyy",
                                        "dd/dd/yyyy",
                                        "dd/mm/yyyyy",
                                        "d/m/yyy",
                                        "dmyyyy",
                                        "yyyymd",
                                        "dd//mm/yyyy",
                                        "dd_mm_yyyy",
                                        "DD/MM/YYYY",
                                        "dd/mm/yyyy ",
                                        "iso",
                                        "yyyy-mm-ddT",
                                        "yyyy-mm-ddThh",
                                        "dd/mm/yyyy-",
                                        "/dd/mm/yyyy"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kith_error err = KITH_ERROR_INIT;
        kith_date_format f = {0};
        if (kith_date_format_parse(&f, cases[i], &err) != KITH_ERR_CONFIG)
            fail_msg("pattern \"%s\" accepted", cases[i]);
        assert_non_null(strstr(err.text, "is not a date format"));
        assert_non_null(strstr(err.hint, "dd/mm/yyyy"));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_the_pattern_says),
        cmocka_unit_test(refuses_what_the_pattern_does_not_say),
        cmocka_unit_test(two_digit_years_never_lie_after_the_maximum),
        cmocka_unit_test(every_day_reads_back),
        cmocka_unit_test(refuses_patterns_that_are_not_dates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
