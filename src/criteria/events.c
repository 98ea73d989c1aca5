#include "criteria/events.h"

#include "base/alloc.h"
#include "base/job.h"
#include "io/rowfile.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct loader {
    kith_events *events;
    const kith_people *people;
    const kith_vocabulary *v;
    const kith_agency_types *types;
    kith_event_row *rows;
    size_t rows_cap;
    uint64_t n_orphans; /* events of records in no person */
    uint64_t n_bad;     /* rows that contradict their header */
} loader;

void
kith_events_free(kith_events *events)
{
    if (events == NULL)
        return;
    kith_free(events->first);
    kith_free(events->types);
    kith_free(events->all);
    kith_free(events->attributes);
    kith_free(events);
}

static kith_status
events_path(char **out, const char *payload, const char *agency, bool *there,
            kith_error *err)
{
    kith_status status = kith_folder_file(out, payload, agency, ".events", err);
    *there = status == KITH_OK && access(*out, F_OK) == 0;
    return status;
}

kith_status
kith_events_headers(kith_agency_types **types, kith_vocabulary *v,
                    const kith_people *people, const char *payload,
                    int32_t reference_day, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_agency_types *all = NULL;
    kith_rows_in *in = NULL;
    char *path = NULL;
    KITH_TRY(KITH_ALLOC(&all, people->agencies.n + 1, err));
    for (size_t a = 0; a < people->agencies.n; a++) {
        bool there = false;
        KITH_TRY(events_path(&path, payload, people->agencies.names[a], &there,
                             err));
        if (there) {
            KITH_TRY(kith_rows_open(&in, path, "events", err));
            if (kith_rows_bytes(in) != sizeof(kith_event_row)) {
                status = kith_error_set(err, KITH_ERR_DATA,
                                        "%s: not event rows", path);
                goto done;
            }
            KITH_TRY(kith_vocabulary_merge(v, &all[a], kith_rows_meta(in), path,
                                           reference_day, err));
            kith_rows_close(in);
            in = NULL;
        }
        kith_free(path);
        path = NULL;
    }
    *types = all;
    all = NULL;
done:
    kith_free(path);
    kith_rows_close(in);
    kith_events_headers_free(all, people);
    return status;
}

void
kith_events_headers_free(kith_agency_types *types, const kith_people *people)
{
    for (size_t a = 0; types != NULL && a < people->agencies.n; a++)
        kith_agency_types_done(&types[a]);
    kith_free(types);
}

/* The common type of a row that will be kept, else NULL. */
static const kith_event_type *
row_type(const loader *l, size_t agency, const kith_event_row *row,
         uint32_t *person)
{
    const kith_agency_types *t = &l->types[agency];
    const kith_agency_records *r = &l->people->records[agency];
    if (row->record >= r->n || row->type >= t->n_types)
        return NULL;
    *person = r->person[row->record];
    return &l->v->types[t->type[row->type]];
}

/* Calls for each row: once to count, once to place. */
typedef void (*row_fn)(loader *l, size_t agency, const kith_event_row *row,
                       uint32_t person, const kith_event_type *type);

static void
count_row(loader *l, size_t agency, const kith_event_row *row, uint32_t person,
          const kith_event_type *type)
{
    (void)agency;
    (void)row;
    l->events->first[(size_t)person + 2]++;
    l->events->n++;
    l->events->n_attributes += type->n_codes + type->n_amounts;
}

static void
place_row(loader *l, size_t agency, const kith_event_row *row, uint32_t person,
          const kith_event_type *type)
{
    kith_events *e = l->events;
    const kith_agency_types *map = &l->types[agency];
    kith_event *to = &e->all[e->first[(size_t)person + 1]++];
    e->types[person] |= (uint64_t)1 << (map->type[row->type] % 64);
    *to = (kith_event){.start = row->start,
                       .end = row->end,
                       .record = row->record,
                       .attributes = (uint32_t)e->n_attributes,
                       .type = (uint16_t)map->type[row->type],
                       .age = row->age,
                       .agency = (uint8_t)agency};
    uint32_t *at = e->attributes + e->n_attributes;
    e->n_attributes += type->n_codes + type->n_amounts;
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

static void
visit_row(loader *l, size_t agency, const kith_event_row *row, row_fn fn)
{
    uint32_t person = KITH_NO_PERSON;
    const kith_event_type *type = row_type(l, agency, row, &person);
    if (type == NULL || row->end < row->start)
        l->n_bad++;
    else if (person == KITH_NO_PERSON)
        l->n_orphans++;
    else if (type->used)
        fn(l, agency, row, person, type);
}

static kith_status
visit_agency(loader *l, size_t agency, const char *payload, row_fn fn,
             kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_rows_in *in = NULL;
    char *path = NULL;
    bool there = false;
    KITH_TRY(events_path(&path, payload, l->people->agencies.names[agency],
                         &there, err));
    if (!there)
        goto done;
    KITH_TRY(kith_rows_open(&in, path, "events", err));
    const size_t per = kith_rows_per_frame(in);
    KITH_TRY(KITH_GROW(&l->rows, &l->rows_cap, per + 1, err));
    for (uint64_t at = 0; at < kith_rows_count(in);) {
        size_t k = 0;
        KITH_TRY(kith_rows_frame(in, at / per, l->rows, &k, err));
        for (size_t i = 0; i < k; i++)
            visit_row(l, agency, &l->rows[i], fn);
        kith_job_advance(job, k);
        at += k;
    }
done:
    kith_free(path);
    kith_rows_close(in);
    return status;
}

static int
by_type_and_start(const void *a, const void *b)
{
    const kith_event *x = a;
    const kith_event *y = b;
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
    /* Attributes are laid down in reading order; a type without any has
     * nothing left to tell two rows apart by. */
    return (x->attributes > y->attributes) - (x->attributes < y->attributes);
}

enum { SORT_CHUNK = 4096 };

static kith_status
sort_chunk(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    const loader *l = ctx;
    const kith_events *e = l->events;
    (void)worker;
    (void)err;
    const size_t first = chunk * SORT_CHUNK;
    for (size_t p = first; p < first + SORT_CHUNK && p < l->people->n; p++) {
        const size_t n = (size_t)(e->first[p + 1] - e->first[p]);
        if (n > 1)
            qsort(e->all + e->first[p], n, sizeof *e->all, by_type_and_start);
    }
    return KITH_OK;
}

static kith_status
allocate(loader *l, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_events *e = l->events;
    const uint64_t bytes = e->n * sizeof *e->all + e->n_attributes * 4;
    if (bytes > kith_job_memory(job) || e->n_attributes > UINT32_MAX) {
        status =
            kith_error_set(err, KITH_ERR_MEMORY,
                           "the events that the criteria read need %llu MiB",
                           (unsigned long long)(bytes >> 20));
        kith_error_hint(err, "give more --memory, or fewer criteria");
        goto done;
    }
    KITH_TRY(KITH_ALLOC(&e->all, (size_t)e->n + 1, err));
    KITH_TRY(KITH_ALLOC(&e->attributes, (size_t)e->n_attributes + 1, err));
    for (size_t i = 2; i < (size_t)l->people->n + 2; i++)
        e->first[i] += e->first[i - 1];
    e->n_attributes = 0;
done:
    return status;
}

kith_status
kith_events_load(kith_events **out, const kith_people *people,
                 const kith_vocabulary *v, const kith_agency_types *types,
                 const char *payload, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    loader l = {.people = people, .v = v, .types = types};
    KITH_TRY(KITH_ALLOC(&l.events, 1, err));
    KITH_TRY(KITH_ALLOC(&l.events->first, (size_t)people->n + 2, err));
    KITH_TRY(KITH_ALLOC(&l.events->types, (size_t)people->n + 1, err));
    for (size_t a = 0; a < people->agencies.n; a++)
        KITH_TRY(visit_agency(&l, a, payload, count_row, job, err));
    KITH_TRY(allocate(&l, job, err));
    l.n_orphans = 0; /* the second reading counts them again */
    l.n_bad = 0;
    for (size_t a = 0; a < people->agencies.n; a++)
        KITH_TRY(visit_agency(&l, a, payload, place_row, job, err));
    KITH_TRY(kith_for(kith_job_pool(job), people->n / SORT_CHUNK + 1,
                      sort_chunk, &l, err));
    kith_job_count(job, "events", "read", l.events->n);
    if (l.n_orphans > 0)
        kith_job_count(job, "events", "of_no_person", l.n_orphans);
    if (l.n_bad > 0)
        kith_job_count(job, "events", "reject_contradicts_header", l.n_bad);
    *out = l.events;
    l.events = NULL;
done:
    kith_free(l.rows);
    kith_events_free(l.events);
    return status;
}

void
kith_events_range(const kith_events *events, uint32_t person, uint32_t type,
                  uint64_t *lo, uint64_t *hi)
{
    uint64_t a = events->first[person];
    *lo = *hi = a;
    if ((events->types[person] >> (type % 64) & 1) == 0)
        return; /* the usual case by far */
    const uint64_t end = events->first[(size_t)person + 1];
    /* A person has few events: a walk beats a search until there are many. */
    if (end - a > 32) {
        uint64_t b = end;
        while (a < b) {
            const uint64_t mid = a + (b - a) / 2;
            if (events->all[mid].type < type)
                a = mid + 1;
            else
                b = mid;
        }
    }
    while (a < end && events->all[a].type < type)
        a++;
    *lo = a;
    while (a < end && events->all[a].type == type)
        a++;
    *hi = a;
}
