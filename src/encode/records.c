/* Records in the order of their pseudonyms: records, people, row maps. */
#include "encode/stage.h"

#include "base/alloc.h"
#include "base/job.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A share of a small extract says little: fewer bearers than this are not
 * called common, or middling, whatever their rate. */
enum { COMMON_BEARERS = 5, MIDDLING_BEARERS = 3 };

/* Records whose refs are made at a time. */
enum { MAP_RECORDS = 256 };

typedef struct record_writer {
    kith_stage *s;
    uint8_t *buckets[2]; /* of each name */
    kith_encode_worker *worker;
    uint8_t *row; /* record row with its tokens */
    size_t row_bytes, sorted_bytes;
    uint32_t n; /* records whose maps are made */
    uint8_t refs[2 * MAP_RECORDS][KITH_AES_BLOCK];
    kith_map_row map_rows[2 * MAP_RECORDS];
} record_writer;

static int
rate_order(const void *key, const void *entry)
{
    const kith_name_rate *a = key, *b = entry;
    return a->field != b->field ? (a->field < b->field ? -1 : 1)
                                : strcmp(a->name, b->name);
}

/* Bearers per million by the spec's table; negative: not in it. */
static double
table_rate(const kith_spec *spec, uint8_t field, const char *name)
{
    kith_name_rate key = {.field = field};
    if (strlen(name) >= sizeof key.name)
        return -1.0;
    memcpy(key.name, name, strlen(name) + 1);
    const kith_name_rate *found = bsearch(&key, spec->rates, spec->n_rates,
                                          sizeof *spec->rates, rate_order);
    return found == NULL ? -1.0 : (double)found->per_million;
}

/* Half steps of log2 from eight bearers on: fewer may all be one person's. */
static uint8_t
fine_bucket(uint64_t bearers)
{
    const double steps = bearers < 8 ? 0 : 1 + 2 * log2((double)bearers / 8);
    return (uint8_t)fmin(1 + steps, KITH_RARITY_BUCKETS - 1);
}

static uint8_t
bucket_of(const kith_stage *s, unsigned n, uint32_t name)
{
    const kith_name_counts *c = &s->names[n];
    const uint64_t bearers = c->bearers[name];
    const double *cuts = s->spec->rarity_cuts;
    if (s->spec->single_site && s->spec->n_rates == 0)
        return fine_bucket(bearers);
    double rate = 0.0;
    bool common = true, middling = true;
    if (s->spec->n_rates > 0) {
        rate = table_rate(s->spec, s->encoder->names[n],
                          kith_dict_at(&c->names, name));
    } else {
        rate = 1e6 * (double)bearers / (double)c->total;
        common = bearers >= COMMON_BEARERS;
        middling = bearers >= MIDDLING_BEARERS;
    }
    return rate > cuts[0] && common     ? KITH_RARITY_COMMON
           : rate > cuts[1] && middling ? KITH_RARITY_MIDDLING
                                        : KITH_RARITY_RARE;
}

static kith_status
add_bucket_line(const kith_stage *s, unsigned n, unsigned bucket,
                const uint8_t *buckets, kith_meta *meta, kith_error *err)
{
    const kith_name_counts *c = &s->names[n];
    uint64_t records = 0;
    double sum = 0.0, squares = 0.0;
    for (uint32_t i = 0; i < c->names.n; i++) {
        if (buckets[i] != bucket)
            continue;
        const double p = (double)c->bearers[i] / (double)c->total;
        records += c->bearers[i];
        sum += p;
        squares += p * p;
    }
    if (records == 0 || records < s->spec->min_cell)
        return KITH_OK;
    char line[KITH_NAME_BYTES + 96];
    snprintf(line, sizeof line, "%s %u %" PRIu64 " %.9g %.9g",
             s->spec->fields[s->encoder->names[n]].name, bucket, records, sum,
             squares);
    return kith_meta_add(meta, "rarity", line, err);
}

static kith_status
find_buckets(record_writer *w, kith_meta *meta, kith_error *err)
{
    kith_stage *s = w->s;
    kith_status status = KITH_OK;
    for (unsigned n = 0; n < 2 && s->encoder->has_names; n++) {
        const uint32_t n_names = s->names[n].names.n;
        KITH_TRY(KITH_ALLOC(&w->buckets[n], (size_t)n_names + 1, err));
        for (uint32_t i = 0; i < n_names; i++)
            w->buckets[n][i] = bucket_of(s, n, i);
        for (unsigned b = 1; b < KITH_RARITY_BUCKETS; b++)
            KITH_TRY(add_bucket_line(s, n, b, w->buckets[n], meta, err));
    }
done:
    return status;
}

static kith_status
open_records(record_writer *w, kith_error *err)
{
    kith_stage *s = w->s;
    kith_status status = KITH_OK;
    kith_meta meta = {{0}};
    char *path = NULL;
    KITH_TRY(
        kith_buffer_add(&meta.text, s->meta.text.data, s->meta.text.len, err));
    for (unsigned i = 0; i < s->spec->n_identifiers; i++)
        KITH_TRY(kith_meta_add(
            &meta, "identifier",
            s->spec->fields[s->spec->identifiers[i].field].name, err));
    KITH_TRY(find_buckets(w, &meta, err));
    KITH_TRY(kith_stage_path(s, &path, "refs", ".records", err));
    KITH_TRY(kith_rows_create(&s->record_file, path, "records", w->row_bytes,
                              &meta, err));
done:
    kith_meta_done(&meta);
    kith_free(path);
    return status;
}

static kith_status
open_people(record_writer *w, kith_error *err)
{
    kith_stage *s = w->s;
    kith_status status = KITH_OK;
    kith_meta meta = {{0}};
    char *path = NULL;
    KITH_TRY(
        kith_buffer_add(&meta.text, s->meta.text.data, s->meta.text.len, err));
    for (uint32_t i = 0; i < s->areas.neighbourhoods.n; i++)
        KITH_TRY(kith_meta_add(&meta, "neighbourhood",
                               kith_dict_at(&s->areas.neighbourhoods, i), err));
    for (uint32_t i = 0; i < s->areas.districts.n; i++)
        KITH_TRY(kith_meta_add(&meta, "district",
                               kith_dict_at(&s->areas.districts, i), err));
    KITH_TRY(kith_stage_path(s, &path, "payload", ".people", err));
    KITH_TRY(kith_rows_create(&s->people_file, path, "people",
                              sizeof(kith_person_row), &meta, err));
done:
    kith_meta_done(&meta);
    kith_free(path);
    return status;
}

/* Refs are computed again: nothing but the pseudonym is needed for them. */
static kith_status
add_map(record_writer *w, unsigned pass, const uint8_t *sorted, size_t n,
        kith_error *err)
{
    kith_status status = KITH_OK;
    size_t n_maps = 0;
    for (size_t i = 0; i < n; i++) {
        kith_sorted_record record;
        memcpy(&record, sorted + i * w->sorted_bytes, sizeof record);
        for (unsigned v = 0; v < 2; v++) {
            if ((record.rows >> (2 * pass + v) & 1u) == 0)
                continue;
            kith_encoder_ref_of(w->refs[n_maps], v, record.pseudonym);
            w->map_rows[n_maps++] = (kith_map_row){.record = w->n + (uint32_t)i,
                                                   .variant = (uint8_t)v};
        }
    }
    KITH_TRY(kith_encoder_refs(w->worker, pass, w->refs, n_maps, err));
    for (size_t i = 0; i < n_maps; i++)
        memcpy(w->map_rows[i].ref, w->refs[i], sizeof w->map_rows[i].ref);
    KITH_TRY(kith_sorter_add(w->s->maps[pass], w->map_rows, n_maps, err));
done:
    return status;
}

static kith_status
add_maps(record_writer *w, const uint8_t *sorted, size_t n, kith_error *err)
{
    kith_status status = KITH_OK;
    for (size_t from = 0; from < n; from += MAP_RECORDS) {
        const size_t left = n - from;
        const size_t part = left < MAP_RECORDS ? left : MAP_RECORDS;
        for (unsigned pass = 0; pass < w->s->spec->n_passes; pass++)
            KITH_TRY(
                add_map(w, pass, sorted + from * w->sorted_bytes, part, err));
        w->n += (uint32_t)part;
    }
done:
    return status;
}

static kith_status
take_record(record_writer *w, const uint8_t *bytes, uint32_t number,
            kith_error *err)
{
    kith_stage *s = w->s;
    kith_status status = KITH_OK;
    kith_sorted_record record;
    kith_record_row out = {.rarity = {0}};
    memcpy(&record, bytes, sizeof record);
    memcpy(out.pseudonym, record.pseudonym, KITH_PSEUDONYM_BYTES);
    for (unsigned k = 0; k < 2; k++)
        if (record.names[k] != KITH_DICT_NONE)
            out.rarity[k] = w->buckets[k][record.names[k]];
    memcpy(w->row, &out, sizeof out);
    memcpy(w->row + sizeof out, bytes + sizeof record,
           w->row_bytes - sizeof out);
    s->record_of[record.sequence] = number;
    KITH_TRY(kith_rows_write(s->record_file, w->row, 1, err));
    s->counts.communal += (record.person.place & KITH_PLACE_COMMUNAL) != 0;
    KITH_TRY(kith_rows_write(s->people_file, &record.person, 1, err));
done:
    return status;
}

static kith_status
take_records(void *ctx, const void *rows, size_t n, kith_error *err)
{
    record_writer *w = ctx;
    kith_status status = KITH_OK;
    for (size_t i = 0; i < n; i++)
        KITH_TRY(take_record(w, (const uint8_t *)rows + i * w->sorted_bytes,
                             w->n + (uint32_t)i, err));
    KITH_TRY(add_maps(w, rows, n, err));
done:
    return status;
}

typedef struct map_writer {
    kith_rows_out *out;
    uint8_t last[8];
    bool any;
} map_writer;

static kith_status
take_maps(void *ctx, const void *rows, size_t n, kith_error *err)
{
    map_writer *w = ctx;
    const kith_map_row *map = rows;
    for (size_t i = 0; i < n; i++) {
        /* Once in millions of runs of millions of records. */
        if (w->any && memcmp(w->last, map[i].ref, sizeof w->last) == 0)
            return kith_error_set(err, KITH_ERR_DATA,
                                  "two rows drew the same ref; choose another "
                                  "run id");
        memcpy(w->last, map[i].ref, sizeof w->last);
        w->any = true;
    }
    return kith_rows_write(w->out, rows, n, err);
}

static kith_status
open_map(kith_stage *s, unsigned pass, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_meta meta = {{0}};
    char *path = NULL;
    char suffix[KITH_NAME_BYTES + 16];
    const char *name = s->spec->passes[pass].name;
    snprintf(suffix, sizeof suffix, ".%s.map", name);
    KITH_TRY(
        kith_buffer_add(&meta.text, s->meta.text.data, s->meta.text.len, err));
    KITH_TRY(kith_meta_add(&meta, "pass", name, err));
    KITH_TRY(kith_stage_path(s, &path, "refs", suffix, err));
    KITH_TRY(kith_rows_create(&s->map_files[pass], path, "map",
                              sizeof(kith_map_row), &meta, err));
done:
    kith_meta_done(&meta);
    kith_free(path);
    return status;
}

static kith_status
write_map(void *ctx, size_t pass, unsigned worker, kith_error *err)
{
    kith_stage *s = ctx;
    kith_status status = KITH_OK;
    (void)worker;
    KITH_TRY(open_map(s, (unsigned)pass, err));
    map_writer writer = {.out = s->map_files[pass]};
    KITH_TRY(kith_sorter_finish(s->maps[pass], take_maps, &writer, err));
done:
    kith_sorter_free(s->maps[pass]);
    s->maps[pass] = NULL;
    return status;
}

kith_status
kith_stage_maps(kith_stage *s, kith_error *err)
{
    return kith_for(kith_job_pool(s->job), s->spec->n_passes, write_map, s,
                    err);
}

kith_status
kith_stage_records(kith_stage *s, unsigned worker, kith_error *err)
{
    kith_status status = KITH_OK;
    const size_t tokens = s->spec->n_identifiers * (size_t)KITH_TOKEN_BYTES;
    record_writer w = {.s = s,
                       .worker = s->workers[worker],
                       .row_bytes = sizeof(kith_record_row) + tokens,
                       .sorted_bytes = sizeof(kith_sorted_record) + tokens};
    KITH_TRY(KITH_ALLOC(&w.row, w.row_bytes, err));
    KITH_TRY(KITH_ALLOC(&s->record_of, (size_t)s->n_records + 1, err));
    KITH_TRY(open_records(&w, err));
    KITH_TRY(open_people(&w, err));
    KITH_TRY(kith_sorter_finish(s->records, take_records, &w, err));
done:
    kith_sorter_free(s->records);
    s->records = NULL;
    kith_free(w.buckets[0]);
    kith_free(w.buckets[1]);
    kith_free(w.row);
    return status;
}
