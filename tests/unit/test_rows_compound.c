/* Rows 21, 22 and 24: scores, k of n, claims; and the operators that
 * the rows before do not need. */
#include "../support/scenario_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

/* RONI: 2 for attendance, 1 each for SEN and being looked after. Years 8 to
 * 11 are the ages 12 to 15 on the 31st of August before. */
static void
row_21_weighted_score(void **state)
{
    (void)state;
    scenario_check(
        "person",
        "include when aged 12 to 15 on 2025-08-31\n"
        "param cut = 3\n"
        "score risk\n"
        "  2 for has attendance with sum(unauthorised) / sum(possible) > 15 % "
        "over last 3 terms\n"
        "  1 for has special_need, active\n"
        "  1 for (has social_care where kind = lac, active or has young_carer, "
        "active)\n"
        "flag yes when score risk >= cut\n"
        "near when score risk >= 2",
        "person three 2012-01-01 m Bolton\n"
        "person two 2012-01-01 m Bolton\n"
        "person one 2012-01-01 m Bolton\n"
        "person gap 2012-01-01 m Bury\n"
        "person year7 2013-09-01 m Bolton\n"
        "person august 2013-08-31 m Bolton\n"
        "event three attendance 2025-12-31 possible=100 unauthorised=16\n"
        "spell three special_need 2024-01-01 open kind=ehcp\n"
        "event two attendance 2025-12-31 possible=100 unauthorised=16\n"
        "event one attendance 2025-12-31 possible=100 unauthorised=15\n"
        "spell one young_carer 2025-01-01 open\n"
        "event year7 attendance 2025-12-31 possible=100 unauthorised=16\n"
        "spell year7 special_need 2024-01-01 open kind=ehcp\n"
        "event august attendance 2025-12-31 possible=100 unauthorised=16\n"
        "spell august special_need 2024-01-01 open kind=ehcp\n",
        "three=yes two=near gap=unknown august=yes");
}

static const char *const smd =
    "criterion homeless has rough_sleeping, last 12 months\n"
    "criterion drugs has treatment, last 12 months\n"
    "criterion justice has offence, last 12 months\n"
    "flag yes when at least 2 of homeless, drugs, justice\n"
    "near when exactly 1 of them";

/* k of n: yes when k are true, no when true and unknown are fewer than k. */
static void
row_22_same_person(void **state)
{
    (void)state;
    scenario_check("person", smd,
                   "covers rough_sleeping 2010-01-01 2026-03-31 Bury\n"
                   "covers treatment 2010-01-01 2026-03-31 Bury\n"
                   "person two 1980-01-01 m Bolton\n"
                   "person one 1980-01-01 m Bolton\n"
                   "person none 1980-01-01 m Bury\n"
                   "person open 1980-01-01 m Bury\n"
                   "person both 1980-01-01 m Bury\n"
                   "person un 1980-01-01 m Wigan\n"
                   "person edge 1980-01-01 m Bolton\n"
                   "person past 1980-01-01 m Bolton\n"
                   "event edge rough_sleeping 2025-04-01\n"
                   "event edge offence 2026-03-31\n"
                   "event past rough_sleeping 2025-03-31\n"
                   "event past offence 2026-03-31\n"
                   "event two rough_sleeping 2025-12-01\n"
                   "spell two treatment 2025-12-01 open\n"
                   "event one rough_sleeping 2025-12-01\n"
                   "event open rough_sleeping 2025-12-01\n"
                   "event both rough_sleeping 2025-12-01\n"
                   "spell both treatment 2025-12-01 open\n",
                   "two=yes one=near open=near both=yes un=unknown edge=yes "
                   "past=near");
}

/* Two needs of two members are not two needs of one person. */
static void
row_22_same_person_in_a_family(void **state)
{
    (void)state;
    const char *people = "person a 1980-01-01 m Bolton\n"
                         "person b 1980-01-01 f Bolton\n"
                         "person c 1980-01-01 f Bolton\n"
                         "family apart a:parent b:parent\n"
                         "family same c:parent\n"
                         "event a rough_sleeping 2025-12-01\n"
                         "spell b treatment 2025-12-01 open\n"
                         "event c rough_sleeping 2025-12-01\n"
                         "spell c treatment 2025-12-01 open\n";
    scenario_check("family",
                   "criterion x any adult (has rough_sleeping, last 12 months "
                   "and has treatment, last 12 months)",
                   people, "same=yes");
    scenario_check("family",
                   "criterion x any adult has rough_sleeping, last 12 months "
                   "and any adult has treatment, last 12 months",
                   people, "apart=yes same=yes");
    scenario_check("family",
                   "criterion homeless has rough_sleeping, last 12 months\n"
                   "criterion drugs has treatment, last 12 months\n"
                   "criterion x any adult meets all of homeless, drugs",
                   people, "same=yes");
}

/* Claim: anti-social behaviour down by 60% from the six months before the
 * attachment to the six after, over the whole family; and no social care in
 * the year after closing. */
static void
row_24_claim(void **state)
{
    (void)state;
    scenario_check(
        "family",
        "criterion x members together have asb_action down by at least 60 % "
        "from 6 months before start of latest intervention of any member "
        "to 6 months after start of latest intervention of any member",
        "person a 1990-01-01 f Bolton\n"
        "person b 2012-01-01 m Bolton\n"
        "person c 2012-01-01 m Bolton\n"
        "person d 2012-01-01 m Bolton\n"
        "person e 2012-01-01 m Bury\n"
        "family f1 a:parent b:dependent_child\n"
        "family f2 c:dependent_child\n"
        "family f3 d:dependent_child\n"
        "family f4 e:dependent_child\n"
        /* five before, two after: exactly 60% */
        "spell a intervention 2025-07-01 2025-12-31 outcome=completed\n"
        "event a asb_action 2025-01-01\n"
        "event a asb_action 2025-02-01\n"
        "event b asb_action 2025-03-01\n"
        "event b asb_action 2025-04-01\n"
        "event b asb_action 2025-06-30\n"
        "event b asb_action 2025-08-01\n"
        "event a asb_action 2026-01-01\n"
        /* two before, one after: 50% */
        "spell c intervention 2025-07-01 2025-12-31 outcome=completed\n"
        "event c asb_action 2025-03-01\n"
        "event c asb_action 2025-04-01\n"
        "event c asb_action 2025-08-01\n"
        /* nothing before: nothing can have changed */
        "spell d intervention 2025-07-01 2025-12-31 outcome=completed\n"
        "spell e intervention 2025-07-01 2025-12-31 outcome=completed\n"
        "event e asb_action 2025-03-01\n",
        "f1=yes f4=unknown");
}

/* The same of an amount: unauthorised absence, as a sum of sessions and as a
 * share of those possible. */
static void
row_24_claim_by_amount(void **state)
{
    (void)state;
    static const char *const people =
        "person half 2012-01-01 m Bolton\n"
        "person less 2012-01-01 m Bolton\n"
        "person none 2012-01-01 m Bolton\n"
        "person gap 2012-01-01 m Bolton\n"
        "person away 2012-01-01 m Bury\n"
        "person share 2012-01-01 m Bolton\n"
        /* 20 sessions before, 10 after: exactly half */
        "event half attendance 2025-01-10 possible=100 unauthorised=12\n"
        "event half attendance 2025-05-10 possible=100 unauthorised=8\n"
        "event half attendance 2025-10-10 possible=100 unauthorised=10\n"
        /* 20 before, 10.5 after */
        "event less attendance 2025-01-10 possible=100 unauthorised=20\n"
        "event less attendance 2025-10-10 possible=100 unauthorised=10.5\n"
        /* terms without a session missed: nothing that could go down */
        "event none attendance 2025-01-10 possible=100 unauthorised=0\n"
        "event none attendance 2025-10-10 possible=100 unauthorised=0\n"
        /* a term without its figure: 20 before, 5 or more after */
        "event gap attendance 2025-01-10 possible=100 unauthorised=20\n"
        "event gap attendance 2025-10-10 possible=100 unauthorised=5\n"
        "event gap attendance 2026-01-10 possible=100\n"
        "event away attendance 2025-01-10 possible=100 unauthorised=20\n"
        /* 10 and 10 sessions, of 100 and of 200 */
        "event share attendance 2025-01-10 possible=100 unauthorised=10\n"
        "event share attendance 2025-10-10 possible=200 unauthorised=10\n";
    scenario_check("person",
                   "criterion x has attendance with sum(unauthorised) "
                   "down by at least 50 % "
                   "from between 2025-01-01 and 2025-08-31 "
                   "to between 2025-09-01 and 2026-03-31",
                   people, "half=yes gap=unknown away=unknown");
    /* half's share stays at 10 in 100 */
    scenario_check("person",
                   "criterion x has attendance "
                   "with sum(unauthorised) / sum(possible) "
                   "down by at least 50 % "
                   "from between 2025-01-01 and 2025-08-31 "
                   "to between 2025-09-01 and 2026-03-31",
                   people, "gap=unknown away=unknown share=yes");
    scenario_check("person",
                   "criterion x has attendance with count() "
                   "up by at least 100 % "
                   "from between 2025-01-01 and 2025-08-31 "
                   "to between 2025-09-01 and 2026-03-31",
                   people, "gap=yes away=unknown");
}

static void
row_24_nothing_after_closure(void **state)
{
    (void)state;
    scenario_check(
        "family",
        "criterion x any member has intervention ending last 24 months\n"
        "  and no member has social_care within 12 months after "
        "end of latest intervention of any member",
        "person clean 2012-01-01 m Bolton\n"
        "person again 2012-01-01 m Bolton\n"
        "person recent 2012-01-01 m Bolton\n"
        "person running 2012-01-01 m Bolton\n"
        "family f1 clean:dependent_child\n"
        "family f2 again:dependent_child\n"
        "family f3 recent:dependent_child\n"
        "family f4 running:dependent_child\n"
        "spell clean intervention 2024-06-01 2025-03-31\n"
        "spell again intervention 2024-06-01 2025-03-31\n"
        "spell again social_care 2026-03-31 open kind=cin\n"
        /* the year after is not over: nobody can know yet */
        "spell recent intervention 2024-06-01 2025-04-01\n"
        "spell running intervention 2024-06-01 open\n",
        "f1=yes f3=unknown");
}

/* Somebody of unknown age leaves a count of the children's events open only
 * where it could change the answer: two are certain in f1, one in f2 and f3;
 * f3's other member has none. */
static void
together_with_somebody_unknown(void **state)
{
    (void)state;
    const char *people = "person a 2012-01-01 m Bolton\n"
                         "person b ? m Bolton\n"
                         "person c 2012-01-01 m Bolton\n"
                         "person d ? m Bolton\n"
                         "person e 2012-01-01 m Bolton\n"
                         "person f ? m Bolton\n"
                         "family f1 a:other b:other\n"
                         "family f2 c:other d:other\n"
                         "family f3 e:other f:other\n"
                         "event a missing 2026-01-01\n"
                         "event a missing 2026-01-02\n"
                         "event c missing 2026-01-01\n"
                         "event d missing 2026-01-01\n"
                         "event e missing 2026-01-01\n";
    scenario_check("family",
                   "criterion x children together have at least 2 missing, "
                   "last 12 months",
                   people, "f1=yes f2=unknown");
    scenario_check("family",
                   "criterion x children together have at most 1 missing, "
                   "last 12 months",
                   people, "f2=unknown f3=yes");
    scenario_check("family",
                   "criterion x children together have exactly 1 missing, "
                   "last 12 months",
                   people, "f1=unknown f2=unknown f3=unknown");
}

static void
quantifiers(void **state)
{
    (void)state;
    const char *people = "person a 2012-01-01 m Bolton\n"
                         "person b 2013-01-01 f Bolton\n"
                         "person c 1980-01-01 f Bolton\n"
                         "person d 2013-01-01 f Bury\n"
                         "family f1 a:dependent_child b:dependent_child\n"
                         "family f2 a:dependent_child c:parent\n"
                         "family f3 a:dependent_child d:dependent_child\n"
                         "family f4 c:parent\n"
                         "spell a school_roll 2020-01-01 open\n";
    scenario_check("family", "criterion x every child has school_roll, active",
                   people, "f2=yes f3=unknown f4=yes");
    scenario_check(
        "family", "criterion x at least 2 children have no school_roll, active",
        people, "");
    scenario_check("family",
                   "criterion x exactly 1 child has school_roll, active",
                   people, "f1=yes f2=yes f3=unknown");
    scenario_check("family", "criterion x no child has school_roll, active",
                   people, "f4=yes");
    scenario_check("family", "criterion x at most 1 child", people,
                   "f2=yes f4=yes");
    scenario_check("family",
                   "criterion x any female who is child has no school_roll, "
                   "active",
                   people, "f1=yes f3=unknown");
}

static void
areas_lists_and_cohorts(void **state)
{
    (void)state;
    const char *people = "person a 1980-01-01 m Bolton\n"
                         "person b 1980-01-01 m Bury\n"
                         "person c 1980-01-01 m ?\n"
                         "spell a list 2025-01-01 2027-01-01 name=leavers\n";
    scenario_check("person", "criterion x lives in {bolton, wigan}", people,
                   "a=yes c=unknown");
    scenario_check("person",
                   "table decile = {Bolton: 1, Bury: 4}\n"
                   "criterion x area decile <= 1",
                   people, "a=yes c=unknown");
    scenario_check("person", "criterion x on list leavers", people,
                   "a=yes b=unknown c=unknown");
    scenario_check_text("cohort first version 1 from 2000-01-01 level person\n"
                        "flag yes when lives in {bolton}\n"
                        "cohort x version 1 from 2000-01-01 level person\n"
                        "flag yes when not in cohort first\n",
                        people, "b=yes c=unknown");
}

/* An override names its author, and ends. */
static void
nominations_expire(void **state)
{
    (void)state;
    scenario_check_text(
        "registers nomination\n"
        "cohort x version 1 from 2000-01-01 level family\n"
        "exclude when any member has nomination where decision = exclude, "
        "active\n"
        "flag yes when any member has offence or any member has nomination "
        "where criterion = crime and decision = include, active\n",
        "person a 1980-01-01 m Bolton\n"
        "person b 1980-01-01 m Bolton\n"
        "person c 1980-01-01 m Bolton\n"
        "person d 1980-01-01 m Bury\n"
        "family named a:parent\n"
        "family expired b:parent\n"
        "family spared c:parent\n"
        "family quiet d:parent\n"
        "spell a nomination 2026-01-01 2026-06-30 criterion=crime "
        "decision=include by=officer\n"
        "spell b nomination 2025-01-01 2026-03-30 criterion=crime "
        "decision=include by=officer\n"
        "event c offence 2025-06-01\n"
        "spell c nomination 2026-01-01 2026-12-31 decision=exclude "
        "by=huddle\n",
        /* Bury sends no offences: unknown; but it has no nomination */
        "named=yes quiet=unknown");
}

static void
parameters_change_with_time(void **state)
{
    (void)state;
    scenario_check("person",
                   "param n = 3 until 2025-12-31 \"old\", 2 from 2026-01-01\n"
                   "criterion x has at least n offence",
                   "person a 1980-01-01 m Bolton\n"
                   "event a offence 2025-06-01\n"
                   "event a offence 2025-06-02\n",
                   "a=yes");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(row_21_weighted_score),
        cmocka_unit_test(row_22_same_person),
        cmocka_unit_test(row_22_same_person_in_a_family),
        cmocka_unit_test(row_24_claim),
        cmocka_unit_test(row_24_claim_by_amount),
        cmocka_unit_test(row_24_nothing_after_closure),
        cmocka_unit_test(together_with_somebody_unknown),
        cmocka_unit_test(quantifiers),
        cmocka_unit_test(areas_lists_and_cohorts),
        cmocka_unit_test(nominations_expire),
        cmocka_unit_test(parameters_change_with_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
