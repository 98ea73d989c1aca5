#include "base/alloc.h"
#include "synth/held.h"
#include "synth/rows.h"

/* One person in so many brings a bad row: a handful an extract. */
static const double PLANTED_RATE = 1.0 / 2000;
static const double FUTURE_RATE = 1.0 / 4000;

/* Appointments that nobody came to, before one that somebody did (own
 * estimate: missed ones are an eighth of all in mental health services). */
static const double MISSED_RATE = 0.14;

enum { PLANTING = 10, PARENTS = 11, SENDING = 12 }; /* uses of a stream */

/* Services for children hold their parents too. */
static void
meet_parents(kith_held_cell *h)
{
    const kith_cell *c = h->cell;
    for (uint32_t i = 0; i < c->n_people; i++) {
        const kith_person *p = &c->people[i];
        if (h->met[i] == KITH_NEVER || p->age >= 18)
            continue;
        kith_rng rng = kith_held_stream(h, i, PARENTS);
        if (p->mother != KITH_NOBODY && h->met[p->mother] > h->met[i])
            h->met[p->mother] = h->met[i];
        if (p->father != KITH_NOBODY && kith_rng_chance(&rng, 0.85) &&
            h->met[p->father] > h->met[i])
            h->met[p->father] = h->met[i];
    }
}

/* Now and then a row that no reader should accept. */
static kith_status
plant_rows(kith_held_cell *h, uint32_t person, kith_record *r, kith_error *err)
{
    kith_rng rng = kith_held_stream(h, person, PLANTING);
    if (!kith_rng_chance(&rng, PLANTED_RATE))
        return KITH_OK;
    const bool ragged = kith_rng_chance(&rng, 0.5);
    if (ragged)
        r->number |= KITH_COPY_SLOTS - 1; /* an id of its own */
    h->text->planted[h->index]
                    [ragged ? KITH_PLANTED_RAGGED : KITH_PLANTED_REPEATED]++;
    return kith_row_planted(h->text, h->index, h->cell, person, r, ragged, err);
}

static void
count_change(kith_held_cell *h, const kith_copy *c)
{
    const int32_t today = h->cell->world->today;
    const bool now = kith_copy_there(c, today);
    const bool before = kith_copy_there(c, today - 1);
    uint64_t *changes = h->text->changes[h->index];
    changes[KITH_CHANGE_NEW] += now && !before;
    changes[KITH_CHANGE_CHANGED] += now && before && c->contact == today;
    changes[KITH_CHANGE_WITHDRAWN] += before && !now;
}

/* Children of separated parents whom both look after: three in ten, and three
 * in ten of their records are made at the other home (own estimate). */
static const double SHARED_CARE = 0.3;

/* The parent elsewhere at whose home a record of a child is made. */
static int32_t
other_parent(const kith_held_cell *h, uint32_t person, kith_rng *rng)
{
    const kith_cell *c = h->cell;
    const kith_person *p = &c->people[person];
    if (!p->child || p->age >= 18 || p->father == KITH_NOBODY ||
        c->people[p->father].household == p->household)
        return KITH_NOBODY;
    /* Whether there is such an arrangement is the same for every agency. */
    kith_rng own =
        kith_rng_at(c->world->seed ^ 0x5343u, kith_person_number(c, person));
    return kith_rng_chance(&own, SHARED_CARE) &&
                   kith_rng_chance(rng, SHARED_CARE)
               ? p->father
               : KITH_NOBODY;
}

static kith_status
write_record(kith_held_cell *h, uint32_t person, kith_copy *copy,
             kith_record *r, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_cell *c = h->cell;
    kith_record_of(r, c, person, h->agency, copy->on);
    r->number = copy->number;
    const int32_t parent = other_parent(h, person, &copy->rng);
    if (parent != KITH_NOBODY)
        kith_record_visit(r, c, parent);
    if (h->agency->births > 0 &&
        !kith_rng_chance(&copy->rng, h->agency->births))
        r->dob = KITH_NO_DATE;
    kith_record_spoil(r, c, person, h->index, &copy->rng);
    if (copy->duplicate)
        r->errors |= 1u << KITH_ERROR_DUPLICATE;
    KITH_TRY(kith_row_person(h->text, h->index, c, person, r, err));
    for (unsigned k = 0; k < KITH_ERRORS; k++)
        h->text->errors[h->index][k] += r->errors >> k & 1u;
    h->text->records[h->index]++;
    h->text->n_records++;
    if (h->text->tally != NULL)
        KITH_TRY(
            kith_tally_record(h->text->tally, c, person, h->index, r, err));
done:
    return status;
}

static kith_status
write_person(kith_held_cell *h, uint32_t person, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_copy copies[KITH_COPIES];
    kith_record record;
    const unsigned n = kith_held_copies(h, person, copies);
    h->n_copies[person] = 0;
    for (unsigned i = 0; i < n; i++) {
        count_change(h, &copies[i]);
        if (!kith_copy_there(&copies[i], h->cell->world->today))
            continue;
        KITH_TRY(write_record(h, person, &copies[i], &record, err));
        h->number[person][h->n_copies[person]++] = copies[i].number;
    }
    if (h->n_copies[person] != 0)
        KITH_TRY(plant_rows(h, person, &record, err));
done:
    return status;
}

static kith_status
write_event(kith_held_cell *h, const kith_event *e, uint64_t record,
            kith_rng *rng, kith_error *err)
{
    kith_status status = KITH_OK;
    const int file = kith_held_reports(h, e);
    if (file < 0 || e->start > h->cell->world->today)
        return KITH_OK;
    KITH_TRY(kith_row_event(h->text, h->index, (unsigned)file, e, record, err));
    h->text->n_events++;
    if (h->agency->filter != NULL && kith_rng_chance(rng, MISSED_RATE)) {
        kith_event missed = *e;
        missed.left_out = true;
        missed.start -= kith_rng_between(rng, 1, 28);
        KITH_TRY(kith_row_event(h->text, h->index, (unsigned)file, &missed,
                                record, err));
    }
    if (kith_rng_chance(rng, FUTURE_RATE)) {
        kith_event later = *e;
        later.start = h->cell->world->today + 400;
        later.end = KITH_NO_DATE;
        KITH_TRY(kith_row_event(h->text, h->index, (unsigned)file, &later,
                                record, err));
        h->text->planted[h->index][KITH_PLANTED_FUTURE]++;
    }
done:
    return status;
}

static kith_status
write_events(kith_held_cell *h, uint32_t person, kith_error *err)
{
    kith_status status = KITH_OK;
    const unsigned n = h->n_copies[person];
    kith_rng rng = kith_held_stream(h, person, SENDING);
    for (size_t i = h->events->first[person];
         i < h->events->first[person + 1] && n != 0; i++) {
        const uint64_t record = h->number[person][kith_rng_below(&rng, n)];
        KITH_TRY(write_event(h, &h->events->items[i], record, &rng, err));
    }
done:
    return status;
}

static kith_status
write_relations(kith_held_cell *h, uint32_t person, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_person *p = &h->cell->people[person];
    const int32_t parents[2] = {p->mother, p->father};
    if (h->n_copies[person] == 0 || p->age >= 18)
        return KITH_OK;
    for (unsigned i = 0; i < 2; i++)
        if (parents[i] != KITH_NOBODY && h->n_copies[parents[i]] != 0)
            KITH_TRY(kith_row_relation(h->text, h->index, h->number[person][0],
                                       h->number[parents[i]][0], p->born, err));
done:
    return status;
}

static kith_status
extract_agency(kith_held_cell *h, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_cell *c = h->cell;
    for (uint32_t i = 0; i < c->n_people; i++)
        h->met[i] = kith_held_meets(h, i);
    if (h->agency->relations != NULL)
        meet_parents(h);
    for (uint32_t i = 0; i < c->n_people; i++) {
        h->n_copies[i] = 0;
        if (h->met[i] > c->world->today)
            continue;
        KITH_TRY(write_person(h, i, err));
        KITH_TRY(write_events(h, i, err));
    }
    for (uint32_t i = 0; i < c->n_people && h->agency->relations != NULL; i++)
        KITH_TRY(write_relations(h, i, err));
done:
    return status;
}

kith_status
kith_cell_extract(kith_cell_text *text, const kith_cell *c,
                  const kith_events *events, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_held_cell *h = NULL;
    const kith_tables *t = c->world->tables;
    const kith_area *area = &t->areas[c->area];
    KITH_TRY(KITH_ALLOC(&h, 1, err));
    h->cell = c;
    h->events = events;
    h->text = text;
    h->district = kith_dict_at(&t->names, t->districts[area->district].name);
    kith_held_note_types(h);
    for (unsigned a = 0; a < KITH_SYNTH_AGENCIES; a++) {
        kith_held_turn(h, a);
        if (kith_agency_serves(h->agency, h->district))
            KITH_TRY(extract_agency(h, err));
    }
    KITH_TRY(kith_truth_people(text, c, err));
    KITH_TRY(kith_truth_families(text, c, err));
    KITH_TRY(kith_truth_cohorts(text, c, events, err));
    if (text->tally != NULL) {
        kith_tally_people(text->tally, c);
        kith_tally_pair_up(text->tally);
    }
done:
    kith_free(h);
    return status;
}
