/* changes.csv: who entered, who left, and why it says so. */
#include "../support/files.h"
#include "../support/scenario.h"

#include <kith/flag.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Somebody of last time whom no agency sends any more. */
static void
the_vanished_have_left(void **state)
{
    (void)state;
    static const char *const criteria =
        "cohort x version 1 from 2000-01-01 level person\n"
        "flag yes when is female\n";
    kith_error err = KITH_ERROR_INIT;
    scenario before = {0};
    scenario now = {0};
    char last[512];
    scenario_write(&before,
                   "agency all\nperson a 1990-01-01 f Bolton\n"
                   "person gone 1990-01-01 f Bolton\n",
                   NULL);
    assert_int_equal(scenario_run(&before, criteria, NULL, &err), KITH_OK);
    test_path(last, before.folder, "out");
    now.previous = last;
    scenario_write(&now, "agency all\nperson a 1990-01-01 f Bolton\n", NULL);
    assert_int_equal(scenario_run(&now, criteria, NULL, &err), KITH_OK);
    char *changes = scenario_output(&now, "changes.csv");
    assert_string_equal(changes, "cohort,id,change,before,after,why\n"
                                 "x,gone,left,yes,no,"
                                 "no longer there\n");
    free(changes);
    scenario_remove(&before);
    scenario_remove(&now);
}

static void
a_last_run_that_is_not_there_is_refused(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    scenario s = {.previous = "/nowhere/results"};
    scenario_write(&s, "agency all\nperson a 1990-01-01 f Bolton\n", NULL);
    assert_int_equal(
        scenario_run(&s,
                     "cohort x version 1 from 2000-01-01 level person\n"
                     "flag yes when is female\n",
                     NULL, &err),
        KITH_ERR_CONFIG);
    assert_non_null(strstr(err.text, "/nowhere/results"));
    scenario_remove(&s);
}

/* Records 1 and 2 become one person, the two of record 3 and 4 become two,
 * record 5 is new; the family of the first takes another's name. */
static void
merged_and_split_persons_are_said(void **state)
{
    (void)state;
    static const char *const criteria =
        "cohort x version 1 from 2000-01-01 level person\n"
        "flag yes when is female\n"
        "cohort y version 1 from 2000-01-01 level family\n"
        "flag yes when any member is female\n";
    static const char *const lines[] = {
        "x,bb,left,yes,no,merged into aa", "x,dd,entered,no,yes,split from cc",
        "x,ee,entered,no,yes,not there before",
        "y,f1,left,yes,no,merged into f2", "y,f2,entered,no,yes,split from f1"};
    kith_error err = KITH_ERROR_INIT;
    scenario before = {0};
    scenario now = {0};
    char last[512];
    scenario_write(&before,
                   "agency all\n"
                   "person aa 1990-01-01 f Bolton\n"
                   "person bb 1990-01-01 f Bolton\n"
                   "person cc 1990-01-01 f Bolton\n"
                   "person cc 1990-01-01 f Bolton\n"
                   "family f1 aa:parent\n",
                   NULL);
    assert_int_equal(scenario_run(&before, criteria, NULL, &err), KITH_OK);
    scenario_join(&before, last);
    now.previous = last;
    scenario_write(&now,
                   "agency all\n"
                   "person aa 1990-01-01 f Bolton\n"
                   "person aa 1990-01-01 f Bolton\n"
                   "person cc 1990-01-01 f Bolton\n"
                   "person dd 1990-01-01 f Bolton\n"
                   "person ee 1990-01-01 f Bolton\n"
                   "family f2 aa:parent\n",
                   NULL);
    assert_int_equal(scenario_run(&now, criteria, NULL, &err), KITH_OK);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (!scenario_has_line(&now, "changes.csv", lines[i]))
            fail_msg("changes.csv lacks %s", lines[i]);
    }
    scenario_remove(&before);
    scenario_remove(&now);
}

/* A birthday takes one out of the population, an order raises another's tier,
 * and the definition is a new one. */
static void
changes_of_tier_and_definition_are_said(void **state)
{
    (void)state;
    static const char *const criteria =
        "cohort x version %s from 2000-01-01 level person\n"
        "include when aged under 18\n"
        "scale tier = low < high\n"
        "criterion crime has offence, last 12 months\n"
        "criterion drugs has treatment, last 12 months\n"
        "flag yes when crime\n"
        "tier both when crime and drugs\n";
    static const char *const people =
        "agency all\ncovers all 2010-01-01 2026-06-30\n"
        "person grown 2008-05-01 f Bolton\n"
        "person worse 2010-01-01 f Bolton\n"
        "event grown offence 2026-03-01\n"
        "event worse offence 2026-03-01\n"
        "spell worse treatment 2026-05-01 open\n";
    kith_error err = KITH_ERROR_INIT;
    scenario before = {0};
    scenario now = {0};
    char text[1024];
    scenario_write(&before, people, "2026-03-31");
    (void)snprintf(text, sizeof text, criteria, "1");
    if (scenario_run(&before, text, "2026-03-31", &err) != KITH_OK)
        fail_msg("%s", err.text);
    char last[512];
    scenario_join(&before, last);
    now.previous = last;
    scenario_write(&now, people, "2026-06-30");
    (void)snprintf(text, sizeof text, criteria, "2");
    assert_int_equal(scenario_run(&now, text, "2026-06-30", &err), KITH_OK);
    char *changes = scenario_output(&now, "changes.csv");
    assert_string_equal(
        changes,
        "cohort,id,change,before,after,why\n"
        "x,grown,left,yes,no,not what the cohort is about; definition 1 to 2\n"
        "x,worse,changed,yes,yes,+drugs; tier none to both; definition "
        "1 to 2\n");
    free(changes);
    scenario_remove(&before);
    scenario_remove(&now);
}

/* Who entered, who left, by which criteria; a flag that stands keeps its
 * first day. */
static void
changes_say_why(void **state)
{
    (void)state;
    static const char *const criteria =
        "cohort x version 1 from 2000-01-01 level person\n"
        "criterion crime has offence, last 12 months\n"
        "criterion drugs has treatment, last 12 months\n"
        "flag yes when crime or drugs\n";
    static const char *const people =
        "agency all\ncovers all 2010-01-01 2026-06-30\n"
        "person came 1990-01-01 f Bolton\n"
        "person left 1990-01-01 f Bolton\n"
        "person stay 1990-01-01 f Bolton\n"
        "spell came treatment 2026-05-01 open\n"
        "event left offence 2025-05-01\n"
        "event stay offence 2025-12-01\n";
    kith_error err = KITH_ERROR_INIT;
    scenario before = {0};
    scenario now = {0};
    char last[512];
    scenario_write(&before, people, "2026-03-31");
    assert_int_equal(scenario_run(&before, criteria, "2026-03-31", &err),
                     KITH_OK);
    test_path(last, before.folder, "out");
    now.previous = last;
    scenario_write(&now, people, "2026-06-30");
    assert_int_equal(scenario_run(&now, criteria, "2026-06-30", &err), KITH_OK);
    char *changes = scenario_output(&now, "changes.csv");
    assert_string_equal(changes, "cohort,id,change,before,after,why\n"
                                 "x,came,entered,no,yes,+drugs\n"
                                 "x,left,left,yes,no,-crime\n");
    assert_true(scenario_has_line(&now, "flags.csv",
                                  "x,1,person,stay,yes,,2026-03-31"));
    assert_true(scenario_has_line(&now, "flags.csv",
                                  "x,1,person,came,yes,,2026-06-30"));
    free(changes);
    scenario_remove(&before);
    scenario_remove(&now);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vanished_have_left),
        cmocka_unit_test(a_last_run_that_is_not_there_is_refused),
        cmocka_unit_test(merged_and_split_persons_are_said),
        cmocka_unit_test(changes_of_tier_and_definition_are_said),
        cmocka_unit_test(changes_say_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
