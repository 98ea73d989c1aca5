/* Who died is in no cohort, no family and no household from that day on. */
#include "../support/scenario_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* Dead on the day is dead; the day after is still to come. Where nobody sends
 * deaths, people are alive. */
static void
the_dead_are_in_no_cohort(void **state)
{
    (void)state;
    scenario_check("person", "criterion x has benefit where kind = esa, active",
                   "person before 1960-01-01 m Bolton\n"
                   "person day 1960-01-01 m Bolton\n"
                   "person after 1960-01-01 m Bolton\n"
                   "person alive 1960-01-01 m Bolton\n"
                   "person bury 1960-01-01 m Bury\n"
                   "person gap 1960-01-01 m Bury\n"
                   "spell before benefit 2020-01-01 open kind=esa\n"
                   "event before death 2025-12-01\n"
                   "spell day benefit 2020-01-01 open kind=esa\n"
                   "event day death 2026-03-31\n"
                   "spell after benefit 2020-01-01 open kind=esa\n"
                   "event after death 2026-04-01\n"
                   "spell alive benefit 2020-01-01 open kind=esa\n"
                   "event bury death 2026-01-01\n",
                   "after=yes alive=yes gap=unknown");
}

/* Of two reports of one death the first counts. */
static void
a_death_reported_twice(void **state)
{
    (void)state;
    scenario_check("person", "criterion x has benefit, active",
                   "person a 1960-01-01 m Bolton\n"
                   "spell a benefit 2020-01-01 open kind=esa\n"
                   "event a death 2026-04-02\n"
                   "event a death 2026-03-30\n",
                   "");
}

/* The child's family is the living; a family of the dead is none. */
static void
a_family_is_its_living_members(void **state)
{
    (void)state;
    const char *people = "person kid 2015-01-01 f Bolton\n"
                         "person dad 1980-01-01 m Bolton\n"
                         "person mum 1985-01-01 f Bolton\n"
                         "person lone 1950-01-01 m Bolton\n"
                         "person lost 2016-01-01 m Bolton\n"
                         "person dan 1980-01-01 m Bolton\n"
                         "family f1 kid:dependent_child dad:parent mum:parent\n"
                         "family f2 lone:adult\n"
                         "family f3 lost:dependent_child dan:parent\n"
                         "household h1 kid dad mum\n"
                         "event dad offence 2025-06-01 outcome=guilty\n"
                         "event dad death 2025-09-01\n"
                         "event lone offence 2025-06-01 outcome=guilty\n"
                         "event lone death 2025-09-01\n"
                         "event lost death 2025-09-01\n"
                         "event dan offence 2025-06-01 outcome=guilty\n";
    scenario_check("family",
                   "criterion x any member has offence, last 12 months", people,
                   "f3=yes");
    scenario_check("family",
                   "criterion x any household member has no offence, "
                   "last 12 months",
                   people, "f1=yes");
    scenario_check("family",
                   "include when any dependent_child\n"
                   "criterion x any member has offence, last 12 months",
                   people, "");
    scenario_check("family", "criterion x no adult who is male", people,
                   "f1=yes");
    scenario_check("household",
                   "criterion x any member has offence, last 12 months", people,
                   "");
}

static void
criteria_cannot_ask_for_them(void **state)
{
    (void)state;
    scenario_refuse("cohort x version 1 from 2000-01-01 level person\n"
                    "flag yes when has death",
                    "2:19", "nobody in a cohort has died", "leave it out");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_dead_are_in_no_cohort),
        cmocka_unit_test(a_death_reported_twice),
        cmocka_unit_test(a_family_is_its_living_members),
        cmocka_unit_test(criteria_cannot_ask_for_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
