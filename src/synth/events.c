#include "synth/events.h"

#include "base/alloc.h"
#include "synth/happen.h"
#include "synth/outcomes.h"

#include <math.h>
#include <string.h>

void
kith_events_done(kith_events *e)
{
    kith_free(e->items);
    kith_free(e->first);
    *e = (kith_events){0};
}

kith_status
kith_events_add(kith_events *e, const kith_event *event, kith_error *err)
{
    kith_status status = KITH_GROW(&e->items, &e->cap, e->n + 1, err);
    if (status != KITH_OK)
        return status;
    e->items[e->n++] = *event;
    e->counts[event->type]++;
    return KITH_OK;
}

static double
upper_tail(double x)
{
    return 0.5 * erfc(x * 0.7071067811865476);
}

/* How much family and place explain of any need. */
static const double SHARED = 0.55;

/*
 * How much turmoil explains of a need. Homelessness, drugs and crime meet in
 * the same people: two thirds of those in homelessness services are also in
 * criminal justice or treatment in the year (Hard Edges); abuse and mental
 * health less so.
 */
static double
turmoil_of(kith_need need)
{
    const uint32_t most = 1u << KITH_NEED_OFFENCE_ADULT |
                          1u << KITH_NEED_CUSTODY | 1u << KITH_NEED_ORDER |
                          1u << KITH_NEED_HOMELESS | 1u << KITH_NEED_ROUGH |
                          1u << KITH_NEED_TREATMENT;
    const uint32_t some = 1u << KITH_NEED_OFFENCE_YOUTH | 1u << KITH_NEED_ASB |
                          1u << KITH_NEED_EXCLUSION |
                          1u << KITH_NEED_MISSING_CHILD |
                          1u << KITH_NEED_EVICTION | 1u << KITH_NEED_ABUSE |
                          1u << KITH_NEED_MENTAL_ADULT;
    if ((most >> need & 1u) != 0)
        return 0.72;
    return (some >> need & 1u) != 0 ? 0.45 : 0.0;
}

/* Mean of the pull by age, as households turn out (measured on 100,000
 * people): poorer ones have more children. Rates are of people of an age. */
static double
usual_latent(double age)
{
    if (age < 18)
        return 0.094;
    return age < 65 ? 0.017 : -0.075;
}

/* The variances of all parts add up to 1, which keeps the rate; of what is
 * neither shared nor turmoil a third lasts, the rest is the year's luck. */
bool
kith_happen_year(kith_happen *h, kith_need need, double factor, double own)
{
    const double rate = h->cell->world->tables->needs[need] * factor;
    const double turmoil = turmoil_of(need);
    const double rest = 1 - SHARED * SHARED - turmoil * turmoil;
    const double latent = h->person->latent - usual_latent(h->age);
    const double x = SHARED * latent + turmoil * h->person->turmoil +
                     sqrt(rest / 3) * own +
                     sqrt(rest * 2 / 3) * kith_rng_normal(&h->cell->rng);
    return upper_tail(x) < rate;
}

bool
kith_happen_ever(kith_happen *h, kith_need need, double factor)
{
    return kith_happen_year(h, need, factor, kith_rng_normal(&h->cell->rng));
}

void
kith_happen_mark(kith_happen *h, kith_need need)
{
    h->person->needs |= 1u << need;
}

void
kith_happen_add(kith_happen *h, kith_event_type type, int32_t start,
                int32_t end, uint8_t code0, uint8_t code1)
{
    if (start < h->person->born)
        start = h->person->born;
    if (end != KITH_NO_DATE && end < start)
        end = start;
    const kith_event e = {.person = h->index,
                          .type = (uint8_t)type,
                          .codes = {code0, code1},
                          .start = start,
                          .end = end};
    if (h->status == KITH_OK)
        h->status = kith_events_add(h->events, &e, h->err);
}

void
kith_happen_amounts(kith_happen *h, int32_t a, int32_t b, int32_t c)
{
    if (h->status != KITH_OK)
        return;
    kith_event *e = &h->events->items[h->events->n - 1];
    e->amounts[0] = a;
    e->amounts[1] = b;
    e->amounts[2] = c;
}

void
kith_happen_codes(kith_happen *h, uint8_t code2, uint8_t code3)
{
    if (h->status != KITH_OK)
        return;
    kith_event *e = &h->events->items[h->events->n - 1];
    e->codes[2] = code2;
    e->codes[3] = code3;
}

int32_t
kith_happen_day(kith_happen *h, int years_ago)
{
    return h->today - years_ago * KITH_YEAR_DAYS -
           (int32_t)kith_rng_below(&h->cell->rng, KITH_YEAR_DAYS);
}

bool
kith_has_minors(const kith_cell *c, uint32_t person)
{
    const kith_household *home = &c->homes[c->people[person].household];
    for (uint32_t i = home->first; i < home->first + home->n; i++) {
        const kith_person *p = &c->people[i];
        if ((p->mother == (int32_t)person || p->father == (int32_t)person) &&
            kith_age_years(p->born, c->world->reference) < 18)
            return true;
    }
    return false;
}

/* The nights ahead: what happened on their days a year before happens again,
 * so that whoever has much to do with the services keeps having it. */
static kith_status
repeat_last_year(kith_events *e, size_t first, int32_t reference,
                 kith_error *err)
{
    kith_status status = KITH_OK;
    const size_t end = e->n;
    for (size_t i = first; i < end; i++) {
        kith_event again = e->items[i];
        if (again.type == KITH_EVENT_PREGNANCY ||
            again.start <= reference - KITH_YEAR_DAYS ||
            again.start > reference - KITH_YEAR_DAYS + KITH_NIGHTS)
            continue;
        again.start += KITH_YEAR_DAYS;
        if (again.end != KITH_NO_DATE)
            again.end += KITH_YEAR_DAYS;
        KITH_TRY(kith_events_add(e, &again, err));
    }
done:
    return status;
}

/* Nothing happens to the dead, and whatever went on ends with them. */
static void
end_at_death(kith_events *e, size_t first, kith_person *p, int32_t today)
{
    size_t to = first;
    if (p->died == KITH_NO_DATE)
        return;
    for (size_t i = first; i < e->n; i++) {
        kith_event x = e->items[i];
        const bool spell = kith_event_spec_of((kith_event_type)x.type)->spell;
        if (x.start > p->died) {
            e->counts[x.type]--;
            continue;
        }
        if (spell && (x.end == KITH_NO_DATE || x.end > p->died))
            x.end = p->died;
        e->items[to++] = x;
    }
    e->n = to;
    if (p->died < today - KITH_YEAR_DAYS)
        p->needs = 0;
}

/* From a stream of the household's own. */
static void
draw_luck(kith_happen *h)
{
    const kith_cell *c = h->cell;
    kith_rng rng = kith_rng_at(c->world->seed ^ 0x4C55u,
                               kith_person_number(c, h->person->household));
    h->care_luck = kith_rng_normal(&rng);
    h->abuse_luck = kith_rng_normal(&rng);
}

kith_status
kith_events_make(kith_events *e, kith_cell *c, kith_error *err)
{
    kith_status status = KITH_OK;
    e->n = 0;
    memset(e->counts, 0, sizeof e->counts);
    KITH_TRY(KITH_GROW(&e->first, &e->first_cap, c->n_people + 1, err));
    kith_happen h = {
        .events = e, .cell = c, .today = c->world->reference, .err = err};
    for (uint32_t i = 0; i < c->n_people; i++) {
        kith_person *p = &c->people[i];
        e->first[i] = e->n;
        if (p->born > h.today)
            continue; /* nothing has happened to it yet */
        h.person = p;
        h.index = i;
        h.age = (h.today - p->born) / 365.25;
        if (c->homes[p->household].first == i)
            draw_luck(&h);
        h.with_child = p->parenting && kith_has_minors(c, i);
        kith_happen_justice(&h);
        kith_happen_school(&h);
        kith_happen_care(&h);
        kith_happen_work(&h);
        kith_happen_health(&h);
        kith_happen_home(&h);
        kith_happen_routine(&h);
        KITH_TRY(h.status);
        KITH_TRY(repeat_last_year(e, e->first[i], h.today, err));
        end_at_death(e, e->first[i], p, h.today);
    }
    e->first[c->n_people] = e->n;
    KITH_TRY(kith_outcomes_apply(e, c, err));
done:
    return status;
}
