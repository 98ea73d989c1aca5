#include "encode/side.h"
#include "encode/scrub.h"

#include "base/alloc.h"
#include "base/job.h"

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

enum { CHUNK_ROWS = 512 };

/* A batch and the people of its rows. */
typedef struct lane {
    kith_csv_batch batch;
    kith_side_person *people; /* rows x ids */
    size_t people_cap;
} lane;

typedef struct visit {
    kith_side *side;
    kith_side_fn fn;
    lane lanes[2];
    lane *now;   /* its ids are being looked up */
    lane *other; /* its rows are visited, then it is read into */
} visit;

static kith_side_person
look_up(const kith_stage *s, kith_str id)
{
    kith_side_person p = {UINT32_MAX, KITH_NO_DATE, KITH_SIDE_FOUND};
    if (id.len == 0) {
        p.found = KITH_SIDE_ABSENT;
    } else if (kith_exclude_has(&s->exclude, id)) {
        p.found = KITH_SIDE_DROPPED;
    } else {
        p.record = kith_stage_find(s, id, &p.born);
        if (p.record == UINT32_MAX)
            p.found = KITH_SIDE_BAD;
    }
    return p;
}

static void
look_up_chunk(const visit *v, size_t chunk)
{
    const kith_side *side = v->side;
    const kith_csv_batch *b = &v->now->batch;
    const size_t end = (chunk + 1) * CHUNK_ROWS;
    for (size_t i = chunk * CHUNK_ROWS; i < end && i < b->n_rows; i++)
        for (unsigned k = 0; k < side->n_ids; k++)
            v->now->people[i * side->n_ids + k] =
                look_up(side->s, b->fields[i * b->n_columns + side->ids[k]]);
}

static kith_status
take_rows(visit *v, const lane *l, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_side *side = v->side;
    kith_stage *s = side->s;
    const kith_csv_batch *b = &l->batch;
    char reason[64];
    KITH_TRY(kith_rejects_batch(&s->rejects, b, err));
    for (size_t i = 0; i < b->n_rows; i++) {
        const kith_side_row row = {b->fields + i * b->n_columns, b->rows[i],
                                   b->lines[i], l->people + i * side->n_ids};
        KITH_TRY(v->fn(side, &row, err));
    }
    KITH_TRY(kith_rejects_check(&s->rejects, err));
    snprintf(reason, sizeof reason, "%s_rows_read", side->what);
    kith_job_count(s->job, s->mapping->agency, reason,
                   b->n_rows + b->n_problems);
done:
    return status;
}

/* The first chunk is the one that goes on with the file. */
static kith_status
visit_chunk(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    visit *v = ctx;
    kith_status status = KITH_OK;
    (void)worker;
    if (chunk > 0) {
        look_up_chunk(v, chunk - 1);
    } else {
        KITH_TRY(take_rows(v, v->other, err));
        KITH_TRY(kith_csv_next(v->side->csv, &v->other->batch, err));
    }
done:
    kith_scrub_stack();
    return status;
}

static kith_status
turn(visit *v, kith_error *err)
{
    kith_status status = KITH_OK;
    lane *l = v->other;
    v->other = v->now;
    v->now = l;
    const size_t n = l->batch.n_rows;
    KITH_TRY(KITH_GROW(&l->people, &l->people_cap, n * v->side->n_ids, err));
    KITH_TRY(kith_for(kith_job_pool(v->side->s->job),
                      1 + (n + CHUNK_ROWS - 1) / CHUNK_ROWS, visit_chunk, v,
                      err));
done:
    return status;
}

kith_status
kith_side_each(kith_side *side, kith_side_fn fn, kith_error *err)
{
    kith_status status = KITH_OK;
    visit v = {
        .side = side, .fn = fn, .now = &v.lanes[0], .other = &v.lanes[1]};
    KITH_TRY(kith_csv_next(side->csv, &v.other->batch, err));
    do
        KITH_TRY(turn(&v, err));
    while (v.now->batch.n_rows + v.now->batch.n_problems > 0);
    count_problems(side);
    kith_csv_record(side->csv, side->s->job);
done:
    for (unsigned i = 0; i < 2; i++) {
        kith_csv_batch_done(&v.lanes[i].batch);
        kith_free(v.lanes[i].people);
    }
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
kith_side_record(kith_side *side, const kith_side_row *row, unsigned which,
                 kith_side_person *person, kith_side_found *found,
                 kith_error *err)
{
    kith_stage *s = side->s;
    char counter[64];
    *person = row->people[which];
    *found = person->found;
    if (*found == KITH_SIDE_DROPPED) {
        snprintf(counter, sizeof counter, "%s_excluded", side->what);
        kith_job_count(s->job, s->mapping->agency, counter, 1);
    } else if (*found != KITH_SIDE_FOUND) {
        return kith_side_reject(
            side, row, side->ids[which],
            *found == KITH_SIDE_ABSENT ? "missing_id" : "unknown_id", err);
    }
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
