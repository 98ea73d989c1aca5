#include "base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Days counted by an independent calendar (Python's datetime). */
static const struct {
    const char *iso;
    int32_t days;
} KNOWN[] = {
    {"1970-01-01", 0},       {"1969-12-31", -1},      {"2000-03-01", 11017},
    {"1900-03-01", -25508},  {"2026-03-31", 20543},   {"2024-02-29", 19782},
    {"0001-01-01", -719162}, {"9999-12-31", 2932896},
};

static int32_t
days(const char *iso)
{
    int32_t d = KITH_NO_DATE;
    assert_true(kith_date_parse_iso(&d, iso, strlen(iso)));
    return d;
}

static void
test_known_days(void **state)
{
    char iso[16];
    (void)state;
    for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++) {
        assert_int_equal(days(KNOWN[i].iso), KNOWN[i].days);
        kith_date_format_iso(iso, KNOWN[i].days);
        assert_string_equal(iso, KNOWN[i].iso);
    }
}

/* 400 years are 146,097 days: every day of a full cycle, one after another. */
static void
test_full_cycle(void **state)
{
    (void)state;
    kith_ymd before = kith_ymd_from_days(days("1799-12-31"));
    const int32_t first = days("1800-01-01");
    assert_int_equal(days("2200-01-01") - first, 146097);
    for (int32_t d = first; d < first + 146097; d++) {
        const kith_ymd now = kith_ymd_from_days(d);
        assert_true(kith_ymd_valid(now));
        assert_int_equal(kith_days_from_ymd(now), d);
        const int same_month =
            now.month == before.month && now.day == before.day + 1;
        const int next_month = now.day == 1 &&
                               now.month == before.month % 12 + 1 &&
                               now.year == before.year + (now.month == 1);
        assert_true(same_month || next_month);
        before = now;
    }
}

static void
test_not_dates(void **state)
{
    static const char *const bad[] = {
        "2023-02-29", "1900-02-29", "2026-13-01", "2026-00-10",
        "2026-04-31", "2026-01-00", "0000-01-01", "2026-1-01",
        "2026/01/01", "2026-01-0x", "",           "2026-01-011"};
    int32_t d = 0;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(kith_date_parse_iso(&d, bad[i], strlen(bad[i])));
    assert_true(kith_date_parse_iso(&d, "2000-02-29", 10));
}

static void
test_age(void **state)
{
    (void)state;
    assert_int_equal(kith_age_years(days("2000-06-15"), days("2018-06-14")),
                     17);
    assert_int_equal(kith_age_years(days("2000-06-15"), days("2018-06-15")),
                     18);
    /* Born on a leap day: a year older on 1 March of the years without. */
    assert_int_equal(kith_age_years(days("2008-02-29"), days("2026-02-28")),
                     17);
    assert_int_equal(kith_age_years(days("2008-02-29"), days("2026-03-01")),
                     18);
    assert_int_equal(kith_age_years(days("2008-02-29"), days("2024-02-29")),
                     16);
    assert_int_equal(kith_age_years(days("2020-01-02"), days("2020-01-01")),
                     -1);
}

static void
test_add_months(void **state)
{
    static const struct {
        const char *from;
        int32_t months;
        const char *to;
    } cases[] = {
        {"2026-01-31", 1, "2026-02-28"},   {"2024-01-31", 1, "2024-02-29"},
        {"2026-03-31", -1, "2026-02-28"},  {"2026-03-31", -12, "2025-03-31"},
        {"2026-12-15", 1, "2027-01-15"},   {"2026-01-15", -1, "2025-12-15"},
        {"2024-02-29", 12, "2025-02-28"},  {"2026-05-10", 0, "2026-05-10"},
        {"2026-01-01", -25, "2023-12-01"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(kith_add_months(days(cases[i].from), cases[i].months),
                         days(cases[i].to));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_days), cmocka_unit_test(test_full_cycle),
        cmocka_unit_test(test_not_dates),  cmocka_unit_test(test_age),
        cmocka_unit_test(test_add_months),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
