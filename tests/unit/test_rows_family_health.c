/* Rows 10 to 20: social care, work, housing, abuse, health, early years. */
#include "../support/scenario.h"
#include "../support/scenario_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

static void
row_10_severity(void **state)
{
    (void)state;
    const char *people =
        "person eh 2015-01-01 f Bolton\n"
        "person cin 2015-01-01 f Bolton\n"
        "person lac 2015-01-01 f Bolton\n"
        "person was 2015-01-01 f Bolton\n"
        "person gap 2015-01-01 f Bury\n"
        "spell eh social_care 2025-01-01 open kind=early_help\n"
        "spell cin social_care 2025-05-01 open kind=cin\n"
        "spell lac social_care 2020-01-01 open kind=lac\n"
        "spell lac social_care 2019-01-01 2019-12-31 kind=cin\n"
        "spell was social_care 2025-05-01 2026-03-30 kind=cpp\n";
    const char *scale = "scale care = early_help < cin < s47 < cpp < lac\n";
    char text[1024];
    (void)snprintf(text, sizeof text,
                   "%scriterion x has social_care where kind at least cin "
                   "on care, active",
                   scale);
    scenario_check("person", text, people, "cin=yes lac=yes gap=unknown");
    (void)snprintf(text, sizeof text,
                   "%scriterion x has social_care where kind at most cpp "
                   "on care, starting last 12 months",
                   scale);
    scenario_check("person", text, people, "cin=yes was=yes gap=unknown");
}

/* The highest tier is the one that is written. */
static void
row_10_tiers(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    scenario s = {0};
    scenario_write(&s,
                   "agency all\ncovers all 2010-01-01 2026-03-31\n"
                   "person a 2015-01-01 f Bolton\n"
                   "person b 2015-01-01 f Bolton\n"
                   "spell a social_care 2025-01-01 open kind=cin\n"
                   "spell b social_care 2025-01-01 open kind=cin\n"
                   "spell b social_care 2025-02-01 open kind=lac\n",
                   NULL);
    assert_int_equal(
        scenario_run(&s,
                     "cohort x version 1 from 2000-01-01 level person\n"
                     "flag yes when has social_care, active\n"
                     "tier lac when has social_care where kind = lac, active\n"
                     "tier cin when has social_care where kind = cin, active\n",
                     NULL, &err),
        KITH_OK);
    assert_true(
        scenario_has_line(&s, "flags.csv", "x,1,person,a,yes,cin,2026-03-31"));
    assert_true(
        scenario_has_line(&s, "flags.csv", "x,1,person,b,yes,lac,2026-03-31"));
    scenario_remove(&s);
}

static void
row_11_at_home_or_without_a_plan(void **state)
{
    (void)state;
    scenario_check(
        "family",
        "criterion x any child aged over 2 has social_care "
        "where kind = lac and placement = parents, active\n"
        "  or any child (has social_care where kind = lac, active\n"
        "    and has no care_document where kind = exit_plan, last 12 months)",
        "person home 2020-01-01 f Bolton\n"
        "person plan 2020-01-01 f Bolton\n"
        "person none 2020-01-01 f Bolton\n"
        "person other 2020-01-01 f Bolton\n"
        "person gap 2020-01-01 f Bury\n"
        "family f1 home:dependent_child\n"
        "family f2 plan:dependent_child\n"
        "family f3 none:dependent_child\n"
        "family f4 plan:dependent_child other:dependent_child\n"
        "family f5 gap:dependent_child\n"
        /* three on the day, two until tomorrow; a plan of the first day */
        "person three 2023-03-31 f Bolton\n"
        "person almost 2023-04-01 f Bolton\n"
        "person first 2020-01-01 f Bolton\n"
        "person before 2020-01-01 f Bolton\n"
        "family f6 three:dependent_child\n"
        "family f7 almost:dependent_child\n"
        "family f8 first:dependent_child\n"
        "family f9 before:dependent_child\n"
        "spell three social_care 2024-01-01 open kind=lac placement=parents\n"
        "event three care_document 2025-09-01 kind=exit_plan\n"
        "spell almost social_care 2024-01-01 open kind=lac placement=parents\n"
        "event almost care_document 2025-09-01 kind=exit_plan\n"
        "spell first social_care 2024-01-01 open kind=lac placement=foster\n"
        "event first care_document 2025-04-01 kind=exit_plan\n"
        "spell before social_care 2024-01-01 open kind=lac placement=foster\n"
        "event before care_document 2025-03-31 kind=exit_plan\n"
        "spell home social_care 2022-01-01 open kind=lac placement=parents\n"
        "event home care_document 2025-09-01 kind=exit_plan\n"
        "spell plan social_care 2022-01-01 open kind=lac placement=foster\n"
        "event plan care_document 2025-09-01 kind=exit_plan\n"
        "spell none social_care 2022-01-01 open kind=lac placement=foster\n"
        "event none care_document 2025-09-01 kind=care_plan\n"
        "spell gap social_care 2022-01-01 open kind=lac placement=foster\n",
        /* the sibling who is not looked after needs no plan */
        "f1=yes f3=yes f5=unknown f6=yes f9=yes");
}

/* Twelve months on benefit by 31 March 2026: from 1 April 2025. A gap of 14
 * days is allowed, 15 are not. */
static void
row_12_out_of_work_benefit(void **state)
{
    (void)state;
    scenario_check("person",
                   "set out = {jsa, esa}\n"
                   "criterion x has benefit where kind in out, active, "
                   "lasting at least 12 months allowing gaps of 14 days",
                   "person year 1980-01-01 m Bolton\n"
                   "person day 1980-01-01 m Bolton\n"
                   "person gap14 1980-01-01 m Bolton\n"
                   "person gap15 1980-01-01 m Bolton\n"
                   "person over 1980-01-01 m Bolton\n"
                   "person kind 1980-01-01 m Bolton\n"
                   "person un 1980-01-01 m Bury\n"
                   "spell year benefit 2025-04-01 open kind=jsa\n"
                   "spell day benefit 2025-04-02 open kind=jsa\n"
                   "spell gap14 benefit 2025-01-01 2025-05-31 kind=jsa\n"
                   "spell gap14 benefit 2025-06-15 open kind=esa\n"
                   "spell gap15 benefit 2025-01-01 2025-05-31 kind=jsa\n"
                   "spell gap15 benefit 2025-06-16 open kind=esa\n"
                   "spell over benefit 2020-01-01 2026-03-30 kind=esa\n"
                   "spell kind benefit 2020-01-01 open kind=pip\n",
                   "year=yes gap14=yes un=unknown");
}

static void
row_13_not_in_education(void **state)
{
    (void)state;
    scenario_check("person",
                   "include when aged 16 to 18\n"
                   "criterion x has latest eet_status where status = neet",
                   "person neet 2008-01-01 m Bolton\n"
                   "person back 2008-01-01 m Bolton\n"
                   "person nineteen 2007-03-31 m Bolton\n"
                   "person eighteen 2007-04-01 m Bolton\n"
                   "person gap 2008-01-01 m Bury\n"
                   "event neet eet_status 2025-10-01 status=education\n"
                   "event neet eet_status 2026-02-01 status=neet\n"
                   "event back eet_status 2025-10-01 status=neet\n"
                   "event back eet_status 2026-02-01 status=training\n"
                   "event nineteen eet_status 2026-02-01 status=neet\n"
                   "event eighteen eet_status 2026-02-01 status=neet\n",
                   "neet=yes eighteen=yes gap=unknown");
}

/* The tenant lives with the family without being of it. */
static void
row_14_arrears_of_the_household(void **state)
{
    (void)state;
    scenario_check(
        "family",
        "param limit = 500\n"
        "criterion x any household member has latest rent_arrears "
        "where balance >= limit, last 12 months\n"
        "  or any household member has eviction_notice, last 12 months",
        "person mum 1990-01-01 f Bolton\n"
        "person gran 1950-01-01 f Bolton\n"
        "person paid 1990-01-01 f Bolton\n"
        "person told 1990-01-01 f Bolton\n"
        "person gap 1990-01-01 f Bury\n"
        "family f1 mum:parent\n"
        "family f2 paid:parent\n"
        "family f3 told:parent\n"
        "family f4 gap:parent\n"
        "household h1 mum gran\n"
        "household h2 paid\n"
        "event gran rent_arrears 2025-12-01 balance=500\n"
        "event paid rent_arrears 2025-12-01 balance=900\n"
        "event paid rent_arrears 2026-01-01 balance=499.99\n"
        "event told eviction_notice 2025-04-01 kind=warrant\n",
        "f1=yes f3=yes f4=unknown");
}

static void
row_15_domestic_abuse(void **state)
{
    (void)state;
    const char *people =
        "person victim 1990-01-01 f Bolton\n"
        "person hits 1990-01-01 m Bolton\n"
        "person lodger 1990-01-01 m Bolton\n"
        "person mum 1990-01-01 f Bolton\n"
        "person gap 1990-01-01 f Bury\n"
        "family f1 victim:parent\n"
        "family f2 hits:parent\n"
        "family f3 mum:parent\n"
        "family f4 gap:parent\n"
        "household h3 mum lodger\n"
        "person before 1990-01-01 f Bolton\n"
        "family f5 before:parent\n"
        "event before domestic_abuse 2025-03-31 role=victim\n"
        "event victim domestic_abuse 2025-04-01 role=victim\n"
        "event hits domestic_abuse 2025-05-01 role=perpetrator\n"
        "event lodger domestic_abuse 2025-05-01 role=victim\n";
    scenario_check("family",
                   "criterion x any member has domestic_abuse "
                   "where role = victim, last 12 months",
                   people, "f1=yes f4=unknown");
    /* at the address: whoever lives there */
    scenario_check("family",
                   "criterion x any household member has domestic_abuse "
                   "where role in {victim}, last 12 months",
                   people, "f1=yes f3=yes f4=unknown");
}

static void
row_16_drugs_and_alcohol(void **state)
{
    (void)state;
    scenario_check("person",
                   "criterion x has treatment where substance in "
                   "{opiate, crack}, last 12 months",
                   "person long 1970-01-01 m Bolton\n"
                   "person ended 1970-01-01 m Bolton\n"
                   "person before 1970-01-01 m Bolton\n"
                   "person drink 1970-01-01 m Bolton\n"
                   "person gap 1970-01-01 m Bury\n"
                   "spell long treatment 2015-01-01 open substance=opiate\n"
                   "spell ended treatment 2015-01-01 2025-04-01 "
                   "substance=crack\n"
                   "spell before treatment 2015-01-01 2025-03-31 "
                   "substance=crack\n"
                   "spell drink treatment 2025-06-01 open substance=alcohol\n",
                   "long=yes ended=yes gap=unknown");
}

/* A vulnerable new mother: the youngest child is under one. */
static void
row_17_new_mother(void **state)
{
    (void)state;
    scenario_check(
        "family",
        "criterion x any member who is parenting has mental_health "
        "where flag = vulnerable_mother, last 12 months\n"
        "  and any child aged under 1",
        "person a 1995-01-01 f Bolton\n"
        "person baby 2025-04-01 f Bolton\n"
        "person b 1995-01-01 f Bolton\n"
        "person one 2025-03-31 f Bolton\n"
        "person c 1995-01-01 f Bury\n"
        "person new 2026-01-01 f Bury\n"
        "family f1 a:parent baby:dependent_child\n"
        "family f2 b:parent one:dependent_child\n"
        "family f3 c:parent new:dependent_child\n"
        "event a mental_health 2026-01-01 kind=contact flag=vulnerable_mother\n"
        "event b mental_health 2026-01-01 kind=contact "
        "flag=vulnerable_mother\n",
        "f1=yes f3=unknown");
}

static void
row_18_frequent_attender(void **state)
{
    (void)state;
    scenario_check("person",
                   "param visits = 3\n"
                   "criterion a has at least visits ae_attendance, "
                   "last 12 months\n"
                   "criterion b has admission where method = emergency "
                   "starting last 12 months\n"
                   "flag yes when a or b",
                   "person three 1950-01-01 m Bolton\n"
                   "person two 1950-01-01 m Bolton\n"
                   "person in 1950-01-01 m Bolton\n"
                   "person seen 1950-01-01 m Bury\n"
                   "person gap 1950-01-01 m Bury\n"
                   "event three ae_attendance 2025-04-01\n"
                   "event three ae_attendance 2025-04-01\n"
                   "event three ae_attendance 2026-03-31\n"
                   "event two ae_attendance 2025-03-31\n"
                   "event two ae_attendance 2025-04-01\n"
                   "event two ae_attendance 2026-03-31\n"
                   "spell in admission 2025-03-31 2025-04-20 method=emergency\n"
                   "event seen ae_attendance 2025-06-01\n"
                   "event seen ae_attendance 2025-06-02\n"
                   "event seen ae_attendance 2025-06-03\n",
                   "three=yes seen=yes gap=unknown");
}

/* Three visits on two days. */
static void
row_18_distinct_days(void **state)
{
    (void)state;
    scenario_check("person",
                   "criterion x has ae_attendance with days() >= 3, "
                   "last 12 months",
                   "person a 1950-01-01 m Bolton\n"
                   "person b 1950-01-01 m Bolton\n"
                   "event a ae_attendance 2025-04-01\n"
                   "event a ae_attendance 2025-04-01\n"
                   "event a ae_attendance 2026-03-31\n"
                   "event b ae_attendance 2025-04-01\n"
                   "event b ae_attendance 2025-04-02\n"
                   "event b ae_attendance 2026-03-31\n",
                   "b=yes");
}

/* Not ready: below 2 in any goal of the five areas that count. */
static void
row_19_school_readiness(void **state)
{
    (void)state;
    const char *people =
        "person good 2020-06-01 f Bolton\n"
        "person low 2020-06-01 f Bolton\n"
        "person arts 2020-06-01 f Bolton\n"
        "person part 2020-06-01 f Bolton\n"
        "person gap 2020-06-01 f Bury\n"
        "event good eyfs 2025-07-01 area=literacy goal=reading level=2\n"
        "event good eyfs 2025-07-01 area=maths goal=numbers level=3\n"
        "event low eyfs 2025-07-01 area=literacy goal=reading level=1\n"
        "event low eyfs 2025-07-01 area=maths goal=numbers level=3\n"
        "event arts eyfs 2025-07-01 area=literacy goal=reading level=2\n"
        "event arts eyfs 2025-07-01 area=maths goal=numbers level=2\n"
        "event arts eyfs 2025-07-01 area=arts goal=music level=1\n"
        "event part eyfs 2025-07-01 area=literacy goal=reading level=2\n"
        "event part eyfs 2025-07-01 area=maths goal=numbers\n";
    scenario_check("person",
                   "set counting = {communication, physical, personal, "
                   "literacy, maths}\n"
                   "criterion x has eyfs where area in counting "
                   "and level < 2",
                   people, "low=yes part=unknown gap=unknown");
    scenario_check("person",
                   "set counting = {literacy, maths}\n"
                   "criterion x has eyfs where area in counting "
                   "with min(level) >= 2 and count() >= 2",
                   people, "good=yes arts=yes part=unknown gap=unknown");
}

static void
row_20_homelessness(void **state)
{
    (void)state;
    scenario_check("person",
                   "criterion a has homeless_duty where kind = relief, active\n"
                   "criterion b has rough_sleeping, last 12 months\n"
                   "flag yes when a or b",
                   "person duty 1980-01-01 m Bolton\n"
                   "person seen 1980-01-01 m Bolton\n"
                   "person over 1980-01-01 m Bolton\n"
                   "person gap 1980-01-01 m Bury\n"
                   "spell duty homeless_duty 2026-02-01 2026-03-31 "
                   "kind=relief\n"
                   "event seen rough_sleeping 2025-12-24 kind=sighting\n"
                   "spell over homeless_duty 2025-02-01 2025-03-31 "
                   "kind=relief\n",
                   "duty=yes seen=yes gap=unknown");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(row_10_severity),
        cmocka_unit_test(row_10_tiers),
        cmocka_unit_test(row_11_at_home_or_without_a_plan),
        cmocka_unit_test(row_12_out_of_work_benefit),
        cmocka_unit_test(row_13_not_in_education),
        cmocka_unit_test(row_14_arrears_of_the_household),
        cmocka_unit_test(row_15_domestic_abuse),
        cmocka_unit_test(row_16_drugs_and_alcohol),
        cmocka_unit_test(row_17_new_mother),
        cmocka_unit_test(row_18_frequent_attender),
        cmocka_unit_test(row_18_distinct_days),
        cmocka_unit_test(row_19_school_readiness),
        cmocka_unit_test(row_20_homelessness),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
