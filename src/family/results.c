/*
 * households.csv, families.csv and communal.csv.
 */
#include "family/results.h"

#include "base/alloc.h"
#include "base/date.h"
#include "base/hex.h"
#include "base/job.h"
#include "base/radix.h"
#include "family/rejects.h"
#include "io/out_chunks.h"

#include <string.h>

/* Percent: current address by one source, by several, by the unit's. */
enum { BY_ONE = 75, BY_SEVERAL = 90, BY_UNIT = 70, BY_RELATION = 65 };

/* Rows, or homes, a chunk of text: some 200 KB. */
enum { PER_CHUNK = 4096, LINE_BYTES = 160 };

/* What a row says beside its group and person, in a sorted item's value. */
static uint32_t
pack(unsigned role, unsigned source, unsigned confidence)
{
    return role << 16 | source << 8 | confidence;
}

/* The rows of households.csv or families.csv: by (group, person). */
typedef struct rows {
    kith_keyed *items;
    size_t n, cap;
    bool roles; /* families.csv has them */
    const kith_members *members;
    const kith_families *families;
} rows;

/* From when to when a row holds, as far as records say; KITH_NO_DATE where
 * they do not, KITH_OPEN_END while it lasts. */
typedef struct period {
    int32_t from, to;
} period;

static kith_status
add_row(rows *r, uint32_t group, uint32_t person, uint32_t value,
        kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(KITH_GROW(&r->items, &r->cap, r->n + 1, err));
    r->items[r->n++] = (kith_keyed){(uint64_t)group << 32 | person, value, 0};
done:
    return status;
}

/* By role too, where somebody has two in one group; the same role once. */
static void
drop_repeated(rows *r)
{
    size_t kept = 0;
    for (size_t i = 0, first = 0; i < r->n; i++) {
        const kith_keyed row = r->items[i];
        if (kept == 0 || r->items[kept - 1].key != row.key)
            first = kept;
        size_t at = kept;
        bool seen = false;
        for (size_t k = first; k < kept; k++)
            seen |= r->items[k].value >> 16 == row.value >> 16;
        if (seen)
            continue;
        for (; at > first && r->items[at - 1].value >> 16 > row.value >> 16;
             at--)
            r->items[at] = r->items[at - 1];
        r->items[at] = row;
        kept++;
    }
    r->n = kept;
}

static kith_status
sort_rows(rows *r, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_keyed *scratch = NULL;
    KITH_TRY(KITH_ALLOC(&scratch, r->n, err));
    if (r->n > 0)
        kith_radix_sort(r->items, scratch, r->n);
    drop_repeated(r);
done:
    kith_free(scratch);
    return status;
}

static uint32_t
home_value(const kith_members *m, const kith_homes *h, uint32_t person)
{
    switch (h->sources[person]) {
    case KITH_HOME_BY_UNIT:
        return pack(0, KITH_SOURCE_UNIT, BY_UNIT);
    case KITH_HOME_BY_RELATION:
        return pack(0, KITH_SOURCE_RELATION, BY_RELATION);
    default:
        break;
    }
    const bool several = m->people[person].stays[KITH_NOW].n_records > 1;
    return pack(0, KITH_SOURCE_ADDRESS, several ? BY_SEVERAL : BY_ONE);
}

static kith_status
household_rows(rows *r, const kith_homes *h, const kith_families *f,
               kith_error *err)
{
    kith_status status = KITH_OK;
    for (uint32_t k = 0; k < h->n; k++) {
        if (h->kinds[k] != KITH_HOME_PRIVATE)
            continue;
        const uint32_t first = h->people[h->begins[k]];
        for (uint32_t i = h->begins[k]; i < h->begins[k + 1]; i++)
            KITH_TRY(add_row(r, first, h->people[i],
                             home_value(r->members, h, h->people[i]), err));
    }
    for (size_t i = 0; i < f->n_extras; i++) {
        const kith_extra_place *e = &f->extras[i];
        if (e->home != KITH_NO_HOME)
            KITH_TRY(add_row(r, h->people[h->begins[e->home]], e->person,
                             pack(0, KITH_SOURCE_RELATION, BY_RELATION), err));
    }
    KITH_TRY(sort_rows(r, err));
done:
    return status;
}

static kith_status
family_row(rows *r, uint32_t person, const kith_place *p, kith_error *err)
{
    return add_row(r, p->family, person,
                   pack(p->role, p->source, p->confidence), err);
}

static kith_status
family_rows(rows *r, const kith_families *f, kith_error *err)
{
    kith_status status = KITH_OK;
    for (uint32_t p = 0; p < r->members->list.n_persons; p++)
        KITH_TRY(family_row(r, p, &f->places[p], err));
    for (size_t i = 0; i < f->n_extras; i++)
        KITH_TRY(family_row(r, f->extras[i].person, &f->extras[i].place, err));
    KITH_TRY(sort_rows(r, err));
done:
    return status;
}

static void
put_id(kith_buffer *text, char letter, uint64_t id)
{
    char out[KITH_PERSON_TEXT + 1];
    out[0] = letter;
    kith_hex_write_u64(out + 1, id);
    out[KITH_PERSON_TEXT] = ',';
    kith_buffer_put(text, out, sizeof out);
}

static void
put_word(kith_buffer *text, const char *word)
{
    kith_buffer_put(text, word, strlen(word));
    kith_buffer_put(text, ",", 1);
}

static void
put_date(kith_buffer *text, int32_t days)
{
    char out[16];
    kith_buffer_put(text, ",", 1);
    if (days == KITH_NO_DATE || days == KITH_OPEN_END)
        return;
    kith_date_format_iso(out, days);
    kith_buffer_put(text, out, strlen(out));
}

/* The relationship that ties a person to a family: of those that last the
 * longest, the first. */
static period
relation_period(const rows *r, uint32_t person, uint32_t family)
{
    const kith_members *m = r->members;
    period best = {KITH_NO_DATE, KITH_NO_DATE};
    for (size_t i = kith_members_first_relation(m, person);
         i < m->n_relations && m->relations[i].person == person; i++) {
        const kith_relation *x = &m->relations[i];
        if (r->families->places[x->other].family == family && x->end > best.to)
            best = (period){x->start, x->end};
    }
    return best;
}

/* A home: between the first and the last record there. A place by the word of
 * others has only theirs. */
static period
stay_period(const rows *r, uint32_t person, unsigned source)
{
    const kith_stay_seen *stays = r->members->people[person].stays;
    const kith_stay_seen *s = &stays[KITH_NOW];
    if (source == KITH_SOURCE_RELATION)
        s = &stays[KITH_BEFORE];
    if (s->address == 0 || source == KITH_SOURCE_UNIT)
        return (period){KITH_NO_DATE, KITH_NO_DATE};
    return (period){s->since, s->updated};
}

static period
period_of(const rows *r, const kith_keyed *row)
{
    const uint32_t group = (uint32_t)(row->key >> 32);
    const uint32_t person = (uint32_t)row->key;
    const unsigned source = row->value >> 8 & 0xff;
    if (!r->roles)
        return stay_period(r, person, source);
    if (source == KITH_SOURCE_RELATION)
        return relation_period(r, person, group);
    return stay_period(r, person, KITH_SOURCE_ADDRESS);
}

/* The group is named by the number of one of its people. */
static kith_status
rows_chunk(void *ctx, size_t chunk, unsigned worker, kith_buffer *text,
           kith_error *err)
{
    kith_status status = KITH_OK;
    const rows *r = ctx;
    const uint64_t *ids = r->members->list.ids;
    const size_t first = chunk * PER_CHUNK;
    (void)worker;
    for (size_t i = first; i < first + PER_CHUNK && i < r->n; i++) {
        const kith_keyed *row = &r->items[i];
        const unsigned percent = row->value & 0xff;
        const char confidence[] = {'0', '.', (char)('0' + percent / 10),
                                   (char)('0' + percent % 10)};
        const period when = period_of(r, row);
        KITH_TRY(kith_buffer_reserve(text, LINE_BYTES, err));
        put_id(text, r->roles ? 'f' : 'h', ids[row->key >> 32]);
        put_id(text, 'p', ids[(uint32_t)row->key]);
        if (r->roles)
            put_word(text, kith_family_role_name(
                               (kith_family_role)(row->value >> 16)));
        put_word(text, kith_family_source_name(
                           (kith_family_source)(row->value >> 8 & 0xff)));
        kith_buffer_put(text, confidence, sizeof confidence);
        put_date(text, when.from);
        put_date(text, when.to);
        kith_buffer_put(text, "\n", 1);
    }
done:
    return status;
}

static uint64_t
count_groups(const rows *r)
{
    uint64_t n = 0;
    for (size_t i = 0; i < r->n; i++)
        n += i == 0 || r->items[i].key >> 32 != r->items[i - 1].key >> 32;
    return n;
}

static kith_status
write_rows(rows *r, const char *folder, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_out *out = NULL;
    KITH_TRY(kith_family_open(
        &out, folder, r->roles ? "families.csv" : "households.csv",
        r->roles ? "family,person,role,source,confidence,from,to"
                 : "household,person,source,confidence,from,to",
        err));
    KITH_TRY(kith_out_chunks(out, kith_job_pool(job),
                             (r->n + PER_CHUNK - 1) / PER_CHUNK, rows_chunk, r,
                             err));
    kith_out *whole = out;
    out = NULL;
    KITH_TRY(kith_out_commit(whole, job, err));
    kith_job_count(job, "", r->roles ? "families" : "households",
                   count_groups(r));
done:
    kith_out_abort(out);
    return status;
}

static uint32_t
count_children(const kith_members *m, const uint32_t *people, uint32_t n)
{
    uint32_t n_children = 0;
    for (uint32_t i = 0; i < n; i++)
        n_children +=
            m->people[people[i]].age >= 0 && m->people[people[i]].age < 16;
    return n_children;
}

static kith_status
write_communal(const kith_members *m, const kith_homes *h, const char *folder,
               kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_out *out = NULL;
    char group[KITH_PERSON_TEXT];
    KITH_TRY(kith_family_open(&out, folder, "communal.csv",
                              "address,people,children,reason", err));
    for (uint32_t k = 0; k < h->n; k++) {
        const uint32_t *people = h->people + h->begins[k];
        const uint32_t n = h->begins[k + 1] - h->begins[k];
        if (h->kinds[k] == KITH_HOME_PRIVATE)
            continue;
        const char *reason = kith_home_kind_name(h->kinds[k]);
        group[0] = 'h';
        kith_hex_write_u64(group + 1, m->list.ids[people[0]]);
        KITH_TRY(kith_out_printf(out, err, "%.*s,%u,%u,%s\n", KITH_PERSON_TEXT,
                                 group, n, count_children(m, people, n),
                                 reason));
        kith_job_count(job, "communal", reason, 1);
        kith_job_count(job, "communal", "people", n);
    }
    kith_out *whole = out;
    out = NULL;
    KITH_TRY(kith_out_commit(whole, job, err));
done:
    kith_out_abort(out);
    return status;
}

kith_status
kith_family_write(const kith_members *m, const kith_homes *h,
                  const kith_families *f, const char *folder, kith_job *job,
                  kith_error *err)
{
    kith_status status = KITH_OK;
    rows r = {.members = m, .families = f};
    KITH_TRY(household_rows(&r, h, f, err));
    KITH_TRY(write_rows(&r, folder, job, err));
    r.n = 0;
    r.roles = true;
    KITH_TRY(family_rows(&r, f, err));
    KITH_TRY(write_rows(&r, folder, job, err));
    KITH_TRY(write_communal(m, h, folder, job, err));
done:
    kith_free(r.items);
    return status;
}
