/* kith explain --flag: one flag in words, and what has none. */
#include "../support/files.h"
#include "../support/scenario.h"

#include <kith/explain.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

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
                   "person c 1990-01-01 f Bolton\n"
                   "person m 1990-01-01 m Bolton\n"
                   "event a offence 2025-06-01 outcome=guilty\n"
                   "tie a 7.50\n",
                   NULL);
    assert_int_equal(
        scenario_run(&s,
                     "cohort x version 1 from 2000-01-01 level person\n"
                     "title \"A cohort, to try\"\n"
                     "include when is female\n"
                     "criterion crime \"An offence\" has offence, "
                     "last 12 months\n"
                     "flag yes when crime",
                     NULL, &err),
        KITH_OK);
    assert_true(scenario_has_line(&s, "cohorts.csv",
                                  "x,1,person,,\"A cohort, to try\","));
    assert_true(
        scenario_has_line(&s, "cohorts.csv", "x,1,person,crime,An offence,"));
    scenario_join(&s, out);
    FILE *to = open_memstream(&text, &n);
    assert_non_null(to);
    assert_int_equal(kith_explain_flag(to, out, "x", "a", &err), KITH_OK);
    assert_int_equal(kith_explain_flag(to, out, "x", "c", &err), KITH_OK);
    assert_int_equal(kith_explain_flag(to, out, "x", "m", &err), KITH_OK);
    assert_int_equal(fclose(to), 0);
    assert_non_null(strstr(text, "Person a is in the cohort A cohort, to try "
                                 "(x, version 1), since 2026-03-31.\n"
                                 "It meets 1 of 1 criterion.\n"));
    assert_non_null(strstr(text, "), tied to its person by 7.50 bits\n"));
    assert_non_null(strstr(text, "crime: met\n  (An offence)\n"
                                 "  offence on 2025-06-01, sent by gmp, about "
                                 "person a (record gmp:0101"));
    assert_non_null(strstr(text, "Person c is not in the cohort: A cohort, to "
                                 "try (x, version 1).\n"
                                 "The cohort is about it,"));
    assert_non_null(strstr(text, "  crime: An offence\n"));
    assert_non_null(strstr(text, "Person m is not in the cohort: A cohort, to "
                                 "try (x, version 1).\nIts `include` and "
                                 "`exclude` leave it out"));
    free(text);
    scenario_remove(&s);
}

/* Three different mistakes, three different answers. */
static void
what_cannot_be_explained_is_told_apart(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    scenario s = {0};
    char out[512];
    scenario_write(&s,
                   "agency gmp\nperson a 1990-01-01 f Bolton\n"
                   "family fa a:parent\n",
                   NULL);
    assert_int_equal(
        scenario_run(&s,
                     "cohort parents version 1 from 2000-01-01 level family\n"
                     "flag yes when any member is female",
                     NULL, &err),
        KITH_OK);
    scenario_join(&s, out);
    assert_int_equal(kith_explain_flag(stdout, out, "parent", "fa", &err),
                     KITH_ERR_USAGE);
    assert_string_equal(err.text, "no cohort parent was decided in this run");
    assert_string_equal(err.hint, "did you mean parents?");
    assert_int_equal(kith_explain_flag(stdout, out, "parents", "a", &err),
                     KITH_ERR_USAGE);
    assert_string_equal(err.text,
                        "a is a person, and the cohort is about a family");
    assert_string_equal(err.hint, "ask about its family: fa");
    assert_int_equal(kith_explain_flag(stdout, out, "parents", "z", &err),
                     KITH_ERR_USAGE);
    assert_string_equal(err.text,
                        "no person, family or household z in these results");
    scenario_remove(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flag_tells_its_story),
        cmocka_unit_test(what_cannot_be_explained_is_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
