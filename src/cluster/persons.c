#include "cluster/persons.h"

#include "base/alloc.h"
#include "base/hex.h"
#include "base/job.h"
#include "base/radix.h"
#include "io/csv_each.h"

#include <string.h>

void
kith_person_text(char out[KITH_PERSON_TEXT], uint64_t id)
{
    out[0] = 'p';
    kith_hex_write_u64(out + 1, id);
}

bool
kith_person_parse(uint64_t *id, kith_str text)
{
    return text.len == KITH_PERSON_TEXT && text.data[0] == 'p' &&
           kith_hex_read_u64(id, text.data + 1);
}

typedef struct reader {
    kith_person_list *list;
    const char *path;
    uint32_t person, agency, record; /* columns */
} reader;

static kith_status
bad_row(const reader *r, uint64_t line, const char *why, kith_error *err)
{
    return kith_error_set(err, KITH_ERR_DATA, "%s:%llu: %s", r->path,
                          (unsigned long long)line, why);
}

static kith_status
add_row(reader *r, const kith_str *fields, uint64_t line, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_person_list *p = r->list;
    const kith_str record = fields[r->record];
    uint64_t id = 0;
    uint32_t agency = 0;
    if (!kith_person_parse(&id, fields[r->person]))
        return bad_row(r, line, "column \"person\": not a person id", err);
    if (p->n_persons > 0 && id < p->ids[p->n_persons - 1])
        return bad_row(r, line, "persons are not in order", err);
    const size_t n = p->n_records;
    KITH_TRY(KITH_GROW(&p->ids, &p->ids_cap, p->n_persons + 1u, err));
    KITH_TRY(KITH_GROW(&p->person_of, &p->person_cap, n + 1, err));
    KITH_TRY(KITH_GROW(&p->agency_of, &p->agency_cap, n + 1, err));
    KITH_TRY(KITH_GROW(&p->pseudonyms, &p->pseudonyms_cap, n + 1, err));
    if (record.len != sizeof p->pseudonyms[n] * 2 ||
        !kith_hex_read(p->pseudonyms[n], record.data, sizeof *p->pseudonyms))
        return bad_row(r, line, "column \"record\": not a pseudonym", err);
    KITH_TRY(kith_dict_add(&p->agencies, fields[r->agency], &agency, err));
    if (agency > UINT16_MAX || n == UINT32_MAX)
        return bad_row(r, line, "too many agencies or records", err);
    if (p->n_persons == 0 || id != p->ids[p->n_persons - 1])
        p->ids[p->n_persons++] = id;
    p->person_of[n] = p->n_persons - 1;
    p->agency_of[n] = (uint16_t)agency;
    p->n_records++;
done:
    return status;
}

static kith_status
add_rows(void *ctx, const kith_csv_batch *batch, kith_error *err)
{
    kith_status status = KITH_OK;
    for (size_t i = 0; i < batch->n_rows; i++)
        KITH_TRY(add_row(ctx, batch->fields + i * batch->n_columns,
                         batch->lines[i], err));
done:
    return status;
}

kith_status
kith_person_list_load(kith_person_list *out, const char *path, kith_job *job,
                      kith_error *err)
{
    kith_status status = KITH_OK;
    kith_person_list list = {0};
    reader r = {.list = &list, .path = path};
    kith_csv *csv = NULL;
    const kith_csv_params params = kith_csv_params_default();
    KITH_TRY(kith_csv_open(&csv, path, &params, err));
    KITH_TRY(kith_csv_column(csv, "person", &r.person, err));
    KITH_TRY(kith_csv_column(csv, "agency", &r.agency, err));
    KITH_TRY(kith_csv_column(csv, "record", &r.record, err));
    KITH_TRY(kith_csv_each(csv, kith_job_pool(job), add_rows, &r, err));
    kith_csv_record(csv, job);
    *out = list;
    list = (kith_person_list){0};
done:
    kith_csv_close(csv);
    kith_person_list_done(&list);
    return status;
}

void
kith_person_list_done(kith_person_list *p)
{
    kith_free(p->ids);
    kith_free(p->person_of);
    kith_free(p->agency_of);
    kith_free(p->pseudonyms);
    kith_dict_done(&p->agencies);
    *p = (kith_person_list){0};
}

static uint64_t
leading(const uint8_t pseudonym[KITH_PSEUDONYM_BYTES])
{
    uint64_t value = 0;
    for (unsigned i = 0; i < 8; i++)
        value = value << 8 | pseudonym[i];
    return value;
}

kith_status
kith_person_list_match(const kith_person_list *p, const char *agency,
                       const uint8_t (*pseudonyms)[KITH_PSEUDONYM_BYTES],
                       size_t n, uint32_t *persons, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_keyed *rows = NULL, *scratch = NULL;
    size_t n_rows = 0;
    const uint32_t a = kith_dict_find(&p->agencies, kith_str_of(agency));
    for (size_t i = 0; i < n; i++)
        persons[i] = KITH_NO_PERSON;
    if (a == KITH_DICT_NONE)
        return KITH_OK;
    for (uint32_t i = 0; i < p->n_records; i++)
        n_rows += p->agency_of[i] == a;
    KITH_TRY(KITH_ALLOC(&rows, n_rows, err));
    KITH_TRY(KITH_ALLOC(&scratch, n_rows, err));
    for (uint32_t i = 0, at = 0; i < p->n_records; i++) {
        if (p->agency_of[i] == a)
            rows[at++] = (kith_keyed){leading(p->pseudonyms[i]), i, 0};
    }
    kith_radix_sort(rows, scratch, n_rows);
    for (size_t i = 0, at = 0; i < n; i++) {
        const uint64_t key = leading(pseudonyms[i]);
        while (at < n_rows && rows[at].key < key)
            at++;
        for (size_t k = at; k < n_rows && rows[k].key == key; k++) {
            if (memcmp(p->pseudonyms[rows[k].value], pseudonyms[i],
                       KITH_PSEUDONYM_BYTES) == 0)
                persons[i] = p->person_of[rows[k].value];
        }
    }
done:
    kith_free(rows);
    kith_free(scratch);
    return status;
}

uint32_t
kith_person_list_find(const kith_person_list *list, uint64_t id)
{
    uint32_t low = 0, high = list->n_persons;
    while (low < high) {
        const uint32_t mid = low + (high - low) / 2;
        if (list->ids[mid] < id)
            low = mid + 1;
        else
            high = mid;
    }
    return low < list->n_persons && list->ids[low] == id ? low : KITH_NO_PERSON;
}
