#include "synth/cohorts.h"

/* Supporting Families: ten needs. */

static bool
absent_10(const kith_life *l)
{
    return kith_fact_school_age(l) && kith_life_absence(l, 2, true) > 0.10;
}

static bool
severely_absent(const kith_life *l)
{
    return kith_fact_school_age(l) && kith_life_absence(l, 2, true) > 0.50;
}

static bool
education(const kith_kin *k)
{
    return kith_kin_any(k, absent_10) || kith_kin_any(k, kith_fact_off_roll) ||
           kith_kin_any(k, kith_fact_expelled);
}

/* Below the expected level in a prime area, in the last year. */
static bool
behind(const kith_life *l)
{
    enum { LAST_PRIME = 2, EXPECTED = 200 };
    const kith_asked asked = {KITH_EVENT_EYFS, kith_span_months(l->today, 12),
                              0, 0};
    for (const kith_event *e = NULL;
         kith_fact_child(l) && (e = kith_life_next(l, e, &asked)) != NULL;)
        if (e->codes[0] <= LAST_PRIME && e->amounts[0] < EXPECTED)
            return true;
    return false;
}

static bool
early_years(const kith_kin *k)
{
    return kith_kin_any(k, kith_fact_unused_place) || kith_kin_any(k, behind);
}

/* Three emergency admissions that began in the last year. */
static bool
often_admitted(const kith_life *l)
{
    const kith_span year = kith_span_months(l->today, 12);
    const kith_asked asked = {KITH_EVENT_ADMISSION, year, 1u << 0, 0};
    unsigned n = 0;
    for (const kith_event *e = NULL;
         kith_fact_child(l) && (e = kith_life_next(l, e, &asked)) != NULL;)
        n += e->start >= year.from;
    return n >= 3;
}

static bool
health(const kith_kin *k)
{
    return kith_kin_any(k, kith_fact_ill) || kith_kin_any(k, often_admitted);
}

static bool
substance(const kith_kin *k)
{
    return kith_kin_any(k, kith_fact_treated);
}

static bool
strained(const kith_life *l)
{
    return kith_life_lately(l, KITH_EVENT_CONFLICT, 0) ||
           (kith_fact_child(l) && kith_life_now(l, KITH_EVENT_YOUNG_CARER, 0));
}

static bool
relationships(const kith_kin *k)
{
    return kith_kin_any(k, strained);
}

static bool
unsafe_child(const kith_life *l)
{
    const uint32_t tiers = KITH_CARE_CIN | KITH_CARE_S47 | KITH_CARE_CPP;
    return kith_fact_missing(l) ||
           (kith_fact_child(l) &&
            kith_life_lately(l, KITH_EVENT_SOCIAL_CARE, tiers));
}

static bool
exploitation(const kith_kin *k)
{
    return kith_kin_any(k, unsafe_child);
}

static bool
crime_10(const kith_kin *k)
{
    return kith_kin_any(k, kith_fact_proven) ||
           kith_kin_any(k, kith_fact_asb) ||
           kith_kin_any(k, kith_fact_on_order);
}

static bool
abuse_at_home(const kith_kin *k)
{
    return kith_kin_any_at_home(k, kith_fact_abuse);
}

static bool
unhoused(const kith_life *l)
{
    return kith_life_lately(l, KITH_EVENT_HOMELESS, 0) ||
           kith_life_now(l, KITH_EVENT_TEMPORARY, 0);
}

static bool
housing(const kith_kin *k)
{
    return kith_kin_any_at_home(k, kith_fact_arrears) ||
           kith_kin_any_at_home(k, kith_fact_evicted) ||
           kith_kin_any(k, unhoused);
}

static bool
finance(const kith_kin *k)
{
    return kith_kin_any(k, kith_fact_workless) ||
           kith_kin_any(k, kith_fact_looking) ||
           kith_kin_any(k, kith_fact_idle);
}

static bool
expecting(const kith_life *l)
{
    return kith_life_now(l, KITH_EVENT_PREGNANCY, 0);
}

const char *
kith_cohort_supporting(const kith_kin *k)
{
    static const kith_need_of needs[] = {
        education,    early_years, health,        substance, relationships,
        exploitation, crime_10,    abuse_at_home, housing,   finance};
    kith_kin all = *k;
    all.with_absent = true;
    if (!kith_kin_any(k, kith_fact_schooled) && !kith_kin_any(k, expecting))
        return NULL;
    const unsigned n = kith_kin_needs(k, needs, 10);
    if (n < 3)
        return NULL;
    if (kith_kin_any(&all, severely_absent))
        return "severely_absent";
    return n >= 5 ? "five_or_more" : "";
}
