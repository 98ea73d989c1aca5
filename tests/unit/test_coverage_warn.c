/* What the extracts do not cover is said before anybody reads "unknown". */
#include "base/date.h"
#include "base/job.h"
#include "criteria/coverage_warn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static int32_t
day_of(const char *text)
{
    int32_t day = 0;
    assert_true(kith_date_parse_iso(&day, text, strlen(text)));
    return day;
}

/* Bolton and Bury are lived in; the type is sent and read. */
static void
warnings_of(char *out, size_t room, kith_coverage *coverage, uint32_t n)
{
    kith_job *job = NULL;
    kith_job_params jp = kith_job_params_default();
    kith_people people = {0};
    uint32_t number = 0;
    size_t n_warnings = 0;
    kith_event_type type = {.name = (char[]){"offence"},
                            .sent = true,
                            .used = true,
                            .coverage = coverage,
                            .n_coverage = n};
    const kith_vocabulary v = {
        .types = &type, .n_types = 1, .death = UINT32_MAX};
    jp.quiet = true;
    assert_int_equal(kith_job_new(&job, &jp, NULL), KITH_OK);
    assert_int_equal(
        kith_dict_add(&people.districts, kith_str_of("Bolton"), &number, NULL),
        KITH_OK);
    assert_int_equal(
        kith_dict_add(&people.districts, kith_str_of("Bury"), &number, NULL),
        KITH_OK);
    kith_job_stage(job, "flag", "", 0, "");
    kith_coverage_warn(&v, &people, day_of("2026-03-31"), job);
    char *const *all = kith_job_warnings(job, &n_warnings);
    out[0] = '\0';
    for (size_t i = 0; i < n_warnings; i++) {
        strncat(out, all[i], room - strlen(out) - 1);
        strncat(out, "\n", room - strlen(out) - 1);
    }
    kith_job_stage_end(job);
    kith_job_free(job);
    kith_dict_done(&people.districts);
}

static void
whole_coverage_is_silent(void **state)
{
    (void)state;
    char said[1024];
    kith_coverage c[] = {
        {day_of("2020-01-01"), day_of("2026-03-31"), true, NULL}};
    warnings_of(said, sizeof said, c, 1);
    assert_string_equal(said, "");
}

/* March is missing in Bolton; Bury has a second coverage that holds it. */
static void
only_the_uncovered_days_are_named(void **state)
{
    (void)state;
    char said[1024];
    kith_coverage c[] = {
        {day_of("2020-01-01"), day_of("2026-02-28"), false, (char[]){"bolton"}},
        {day_of("2020-01-01"), day_of("2026-02-28"), false, (char[]){"bury"}},
        {day_of("2026-03-01"), day_of("2026-03-31"), false, (char[]){"bury"}}};
    warnings_of(said, sizeof said, c, 3);
    assert_string_equal(said,
                        "no extract covers \"offence\" from 2026-03-01 to "
                        "2026-03-31 in bolton: what depends on these days is "
                        "unknown\n");
}

/* A coverage for everybody holds in Bolton too, the other way it does not. */
static void
everywhere_holds_in_an_area(void **state)
{
    (void)state;
    char said[1024];
    kith_coverage c[] = {
        {day_of("2020-01-01"), day_of("2026-02-28"), false, (char[]){"bolton"}},
        {day_of("2020-01-01"), day_of("2026-03-30"), true, NULL}};
    warnings_of(said, sizeof said, c, 2);
    assert_string_equal(said,
                        "no extract covers \"offence\" from 2026-03-31 to "
                        "2026-03-31 in bolton: what depends on these days is "
                        "unknown\n"
                        "no extract covers \"offence\" from 2026-03-31 to "
                        "2026-03-31: what depends on these days is unknown\n");
}

static void
a_misspelt_area_is_named(void **state)
{
    (void)state;
    char said[1024];
    kith_coverage c[] = {
        {day_of("2020-01-01"), day_of("2026-03-31"), false, (char[]){"boltn"}},
        {day_of("2020-01-01"), day_of("2026-03-31"), false, (char[]){"bury"}}};
    warnings_of(said, sizeof said, c, 2);
    assert_string_equal(
        said, "the coverage of \"offence\" names the area \"boltn\", in which "
              "nobody lives: is it spelt as in areas.csv?\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_coverage_is_silent),
        cmocka_unit_test(only_the_uncovered_days_are_named),
        cmocka_unit_test(everywhere_holds_in_an_area),
        cmocka_unit_test(a_misspelt_area_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
