/*
 * How fast scored pairs become persons: made-up refs bundles and pairs of two
 * passes, five records a person in twenty agencies, every pair of a person
 * found, half of them twice, and one pair in ten wrong and weak. The whole
 * stage, files included.
 *
 * Usage: bench_cluster PEOPLE THREADS FOLDER
 */
#include "base/alloc.h"
#include "base/job.h"
#include "base/radix.h"
#include "base/rng.h"
#include "base/table.h"
#include "encode/bundle.h"
#include "io/out.h"
#include "io/rowfile.h"
#include "match/pairs.h"

#include <kith/cluster.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AGENCIES = 20, RECORDS = 5, PASSES = 2 };

static kith_error err = KITH_ERROR_INIT;

static void
must(kith_status status)
{
    if (status == KITH_OK)
        return;
    fprintf(stderr, "bench_cluster: %s\n", err.text);
    exit(1);
}

static void
big_endian(uint8_t out[8], uint64_t x)
{
    for (int i = 7; i >= 0; i--, x >>= 8)
        out[i] = (uint8_t)x;
}

static uint64_t
mix(uint64_t a, uint64_t b, uint64_t c)
{
    const uint64_t key[3] = {a, b, c};
    return kith_hash64(key, sizeof key);
}

/* Record r of person p is in this agency. */
static unsigned
agency_of(uint64_t person, unsigned r)
{
    return (unsigned)((mix(person, 0, 1) + r * 3) % AGENCIES);
}

static void
start_file(kith_rows_out **out, const char *path, const char *kind,
           size_t row_bytes, const kith_spec *spec, const char *extra)
{
    kith_meta meta = {0};
    must(kith_buffer_printf(&meta.text, &err,
                            "project: bench\nepoch: e\nrun: r\nspec: %s\n"
                            "check: 0\nlink: many\n%s",
                            spec->digest, extra));
    must(kith_rows_create(out, path, kind, row_bytes, &meta, &err));
    kith_meta_done(&meta);
}

/* The agency's records by pseudonym: key, person x RECORDS + r. */
static size_t
list_records(kith_keyed *rows, kith_keyed *scratch, uint64_t people,
             unsigned agency)
{
    size_t n = 0;
    for (uint64_t p = 0; p < people; p++) {
        for (unsigned r = 0; r < RECORDS; r++) {
            if (agency_of(p, r) == agency)
                rows[n++] =
                    (kith_keyed){mix(p, r, 2), (uint32_t)(p * RECORDS + r), 0};
        }
    }
    kith_radix_sort(rows, scratch, n);
    return n;
}

static void
write_agency(const char *folder, const kith_spec *spec, unsigned agency,
             kith_keyed *rows, kith_keyed *scratch, size_t n)
{
    char path[512];
    kith_rows_out *out = NULL;
    (void)snprintf(path, sizeof path, "%s/refs/a%02u.records", folder, agency);
    start_file(&out, path, "records",
               sizeof(kith_record_row) + KITH_TOKEN_BYTES, spec,
               "identifier: nhs\n");
    for (size_t i = 0; i < n; i++) {
        uint8_t row[sizeof(kith_record_row) + KITH_TOKEN_BYTES] = {0};
        const uint64_t nhs = mix(rows[i].value / RECORDS, 0, 3);
        big_endian(row, rows[i].key);
        if (rows[i].value % 2 == 0)
            memcpy(row + sizeof(kith_record_row), &nhs, sizeof nhs);
        must(kith_rows_write(out, row, 1, &err));
    }
    must(kith_rows_commit(out, NULL, &err));
    for (unsigned pass = 0; pass < PASSES; pass++) {
        (void)snprintf(path, sizeof path, "%s/refs/a%02u.%s.map", folder,
                       agency, spec->passes[pass].name);
        start_file(&out, path, "map", sizeof(kith_map_row), spec, "");
        kith_keyed *refs = scratch;
        for (size_t i = 0; i < n; i++)
            refs[i] = (kith_keyed){mix(rows[i].value, pass, 4), (uint32_t)i, 0};
        kith_radix_sort(refs, refs + n, n);
        for (size_t i = 0; i < n; i++) {
            kith_map_row row = {.record = refs[i].value};
            big_endian(row.ref, refs[i].key);
            must(kith_rows_write(out, &row, 1, &err));
        }
        must(kith_rows_commit(out, NULL, &err));
    }
}

static int
compare_pairs(const void *a, const void *b)
{
    return memcmp(a, b, 16);
}

static kith_pair_row
make_pair(unsigned pass, uint64_t x, uint64_t y, int16_t weight)
{
    kith_pair_row row = {.weight = weight};
    if (mix(x, pass, 4) > mix(y, pass, 4)) {
        const uint64_t swap = x;
        x = y;
        y = swap;
    }
    big_endian(row.left, mix(x, pass, 4));
    big_endian(row.right, mix(y, pass, 4));
    row.left_file = (uint16_t)agency_of(x / RECORDS, (unsigned)(x % RECORDS));
    row.right_file = (uint16_t)agency_of(y / RECORDS, (unsigned)(y % RECORDS));
    return row;
}

static size_t
write_pairs(const char *folder, const kith_spec *spec, uint64_t people,
            unsigned pass)
{
    kith_rng rng = kith_rng_at(1, pass);
    kith_pair_row *rows = NULL;
    size_t n = 0, cap = 0;
    for (uint64_t p = 0; p < people; p++) {
        for (unsigned i = 0; i < RECORDS; i++) {
            for (unsigned k = i + 1; k < RECORDS; k++) {
                must(KITH_GROW(&rows, &cap, n + 2, &err));
                const int16_t weight =
                    (int16_t)(256 * kith_rng_below(&rng, 20));
                if (pass == 0 || kith_rng_below(&rng, 2) == 0)
                    rows[n++] = make_pair(pass, p * RECORDS + i,
                                          p * RECORDS + k, weight);
                if (kith_rng_below(&rng, 10) == 0)
                    rows[n++] = make_pair(
                        pass, p * RECORDS + i,
                        kith_rng_below(&rng, people) * RECORDS + k, -1000);
            }
        }
    }
    qsort(rows, n, sizeof *rows, compare_pairs);
    kith_buffer files = {0};
    for (unsigned a = 0; a < AGENCIES; a++)
        must(kith_buffer_printf(&files, &err, "file: a%02u|many\n", a));
    must(kith_buffer_printf(&files, &err, "pass: %s\nshard: 1/1\n",
                            spec->passes[pass].name));
    char path[512];
    kith_rows_out *out = NULL;
    (void)snprintf(path, sizeof path, "%s/pairs/%s.pairs", folder,
                   spec->passes[pass].name);
    start_file(&out, path, "pairs", sizeof *rows, spec, files.data);
    must(kith_rows_write(out, rows, n, &err));
    must(kith_rows_commit(out, NULL, &err));
    kith_buffer_done(&files);
    kith_free(rows);
    return n;
}

static void
write_inputs(const char *folder, const kith_spec *spec, uint64_t people,
             size_t *n_pairs)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/refs", folder);
    must(kith_make_folder(path, &err));
    (void)snprintf(path, sizeof path, "%s/pairs", folder);
    must(kith_make_folder(path, &err));
    kith_keyed *rows = NULL, *scratch = NULL;
    must(KITH_ALLOC(&rows, (size_t)people * RECORDS, &err));
    must(KITH_ALLOC(&scratch, 2 * (size_t)people * RECORDS, &err));
    for (unsigned a = 0; a < AGENCIES; a++) {
        const size_t n = list_records(rows, scratch, people, a);
        write_agency(folder, spec, a, rows, scratch, n);
    }
    kith_free(rows);
    kith_free(scratch);
    *n_pairs = 0;
    for (unsigned pass = 0; pass < PASSES; pass++)
        *n_pairs += write_pairs(folder, spec, people, pass);
}

int
main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: bench_cluster PEOPLE THREADS FOLDER\n");
        return 2;
    }
    const uint64_t people = strtoull(argv[1], NULL, 10);
    const char *folder = argv[3];
    char refs[512], pairs[512], out[512];
    size_t n_pairs = 0;
    kith_spec *spec = NULL;
    kith_job *job = NULL;
    must(kith_spec_default(&spec, &err));
    spec->n_passes = PASSES;
    write_inputs(folder, spec, people, &n_pairs);
    kith_job_params jp = kith_job_params_default();
    jp.n_threads = (unsigned)strtoul(argv[2], NULL, 10);
    jp.quiet = true;
    must(kith_job_new(&job, &jp, &err));
    (void)snprintf(refs, sizeof refs, "%s/refs", folder);
    (void)snprintf(pairs, sizeof pairs, "%s/pairs", folder);
    (void)snprintf(out, sizeof out, "%s/out", folder);
    kith_cluster_params params = kith_cluster_params_default();
    params.spec = spec;
    params.refs = refs;
    params.pairs = pairs;
    params.out = out;
    const uint64_t begin = kith_now_ns();
    must(kith_cluster(&params, job, &err));
    const double seconds = (double)(kith_now_ns() - begin) * 1e-9;
    printf("cluster  %llu records  %zu pairs  %u threads  %.2f s  "
           "%.2f M pairs/s  peak %llu MB\n",
           (unsigned long long)(people * RECORDS), n_pairs,
           kith_job_threads(job), seconds, (double)n_pairs / seconds * 1e-6,
           (unsigned long long)(kith_peak_bytes() >> 20));
    kith_job_free(job);
    kith_spec_free(spec);
    return 0;
}
