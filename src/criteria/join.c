#include "criteria/join.h"

#include "base/alloc.h"
#include "base/hex.h"
#include "base/job.h"
#include "encode/bundle.h"
#include "io/csv.h"
#include "io/out.h"
#include "io/rowfile.h"

#include <string.h>

/* A pseudonym as two numbers, so that comparing two is cheap. */
typedef struct pseudonym {
    uint64_t high;
    uint64_t low;
} pseudonym;

/* The pseudonyms of an agency, sorted, and where each bucket of them begins:
 * about PER_BUCKET share their leading bits. */
typedef struct buckets {
    pseudonym *all;
    uint32_t *first; /* 2^bits + 1 */
    unsigned shift;  /* 64 - bits */
} buckets;

enum { PER_BUCKET = 4, AHEAD = 64, PART = 1024, BATCH = 32768 };

/* Rows of persons.csv on their way: read in order, looked up in parts. */
typedef struct rows {
    kith_csv_batch batch;
    uint32_t *person; /* of each row */
    size_t person_cap;
} rows;

typedef struct joiner {
    kith_people *people;
    buckets *indexes;   /* one an agency */
    kith_dict agencies; /* names, in the order of people->agencies */
    kith_csv *csv;
    uint32_t columns[4];                /* person, agency, record, bits */
    rows rows[2];                       /* one looked up, one being read */
    unsigned now;                       /* the one looked up */
    uint64_t missing[BATCH / PART + 1]; /* rows about no payload record */
} joiner;

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

static uint32_t
bucket_of(const buckets *x, pseudonym p)
{
    return (uint32_t)(p.high >> x->shift);
}

static kith_status
index_buckets(buckets *x, uint32_t n, kith_error *err)
{
    kith_status status = KITH_OK;
    unsigned bits = 1;
    while (bits < 31 && (uint32_t)PER_BUCKET << bits < n)
        bits++;
    x->shift = 64 - bits;
    const uint32_t n_buckets = (uint32_t)1 << bits;
    KITH_TRY(KITH_ALLOC(&x->first, (size_t)n_buckets + 1, err));
    uint32_t at = 0;
    for (uint32_t b = 0; b < n_buckets; b++) {
        while (at < n && bucket_of(x, x->all[at]) < b)
            at++;
        x->first[b] = at;
    }
    x->first[n_buckets] = n;
done:
    return status;
}

static kith_status
read_pseudonyms(pseudonym *to, const kith_rows_in *in, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_person_row *batch = NULL;
    const size_t per = kith_rows_per_frame(in);
    KITH_TRY(KITH_ALLOC(&batch, per + 1, err));
    for (uint64_t at = 0; at < kith_rows_count(in);) {
        size_t k = 0;
        KITH_TRY(kith_rows_frame(in, at / per, batch, &k, err));
        for (size_t i = 0; i < k; i++)
            *to++ = pseudonym_of(batch[i].pseudonym);
        at += k;
    }
done:
    kith_free(batch);
    return status;
}

/* One agency's chunk of the parallel loop. */
static kith_status
load_agency(void *ctx, size_t agency, unsigned worker, kith_error *err)
{
    kith_status status = KITH_OK;
    joiner *j = ctx;
    kith_rows_in *in = NULL;
    kith_agency_records *r = &j->people->records[agency];
    buckets *x = &j->indexes[agency];
    (void)worker;
    KITH_TRY(kith_rows_open(&in, r->people_path, "people", err));
    const uint64_t n = kith_rows_count(in);
    if (kith_rows_bytes(in) != sizeof(kith_person_row) || n >= UINT32_MAX)
        KITH_TRY(kith_error_set(err, KITH_ERR_DATA, "%s: not people rows",
                                r->people_path));
    r->n = (uint32_t)n;
    KITH_TRY(KITH_ALLOC(&r->person, n + 1, err));
    memset(r->person, 0xff, n * sizeof *r->person);
    KITH_TRY(KITH_ALLOC(&r->tie, n + 1, err));
    for (uint64_t i = 0; i < n; i++)
        r->tie[i] = KITH_NO_TIE;
    KITH_TRY(KITH_ALLOC(&x->all, n + 1, err));
    KITH_TRY(read_pseudonyms(x->all, in, err));
    KITH_TRY(index_buckets(x, r->n, err));
done:
    kith_rows_close(in);
    return status;
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

/* A row's record: its agency, or KITH_DICT_NONE, and what to look for. */
typedef struct wanted {
    uint32_t agency;
    pseudonym pseudonym;
} wanted;

static wanted
read_wanted(const joiner *j, const kith_str *f)
{
    wanted w = {.agency = KITH_DICT_NONE};
    uint8_t bytes[KITH_PSEUDONYM_BYTES];
    const kith_str hex = f[j->columns[2]];
    if (hex.len == (size_t)2 * KITH_PSEUDONYM_BYTES &&
        kith_hex_read(bytes, hex.data, KITH_PSEUDONYM_BYTES)) {
        w.agency = kith_dict_find(&j->agencies, f[j->columns[1]]);
        w.pseudonym = pseudonym_of(bytes);
    }
    return w;
}

/* Number of the record, or UINT32_MAX. */
static uint32_t
find_record(const buckets *x, pseudonym want)
{
    uint32_t lo = x->first[bucket_of(x, want)];
    const uint32_t end = x->first[bucket_of(x, want) + 1];
    uint32_t hi = end;
    while (lo < hi) {
        const uint32_t mid = lo + (hi - lo) / 2;
        if (before(x->all[mid], want))
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < end && !before(want, x->all[lo]) ? lo : UINT32_MAX;
}

/* Looks up rows [first, first + n), n at most AHEAD. */
static uint64_t
join_few(const joiner *j, const rows *r, size_t first, size_t n)
{
    wanted want[AHEAD];
    const kith_csv_batch *b = &r->batch;
    uint64_t n_missing = 0;
    for (size_t i = 0; i < n; i++) {
        want[i] = read_wanted(j, b->fields + (first + i) * b->n_columns);
        if (want[i].agency == KITH_DICT_NONE)
            continue;
        const buckets *x = &j->indexes[want[i].agency];
        __builtin_prefetch(&x->first[bucket_of(x, want[i].pseudonym)]);
    }
    for (size_t i = 0; i < n; i++) {
        if (want[i].agency == KITH_DICT_NONE)
            continue;
        const buckets *x = &j->indexes[want[i].agency];
        const uint32_t at = x->first[bucket_of(x, want[i].pseudonym)];
        const kith_agency_records *to = &j->people->records[want[i].agency];
        __builtin_prefetch(&x->all[at]);
        __builtin_prefetch(&to->person[at], 1);
        __builtin_prefetch(&to->tie[at], 1);
    }
    for (size_t i = 0; i < n; i++) {
        const kith_str *f = b->fields + (first + i) * b->n_columns;
        const uint32_t agency = want[i].agency;
        const uint32_t record =
            agency == KITH_DICT_NONE
                ? UINT32_MAX
                : find_record(&j->indexes[agency], want[i].pseudonym);
        if (record == UINT32_MAX) {
            n_missing++;
            continue;
        }
        j->people->records[agency].person[record] = r->person[first + i];
        j->people->records[agency].tie[record] = read_tie(f[j->columns[3]]);
    }
    return n_missing;
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

static kith_status
read_rows(joiner *j, rows *to, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_csv_batch *b = &to->batch;
    KITH_TRY(kith_csv_next_whole(j->csv, &to->batch, err));
    KITH_TRY(KITH_GROW(&to->person, &to->person_cap, b->n_rows + 1, err));
    for (size_t r = 0; r < b->n_rows; r++)
        KITH_TRY(add_person(j->people,
                            b->fields[r * b->n_columns + j->columns[0]],
                            &to->person[r], err));
done:
    return status;
}

/* Chunk 0 reads what the next loop looks up, the others look up. */
static kith_status
join_chunk(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    joiner *j = ctx;
    (void)worker;
    if (chunk == 0)
        return read_rows(j, &j->rows[1 - j->now], err);
    const rows *r = &j->rows[j->now];
    size_t at = (chunk - 1) * PART;
    const size_t end =
        at + PART < r->batch.n_rows ? at + PART : r->batch.n_rows;
    for (; at < end; at += AHEAD)
        j->missing[chunk - 1] +=
            join_few(j, r, at, end - at < AHEAD ? end - at : AHEAD);
    return KITH_OK;
}

static kith_status
open_persons(joiner *j, const char *results, kith_error *err)
{
    static const char *const names[4] = {"person", "agency", "record", "bits"};
    kith_status status = KITH_OK;
    kith_csv_params params = kith_csv_params_default();
    char *path = NULL;
    params.batch_rows = BATCH;
    KITH_TRY(kith_path_join(&path, results, "persons.csv", err));
    KITH_TRY(kith_csv_open(&j->csv, path, &params, err));
    for (int i = 0; i < 4; i++)
        KITH_TRY(kith_csv_column(j->csv, names[i], &j->columns[i], err));
done:
    kith_free(path);
    return status;
}

static kith_status
join_persons(joiner *j, const char *results, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    uint64_t n_missing = 0;
    KITH_TRY(open_persons(j, results, err));
    KITH_TRY(read_rows(j, &j->rows[0], err));
    while (j->rows[j->now].batch.n_rows > 0) {
        const size_t n = j->rows[j->now].batch.n_rows;
        KITH_TRY(kith_for(kith_job_pool(job), 1 + (n + PART - 1) / PART,
                          join_chunk, j, err));
        j->now = 1 - j->now;
    }
    kith_csv_record(j->csv, job);
    j->people->n = j->people->ids.n;
    for (size_t i = 0; i < sizeof j->missing / sizeof *j->missing; i++)
        n_missing += j->missing[i];
    if (n_missing > 0)
        kith_job_count(job, "persons", "records_without_payload", n_missing);
done:
    return status;
}

static kith_status
load_agencies(joiner *j, const char *payload, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_people *p = j->people;
    KITH_TRY(kith_folder_list(&p->agencies, payload, ".people", err));
    KITH_TRY(KITH_ALLOC(&p->records, p->agencies.n + 1, err));
    KITH_TRY(KITH_ALLOC(&j->indexes, p->agencies.n + 1, err));
    for (size_t a = 0; a < p->agencies.n; a++) {
        uint32_t number = 0;
        KITH_TRY(kith_dict_add(&j->agencies, kith_str_of(p->agencies.names[a]),
                               &number, err));
        KITH_TRY(kith_folder_file(&p->records[a].people_path, payload,
                                  p->agencies.names[a], ".people", err));
    }
    KITH_TRY(kith_for(kith_job_pool(job), p->agencies.n, load_agency, j, err));
done:
    return status;
}

kith_status
kith_people_join(kith_people *people, const char *results, const char *payload,
                 kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    joiner *j = NULL;
    KITH_TRY(KITH_ALLOC(&j, 1, err));
    j->people = people;
    KITH_TRY(load_agencies(j, payload, job, err));
    KITH_TRY(join_persons(j, results, job, err));
done:
    for (size_t a = 0;
         j != NULL && j->indexes != NULL && a < people->agencies.n; a++) {
        kith_free(j->indexes[a].all);
        kith_free(j->indexes[a].first);
    }
    for (int i = 0; j != NULL && i < 2; i++) {
        kith_csv_batch_done(&j->rows[i].batch);
        kith_free(j->rows[i].person);
    }
    if (j != NULL) {
        kith_csv_close(j->csv);
        kith_dict_done(&j->agencies);
        kith_free(j->indexes);
    }
    kith_free(j);
    return status;
}
