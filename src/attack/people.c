#include "attack/people.h"

#include "base/alloc.h"
#include "encode/extract.h"

#include <openssl/crypto.h>
#include <string.h>

kith_status
kith_people_add(kith_people *p, const kith_norm *fields, kith_error *err)
{
    kith_status status = KITH_OK;
    char text[KITH_NORM_BYTES + 1];
    for (unsigned f = 0; f < p->spec->n_fields; f++) {
        uint32_t number = KITH_DICT_NONE;
        KITH_TRY(KITH_GROW(&p->numbers[f], &p->caps[f], (size_t)p->n + 1, err));
        if (fields[f].len > 0) {
            text[0] = fields[f].partial ? '~' : '=';
            memcpy(text + 1, fields[f].text, fields[f].len);
            KITH_TRY(kith_dict_add(&p->values[f],
                                   (kith_str){text, fields[f].len + 1u},
                                   &number, err));
        }
        p->numbers[f][p->n] = number;
    }
    p->n++;
done:
    OPENSSL_cleanse(text, sizeof text);
    return status;
}

static kith_status
add_batch(kith_people *p, const kith_extract *x, const kith_norm_rules *rules,
          const kith_csv_batch *batch, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_norm fields[KITH_MAX_FIELDS];
    for (size_t i = 0; i < batch->n_rows; i++) {
        const kith_str *row = batch->fields + i * batch->n_columns;
        if (row[x->id].len == 0)
            continue;
        kith_extract_row(x, rules, row, fields);
        KITH_TRY(kith_people_add(p, fields, err));
    }
done:
    OPENSSL_cleanse(fields, sizeof fields);
    return status;
}

kith_status
kith_people_read(kith_people *out, const kith_spec *spec,
                 const kith_mapping *mapping, const char *data,
                 int32_t reference, kith_job *job, kith_error *err)
{
    const kith_norm_rules rules = {spec, reference};
    kith_status status = KITH_OK;
    kith_extract x = {0};
    kith_csv_batch batch = {.n_rows = 0};
    out->spec = spec;
    KITH_TRY(kith_extract_open(&x, spec, mapping, data, reference, err));
    do {
        KITH_TRY(kith_csv_next(x.csv, &batch, err));
        KITH_TRY(add_batch(out, &x, &rules, &batch, err));
    } while (batch.n_rows + batch.n_problems > 0);
    kith_csv_record(x.csv, job);
    kith_job_count(job, mapping->agency, "records", out->n);
done:
    if (batch.text.data != NULL)
        OPENSSL_cleanse(batch.text.data, batch.text.cap);
    kith_csv_batch_done(&batch);
    kith_extract_done(&x);
    return status;
}

void
kith_people_done(kith_people *p)
{
    for (unsigned f = 0; f < KITH_MAX_FIELDS; f++) {
        if (p->values[f].text.data != NULL)
            OPENSSL_cleanse(p->values[f].text.data, p->values[f].text.cap);
        kith_dict_done(&p->values[f]);
        kith_free(p->numbers[f]);
    }
    *p = (kith_people){0};
}

const char *
kith_people_text(const kith_people *p, unsigned field, uint32_t number)
{
    return kith_dict_at(&p->values[field], number) + 1;
}

void
kith_people_fields(const kith_people *p, uint32_t record, kith_norm *fields)
{
    for (unsigned f = 0; f < p->spec->n_fields; f++) {
        const uint32_t number = p->numbers[f][record];
        fields[f].len = 0;
        if (number == KITH_DICT_NONE)
            continue;
        const char *text = kith_dict_at(&p->values[f], number);
        fields[f].partial = text[0] == '~';
        fields[f].len = (uint8_t)strlen(text + 1);
        memcpy(fields[f].text, text + 1, fields[f].len);
    }
}
