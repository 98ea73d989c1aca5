/*
 * The persons file into the sorters. Each batch goes through these steps:
 *   1  side by side: pseudonyms, and whether the row is wanted
 *   2  in input order: repeated ids, sequence numbers
 *   3  side by side: normalise and encode; and beside that, one after the
 *      other: what the batch before came to goes to the sorters, and the next
 *      batch is read
 */
#include "encode/scrub.h"
#include "encode/slice.h"

#include "base/alloc.h"
#include "base/hex.h"
#include "base/job.h"

#include <stdio.h>
#include <string.h>

/* A batch and its slices. */
typedef struct lane {
    kith_row_batch batch;
    kith_slice *slices;
    size_t n_slices; /* allocated */
    bool encoded;    /* and not yet appended */
} lane;

typedef struct reader {
    kith_stage *s;
    lane lanes[2];
    lane *now;   /* being encoded */
    lane *other; /* encoded before, to be read into next */
} reader;

uint64_t
kith_pseudonym_key(const uint8_t pseudonym[KITH_PSEUDONYM_BYTES])
{
    uint64_t key = 0;
    for (unsigned i = 0; i < 8; i++)
        key = key << 8 | pseudonym[i];
    return key;
}

static size_t
chunks(const lane *l)
{
    return (l->batch.csv.n_rows + KITH_SLICE_ROWS - 1) / KITH_SLICE_ROWS;
}

static size_t
slice_end(const lane *l, size_t chunk)
{
    const size_t end = (chunk + 1) * KITH_SLICE_ROWS;
    return end < l->batch.csv.n_rows ? end : l->batch.csv.n_rows;
}

static kith_str
row_id(const reader *r, const lane *l, size_t row)
{
    return l->batch.csv.fields[row * l->batch.csv.n_columns + r->s->extract.id];
}

static kith_status
identify(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    reader *r = ctx;
    const kith_stage *s = r->s;
    kith_row_batch *b = &r->now->batch;
    (void)worker;
    (void)err;
    for (size_t i = chunk * KITH_SLICE_ROWS; i < slice_end(r->now, chunk);
         i++) {
        const kith_str id = row_id(r, r->now, i);
        b->states[i] = id.len == 0                         ? KITH_ROW_MISSING_ID
                       : kith_exclude_has(&s->exclude, id) ? KITH_ROW_EXCLUDED
                                                           : KITH_ROW_WANTED;
        if (b->states[i] == KITH_ROW_WANTED)
            kith_encoder_pseudonym(s->encoder, id, b->pseudonyms[i]);
    }
    kith_scrub_stack();
    return KITH_OK;
}

static kith_status
bad_row(reader *r, size_t i, const char *reason, kith_error *err)
{
    const kith_csv_batch *csv = &r->now->batch.csv;
    return kith_rejects_add(&r->s->rejects, csv->rows[i], csv->lines[i],
                            r->s->extract.id + 1, reason, err);
}

/* Input order decides which of several rows with one id is kept. */
static kith_status
admit(reader *r, size_t i, kith_error *err)
{
    kith_stage *s = r->s;
    kith_row_batch *b = &r->now->batch;
    kith_status status = KITH_OK;
    if (b->states[i] == KITH_ROW_EXCLUDED) {
        s->counts.excluded++;
    } else if (b->states[i] == KITH_ROW_MISSING_ID) {
        s->counts.missing_id++;
        KITH_TRY(bad_row(r, i, "missing_id", err));
    } else {
        const uint64_t key = kith_pseudonym_key(b->pseudonyms[i]);
        uint32_t first = 0;
        if (kith_map64_get(&s->seen, key, &first)) {
            b->states[i] = KITH_ROW_REPEATED;
            s->counts.repeated_id++;
            KITH_TRY(bad_row(r, i, "repeated_id", err));
            goto done;
        }
        b->sequences[i] = s->n_records++;
        KITH_TRY(kith_map64_put(&s->seen, key, b->sequences[i], err));
    }
done:
    return status;
}

static kith_status
count_name(kith_name_counts *c, const kith_slice_name *name, uint32_t *index,
           kith_error *err)
{
    kith_status status = KITH_OK;
    *index = KITH_DICT_NONE;
    if (name->len == 0)
        return KITH_OK;
    const uint32_t before = c->names.n;
    KITH_TRY(kith_dict_add(&c->names, (kith_str){name->text, name->len}, index,
                           err));
    if (c->names.n > before) {
        KITH_TRY(KITH_GROW(&c->bearers, &c->bearers_cap, c->names.n, err));
        c->bearers[*index] = 0;
    }
    c->bearers[*index]++;
    c->total++;
done:
    return status;
}

static kith_status
append_records(kith_stage *s, kith_slice *slice, kith_error *err)
{
    const size_t record_bytes = kith_slice_record_bytes(s->spec);
    kith_status status = KITH_OK;
    for (size_t i = 0; i < slice->n_records; i++) {
        kith_sorted_record *record =
            (void *)(slice->records + i * record_bytes);
        for (unsigned n = 0; n < 2; n++) {
            record->names[n] = KITH_DICT_NONE;
            if (s->encoder->has_names)
                KITH_TRY(count_name(&s->names[n], &slice->names[i][n],
                                    &record->names[n], err));
        }
        KITH_TRY(KITH_GROW(&s->born, &s->born_cap, (size_t)record->sequence + 1,
                           err));
        s->born[record->sequence] = slice->born[i];
    }
    for (size_t i = 0; i < slice->n_sampled; i++)
        kith_sample_add(&s->sample, slice->sampled_keys[i],
                        slice->sampled + i * s->spec->n_fields);
    KITH_TRY(
        kith_sorter_add(s->records, slice->records, slice->n_records, err));
    for (unsigned p = 0; p < s->spec->n_passes; p++) {
        KITH_TRY(kith_sorter_add(s->passes[p], slice->rows[p], slice->n_rows[p],
                                 err));
        s->counts.rows[p] += slice->n_rows[p];
    }
done:
    return status;
}

static kith_status
append_rejects(kith_stage *s, kith_slice *slice, const kith_csv_batch *csv,
               kith_error *err)
{
    kith_status status = KITH_OK;
    for (size_t i = 0; i < slice->n_rejects; i++) {
        const kith_value_reject *v = &slice->rejects[i];
        char reason[2 * KITH_NAME_BYTES];
        snprintf(reason, sizeof reason, "%s_%s",
                 v->field == KITH_MAX_FIELDS ? "updated"
                                             : s->spec->fields[v->field].name,
                 kith_norm_reason_name((kith_norm_reason)v->reason));
        s->counts.bad_updated += v->field == KITH_MAX_FIELDS;
        KITH_TRY(kith_rejects_value(&s->rejects, csv->rows[v->row],
                                    csv->lines[v->row], v->column, reason,
                                    err));
    }
    for (unsigned f = 0; f < KITH_MAX_FIELDS; f++)
        for (unsigned k = 0; k < KITH_NORM_REASONS; k++)
            s->counts.values[f][k] += slice->values[f][k];
    memset(slice->values, 0, sizeof slice->values);
done:
    return status;
}

/* The agency's own way back from a pseudonym; stays in its keep folder. */
static kith_status
write_lookup(reader *r, const lane *l, kith_error *err)
{
    kith_status status = KITH_OK;
    for (size_t i = 0; i < l->batch.csv.n_rows; i++) {
        char hex[2 * KITH_PSEUDONYM_BYTES + 1];
        if (l->batch.states[i] != KITH_ROW_WANTED)
            continue;
        kith_hex_write(hex, l->batch.pseudonyms[i], KITH_PSEUDONYM_BYTES);
        hex[2 * KITH_PSEUDONYM_BYTES] = ',';
        KITH_TRY(kith_out_write(r->s->lookup, hex, sizeof hex, err));
        KITH_TRY(kith_out_csv(r->s->lookup, row_id(r, l, i), '\n', err));
    }
done:
    return status;
}

static kith_status
append(reader *r, lane *l, kith_error *err)
{
    kith_status status = KITH_OK;
    if (!l->encoded)
        return KITH_OK;
    for (size_t c = 0; c < chunks(l); c++)
        KITH_TRY(append_records(r->s, &l->slices[c], err));
    KITH_TRY(write_lookup(r, l, err));
    l->encoded = false;
done:
    return status;
}

/* The first chunk is the one that goes on with the file. */
static kith_status
encode_chunk(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    reader *r = ctx;
    kith_stage *s = r->s;
    kith_status status = KITH_OK;
    if (chunk == 0) {
        KITH_TRY(append(r, r->other, err));
        KITH_TRY(kith_csv_next(s->extract.csv, &r->other->batch.csv, err));
    } else {
        KITH_TRY(kith_slice_encode(
            &r->now->slices[chunk - 1], s, s->workers[worker], &r->now->batch,
            (chunk - 1) * KITH_SLICE_ROWS, slice_end(r->now, chunk - 1), err));
    }
done:
    kith_scrub_stack();
    return status;
}

static kith_status
grow(const kith_stage *s, lane *l, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_row_batch *b = &l->batch;
    const size_t n = b->csv.n_rows;
    KITH_TRY(KITH_GROW(&b->pseudonyms, &b->pseudonyms_cap, n, err));
    KITH_TRY(KITH_GROW(&b->states, &b->states_cap, n, err));
    KITH_TRY(KITH_GROW(&b->sequences, &b->sequences_cap, n, err));
    while (l->n_slices < chunks(l)) {
        size_t cap = l->n_slices;
        KITH_TRY(KITH_GROW(&l->slices, &cap, l->n_slices + 1, err));
        memset(&l->slices[l->n_slices], 0, sizeof *l->slices);
        KITH_TRY(kith_slice_init(&l->slices[l->n_slices++], s, err));
    }
done:
    return status;
}

/* The batch that was read becomes the one that is encoded, and so on. */
static kith_status
turn(reader *r, kith_error *err)
{
    kith_stage *s = r->s;
    kith_pool *pool = kith_job_pool(s->job);
    kith_status status = KITH_OK;
    lane *l = r->other;
    r->other = r->now;
    r->now = l;
    const kith_csv_batch *csv = &l->batch.csv;
    KITH_TRY(grow(s, l, err));
    s->counts.rows_read += csv->n_rows + csv->n_problems;
    KITH_TRY(kith_rejects_batch(&s->rejects, csv, err));
    KITH_TRY(kith_for(pool, chunks(l), identify, r, err));
    for (size_t i = 0; i < csv->n_rows; i++)
        KITH_TRY(admit(r, i, err));
    l->batch.sample_limit = kith_sample_limit(&s->sample);
    KITH_TRY(kith_for(pool, chunks(l) + 1, encode_chunk, r, err));
    l->encoded = true;
    for (size_t c = 0; c < chunks(l); c++)
        KITH_TRY(append_rejects(s, &l->slices[c], csv, err));
    KITH_TRY(kith_rejects_check(&s->rejects, err));
done:
    return status;
}

static void
lane_done(lane *l, const kith_stage *s)
{
    for (size_t i = 0; i < l->n_slices; i++)
        kith_slice_done(&l->slices[i], s);
    kith_free(l->slices);
    kith_free(l->batch.pseudonyms);
    kith_free(l->batch.states);
    kith_free(l->batch.sequences);
    kith_csv_batch_done(&l->batch.csv);
}

kith_status
kith_stage_read(kith_stage *s, kith_error *err)
{
    kith_status status = KITH_OK;
    uint64_t consumed = 0;
    reader r = {.s = s, .now = &r.lanes[0], .other = &r.lanes[1]};
    s->rejects.file = s->mapping->persons.file;
    KITH_TRY(kith_csv_next(s->extract.csv, &r.other->batch.csv, err));
    do {
        KITH_TRY(turn(&r, err));
        kith_job_advance(s->job, kith_csv_consumed(s->extract.csv) - consumed);
        consumed = kith_csv_consumed(s->extract.csv);
    } while (r.now->batch.csv.n_rows + r.now->batch.csv.n_problems > 0);
    kith_csv_record(s->extract.csv, s->job);
    s->counts.records = s->n_records;
    if (s->counts.rows_read == 0) {
        status = kith_error_set(err, KITH_ERR_DATA, "%s: a header and no rows",
                                s->mapping->persons.file);
        kith_error_hint(err, "was the extract cut off? An agency without "
                             "records is left out of the run");
    }
done:
    lane_done(&r.lanes[0], s);
    lane_done(&r.lanes[1], s);
    return status;
}
