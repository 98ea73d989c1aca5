/* The tables of populations counted by hand. That of counts.csv: 24 women and
 * 16 men in Bolton, 3 women in Bury, 12 women in Wigan, 4 women nowhere. */
#include "../support/files.h"
#include "../support/scenario.h"

#include <kith/report.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static size_t
add_people(char *text, size_t k, const char *name, int n, const char *rest)
{
    for (int i = 0; i < n; i++)
        k += (size_t)sprintf(text + k, "person %s%02d 1980-01-01 %s\n", name, i,
                             rest);
    return k;
}

/* @return the counter @p reason of the report about @p scope */
static uint64_t
count_report(const scenario *s, const char *scope, const char *reason)
{
    kith_error err = KITH_ERROR_INIT;
    kith_job *job = NULL;
    kith_job_params jp = kith_job_params_default();
    char results[512];
    char payload[512];
    char out[512];
    jp.quiet = true;
    test_path(results, s->folder, "results");
    test_path(payload, s->folder, "payload");
    test_path(out, s->folder, "out");
    kith_report_params params = kith_report_params_default();
    params.results = results;
    params.flags = out;
    params.payload = payload;
    params.out = out;
    params.region = "Northshire";
    params.smallest_neighbourhood = 20;
    params.largest_neighbourhood = 24;
    assert_int_equal(kith_job_new(&job, &jp, &err), KITH_OK);
    if (kith_report(&params, job, &err) != KITH_OK)
        fail_msg("%s", err.text);
    const uint64_t n = kith_job_counted(job, "report", scope, reason);
    kith_job_free(job);
    return n;
}

/* @return residents that the check of neighbourhoods found in @p odd */
static uint64_t
run_report(const scenario *s, const char *odd)
{
    return count_report(s, odd, "residents_of_odd_neighbourhood");
}

/* Flags the people of @p text by @p criteria and reports on them. */
static void
report_on(scenario *s, const char *text, const char *criteria)
{
    kith_error err = KITH_ERROR_INIT;
    scenario_write(s, text, NULL);
    assert_int_equal(scenario_run(s, criteria, NULL, &err), KITH_OK);
    (void)run_report(s, "");
}

static void
assert_lines(const scenario *s, const char *file, const char *const *lines,
             size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!scenario_has_line(s, file, lines[i]))
            fail_msg("%s lacks %s", file, lines[i]);
    }
}

#define ASSERT_LINES(s, file, lines)                                           \
    assert_lines(s, file, lines, sizeof(lines) / sizeof *(lines))

static void
counts_by_place(void **state)
{
    (void)state;
    static const char *const counts[] = {
        /* 43 women; 3 and 4 hide each other, so Wigan's 12 may stay */
        "x,1,person,region,Northshire,yes,45,60,750.0",
        "x,1,person,district,Bolton,yes,25,40,625.0",
        "x,1,person,district,Bury,yes,<10,<10,",
        "x,1,person,district,Wigan,yes,10,10,1000.0",
        "x,1,person,district,(not known),yes,<10,<10,",
        "x,1,person,district,Bolton,unknown,0,40,0.0"};
    static const char *const overlaps[] = {
        "region,Northshire,x,x,45", "region,Northshire,x,y,45",
        "region,Northshire,y,y,60", "district,Bury,x,y,<10",
        "district,Bolton,y,y,40"};
    kith_error err = KITH_ERROR_INIT;
    scenario s = {0};
    char *text = calloc(1, 16 * 1024);
    assert_non_null(text);
    size_t k = (size_t)sprintf(text, "agency all\n");
    k = add_people(text, k, "a", 24, "f Bolton");
    k = add_people(text, k, "b", 16, "m Bolton");
    k = add_people(text, k, "c", 3, "f Bury");
    k = add_people(text, k, "d", 12, "f Wigan");
    (void)add_people(text, k, "e", 4, "f ?");
    scenario_write(&s, text, NULL);
    assert_int_equal(
        scenario_run(&s,
                     "cohort x version 1 from 2000-01-01 level person\n"
                     "flag yes when is female\n"
                     "cohort y version 1 from 2000-01-01 level person\n"
                     "flag yes when aged 18 or over\n",
                     NULL, &err),
        KITH_OK);
    /* Bury and nowhere, in x, in y and in both. */
    assert_int_equal(count_report(&s, "overlap.csv", "cells_suppressed"), 6);
    ASSERT_LINES(&s, "counts.csv", counts);
    ASSERT_LINES(&s, "overlap.csv", overlaps);
    free(text);
    scenario_remove(&s);
}

/* 20 women of two agencies, 12 of whom the second knows by a weak link only,
 * and 15 men whom the first alone knows. */
static void
bias_by_group(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "linked,,all,everybody,40,55,72.7",
        "linked,,sex,female,40,40,100.0",
        "linked,,sex,male,0,15,0.0",
        "linked,,district,Bury,0,15,0.0",
        "records,,all,everybody,55,35,1.57",
        "records,,sex,female,40,20,2.00",
        "yes,x,all,everybody,20,35,57.1",
        "yes,x,sex,male,0,15,0.0",
        "yes,x,age,45-64,20,35,57.1",
        "yes,x,district,Bolton,20,20,100.0",
        "lost_2,x,all,everybody,10,20,50.0", /* 12, rounded */
        "lost_8,x,sex,female,10,20,50.0",
        "gained_8,x,all,everybody,0,20,0.0"};
    scenario s = {0};
    char *text = calloc(1, 16 * 1024);
    assert_non_null(text);
    size_t k = (size_t)sprintf(text, "agency one\n");
    k = add_people(text, k, "a", 20, "f Bolton");
    k = add_people(text, k, "b", 15, "m Bury");
    k += (size_t)sprintf(text + k, "agency two\n"
                                   "covers offence 2010-01-01 2026-03-31\n");
    for (int i = 0; i < 20; i++)
        k += (size_t)sprintf(text + k,
                             "event a%02d offence 2025-06-01\ntie a%02d %s\n",
                             i, i, i < 12 ? "3.00" : "30.00");
    for (int i = 0; i < 15; i++)
        k += (size_t)sprintf(text + k, "tie b%02d -\n", i);
    report_on(&s, text,
              "cohort x version 1 from 2000-01-01 level person\n"
              "flag yes when has offence, last 12 months\n");
    ASSERT_LINES(&s, "bias.csv", lines);
    free(text);
    scenario_remove(&s);
}

/* 30 women, 10 of them old; 20 men that the cohorts are not about. */
static void
rates_are_of_those_the_cohort_is_about(void **state)
{
    (void)state;
    static const char *const counts[] = {
        "x,1,person,region,Northshire,yes,10,30,333.3",
        "x,1,person,district,Bury,yes,10,10,1000.0",
        /* whom nobody is flagged in is counted too */
        "z,1,person,region,Northshire,yes,0,30,0.0"};
    static const char *const bias[] = {"yes,x,all,everybody,10,30,33.3",
                                       "yes,x,sex,female,10,30,33.3"};
    scenario s = {0};
    char *text = calloc(1, 16 * 1024);
    assert_non_null(text);
    size_t k = (size_t)sprintf(text, "agency all\n");
    for (int i = 0; i < 10; i++)
        k += (size_t)sprintf(text + k, "person o%02d 1930-01-01 f Bury\n", i);
    k = add_people(text, k, "a", 20, "f Bolton");
    (void)add_people(text, k, "b", 20, "m Bolton");
    report_on(&s, text,
              "cohort x version 1 from 2000-01-01 level person\n"
              "include when is female\n"
              "flag yes when aged 80 or over\n"
              "cohort z version 1 from 2000-01-01 level person\n"
              "exclude when is male\n"
              "flag yes when aged under 5\n");
    ASSERT_LINES(&s, "counts.csv", counts);
    ASSERT_LINES(&s, "bias.csv", bias);
    free(text);
    scenario_remove(&s);
}

/* Deciles 1 and 2 are the first quintile, 9 and 10 the last. */
static void
bias_by_deprivation(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "yes,x,deprivation,1 most deprived,20,20,100.0",
        "yes,x,deprivation,5 least deprived,0,20,0.0",
        "yes,x,deprivation,(not known),0,10,0.0",
        "records,,deprivation,1 most deprived,20,20,1.00"};
    scenario s = {0};
    char *text = calloc(1, 16 * 1024);
    assert_non_null(text);
    size_t k = (size_t)sprintf(text, "agency all\n");
    k = add_people(text, k, "a", 10, "f Bolton Halliwell 1");
    k = add_people(text, k, "b", 10, "f Bolton Halliwell 2");
    k = add_people(text, k, "c", 10, "m Bolton ? 9");
    k = add_people(text, k, "d", 10, "m Bolton Heaton 10");
    (void)add_people(text, k, "e", 10, "m Bolton Heaton");
    report_on(&s, text,
              "cohort x version 1 from 2000-01-01 level person\n"
              "flag yes when is female\n");
    ASSERT_LINES(&s, "bias.csv", lines);
    free(text);
    scenario_remove(&s);
}

/* Ten women each of two origins, one of whom changed what she says; of the
 * men nobody knows. What nobody knows at all has no lines. */
static void
bias_by_origin(void **state)
{
    (void)state;
    static const char *const lines[] = {"yes,x,origin,red,10,10,100.0",
                                        "yes,x,origin,blue,10,10,100.0",
                                        "yes,x,origin,(not known),0,15,0.0"};
    scenario s = {0};
    char *text = calloc(1, 16 * 1024);
    assert_non_null(text);
    size_t k = (size_t)sprintf(text, "type origin event group -\nagency all\n");
    k = add_people(text, k, "a", 10, "f Bolton");
    k = add_people(text, k, "b", 10, "f Bolton");
    k = add_people(text, k, "c", 15, "m Bolton");
    k += (size_t)sprintf(text + k, "event b00 origin 2020-01-01 group=red\n");
    for (int i = 0; i < 10; i++)
        k += (size_t)sprintf(text + k,
                             "event a%02d origin 2025-01-01 group=red\n"
                             "event b%02d origin 2025-01-01 group=blue\n",
                             i, i);
    report_on(&s, text,
              "cohort x version 1 from 2000-01-01 level person\n"
              "flag yes when is female\n");
    ASSERT_LINES(&s, "bias.csv", lines);
    char *bias = scenario_output(&s, "bias.csv");
    assert_null(strstr(bias, ",deprivation,"));
    free(bias);
    free(text);
    scenario_remove(&s);
}

/* Wanted are 20 to 24: 9 are too few, 25 too many, 20 and 24 neither. */
static void
odd_neighbourhoods_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int n;
        uint64_t odd;
    } places[] = {{"Few", 9, 9}, {"Least", 20, 0}, {"Most", 24, 0}};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        kith_error err = KITH_ERROR_INIT;
        scenario s = {0};
        char rest[64];
        char *text = calloc(1, 16 * 1024);
        assert_non_null(text);
        size_t k = (size_t)sprintf(text, "agency all\n");
        (void)snprintf(rest, sizeof rest, "f Bolton %s", places[i].name);
        k = add_people(text, k, "a", places[i].n, rest);
        (void)add_people(text, k, "b", 25, "f Bolton Many");
        scenario_write(&s, text, NULL);
        assert_int_equal(
            scenario_run(&s,
                         "cohort x version 1 from 2000-01-01 level person\n"
                         "flag yes when is female\n",
                         NULL, &err),
            KITH_OK);
        assert_int_equal(run_report(&s, places[i].name), places[i].odd);
        assert_int_equal(run_report(&s, "Many"), 25);
        free(text);
        scenario_remove(&s);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_by_place),
        cmocka_unit_test(rates_are_of_those_the_cohort_is_about),
        cmocka_unit_test(bias_by_group),
        cmocka_unit_test(bias_by_deprivation),
        cmocka_unit_test(bias_by_origin),
        cmocka_unit_test(odd_neighbourhoods_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
