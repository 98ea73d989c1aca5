/* Cohorts by construction: windows, runs and rules, on lives told by hand. */
#include "../support/files.h"
#include "io/folder.h"
#include "synth/cohorts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int32_t
day(int32_t year, uint8_t month, uint8_t d)
{
    return kith_days_from_ymd((kith_ymd){year, month, d});
}

/* A life on 31 March 2026. */
static kith_life
live(const kith_person *p, const kith_event *events, size_t n)
{
    kith_life l = {.person = p,
                   .events = events,
                   .n = n,
                   .today = day(2026, 3, 31),
                   .here = true};
    l.age = kith_age_years(p->born, l.today);
    for (size_t i = 0; i < n; i++)
        l.types |= (uint64_t)1 << events[i].type;
    return l;
}

static kith_event
event(kith_event_type type, int32_t start, int32_t end, uint8_t code)
{
    return (kith_event){
        .type = (uint8_t)type, .start = start, .end = end, .codes = {code}};
}

static void
assert_tier(const char *got, const char *want)
{
    if (got == NULL || want == NULL)
        assert_ptr_equal(got, want);
    else
        assert_string_equal(got, want);
}

static const char *
tier_of(const char *cohort, const kith_life *l)
{
    const kith_person_rule *r = KITH_PERSON_COHORTS;
    while (strcmp(r->cohort, cohort) != 0)
        r++;
    return r->tier(l);
}

static const char *
family_tier(const char *cohort, const kith_kin *k)
{
    const kith_family_rule *r = KITH_FAMILY_COHORTS;
    while (strcmp(r->cohort, cohort) != 0)
        r++;
    return r->tier(k);
}

/* README: last 12 months on 31 March 2026 are 1 April 2025 to 31 March 2026;
 * the last three terms are those that have ended. */
static void
windows(void **state)
{
    (void)state;
    const kith_span year = kith_span_months(day(2026, 3, 31), 12);
    assert_int_equal(year.from, day(2025, 4, 1));
    assert_int_equal(year.to, day(2026, 3, 31));
    kith_span terms = kith_span_terms(day(2026, 3, 31), 3);
    assert_int_equal(terms.from, day(2025, 4, 1));
    assert_int_equal(terms.to, day(2026, 3, 31));
    terms = kith_span_terms(day(2026, 3, 30), 3);
    assert_int_equal(terms.from, day(2025, 1, 1));
    assert_int_equal(terms.to, day(2025, 12, 31));
    terms = kith_span_terms(day(2026, 9, 1), 2);
    assert_int_equal(terms.from, day(2026, 1, 1));
    assert_int_equal(terms.to, day(2026, 7, 31));
}

/* Two jobs eight days apart, the second one goes on; before them another. */
static void
runs_join_and_end_today(void **state)
{
    (void)state;
    const kith_person p = {.born = day(1990, 1, 1)};
    const kith_event jobs[] = {
        event(KITH_EVENT_EMPLOYMENT, day(2025, 12, 31), KITH_NO_DATE, 0),
        event(KITH_EVENT_EMPLOYMENT, day(2025, 10, 1), day(2025, 12, 22), 0),
        event(KITH_EVENT_EMPLOYMENT, day(2025, 1, 1), day(2025, 6, 30), 0)};
    const kith_life l = live(&p, jobs, 3);
    kith_asked asked = {
        KITH_EVENT_EMPLOYMENT, {day(2024, 1, 1), day(2030, 1, 1)}, 0, 0};
    /* 1 October to 31 March are 182 days; an open end is no more than today. */
    assert_true(kith_life_runs(&l, &asked, 8, 182));
    assert_false(kith_life_runs(&l, &asked, 8, 183));
    /* 181 days in the first half of 2025, alone. */
    assert_true(kith_life_runs(&l, &asked, 7, 181));
    assert_false(kith_life_runs(&l, &asked, 7, 182));
    /* Only what lies in the window counts: November is 30 days. */
    asked.span = (kith_span){day(2025, 11, 1), day(2025, 11, 30)};
    assert_true(kith_life_runs(&l, &asked, 0, 30));
    assert_false(kith_life_runs(&l, &asked, 0, 31));
    assert_int_equal(kith_life_since(&l, &asked, 8), day(2025, 10, 1));
    assert_int_equal(kith_life_since(&l, &asked, 7), day(2025, 12, 31));
}

static void
disadvantages_of_one_year(void **state)
{
    (void)state;
    const kith_person p = {.born = day(1990, 1, 1)};
    kith_event e[] = {
        event(KITH_EVENT_HOMELESS, day(2024, 9, 1), day(2025, 4, 1), 1),
        event(KITH_EVENT_TREATMENT, day(2023, 1, 1), KITH_NO_DATE, 0),
        event(KITH_EVENT_OFFENCE, day(2025, 5, 1), KITH_NO_DATE, 3)};
    kith_life l = live(&p, e, 3);
    /* The offence came to nothing (no further action). */
    assert_tier(tier_of("smd", &l), "smd2");
    e[2].codes[0] = 1; /* a caution */
    assert_tier(tier_of("smd", &l), "smd3");
    e[0].end = day(2025, 3, 31); /* a day too early */
    assert_tier(tier_of("smd", &l), "smd2");
    l.age = 17;
    assert_tier(tier_of("smd", &l), NULL);
}

static void
children_by_their_highest_plan(void **state)
{
    (void)state;
    const kith_person p = {.born = day(2015, 1, 1)};
    kith_event e[] = {
        event(KITH_EVENT_SOCIAL_CARE, day(2023, 1, 1), KITH_NO_DATE, 1),
        event(KITH_EVENT_SOCIAL_CARE, day(2023, 6, 1), day(2026, 3, 30), 4)};
    const kith_life l = live(&p, e, 2);
    assert_tier(tier_of("children_in_need", &l), "in_need");
    assert_tier(tier_of("looked_after_drift", &l), NULL);
    e[1].end = KITH_NO_DATE;
    assert_tier(tier_of("children_in_need", &l), "looked_after");
    assert_tier(tier_of("looked_after_drift", &l), ""); /* no exit plan */
    e[1].codes[1] = 3; /* with parents, since June 2023 */
    assert_tier(tier_of("looked_after_drift", &l), "at_home");
}

static void
visits_are_counted_in_the_year(void **state)
{
    (void)state;
    const kith_person p = {.born = day(1950, 1, 1)};
    kith_event e[10];
    for (unsigned i = 0; i < 10; i++)
        e[i] =
            event(KITH_EVENT_AE, day(2025, 4, 1) + (int32_t)i, KITH_NO_DATE, 0);
    const kith_life l = live(&p, e, 10);
    assert_tier(tier_of("frequent_ae", &l), "ten_or_more");
    e[0].start = day(2025, 3, 31);
    assert_tier(tier_of("frequent_ae", &l), "six_or_more");
    for (unsigned i = 1; i < 5; i++)
        e[i].start = day(2025, 3, 1);
    assert_tier(tier_of("frequent_ae", &l), NULL);
}

/* A mother and her child, and the child's father elsewhere. */
static void
an_absent_parent_accounts_for_one_need(void **state)
{
    (void)state;
    const kith_person people[3] = {{.born = day(1995, 1, 1)},
                                   {.born = day(2018, 1, 1)},
                                   {.born = day(1993, 1, 1)}};
    const kith_event mothers[] = {
        event(KITH_EVENT_ABUSE, day(2025, 9, 1), KITH_NO_DATE, 0)};
    const kith_event childs[] = {
        event(KITH_EVENT_ROLL, day(2023, 9, 3), KITH_NO_DATE, 0)};
    const kith_event fathers[] = {
        event(KITH_EVENT_OFFENCE, day(2025, 9, 1), KITH_NO_DATE, 0),
        event(KITH_EVENT_TREATMENT, day(2025, 9, 1), KITH_NO_DATE, 0)};
    kith_life lives[3] = {live(&people[0], mothers, 1),
                          live(&people[1], childs, 1),
                          live(&people[2], fathers, 2)};
    lives[0].parenting = lives[2].parenting = true;
    kith_kin k = {.lives = lives,
                  .end = 2,
                  .home_end = 2,
                  .absent = {2},
                  .n_absent = 1,
                  .today = day(2026, 3, 31)};
    /* Her abuse, and one of his two: crime or health. */
    assert_tier(family_tier("troubled_families_2", &k), "");
    assert_tier(family_tier("supporting_families", &k), NULL);
    /* Without hers, his count as one need only. */
    lives[0] = live(&people[0], NULL, 0);
    assert_tier(family_tier("troubled_families_2", &k), NULL);
    /* The child leaves every roll: school, and one of his. */
    lives[1] = live(&people[1], NULL, 0);
    assert_tier(family_tier("troubled_families_2", &k), "");
    /* The dead are in no cohort, and nobody depends on them. */
    lives[1].here = false;
    assert_tier(family_tier("troubled_families_2", &k), NULL);
}

/* A claim waits until the year after closing is over. */
static void
claims_wait_for_their_year(void **state)
{
    (void)state;
    const kith_person people[2] = {{.born = day(1990, 1, 1)},
                                   {.born = day(2022, 1, 1)}};
    kith_event helped[] = {
        event(KITH_EVENT_INTERVENTION, day(2024, 6, 1), day(2025, 3, 31), 0)};
    kith_event cared[] = {
        event(KITH_EVENT_SOCIAL_CARE, day(2023, 1, 1), day(2025, 3, 31), 1)};
    kith_life lives[2] = {live(&people[0], helped, 1),
                          live(&people[1], cared, 1)};
    const kith_kin k = {
        .lives = lives, .end = 2, .home_end = 2, .today = day(2026, 3, 31)};
    assert_tier(family_tier("troubled_families_2_claim", &k), "");
    cared[0].end = day(2025, 4, 1); /* in need on the day after */
    assert_tier(family_tier("troubled_families_2_claim", &k), NULL);
    cared[0].end = day(2025, 3, 31);
    helped[0].end = day(2025, 4, 1); /* not a year ago yet */
    assert_tier(family_tier("troubled_families_2_claim", &k), NULL);
}

static void
homes_at_risk(void **state)
{
    (void)state;
    const kith_person p = {.born = day(1990, 1, 1)};
    kith_event e[] = {
        event(KITH_EVENT_ARREARS, day(2026, 3, 16), KITH_NO_DATE, 0),
        event(KITH_EVENT_SENTENCE, day(2025, 6, 1), day(2026, 5, 26), 0)};
    e[0].amounts[0] = 100000; /* a thousand pounds */
    kith_life l = live(&p, e, 2);
    /* Out of prison in 56 days, and deep in arrears. */
    assert_tier(kith_cohort_homelessness(&l, 0, 1), "");
    e[1].end = day(2026, 5, 27);
    assert_tier(kith_cohort_homelessness(&l, 0, 1), NULL);
    e[1] = event(KITH_EVENT_TEMPORARY, day(2026, 3, 1), KITH_NO_DATE, 0);
    l = live(&p, e, 2);
    assert_tier(kith_cohort_homelessness(&l, 0, 1), "homeless");
}

static bool
has_rule(const char *name, size_t n)
{
    const char *const of_homes = "homelessness_risk";
    if (strlen(of_homes) == n && memcmp(name, of_homes, n) == 0)
        return true;
    for (const kith_person_rule *r = KITH_PERSON_COHORTS; r->cohort; r++)
        if (strlen(r->cohort) == n && memcmp(name, r->cohort, n) == 0)
            return true;
    for (const kith_family_rule *r = KITH_FAMILY_COHORTS; r->cohort; r++)
        if (strlen(r->cohort) == n && memcmp(name, r->cohort, n) == 0)
            return true;
    return false;
}

static unsigned
check_criteria(const char *path)
{
    size_t n = 0;
    unsigned cohorts = 0;
    char *text = test_read(path, &n);
    for (char *at = text; (at = strstr(at, "\ncohort ")) != NULL;) {
        at += strlen("\ncohort ");
        if (!has_rule(at, strcspn(at, " ")))
            fail_msg("%s: no truth of %.*s", path, (int)strcspn(at, " "), at);
        cohorts++;
    }
    free(text);
    return cohorts;
}

/* Whoever ships a cohort says who is in it. */
static void
every_shipped_cohort_has_its_truth(void **state)
{
    (void)state;
    static const char folder[] = "fixtures/criteria";
    kith_error err = KITH_ERROR_INIT;
    kith_folder list = {0};
    unsigned cohorts = 0;
    assert_int_equal(kith_folder_list(&list, folder, ".criteria", &err),
                     KITH_OK);
    for (size_t i = 0; i < list.n; i++) {
        char path[512];
        char name[256];
        (void)snprintf(name, sizeof name, "%s.criteria", list.names[i]);
        test_path(path, folder, name);
        cohorts += check_criteria(path);
    }
    assert_in_range(cohorts, 21, 100);
    kith_folder_done(&list);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows),
        cmocka_unit_test(runs_join_and_end_today),
        cmocka_unit_test(disadvantages_of_one_year),
        cmocka_unit_test(children_by_their_highest_plan),
        cmocka_unit_test(visits_are_counted_in_the_year),
        cmocka_unit_test(an_absent_parent_accounts_for_one_need),
        cmocka_unit_test(claims_wait_for_their_year),
        cmocka_unit_test(homes_at_risk),
        cmocka_unit_test(every_shipped_cohort_has_its_truth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
