/* Reading events: once to count whose they are, then shard by shard. */
#include "base/alloc.h"
#include "base/job.h"
#include "criteria/events.h"
#include "io/rowfile.h"

#include <string.h>

/* Frames of one agency's file that one worker reads at a time. */
typedef struct stretch {
    uint32_t agency;
    uint64_t first;
    uint64_t end;
} stretch;

enum { STRETCH = 8 };

/* What is wrong with a row: encode writes none of these, a damaged or
 * foreign file may hold them. */
typedef enum reject {
    REJECT_RECORD,
    REJECT_TYPE,
    REJECT_PERIOD,
    N_REJECTS /* nothing */
} reject;

static const char *const reject_names[N_REJECTS] = {
    "reject_record_not_in_people", "reject_type_not_in_header",
    "reject_end_before_start"};

struct kith_events_source {
    const kith_people *people;
    const kith_vocabulary *v;
    const kith_agency_types *types;
    kith_rows_in **files; /* one an agency; NULL: it sends no events */
    stretch *stretches;
    size_t n_stretches;
    size_t stretches_cap;
    kith_event_row **rows; /* room for a frame, one a worker */
    unsigned n_workers;
    uint32_t *counts; /* events of each person */
    uint32_t *bytes;
    const kith_shards *shards; /* while loading */
    uint32_t shard;
    /* Added to by all workers at once. */
    uint64_t n_orphans;             /* events of records in no person */
    uint64_t n_rejected[N_REJECTS]; /* rows that contradict their bundle */
};

static void
source_free(kith_events_source *s)
{
    if (s == NULL)
        return;
    for (size_t a = 0; s->files != NULL && a < s->people->agencies.n; a++)
        kith_rows_close(s->files[a]);
    for (unsigned i = 0; s->rows != NULL && i < s->n_workers; i++)
        kith_free(s->rows[i]);
    kith_free(s->files);
    kith_free(s->rows);
    kith_free(s->stretches);
    kith_free(s->counts);
    kith_free(s->bytes);
    kith_free(s);
}

void
kith_events_free(kith_events *events)
{
    if (events == NULL)
        return;
    kith_free(events->first);
    kith_free(events->types);
    kith_free(events->all);
    kith_free(events->attributes);
    source_free(events->source);
    kith_free(events);
}

const uint32_t *
kith_events_bytes(const kith_events *events)
{
    return events->source->bytes;
}

static reject
find_fault(const kith_events_source *s, size_t agency,
           const kith_event_row *row)
{
    return row->record >= s->people->records[agency].n ? REJECT_RECORD
           : row->type >= s->types[agency].n_types     ? REJECT_TYPE
           : row->end < row->start                     ? REJECT_PERIOD
                                                       : N_REJECTS;
}

/* The common type of a row of the payload's records, else NULL. */
static const kith_event_type *
row_type(const kith_events_source *s, size_t agency, const kith_event_row *row,
         uint32_t *person)
{
    if (find_fault(s, agency, row) != N_REJECTS)
        return NULL;
    *person = s->people->records[agency].person[row->record];
    return &s->v->types[s->types[agency].type[row->type]];
}

static uint32_t
n_words(const kith_event_type *type)
{
    return type->n_codes + type->n_amounts;
}

typedef void (*frame_fn)(kith_events *e, size_t agency,
                         const kith_event_row *rows, size_t n);

typedef struct visit {
    kith_events *events;
    frame_fn fn;
    kith_job *job;
} visit;

static kith_status
visit_stretch(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    kith_status status = KITH_OK;
    const visit *v = ctx;
    kith_events_source *s = v->events->source;
    const stretch *t = &s->stretches[chunk];
    for (uint64_t f = t->first; f < t->end; f++) {
        size_t n = 0;
        KITH_TRY(
            kith_rows_frame(s->files[t->agency], f, s->rows[worker], &n, err));
        v->fn(v->events, t->agency, s->rows[worker], n);
        kith_job_advance(v->job, n);
    }
done:
    return status;
}

static kith_status
visit_all(kith_events *e, frame_fn fn, kith_job *job, kith_error *err)
{
    visit v = {e, fn, job};
    return kith_for(kith_job_pool(job), e->source->n_stretches, visit_stretch,
                    &v, err);
}

static void
count_frame(kith_events *e, size_t agency, const kith_event_row *rows, size_t n)
{
    kith_events_source *s = e->source;
    uint64_t n_orphans = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t person = KITH_NO_PERSON;
        const kith_event_type *type = row_type(s, agency, &rows[i], &person);
        if (type == NULL)
            __atomic_fetch_add(&s->n_rejected[find_fault(s, agency, &rows[i])],
                               1, __ATOMIC_RELAXED);
        n_orphans += type != NULL && person == KITH_NO_PERSON;
        if (type == NULL || person == KITH_NO_PERSON || !type->used)
            continue;
        const uint32_t bytes = (uint32_t)sizeof(kith_event) + 4 * n_words(type);
        __atomic_fetch_add(&s->counts[person], 1, __ATOMIC_RELAXED);
        __atomic_fetch_add(&s->bytes[person], bytes, __ATOMIC_RELAXED);
    }
    __atomic_fetch_add(&s->n_orphans, n_orphans, __ATOMIC_RELAXED);
}

/* Common codes and amounts of a row, in the slots of its type. */
static void
place_attributes(const kith_events_source *s, size_t agency,
                 const kith_event_row *row, const kith_event_type *type,
                 uint32_t *at)
{
    const kith_agency_types *map = &s->types[agency];
    for (uint32_t i = 0; i < type->n_codes; i++)
        at[i] = KITH_NO_CODE;
    for (uint32_t i = 0; i < type->n_amounts; i++)
        at[type->n_codes + i] = (uint32_t)KITH_NO_AMOUNT;
    for (uint32_t i = 0; i < KITH_EVENT_CODES; i++) {
        const uint8_t slot = map->code[row->type][i];
        if (slot < type->n_codes && row->codes[i] < map->n_texts)
            at[slot] = map->text[row->codes[i]];
    }
    for (uint32_t i = 0; i < KITH_EVENT_AMOUNTS; i++) {
        const uint8_t slot = map->amount[row->type][i];
        if (slot < type->n_amounts)
            at[type->n_codes + slot] = (uint32_t)row->amounts[i];
    }
}

/* The type of a row that belongs in the shard, else NULL. */
static const kith_event_type *
wanted_type(const kith_events_source *s, size_t agency,
            const kith_event_row *row, uint32_t *person)
{
    const kith_event_type *type = row_type(s, agency, row, person);
    if (type == NULL || !type->used || *person == KITH_NO_PERSON)
        return NULL;
    const uint16_t *of = s->shards->of_person;
    return of == NULL || of[*person] == s->shard ? type : NULL;
}

static void
place_frame(kith_events *e, size_t agency, const kith_event_row *rows, size_t n)
{
    const kith_events_source *s = e->source;
    uint32_t person = 0;
    uint32_t words = 0;
    for (size_t i = 0; i < n; i++) {
        const kith_event_type *type = wanted_type(s, agency, &rows[i], &person);
        words += type != NULL ? n_words(type) : 0;
    }
    uint64_t at = __atomic_fetch_add(&e->n_attributes, words, __ATOMIC_RELAXED);
    for (size_t i = 0; i < n; i++) {
        const kith_event_row *row = &rows[i];
        const kith_event_type *type = wanted_type(s, agency, row, &person);
        if (type == NULL)
            continue;
        const uint32_t number = s->types[agency].type[row->type];
        const uint64_t place = __atomic_fetch_add(&e->first[(size_t)person + 1],
                                                  1, __ATOMIC_RELAXED);
        __atomic_fetch_or(&e->types[person], (uint64_t)1 << (number % 64),
                          __ATOMIC_RELAXED);
        e->all[place] =
            (kith_event){.start = row->start,
                         .end = row->end,
                         .record = row->record,
                         .attributes = (uint32_t)at,
                         .type = (uint16_t)number,
                         .age = row->age,
                         .tie = s->people->records[agency].tie[row->record],
                         .agency = (uint8_t)agency};
        place_attributes(s, agency, row, type, e->attributes + at);
        at += n_words(type);
    }
}

/* By what they say alone: where workers happened to place them, and what is
 * the same in all, does not matter. */
static int
compare(const kith_events *e, const kith_event *x, const kith_event *y)
{
    if (x->type != y->type)
        return x->type < y->type ? -1 : 1;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    if (x->end != y->end)
        return x->end < y->end ? -1 : 1;
    if (x->agency != y->agency)
        return x->agency < y->agency ? -1 : 1;
    if (x->record != y->record)
        return x->record < y->record ? -1 : 1;
    const uint32_t n = n_words(&e->source->v->types[x->type]);
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t a = e->attributes[x->attributes + i];
        const uint32_t b = e->attributes[y->attributes + i];
        if (a != b)
            return a < b ? -1 : 1;
    }
    return 0;
}

static void
sift_down(const kith_events *e, kith_event *all, size_t i, size_t n)
{
    for (size_t child = 2 * i + 1; child < n; child = 2 * i + 1) {
        if (child + 1 < n && compare(e, &all[child], &all[child + 1]) < 0)
            child++;
        if (compare(e, &all[i], &all[child]) >= 0)
            return;
        const kith_event swap = all[i];
        all[i] = all[child];
        all[child] = swap;
        i = child;
    }
}

/* Most people have a dozen events; one may have a hundred thousand. */
static void
sort_events(const kith_events *e, kith_event *all, size_t n)
{
    enum { FEW = 32 };
    if (n > FEW) {
        for (size_t i = n / 2; i > 0; i--)
            sift_down(e, all, i - 1, n);
        for (size_t left = n - 1; left > 0; left--) {
            const kith_event swap = all[0];
            all[0] = all[left];
            all[left] = swap;
            sift_down(e, all, 0, left);
        }
        return;
    }
    for (size_t i = 1; i < n; i++) {
        const kith_event moved = all[i];
        size_t k = i;
        for (; k > 0 && compare(e, &all[k - 1], &moved) > 0; k--)
            all[k] = all[k - 1];
        all[k] = moved;
    }
}

enum { SORT_CHUNK = 4096 };

static kith_status
sort_chunk(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    const kith_events *e = ctx;
    (void)worker;
    (void)err;
    const size_t n_persons = e->source->people->n;
    const size_t first = chunk * SORT_CHUNK;
    for (size_t p = first; p < first + SORT_CHUNK && p < n_persons; p++)
        sort_events(e, e->all + e->first[p],
                    (size_t)(e->first[p + 1] - e->first[p]));
    return KITH_OK;
}

static kith_status
open_files(kith_events_source *s, const char *payload, kith_error *err)
{
    kith_status status = KITH_OK;
    char *path = NULL;
    size_t most = 1;
    KITH_TRY(KITH_ALLOC(&s->files, s->people->agencies.n + 1, err));
    for (size_t a = 0; a < s->people->agencies.n; a++) {
        bool there = false;
        kith_free(path);
        path = NULL;
        KITH_TRY(kith_events_path(&path, payload, s->people->agencies.names[a],
                                  &there, err));
        if (!there)
            continue;
        KITH_TRY(kith_rows_open(&s->files[a], path, "events", err));
        const size_t per = kith_rows_per_frame(s->files[a]);
        const uint64_t n = (kith_rows_count(s->files[a]) + per - 1) / per;
        most = per > most ? per : most;
        for (uint64_t f = 0; f < n; f += STRETCH) {
            KITH_TRY(KITH_GROW(&s->stretches, &s->stretches_cap,
                               s->n_stretches + 1, err));
            s->stretches[s->n_stretches++] =
                (stretch){(uint32_t)a, f, f + STRETCH < n ? f + STRETCH : n};
        }
    }
    for (unsigned i = 0; i < s->n_workers; i++)
        KITH_TRY(KITH_ALLOC(&s->rows[i], most, err));
done:
    kith_free(path);
    return status;
}

kith_status
kith_events_count(kith_events **out, const kith_people *people,
                  const kith_vocabulary *v, const kith_agency_types *types,
                  const char *payload, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_events *e = NULL;
    uint64_t n = 0;
    KITH_TRY(KITH_ALLOC(&e, 1, err));
    KITH_TRY(KITH_ALLOC(&e->source, 1, err));
    kith_events_source *s = e->source;
    s->people = people;
    s->v = v;
    s->types = types;
    s->n_workers = kith_pool_size(kith_job_pool(job));
    KITH_TRY(KITH_ALLOC(&s->rows, s->n_workers, err));
    KITH_TRY(KITH_ALLOC(&s->counts, (size_t)people->n + 1, err));
    KITH_TRY(KITH_ALLOC(&s->bytes, (size_t)people->n + 1, err));
    KITH_TRY(KITH_ALLOC(&e->first, (size_t)people->n + 2, err));
    KITH_TRY(KITH_ALLOC(&e->types, (size_t)people->n + 1, err));
    KITH_TRY(open_files(s, payload, err));
    KITH_TRY(visit_all(e, count_frame, job, err));
    for (uint32_t p = 0; p < people->n; p++)
        n += s->counts[p];
    kith_job_count(job, "events", "read", n);
    if (s->n_orphans > 0)
        kith_job_count(job, "events", "of_no_person", s->n_orphans);
    for (int i = 0; i < N_REJECTS; i++) {
        if (s->n_rejected[i] > 0)
            kith_job_count(job, "events", reject_names[i], s->n_rejected[i]);
    }
    *out = e;
    e = NULL;
done:
    kith_events_free(e);
    return status;
}

kith_status
kith_events_load(kith_events *events, const kith_shards *shards, uint32_t shard,
                 kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_events_source *s = events->source;
    uint64_t bytes = 0;
    s->shards = shards;
    s->shard = shard;
    events->n = 0;
    for (size_t p = 0; p < s->people->n; p++) {
        const bool here =
            shards->of_person == NULL || shards->of_person[p] == shard;
        events->first[p + 1] = events->n; /* placing moves it to the end */
        events->types[p] = 0;
        events->n += here ? s->counts[p] : 0;
        bytes += here ? s->bytes[p] : 0;
    }
    kith_free(events->all);
    kith_free(events->attributes);
    events->all = NULL;
    events->attributes = NULL;
    events->n_attributes = 0;
    const uint64_t words = (bytes - events->n * sizeof *events->all) / 4;
    KITH_TRY(KITH_ALLOC(&events->all, (size_t)events->n + 1, err));
    KITH_TRY(KITH_ALLOC(&events->attributes, (size_t)words + 1, err));
    KITH_TRY(visit_all(events, place_frame, job, err));
    KITH_TRY(kith_for(kith_job_pool(job), s->people->n / SORT_CHUNK + 1,
                      sort_chunk, events, err));
done:
    return status;
}
