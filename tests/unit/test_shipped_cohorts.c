/* The shipped definitions, where sources have wordings that are easily got
 * wrong: read from the files themselves. */
#include "../support/files.h"
#include "../support/scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *
read_shipped(const char *name)
{
    char path[512];
    size_t n = 0;
    test_path(path, "fixtures/criteria", name);
    return test_read(path, &n);
}

/* The flags of one cohort of a shipped file, changed where @p from is given. */
static void
check(const char *file, const char *from, const char *to, const char *cohort,
      const char *people, const char *want)
{
    kith_error err = KITH_ERROR_INIT;
    scenario s = {0};
    char all[8192];
    char *text = read_shipped(file);
    if (from != NULL) {
        char *at = strstr(text, from);
        assert_non_null(at);
        assert_int_equal(strlen(from), strlen(to));
        memcpy(at, to, strlen(to));
    }
    (void)snprintf(all, sizeof all,
                   "agency all\ncovers all 2010-01-01 2026-03-31\n%s", people);
    scenario_write(&s, all, NULL);
    if (scenario_run(&s, text, NULL, &err) != KITH_OK)
        fail_msg("%s", err.text);
    char *flags = scenario_flags(&s, cohort);
    if (strcmp(flags, want) != 0)
        fail_msg("%s: \"%s\", want \"%s\"", cohort, flags, want);
    free(flags);
    free(text);
    scenario_remove(&s);
}

#define TF2 "troubled_families_2.criteria", NULL, NULL, "troubled_families_2"

/* Not registered and not educated otherwise (Derby). The abuse is a second
 * need in each family. */
static void
tf2_home_education_is_no_need(void **state)
{
    (void)state;
    check(TF2,
          "person a 2015-01-01 f Bolton\nperson b 2015-01-01 f Bolton\n"
          "person c 2015-01-01 f Bolton\n"
          "family home a:dependent_child\nfamily none b:dependent_child\n"
          "family roll c:dependent_child\n"
          "spell a school_roll 2020-09-01 open status=home_educated\n"
          "spell b school_roll 2020-09-01 open status=missing_education\n"
          "spell c school_roll 2020-09-01 open status=registered\n"
          "event a domestic_abuse 2025-06-01 role=child\n"
          "event b domestic_abuse 2025-06-01 role=child\n"
          "event c domestic_abuse 2025-06-01 role=child\n",
          "home=near none=yes roll=near");
}

/* 12 of 120 sessions unauthorised and 6 authorised: 10% in Derby, 15% in
 * Shropshire. */
static void
tf2_what_absence_counts_is_a_parameter(void **state)
{
    (void)state;
    static const char people[] =
        "person a 2015-01-01 f Bolton\n"
        "family f a:dependent_child\n"
        "spell a school_roll 2020-09-01 open status=registered\n"
        "event a domestic_abuse 2025-06-01 role=child\n"
        "event a attendance 2025-12-31 possible=120 authorised=6 "
        "unauthorised=12\n";
    check(TF2, people, "f=near");
    check("troubled_families_2.criteria", "authorised = 0", "authorised = 1",
          "troubled_families_2", people, "f=yes");
    /* a school that leaves out what does not count */
    check(TF2,
          "person a 2015-01-01 f Bolton\nfamily f a:dependent_child\n"
          "spell a school_roll 2020-09-01 open status=registered\n"
          "event a domestic_abuse 2025-06-01 role=child\n"
          "event a attendance 2025-12-31 possible=120 unauthorised=13\n",
          "f=yes");
}

/* Ten days in three terms: a need in the first plans, not in Derby's. */
static void
tf2_days_excluded_are_a_parameter(void **state)
{
    (void)state;
    static const char people[] =
        "person a 2012-01-01 f Bolton\n"
        "family f a:dependent_child\n"
        "spell a school_roll 2020-09-01 open status=registered\n"
        "event a domestic_abuse 2025-06-01 role=child\n"
        "event a exclusion 2025-10-01 kind=fixed phase=secondary days=10\n";
    check(TF2, people, "f=near");
    check("troubled_families_2.criteria", "days_any = 999", "days_any = 010",
          "troubled_families_2", people, "f=yes");
}

/* A nomination stands for the criterion that it names, until it expires; the
 * Surrey rule caps what a parent elsewhere accounts for. */
static void
tf2_nominations_and_the_cap(void **state)
{
    (void)state;
    check(TF2,
          "person a 2015-01-01 f Bolton\nperson b 2015-01-01 f Bolton\n"
          "person c 2015-01-01 f Bolton\nperson dad 1980-01-01 m Bolton\n"
          "family named a:dependent_child\n"
          "family late b:dependent_child\n"
          "family away c:dependent_child dad:non_resident_parent\n"
          "spell a school_roll 2020-09-01 open status=registered\n"
          "spell b school_roll 2020-09-01 open status=registered\n"
          "spell c school_roll 2020-09-01 open status=registered\n"
          "event a domestic_abuse 2025-06-01 role=child\n"
          "event b domestic_abuse 2025-06-01 role=child\n"
          "spell a nomination 2026-01-01 2026-03-31 cohort=troubled_families_2 "
          "criterion=health decision=include by=nurse\n"
          "spell b nomination 2026-01-01 2026-03-30 cohort=troubled_families_2 "
          "criterion=health decision=include by=nurse\n"
          "event dad offence 2025-06-01 outcome=guilty\n"
          "spell dad treatment 2025-06-01 open substance=opiate\n",
          "named=yes late=near away=near");
}

/* A claim fails on one child of two, unless equivalent progress was agreed. */
static void
tf2_claim_needs_every_child(void **state)
{
    (void)state;
    check("troubled_families_2.criteria", NULL, NULL,
          "troubled_families_2_claim",
          "person a 2012-01-01 f Bolton\nperson a2 2014-01-01 m Bolton\n"
          "person b 2012-01-01 f Bolton\nperson b2 2014-01-01 m Bolton\n"
          "person c 2012-01-01 f Bolton\nperson c2 2014-01-01 m Bolton\n"
          "family both a:dependent_child a2:dependent_child\n"
          "family one b:dependent_child b2:dependent_child\n"
          "family agreed c:dependent_child c2:dependent_child\n"
          "spell a intervention 2024-01-01 2024-12-31 "
          "programme=troubled_families\n"
          "spell b intervention 2024-01-01 2024-12-31 "
          "programme=troubled_families\n"
          "spell c intervention 2024-01-01 2024-12-31 "
          "programme=troubled_families\n"
          "spell a school_roll 2020-09-01 open status=registered\n"
          "spell a2 school_roll 2020-09-01 open status=home_educated\n"
          "spell b school_roll 2020-09-01 open status=registered\n"
          "spell c school_roll 2020-09-01 open status=registered\n"
          "spell c nomination 2026-01-01 2026-12-31 "
          "cohort=troubled_families_2_claim decision=include by=auditor\n",
          "both=yes one=near agreed=yes");
}

/* All three national criteria are automatic; two need a local one. */
static void
tf1_two_need_a_local_risk(void **state)
{
    (void)state;
    check("troubled_families_1.criteria", NULL, NULL, "troubled_families_1",
          "person k1 2010-04-01 m Bolton\nperson m1 1985-01-01 f Bolton\n"
          "person k2 2010-04-01 m Bolton\nperson m2 1985-01-01 f Bolton\n"
          "person k3 2010-04-01 m Bolton\nperson m3 1985-01-01 f Bolton\n"
          "family all k1:dependent_child m1:parent\n"
          "family two k2:dependent_child m2:parent\n"
          "family local k3:dependent_child m3:parent\n"
          "spell k2 school_roll 2020-09-01 open status=registered\n"
          "spell k3 school_roll 2020-09-01 open status=registered\n"
          "event k1 offence 2025-06-01 outcome=caution\n"
          "event k2 offence 2025-06-01 outcome=caution\n"
          "event k3 offence 2025-06-01 outcome=caution\n"
          "spell m1 benefit 2024-01-01 open kind=esa\n"
          "spell m2 benefit 2024-01-01 open kind=esa\n"
          "spell m3 benefit 2024-01-01 open kind=esa\n"
          "spell m3 treatment 2026-01-01 open substance=alcohol\n",
          "all=yes local=yes");
}

/* Hard Edges wants all three of homelessness, drugs and justice for SMD3;
 * Changing Futures three of five. */
static void
two_definitions_of_disadvantage(void **state)
{
    (void)state;
    static const char people[] =
        "person two 1980-01-01 m Bolton\nperson other 1980-01-01 m Bolton\n"
        "event two rough_sleeping 2025-12-01\n"
        "spell two treatment 2025-12-01 open substance=opiate\n"
        "event other rough_sleeping 2025-12-01\n"
        "event other mental_health 2025-12-01\n"
        "event other domestic_abuse 2025-12-01 role=victim\n";
    check("multiple_disadvantage.criteria", NULL, NULL, "smd", people,
          "two=yes other=near");
    check("multiple_disadvantage.criteria", NULL, NULL, "multiple_disadvantage",
          people, "two=near other=yes");
}

/* More than five visits a year is six. */
static void
more_than_five_visits(void **state)
{
    (void)state;
    check("frequent_ae.criteria", NULL, NULL, "frequent_ae",
          "person six 1950-01-01 m Bolton\nperson five 1950-01-01 m Bolton\n"
          "event six ae_attendance 2025-04-01\n"
          "event six ae_attendance 2025-05-01\n"
          "event six ae_attendance 2025-06-01\n"
          "event six ae_attendance 2025-07-01\n"
          "event six ae_attendance 2025-08-01\n"
          "event six ae_attendance 2026-03-31\n"
          "event five ae_attendance 2025-03-31\n"
          "event five ae_attendance 2025-05-01\n"
          "event five ae_attendance 2025-06-01\n"
          "event five ae_attendance 2025-07-01\n"
          "event five ae_attendance 2025-08-01\n"
          "event five ae_attendance 2026-03-31\n",
          "six=yes five=near");
}

/* Two unbroken years are 104 weeks, 728 days, with a fortnight between jobs. */
static void
the_two_year_job(void **state)
{
    (void)state;
    check("employment.criteria", NULL, NULL, "work_programme_job",
          "person whole 1980-01-01 m Bolton\nperson day 1980-01-01 m Bolton\n"
          "spell whole work_programme 2021-01-01 2023-06-30 outcome=none\n"
          "spell whole benefit 2020-01-01 2024-01-31 kind=esa\n"
          "spell whole employment 2024-02-01 2025-01-31\n"
          "spell whole employment 2025-02-15 2026-01-28\n"
          "spell day work_programme 2021-01-01 2023-06-30 outcome=none\n"
          "spell day benefit 2020-01-01 2024-01-31 kind=esa\n"
          "spell day employment 2024-02-01 2025-01-31\n"
          "spell day employment 2025-02-15 2026-01-27\n",
          "whole=yes day=near");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tf2_home_education_is_no_need),
        cmocka_unit_test(tf2_what_absence_counts_is_a_parameter),
        cmocka_unit_test(tf2_days_excluded_are_a_parameter),
        cmocka_unit_test(tf2_nominations_and_the_cap),
        cmocka_unit_test(tf2_claim_needs_every_child),
        cmocka_unit_test(tf1_two_need_a_local_risk),
        cmocka_unit_test(two_definitions_of_disadvantage),
        cmocka_unit_test(more_than_five_visits),
        cmocka_unit_test(the_two_year_job),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
