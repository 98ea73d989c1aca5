#include "synth/outcomes.h"

#include "base/alloc.h"

enum { STILL_OPEN = INT32_MAX, COMPLETED = 1, ALCOHOL = 1 };

/* Shares that completed interventions take away, by type of event. */
static const double REDUCTIONS[KITH_EVENTS] = {
    [KITH_EVENT_OFFENCE] = 0.73,   [KITH_EVENT_ABUSE] = 0.64,
    [KITH_EVENT_MENTAL] = 0.64,    [KITH_EVENT_EVICTION] = 0.64,
    [KITH_EVENT_TREATMENT] = 0.26, [KITH_EVENT_SOCIAL_CARE] = 0.40,
    [KITH_EVENT_EXCLUSION] = 0.46, [KITH_EVENT_BENEFIT] = 0.09};

#define BIT(need) (1u << KITH_NEED_##need)

/* The needs that events of a type stand for. */
static const uint32_t NEEDS[KITH_EVENTS] = {
    [KITH_EVENT_OFFENCE] = BIT(OFFENCE_ADULT) | BIT(OFFENCE_YOUTH),
    [KITH_EVENT_ABUSE] = BIT(ABUSE),
    [KITH_EVENT_MENTAL] = BIT(MENTAL_ADULT) | BIT(MENTAL_CHILD),
    [KITH_EVENT_EVICTION] = BIT(EVICTION),
    [KITH_EVENT_TREATMENT] = BIT(TREATMENT),
    [KITH_EVENT_EXCLUSION] = BIT(EXCLUSION)};

static double
reduction(const kith_event *e)
{
    if (e->type == KITH_EVENT_TREATMENT && e->codes[0] == ALCOHOL)
        return 0.54;
    return REDUCTIONS[e->type];
}

/* What is not taken away becomes less: absence and debt. */
static void
lessen(kith_event *e)
{
    if (e->type == KITH_EVENT_ATTENDANCE)
        e->amounts[2] = e->amounts[2] * 54 / 100 / 100 * 100;
    if (e->type == KITH_EVENT_ARREARS)
        e->amounts[0] = e->amounts[0] * 58 / 100 / 100 * 100;
}

/* The day each family's intervention was completed. */
static void
find_completed(const kith_events *e, const kith_cell *c, int32_t *completed)
{
    for (uint32_t f = 0; f < c->n_families; f++)
        completed[f] = STILL_OPEN;
    for (size_t i = 0; i < e->n; i++) {
        const kith_event *x = &e->items[i];
        if (x->type != KITH_EVENT_INTERVENTION || x->codes[1] != COMPLETED)
            continue;
        int32_t *day = &completed[c->people[x->person].family];
        if (x->end < *day)
            *day = x->end;
    }
}

/* Keeps what remains of a person's events, from index @p to on. */
static size_t
improve(kith_events *e, kith_cell *c, uint32_t person, int32_t completed,
        size_t to)
{
    kith_person *p = &c->people[person];
    const int32_t today = c->world->reference;
    uint32_t gone = 0;
    uint32_t kept = 0;
    for (size_t i = e->first[person]; i < e->first[person + 1]; i++) {
        kith_event x = e->items[i];
        if (x.start > completed) {
            if (kith_rng_chance(&c->rng, reduction(&x))) {
                gone |= NEEDS[x.type];
                e->counts[x.type]--;
                continue;
            }
            lessen(&x);
        }
        if (x.start > today - 365 && x.start <= today)
            kept |= NEEDS[x.type];
        e->items[to++] = x;
    }
    p->needs &= ~(gone & ~kept);
    return to;
}

kith_status
kith_outcomes_apply(kith_events *e, kith_cell *c, kith_error *err)
{
    kith_status status = KITH_OK;
    int32_t *completed = NULL;
    size_t to = 0;
    if (e->counts[KITH_EVENT_INTERVENTION] == 0)
        return KITH_OK;
    KITH_TRY(KITH_ALLOC(&completed, c->n_families, err));
    find_completed(e, c, completed);
    for (uint32_t i = 0; i < c->n_people; i++) {
        const size_t first = to;
        to = improve(e, c, i, completed[c->people[i].family], to);
        e->first[i] = first;
    }
    e->first[c->n_people] = to;
    e->n = to;
done:
    kith_free(completed);
    return status;
}
