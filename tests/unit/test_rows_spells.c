/* Row 25, sustained jobs, and what else is asked of spells. */
#include "../support/scenario_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* 26 unbroken weeks of 182 days; 14 days between jobs do not break them. */
static void
row_25_sustained_job(void **state)
{
    (void)state;
    scenario_check("person",
                   "criterion x has employment lasting at least 26 weeks "
                   "allowing gaps of 2 weeks within 30 months after "
                   "end of latest work_programme",
                   "person just 1980-01-01 m Bolton\n"
                   "person short 1980-01-01 m Bolton\n"
                   "person gap14 1980-01-01 m Bolton\n"
                   "person gap15 1980-01-01 m Bolton\n"
                   "person early 1980-01-01 m Bolton\n"
                   "person never 1980-01-01 m Bolton\n"
                   "person un 1980-01-01 m Bury\n"
                   "spell just work_programme 2022-01-01 2023-09-30\n"
                   "spell just employment 2024-01-01 2024-06-30\n"
                   "spell short work_programme 2022-01-01 2023-09-30\n"
                   "spell short employment 2024-01-01 2024-06-29\n"
                   "spell short employment 2024-10-01 2024-12-31\n"
                   "spell gap14 work_programme 2022-01-01 2023-09-30\n"
                   "spell gap14 employment 2024-01-01 2024-03-31\n"
                   "spell gap14 employment 2024-04-15 2024-06-30\n"
                   "spell gap15 work_programme 2022-01-01 2023-09-30\n"
                   "spell gap15 employment 2024-01-01 2024-03-31\n"
                   "spell gap15 employment 2024-04-16 2024-07-31\n"
                   "spell early work_programme 2022-01-01 2023-09-30\n"
                   "spell early employment 2023-01-01 2024-01-31\n"
                   "spell never employment 2020-01-01 open\n",
                   "just=yes gap14=yes un=unknown");
}

/* Where spells may be missing a short run may be a long one, and two may be
 * one; a long one stays long. */
static void
row_25_runs_with_a_gap_in_the_data(void **state)
{
    (void)state;
    const char *people = "person a 1980-01-01 m Bolton\n"
                         "person b 1980-01-01 m Bury\n"
                         "spell a employment 2024-01-01 2024-02-15\n"
                         "spell a employment 2025-01-01 2025-04-30\n"
                         "spell a employment 2025-06-01 2025-09-30\n"
                         "spell b employment 2024-01-01 2024-02-15\n"
                         "spell b employment 2025-01-01 2025-04-30\n"
                         "spell b employment 2025-06-01 2025-09-30\n";
    scenario_check("person",
                   "criterion x has employment lasting under 2 months", people,
                   "a=yes b=unknown");
    scenario_check("person",
                   "criterion x has employment lasting at least 3 months",
                   people, "a=yes b=yes");
    scenario_check("person",
                   "criterion x has at least 2 employment lasting at least 3 "
                   "months",
                   people, "a=yes b=unknown");
}

/* Interventions are known until the end of 2025: there may be a later one,
 * unless the one that is known still runs. */
static void
an_anchor_that_may_have_moved(void **state)
{
    (void)state;
    static const char items[] =
        "criterion x has offence within 24 months after start of latest "
        "intervention where programme = help";
    static const char people[] =
        "covers offence 2010-01-01 2026-03-31 Wigan\n"
        "covers intervention 2010-01-01 2025-12-31 Wigan\n"
        "person a 1980-01-01 m Bolton\nperson b 1980-01-01 m Wigan\n"
        "person c 1980-01-01 m Bolton\n"
        "spell a intervention 2024-05-01 2024-06-01 programme=help\n"
        "event a offence 2025-01-01\n"
        "spell b intervention 2024-05-01 2024-06-01 programme=help\n"
        "event b offence 2025-01-01\n"
        /* the later one may be of the programme */
        "spell c intervention 2023-01-01 2023-06-01 programme=help\n"
        "spell c intervention 2025-06-01 2025-07-01\n"
        "event c offence 2024-01-01\n";
    scenario_check("person", items, people, "a=yes b=unknown c=unknown");
}

static void
operators_on_spells(void **state)
{
    (void)state;
    const char *people = "person in 1980-01-01 m Bolton\n"
                         "person out 1980-01-01 m Bolton\n"
                         "spell in order 2025-01-01 2025-06-30 kind=licence\n"
                         "event in offence 2025-06-30 outcome=guilty\n"
                         "spell out order 2025-01-01 2025-06-30 kind=licence\n"
                         "event out offence 2025-07-01 outcome=guilty\n";
    scenario_check("person",
                   "criterion x has offence during order where kind = licence",
                   people, "in=yes");
    scenario_check("person",
                   "criterion x has offence within 1 months after "
                   "end of first order",
                   people, "out=yes");
    scenario_check("person", "criterion x has order lasting under 6 months",
                   people, "");
    /* 1 January to 30 June is six months, 181 days */
    scenario_check("person",
                   "criterion x has order with days() = 181 "
                   "between 2025-01-01 and 2025-12-31",
                   people, "in=yes out=yes");
}

/* Both ends of every window, spell and overlap belong to it. */
static void
ends_are_included(void **state)
{
    (void)state;
    scenario_check("person", "criterion x has order starting last 12 months",
                   "person before 1980-01-01 m Bolton\n"
                   "person first 1980-01-01 m Bolton\n"
                   "person last 1980-01-01 m Bolton\n"
                   "spell before order 2025-03-31 open kind=licence\n"
                   "spell first order 2025-04-01 open kind=licence\n"
                   "spell last order 2026-03-31 open kind=licence\n",
                   "first=yes last=yes");
    scenario_check("person", "criterion x has order, active",
                   "person today 1980-01-01 m Bolton\n"
                   "spell today order 2026-03-31 open kind=licence\n",
                   "today=yes");
    scenario_check("person", "criterion x has offence during order",
                   "person before 1980-01-01 m Bolton\n"
                   "person first 1980-01-01 m Bolton\n"
                   "person last 1980-01-01 m Bolton\n"
                   "person after 1980-01-01 m Bolton\n"
                   "spell before order 2025-01-02 2025-02-01 kind=licence\n"
                   "spell first order 2025-01-02 2025-02-01 kind=licence\n"
                   "spell last order 2025-01-02 2025-02-01 kind=licence\n"
                   "spell after order 2025-01-02 2025-02-01 kind=licence\n"
                   "event before offence 2025-01-01 outcome=guilty\n"
                   "event first offence 2025-01-02 outcome=guilty\n"
                   "event last offence 2025-02-01 outcome=guilty\n"
                   "event after offence 2025-02-02 outcome=guilty\n",
                   "first=yes last=yes");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(row_25_sustained_job),
        cmocka_unit_test(row_25_runs_with_a_gap_in_the_data),
        cmocka_unit_test(an_anchor_that_may_have_moved),
        cmocka_unit_test(operators_on_spells),
        cmocka_unit_test(ends_are_included),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
