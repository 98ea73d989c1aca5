/* The shipped cohorts on small made-up families. */
#include "../support/files.h"
#include "../support/scenario.h"

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
                                  "in Bury"));
    assert_true(scenario_has_line(&s, "evidence.csv",
                                  "x,a,drugs,unknown,,,treatment,,,,missing "
                                  "extract: treatment 2026-01-01 to "
                                  "2026-03-31 in Bury"));
    assert_true(scenario_has_line(
        &s, "evidence.csv",
        "x,a,flag,unknown,,,,,,,near: yes if the missing extracts say so"));
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

/* 53 offences in the year: 50 lines and one that says what is left out. */
static void
long_evidence_says_how_much_is_left_out(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    scenario s = {0};
    char *text = calloc(1, 16 * 1024);
    assert_non_null(text);
    size_t k = (size_t)sprintf(text, "agency all\n"
                                     "covers all 2010-01-01 2026-03-31\n"
                                     "person a 1990-01-01 f Bolton\n");
    for (int i = 0; i < 53; i++)
        k += (size_t)sprintf(text + k, "event a offence 2026-%02d-%02d\n",
                             1 + i / 28, 1 + i % 28);
    scenario_write(&s, text, NULL);
    free(text);
    if (scenario_run(&s,
                     "cohort x version 1 from 2000-01-01 level person\n"
                     "criterion many has at least 3 offence, last 12 months\n"
                     "flag yes when many",
                     NULL, &err) != KITH_OK)
        fail_msg("%s", err.text);
    assert_true(
        scenario_has_line(&s, "evidence.csv", "x,a,many,yes,,,,,,,and 3 more"));
    char *evidence = scenario_output(&s, "evidence.csv");
    size_t n_lines = 0;
    for (const char *c = evidence; *c != '\0'; c++)
        n_lines += *c == '\n';
    assert_int_equal(n_lines, 1 + 50 + 1);
    free(evidence);
    scenario_remove(&s);
}

/* Of another project, epoch, run or key than persons.csv: refused by name. */
static void
another_payload_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *run; /* run.txt */
        const char *events_run;
        const char *says; /* NULL: flags are made */
    } cases[] = {
        {"project: p\nepoch: e\nrun: r\ncheck: c\n", NULL, NULL},
        {"project: p\nepoch: e\nrun: r\n", NULL, NULL}, /* refs rekeyed */
        {NULL, "other", NULL},
        {"project: q\nepoch: e\nrun: r\n", NULL,
         "all.people are of "
         "different projects"},
        {"project: p\nepoch: f\nrun: r\n", NULL, "different epochs"},
        {"project: p\nepoch: e\nrun: s\n", NULL, "different runs"},
        {"project: p\nepoch: e\nrun: r\ncheck: d\n", NULL, "different keys"},
        {"project: p\nepoch: e\nrun: r\n", "s",
         "all.events are of "
         "different runs"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        kith_error err = KITH_ERROR_INIT;
        scenario s = {.events_run = cases[i].events_run};
        char path[512];
        scenario_write(&s, "agency all\nperson a 1990-01-01 f Bolton\n", NULL);
        test_path(path, s.folder, "results/run.txt");
        if (cases[i].run != NULL)
            test_write(path, cases[i].run, strlen(cases[i].run));
        const kith_status status =
            scenario_run(&s,
                         "cohort x version 1 from 2000-01-01 level person\n"
                         "criterion c is aged 36\nflag yes when c\n",
                         NULL, &err);
        assert_int_equal(status,
                         cases[i].says == NULL ? KITH_OK : KITH_ERR_MISMATCH);
        assert_true(cases[i].says == NULL ||
                    strstr(err.text, cases[i].says) != NULL);
        scenario_remove(&s);
    }
}

/* A line says which trait it was, and of whom. */
static void
evidence_names_the_trait(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "own,a,old,yes,,,,,,,age decides",
        "own,a,sex,unknown,,,,,,,sex not known",
        "own,a,home,no,,,,,,,home area decides",
        "kin,f1,age,unknown,,,,,,,a member's age not known",
        "kin,f1,role,yes,,,,,,,role in the family decides",
        "kin,f1,own,yes,,,,,,,in cohort own"};
    kith_error err = KITH_ERROR_INIT;
    scenario s = {0};
    scenario_write(&s,
                   "agency all\ncovers all 2010-01-01 2026-03-31\n"
                   "person a 1990-01-01 ? Bolton\n"
                   "person b ? f Bolton\n"
                   "family f1 a:partner b:other\n",
                   NULL);
    if (scenario_run(&s,
                     "cohort own version 1 from 2000-01-01 level person\n"
                     "criterion old is aged 36\n"
                     "criterion sex is male\n"
                     "criterion home lives in {Bury}\n"
                     "flag yes when at least 1 of them\n"
                     "cohort kin version 1 from 2000-01-01 level family\n"
                     "criterion age any member is aged 40 to 50\n"
                     "criterion role any member is partner\n"
                     "criterion own any member in cohort own\n"
                     "flag yes when at least 1 of them\n",
                     NULL, &err) != KITH_OK)
        fail_msg("%s", err.text);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        if (!scenario_has_line(&s, "evidence.csv", lines[i]))
            fail_msg("%s", lines[i]);
    scenario_remove(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(troubled_families_are_found),
        cmocka_unit_test(threads_do_not_change_a_byte),
        cmocka_unit_test(evidence_of_others_is_withheld),
        cmocka_unit_test(unknown_names_the_missing_extract),
        cmocka_unit_test(weak_links_move_flags),
        cmocka_unit_test(shipped_criteria_are_sound),
        cmocka_unit_test(long_evidence_says_how_much_is_left_out),
        cmocka_unit_test(another_payload_is_refused),
        cmocka_unit_test(evidence_names_the_trait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
