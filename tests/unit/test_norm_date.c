/* Dates of birth as systems export them. The reference day is 31.3.2026. */
#include "../support/norm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Format of the case at hand. */
static const char *pattern;

static void
date(kith_norm *out, const kith_norm_rules *rules, kith_str raw)
{
    kith_error err = KITH_ERROR_INIT;
    kith_date_format format;
    assert_int_equal(kith_date_format_parse(&format, pattern, &err), KITH_OK);
    format.max_year = 2026;
    kith_norm_date(out, rules, &format, raw);
}

static void
whole_dates(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *raw, *text;
    } cases[] = {
        {"yyyy-mm-dd", "1980-05-17", "19800517"},
        {"yyyy-mm-dd", " 1980-05-17 ", "19800517"},
        {"yyyy-mm-dd", "1980-05-17T00:00:00", "19800517"},
        {"yyyy-mm-dd", "1980-05-17 00:00:00", "19800517"},
        {"dd/mm/yyyy", "17/05/1980", "19800517"},
        {"dd/mm/yyyy", "17/05/1980 00:00", "19800517"},
        {"d/m/yyyy", "7/5/1980", "19800507"},
        {"dd.mm.yyyy", "17.05.1980", "19800517"},
        {"dd-mmm-yyyy", "17-MAY-1980", "19800517"},
        {"ddmmmyyyy", "17may1980", "19800517"},
        {"yyyymmdd", "19800517", "19800517"},
        {"ddmmyyyy", "17051980", "19800517"},
        {"dd/mm/yy", "17/05/80", "19800517"},
        {"dd/mm/yy", "17/05/25", "20250517"}, /* a baby, not a centenarian */
        {"dd/mm/yy", "17/05/30", "19300517"}, /* not in the future */
        {"yyyy-mm-dd", "2024-02-29", "20240229"},
        {"yyyy-mm-dd", "2026-03-31", "20260331"}, /* born today */
        {"yyyy-mm-dd", "1906-07-01", "19060701"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pattern = cases[i].pattern;
        const test_norm_case one = {cases[i].raw, cases[i].text,
                                    KITH_NORM_GOOD};
        test_norm_cases(date, &one, 1);
    }
}

static void
not_known(void **state)
{
    (void)state;
    static const test_norm_case cases[] = {
        {"", NULL, KITH_NORM_EMPTY},
        {"  ", NULL, KITH_NORM_EMPTY},
        {"//", NULL, KITH_NORM_EMPTY},
        {"01/01/1900", NULL, KITH_NORM_PLACEHOLDER},
        {"31/12/1899", NULL, KITH_NORM_PLACEHOLDER},
        {"01/01/1800", NULL, KITH_NORM_PLACEHOLDER},
        {"31/12/9999", NULL, KITH_NORM_PLACEHOLDER},
        {"00/00/0000", NULL, KITH_NORM_PLACEHOLDER},
        {"UNKNOWN", NULL, KITH_NORM_PLACEHOLDER},
        {"n/k", NULL, KITH_NORM_PLACEHOLDER},
        {"NULL", NULL, KITH_NORM_PLACEHOLDER},
        {"30/03/1903", NULL, KITH_NORM_TOO_OLD},
        {"17/05/1066", NULL, KITH_NORM_TOO_OLD},
        {"01/04/2026", NULL, KITH_NORM_FUTURE},
        {"17/05/2062", NULL, KITH_NORM_FUTURE},
        {"1980", NULL, KITH_NORM_NOT_A_DATE},
        {"17 May", NULL, KITH_NORM_NOT_A_DATE},
        {"yesterday", NULL, KITH_NORM_NOT_A_DATE},
        {"1980-05-17", NULL, KITH_NORM_NOT_A_DATE}, /* another format */
        {"17/05/19800", NULL, KITH_NORM_NOT_A_DATE},
        {"17-05-1980", NULL, KITH_NORM_NOT_A_DATE},
        {"\xE4\xB8\x80", NULL, KITH_NORM_NOT_A_DATE},
    };
    pattern = "dd/mm/yyyy";
    TEST_NORM(date, cases);
}

/* What is sure stays: the year, or year and month. */
static void
partly_known(void **state)
{
    (void)state;
    static const test_norm_case cases[] = {
        {"01/01/1980", "1980", KITH_NORM_JANUARY},
        {"31/02/1980", "198002", KITH_NORM_PARTIAL},
        {"00/05/1980", "198005", KITH_NORM_PARTIAL},
        {"31/04/1980", "198004", KITH_NORM_PARTIAL},
        {"29/02/1981", "198102", KITH_NORM_PARTIAL},
        {"00/00/1980", "1980", KITH_NORM_PARTIAL},
        {"05/17/1980", "1980", KITH_NORM_PARTIAL},
        {"99/99/1980", "1980", KITH_NORM_PARTIAL},
        {"00/00/2027", NULL, KITH_NORM_FUTURE},
    };
    pattern = "dd/mm/yyyy";
    TEST_NORM(date, cases);
}

static void
january_keeps_its_day_for_ages(void **state)
{
    (void)state;
    kith_norm_rules rules;
    kith_norm out;
    test_rules_make(&rules);
    pattern = "dd/mm/yyyy";
    date(&out, &rules, kith_str_of("01/01/1980"));
    assert_true(out.partial);
    assert_int_equal(out.date.day, 1);
    assert_int_equal(out.date.month, 1);
    test_rules_done(&rules);
}

/* One site's register of the dead links on their dates, and makes no ages. */
static void
one_site_keeps_old_dates(void **state)
{
    (void)state;
    kith_norm_rules rules;
    kith_norm out;
    test_rules_make(&rules);
    kith_spec here = *rules.spec;
    here.single_site = true;
    rules.spec = &here;
    pattern = "dd/mm/yyyy";
    date(&out, &rules, kith_str_of("17/05/1766"));
    assert_true(kith_str_equal((kith_str){out.text, out.len}, "17660517"));
    assert_int_equal(out.reason, KITH_NORM_GOOD);
    assert_int_equal(out.date.year, 0);
    date(&out, &rules, kith_str_of("17/05/1966"));
    assert_int_equal(out.date.year, 1966);
    date(&out, &rules, kith_str_of("01/01/1800"));
    assert_int_equal(out.reason, KITH_NORM_PLACEHOLDER);
    test_rules_done(&rules);
}

static void
from_parts(void **state)
{
    (void)state;
    static const struct {
        const char *day, *month, *year, *text;
        kith_norm_reason reason;
    } cases[] = {
        {"17", "5", "1980", "19800517", KITH_NORM_GOOD},
        {"07", "05", "1980", "19800507", KITH_NORM_GOOD},
        {"", "", "1980", "1980", KITH_NORM_PARTIAL},
        {"", "5", "1980", "198005", KITH_NORM_PARTIAL},
        {"17", "", "1980", "1980", KITH_NORM_PARTIAL},
        {"31", "2", "1980", "198002", KITH_NORM_PARTIAL},
        {"1", "1", "1980", "1980", KITH_NORM_JANUARY},
        {"1", "1", "1900", NULL, KITH_NORM_PLACEHOLDER},
        {"17", "5", "", NULL, KITH_NORM_EMPTY},
        {"17", "13", "1980", "1980", KITH_NORM_PARTIAL},
        {"32", "5", "1980", "198005", KITH_NORM_PARTIAL},
        {"71", "5", "1980", "198005", KITH_NORM_PARTIAL},
        {"x", "5", "1980", NULL, KITH_NORM_NOT_A_DATE},
        {"17", "5", "80", NULL, KITH_NORM_NOT_A_DATE},
        {"17", "5", "19800", NULL, KITH_NORM_NOT_A_DATE},
        {"17", "5", "2030", NULL, KITH_NORM_FUTURE},
    };
    kith_norm_rules rules;
    test_rules_make(&rules);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kith_norm out;
        kith_norm_date_parts(&out, &rules, kith_str_of(cases[i].day),
                             kith_str_of(cases[i].month),
                             kith_str_of(cases[i].year));
        assert_int_equal(out.reason, cases[i].reason);
        assert_true(
            cases[i].text == NULL
                ? out.len == 0
                : kith_str_equal((kith_str){out.text, out.len}, cases[i].text));
    }
    test_rules_done(&rules);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_dates),
        cmocka_unit_test(not_known),
        cmocka_unit_test(partly_known),
        cmocka_unit_test(january_keeps_its_day_for_ages),
        cmocka_unit_test(one_site_keeps_old_dates),
        cmocka_unit_test(from_parts),
    };
    return cmocka_run_group_tests_name("norm_date", tests, NULL, NULL);
}
