#include "criteria/people.h"

#include "base/alloc.h"
#include "base/date.h"
#include "base/hex.h"
#include "encode/bundle.h"
#include "io/csv.h"
#include "io/out.h"
#include "io/rowfile.h"

#include <string.h>

/* A pseudonym as two numbers, so that comparing two is cheap: persons.csv
 * has one row a record, 30 million of them. */
typedef struct pseudonym {
    uint64_t high;
    uint64_t low;
} pseudonym;

/* Pseudonyms of every agency while persons.csv is read, sorted. */
typedef struct joiner {
    kith_people *people;
    pseudonym **pseudonyms;
    kith_dict agencies; /* names, in the order of people->agencies */
    uint64_t n_missing; /* rows of persons.csv about no payload record */
} joiner;

void
kith_people_free(kith_people *people)
{
    if (people == NULL)
        return;
    for (size_t a = 0; people->records != NULL && a < people->agencies.n; a++) {
        kith_free(people->records[a].person);
        kith_free(people->records[a].tie);
        kith_free(people->records[a].people_path);
    }
    kith_free(people->records);
    kith_folder_done(&people->agencies);
    kith_units_done(&people->families);
    kith_units_done(&people->households);
    kith_dict_done(&people->ids);
    kith_dict_done(&people->districts);
    kith_dict_done(&people->neighbourhoods);
    kith_dict_done(&people->roles);
    kith_free(people->persons);
    kith_free(people);
}

static pseudonym
pseudonym_of(const uint8_t bytes[KITH_PSEUDONYM_BYTES])
{
    pseudonym p = {0, 0};
    for (int i = 0; i < 8; i++) {
        p.high = p.high << 8 | bytes[i];
        p.low = p.low << 8 | bytes[i + 8];
    }
    return p;
}

static bool
before(pseudonym a, pseudonym b)
{
    return a.high != b.high ? a.high < b.high : a.low < b.low;
}

static kith_status
load_pseudonyms(joiner *j, size_t agency, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_rows_in *in = NULL;
    kith_person_row *rows = NULL;
    kith_agency_records *r = &j->people->records[agency];
    KITH_TRY(kith_rows_open(&in, r->people_path, "people", err));
    const uint64_t n = kith_rows_count(in);
    const size_t per = kith_rows_per_frame(in);
    if (kith_rows_bytes(in) != sizeof *rows || n >= UINT32_MAX) {
        status = kith_error_set(err, KITH_ERR_DATA, "%s: not people rows",
                                r->people_path);
        goto done;
    }
    r->n = (uint32_t)n;
    KITH_TRY(KITH_ALLOC(&r->person, n + 1, err));
    memset(r->person, 0xff, n * sizeof *r->person);
    KITH_TRY(KITH_ALLOC(&r->tie, n + 1, err));
    for (uint64_t i = 0; i < n; i++)
        r->tie[i] = KITH_NO_TIE;
    KITH_TRY(KITH_ALLOC(&j->pseudonyms[agency], n + 1, err));
    KITH_TRY(KITH_ALLOC(&rows, per + 1, err));
    pseudonym *to = j->pseudonyms[agency];
    for (uint64_t done_rows = 0; done_rows < n;) {
        size_t k = 0;
        KITH_TRY(kith_rows_frame(in, done_rows / per, rows, &k, err));
        for (size_t i = 0; i < k; i++)
            *to++ = pseudonym_of(rows[i].pseudonym);
        done_rows += k;
    }
done:
    kith_free(rows);
    kith_rows_close(in);
    return status;
}

/* Pseudonyms are sorted and spread evenly, so that a first guess by value is
 * nearly right: the search doubles its step away from it, then halves. */
static uint32_t
find_record(const joiner *j, size_t agency, pseudonym want)
{
    const pseudonym *all = j->pseudonyms[agency];
    const uint32_t n = j->people->records[agency].n;
    const uint32_t guess = (uint32_t)((want.high >> 32) * n >> 32);
    uint32_t lo = guess;
    uint32_t hi = guess;
    for (uint32_t step = 8; lo > 0 && !before(all[lo], want); step *= 2)
        lo = lo > step ? lo - step : 0;
    for (uint32_t step = 8; hi < n && before(all[hi], want); step *= 2)
        hi = n - hi > step ? hi + step : n;
    while (lo < hi) {
        const uint32_t mid = lo + (hi - lo) / 2;
        if (before(all[mid], want))
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < n && !before(want, all[lo]) ? lo : UINT32_MAX;
}

/* A row's person: rows of one follow each other. */
static kith_status
add_person(kith_people *people, kith_str id, uint32_t *out, kith_error *err)
{
    if (people->ids.n > 0 &&
        kith_str_equal(id, kith_dict_at(&people->ids, people->ids.n - 1))) {
        *out = people->ids.n - 1;
        return KITH_OK;
    }
    return kith_dict_add(&people->ids, id, out, err);
}

/* "-12.34" as hundredths; without a number there is no tie. */
static int16_t
read_tie(kith_str s)
{
    int32_t hundredths = 0;
    const bool negative = s.len > 0 && s.data[0] == '-';
    if (s.len == 0)
        return KITH_NO_TIE;
    for (size_t i = negative; i < s.len; i++) {
        if (s.data[i] >= '0' && s.data[i] <= '9' && hundredths < KITH_NO_TIE)
            hundredths = hundredths * 10 + (s.data[i] - '0');
    }
    hundredths = hundredths < KITH_NO_TIE ? hundredths : KITH_NO_TIE;
    return (int16_t)(negative ? -hundredths : hundredths);
}

static kith_status
join_batch(joiner *j, const kith_csv_batch *b, const uint32_t columns[4],
           kith_error *err)
{
    kith_status status = KITH_OK;
    for (size_t r = 0; r < b->n_rows; r++) {
        const kith_str *f = b->fields + r * b->n_columns;
        uint8_t bytes[KITH_PSEUDONYM_BYTES];
        uint32_t person = 0;
        KITH_TRY(add_person(j->people, f[columns[0]], &person, err));
        const uint32_t agency = kith_dict_find(&j->agencies, f[columns[1]]);
        const kith_str hex = f[columns[2]];
        if (agency == KITH_DICT_NONE ||
            hex.len != (size_t)2 * KITH_PSEUDONYM_BYTES ||
            !kith_hex_read(bytes, hex.data, KITH_PSEUDONYM_BYTES)) {
            j->n_missing++;
            continue;
        }
        const uint32_t record = find_record(j, agency, pseudonym_of(bytes));
        if (record == UINT32_MAX) {
            j->n_missing++;
            continue;
        }
        j->people->records[agency].person[record] = person;
        j->people->records[agency].tie[record] = read_tie(f[columns[3]]);
    }
done:
    return status;
}

static kith_status
join_persons(joiner *j, const char *path, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_csv *csv = NULL;
    kith_csv_batch batch = {0};
    const kith_csv_params params = kith_csv_params_default();
    uint32_t columns[4];
    KITH_TRY(kith_csv_open(&csv, path, &params, err));
    KITH_TRY(kith_csv_column(csv, "person", &columns[0], err));
    KITH_TRY(kith_csv_column(csv, "agency", &columns[1], err));
    KITH_TRY(kith_csv_column(csv, "record", &columns[2], err));
    KITH_TRY(kith_csv_column(csv, "bits", &columns[3], err));
    for (;;) {
        KITH_TRY(kith_csv_next_whole(csv, &batch, err));
        if (batch.n_rows == 0)
            break;
        KITH_TRY(join_batch(j, &batch, columns, err));
    }
    kith_csv_record(csv, job);
    j->people->n = j->people->ids.n;
    if (j->n_missing > 0)
        kith_job_count(job, "persons", "records_without_payload", j->n_missing);
done:
    kith_csv_batch_done(&batch);
    kith_csv_close(csv);
    return status;
}

/* A header dictionary into the common one: its index -> the common index. */
static kith_status
merge_names(const kith_meta *meta, const char *name, kith_dict *into,
            uint32_t **out, uint32_t *n, kith_error *err)
{
    kith_status status = KITH_OK;
    size_t cursor = 0;
    size_t cap = 0;
    *n = 0;
    for (;;) {
        const kith_str s = kith_meta_next(meta, name, &cursor);
        if (s.data == NULL)
            return KITH_OK;
        KITH_TRY(KITH_GROW(out, &cap, (size_t)*n + 1, err));
        KITH_TRY(kith_dict_add(into, s, &(*out)[*n], err));
        (*n)++;
    }
done:
    return status;
}

typedef struct area_maps {
    uint32_t *district;
    uint32_t n_district;
    uint32_t *neighbourhood;
    uint32_t n_neighbourhood;
} area_maps;

/* The record that was last true wins; one without a date never does over one
 * with a date; among equals the first agency and record. */
static void
take_record(kith_person *p, const kith_person_row *row, const area_maps *maps)
{
    const bool newer = row->updated > p->updated;
    if (row->age >= 0 && (newer || p->age < 0))
        p->age = row->age;
    if (row->born_month != KITH_NO_DATE &&
        (newer || p->born_month == KITH_NO_DATE))
        p->born_month = row->born_month;
    if (row->sex != 0 && (newer || p->sex == 0))
        p->sex = row->sex;
    if (row->district < maps->n_district &&
        (newer || p->district == KITH_NO_AREA)) {
        p->district = maps->district[row->district];
        p->neighbourhood = row->neighbourhood < maps->n_neighbourhood
                               ? maps->neighbourhood[row->neighbourhood]
                               : KITH_NO_AREA;
        p->deprivation = row->deprivation;
    }
    if (newer)
        p->updated = row->updated;
}

static kith_status
describe_agency(kith_people *people, size_t agency, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_rows_in *in = NULL;
    kith_person_row *rows = NULL;
    area_maps maps = {0};
    const kith_agency_records *r = &people->records[agency];
    KITH_TRY(kith_rows_open(&in, r->people_path, "people", err));
    const kith_meta *meta = kith_rows_meta(in);
    KITH_TRY(merge_names(meta, "district", &people->districts, &maps.district,
                         &maps.n_district, err));
    KITH_TRY(merge_names(meta, "neighbourhood", &people->neighbourhoods,
                         &maps.neighbourhood, &maps.n_neighbourhood, err));
    const size_t per = kith_rows_per_frame(in);
    KITH_TRY(KITH_ALLOC(&rows, per + 1, err));
    for (uint64_t at = 0; at < r->n;) {
        size_t k = 0;
        KITH_TRY(kith_rows_frame(in, at / per, rows, &k, err));
        for (size_t i = 0; i < k; i++) {
            const uint32_t person = r->person[at + i];
            if (person != KITH_NO_PERSON)
                take_record(&people->persons[person], &rows[i], &maps);
        }
        at += k;
    }
done:
    kith_free(maps.district);
    kith_free(maps.neighbourhood);
    kith_free(rows);
    kith_rows_close(in);
    return status;
}

static kith_status
load_records(joiner *j, const char *results, const char *payload, kith_job *job,
             kith_error *err)
{
    kith_status status = KITH_OK;
    kith_people *p = j->people;
    char *path = NULL;
    KITH_TRY(kith_folder_list(&p->agencies, payload, ".people", err));
    KITH_TRY(KITH_ALLOC(&p->records, p->agencies.n + 1, err));
    KITH_TRY(KITH_ALLOC(&j->pseudonyms, p->agencies.n + 1, err));
    for (size_t a = 0; a < p->agencies.n; a++) {
        uint32_t number = 0;
        KITH_TRY(kith_dict_add(&j->agencies, kith_str_of(p->agencies.names[a]),
                               &number, err));
        KITH_TRY(kith_folder_file(&p->records[a].people_path, payload,
                                  p->agencies.names[a], ".people", err));
        KITH_TRY(load_pseudonyms(j, a, err));
    }
    KITH_TRY(kith_path_join(&path, results, "persons.csv", err));
    KITH_TRY(join_persons(j, path, job, err));
done:
    kith_free(path);
    return status;
}

static kith_status
describe_persons(kith_people *p, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(KITH_ALLOC(&p->persons, (size_t)p->n + 1, err));
    for (uint32_t i = 0; i < p->n; i++) {
        p->persons[i] = (kith_person){.born_month = KITH_NO_DATE,
                                      .district = KITH_NO_AREA,
                                      .neighbourhood = KITH_NO_AREA,
                                      .updated = KITH_NO_DATE,
                                      .age = -1};
    }
    for (size_t a = 0; a < p->agencies.n; a++)
        KITH_TRY(describe_agency(p, a, err));
done:
    return status;
}

kith_status
kith_people_load(kith_people **out, const char *results, const char *payload,
                 kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    joiner j = {0};
    char *path = NULL;
    KITH_TRY(KITH_ALLOC(&j.people, 1, err));
    KITH_TRY(load_records(&j, results, payload, job, err));
    KITH_TRY(describe_persons(j.people, err));
    KITH_TRY(kith_path_join(&path, results, "families.csv", err));
    KITH_TRY(kith_units_load(&j.people->families, j.people, path, "family", job,
                             err));
    kith_free(path);
    path = NULL;
    KITH_TRY(kith_path_join(&path, results, "households.csv", err));
    KITH_TRY(kith_units_load(&j.people->households, j.people, path, "household",
                             job, err));
    kith_job_count(job, "persons", "persons", j.people->n);
    *out = j.people;
    j.people = NULL;
done:
    for (pseudonym **p = j.pseudonyms; p != NULL && *p != NULL; p++)
        kith_free(*p); /* one entry more than agencies, always NULL */
    kith_free(j.pseudonyms);
    kith_dict_done(&j.agencies);
    kith_free(path);
    kith_people_free(j.people);
    return status;
}
