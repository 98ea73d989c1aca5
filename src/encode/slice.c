/* Rows become records and pass rows. */
#include "encode/slice.h"

#include "base/alloc.h"

#include <openssl/crypto.h>
#include <string.h>

size_t
kith_slice_record_bytes(const kith_spec *spec)
{
    return sizeof(kith_sorted_record) +
           spec->n_identifiers * (size_t)KITH_TOKEN_BYTES;
}

kith_status
kith_slice_init(kith_slice *slice, const kith_stage *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const size_t most = (size_t)KITH_SLICE_ROWS * 2; /* rows of a pass */
    memset(slice, 0, sizeof *slice);
    KITH_TRY(KITH_ALLOC(&slice->records,
                        KITH_SLICE_ROWS * kith_slice_record_bytes(s->spec),
                        err));
    KITH_TRY(KITH_ALLOC(&slice->fields, s->spec->n_fields, err));
    for (unsigned p = 0; p < s->spec->n_passes; p++) {
        KITH_TRY(KITH_ALLOC(&slice->rows[p],
                            most * s->encoder->passes[p].layout.row_bytes,
                            err));
        KITH_TRY(KITH_ALLOC(&slice->refs[p], most, err));
    }
done:
    return status;
}

void
kith_slice_done(kith_slice *slice, const kith_stage *s)
{
    OPENSSL_cleanse(slice->names, sizeof slice->names);
    if (slice->fields != NULL)
        OPENSSL_cleanse(slice->fields,
                        s->spec->n_fields * sizeof *slice->fields);
    if (slice->sampled != NULL)
        OPENSSL_cleanse(slice->sampled,
                        slice->sampled_cap * sizeof *slice->sampled);
    kith_free(slice->fields);
    kith_free(slice->sampled);
    kith_free(slice->records);
    kith_free(slice->rejects);
    for (unsigned p = 0; p < KITH_MAX_PASSES; p++) {
        kith_free(slice->rows[p]);
        kith_free(slice->refs[p]);
    }
}

static kith_status
note_value(kith_slice *slice, size_t row, uint32_t column, unsigned field,
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
        (kith_value_reject){.row = (uint32_t)row,
                            .column = column,
                            .field = (uint8_t)field,
                            .reason = (uint8_t)reason};
done:
    return status;
}

/* The day the record was last true; a bad one counts as any bad date. */
static kith_status
read_updated(kith_slice *slice, const kith_extract *x, const kith_str *text,
             size_t row, int32_t *out, kith_error *err)
{
    kith_ymd d;
    *out = KITH_NO_DATE;
    if (x->updated == KITH_NO_COLUMN)
        return KITH_OK;
    const kith_str day = kith_str_trim(text[x->updated]);
    if (day.len == 0)
        return KITH_OK;
    if (!kith_date_read(&x->updated_format, day, &d))
        return note_value(slice, row, x->updated + 1, KITH_MAX_FIELDS,
                          KITH_NORM_NOT_A_DATE, err);
    *out = kith_days_from_ymd(d);
    return KITH_OK;
}

/* The rows of one record in every pass where its key is known. */
static kith_status
encode_rows(kith_slice *slice, kith_encode_worker *w, const kith_norm *fields,
            kith_sorted_record *record, kith_error *err)
{
    const kith_encoder *e = w->e;
    kith_status status = KITH_OK;
    uint8_t block[KITH_BLOCK_BYTES];
    size_t longest = 0;
    kith_encoder_prepare(w, fields);
    for (unsigned p = 0; p < e->spec->n_passes; p++)
        for (unsigned v = 0; v < kith_encoder_variants(e, p); v++) {
            const size_t n = kith_encoder_block(e, p, v, fields, block);
            if (n == 0)
                continue;
            longest = n > longest ? n : longest;
            const size_t i = slice->n_rows[p]++;
            KITH_TRY(kith_encoder_row(
                w, p, v, (kith_str){(const char *)block, n},
                slice->rows[p] + i * e->passes[p].layout.row_bytes, err));
            kith_encoder_ref_of(slice->refs[p][i], v, record->pseudonym);
            record->rows |= 1u << (2 * p + v);
        }
done:
    OPENSSL_cleanse(block, longest);
    return status;
}

/* One row that is wanted. */
typedef struct wanted {
    const kith_str *text;
    size_t row; /* of the batch */
    uint32_t sequence;
    const uint8_t *pseudonym;
    uint64_t sample_limit;
} wanted;

/* What is still needed of the values when the slice is appended. */
static kith_status
keep_fields(kith_slice *slice, const kith_stage *s, const kith_norm *fields,
            const wanted *from, kith_error *err)
{
    kith_status status = KITH_OK;
    const size_t n_fields = s->spec->n_fields;
    const uint64_t key = kith_pseudonym_key(from->pseudonym);
    for (unsigned n = 0; n < 2 && s->encoder->has_names; n++) {
        const kith_norm *name = &fields[s->encoder->names[n]];
        kith_slice_name *kept = &slice->names[slice->n_records][n];
        kept->len = name->len;
        memcpy(kept->text, name->text, name->len);
    }
    if (key > from->sample_limit)
        return KITH_OK;
    if (slice->sampled == NULL) {
        slice->sampled_cap = KITH_SLICE_ROWS * n_fields;
        KITH_TRY(KITH_ALLOC(&slice->sampled, slice->sampled_cap, err));
    }
    memcpy(slice->sampled + slice->n_sampled * n_fields, fields,
           n_fields * sizeof *fields);
    slice->sampled_keys[slice->n_sampled++] = key;
done:
    return status;
}

static kith_status
encode_one(kith_slice *slice, const kith_stage *s, kith_encode_worker *w,
           const wanted *from, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_str *text = from->text;
    kith_norm *fields = slice->fields;
    uint8_t *bytes =
        slice->records + slice->n_records * kith_slice_record_bytes(s->spec);
    kith_sorted_record record = {.sequence = from->sequence};
    int32_t updated = KITH_NO_DATE;
    memcpy(record.pseudonym, from->pseudonym, KITH_PSEUDONYM_BYTES);
    kith_extract_row(&s->extract, &s->rules, text, fields);
    for (unsigned f = 0; f < s->spec->n_fields; f++)
        if (s->extract.fields[f].mapped)
            KITH_TRY(note_value(slice, from->row,
                                kith_extract_source(&s->extract, f), f,
                                fields[f].reason, err));
    KITH_TRY(read_updated(slice, &s->extract, text, from->row, &updated, err));
    const kith_str household = s->extract.household == KITH_NO_COLUMN
                                   ? (kith_str){"", 0}
                                   : text[s->extract.household];
    kith_payload_person(&s->payload, fields, household, updated,
                        record.pseudonym, &record.person);
    slice->born[slice->n_records] = kith_payload_born(&s->payload, fields);
    KITH_TRY(encode_rows(slice, w, fields, &record, err));
    KITH_TRY(keep_fields(slice, s, fields, from, err));
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
set_refs(kith_slice *slice, kith_encode_worker *w, kith_error *err)
{
    kith_status status = KITH_OK;
    for (unsigned p = 0; p < w->e->spec->n_passes; p++) {
        const size_t row_bytes = w->e->passes[p].layout.row_bytes;
        KITH_TRY(
            kith_encoder_refs(w, p, slice->refs[p], slice->n_rows[p], err));
        for (size_t i = 0; i < slice->n_rows[p]; i++)
            memcpy(slice->rows[p] + i * row_bytes + KITH_ROW_REF,
                   slice->refs[p][i], KITH_ROW_HEAD - KITH_ROW_REF);
    }
done:
    return status;
}

kith_status
kith_slice_encode(kith_slice *slice, const kith_stage *s, kith_encode_worker *w,
                  const kith_row_batch *batch, size_t begin, size_t end,
                  kith_error *err)
{
    kith_status status = KITH_OK;
    slice->n_records = slice->n_rejects = slice->n_sampled = 0;
    memset(slice->n_rows, 0, sizeof slice->n_rows);
    for (size_t i = begin; i < end; i++) {
        const wanted row = {batch->csv.fields + i * batch->csv.n_columns, i,
                            batch->sequences[i], batch->pseudonyms[i],
                            batch->sample_limit};
        if (batch->states[i] == KITH_ROW_WANTED)
            KITH_TRY(encode_one(slice, s, w, &row, err));
    }
    KITH_TRY(set_refs(slice, w, err));
done:
    return status;
}
