#include "report/bias_count.h"

#include "base/alloc.h"
#include "base/job.h"

#include <string.h>

const uint32_t kith_bias_steps[KITH_BIAS_STEPS] = {2, 4, 8};

/* What one worker needs for a cohort. */
typedef struct room {
    uint8_t *best;  /* of each person: the best flag in the low bits, one more
                       than the step it was last looked at in the high */
    uint8_t *moved; /* of each unit: its flag at a stricter threshold */
} room;

enum { BEST = 0x0f, STEP_SHIFT = 4 };

typedef struct counter {
    kith_bias_input in;
    kith_bias_counts *out;
    room *rooms; /* one a worker */
} counter;

/* Adds to the person's group in each division, and to all. */
static void
add(const counter *c, uint64_t *row, uint32_t person, uint64_t n)
{
    row[0] += n;
    for (int d = 0; d < KITH_DIVISIONS; d++)
        row[c->in.groups->of[d][person]] += n;
}

/* The records of a person. */
typedef struct held {
    uint32_t n;
    uint16_t agency; /* 1 more than its only one */
    uint16_t zero;
} held;

static void
hold(held *h, size_t agency)
{
    enum { SEVERAL = UINT16_MAX };
    const uint16_t own = (uint16_t)(agency + 1);
    h->agency = h->n == 0 || h->agency == own ? own : SEVERAL;
    h->n++;
}

/* A record is linked when its person has a record of another agency. */
static kith_status
count_links(const counter *c, uint64_t *rows, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_people *people = c->in.people;
    const uint32_t n_groups = c->out->n_groups;
    held *holds = NULL;
    KITH_TRY(KITH_ALLOC(&holds, (size_t)people->n + 1, err));
    for (size_t a = 0; a < people->agencies.n; a++) {
        const kith_agency_records *r = &people->records[a];
        for (uint32_t i = 0; i < r->n; i++) {
            if (r->person[i] != KITH_NO_PERSON)
                hold(&holds[r->person[i]], a);
        }
    }
    for (uint32_t p = 0; p < people->n; p++) {
        const bool linked = holds[p].agency == UINT16_MAX;
        add(c, rows + (size_t)KITH_BIAS_PERSONS * n_groups, p, 1);
        add(c, rows + (size_t)KITH_BIAS_RECORDS * n_groups, p, holds[p].n);
        if (linked)
            add(c, rows + (size_t)KITH_BIAS_LINKED * n_groups, p, holds[p].n);
    }
done:
    kith_free(holds);
    return status;
}

static void
count_flags(const counter *c, const uint8_t *best, uint64_t *rows)
{
    const uint32_t n_groups = c->out->n_groups;
    for (uint32_t p = 0; p < c->in.people->n; p++) {
        if (best[p] == KITH_FLAG_OUT)
            continue;
        add(c, rows + (size_t)KITH_BIAS_POPULATION * n_groups, p, 1);
        if (best[p] < KITH_FLAG_STATUSES)
            add(c, rows + (size_t)(KITH_BIAS_FLAGS + best[p]) * n_groups, p, 1);
    }
}

/* Was this person's best flag yes, and is no more, or the other way? */
static void
count_moved_person(const counter *c, const room *r, const kith_flag_table *t,
                   uint32_t person, uint32_t step, uint64_t *rows)
{
    const uint32_t n_groups = c->out->n_groups;
    const bool was = (r->best[person] & BEST) == KITH_FLAG_YES;
    if (r->best[person] >> STEP_SHIFT == step + 1)
        return; /* counted with another unit of theirs */
    r->best[person] =
        (uint8_t)((r->best[person] & BEST) | (step + 1) << STEP_SHIFT);
    const bool is = kith_flag_best_of(t, r->moved, person) == KITH_FLAG_YES;
    const uint32_t first = was ? KITH_BIAS_LOST : KITH_BIAS_GAINED;
    if (was != is)
        add(c, rows + (size_t)(first + step) * n_groups, person, 1);
}

/* Only who is in a unit that moves can move. */
static void
count_moved(const counter *c, const room *r, uint32_t table, uint32_t step,
            uint64_t *rows)
{
    const kith_flag_table *t = &c->in.flags->all[table];
    const kith_moved *m = c->in.moved;
    kith_moved_apply(m, table, kith_bias_steps[step], r->moved);
    for (size_t i = 0; i < m->n; i++) {
        const kith_move *v = &m->all[i];
        if (v->table != table || v->stricter_by != kith_bias_steps[step])
            continue;
        if (t->units == NULL) {
            count_moved_person(c, r, t, v->unit, step, rows);
            continue;
        }
        for (uint32_t k = t->units->first[v->unit];
             k < t->units->first[v->unit + 1]; k++)
            count_moved_person(c, r, t, t->units->members[k], step, rows);
    }
    for (size_t i = 0; i < m->n; i++) {
        if (m->all[i].table == table)
            r->moved[m->all[i].unit] = t->status[m->all[i].unit];
    }
}

/* Chunk 0 is everybody, the others a cohort each. */
static kith_status
count_chunk(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    const counter *c = ctx;
    const room *r = &c->rooms[worker];
    uint64_t *rows = c->out->all + chunk * KITH_BIAS_ROWS * c->out->n_groups;
    if (chunk == 0)
        return count_links(c, rows, err);
    const uint32_t table = (uint32_t)chunk - 1;
    const kith_flag_table *t = &c->in.flags->all[table];
    kith_flag_best(r->best, t, c->in.people->n);
    count_flags(c, r->best, rows);
    memcpy(r->moved, t->status, t->cohort->n_units);
    for (uint32_t step = 0; step < KITH_BIAS_STEPS; step++)
        count_moved(c, r, table, step, rows);
    return KITH_OK;
}

static kith_status
make_rooms(counter *c, unsigned n, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_flag_tables *flags = c->in.flags;
    uint32_t most = 0;
    for (uint32_t i = 0; i < flags->n; i++)
        most = flags->all[i].cohort->n_units > most
                   ? flags->all[i].cohort->n_units
                   : most;
    KITH_TRY(KITH_ALLOC(&c->rooms, n, err));
    for (unsigned i = 0; i < n; i++) {
        KITH_TRY(
            KITH_ALLOC(&c->rooms[i].best, (size_t)c->in.people->n + 1, err));
        KITH_TRY(KITH_ALLOC(&c->rooms[i].moved, (size_t)most + 1, err));
    }
done:
    return status;
}

void
kith_bias_counts_done(kith_bias_counts *counts)
{
    kith_free(counts->all);
    *counts = (kith_bias_counts){0};
}

kith_status
kith_bias_count(kith_bias_counts *out, const kith_bias_input *input,
                kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    counter c = {.in = *input, .out = out};
    const unsigned n_workers = kith_pool_size(kith_job_pool(job));
    const size_t n_chunks = (size_t)input->flags->n + 1;
    out->n_groups = input->groups->n;
    KITH_TRY(
        KITH_ALLOC(&out->all, n_chunks * KITH_BIAS_ROWS * out->n_groups, err));
    KITH_TRY(make_rooms(&c, n_workers, err));
    KITH_TRY(kith_for(kith_job_pool(job), n_chunks, count_chunk, &c, err));
done:
    for (unsigned i = 0; c.rooms != NULL && i < n_workers; i++) {
        kith_free(c.rooms[i].best);
        kith_free(c.rooms[i].moved);
    }
    kith_free(c.rooms);
    return status;
}
