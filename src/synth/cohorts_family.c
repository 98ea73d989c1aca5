#include "synth/cohorts.h"

/* Cohorts of families, as fixtures/criteria words them. */

enum { BEHAVIOUR = 1u << 1 };

static bool
excluded(const kith_life *l)
{
    const kith_span terms = kith_span_terms(l->today, 3);
    const kith_asked fixed = {KITH_EVENT_EXCLUSION, terms, 1u << 0, 0};
    return kith_fact_child(l) && kith_life_count(l, &fixed) >= 3;
}

static bool
sent_away(const kith_life *l)
{
    const kith_asked asked = {
        KITH_EVENT_PROVISION, {INT32_MIN + 1, l->today}, 0, 0};
    const kith_event *e =
        kith_fact_child(l) ? kith_life_latest(l, &asked) : NULL;
    return e != NULL && (KITH_AWAY >> e->codes[0] & 1u) != 0 &&
           (BEHAVIOUR >> e->codes[1] & 1u) != 0;
}

/* Troubled Families 2: an advocate's say, by the criterion that it names. */

enum { NOMINATED_ALL = 6 };

static bool
nominated(const kith_life *l, unsigned criterion, unsigned decision)
{
    const kith_asked asked = {KITH_EVENT_NOMINATION, kith_span_today(l->today),
                              0, 1u << criterion};
    for (const kith_event *e = NULL;
         (e = kith_life_next(l, e, &asked)) != NULL;)
        if (e->codes[2] == decision)
            return true;
    return false;
}

static bool
left_out(const kith_life *l)
{
    enum { EXCLUDE = 1 };
    for (unsigned i = 0; i <= NOMINATED_ALL; i++)
        if (nominated(l, i, EXCLUDE))
            return true;
    return false;
}

enum { FOR_CRIME = 0, FOR_SCHOOL = 1, FOR_HEALTH = 5, INCLUDE = 0 };

static bool
nominated_for_crime(const kith_life *l)
{
    return nominated(l, FOR_CRIME, INCLUDE);
}

static bool
nominated_for_school(const kith_life *l)
{
    return nominated(l, FOR_SCHOOL, INCLUDE);
}

static bool
nominated_for_health(const kith_life *l)
{
    return nominated(l, FOR_HEALTH, INCLUDE);
}

/* A parent or child about to leave prison, a parent on licence or on an
 * order. */
static bool
under_sentence(const kith_life *l)
{
    const uint32_t orders = 1u << 0 | 1u << 1 | 1u << 2;
    const int32_t year = kith_add_months(l->today, 12);
    const kith_asked held = {KITH_EVENT_SENTENCE, {l->today, l->today}, 0, 0};
    if (!l->parenting && !kith_fact_child(l))
        return false;
    for (const kith_event *e = NULL; (e = kith_life_next(l, e, &held)) != NULL;)
        if (e->end != KITH_NO_DATE && e->end <= year)
            return true;
    return l->parenting && kith_life_now(l, KITH_EVENT_ORDER, orders);
}

static bool
crime_2(const kith_kin *k)
{
    return kith_kin_any(k, kith_fact_proven) ||
           kith_kin_any(k, kith_fact_asb) || kith_kin_any(k, under_sentence) ||
           kith_kin_any(k, nominated_for_crime);
}

static bool
absent_2(const kith_life *l)
{
    return kith_fact_school_age(l) &&
           (kith_life_absence(l, 3, false) > 0.10 || !kith_life_on_roll(l));
}

static bool
school_2(const kith_kin *k)
{
    return kith_kin_any(k, absent_2) || kith_kin_any(k, excluded) ||
           kith_kin_any(k, kith_fact_expelled) || kith_kin_any(k, sent_away) ||
           kith_kin_any(k, nominated_for_school);
}

static bool
cared_for(const kith_life *l)
{
    return kith_fact_child(l) && kith_life_lately(l, KITH_EVENT_SOCIAL_CARE, 0);
}

static bool
help_2(const kith_kin *k)
{
    return kith_kin_any(k, cared_for) ||
           kith_kin_any(k, kith_fact_unused_place) ||
           kith_kin_any(k, kith_fact_missing);
}

static bool
work_2(const kith_kin *k)
{
    return kith_kin_any(k, kith_fact_workless) ||
           kith_kin_any(k, kith_fact_looking) ||
           kith_kin_any(k, kith_fact_idle) ||
           kith_kin_any_at_home(k, kith_fact_arrears) ||
           kith_kin_any_at_home(k, kith_fact_evicted);
}

static bool
abuse_2(const kith_kin *k)
{
    return kith_kin_any(k, kith_fact_abuse);
}

static bool
ill_parent_or_child(const kith_life *l)
{
    return (l->parenting || kith_fact_child(l)) && kith_fact_ill(l);
}

static bool
health_2(const kith_kin *k)
{
    return kith_kin_any(k, kith_fact_treated) ||
           kith_kin_any(k, ill_parent_or_child) ||
           kith_kin_any(k, nominated_for_health);
}

static const char *
troubled_families_2(const kith_kin *k)
{
    static const kith_need_of needs[] = {crime_2, school_2, help_2,
                                         work_2,  abuse_2,  health_2};
    kith_kin all = *k;
    all.with_absent = true;
    if (!kith_kin_any(k, kith_fact_schooled) || kith_kin_any(&all, left_out))
        return NULL;
    const unsigned n = kith_kin_needs(k, needs, 6);
    if (n < 2)
        return NULL;
    return n == 6 ? "all_six" : n >= 4 ? "four_or_more" : "";
}

/* Troubled Families 1, whose absent parents count as anybody. */

static bool
young_offender(const kith_life *l)
{
    const kith_asked asked = {KITH_EVENT_OFFENCE,
                              kith_span_months(l->today, 12), KITH_PROVEN, 0};
    for (const kith_event *e = NULL;
         (e = kith_life_next(l, e, &asked)) != NULL;)
        if (kith_age_years(l->person->born, e->start) < 18)
            return true;
    return false;
}

static bool
truant_1(const kith_life *l)
{
    return kith_fact_school_age(l) && kith_life_absence(l, 3, false) >= 0.15;
}

static bool
locally_at_risk(const kith_life *l)
{
    return (kith_fact_child(l) &&
            kith_life_now(l, KITH_EVENT_SOCIAL_CARE, 0)) ||
           kith_fact_abuse(l) || kith_fact_treated(l) ||
           (l->age >= 18 && kith_fact_ill(l)) || kith_fact_missing(l);
}

static const char *
troubled_families_1(const kith_kin *family)
{
    kith_kin k = *family;
    k.with_absent = true;
    if (!kith_kin_any(family, kith_fact_child))
        return NULL;
    const int crime =
        kith_kin_any(&k, young_offender) || kith_kin_any(&k, kith_fact_asb);
    const int school =
        kith_kin_any(&k, excluded) || kith_kin_any(&k, sent_away) ||
        kith_kin_any(&k, kith_fact_off_roll) || kith_kin_any(&k, truant_1);
    const int work = kith_kin_any(&k, kith_fact_workless);
    const int n = crime + school + work;
    if (n == 3)
        return "automatic";
    const bool local = kith_kin_any(&k, locally_at_risk) ||
                       kith_kin_any_at_home(&k, kith_fact_evicted);
    return n == 2 && local ? "discretion" : NULL;
}

/* Complex dependency: overlapping cohorts of one family. */

static bool
long_claimant(const kith_life *l)
{
    const kith_asked asked = {KITH_EVENT_BENEFIT, kith_span_today(l->today),
                              KITH_OUT_OF_WORK, 0};
    const int32_t since =
        l->age < 18 ? KITH_NO_DATE : kith_life_since(l, &asked, 14);
    return since != KITH_NO_DATE && kith_add_months(since, 12) - 1 <= l->today;
}

static bool
in_need(const kith_life *l)
{
    const uint32_t tiers =
        KITH_CARE_CIN | KITH_CARE_S47 | KITH_CARE_CPP | KITH_CARE_LAC;
    return kith_fact_child(l) &&
           kith_life_now(l, KITH_EVENT_SOCIAL_CARE, tiers);
}

static bool
disadvantaged(const kith_life *l)
{
    return kith_cohort_smd(l) != NULL;
}

static const char *
complex_dependency(const kith_kin *family)
{
    kith_kin k = *family;
    k.with_absent = true;
    const int troubled = troubled_families_2(family) != NULL;
    const int offending = kith_kin_any(&k, kith_fact_proven) ||
                          kith_kin_any(&k, kith_fact_on_order);
    const int n = troubled + offending + kith_kin_any(&k, long_claimant) +
                  kith_kin_any(&k, in_need) + kith_kin_any(&k, disadvantaged) +
                  kith_kin_any_at_home(&k, kith_fact_abuse);
    if (n < 3)
        return NULL;
    return troubled ? "troubled_family" : "other";
}

const kith_family_rule KITH_FAMILY_COHORTS[] = {
    {"troubled_families_1", troubled_families_1},
    {"troubled_families_1_result", kith_cohort_result_1},
    {"troubled_families_1_job", kith_cohort_job_1},
    {"troubled_families_2", troubled_families_2},
    {"troubled_families_2_claim", kith_cohort_claim_2},
    {"troubled_families_2_job", kith_cohort_job_2},
    {"supporting_families", kith_cohort_supporting},
    {"complex_dependency", complex_dependency},
    {NULL, NULL}};
