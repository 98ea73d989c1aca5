#include "base/alloc.h"
#include "synth/rows.h"

#include <string.h>

enum {
    MAX_COPIES = 6,
    RECORD_SLOTS = 8192 /* records of one agency a cell has room for */
};

/* One person in so many brings a bad row: a handful an extract. */
static const double PLANTED_RATE = 1.0 / 2000;
static const double FUTURE_RATE = 1.0 / 4000;

/* What one agency knows of one cell. */
typedef struct held {
    const kith_cell *cell;
    const kith_events *events;
    kith_cell_text *text;
    const kith_agency *agency;
    unsigned index; /* of the agency */
    const char *district;
    kith_rng rng;
    uint32_t n_numbers;
    bool known[KITH_CELL_SLOTS];
    uint64_t number[KITH_CELL_SLOTS][MAX_COPIES]; /* record numbers */
    uint8_t n_copies[KITH_CELL_SLOTS];
    uint8_t n_true[KITH_CELL_SLOTS]; /* those that are not duplicates */
    kith_record record;
} held;

/* Whether the agency reports an event: its file of that type, its ages, not
 * in a district that sends none. Returns the file's index, or -1. */
static int
reports(const held *h, const kith_event *e)
{
    const kith_agency *a = h->agency;
    if (a->share <= 0 && a->max_age != 0) {
        const int32_t age =
            kith_age_years(h->cell->people[e->person].born, e->start);
        if (age < a->min_age || age > a->max_age)
            return -1;
    }
    if (e->start > h->cell->world->reference)
        return -1;
    for (int i = 0; i < KITH_AGENCY_FILES && a->events[i].file != NULL; i++) {
        if (a->events[i].type != e->type)
            continue;
        if (a->events[i].gap != NULL &&
            strcmp(a->events[i].gap, h->district) == 0)
            return -1;
        return i;
    }
    return -1;
}

static bool
meets(held *h, uint32_t person)
{
    const kith_agency *a = h->agency;
    const kith_person *p = &h->cell->people[person];
    const kith_world *w = h->cell->world;
    bool tenant = true;
    if (a->tenants)
        tenant = h->cell->homes[p->household].social_tenant;
    const int32_t age = kith_age_years(p->born, w->reference);
    if (age >= a->min_age && age <= a->max_age && tenant &&
        kith_rng_chance(&h->rng, a->share))
        return true;
    for (size_t i = h->events->first[person]; i < h->events->first[person + 1];
         i++)
        if (reports(h, &h->events->items[i]) >= 0)
            return true;
    return false;
}

/* Services for children hold their parents too. */
static void
meet_parents(held *h)
{
    const kith_cell *c = h->cell;
    for (uint32_t i = 0; i < c->n_people; i++) {
        const kith_person *p = &c->people[i];
        if (!h->known[i] || kith_age_years(p->born, c->world->reference) >= 18)
            continue;
        if (p->mother != KITH_NOBODY)
            h->known[p->mother] = true;
        if (p->father != KITH_NOBODY && kith_rng_chance(&h->rng, 0.85))
            h->known[p->father] = true;
    }
}

/* The day the agency last put a record right. */
static int32_t
last_true(held *h, uint32_t person, unsigned copy)
{
    const kith_person *p = &h->cell->people[person];
    const int32_t today = h->cell->world->reference;
    int32_t on =
        today - kith_rng_days(&h->rng, h->agency->lag * (1 + 0.5 * copy));
    if (p->died != KITH_NO_DATE && on > p->died)
        on = p->died;
    if (on < today - 20 * 365)
        on = today - 20 * 365;
    if (on < p->born + 3)
        on = p->born + 3 > today ? today : p->born + 3;
    return on;
}

/* The days of the person's records with the agency, latest first: one for
 * the present, one for each former address that was kept, then mere
 * duplicates. */
static unsigned
draw_copies(held *h, uint32_t person, int32_t days[MAX_COPIES])
{
    const kith_agency *a = h->agency;
    const kith_person *p = &h->cell->people[person];
    const double again =
        h->cell->world->tables->errors[h->index][KITH_ERROR_DUPLICATE];
    unsigned n = 1;
    days[0] = last_true(h, person, 0);
    for (uint8_t i = 1; i < p->n_stays && n < MAX_COPIES; i++) {
        const int32_t left = p->stays[i - 1].from;
        if (left > days[0] || left <= p->born + 30 ||
            !kith_rng_chance(&h->rng, a->former))
            continue;
        const int32_t first =
            p->stays[i].from > p->born ? p->stays[i].from : p->born + 3;
        days[n++] = kith_rng_between(&h->rng, first, left - 1);
    }
    h->n_true[person] = (uint8_t)n;
    while (!a->one && n < MAX_COPIES && kith_rng_chance(&h->rng, again)) {
        days[n] = last_true(h, person, n);
        n++;
    }
    return n;
}

/* Now and then a row that no reader should accept. */
static kith_status
plant_rows(held *h, uint32_t person, kith_error *err)
{
    kith_status status = KITH_OK;
    if (!kith_rng_chance(&h->rng, PLANTED_RATE))
        return KITH_OK;
    const bool ragged = kith_rng_chance(&h->rng, 0.5);
    if (ragged)
        h->record.number =
            (uint64_t)h->cell->number * RECORD_SLOTS + h->n_numbers++;
    KITH_TRY(kith_row_planted(h->text, h->index, h->cell, person, &h->record,
                              ragged, err));
    h->text->planted[h->index]
                    [ragged ? KITH_PLANTED_RAGGED : KITH_PLANTED_REPEATED]++;
done:
    return status;
}

static kith_status
write_person(held *h, uint32_t person, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_cell *c = h->cell;
    int32_t days[MAX_COPIES];
    const unsigned n = draw_copies(h, person, days);
    h->n_copies[person] = (uint8_t)n;
    for (unsigned i = 0; i < n; i++) {
        kith_record *r = &h->record;
        kith_record_of(r, c, person, days[i]);
        r->number = (uint64_t)c->number * RECORD_SLOTS + h->n_numbers++;
        h->number[person][i] = r->number;
        if (h->agency->births > 0 &&
            !kith_rng_chance(&h->rng, h->agency->births))
            r->dob = KITH_NO_DATE;
        kith_record_spoil(r, c, person, h->index, &h->rng);
        if (i >= h->n_true[person])
            r->errors |= 1u << KITH_ERROR_DUPLICATE;
        KITH_TRY(kith_row_person(h->text, h->index, c, person, r, err));
        for (unsigned k = 0; k < KITH_ERRORS; k++)
            h->text->errors[h->index][k] += r->errors >> k & 1u;
        h->text->records[h->index]++;
        if (h->text->tally != NULL)
            KITH_TRY(
                kith_tally_record(h->text->tally, c, person, h->index, r, err));
    }
    KITH_TRY(plant_rows(h, person, err));
    h->text->n_records += n;
done:
    return status;
}

static kith_status
write_events(held *h, uint32_t person, kith_error *err)
{
    kith_status status = KITH_OK;
    for (size_t i = h->events->first[person]; i < h->events->first[person + 1];
         i++) {
        const kith_event *e = &h->events->items[i];
        const int file = reports(h, e);
        if (file < 0)
            continue;
        const unsigned copy =
            (unsigned)kith_rng_below(&h->rng, h->n_copies[person]);
        KITH_TRY(kith_row_event(h->text, h->index, (unsigned)file, e,
                                h->number[person][copy], err));
        h->text->n_events++;
        if (kith_rng_chance(&h->rng, FUTURE_RATE)) {
            kith_event later = *e;
            later.start = h->cell->world->reference + 400;
            later.end = KITH_NO_DATE;
            KITH_TRY(kith_row_event(h->text, h->index, (unsigned)file, &later,
                                    h->number[person][copy], err));
            h->text->planted[h->index][KITH_PLANTED_FUTURE]++;
        }
    }
done:
    return status;
}

static kith_status
write_relations(held *h, uint32_t person, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_person *p = &h->cell->people[person];
    const int32_t parents[2] = {p->mother, p->father};
    if (kith_age_years(p->born, h->cell->world->reference) >= 18)
        return KITH_OK;
    for (unsigned i = 0; i < 2; i++)
        if (parents[i] != KITH_NOBODY && h->known[parents[i]])
            KITH_TRY(kith_row_relation(h->text, h->index, h->number[person][0],
                                       h->number[parents[i]][0], p->born, err));
done:
    return status;
}

static kith_status
extract_agency(held *h, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_cell *c = h->cell;
    h->n_numbers = 0;
    for (uint32_t i = 0; i < c->n_people; i++)
        h->known[i] = meets(h, i);
    if (h->agency->relations != NULL)
        meet_parents(h);
    for (uint32_t i = 0; i < c->n_people; i++) {
        if (!h->known[i])
            continue;
        KITH_TRY(write_person(h, i, err));
        KITH_TRY(write_events(h, i, err));
    }
    for (uint32_t i = 0; i < c->n_people && h->agency->relations != NULL; i++)
        if (h->known[i])
            KITH_TRY(write_relations(h, i, err));
done:
    return status;
}

kith_status
kith_cell_extract(kith_cell_text *text, const kith_cell *c,
                  const kith_events *events, kith_error *err)
{
    kith_status status = KITH_OK;
    held *h = NULL;
    const kith_tables *t = c->world->tables;
    const kith_area *area = &t->areas[c->area];
    KITH_TRY(KITH_ALLOC(&h, 1, err));
    h->cell = c;
    h->events = events;
    h->text = text;
    h->district = kith_dict_at(&t->names, t->districts[area->district].name);
    for (unsigned a = 0; a < KITH_SYNTH_AGENCIES; a++) {
        h->agency = kith_agency_at(a);
        h->index = a;
        if (!kith_agency_serves(h->agency, h->district))
            continue;
        /* A stream of its own, so that one agency's rates change nothing in
         * another's extract. */
        h->rng = kith_rng_at(c->world->seed ^ 0x4147u,
                             (uint64_t)c->number * KITH_SYNTH_AGENCIES + a);
        KITH_TRY(extract_agency(h, err));
    }
    KITH_TRY(kith_truth_people(text, c, err));
    if (text->tally != NULL) {
        kith_tally_people(text->tally, c);
        kith_tally_pair_up(text->tally);
    }
done:
    kith_free(h);
    return status;
}
