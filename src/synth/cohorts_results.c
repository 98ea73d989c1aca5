#include "synth/cohorts.h"

/* Families that a programme helped: what can be claimed for them. Parents who
 * live elsewhere count as members. */

static kith_span
ever(const kith_kin *k)
{
    return (kith_span){INT32_MIN + 1, k->today};
}

static kith_kin
everybody(const kith_kin *family)
{
    kith_kin k = *family;
    k.with_absent = true;
    return k;
}

/* Calls fn for every member; stops when it says so. */
typedef struct walk {
    const kith_kin *k;
    uint32_t next;
} walk;

static const kith_life *
next_member(walk *w)
{
    const kith_kin *k = w->k;
    const uint32_t n = k->end - k->first;
    while (w->next < n + (k->with_absent ? k->n_absent : 0)) {
        const uint32_t i = w->next++;
        const uint32_t person = i < n ? k->first + i : k->absent[i - n];
        if (k->lives[person].here)
            return &k->lives[person];
    }
    return NULL;
}

/* The family's latest intervention, NULL when none. */
static const kith_event *
latest_intervention(const kith_kin *k)
{
    const kith_asked asked = {KITH_EVENT_INTERVENTION, ever(k), 0, 0};
    const kith_event *latest = NULL;
    walk w = {k, 0};
    for (const kith_life *l; (l = next_member(&w)) != NULL;) {
        const kith_event *e = kith_life_latest(l, &asked);
        if (e != NULL && (latest == NULL || e->start > latest->start))
            latest = e;
    }
    return latest;
}

/* Events of the family in a span; of members under 18 on the day only. */
static unsigned
count_all(const kith_kin *k, kith_event_type type, kith_span span, bool young)
{
    const kith_asked asked = {type, span, 0, 0};
    unsigned n = 0;
    walk w = {k, 0};
    for (const kith_life *l; (l = next_member(&w)) != NULL;)
        for (const kith_event *e = NULL;
             (e = kith_life_next(l, e, &asked)) != NULL;)
            n += !young || kith_age_years(l->person->born, e->start) < 18;
    return n;
}

/* Down by a share, six months after on six months before; or none before. */
static bool
fell(const kith_kin *k, kith_event_type type, bool young, double share)
{
    const int32_t start = latest_intervention(k)->start;
    const kith_span before = {kith_add_months(start, -6), start - 1};
    const kith_span after = {start + 1, kith_add_months(start, 6)};
    const unsigned had = count_all(k, type, before, young);
    if (had == 0)
        return true;
    const unsigned has = count_all(k, type, after, young);
    return after.to <= k->today && has <= had * (1 - share);
}

static bool
misses_school(const kith_life *l)
{
    const kith_asked fixed = {KITH_EVENT_EXCLUSION,
                              kith_span_terms(l->today, 3), 1u << 0, 0};
    return (kith_fact_school_age(l) &&
            kith_life_absence(l, 3, false) >= 0.15) ||
           (l->age < 18 && kith_life_count(l, &fixed) >= 3);
}

const char *
kith_cohort_result_1(const kith_kin *family)
{
    const kith_kin k = everybody(family);
    if (!kith_kin_any(&k, kith_fact_keyworker) ||
        kith_kin_any(&k, misses_school))
        return NULL;
    return fell(&k, KITH_EVENT_ASB, false, 0.60) &&
                   fell(&k, KITH_EVENT_OFFENCE, true, 0.33)
               ? ""
               : NULL;
}

/* Six months of work that reach into the two years after the start. */
const char *
kith_cohort_job_1(const kith_kin *family)
{
    const kith_kin k = everybody(family);
    const kith_event *help = latest_intervention(&k);
    if (help == NULL)
        return NULL;
    const kith_asked jobs = {
        KITH_EVENT_EMPLOYMENT,
        {help->start + 1, kith_add_months(help->start, 24)},
        0,
        0};
    const int32_t days = k.today - kith_add_months(k.today, -6);
    walk w = {&k, 0};
    for (const kith_life *l; (l = next_member(&w)) != NULL;)
        if (l->age >= 18 && kith_life_runs(l, &jobs, 7, days))
            return "";
    return NULL;
}

/* Offences in six months, whatever came of them; anti-social behaviour in
 * twelve; domestic abuse in six. */
static bool
in_trouble(const kith_life *l)
{
    const kith_span half = kith_span_months(l->today, 6);
    const kith_asked offences = {KITH_EVENT_OFFENCE, half, 0, 0};
    const kith_asked abuse = {KITH_EVENT_ABUSE, half, 0, 0};
    return kith_life_has(l, &offences) || kith_fact_asb(l) ||
           kith_life_has(l, &abuse);
}

static bool
badly_schooled(const kith_life *l)
{
    return kith_fact_school_age(l) &&
           (!kith_life_on_roll(l) || kith_life_absence(l, 3, true) > 0.10);
}

/* No statutory care in the year after closing, which is over. */
static bool
left_care(const kith_kin *k)
{
    const uint32_t tiers =
        KITH_CARE_CIN | KITH_CARE_S47 | KITH_CARE_CPP | KITH_CARE_LAC;
    const kith_event *help = latest_intervention(k);
    if (help == NULL || help->end == KITH_NO_DATE ||
        kith_add_months(help->end, 12) > k->today)
        return false;
    const kith_asked care = {KITH_EVENT_SOCIAL_CARE,
                             {help->end + 1, kith_add_months(help->end, 12)},
                             tiers,
                             0};
    walk w = {k, 0};
    for (const kith_life *l; (l = next_member(&w)) != NULL;)
        if (l->age < 18 && kith_life_has(l, &care))
            return false;
    return true;
}

const char *
kith_cohort_claim_2(const kith_kin *family)
{
    const kith_kin k = everybody(family);
    if (!kith_kin_any(&k, kith_fact_keyworker) ||
        !kith_kin_any(family, kith_fact_schooled))
        return NULL;
    return !kith_kin_any(&k, in_trouble) && !kith_kin_any(&k, badly_schooled) &&
                   left_care(&k)
               ? ""
               : NULL;
}

/* Thirteen weeks of work in a row after ESA, income support or incapacity
 * benefit; 26 of the last 30 after jobseeker's allowance. */
static bool
found_work(const kith_life *l)
{
    const uint32_t sick = 1u << 1 | 1u << 3 | 1u << 4;
    const kith_span years = kith_span_months(l->today, 24);
    const kith_asked was_sick = {KITH_EVENT_BENEFIT, years, sick, 0};
    const kith_asked sought = {KITH_EVENT_BENEFIT, years, 1u << 2, 0};
    const kith_span year = kith_span_months(l->today, 12);
    const kith_asked jobs = {KITH_EVENT_EMPLOYMENT, year, 0, 0};
    const kith_span weeks = {l->today - 30 * 7 + 1, l->today};
    const kith_asked lately = {KITH_EVENT_EMPLOYMENT, weeks, 0, 0};
    if (l->age < 18)
        return false;
    if (kith_life_has(l, &was_sick) && kith_life_runs(l, &jobs, 0, 13 * 7))
        return true;
    int32_t days = 0;
    for (const kith_event *e = NULL;
         (e = kith_life_next(l, e, &lately)) != NULL;) {
        const int32_t from = e->start > weeks.from ? e->start : weeks.from;
        const int32_t to =
            e->end == KITH_NO_DATE || e->end > l->today ? l->today : e->end;
        days += to - from + 1;
    }
    return kith_life_has(l, &sought) && days >= 26 * 7;
}

const char *
kith_cohort_job_2(const kith_kin *family)
{
    const kith_kin k = everybody(family);
    return kith_kin_any(&k, kith_fact_keyworker) && kith_kin_any(&k, found_work)
               ? ""
               : NULL;
}
