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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(troubled_families_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
