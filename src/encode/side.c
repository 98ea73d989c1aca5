#include "encode/side.h"

#include "base/alloc.h"

#include <stdio.h>
#include <string.h>

kith_status
kith_side_open(kith_side *side, kith_stage *s, const kith_side_file *file,
               kith_error *err)
{
    kith_status status = KITH_OK;
    char *path = NULL;
    kith_csv_params params = kith_csv_params_default();
    params.delimiter = file->delimiter;
    *side = (kith_side){.s = s, .what = file->what};
    KITH_TRY(kith_date_format_parse(
        &side->format, file->format == NULL ? "yyyy-mm-dd" : file->format,
        err));
    side->format.max_year = kith_ymd_from_days(s->reference).year;
    KITH_TRY(
        kith_extract_path(&path, s->mapping, s->params->data, file->name, err));
    KITH_TRY(kith_csv_open(&side->csv, path, &params, err));
    s->rejects.file = file->name;
    memcpy(side->grammar, s->rejects.csv, sizeof side->grammar);
done:
    kith_free(path);
    return status;
}

kith_status
kith_side_column(const kith_side *side, const char *name, uint32_t *out,
                 kith_error *err)
{
    *out = KITH_NO_COLUMN;
    if (name == NULL)
        return KITH_OK;
    return kith_extract_blame(kith_csv_column(side->csv, name, out, err),
                              side->s->mapping, err);
}

/* Rows that are no CSV, under the name of this kind of file: the counters of
 * each kind add up to its rows. */
static void
count_problems(kith_side *side)
{
    kith_stage *s = side->s;
    for (unsigned b = 0; b < KITH_CSV_N_BAD; b++) {
        char counter[96];
        const uint64_t n = s->rejects.csv[b] - side->grammar[b];
        s->rejects.csv[b] = side->grammar[b];
        snprintf(counter, sizeof counter, "reject_%s_%s", side->what,
                 kith_csv_bad_name((kith_csv_bad)b));
        if (n > 0)
            kith_job_count(s->job, s->mapping->agency, counter, n);
    }
}

kith_status
kith_side_each(kith_side *side, kith_side_fn fn, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_stage *s = side->s;
    kith_csv_batch batch = {0};
    char reason[64];
    snprintf(reason, sizeof reason, "%s_rows_read", side->what);
    do {
        KITH_TRY(kith_csv_next(side->csv, &batch, err));
        KITH_TRY(kith_rejects_batch(&s->rejects, &batch, err));
        for (size_t i = 0; i < batch.n_rows; i++) {
            const kith_side_row row = {batch.fields + i * batch.n_columns,
                                       batch.rows[i], batch.lines[i]};
            KITH_TRY(fn(side, &row, err));
        }
        KITH_TRY(kith_rejects_check(&s->rejects, err));
        kith_job_count(s->job, s->mapping->agency, reason,
                       batch.n_rows + batch.n_problems);
    } while (batch.n_rows + batch.n_problems > 0);
    count_problems(side);
    kith_csv_record(side->csv, s->job);
done:
    kith_csv_batch_done(&batch);
    return status;
}

void
kith_side_done(kith_side *side)
{
    kith_csv_close(side->csv);
    side->csv = NULL;
}

kith_status
kith_side_reject(kith_side *side, const kith_side_row *row, uint32_t column,
                 const char *reason, kith_error *err)
{
    kith_stage *s = side->s;
    char counter[96];
    snprintf(counter, sizeof counter, "reject_%s_%s", side->what, reason);
    kith_job_count(s->job, s->mapping->agency, counter, 1);
    return kith_rejects_add(&s->rejects, row->row, row->line,
                            column == KITH_NO_COLUMN ? 0 : column + 1,
                            counter + strlen("reject_"), err);
}

uint32_t
kith_stage_find(const kith_stage *s, kith_str id, int32_t *born)
{
    uint8_t pseudonym[KITH_PSEUDONYM_BYTES];
    uint32_t sequence = 0;
    kith_encoder_pseudonym(s->encoder, id, pseudonym);
    if (!kith_map64_get(&s->seen, kith_pseudonym_key(pseudonym), &sequence))
        return UINT32_MAX;
    *born = s->born[sequence];
    return s->record_of[sequence];
}

kith_status
kith_side_record(kith_side *side, const kith_side_row *row, uint32_t column,
                 kith_side_person *person, kith_side_found *found,
                 kith_error *err)
{
    kith_stage *s = side->s;
    const kith_str id = row->fields[column];
    char counter[64];
    *found = KITH_SIDE_BAD;
    if (id.len == 0)
        return kith_side_reject(side, row, column, "missing_id", err);
    if (kith_exclude_has(&s->exclude, id)) {
        *found = KITH_SIDE_DROPPED;
        snprintf(counter, sizeof counter, "%s_excluded", side->what);
        kith_job_count(s->job, s->mapping->agency, counter, 1);
        return KITH_OK;
    }
    person->record = kith_stage_find(s, id, &person->born);
    if (person->record == UINT32_MAX)
        return kith_side_reject(side, row, column, "unknown_id", err);
    *found = KITH_SIDE_FOUND;
    return KITH_OK;
}

kith_status
kith_side_date(kith_side *side, const kith_side_row *row, uint32_t column,
               int32_t *out, kith_side_found *found, kith_error *err)
{
    kith_ymd d;
    *found = KITH_SIDE_ABSENT;
    if (column == KITH_NO_COLUMN)
        return KITH_OK;
    const kith_str text = kith_str_trim(row->fields[column]);
    if (text.len == 0)
        return KITH_OK;
    *found = KITH_SIDE_BAD;
    if (!kith_date_read(&side->format, text, &d))
        return kith_side_reject(side, row, column, "not_a_date", err);
    *out = kith_days_from_ymd(d);
    *found = KITH_SIDE_FOUND;
    return KITH_OK;
}

void
kith_side_put_u32(uint8_t out[4], uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        out[i] = (uint8_t)(value >> (24 - 8 * i));
}

void
kith_side_put_day(uint8_t out[4], int32_t day)
{
    kith_side_put_u32(out, (uint32_t)day ^ 0x80000000u);
}
