/*
 * How fast criteria decide about a whole region: a real run of made-up people
 * is copied as often as asked, every copy with ids and pseudonyms of its own
 * and all of them mixed, so that nothing lies together that would not. Then
 * every cohort, with its flags, evidence and counts; then each cohort alone,
 * for what it costs to add one.
 *
 * Usage: bench_flag RUN COPIES FOLDER THREADS MEMORY_MB CRITERIA...
 *        RUN: the out folder of `kith run`. COPIES 0: FOLDER is made already
 */
#include "base/alloc.h"
#include "base/hex.h"
#include "base/job.h"
#include "base/radix.h"
#include "base/table.h"
#include "encode/bundle.h"
#include "io/csv.h"
#include "io/folder.h"
#include "io/out.h"
#include "io/rowfile.h"

#include <kith/flag.h>
#include <kith/report.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static kith_error err = KITH_ERROR_INIT;

static void
must(kith_status status)
{
    if (status == KITH_OK)
        return;
    fprintf(stderr, "bench_flag: %s\n", err.text);
    exit(1);
}

static char *
join_path(const char *folder, const char *name)
{
    char *path = NULL;
    must(kith_path_join(&path, folder, name, &err));
    return path;
}

/* Another number for each copy, that still looks like chance. */
static uint64_t
mix(uint64_t value, uint64_t copy)
{
    const uint64_t key[2] = {value, copy};
    return kith_hash64(key, sizeof key);
}

/* A whole table of results in memory. */
typedef struct table {
    kith_csv_batch *batches;
    size_t n_batches, cap;
    kith_str *fields; /* all rows */
    size_t n_rows, n_columns;
} table;

static void
read_table(table *t, const char *path)
{
    kith_csv *csv = NULL;
    const kith_csv_params params = kith_csv_params_default();
    must(kith_csv_open(&csv, path, &params, &err));
    t->n_columns = kith_csv_columns(csv);
    for (;;) {
        must(KITH_GROW(&t->batches, &t->cap, t->n_batches + 1, &err));
        kith_csv_batch *b = &t->batches[t->n_batches];
        *b = (kith_csv_batch){0};
        must(kith_csv_next_whole(csv, b, &err));
        if (b->n_rows == 0)
            break;
        t->n_rows += b->n_rows;
        t->n_batches++;
    }
    must(KITH_ALLOC(&t->fields, t->n_rows * t->n_columns + 1, &err));
    kith_str *to = t->fields;
    for (size_t i = 0; i < t->n_batches; i++) {
        const size_t n = t->batches[i].n_rows * t->n_columns;
        memcpy(to, t->batches[i].fields, n * sizeof *to);
        to += n;
    }
    kith_csv_close(csv);
}

static void
free_table(table *t)
{
    for (size_t i = 0; i < t->n_batches; i++)
        kith_csv_batch_done(&t->batches[i]);
    kith_free(t->batches);
    kith_free(t->fields);
}

/* An id or a pseudonym of the copy: other digits after the same letter. */
static kith_str
copy_id(char out[40], kith_str id, uint64_t copy)
{
    memcpy(out, id.data, id.len);
    for (size_t at = id.len % 16; at < id.len; at += 16) {
        uint64_t value = 0;
        if (!kith_hex_read_u64(&value, id.data + at))
            exit(1);
        kith_hex_write_u64(out + at, mix(value, copy));
    }
    return (kith_str){out, id.len};
}

/* The rows of one id stay together, ids in the order of their new digits. */
static void
copy_table(const char *from, const char *to, const char *name,
           const char *header, uint64_t copies)
{
    table t = {0};
    char *path = join_path(from, name);
    read_table(&t, path);
    kith_free(path);
    kith_keyed *rows = NULL, *scratch = NULL;
    const size_t n = t.n_rows * copies;
    must(KITH_ALLOC(&rows, n + 1, &err));
    must(KITH_ALLOC(&scratch, n + 1, &err));
    for (size_t i = 0; i < n; i++) {
        const kith_str id = t.fields[i % t.n_rows * t.n_columns];
        char digits[40];
        rows[i].value = (uint32_t)i;
        if (!kith_hex_read_u64(&rows[i].key,
                               copy_id(digits, id, i / t.n_rows).data + 1))
            exit(1);
    }
    kith_radix_sort(rows, scratch, n);
    kith_out *out = NULL;
    path = join_path(to, name);
    must(kith_out_open(&out, path, false, &err));
    must(kith_out_printf(out, &err, "%s\n", header));
    for (size_t i = 0; i < n; i++) {
        const kith_str *f = t.fields + rows[i].value % t.n_rows * t.n_columns;
        const uint64_t copy = rows[i].value / t.n_rows;
        for (size_t c = 0; c < t.n_columns; c++) {
            char digits[40];
            const size_t len = f[c].len;
            const bool id = len == 32 || (len == 17 && (c == 0 || c == 1));
            const kith_str s = id ? copy_id(digits, f[c], copy) : f[c];
            must(kith_out_write(out, s.data, s.len, &err));
            must(
                kith_out_write(out, c + 1 < t.n_columns ? "," : "\n", 1, &err));
        }
    }
    must(kith_out_commit(out, NULL, &err));
    kith_free(path);
    kith_free(rows);
    kith_free(scratch);
    free_table(&t);
}

/* All rows of a row file. */
static void *
read_rows(const char *path, size_t *n, kith_meta *meta)
{
    kith_rows_in *in = NULL;
    must(kith_rows_open(&in, path, NULL, &err));
    *n = (size_t)kith_rows_count(in);
    char *rows = NULL;
    must(KITH_ALLOC(&rows, (*n + 1) * kith_rows_bytes(in), &err));
    must(kith_rows_read(in, 0, *n, rows, &err));
    /* The first three lines are of the container itself. */
    const char *text = kith_rows_meta(in)->text.data;
    for (int i = 0; i < 3; i++)
        text = strchr(text, '\n') + 1;
    must(kith_buffer_printf(&meta->text, &err, "%s", text));
    kith_rows_close(in);
    return rows;
}

static void
create(kith_rows_out **out, const char *path, const char *kind, size_t bytes,
       kith_meta *meta)
{
    must(kith_rows_create(out, path, kind, bytes, meta, &err));
    kith_meta_done(meta);
}

static uint64_t
big_endian(const uint8_t bytes[8])
{
    uint64_t x = 0;
    for (int i = 0; i < 8; i++)
        x = x << 8 | bytes[i];
    return x;
}

/* One agency: people by their new pseudonym, and the events of each. */
static uint64_t
copy_agency(const char *from, const char *to, const char *agency,
            uint64_t copies)
{
    kith_meta people_meta = {0}, events_meta = {0};
    size_t n = 0, n_events = 0;
    char *paths[4] = {NULL};
    must(kith_folder_file(&paths[0], from, agency, ".people", &err));
    must(kith_folder_file(&paths[1], from, agency, ".events", &err));
    must(kith_folder_file(&paths[2], to, agency, ".people", &err));
    must(kith_folder_file(&paths[3], to, agency, ".events", &err));
    kith_person_row *people = read_rows(paths[0], &n, &people_meta);
    kith_event_row *events = read_rows(paths[1], &n_events, &events_meta);
    size_t *first = NULL;
    must(KITH_ALLOC(&first, n + 2, &err));
    for (size_t i = 0; i < n_events; i++)
        first[events[i].record + 1]++;
    for (size_t i = 0; i < n; i++)
        first[i + 1] += first[i];
    kith_keyed *rows = NULL, *scratch = NULL;
    must(KITH_ALLOC(&rows, n * copies + 1, &err));
    must(KITH_ALLOC(&scratch, n * copies + 1, &err));
    for (size_t i = 0; i < n * copies; i++)
        rows[i] = (kith_keyed){mix(big_endian(people[i % n].pseudonym), i / n),
                               (uint32_t)i, 0};
    kith_radix_sort(rows, scratch, n * copies);
    kith_rows_out *people_out = NULL, *events_out = NULL;
    create(&people_out, paths[2], "people", sizeof *people, &people_meta);
    create(&events_out, paths[3], "events", sizeof *events, &events_meta);
    for (size_t i = 0; i < n * copies; i++) {
        const size_t record = rows[i].value % n;
        const uint64_t copy = rows[i].value / n;
        kith_person_row person = people[record];
        for (int half = 0; half < 16; half += 8) {
            const uint64_t x = mix(big_endian(person.pseudonym + half), copy);
            for (int b = 0; b < 8; b++)
                person.pseudonym[half + b] = (uint8_t)(x >> (56 - 8 * b));
        }
        must(kith_rows_write(people_out, &person, 1, &err));
        for (size_t e = first[record]; e < first[record + 1]; e++) {
            kith_event_row event = events[e];
            event.record = (uint32_t)i;
            must(kith_rows_write(events_out, &event, 1, &err));
        }
    }
    must(kith_rows_commit(people_out, NULL, &err));
    must(kith_rows_commit(events_out, NULL, &err));
    for (int i = 0; i < 4; i++)
        kith_free(paths[i]);
    kith_free(people);
    kith_free(events);
    kith_free(first);
    kith_free(rows);
    kith_free(scratch);
    return n_events * copies;
}

static void
make_inputs(const char *run, const char *folder, uint64_t copies)
{
    char *from = join_path(run, "results");
    char *to = join_path(folder, "results");
    must(kith_make_folder(to, &err));
    copy_table(from, to, "persons.csv", "person,agency,record,bits", copies);
    copy_table(from, to, "families.csv",
               "family,person,role,source,confidence,from,to", copies);
    copy_table(from, to, "households.csv",
               "household,person,source,confidence,from,to", copies);
    kith_free(from);
    kith_free(to);
    from = join_path(run, "payload");
    to = join_path(folder, "payload");
    must(kith_make_folder(to, &err));
    kith_folder agencies = {0};
    must(kith_folder_list(&agencies, from, ".people", &err));
    for (size_t a = 0; a < agencies.n; a++)
        (void)copy_agency(from, to, agencies.names[a], copies);
    kith_folder_done(&agencies);
    kith_free(from);
    kith_free(to);
}

typedef struct setting {
    const char *folder;
    unsigned n_threads;
    uint64_t memory_bytes;
} setting;

/* Flags and, when asked, counts; the events read are of the types used. */
static void
measure(const setting *s, const char *name, const char *const *criteria,
        uint32_t n_criteria, bool report)
{
    kith_job *job = NULL;
    kith_decided *decided = NULL;
    kith_job_params jp = kith_job_params_default();
    jp.n_threads = s->n_threads;
    jp.memory_bytes = s->memory_bytes;
    jp.quiet = true;
    must(kith_job_new(&job, &jp, &err));
    kith_flag_params params = kith_flag_params_default();
    params.results = join_path(s->folder, "results");
    params.payload = join_path(s->folder, "payload");
    params.criteria = criteria;
    params.n_criteria = n_criteria;
    params.out = join_path(s->folder, "flags");
    kith_report_params rp = kith_report_params_default();
    rp.results = params.results;
    rp.payload = params.payload;
    rp.flags = rp.out = params.out;
    const uint64_t begin = kith_now_ns();
    const clock_t cpu = clock();
    if (kith_flag(&decided, &params, job, &err) != KITH_OK) {
        printf("%-28s not alone: it refers to cohorts of other files\n", name);
        goto done;
    }
    const double flag_cpu = (double)(clock() - cpu) / CLOCKS_PER_SEC;
    const uint64_t middle = kith_now_ns();
    rp.decided = decided;
    if (report)
        must(kith_report(&rp, job, &err));
    const uint64_t end = kith_now_ns();
    const double all_cpu = (double)(clock() - cpu) / CLOCKS_PER_SEC;
    printf(
        "%-28s %9llu persons %9llu events  flag %6.2f s (%6.2f s of "
        "processors)  report %6.2f s (%6.2f)  "
        "peak %5llu MB\n",
        name,
        (unsigned long long)kith_job_counted(job, "flag", "persons", "persons"),
        (unsigned long long)kith_job_counted(job, "flag", "events", "read"),
        (double)(middle - begin) * 1e-9, flag_cpu,
        (double)(end - middle) * 1e-9, all_cpu - flag_cpu,
        (unsigned long long)(kith_peak_bytes() >> 20));
done:
    fflush(stdout);
    kith_decided_free(decided);
    kith_job_free(job);
    kith_free((char *)(uintptr_t)params.results);
    kith_free((char *)(uintptr_t)params.payload);
    kith_free((char *)(uintptr_t)params.out);
}

int
main(int argc, char **argv)
{
    if (argc < 7) {
        fprintf(stderr, "usage: bench_flag RUN COPIES FOLDER THREADS MEMORY_MB "
                        "CRITERIA...\n");
        return 2;
    }
    const uint64_t copies = strtoull(argv[2], NULL, 10);
    const setting s = {argv[3], (unsigned)strtoul(argv[4], NULL, 10),
                       strtoull(argv[5], NULL, 10) << 20};
    const char *const *criteria = (const char *const *)(argv + 6);
    if (copies > 0)
        make_inputs(argv[1], s.folder, copies);
    else
        measure(&s, "all", criteria, (uint32_t)(argc - 6), true);
    for (int i = 6; copies == 0 && argc > 7 && i < argc; i++) {
        const char *slash = strrchr(argv[i], '/');
        measure(&s, slash != NULL ? slash + 1 : argv[i], criteria + (i - 6), 1,
                false);
    }
    return 0;
}
