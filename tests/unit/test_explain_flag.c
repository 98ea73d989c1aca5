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

static kith_status
explain(FILE *to, const char *results, const char *payload, const char *cohort,
        const char *unit, kith_error *err)
{
    kith_job *job = NULL;
    kith_job_params jp = kith_job_params_default();
    jp.quiet = true;
    jp.n_threads = 1;
    assert_int_equal(kith_job_new(&job, &jp, err), KITH_OK);
    const kith_explain_flag_params params = {results, payload, cohort, unit};
    const kith_status status = kith_explain_flag(to, &params, job, err);
    kith_job_free(job);
    return status;
}

/* From the results alone. */
static kith_status
tell(FILE *to, const char *results, const char *cohort, const char *unit,
     kith_error *err)
{
    return explain(to, results, NULL, cohort, unit, err);
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
    assert_int_equal(tell(to, out, "x", "a", &err), KITH_OK);
    assert_int_equal(tell(to, out, "x", "c", &err), KITH_OK);
    assert_int_equal(tell(to, out, "x", "m", &err), KITH_OK);
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

/* With the payload: everybody without a flag, and why. free() it. */
static char *
why_not(const scenario *s, const char *results, const char *unit)
{
    kith_error err = KITH_ERROR_INIT;
    char payload[512];
    char *text = NULL;
    size_t n = 0;
    FILE *to = open_memstream(&text, &n);
    assert_non_null(to);
    test_path(payload, s->folder, "payload");
    if (explain(to, results, payload, "x", unit, &err) != KITH_OK)
        fail_msg("%s", err.text);
    assert_int_equal(fclose(to), 0);
    return text;
}

static void
assert_says(char *text, const char *what)
{
    if (strstr(text, what) == NULL)
        fail_msg("\"%s\" is not in: %s", what, text);
    free(text);
}

/* Who has no flag has no evidence either: it is made again. */
static void
no_flag_tells_why_not(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    scenario s = {0};
    char out[512];
    scenario_write(&s,
                   "agency gmp\ncovers all 2010-01-01 2026-03-31 Bolton\n"
                   "person none 1990-01-01 f Bolton\n"
                   "person old 1990-01-01 f Bolton\n"
                   "person one 1990-01-01 f Bolton\n"
                   "person gap 1990-01-01 f Bury\n"
                   "person man 1990-01-01 m Bolton\n"
                   "person dead 1990-01-01 f Bolton\n"
                   "event old offence 2025-03-31 outcome=guilty\n"
                   "event one offence 2025-06-01 outcome=guilty\n"
                   "event dead offence 2025-06-01 outcome=guilty\n"
                   "event dead death 2026-01-01\n",
                   NULL);
    assert_int_equal(
        scenario_run(&s,
                     "cohort y version 1 from 2000-01-01 level person\n"
                     "flag yes when is male\n"
                     "cohort x version 1 from 2000-01-01 level person\n"
                     "title \"Women\"\ninclude when not in cohort y\n"
                     "criterion crime \"An offence\" has offence, "
                     "last 12 months\n"
                     "criterion drugs has treatment, last 12 months\n"
                     "criterion order has order, active\n"
                     "flag yes when all of them",
                     NULL, &err),
        KITH_OK);
    scenario_join(&s, out);
    assert_says(why_not(&s, out, "none"),
                "Person none is not in the cohort: Women (x, version 1).\n"
                "The cohort is about it, and even with every missing extract "
                "it would not meet\nenough of its criteria. It meets 0 of 3 "
                "criteria.\n\ncrime: not met\n  (An offence)\n"
                "  looked at offence 2025-04-01 to 2026-03-31: none that "
                "counts\n\ndrugs: not met\n"
                "  looked at treatment 2025-04-01 to 2026-03-31: none that "
                "counts\n");
    assert_says(why_not(&s, out, "old"), "crime: not met\n");
    assert_says(why_not(&s, out, "one"),
                "It meets 1 of 3 criteria.\n\ncrime: met\n  (An offence)\n"
                "  offence on 2025-06-01, sent by gmp, about person one "
                "(record gmp:");
    assert_says(why_not(&s, out, "gap"),
                "may or may not be in the cohort: Women (x, version 1), since "
                "2026-03-31.\nIt meets 0 of 3 criteria; of 3 a missing extract "
                "would have to tell.\n");
    assert_says(why_not(&s, out, "gap"),
                "crime: unknown\n  (An offence)\n  missing extract: offence "
                "2025-04-01 to 2026-03-31 in Bury\n");
    assert_says(why_not(&s, out, "man"),
                "leave it out: the cohort is not about it.\n\n"
                "include: not met\n");
    assert_says(why_not(&s, out, "dead"),
                "It died by the reference date: the dead are in no cohort.\n");
    /* the criteria are those that the results hold */
    char path[600];
    test_path(path, s.folder, "out");
    strcat(path, "/definitions.criteria");
    size_t n = 0;
    char *text = test_read(path, &n);
    char *twelve = strstr(text, "last 12 months");
    assert_non_null(twelve);
    memcpy(twelve, "last 13 months", 14);
    test_write(path, text, n);
    free(text);
    assert_says(why_not(&s, out, "old"), "crime: met\n");
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
    assert_int_equal(tell(stdout, out, "parent", "fa", &err), KITH_ERR_USAGE);
    assert_string_equal(err.text, "no cohort parent was decided in this run");
    assert_string_equal(err.hint, "did you mean parents?");
    assert_int_equal(tell(stdout, out, "parents", "a", &err), KITH_ERR_USAGE);
    assert_string_equal(err.text,
                        "a is a person, and the cohort is about a family");
    assert_string_equal(err.hint, "ask about its family: fa");
    assert_int_equal(tell(stdout, out, "parents", "z", &err), KITH_ERR_USAGE);
    assert_string_equal(err.text,
                        "no person, family or household z in these results");
    scenario_remove(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flag_tells_its_story),
        cmocka_unit_test(no_flag_tells_why_not),
        cmocka_unit_test(what_cannot_be_explained_is_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
