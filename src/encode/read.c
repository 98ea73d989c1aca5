/*
 * The persons file into the sorters. Each batch goes through three steps:
 *   1  side by side: pseudonyms, and whether the row is wanted
 *   2  in input order: repeated ids, sequence numbers
 *   3  side by side: normalise and encode; then append in input order
 */
#include "encode/stage.h"

#include "base/alloc.h"
#include "base/hex.h"
#include "base/job.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

enum { SLICE_ROWS = 128 };

typedef enum row_state {
    ROW_WANTED,
    ROW_MISSING_ID,
    ROW_EXCLUDED,
    ROW_REPEATED
} row_state;

typedef struct value_reject {
    uint32_t row; /* of the batch */
    uint32_t column;
    uint8_t field; /* KITH_MAX_FIELDS: the updated column */
    uint8_t reason;
} value_reject;

/* What one slice of a batch came to; its buffers serve every batch. */
typedef struct slice {
    uint8_t *rows[KITH_MAX_PASSES];
    uint8_t (*refs[KITH_MAX_PASSES])[KITH_AES_BLOCK]; /* of these rows */
    size_t n_rows[KITH_MAX_PASSES];
    uint8_t *records; /* sorted records, SLICE_ROWS at most */
    size_t n_records;
    kith_norm *fields; /* of each record, spec fields each */
    int32_t born[SLICE_ROWS];
    value_reject *rejects;
    size_t n_rejects, rejects_cap;
    uint64_t values[KITH_MAX_FIELDS][KITH_NORM_REASONS];
} row_slice;

typedef struct reader {
    kith_stage *s;
    kith_csv_batch batch;
    uint8_t (*pseudonyms)[KITH_PSEUDONYM_BYTES];
    uint8_t *states;
    uint32_t *sequences;
    size_t pseudonyms_cap, states_cap, sequences_cap;
    row_slice *slices;
    size_t n_slices; /* allocated */
    size_t record_bytes;
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
chunks(const reader *r)
{
    return (r->batch.n_rows + SLICE_ROWS - 1) / SLICE_ROWS;
}

static size_t
slice_end(const reader *r, size_t chunk)
{
    const size_t end = (chunk + 1) * SLICE_ROWS;
    return end < r->batch.n_rows ? end : r->batch.n_rows;
}

static const kith_str *
row_fields(const reader *r, size_t row)
{
    return r->batch.fields + row * r->batch.n_columns;
}

static kith_status
identify(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    reader *r = ctx;
    const kith_stage *s = r->s;
    (void)worker;
    (void)err;
    for (size_t i = chunk * SLICE_ROWS; i < slice_end(r, chunk); i++) {
        const kith_str id = row_fields(r, i)[s->extract.id];
        r->states[i] = id.len == 0                         ? ROW_MISSING_ID
                       : kith_exclude_has(&s->exclude, id) ? ROW_EXCLUDED
                                                           : ROW_WANTED;
        if (r->states[i] == ROW_WANTED)
            kith_encoder_pseudonym(s->encoder, id, r->pseudonyms[i]);
    }
    return KITH_OK;
}

static kith_status
bad_row(reader *r, size_t i, const char *reason, kith_error *err)
{
    return kith_rejects_add(&r->s->rejects, r->batch.rows[i], r->batch.lines[i],
                            r->s->extract.id + 1, reason, err);
}

/* Input order decides which of several rows with one id is kept. */
static kith_status
admit(reader *r, size_t i, kith_error *err)
{
    kith_stage *s = r->s;
    kith_status status = KITH_OK;
    if (r->states[i] == ROW_EXCLUDED) {
        s->counts.excluded++;
    } else if (r->states[i] == ROW_MISSING_ID) {
        s->counts.missing_id++;
        KITH_TRY(bad_row(r, i, "missing_id", err));
    } else {
        const uint64_t key = kith_pseudonym_key(r->pseudonyms[i]);
        uint32_t first = 0;
        if (kith_map64_get(&s->seen, key, &first)) {
            r->states[i] = ROW_REPEATED;
            s->counts.repeated_id++;
            KITH_TRY(bad_row(r, i, "repeated_id", err));
            goto done;
        }
        r->sequences[i] = s->n_records++;
        KITH_TRY(kith_map64_put(&s->seen, key, r->sequences[i], err));
    }
done:
    return status;
}

static kith_status
note_value(row_slice *slice, size_t row, uint32_t column, unsigned field,
           unsigned reason, kith_error *err)
{
    kith_status status = KITH_OK;
    if (field < KITH_MAX_FIELDS)
        slice->values[field][reason]++;
    if (!kith_norm_is_reject((kith_norm_reason)reason))
        return KITH_OK;
    KITH_TRY(KITH_GROW(&slice->rejects, &slice->rejects_cap,
                       slice->n_rejects + 1, err));
    slice->rejects[slice->n_rejects++] =
        (value_reject){.row = (uint32_t)row,
                       .column = column,
                       .field = (uint8_t)field,
                       .reason = (uint8_t)reason};
done:
    return status;
}

/* The day the record was last true; a bad one counts as any bad date. */
static kith_status
read_updated(const reader *r, row_slice *slice, size_t row, int32_t *out,
             kith_error *err)
{
    const kith_extract *x = &r->s->extract;
    kith_ymd d;
    *out = KITH_NO_DATE;
    if (x->updated == KITH_NO_COLUMN)
        return KITH_OK;
    const kith_str text = kith_str_trim(row_fields(r, row)[x->updated]);
    if (text.len == 0)
        return KITH_OK;
    if (!kith_date_read(&x->updated_format, text, &d))
        return note_value(slice, row, x->updated + 1, KITH_MAX_FIELDS,
                          KITH_NORM_NOT_A_DATE, err);
    *out = kith_days_from_ymd(d);
    return KITH_OK;
}

/* The rows of one record in every pass where its key is known. */
static kith_status
encode_rows(const reader *r, row_slice *slice, kith_encode_worker *w,
            const kith_norm *fields, kith_sorted_record *record,
            kith_error *err)
{
    const kith_encoder *e = r->s->encoder;
    kith_status status = KITH_OK;
    uint8_t block[KITH_BLOCK_BYTES];
    kith_encoder_prepare(w, fields);
    for (unsigned p = 0; p < r->s->spec->n_passes; p++)
        for (unsigned v = 0; v < kith_encoder_variants(e, p); v++) {
            const size_t n = kith_encoder_block(e, p, v, fields, block);
            if (n == 0)
                continue;
            const size_t i = slice->n_rows[p]++;
            KITH_TRY(kith_encoder_row(
                w, p, v, (kith_str){(const char *)block, n},
                slice->rows[p] + i * e->passes[p].layout.row_bytes, err));
            kith_encoder_ref_of(slice->refs[p][i], v, record->pseudonym);
            record->rows |= 1u << (2 * p + v);
        }
done:
    OPENSSL_cleanse(block, sizeof block);
    return status;
}

static kith_status
encode_one(reader *r, row_slice *slice, kith_encode_worker *w, size_t row,
           kith_error *err)
{
    const kith_stage *s = r->s;
    kith_status status = KITH_OK;
    const kith_str *text = row_fields(r, row);
    kith_norm *fields = slice->fields + slice->n_records * s->spec->n_fields;
    uint8_t *bytes = slice->records + slice->n_records * r->record_bytes;
    kith_sorted_record record = {.sequence = r->sequences[row]};
    int32_t updated = KITH_NO_DATE;
    memcpy(record.pseudonym, r->pseudonyms[row], KITH_PSEUDONYM_BYTES);
    kith_extract_row(&s->extract, &s->rules, text, fields);
    for (unsigned f = 0; f < s->spec->n_fields; f++)
        if (s->extract.fields[f].mapped)
            KITH_TRY(note_value(slice, row, kith_extract_source(&s->extract, f),
                                f, fields[f].reason, err));
    KITH_TRY(read_updated(r, slice, row, &updated, err));
    const kith_str household = s->extract.household == KITH_NO_COLUMN
                                   ? (kith_str){"", 0}
                                   : text[s->extract.household];
    kith_payload_person(&s->payload, fields, household, updated,
                        record.pseudonym, &record.person);
    slice->born[slice->n_records] = kith_payload_born(&s->payload, fields);
    KITH_TRY(encode_rows(r, slice, w, fields, &record, err));
    memcpy(bytes, &record, sizeof record);
    for (unsigned i = 0; i < s->spec->n_identifiers; i++)
        kith_encoder_identifier(s->encoder, i, fields,
                                bytes + sizeof record + i * KITH_TOKEN_BYTES);
    slice->n_records++;
done:
    return status;
}

/* A slice's refs at once: a call of the cipher costs more than a block. */
static kith_status
set_refs(const reader *r, row_slice *slice, kith_encode_worker *w,
         kith_error *err)
{
    kith_status status = KITH_OK;
    for (unsigned p = 0; p < r->s->spec->n_passes; p++) {
        const size_t row_bytes = r->s->encoder->passes[p].layout.row_bytes;
        KITH_TRY(
            kith_encoder_refs(w, p, slice->refs[p], slice->n_rows[p], err));
        for (size_t i = 0; i < slice->n_rows[p]; i++)
            memcpy(slice->rows[p] + i * row_bytes + KITH_ROW_REF,
                   slice->refs[p][i], KITH_ROW_HEAD - KITH_ROW_REF);
    }
done:
    return status;
}

static kith_status
encode_slice(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    reader *r = ctx;
    row_slice *slice = &r->slices[chunk];
    kith_status status = KITH_OK;
    slice->n_records = slice->n_rejects = 0;
    memset(slice->n_rows, 0, sizeof slice->n_rows);
    for (size_t i = chunk * SLICE_ROWS; i < slice_end(r, chunk); i++)
        if (r->states[i] == ROW_WANTED)
            KITH_TRY(encode_one(r, slice, r->s->workers[worker], i, err));
    KITH_TRY(set_refs(r, slice, r->s->workers[worker], err));
done:
    return status;
}

static kith_status
count_name(kith_name_counts *c, const kith_norm *name, uint32_t *index,
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
append_records(reader *r, row_slice *slice, kith_error *err)
{
    kith_stage *s = r->s;
    kith_status status = KITH_OK;
    for (size_t i = 0; i < slice->n_records; i++) {
        kith_sorted_record *record =
            (void *)(slice->records + i * r->record_bytes);
        const kith_norm *fields = slice->fields + i * s->spec->n_fields;
        for (unsigned n = 0; n < 2; n++) {
            record->names[n] = KITH_DICT_NONE;
            if (s->encoder->has_names)
                KITH_TRY(count_name(&s->names[n], &fields[s->encoder->names[n]],
                                    &record->names[n], err));
        }
        kith_sample_add(&s->sample, kith_pseudonym_key(record->pseudonym),
                        fields);
        KITH_TRY(KITH_GROW(&s->born, &s->born_cap, (size_t)record->sequence + 1,
                           err));
        s->born[record->sequence] = slice->born[i];
    }
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
append_rejects(reader *r, row_slice *slice, kith_error *err)
{
    kith_stage *s = r->s;
    kith_status status = KITH_OK;
    for (size_t i = 0; i < slice->n_rejects; i++) {
        const value_reject *v = &slice->rejects[i];
        char reason[2 * KITH_NAME_BYTES];
        snprintf(reason, sizeof reason, "%s_%s",
                 v->field == KITH_MAX_FIELDS ? "updated"
                                             : s->spec->fields[v->field].name,
                 kith_norm_reason_name((kith_norm_reason)v->reason));
        s->counts.bad_updated += v->field == KITH_MAX_FIELDS;
        KITH_TRY(kith_rejects_value(&s->rejects, r->batch.rows[v->row],
                                    r->batch.lines[v->row], v->column, reason,
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
write_lookup(reader *r, kith_error *err)
{
    kith_status status = KITH_OK;
    for (size_t i = 0; i < r->batch.n_rows; i++) {
        char hex[2 * KITH_PSEUDONYM_BYTES + 1];
        if (r->states[i] != ROW_WANTED)
            continue;
        kith_hex_write(hex, r->pseudonyms[i], KITH_PSEUDONYM_BYTES);
        hex[2 * KITH_PSEUDONYM_BYTES] = ',';
        KITH_TRY(kith_out_write(r->s->lookup, hex, sizeof hex, err));
        KITH_TRY(kith_out_csv(r->s->lookup, row_fields(r, i)[r->s->extract.id],
                              '\n', err));
    }
done:
    return status;
}

static kith_status
grow(reader *r, kith_error *err)
{
    kith_status status = KITH_OK;
    const size_t n = r->batch.n_rows;
    const kith_spec *spec = r->s->spec;
    KITH_TRY(KITH_GROW(&r->pseudonyms, &r->pseudonyms_cap, n, err));
    KITH_TRY(KITH_GROW(&r->states, &r->states_cap, n, err));
    KITH_TRY(KITH_GROW(&r->sequences, &r->sequences_cap, n, err));
    while (r->n_slices < chunks(r)) {
        size_t cap = r->n_slices;
        KITH_TRY(KITH_GROW(&r->slices, &cap, r->n_slices + 1, err));
        row_slice *slice = &r->slices[r->n_slices++];
        memset(slice, 0, sizeof *slice);
        KITH_TRY(
            KITH_ALLOC(&slice->records, SLICE_ROWS * r->record_bytes, err));
        KITH_TRY(KITH_ALLOC(&slice->fields, (size_t)SLICE_ROWS * spec->n_fields,
                            err));
        for (unsigned p = 0; p < spec->n_passes; p++) {
            const size_t most = (size_t)SLICE_ROWS * 2;
            KITH_TRY(KITH_ALLOC(
                &slice->rows[p],
                most * r->s->encoder->passes[p].layout.row_bytes, err));
            KITH_TRY(KITH_ALLOC(&slice->refs[p], most, err));
        }
    }
done:
    return status;
}

static kith_status
take_batch(reader *r, kith_error *err)
{
    kith_stage *s = r->s;
    kith_pool *pool = kith_job_pool(s->job);
    kith_status status = KITH_OK;
    KITH_TRY(grow(r, err));
    s->counts.rows_read += r->batch.n_rows + r->batch.n_problems;
    KITH_TRY(kith_rejects_batch(&s->rejects, &r->batch, err));
    KITH_TRY(kith_for(pool, chunks(r), identify, r, err));
    for (size_t i = 0; i < r->batch.n_rows; i++)
        KITH_TRY(admit(r, i, err));
    KITH_TRY(kith_for(pool, chunks(r), encode_slice, r, err));
    for (size_t c = 0; c < chunks(r); c++) {
        KITH_TRY(append_records(r, &r->slices[c], err));
        KITH_TRY(append_rejects(r, &r->slices[c], err));
    }
    KITH_TRY(write_lookup(r, err));
    KITH_TRY(kith_rejects_check(&s->rejects, err));
done:
    return status;
}

static void
reader_done(reader *r)
{
    for (size_t i = 0; i < r->n_slices; i++) {
        row_slice *slice = &r->slices[i];
        if (slice->fields != NULL)
            OPENSSL_cleanse(slice->fields, (size_t)SLICE_ROWS *
                                               r->s->spec->n_fields *
                                               sizeof *slice->fields);
        kith_free(slice->fields);
        kith_free(slice->records);
        kith_free(slice->rejects);
        for (unsigned p = 0; p < KITH_MAX_PASSES; p++) {
            kith_free(slice->rows[p]);
            kith_free(slice->refs[p]);
        }
    }
    kith_free(r->slices);
    kith_free(r->pseudonyms);
    kith_free(r->states);
    kith_free(r->sequences);
    if (r->batch.text.data != NULL)
        OPENSSL_cleanse(r->batch.text.data, r->batch.text.cap);
    kith_csv_batch_done(&r->batch);
}

kith_status
kith_stage_read(kith_stage *s, kith_error *err)
{
    kith_status status = KITH_OK;
    uint64_t consumed = 0;
    reader r = {.s = s,
                .record_bytes = sizeof(kith_sorted_record) +
                                s->spec->n_identifiers * KITH_TOKEN_BYTES};
    s->rejects.file = s->mapping->persons.file;
    do {
        KITH_TRY(kith_csv_next(s->extract.csv, &r.batch, err));
        KITH_TRY(take_batch(&r, err));
        kith_job_advance(s->job, kith_csv_consumed(s->extract.csv) - consumed);
        consumed = kith_csv_consumed(s->extract.csv);
    } while (r.batch.n_rows + r.batch.n_problems > 0);
    kith_csv_record(s->extract.csv, s->job);
    s->counts.records = s->n_records;
    if (s->counts.rows_read == 0) {
        status = kith_error_set(err, KITH_ERR_DATA, "%s: a header and no rows",
                                s->mapping->persons.file);
        kith_error_hint(err, "was the extract cut off? An agency without "
                             "records is left out of the run");
    }
done:
    reader_done(&r);
    return status;
}
