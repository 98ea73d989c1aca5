#include "synth/cohorts.h"

/* What several cohorts ask of people, and of whom in a family. */

static bool
holds(const kith_kin *k, uint32_t person, kith_fact fact)
{
    const kith_life *l = &k->lives[person];
    return l->here && fact(l);
}

static bool
any_in(const kith_kin *k, uint32_t first, uint32_t end, kith_fact fact)
{
    for (uint32_t i = first; i < end; i++)
        if (holds(k, i, fact))
            return true;
    for (uint32_t i = 0; i < k->n_absent && k->with_absent; i++)
        if (holds(k, k->absent[i], fact))
            return true;
    return false;
}

bool
kith_kin_any(const kith_kin *k, kith_fact fact)
{
    return any_in(k, k->first, k->end, fact);
}

bool
kith_kin_any_at_home(const kith_kin *k, kith_fact fact)
{
    return any_in(k, k->home_first, k->home_end, fact);
}

enum { ARREARS = 500 * 100 };

unsigned
kith_kin_needs(const kith_kin *family, const kith_need_of *needs, unsigned n)
{
    kith_kin k = *family;
    unsigned own = 0;
    bool through_absent = false;
    for (unsigned i = 0; i < n; i++) {
        k.with_absent = false;
        if (needs[i](&k)) {
            own++;
            continue;
        }
        k.with_absent = true;
        through_absent |= k.n_absent > 0 && needs[i](&k);
    }
    return own + through_absent;
}

bool
kith_fact_child(const kith_life *l)
{
    return l->age < 18;
}

/* Twelve months of what the police or the landlord knows of an address. */
bool
kith_fact_evicted(const kith_life *l)
{
    return kith_life_lately(l, KITH_EVENT_EVICTION, 0);
}

bool
kith_fact_arrears(const kith_life *l)
{
    const kith_asked asked = {KITH_EVENT_ARREARS,
                              kith_span_months(l->today, 12), 0, 0};
    const kith_event *e = kith_life_latest(l, &asked);
    return e != NULL && e->amounts[0] >= ARREARS;
}

bool
kith_fact_on_order(const kith_life *l)
{
    return kith_life_now(l, KITH_EVENT_ORDER, 0);
}

bool
kith_fact_treated(const kith_life *l)
{
    return kith_life_lately(l, KITH_EVENT_TREATMENT, 0);
}

bool
kith_fact_ill(const kith_life *l)
{
    return kith_life_lately(l, KITH_EVENT_MENTAL, 0);
}

bool
kith_fact_missing(const kith_life *l)
{
    return kith_fact_child(l) && kith_life_lately(l, KITH_EVENT_MISSING, 0);
}

/* Looking for work on universal credit, or ready to. */
bool
kith_fact_looking(const kith_life *l)
{
    const kith_asked asked = {KITH_EVENT_BENEFIT, kith_span_today(l->today),
                              1u << 0, KITH_LOOKING};
    return l->age >= 18 && kith_life_has(l, &asked);
}

bool
kith_fact_idle(const kith_life *l)
{
    enum { NEET = 3, NO_PLAN = 5 };
    const kith_asked asked = {KITH_EVENT_EET, {INT32_MIN + 1, l->today}, 0, 0};
    if (l->age < 16 || l->age > 18)
        return false;
    const kith_event *e = kith_life_latest(l, &asked);
    return e != NULL && (e->codes[0] == NEET || e->codes[0] == NO_PLAN);
}

bool
kith_fact_unused_place(const kith_life *l)
{
    enum { YES = 0, NO = 1 };
    const kith_asked asked = {KITH_EVENT_EARLY_YEARS,
                              kith_span_months(l->today, 12), 0, 0};
    if (l->age < 2 || l->age > 4)
        return false;
    const kith_event *e = kith_life_latest(l, &asked);
    return e != NULL && e->codes[0] == YES && e->codes[1] == NO;
}

bool
kith_fact_expelled(const kith_life *l)
{
    const kith_span terms = kith_span_terms(l->today, 3);
    const kith_asked asked = {KITH_EVENT_EXCLUSION, terms, 1u << 1, 0};
    return kith_fact_child(l) && kith_life_has(l, &asked);
}

bool
kith_fact_off_roll(const kith_life *l)
{
    return kith_fact_school_age(l) && !kith_life_on_roll(l);
}

bool
kith_fact_proven(const kith_life *l)
{
    return kith_life_lately(l, KITH_EVENT_OFFENCE, KITH_PROVEN);
}

bool
kith_fact_asb(const kith_life *l)
{
    return kith_life_lately(l, KITH_EVENT_ASB, 0);
}

bool
kith_fact_abuse(const kith_life *l)
{
    return kith_life_lately(l, KITH_EVENT_ABUSE, 0);
}

bool
kith_fact_school_age(const kith_life *l)
{
    return l->age >= 5 && l->age <= 15;
}

/* Up to 15; then while in education or training, or out of all of it. */
bool
kith_fact_schooled(const kith_life *l)
{
    enum { EDUCATION = 0, TRAINING = 2, NEET = 3 };
    const kith_asked asked = {KITH_EVENT_EET, {INT32_MIN + 1, l->today}, 0, 0};
    if (l->age <= 15)
        return true;
    const kith_event *e = l->age > 18 ? NULL : kith_life_latest(l, &asked);
    return e != NULL && (e->codes[0] == EDUCATION || e->codes[0] == TRAINING ||
                         e->codes[0] == NEET);
}

bool
kith_fact_workless(const kith_life *l)
{
    return l->age >= 18 &&
           kith_life_now(l, KITH_EVENT_BENEFIT, KITH_OUT_OF_WORK);
}

bool
kith_fact_keyworker(const kith_life *l)
{
    const kith_asked asked = {
        KITH_EVENT_INTERVENTION, {INT32_MIN + 1, l->today}, 0, 0};
    return kith_life_has(l, &asked);
}

double
kith_life_absence(const kith_life *l, unsigned terms, bool any_reason)
{
    const kith_asked asked = {KITH_EVENT_ATTENDANCE,
                              kith_span_terms(l->today, terms), 0, 0};
    int64_t possible = 0;
    int64_t missed = 0;
    if ((l->types >> KITH_EVENT_ATTENDANCE & 1u) == 0)
        return -1;
    for (const kith_event *e = NULL;
         (e = kith_life_next(l, e, &asked)) != NULL;) {
        possible += e->amounts[0];
        missed += e->amounts[2] + (any_reason ? e->amounts[1] : 0);
    }
    return possible == 0 ? -1 : (double)missed / (double)possible;
}

bool
kith_life_on_roll(const kith_life *l)
{
    const uint32_t registered = 1u << 0;
    const uint32_t at_home = 1u << 1;
    return kith_life_now(l, KITH_EVENT_ROLL, registered | at_home);
}
