/*
 * How fast an agency's extract is encoded: a made-up 12-column CSV with the
 * density of Greater Manchester, the shipped spec (seven rows a record, 14
 * filters), two events a record. Prints what each step adds, as records per
 * second of processor time, and two yardsticks of the same run: one CLK of
 * seven fields a record as clkhash makes it, and the same 14 filters by HMAC in
 * place of AES.
 *
 * Usage: bench_encode RECORDS THREADS FOLDER [SPEC]
 */
#include "base/job.h"
#include "base/rng.h"
#include "encode/encoder.h"
#include "encode/extract.h"
#include "io/csv.h"

#include <inttypes.h>
#include <kith/clk.h>
#include <kith/encode.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Names of two to four syllables; squaring the draw makes some common. */
static void
draw_name(char *out, kith_rng *rng, uint64_t n_names)
{
    static const char *const syllables[] = {
        "SMI", "JON", "TAY", "WIL", "BRO", "KHA", "HUS", "PAT", "EVA", "TON",
        "SON", "LEY", "MAN", "FIE", "WOR", "TH",  "ER",  "AN",  "EL",  "OR"};
    const double u = kith_rng_unit(rng);
    uint64_t name = (uint64_t)(u * u * u * (double)n_names) * 2654435761u;
    const unsigned n = 2 + (unsigned)(name >> 20) % 3;
    out[0] = '\0';
    for (unsigned i = 0; i < n; i++, name /= 20)
        strcat(out, syllables[name % 20]);
}

static void
write_row(FILE *f, kith_rng *rng, uint64_t id)
{
    char surname[32], forename[32];
    draw_name(surname, rng, 40000);
    draw_name(forename, rng, 8000);
    const uint64_t place = kith_rng_below(rng, 70000);
    static const char letters[] = "ABDEFGHJLNPQRSTUWXYZ";
    fprintf(f,
            "P%" PRIu64 ",%s,%s,%02u/%02u/%u,%c,M%u %u%c%c,%u,%" PRIu64
            ",,QQ%06uC,07%09u,%s%u@example.org\n",
            id, surname, forename, 1 + (unsigned)kith_rng_below(rng, 28),
            1 + (unsigned)kith_rng_below(rng, 12),
            1930 + (unsigned)kith_rng_below(rng, 90),
            kith_rng_below(rng, 2) ? 'M' : 'F', 1 + (unsigned)(place / 4000),
            (unsigned)(place / 400 % 10), letters[place / 20 % 20],
            letters[place % 20], 1 + (unsigned)kith_rng_below(rng, 60),
            100000 + place * 60 + kith_rng_below(rng, 60),
            (unsigned)kith_rng_below(rng, 1000000),
            (unsigned)kith_rng_below(rng, 1000000000), forename,
            (unsigned)kith_rng_below(rng, 100));
}

static uint64_t
write_extract(const char *path, uint64_t n)
{
    kith_rng rng = kith_rng_at(1, 0);
    FILE *f = fopen(path, "w");
    if (f == NULL)
        exit(1);
    fprintf(f, "id,surname,forename,dob,sex,postcode,house,uprn,nhs,nino,"
               "phone,email\n");
    for (uint64_t i = 0; i < n; i++)
        write_row(f, &rng, i);
    const long size = ftell(f);
    fclose(f);
    return (uint64_t)size;
}

/* Two a record, anyone's, in the order of their dates. */
static void
write_events(const char *path, uint64_t n)
{
    static const char *const outcomes[] = {"charged", "caution", "no action"};
    kith_rng rng = kith_rng_at(1, 1);
    FILE *f = fopen(path, "w");
    if (f == NULL)
        exit(1);
    fprintf(f, "id,date,outcome,days\n");
    for (uint64_t i = 0; i < 2 * n; i++) {
        const uint64_t day = i * 3650 / (2 * n);
        fprintf(f, "P%" PRIu64 ",%04u-%02u-%02u,%s,%u\n",
                kith_rng_below(&rng, n), 2016 + (unsigned)(day / 365),
                1 + (unsigned)(day % 365 / 31), 1 + (unsigned)(day % 28),
                outcomes[kith_rng_below(&rng, 3)],
                (unsigned)kith_rng_below(&rng, 100));
    }
    fclose(f);
}

static void
check(kith_status status, const kith_error *err)
{
    if (status == KITH_OK)
        return;
    fprintf(stderr, "bench_encode: %s\n%s\n", err->text, err->hint);
    exit(1);
}

static const char persons_text[] =
    "agency: bench\ntitle: Bench\nlink: one\npersons:\n  file: bench.csv\n"
    "  id: id\n  columns:\n"
    "    - {field: surname, column: surname}\n"
    "    - {field: forename, column: forename}\n"
    "    - {field: dob, column: dob, format: dd/mm/yyyy}\n"
    "    - {field: sex, column: sex}\n"
    "    - {field: postcode, column: postcode}\n"
    "    - {field: house, column: house}\n"
    "    - {field: uprn, column: uprn}\n"
    "    - {field: nhs, column: nhs}\n"
    "    - {field: nino, column: nino}\n"
    "    - {field: phone, column: phone}\n"
    "    - {field: email, column: email}\n";

static const char events_text[] =
    "events:\n  - file: events.csv\n    type: offence\n    id: id\n"
    "    start: date\n    attributes:\n"
    "      - {name: outcome, column: outcome}\n"
    "      - {name: days, column: days, number: yes}\n";

/* Seven of the columns, as a clkhash schema would have them. */
static const char schema_head[] =
    "{\"version\": 3, \"clkConfig\": {\"l\": 1024, \"kdf\": {\"type\": "
    "\"HKDF\", \"hash\": \"SHA256\", \"keySize\": 64}}, \"features\": [\n";
static const char schema_ignored[] =
    "{\"identifier\": \"%s\", \"ignored\": true}%s\n";
static const char schema_hashed[] =
    "{\"identifier\": \"%s\", \"format\": {\"type\": \"string\", "
    "\"encoding\": \"utf-8\"}, \"hashing\": {\"comparison\": {\"type\": "
    "\"ngram\", \"n\": 2}, \"strategy\": {\"bitsPerFeature\": 100}}}%s\n";

static char *
below(const char *folder, const char *name)
{
    char *path = malloc(strlen(folder) + strlen(name) + 2);
    if (path == NULL)
        exit(1);
    sprintf(path, "%s/%s", folder, name);
    return path;
}

static void
put(const char *folder, const char *name, const char *text, const char *more)
{
    char *path = below(folder, name);
    FILE *f = fopen(path, "w");
    if (f == NULL)
        exit(1);
    fprintf(f, "%s%s", text, more);
    fclose(f);
    free(path);
}

static void
put_schema(const char *folder)
{
    static const char *const columns[] = {
        "id",    "surname", "forename", "dob",  "sex",   "postcode",
        "house", "uprn",    "nhs",      "nino", "phone", "email"};
    char *path = below(folder, "schema.json");
    FILE *f = fopen(path, "w");
    if (f == NULL)
        exit(1);
    fputs(schema_head, f);
    for (unsigned i = 0; i < 12; i++) {
        /* The format is one of two literals above. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        fprintf(f, i >= 1 && i <= 7 ? schema_hashed : schema_ignored,
                columns[i], i < 11 ? "," : "]}");
#pragma GCC diagnostic pop
    }
    fclose(f);
    free(path);
}

typedef struct bench {
    const char *folder;
    uint64_t n;
    kith_spec *spec;
    kith_mapping *mapping, *with_events;
    kith_key *key, *agency_key;
    uint64_t sum; /* so that no step is compiled away */
} bench;

static void
load(bench *b, const char *spec_path)
{
    kith_error err = KITH_ERROR_INIT;
    char *key_path = below(b->folder, "project.key");
    char *agency_path = below(b->folder, "bench.key");
    char *mapping_path = below(b->folder, "bench.yaml");
    char *events_path = below(b->folder, "events.yaml");
    (void)unlink(key_path);
    (void)unlink(agency_path);
    put(b->folder, "bench.yaml", persons_text, "");
    put(b->folder, "events.yaml", persons_text, events_text);
    put_schema(b->folder);
    check(spec_path == NULL ? kith_spec_default(&b->spec, &err)
                            : kith_spec_load(&b->spec, spec_path, &err),
          &err);
    check(kith_mapping_load(&b->mapping, mapping_path, b->spec, &err), &err);
    check(kith_mapping_load(&b->with_events, events_path, b->spec, &err), &err);
    check(kith_key_generate(key_path, "bench", "e1", NULL, &err), &err);
    check(kith_key_generate(agency_path, "bench", "e1", "bench", &err), &err);
    check(kith_key_load(&b->key, key_path, KITH_KEY_PROJECT, &err), &err);
    check(kith_key_load(&b->agency_key, agency_path, KITH_KEY_AGENCY, &err),
          &err);
    free(key_path);
    free(agency_path);
    free(mapping_path);
    free(events_path);
}

/* Processor time: the machine may do other work. */
static double
processor_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static kith_job *
new_job(unsigned threads)
{
    kith_error err = KITH_ERROR_INIT;
    kith_job *job = NULL;
    kith_job_params params = kith_job_params_default();
    params.n_threads = threads;
    params.quiet = true;
    check(kith_job_new(&job, &params, &err), &err);
    return job;
}

static double
run_stage(bench *b, const kith_mapping *mapping, unsigned threads, double *wall)
{
    kith_error err = KITH_ERROR_INIT;
    kith_job *job = new_job(threads);
    kith_encode_params params = kith_encode_params_default();
    params.spec = b->spec;
    params.mapping = mapping;
    params.project_key = b->key;
    params.agency_key = b->agency_key;
    params.run = "r1";
    params.reference_date = "2026-03-31";
    params.out = b->folder;
    const double begin = processor_seconds();
    const uint64_t begin_ns = kith_now_ns();
    check(kith_encode(&params, job, &err), &err);
    *wall = (double)(kith_now_ns() - begin_ns) / 1e9;
    const double seconds = processor_seconds() - begin;
    kith_job_free(job);
    return seconds;
}

static double
run_clk(bench *b)
{
    kith_error err = KITH_ERROR_INIT;
    kith_clk_schema *schema = NULL;
    kith_job *job = new_job(1);
    char *schema_path = below(b->folder, "schema.json");
    char *csv = below(b->folder, "bench.csv");
    char *secret = below(b->folder, "secret.txt");
    char *out = below(b->folder, "clks.json");
    put(b->folder, "secret.txt", "secret", "");
    (void)chmod(secret, 0600);
    check(kith_clk_schema_load(&schema, schema_path, &err), &err);
    const kith_clk_params params = {.schema = schema,
                                    .input = csv,
                                    .secret = secret,
                                    .out = out,
                                    .max_bad_rows = UINT64_MAX};
    const double begin = processor_seconds();
    check(kith_clk(&params, job, &err), &err);
    const double seconds = processor_seconds() - begin;
    kith_clk_schema_free(schema);
    kith_job_free(job);
    free(schema_path);
    free(csv);
    free(secret);
    free(out);
    return seconds;
}

/* What a step does with a record; each does all that those before it do. */
typedef enum step { STEP_READ, STEP_NORMALISE, STEP_ROWS, STEP_HMAC } step;

typedef struct encoding {
    kith_extract extract;
    kith_norm_rules rules;
    kith_encoder *encoder;
    kith_encode_worker *worker;
    kith_norm fields[KITH_MAX_FIELDS];
    uint8_t row[4096];
} encoding;

/* All filters of a record from HMAC-SHA-256 in counter mode: 16 positions a
 * call, the same number of insertions. */
static void
hmac_filters(bench *b, encoding *x)
{
    uint8_t md[KITH_HMAC_BYTES];
    for (unsigned p = 0; p < b->spec->n_passes; p++)
        for (unsigned v = 0; v < kith_encoder_variants(x->encoder, p); v++)
            for (unsigned t = 0; t < 2; t++) {
                const kith_grams *g = &x->worker->texts[t];
                for (unsigned i = 0; i < g->n_blocks; i += 2) {
                    kith_hmac_make(&x->encoder->passes[p].classes[t].key,
                                   g->blocks[KITH_GRAM_BLOCKS + i],
                                   KITH_AES_BLOCK, md);
                    b->sum += md[0];
                }
            }
}

static void
all_rows(bench *b, encoding *x)
{
    kith_error err = KITH_ERROR_INIT;
    uint8_t block[KITH_BLOCK_BYTES];
    for (unsigned p = 0; p < b->spec->n_passes; p++)
        for (unsigned v = 0; v < kith_encoder_variants(x->encoder, p); v++) {
            const size_t n =
                kith_encoder_block(x->encoder, p, v, x->fields, block);
            if (n == 0)
                continue;
            check(kith_encoder_row(x->worker, p, v,
                                   (kith_str){(const char *)block, n}, x->row,
                                   &err),
                  &err);
            b->sum += x->row[KITH_ROW_BLOCK];
        }
}

static double
run_step(bench *b, step upto)
{
    kith_error err = KITH_ERROR_INIT;
    kith_csv_batch batch = {0};
    encoding *x = calloc(1, sizeof *x);
    if (x == NULL)
        exit(1);
    const double begin = processor_seconds();
    const int32_t reference = 20543; /* 31 March 2026 */
    x->rules = (kith_norm_rules){b->spec, reference};
    check(kith_encoder_new(&x->encoder, b->spec, b->key, b->agency_key, "r1",
                           &err),
          &err);
    check(kith_encode_worker_new(&x->worker, x->encoder, &err), &err);
    check(kith_extract_open(&x->extract, b->spec, b->mapping, NULL, reference,
                            &err),
          &err);
    do {
        check(kith_csv_next(x->extract.csv, &batch, &err), &err);
        for (size_t i = 0; i < batch.n_rows; i++) {
            const kith_str *text = batch.fields + i * batch.n_columns;
            b->sum += text[1].len;
            if (upto >= STEP_NORMALISE)
                kith_extract_row(&x->extract, &x->rules, text, x->fields);
            b->sum += x->fields[0].len;
            if (upto >= STEP_ROWS)
                kith_encoder_prepare(x->worker, x->fields);
            if (upto == STEP_ROWS)
                all_rows(b, x);
            if (upto == STEP_HMAC)
                hmac_filters(b, x);
        }
    } while (batch.n_rows > 0);
    const double seconds = processor_seconds() - begin;
    kith_csv_batch_done(&batch);
    kith_extract_done(&x->extract);
    kith_encode_worker_free(x->worker);
    kith_encoder_free(x->encoder);
    free(x);
    return seconds;
}

/* The least of a few runs: what the machine does beside only ever adds. */
static double
least_step(bench *b, step upto)
{
    double least = run_step(b, upto);
    for (unsigned i = 0; i < 2; i++) {
        const double again = run_step(b, upto);
        least = again < least ? again : least;
    }
    return least;
}

static void
print(const bench *b, const char *what, double seconds, double yardstick)
{
    printf("%-46s %8.0f records/s %6.2f us %7.1f x\n", what,
           (double)b->n / seconds, seconds / (double)b->n * 1e6,
           yardstick / seconds);
    fflush(stdout);
}

static void
run_all(bench *b, unsigned threads, uint64_t bytes)
{
    double wall = 0.0;
    const double clk = run_clk(b);
    print(b, "one CLK of 7 fields, as clkhash makes it", clk, clk);
    print(b, "14 filters by HMAC, no tokens (read on)",
          least_step(b, STEP_HMAC), clk);
    print(b, "read", least_step(b, STEP_READ), clk);
    print(b, "read, normalise", least_step(b, STEP_NORMALISE), clk);
    print(b, "read, normalise, 7 rows, 14 filters", least_step(b, STEP_ROWS),
          clk);
    double seconds = run_stage(b, b->mapping, threads, &wall);
    print(b, "whole stage: and sort, sum up, write", seconds, clk);
    printf("    %u threads: %.2f s, %.0f records/s, %.1f MB/s of CSV, peak "
           "%.0f MB\n",
           threads, wall, (double)b->n / wall, (double)bytes / wall / 1e6,
           (double)kith_peak_bytes() / 1e6);
    seconds = run_stage(b, b->with_events, threads, &wall);
    print(b, "whole stage with two events a record", seconds, clk);
    printf("    %u threads: %.2f s, %.0f records/s, peak %.0f MB\n", threads,
           wall, (double)b->n / wall, (double)kith_peak_bytes() / 1e6);
}

int
main(int argc, char **argv)
{
    if (argc != 4 && argc != 5) {
        fprintf(stderr, "usage: bench_encode RECORDS THREADS FOLDER [SPEC]\n");
        return 2;
    }
    bench b = {.folder = argv[3], .n = strtoull(argv[1], NULL, 10)};
    const unsigned threads = (unsigned)strtoul(argv[2], NULL, 10);
    (void)mkdir(argv[3], 0700);
    char *csv = below(argv[3], "bench.csv");
    char *events = below(argv[3], "events.csv");
    const uint64_t bytes = write_extract(csv, b.n);
    write_events(events, b.n);
    load(&b, argc == 5 ? argv[4] : NULL);
    run_all(&b, threads, bytes);
    kith_key_free(b.key);
    kith_key_free(b.agency_key);
    kith_mapping_free(b.mapping);
    kith_mapping_free(b.with_events);
    kith_spec_free(b.spec);
    free(csv);
    free(events);
    return 0;
}
