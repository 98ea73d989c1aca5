#include "synth/held.h"

#include <string.h>

/* Uses of a person's stream. */
enum { MEETING = 0, COPYING = 1, COPY = 2 };

/* Days until the services that take it on have a newborn child's name. */
enum { REGISTERED = 3 };

/* Chances over the nights ahead: a twelfth of a record's four years of life
 * begin in them, one in a hundred is withdrawn. */
static const double CREATED = 0.04;
static const double WITHDRAWN = 0.01;

kith_rng
kith_held_stream(const kith_held_cell *h, uint32_t person, unsigned purpose)
{
    const uint64_t number = kith_person_number(h->cell, person);
    return kith_rng_at(h->cell->world->seed ^ 0x4147u,
                       (number * KITH_SYNTH_AGENCIES + h->index) * 16 +
                           purpose);
}

void
kith_held_turn(kith_held_cell *h, unsigned agency)
{
    const kith_agency *a = kith_agency_at(agency);
    h->agency = a;
    h->index = agency;
    h->sent = 0;
    h->meeting = 0;
    memset(h->file_of, -1, sizeof h->file_of);
    for (int8_t f = 0; f < KITH_AGENCY_FILES && a->events[f].file; f++) {
        const kith_event_type type = a->events[f].type;
        if (a->events[f].gap != NULL &&
            strcmp(a->events[f].gap, h->district) == 0)
            continue;
        h->file_of[type] = f;
        h->sent |= (uint64_t)1 << type;
        if (!kith_event_is_routine(type))
            h->meeting |= (uint64_t)1 << type;
    }
}

void
kith_held_note_types(kith_held_cell *h)
{
    for (size_t p = 0; p < h->cell->n_people; p++) {
        h->types[p] = 0;
        for (size_t i = h->events->first[p]; i < h->events->first[p + 1]; i++)
            h->types[p] |= (uint64_t)1 << h->events->items[i].type;
    }
}

int
kith_held_reports(const kith_held_cell *h, const kith_event *e)
{
    const kith_agency *a = h->agency;
    const int file = h->file_of[e->type];
    if (file >= 0 && a->share <= 0 && a->max_age != 0) {
        const int32_t age =
            kith_age_years(h->cell->people[e->person].born, e->start);
        if (age < a->min_age || age > a->max_age)
            return -1;
    }
    return file;
}

int32_t
kith_held_meets(const kith_held_cell *h, uint32_t person)
{
    const kith_agency *a = h->agency;
    const kith_person *p = &h->cell->people[person];
    const kith_world *w = h->cell->world;
    kith_rng rng = kith_held_stream(h, person, MEETING);
    const bool tenant =
        !a->tenants || h->cell->homes[p->household].social_tenant;
    if (p->age >= a->min_age && p->age <= a->max_age && tenant &&
        kith_rng_chance(&rng, a->share))
        return p->born > w->reference ? p->born + REGISTERED : w->reference;
    int32_t met = KITH_NEVER;
    if ((h->types[person] & h->meeting) == 0)
        return met;
    for (size_t i = h->events->first[person]; i < h->events->first[person + 1];
         i++) {
        const kith_event *e = &h->events->items[i];
        if (e->start < met && (h->meeting >> e->type & 1u) != 0 &&
            kith_held_reports(h, e) >= 0)
            met = e->start;
    }
    return met < w->reference ? w->reference : met;
}

/* The day an agency put a record right last, at the reference date. */
static int32_t
last_true(const kith_held_cell *h, const kith_person *p, unsigned copy,
          kith_rng *rng)
{
    const int32_t reference = h->cell->world->reference;
    int32_t on =
        reference - kith_rng_days(rng, h->agency->lag * (1 + 0.5 * copy));
    if (p->died != KITH_NO_DATE && on > p->died)
        on = p->died;
    if (on < reference - 20 * 365)
        on = reference - 20 * 365;
    if (on < p->born + 3)
        on = p->born + 3 > reference ? reference : p->born + 3;
    return on;
}

/* What the nights ahead bring to a record. */
static void
foresee(const kith_held_cell *h, const kith_person *p, uint32_t person,
        unsigned i, kith_copy *c)
{
    const kith_world *w = h->cell->world;
    c->number = (uint64_t)h->cell->number * KITH_CELL_SLOTS * KITH_COPY_SLOTS +
                (uint64_t)person * KITH_COPY_SLOTS + i;
    c->rng = kith_held_stream(h, person, COPY + i);
    c->created = h->met[person];
    c->withdrawn = KITH_NEVER;
    c->contact = KITH_NEVER;
    if (p->born > w->reference) { /* as it was registered */
        c->on = c->created;
        return;
    }
    const int32_t soon =
        w->reference + kith_rng_between(&c->rng, 1, KITH_NIGHTS);
    if (kith_rng_chance(&c->rng, CREATED) && soon > c->created)
        c->created = soon;
    else if (kith_rng_chance(&c->rng, WITHDRAWN))
        c->withdrawn = soon;
    const int32_t next =
        w->reference + 1 + kith_rng_days(&c->rng, h->agency->lag);
    if (i == 0 && p->died == KITH_NO_DATE)
        c->contact = next;
    if (c->contact <= w->today)
        c->on = c->contact;
    else if (c->created > w->reference && c->created <= w->today &&
             p->died == KITH_NO_DATE)
        c->on = c->created;
}

/* The present first, then former addresses that were kept, then mere
 * duplicates. */
unsigned
kith_held_copies(const kith_held_cell *h, uint32_t person,
                 kith_copy copies[KITH_COPIES])
{
    const kith_agency *a = h->agency;
    const kith_person *p = &h->cell->people[person];
    const double again =
        h->cell->world->tables->errors[h->index][KITH_ERROR_DUPLICATE];
    kith_rng rng = kith_held_stream(h, person, COPYING);
    unsigned n = 1;
    copies[0].on = last_true(h, p, 0, &rng);
    copies[0].duplicate = false;
    for (uint8_t i = 1; i < p->n_stays && n < KITH_COPIES; i++) {
        const int32_t left = p->stays[i - 1].from;
        if (left > copies[0].on || left <= p->born + 30 ||
            !kith_rng_chance(&rng, a->former))
            continue;
        /* Not before the agency would have known somebody so young. */
        const int32_t known =
            p->born + (a->min_age == 0 ? 3 : a->min_age * 366);
        const int32_t first =
            p->stays[i].from > known ? p->stays[i].from : known;
        if (first >= left)
            continue;
        copies[n].duplicate = false;
        copies[n++].on = kith_rng_between(&rng, first, left - 1);
    }
    while (!a->one && n < KITH_COPIES && kith_rng_chance(&rng, again)) {
        copies[n].on = last_true(h, p, n, &rng);
        copies[n++].duplicate = true;
    }
    for (unsigned i = 0; i < n; i++)
        foresee(h, p, person, i, &copies[i]);
    return n;
}

bool
kith_copy_there(const kith_copy *c, int32_t day)
{
    return c->created <= day && c->withdrawn > day;
}
