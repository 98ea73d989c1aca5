#include "attack/people.h"

#include "base/alloc.h"
#include "base/job.h"
#include "encode/exclude.h"
#include "encode/extract.h"

#include <openssl/crypto.h>
#include <string.h>

kith_status
kith_people_add(kith_people *p, const kith_norm *fields, kith_error *err)
{
    kith_status status = KITH_OK;
    char text[KITH_NORM_BYTES + 2];
    for (unsigned f = 0; f < p->spec->n_fields; f++) {
        uint32_t number = KITH_DICT_NONE;
        KITH_TRY(KITH_GROW(&p->numbers[f], &p->caps[f], (size_t)p->n + 1, err));
        if (fields[f].len > 0) {
            text[0] = fields[f].partial ? '~' : '=';
            text[1] = (char)(fields[f].first + 1); /* never NUL */
            memcpy(text + 2, fields[f].text, fields[f].len);
            KITH_TRY(kith_dict_add(&p->values[f],
                                   (kith_str){text, fields[f].len + 2u},
                                   &number, err));
        }
        p->numbers[f][p->n] = number;
    }
    p->n++;
done:
    OPENSSL_cleanse(text, sizeof text);
    return status;
}

typedef struct reader {
    kith_people *people;
    kith_extract extract;
    kith_exclude exclude;
    kith_norm_rules rules;
    uint64_t n_missing, n_excluded, n_repeated;
} reader;

/* As encode: the first of several rows with one id is kept. */
static kith_status
admit(reader *r, kith_str id, bool *wanted, kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t index = 0;
    *wanted = false;
    if (id.len == 0) {
        r->n_missing++;
    } else if (kith_exclude_has(&r->exclude, id)) {
        r->n_excluded++;
    } else {
        const uint32_t before = r->people->ids.n;
        KITH_TRY(kith_dict_add(&r->people->ids, id, &index, err));
        *wanted = r->people->ids.n > before;
        r->n_repeated += !*wanted;
    }
done:
    return status;
}

static kith_status
add_batch(reader *r, const kith_csv_batch *batch, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_norm fields[KITH_MAX_FIELDS];
    for (size_t i = 0; i < batch->n_rows; i++) {
        const kith_str *row = batch->fields + i * batch->n_columns;
        bool wanted = false;
        KITH_TRY(admit(r, row[r->extract.id], &wanted, err));
        if (!wanted)
            continue;
        kith_extract_row(&r->extract, &r->rules, row, fields);
        KITH_TRY(kith_people_add(r->people, fields, err));
    }
done:
    OPENSSL_cleanse(fields, sizeof fields);
    return status;
}

static void
count(const reader *r, const char *agency, kith_job *job)
{
    kith_job_count(job, agency, "records", r->people->n);
    kith_job_count(job, agency, "excluded", r->n_excluded);
    kith_job_count(job, agency, "reject_missing_id", r->n_missing);
    kith_job_count(job, agency, "reject_repeated_id", r->n_repeated);
}

kith_status
kith_people_read(kith_people *out, const kith_people_params *p, kith_job *job,
                 kith_error *err)
{
    kith_status status = KITH_OK;
    reader r = {.people = out, .rules = {p->spec, p->reference}};
    kith_csv_batch batch = {.n_rows = 0};
    out->spec = p->spec;
    out->ids.text.secret = true;
    for (unsigned f = 0; f < KITH_MAX_FIELDS; f++)
        out->values[f].text.secret = true;
    if (p->exclude != NULL)
        KITH_TRY(kith_exclude_load(&r.exclude, p->exclude, p->mapping->agency,
                                   job, err));
    KITH_TRY(kith_extract_open(&r.extract, p->spec, p->mapping, p->data,
                               p->reference, err));
    do {
        KITH_TRY(kith_csv_next(r.extract.csv, &batch, err));
        KITH_TRY(add_batch(&r, &batch, err));
    } while (batch.n_rows + batch.n_problems > 0);
    kith_csv_record(r.extract.csv, job);
    count(&r, p->mapping->agency, job);
done:
    kith_csv_batch_done(&batch);
    kith_extract_done(&r.extract);
    kith_exclude_done(&r.exclude);
    return status;
}

void
kith_people_done(kith_people *p)
{
    for (unsigned f = 0; f < KITH_MAX_FIELDS; f++) {
        kith_dict_done(&p->values[f]);
        kith_free(p->numbers[f]);
    }
    kith_dict_done(&p->ids);
    *p = (kith_people){0};
}

const char *
kith_people_text(const kith_people *p, unsigned field, uint32_t number)
{
    return kith_dict_at(&p->values[field], number) + 2;
}

void
kith_people_fields(const kith_people *p, uint32_t record, kith_norm *fields)
{
    for (unsigned f = 0; f < p->spec->n_fields; f++) {
        const uint32_t number = p->numbers[f][record];
        memset(&fields[f], 0, sizeof fields[f]);
        if (number == KITH_DICT_NONE)
            continue;
        const char *text = kith_dict_at(&p->values[f], number);
        fields[f].partial = text[0] == '~';
        fields[f].first = (uint8_t)((uint8_t)text[1] - 1u);
        fields[f].len = (uint8_t)strlen(text + 2);
        memcpy(fields[f].text, text + 2, fields[f].len);
    }
}
