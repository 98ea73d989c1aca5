/*
 * How fast the linkage unit trains and matches one pass, from files made
 * here in order of the block key: twenty agencies, ten records a person, of
 * which some are identical.
 *   narrow  two people a block, keyed by sorted birth and a sound
 *   wide    85 people a block, keyed by the date of birth alone
 * Prints rows a second, megabytes a second and candidate pairs a second,
 * of wall time and of processor time, and what share of a plain sequential
 * read of the same files that is.
 *
 * Usage: bench_match narrow|wide RECORDS THREADS FOLDER [BITS]
 * BITS of a filter, 256 as the shipped spec has them.
 * FOLDER is made, and filled; one that exists is measured again.
 */
#include "base/alloc.h"
#include "base/job.h"
#include "base/rng.h"
#include "compare/layout.h"
#include "io/rowfile.h"

#include <kith/match.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { AGENCIES = 20, RECORDS_A_PERSON = 10 };

static void
check(kith_status status, const kith_error *err)
{
    if (status == KITH_OK)
        return;
    fprintf(stderr, "%s\n", err->text);
    exit(1);
}

typedef struct writer {
    kith_layout layout;
    kith_rows_out *files[AGENCIES];
    kith_rng rng;
    uint8_t row[512];
} writer;

static void
open_files(writer *w, const kith_spec *spec, const char *folder)
{
    kith_error err = KITH_ERROR_INIT;
    for (unsigned a = 0; a < AGENCIES; a++) {
        char path[512], name[16];
        kith_meta meta = {0};
        snprintf(name, sizeof name, "a%02u", a);
        snprintf(path, sizeof path, "%s/%s.P.pass", folder, name);
        const char *const common[][2] = {
            {"agency", name}, {"link", "many"},   {"project", "bench"},
            {"epoch", "e"},   {"run", "r"},       {"spec", spec->digest},
            {"check", "0"},   {"normaliser", "1"}};
        for (unsigned i = 0; i < sizeof common / sizeof *common; i++)
            check(kith_meta_add(&meta, common[i][0], common[i][1], &err), &err);
        check(kith_rows_create(&w->files[a], path, "pass", w->layout.row_bytes,
                               &meta, &err),
              &err);
        kith_meta_done(&meta);
    }
}

static uint32_t
token(writer *w, uint32_t n)
{
    return 1 + (uint32_t)kith_rng_below(&w->rng, n);
}

/* A person: tokens from few values where few are possible, own filters. */
static void
draw_person(writer *w)
{
    for (unsigned c = 0; c < w->layout.n_columns; c++) {
        const kith_column *column = &w->layout.columns[c];
        uint8_t *at = w->row + column->offset;
        if (column->role == KITH_COLUMN_FILTER) {
            for (unsigned i = 0; i < w->layout.filter_bytes; i++)
                at[i] = (uint8_t)kith_rng_next(&w->rng);
            continue;
        }
        const bool sex = w->layout.digits[column->digit].n_levels == 3;
        const uint32_t t = token(w, sex ? 2 : 1u << 20);
        memcpy(at, &t, sizeof t);
    }
}

/* One record in three has something of its own: a moved house, a slip in a
 * name (one tenth of the filter), a value missing. */
static void
vary(writer *w, uint8_t *row)
{
    memcpy(row, w->row, w->layout.row_bytes);
    if (kith_rng_below(&w->rng, 3) != 0)
        return;
    const unsigned c = (unsigned)kith_rng_below(&w->rng, w->layout.n_columns);
    const kith_column *column = &w->layout.columns[c];
    uint8_t *at = row + column->offset;
    uint32_t t = kith_rng_below(&w->rng, 4) == 0 ? 0 : token(w, 1u << 20);
    if (column->role != KITH_COLUMN_FILTER)
        memcpy(at, &t, sizeof t);
    else
        for (unsigned i = 0; i < w->layout.filter_bytes / 10; i++)
            at[kith_rng_below(&w->rng, w->layout.filter_bytes)] ^= 3;
}

static void
put_u64(uint8_t *out, uint64_t x)
{
    for (int i = 7; i >= 0; i--, x >>= 8)
        out[i] = (uint8_t)x;
}

typedef struct held_row {
    uint32_t agency;
    uint8_t row[512];
} held_row;

static int
by_ref(const void *a, const void *b)
{
    const held_row *x = a, *y = b;
    return memcmp(x->row + KITH_ROW_REF, y->row + KITH_ROW_REF, 8);
}

static void
write_block(writer *w, held_row *held, uint64_t block, uint64_t n_people)
{
    kith_error err = KITH_ERROR_INIT;
    size_t n = 0;
    for (uint64_t p = 0; p < n_people; p++) {
        draw_person(w);
        for (unsigned r = 0; r < RECORDS_A_PERSON; r++) {
            held_row *h = &held[n++];
            vary(w, h->row);
            put_u64(h->row + KITH_ROW_BLOCK, block);
            put_u64(h->row + KITH_ROW_REF, kith_rng_next(&w->rng));
            h->agency = (uint32_t)kith_rng_below(&w->rng, AGENCIES);
        }
    }
    qsort(held, n, sizeof *held, by_ref);
    for (size_t i = 0; i < n; i++)
        check(kith_rows_write(w->files[held[i].agency], held[i].row, 1, &err),
              &err);
}

static void
make_passes(const kith_spec *spec, const char *folder, uint64_t n_records,
            uint64_t people_a_block)
{
    kith_error err = KITH_ERROR_INIT;
    writer *w = kith_alloc_array(1, sizeof *w);
    held_row *held =
        kith_alloc_array(2 * people_a_block * RECORDS_A_PERSON, sizeof *held);
    if (w == NULL || held == NULL)
        exit(1);
    check(kith_layout_build(&w->layout, spec, 0, &err), &err);
    w->rng = kith_rng_at(7, 0);
    open_files(w, spec, folder);
    const uint64_t rows_a_block = people_a_block * RECORDS_A_PERSON;
    const uint64_t n_blocks = n_records / rows_a_block + 1;
    for (uint64_t b = 0; b < n_blocks; b++)
        write_block(w, held, UINT64_MAX / n_blocks * b,
                    1 + kith_rng_below(&w->rng, 2 * people_a_block - 1));
    for (unsigned a = 0; a < AGENCIES; a++)
        check(kith_rows_commit(w->files[a], NULL, &err), &err);
    kith_free(held);
    kith_free(w);
}

static kith_value
part(uint8_t field, kith_part_kind kind)
{
    return (kith_value){.parts = {{field, kind}}, .n_parts = 1};
}

/* Fields: surname, forename, dob, sex, uprn, house, postcode. */
static void
person_spec(kith_spec *s, bool wide, unsigned filter_bits)
{
    *s = (kith_spec){.name = "bench",
                     .filter_bits = (uint16_t)filter_bits,
                     .assumed_recall = 0.8,
                     .n_comparisons = 4,
                     .n_passes = 1};
    memset(s->digest, '0', 64);
    kith_spec_comparison *c = s->comparisons;
    c[0] = (kith_spec_comparison){
        .name = "name",
        .kind = KITH_COMPARE_NAMES,
        .values = {part(0, KITH_PART_WHOLE), part(1, KITH_PART_WHOLE)},
        .n_values = 2,
        .thresholds = {870, 760},
        .n_thresholds = 2};
    c[1] = (kith_spec_comparison){.name = "birth",
                                  .kind = KITH_COMPARE_DATE,
                                  .values = {part(2, KITH_PART_WHOLE)},
                                  .n_values = 1};
    c[2] = (kith_spec_comparison){.name = "sex",
                                  .kind = KITH_COMPARE_EXACT,
                                  .values = {part(3, KITH_PART_WHOLE)},
                                  .n_values = 1};
    c[3] = (kith_spec_comparison){
        .name = "place",
        .kind = KITH_COMPARE_NESTED,
        .values = {part(4, KITH_PART_WHOLE), part(5, KITH_PART_WHOLE),
                   part(6, KITH_PART_WHOLE), part(6, KITH_PART_SECTOR),
                   part(6, KITH_PART_DISTRICT)},
        .n_values = 5};
    s->passes[0] = (kith_spec_pass){
        .name = "P",
        .key = {part(2, wide ? KITH_PART_WHOLE : KITH_PART_SORTED),
                part(KITH_FIELD_EITHER, KITH_PART_SOUNDEX)},
        .n_key = wide ? 1 : 2,
        .either = !wide};
}

static double
cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

typedef struct span {
    double wall, cpu;
} span;

static span
now(void)
{
    return (span){(double)kith_now_ns() * 1e-9, cpu_seconds()};
}

/* Bytes a second of processor time that a plain read of the files takes:
 * what no merge of them can pass. The best of a few rounds. */
static double
read_rate(const char *folder)
{
    enum { PIECE = 1 << 16, ROUNDS = 3 };
    static char piece[PIECE];
    double best = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        const double begin = cpu_seconds();
        double bytes = 0;
        for (unsigned a = 0; a < AGENCIES; a++) {
            char path[512];
            snprintf(path, sizeof path, "%s/a%02u.P.pass", folder, a);
            FILE *f = fopen(path, "rb");
            if (f == NULL)
                exit(1);
            setvbuf(f, NULL, _IONBF, 0);
            for (size_t n; (n = fread(piece, 1, PIECE, f)) > 0;)
                bytes += (double)n;
            fclose(f);
        }
        const double rate = bytes / (cpu_seconds() - begin);
        best = rate > best ? rate : best;
    }
    return best;
}

/* Rows of a stage, how wide they are, and the candidate pairs they made. */
typedef struct done {
    double rows, row_bytes, pairs;
    double read_rate;
} done;

static void
report(const char *what, span from, done d)
{
    const span to = now();
    const double wall = to.wall - from.wall, cpu = to.cpu - from.cpu;
    printf("%-6s %6.2f s wall, %6.2f s cpu: %7.2f M rows/s (%.2f per cpu s), "
           "%6.0f MB/s, %8.2f M pairs/s (%.2f per cpu s); %.0f%% of a plain "
           "read\n",
           what, wall, cpu, d.rows / wall * 1e-6, d.rows / cpu * 1e-6,
           d.rows * d.row_bytes / wall * 1e-6, d.pairs / wall * 1e-6,
           d.pairs / cpu * 1e-6,
           100 * d.rows * d.row_bytes / cpu / d.read_rate);
}

static void
measure(const kith_spec *spec, const char *folder, unsigned threads)
{
    kith_error err = KITH_ERROR_INIT;
    kith_job_params job_params = kith_job_params_default();
    kith_job *job = NULL;
    kith_model *model = NULL;
    kith_layout layout;
    char path[512];
    job_params.n_threads = threads;
    job_params.quiet = true;
    const double rate = read_rate(folder);
    printf("plain read of the files: %.1f GB per cpu s\n", rate * 1e-9);
    check(kith_layout_build(&layout, spec, 0, &err), &err);
    check(kith_job_new(&job, &job_params, &err), &err);
    snprintf(path, sizeof path, "%s/model.yaml", folder);
    kith_train_params train = kith_train_params_default();
    train.spec = spec;
    train.passes = folder;
    train.out = path;
    span begin = now();
    check(kith_train(&train, job, &err), &err);
    done d = {
        .rows = (double)kith_job_counted(job, "train", "P", "rows_sampled"),
        .row_bytes = layout.row_bytes,
        .pairs = (double)kith_job_counted(job, "train", "P", "pairs_sampled"),
        .read_rate = rate};
    report("train", begin, d);
    check(kith_model_load(&model, path, spec, &err), &err);
    kith_match_params match = kith_match_params_default();
    match.spec = spec;
    match.model = model;
    match.passes = folder;
    match.out = folder;
    begin = now();
    check(kith_match(&match, job, &err), &err);
    d.rows = (double)kith_job_counted(job, "match", "P", "rows");
    d.pairs = (double)kith_job_counted(job, "match", "P", "pairs");
    report("match", begin, d);
    printf("       rows of %u bytes, %.2f M; distinct pairs %.2f M, written "
           "%.2f M; peak memory %.0f MiB\n",
           layout.row_bytes, d.rows * 1e-6,
           (double)kith_job_counted(job, "match", "P", "pairs_compared") * 1e-6,
           (double)kith_job_counted(job, "match", "P", "pairs_emitted") * 1e-6,
           (double)kith_peak_bytes() / 1048576.0);
    kith_model_free(model);
    kith_job_free(job);
}

int
main(int argc, char **argv)
{
    if (argc != 5 && argc != 6) {
        fprintf(stderr, "usage: bench_match narrow|wide RECORDS THREADS FOLDER "
                        "[BITS]\n");
        return 2;
    }
    const bool wide = strcmp(argv[1], "wide") == 0;
    kith_spec *spec = kith_alloc_array(1, sizeof *spec);
    if (spec == NULL)
        return 1;
    person_spec(spec, wide, argc == 6 ? (unsigned)atoi(argv[5]) : 256);
    /* Files of an earlier call are measured again. */
    if (mkdir(argv[4], 0700) == 0)
        make_passes(spec, argv[4], strtoull(argv[2], NULL, 10), wide ? 85 : 2);
    measure(spec, argv[4], (unsigned)atoi(argv[3]));
    kith_free(spec);
    return 0;
}
