#include "criteria/join.h"

#include "base/alloc.h"
#include "base/hex.h"
#include "base/job.h"
#include "cluster/linked.h"
#include "encode/bundle.h"
#include "io/lines.h"
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

enum { PER_BUCKET = 4, AHEAD = 64, SLICE_ROWS = 1024 };

/* Lines that one worker joins; no run of rows of one person is cut. */
typedef struct slice {
    kith_str text;
    size_t first_run;
    uint64_t n_missing; /* rows about no payload record */
} slice;

/* Lines of persons.csv on their way: cut by one worker, joined by all. */
typedef struct piece {
    kith_buffer text;
    slice *slices;
    size_t n_slices, slices_cap;
    uint32_t *runs; /* the person of each run of rows with one id */
    size_t n_runs, runs_cap;
} piece;

/* Columns of persons.csv, in the order of their names below. */
enum { PERSON, AGENCY, RECORD, BITS, N_COLUMNS };

typedef struct joiner {
    kith_people *people;
    buckets *indexes;   /* one an agency */
    kith_dict agencies; /* names, in the order of people->agencies */
    kith_lines *lines;
    piece pieces[2]; /* one joined, one being cut */
    unsigned now;    /* the one joined */
    uint64_t n_missing;
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
    KITH_TRY(kith_linked_check(j->people->persons_path, kith_rows_meta(in),
                               r->people_path, err));
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

/* What a row says: its agency, or KITH_DICT_NONE, whom to look for there. */
typedef struct row {
    uint32_t agency;
    uint32_t person;
    pseudonym pseudonym;
    int16_t tie;
} row;

static row
read_row(const joiner *j, const kith_str *f, uint32_t person)
{
    row r = {.agency = KITH_DICT_NONE, .person = person};
    uint8_t bytes[KITH_PSEUDONYM_BYTES];
    if (f[RECORD].len == sizeof bytes * 2 &&
        kith_hex_read(bytes, f[RECORD].data, sizeof bytes)) {
        r.agency = kith_dict_find(&j->agencies, f[AGENCY]);
        r.pseudonym = pseudonym_of(bytes);
        r.tie = read_tie(f[BITS]);
    }
    return r;
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

/* Looks up n rows, at most AHEAD; returns how many are of no record. */
static uint64_t
join_few(const joiner *j, const row *rows, size_t n)
{
    uint64_t n_missing = 0;
    for (size_t i = 0; i < n; i++) {
        if (rows[i].agency == KITH_DICT_NONE)
            continue;
        const buckets *x = &j->indexes[rows[i].agency];
        __builtin_prefetch(&x->first[bucket_of(x, rows[i].pseudonym)]);
    }
    for (size_t i = 0; i < n; i++) {
        if (rows[i].agency == KITH_DICT_NONE)
            continue;
        const buckets *x = &j->indexes[rows[i].agency];
        const uint32_t at = x->first[bucket_of(x, rows[i].pseudonym)];
        const kith_agency_records *to = &j->people->records[rows[i].agency];
        __builtin_prefetch(&x->all[at]);
        __builtin_prefetch(&to->person[at], 1);
        __builtin_prefetch(&to->tie[at], 1);
    }
    for (size_t i = 0; i < n; i++) {
        const uint32_t agency = rows[i].agency;
        const uint32_t record =
            agency == KITH_DICT_NONE
                ? UINT32_MAX
                : find_record(&j->indexes[agency], rows[i].pseudonym);
        if (record == UINT32_MAX) {
            n_missing++;
            continue;
        }
        j->people->records[agency].person[record] = rows[i].person;
        j->people->records[agency].tie[record] = rows[i].tie;
    }
    return n_missing;
}

static bool
same_text(kith_str a, kith_str b)
{
    return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

static kith_status
join_slice(const joiner *j, const piece *p, slice *s, kith_error *err)
{
    row rows[AHEAD];
    kith_str f[N_COLUMNS];
    kith_str id = {NULL, SIZE_MAX};
    kith_str rest = s->text;
    size_t run = s->first_run;
    size_t n = 0;
    s->n_missing = 0;
    while (kith_lines_row(j->lines, &rest, f)) {
        run += id.data != NULL && !same_text(f[PERSON], id);
        id = f[PERSON];
        rows[n++] = read_row(j, f, p->runs[run]);
        if (n == AHEAD) {
            s->n_missing += join_few(j, rows, n);
            n = 0;
        }
    }
    s->n_missing += join_few(j, rows, n);
    return rest.len == 0 ? KITH_OK : kith_lines_refuse(j->lines, err);
}

static kith_status
end_slice(piece *p, const char *begin, const char *end, size_t first_run,
          kith_error *err)
{
    const kith_status status =
        KITH_GROW(&p->slices, &p->slices_cap, p->n_slices + 1, err);
    if (status == KITH_OK)
        p->slices[p->n_slices++] =
            (slice){{begin, (size_t)(end - begin)}, first_run, 0};
    return status;
}

/* Reads on, numbers the persons and cuts the lines into slices. */
static kith_status
read_piece(joiner *j, piece *p, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_str id = {NULL, SIZE_MAX};
    kith_str next;
    size_t n_rows = 0;
    size_t first_run = 0;
    p->n_slices = p->n_runs = 0;
    KITH_TRY(kith_lines_next(j->lines, &p->text, err));
    kith_str rest = {p->text.data, p->text.len};
    const char *begin = rest.data;
    const char *line = rest.data;
    for (; kith_lines_first(j->lines, &rest, &next); line = rest.data) {
        n_rows++;
        if (same_text(next, id))
            continue;
        if (n_rows >= SLICE_ROWS) {
            KITH_TRY(end_slice(p, begin, line, first_run, err));
            begin = line;
            first_run = p->n_runs;
            n_rows = 0;
        }
        id = next;
        KITH_TRY(KITH_GROW(&p->runs, &p->runs_cap, p->n_runs + 1, err));
        KITH_TRY(
            kith_dict_add(&j->people->ids, id, &p->runs[p->n_runs++], err));
    }
    if (rest.len > 0)
        KITH_TRY(kith_lines_refuse(j->lines, err));
    if (line > begin)
        KITH_TRY(end_slice(p, begin, line, first_run, err));
done:
    return status;
}

/* Chunk 0 reads what the next loop joins, the others join. */
static kith_status
join_chunk(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    joiner *j = ctx;
    (void)worker;
    if (chunk == 0)
        return read_piece(j, &j->pieces[1 - j->now], err);
    const piece *p = &j->pieces[j->now];
    return join_slice(j, p, &p->slices[chunk - 1], err);
}

static kith_status
open_persons(joiner *j, kith_error *err)
{
    static const char *const names[N_COLUMNS] = {"person", "agency", "record",
                                                 "bits"};
    return kith_lines_open(&j->lines, j->people->persons_path, names, N_COLUMNS,
                           err);
}

static kith_status
join_persons(joiner *j, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(open_persons(j, err));
    KITH_TRY(read_piece(j, &j->pieces[0], err));
    while (j->pieces[j->now].n_slices > 0) {
        const piece *p = &j->pieces[j->now];
        KITH_TRY(
            kith_for(kith_job_pool(job), 1 + p->n_slices, join_chunk, j, err));
        for (size_t i = 0; i < p->n_slices; i++)
            j->n_missing += p->slices[i].n_missing;
        j->now = 1 - j->now;
    }
    kith_lines_record(j->lines, job);
    j->people->n = j->people->ids.n;
    if (j->n_missing > 0)
        kith_job_count(job, "persons", "records_without_payload", j->n_missing);
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
    KITH_TRY(
        kith_path_join(&people->persons_path, results, "persons.csv", err));
    KITH_TRY(load_agencies(j, payload, job, err));
    KITH_TRY(join_persons(j, job, err));
done:
    for (size_t a = 0;
         j != NULL && j->indexes != NULL && a < people->agencies.n; a++) {
        kith_free(j->indexes[a].all);
        kith_free(j->indexes[a].first);
    }
    for (int i = 0; j != NULL && i < 2; i++) {
        kith_buffer_done(&j->pieces[i].text);
        kith_free(j->pieces[i].slices);
        kith_free(j->pieces[i].runs);
    }
    if (j != NULL) {
        kith_lines_close(j->lines);
        kith_dict_done(&j->agencies);
        kith_free(j->indexes);
    }
    kith_free(j);
    return status;
}
