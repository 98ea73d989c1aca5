#include "synth/cohorts.h"

/* Cohorts of persons, as fixtures/criteria words them. */

enum { PLACED_WITH_PARENTS = 1u << 3, EXIT_PLAN = 1u << 0, CUSTODY = 1u << 0 };

static const char *
children_in_need(const kith_life *l)
{
    const kith_event_type care = KITH_EVENT_SOCIAL_CARE;
    if (l->age >= 18)
        return NULL;
    if (kith_life_now(l, care, KITH_CARE_LAC))
        return "looked_after";
    if (kith_life_now(l, care, KITH_CARE_CPP))
        return "protection_plan";
    if (kith_life_now(l, care, KITH_CARE_S47))
        return "enquiry";
    return kith_life_now(l, care, KITH_CARE_CIN) ? "in_need" : NULL;
}

static const char *
looked_after_drift(const kith_life *l)
{
    const kith_asked at_home = {KITH_EVENT_SOCIAL_CARE,
                                kith_span_today(l->today), KITH_CARE_LAC,
                                PLACED_WITH_PARENTS};
    if (l->age >= 18 ||
        !kith_life_now(l, KITH_EVENT_SOCIAL_CARE, KITH_CARE_LAC))
        return NULL;
    for (const kith_event *e = NULL;
         (e = kith_life_next(l, e, &at_home)) != NULL;)
        if (e->start <= kith_add_months(l->today, -24))
            return "at_home";
    return kith_life_lately(l, KITH_EVENT_CARE_DOCUMENT, EXIT_PLAN) ? NULL : "";
}

static const char *
frequent_ae(const kith_life *l)
{
    const kith_asked visits = {KITH_EVENT_AE, kith_span_months(l->today, 12), 0,
                               0};
    const unsigned n = kith_life_count(l, &visits);
    if (n >= 10)
        return "ten_or_more";
    return n >= 6 ? "six_or_more" : NULL;
}

static const char *
rough_sleeping(const kith_life *l)
{
    const kith_asked seen = {KITH_EVENT_ROUGH, kith_span_months(l->today, 3), 0,
                             0};
    return kith_life_has(l, &seen) ? "" : NULL;
}

static bool
in_justice(const kith_life *l)
{
    return kith_life_lately(l, KITH_EVENT_OFFENCE, KITH_CONVICTED) ||
           kith_life_lately(l, KITH_EVENT_SENTENCE, 0) ||
           kith_life_lately(l, KITH_EVENT_ORDER, 0);
}

const char *
kith_cohort_smd(const kith_life *l)
{
    if (l->age < 18)
        return NULL;
    const int homeless = kith_life_lately(l, KITH_EVENT_HOMELESS, 0) ||
                         kith_life_lately(l, KITH_EVENT_TEMPORARY, 0) ||
                         kith_life_lately(l, KITH_EVENT_ROUGH, 0);
    const int treated = kith_life_lately(l, KITH_EVENT_TREATMENT, 0);
    const int n = homeless + treated + in_justice(l);
    if (n < 2)
        return NULL;
    return n == 3 ? "smd3" : "smd2";
}

static const char *
multiple_disadvantage(const kith_life *l)
{
    if (l->age < 18)
        return NULL;
    /* Victims and perpetrators; children who were there are not adults. */
    const int abuse = kith_life_lately(l, KITH_EVENT_ABUSE, 1u << 0 | 1u << 1);
    const int homeless = kith_life_lately(l, KITH_EVENT_HOMELESS, 0) ||
                         kith_life_lately(l, KITH_EVENT_ROUGH, 0);
    const int n = homeless + kith_life_lately(l, KITH_EVENT_TREATMENT, 0) +
                  kith_life_lately(l, KITH_EVENT_MENTAL, 0) + abuse +
                  in_justice(l);
    if (n < 3)
        return NULL;
    return n == 5 ? "five" : n == 4 ? "four" : "";
}

/* In custody now, and not out within twelve months. */
static bool
long_in_custody(const kith_life *l)
{
    const kith_asked now = {KITH_EVENT_SENTENCE, kith_span_today(l->today),
                            CUSTODY, 0};
    bool held = false;
    for (const kith_event *e = NULL;
         (e = kith_life_next(l, e, &now)) != NULL;) {
        if (e->end != KITH_NO_DATE && e->end <= kith_add_months(l->today, 12))
            return false;
        held = true;
    }
    return held;
}

static const char *
offender_management(const kith_life *l)
{
    enum { HIGH = 2, LIKELY = 7500, PROLIFIC = 4 };
    /* violence, domestic, sexual, organised */
    const uint32_t serious = 1u << 0 | 1u << 7 | 1u << 8 | 1u << 9;
    const kith_span year = kith_span_months(l->today, 12);
    const kith_asked proven = {KITH_EVENT_OFFENCE, year, KITH_CONVICTED, 0};
    const kith_asked worst = {KITH_EVENT_OFFENCE, year, KITH_CONVICTED,
                              serious};
    const kith_asked risks = {KITH_EVENT_RISK, year, 0, 0};
    if (l->age < 18 || long_in_custody(l))
        return NULL;
    const kith_event *risk = kith_life_latest(l, &risks);
    const bool harmful = risk != NULL && risk->codes[0] >= HIGH;
    const bool prolific = kith_life_count(l, &proven) >= PROLIFIC ||
                          (risk != NULL && risk->amounts[0] >= LIKELY);
    const bool supervised = kith_life_now(l, KITH_EVENT_ORDER, 0);
    if (!(harmful || prolific) || !(supervised || kith_life_has(l, &worst)))
        return NULL;
    return harmful ? "high_harm" : "prolific";
}

static bool
on_esa(const kith_life *l)
{
    return kith_life_now(l, KITH_EVENT_BENEFIT, 1u << 1);
}

/* Left the programme without a job in the last three years. */
static bool
left_programme(const kith_life *l)
{
    enum { JOB = 2 };
    const kith_span span = kith_span_months(l->today, 36);
    const kith_asked asked = {KITH_EVENT_WORK_PROGRAMME, span, 0, 0};
    for (const kith_event *e = NULL;
         (e = kith_life_next(l, e, &asked)) != NULL;)
        if (e->end != KITH_NO_DATE && e->end <= l->today && e->codes[0] != JOB)
            return true;
    return false;
}

static bool
named(const kith_life *l)
{
    return kith_life_now(l, KITH_EVENT_LIST, 1u << 0);
}

static const char *
work_programme_leavers(const kith_life *l)
{
    if (l->age < 18 || l->age > 64)
        return NULL;
    return (left_programme(l) && on_esa(l)) || named(l) ? "" : NULL;
}

static const char *
work_programme_job(const kith_life *l)
{
    const kith_span ever = {INT32_MIN + 1, l->today};
    const kith_asked programmes = {KITH_EVENT_WORK_PROGRAMME, ever, 0, 0};
    const kith_event *last = kith_life_latest(l, &programmes);
    if (l->age < 18 || l->age > 64 ||
        !(left_programme(l) || on_esa(l) || named(l)) || last == NULL ||
        last->end == KITH_NO_DATE || last->end > l->today)
        return NULL;
    const kith_asked jobs = {KITH_EVENT_EMPLOYMENT,
                             {last->end + 1, kith_add_months(last->end, 60)},
                             0,
                             0};
    return kith_life_runs(l, &jobs, 14, 104 * 7) ? "" : NULL;
}

static const char *
neet(const kith_life *l)
{
    enum { NEET = 3 };
    const kith_asked asked = {KITH_EVENT_EET, {INT32_MIN + 1, l->today}, 0, 0};
    const kith_event *e = kith_life_latest(l, &asked);
    return l->age >= 16 && l->age <= 18 && e != NULL && e->codes[0] == NEET
               ? ""
               : NULL;
}

/* Years 8 to 11 are counted on 31 August. */
static bool
in_years_8_to_11(const kith_life *l)
{
    const kith_ymd now = kith_ymd_from_days(l->today);
    const int32_t year = now.year - (now.month < 9);
    const int32_t age = kith_age_years(
        l->person->born, kith_days_from_ymd((kith_ymd){year, 8, 31}));
    return age >= 12 && age <= 15;
}

static const char *
neet_risk(const kith_life *l)
{
    const kith_asked excluded = {KITH_EVENT_EXCLUSION,
                                 kith_span_terms(l->today, 3), 0, 0};
    if (!in_years_8_to_11(l))
        return NULL;
    const int score =
        2 * kith_life_now(l, KITH_EVENT_SPECIAL, 1u << 1) +
        kith_life_now(l, KITH_EVENT_SPECIAL, 1u << 0) +
        kith_life_now(l, KITH_EVENT_SPECIAL, 1u << 2) +
        2 * (kith_life_absence(l, 3, true) > 0.15) +
        2 * kith_life_has(l, &excluded) +
        kith_life_now(l, KITH_EVENT_PROVISION, KITH_AWAY) +
        2 * kith_life_now(l, KITH_EVENT_SOCIAL_CARE, KITH_CARE_LAC) +
        2 * kith_life_lately(l, KITH_EVENT_PREGNANCY, 0) +
        kith_life_now(l, KITH_EVENT_YOUNG_CARER, 0) +
        2 * kith_life_lately(l, KITH_EVENT_YOUTH_CUSTODY, 0) +
        2 * kith_life_lately(l, KITH_EVENT_ORDER, 1u << 4 | 1u << 5);
    return score >= 4 ? "" : NULL;
}

static const char *
not_school_ready(const kith_life *l)
{
    enum { LAST_AREA = 4, EXPECTED = 200 }; /* communication to maths */
    const kith_asked goals = {KITH_EVENT_EYFS, {INT32_MIN + 1, l->today}, 0, 0};
    if (l->age < 5 || l->age > 6)
        return NULL;
    for (const kith_event *e = NULL;
         (e = kith_life_next(l, e, &goals)) != NULL;)
        if (e->codes[0] <= LAST_AREA && e->amounts[0] < EXPECTED)
            return "";
    return NULL;
}

const kith_person_rule KITH_PERSON_COHORTS[] = {
    {"children_in_need", children_in_need},
    {"looked_after_drift", looked_after_drift},
    {"work_programme_leavers", work_programme_leavers},
    {"work_programme_job", work_programme_job},
    {"frequent_ae", frequent_ae},
    {"rough_sleeping", rough_sleeping},
    {"smd", kith_cohort_smd},
    {"multiple_disadvantage", multiple_disadvantage},
    {"offender_management", offender_management},
    {"neet_risk", neet_risk},
    {"neet", neet},
    {"not_school_ready", not_school_ready},
    {NULL, NULL}};
