#include "report/origins.h"

#include "base/alloc.h"
#include "base/date.h"
#include "criteria/events.h"
#include "encode/bundle.h"
#include "io/rowfile.h"

#include <string.h>

#define TYPE "origin"
#define CODE "group"

typedef struct loader {
    kith_origins *out;
    const kith_people *people;
    kith_vocabulary *v;
    kith_agency_types *types; /* one an agency */
    uint32_t type;
    uint32_t slot;
    int32_t *day; /* of what is known of each person */
} loader;

void
kith_origins_done(kith_origins *o)
{
    kith_dict_done(&o->names);
    kith_free(o->of_person);
    *o = (kith_origins){0};
}

/* The row's group as a text of the vocabulary, or UINT32_MAX. */
static uint32_t
group_of(const loader *l, const kith_agency_types *t, const kith_event_row *row)
{
    if (row->type >= t->n_types || t->type[row->type] != l->type)
        return UINT32_MAX;
    for (unsigned i = 0; i < KITH_EVENT_CODES; i++) {
        if (t->code[row->type][i] == l->slot && row->codes[i] < t->n_texts)
            return t->text[row->codes[i]];
    }
    return UINT32_MAX;
}

static kith_status
take_row(loader *l, size_t agency, const kith_event_row *row, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_agency_records *r = &l->people->records[agency];
    const uint32_t text = group_of(l, &l->types[agency], row);
    if (text == UINT32_MAX || row->record >= r->n)
        return KITH_OK;
    const uint32_t person = r->person[row->record];
    if (person == KITH_NO_PERSON || row->start <= l->day[person])
        return KITH_OK;
    l->day[person] = row->start;
    KITH_TRY(kith_dict_add(&l->out->names,
                           kith_str_of(kith_dict_at(&l->v->texts, text)),
                           &l->out->of_person[person], err));
done:
    return status;
}

static bool
sends_type(const loader *l, size_t agency)
{
    const kith_agency_types *t = &l->types[agency];
    for (uint32_t i = 0; i < t->n_types; i++) {
        if (t->type[i] == l->type)
            return true;
    }
    return false;
}

static kith_status
read_agency(loader *l, size_t agency, const char *payload, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_rows_in *in = NULL;
    kith_event_row *rows = NULL;
    char *path = NULL;
    bool there = false;
    KITH_TRY(kith_events_path(&path, payload, l->people->agencies.names[agency],
                              &there, err));
    KITH_TRY(kith_rows_open(&in, path, "events", err));
    const size_t per = kith_rows_per_frame(in);
    const uint64_t n = kith_rows_count(in);
    KITH_TRY(KITH_ALLOC(&rows, per + 1, err));
    for (uint64_t at = 0; at < n;) {
        size_t k = 0;
        KITH_TRY(kith_rows_frame(in, at / per, rows, &k, err));
        for (size_t i = 0; i < k; i++)
            KITH_TRY(take_row(l, agency, &rows[i], err));
        at += k;
    }
done:
    kith_free(rows);
    kith_rows_close(in);
    kith_free(path);
    return status;
}

static kith_status
read_all(loader *l, const char *payload, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint32_t n = l->people->n;
    KITH_TRY(KITH_ALLOC(&l->out->of_person, (size_t)n + 1, err));
    KITH_TRY(KITH_ALLOC(&l->day, (size_t)n + 1, err));
    for (uint32_t i = 0; i < n; i++) {
        l->out->of_person[i] = UINT32_MAX;
        l->day[i] = KITH_NO_DATE;
    }
    for (size_t a = 0; a < l->people->agencies.n; a++) {
        if (sends_type(l, a))
            KITH_TRY(read_agency(l, a, payload, err));
    }
done:
    return status;
}

kith_status
kith_origins_load(kith_origins *out, const kith_people *people,
                  const char *payload, kith_error *err)
{
    kith_status status = KITH_OK;
    loader l = {.out = out, .people = people};
    KITH_TRY(kith_vocabulary_new(&l.v, err));
    /* The day only ends coverages, of which nothing is asked here. */
    KITH_TRY(kith_events_headers(&l.types, l.v, people, payload, 0, err));
    l.type = kith_vocabulary_find(l.v, TYPE);
    if (l.type == UINT32_MAX || !l.v->types[l.type].sent)
        goto done;
    l.slot = kith_event_type_code(&l.v->types[l.type], CODE);
    if (l.slot != UINT32_MAX)
        KITH_TRY(read_all(&l, payload, err));
done:
    kith_free(l.day);
    kith_events_headers_free(l.types, people);
    kith_vocabulary_free(l.v);
    return status;
}
