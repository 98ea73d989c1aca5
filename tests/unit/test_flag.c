/* The shipped cohorts on small made-up families. */
#include "../support/files.h"
#include "../support/scenario.h"

#include <kith/explain.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Reads one of the shipped files. */
static char *
shipped(const char *name)
{
    char path[512];
    size_t n = 0;
    const char *fixtures = getenv("KITH_FIXTURES");
    (void)snprintf(path, sizeof path, "%s/criteria/%s.criteria",
                   fixtures != NULL ? fixtures : "fixtures", name);
    return test_read(path, &n);
}

static void
troubled_families_are_found(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    scenario s = {0};
    char *criteria = shipped("troubled_families_2");
    scenario_write(&s,
                   "agency all\n"
                   "covers all 2010-01-01 2026-03-31\n"
                   "person mum 1990-05-01 f Bolton\n"
                   "person son 2012-05-01 m Bolton\n"
                   "person dad 1980-01-01 m Bury\n"
                   "person girl 2015-01-01 f Bury\n"
                   "person nan 1950-01-01 f Bury\n"
                   "family f1 mum:parent+parenting son:child\n"
                   "family f2 dad:parent+parenting girl:child\n"
                   "family f3 nan:parent\n"
                   "spell son school_roll 2020-09-01 open status=registered\n"
                   "spell girl school_roll 2020-09-01 open status=registered\n"
                   "event mum offence 2025-06-01 outcome=guilty\n"
                   "event mum domestic_abuse 2025-07-01 role=victim\n"
                   "event girl missing 2026-01-01 kind=missing\n"
                   "event nan offence 2025-06-01 outcome=guilty\n"
                   "event nan domestic_abuse 2025-06-01 role=victim\n",
                   NULL);
    if (scenario_run(&s, criteria, NULL, &err) != KITH_OK)
        fail_msg("%s", err.text);
    char *flags = scenario_flags(&s, "troubled_families_2");
    /* f3 has no dependent child: not in the cohort at all. */
    assert_string_equal(flags, "f1=yes f2=near");
    free(flags);
    free(criteria);
    scenario_remove(&s);
}

/* A population big enough for several chunks at any thread count. */
static char *
many_people(void)
{
    char *text = calloc(1, 64 * 1024);
    assert_non_null(text);
    size_t k = (size_t)sprintf(text, "agency all\ncovers all 2010-01-01 "
                                     "2026-03-31 Bolton\n");
    for (int i = 0; i < 60; i++)
        k += (size_t)sprintf(text + k, "person p%02d 19%02d-01-01 %c %s\n", i,
                             40 + i, i % 2 ? 'f' : 'm',
                             i % 3 ? "Bolton" : "Bury");
    for (int i = 0; i < 60; i += 3)
        k += (size_t)sprintf(text + k,
                             "family f%02d p%02d:parent p%02d:partner "
                             "p%02d:dependent_child\n",
                             i, i, i + 1, i + 2);
    for (int i = 0; i < 60; i += 2)
        k += (size_t)sprintf(text + k,
                             "event p%02d offence 2025-0%d-01 outcome=guilty\n"
                             "spell p%02d treatment 2025-01-01 open "
                             "substance=opiate\n",
                             i, i % 9 + 1, i);
    return text;
}

static void
threads_do_not_change_a_byte(void **state)
{
    (void)state;
    static const unsigned counts[] = {1, 2, 7};
    char *criteria = shipped("multiple_disadvantage");
    char *people = many_people();
    char *first[2] = {NULL, NULL};
    for (int i = 0; i < 3; i++) {
        kith_error err = KITH_ERROR_INIT;
        scenario s = {.n_threads = counts[i]};
        scenario_write(&s, people, NULL);
        assert_int_equal(scenario_run(&s, criteria, NULL, &err), KITH_OK);
        char *flags = scenario_output(&s, "flags.csv");
        char *evidence = scenario_output(&s, "evidence.csv");
        if (i == 0) {
            first[0] = flags;
            first[1] = evidence;
        } else {
            assert_string_equal(flags, first[0]);
            assert_string_equal(evidence, first[1]);
            free(flags);
            free(evidence);
        }
        scenario_remove(&s);
    }
    free(first[0]);
    free(first[1]);
    free(people);
    free(criteria);
}

/* What is said of others in the family, unless the cohort allows it. */
static void
evidence_of_others_is_withheld(void **state)
{
    (void)state;
    static const char *const people =
        "agency all\ncovers all 2010-01-01 2026-03-31\n"
        "person a 1990-01-01 f Bolton\n"
        "person b 1990-01-01 m Bolton\n"
        "family f1 a:parent b:partner\n"
        "event b offence 2025-06-01 outcome=guilty\n"
        "tie b 14.05\n";
    char text[512];
    for (int all = 0; all < 2; all++) {
        kith_error err = KITH_ERROR_INIT;
        scenario s = {0};
        (void)snprintf(text, sizeof text,
                       "cohort x version 1 from 2000-01-01 level person\n%s\n"
                       "criterion c any member has offence\nflag yes when c\n",
                       all ? "evidence all members" : "evidence own");
        scenario_write(&s, people, NULL);
        assert_int_equal(scenario_run(&s, text, NULL, &err), KITH_OK);
        assert_true(scenario_has_line(
            &s, "evidence.csv",
            all ? "x,a,c,yes,b,all,offence,2025-06-01,"
                  "02010000000000000000000000000000,14.05,"
                : "x,a,c,yes,,all,offence,,,14.05,"
                  "another member: person date and record withheld"));
        /* one's own is always shown */
        assert_true(
            scenario_has_line(&s, "evidence.csv",
                              "x,b,c,yes,b,all,offence,2025-06-01,"
                              "02010000000000000000000000000000,14.05,"));
        scenario_remove(&s);
    }
}

/* The flag says which extract is missing, for how long and where. */
static void
unknown_names_the_missing_extract(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    scenario s = {0};
    scenario_write(&s,
                   "agency all\ncovers offence 2010-01-01 2026-03-31 Bolton\n"
                   "covers treatment 2010-01-01 2025-12-31\n"
                   "person a 1990-01-01 f Bury\n",
                   NULL);
    assert_int_equal(
        scenario_run(&s,
                     "cohort x version 1 from 2000-01-01 level person\n"
                     "criterion crime has offence, last 12 months\n"
                     "criterion drugs has treatment, last 12 months\n"
                     "criterion old is aged 36\n"
                     "flag yes when at least 2 of them\n"
                     "near when exactly 1 of them\n",
                     NULL, &err),
        KITH_OK);
    assert_true(
        scenario_has_line(&s, "flags.csv", "x,1,person,a,near,,2026-03-31"));
    assert_true(scenario_has_line(&s, "evidence.csv",
                                  "x,a,crime,unknown,,,offence,,,,missing "
                                  "extract: offence 2025-04-01 to 2026-03-31 "
                                  "in bury"));
    assert_true(scenario_has_line(&s, "evidence.csv",
                                  "x,a,drugs,unknown,,,treatment,,,,missing "
                                  "extract: treatment 2026-01-01 to "
                                  "2026-03-31 in bury"));
    assert_true(scenario_has_line(
        &s, "evidence.csv",
        "x,a,flag,unknown,,,,,,,near; yes if the missing extracts say so"));
    scenario_remove(&s);
}

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

/* A run's results lie together; the scenarios keep theirs apart. */
static void
join_results(const scenario *s, char last[512])
{
    static const char *const files[] = {"persons.csv", "families.csv"};
    test_path(last, s->folder, "out");
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[600];
        size_t n = 0;
        (void)snprintf(path, sizeof path, "%s/results/%s", s->folder, files[i]);
        char *text = test_read(path, &n);
        (void)snprintf(path, sizeof path, "%s/out/%s", s->folder, files[i]);
        test_write(path, text, n);
        free(text);
    }
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
    join_results(&before, last);
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
        "tier both when crime and drugs\n"
        "tier crime_alone when crime\n";
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
    join_results(&before, last);
    now.previous = last;
    scenario_write(&now, people, "2026-06-30");
    (void)snprintf(text, sizeof text, criteria, "2");
    assert_int_equal(scenario_run(&now, text, "2026-06-30", &err), KITH_OK);
    char *changes = scenario_output(&now, "changes.csv");
    assert_string_equal(
        changes,
        "cohort,id,change,before,after,why\n"
        "x,grown,left,yes,no,not what the cohort is about; definition 1 to 2\n"
        "x,worse,changed,yes,yes,+drugs; tier crime_alone to both; definition "
        "1 to 2\n");
    free(changes);
    scenario_remove(&before);
    scenario_remove(&now);
}

/* The story of one flag, in words. */
static void
a_flag_tells_its_story(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    scenario s = {0};
    char out[512];
    char *text = NULL;
    size_t n = 0;
    scenario_write(&s,
                   "agency gmp\ncovers offence 2010-01-01 2026-03-31\n"
                   "person a 1990-01-01 f Bolton\n"
                   "event a offence 2025-06-01 outcome=guilty\n"
                   "tie a 7.50\n",
                   NULL);
    assert_int_equal(
        scenario_run(&s,
                     "cohort x version 1 from 2000-01-01 level person\n"
                     "title \"A cohort, to try\"\n"
                     "criterion crime \"An offence\" has offence, "
                     "last 12 months\n"
                     "flag yes when crime",
                     NULL, &err),
        KITH_OK);
    assert_true(scenario_has_line(&s, "cohorts.csv",
                                  "x,1,person,,\"A cohort, to try\","));
    assert_true(
        scenario_has_line(&s, "cohorts.csv", "x,1,person,crime,An offence,"));
    test_path(out, s.folder, "out");
    FILE *to = open_memstream(&text, &n);
    assert_non_null(to);
    assert_int_equal(kith_explain_flag(to, out, "x", "a", &err), KITH_OK);
    assert_int_equal(kith_explain_flag(to, out, "x", "b", &err),
                     KITH_ERR_USAGE);
    assert_int_equal(fclose(to), 0);
    assert_non_null(strstr(text, "The person a: in cohort x (version 1), "
                                 "since 2026-03-31.\nA cohort, to try\n"));
    assert_non_null(strstr(text, "), tied to its person by 7.50 bits\n"));
    assert_non_null(strstr(text, "crime: met\n  (An offence)\n"
                                 "  offence on 2025-06-01, sent by gmp, about "
                                 "person a (record gmp:0101"));
    free(text);
    scenario_remove(&s);
}

/* The weakest link in use has 3 bits: below 5 a's record is lost, below 7 b's
 * too, below 11 c's is not. What a home and another cohort make of it. */
static void
weak_links_move_flags(void **state)
{
    (void)state;
    static const char *const moved[] = {
        "x,person,a,2,yes,no",  "x,person,a,4,yes,no",
        "x,person,b,4,yes,no",  "x,person,b,8,yes,no",
        "y,family,f1,2,yes,no", "y,family,f1,8,yes,no",
        "z,person,d,2,yes,no",  "v,household,h1,2,yes,no",
        "w,family,f1,2,no,yes"};
    static const char *const steady[] = {
        "x,person,b,2,yes,no", "x,person,c,8,yes,no", "z,person,c,8,yes,no"};
    kith_error err = KITH_ERROR_INIT;
    scenario s = {0};
    scenario_write(&s,
                   "agency gmp\ncovers offence 2010-01-01 2026-03-31\n"
                   "person a 1990-01-01 f Bolton\n"
                   "person b 1990-01-01 f Bolton\n"
                   "person c 1990-01-01 f Bolton\n"
                   "person d 1990-01-01 m Bolton\n"
                   "family f1 a:parent d:partner\n"
                   "household h1 a d\nhousehold h2 c\n"
                   "event a offence 2025-06-01\ntie a 3.00\n"
                   "event b offence 2025-06-01\ntie b 6.50\n"
                   "event c offence 2025-06-01\ntie c 11.00\n",
                   NULL);
    assert_int_equal(
        scenario_run(&s,
                     "cohort x version 1 from 2000-01-01 level person\n"
                     "flag yes when has offence, last 12 months\n"
                     "cohort y version 1 from 2000-01-01 level family\n"
                     "flag yes when any member in cohort x\n"
                     "cohort z version 1 from 2000-01-01 level person\n"
                     "flag yes when any member has offence\n"
                     "cohort v version 1 from 2000-01-01 level household\n"
                     "flag yes when any member has offence\n"
                     "cohort w version 1 from 2000-01-01 level family\n"
                     "flag yes when no member has offence\n",
                     NULL, &err),
        KITH_OK);
    for (size_t i = 0; i < sizeof moved / sizeof *moved; i++) {
        if (!scenario_has_line(&s, "moves.csv", moved[i]))
            fail_msg("moves.csv lacks %s", moved[i]);
    }
    for (size_t i = 0; i < sizeof steady / sizeof *steady; i++)
        assert_false(scenario_has_line(&s, "moves.csv", steady[i]));
    scenario_remove(&s);
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

/* Every shipped file holds, whatever the agencies send. */
static void
shipped_criteria_are_sound(void **state)
{
    (void)state;
    static const char *const names[] = {
        "troubled_families_1", "troubled_families_2",  "supporting_families",
        "employment",          "offender_management",  "young_people",
        "homelessness",        "children_social_care", "multiple_disadvantage",
        "frequent_ae"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        kith_error err = KITH_ERROR_INIT;
        scenario s = {0};
        char *criteria = shipped(names[i]);
        scenario_write(&s,
                       "agency all\nperson a 1990-01-01 f Bolton\n"
                       "family f a:parent\nhousehold h a\n",
                       NULL);
        if (scenario_run(&s, criteria, NULL, &err) != KITH_OK)
            fail_msg("%s: %s", names[i], err.text);
        scenario_remove(&s);
        free(criteria);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(troubled_families_are_found),
        cmocka_unit_test(threads_do_not_change_a_byte),
        cmocka_unit_test(evidence_of_others_is_withheld),
        cmocka_unit_test(unknown_names_the_missing_extract),
        cmocka_unit_test(changes_say_why),
        cmocka_unit_test(the_vanished_have_left),
        cmocka_unit_test(merged_and_split_persons_are_said),
        cmocka_unit_test(changes_of_tier_and_definition_are_said),
        cmocka_unit_test(a_flag_tells_its_story),
        cmocka_unit_test(weak_links_move_flags),
        cmocka_unit_test(shipped_criteria_are_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
