/*
 * How fast an agency's extract is encoded: a made-up 12-column CSV with the
 * density of Greater Manchester, the shipped spec (seven rows a record, 14
 * filters), whole stage. Prints records per second and per core.
 *
 * Usage: bench_encode RECORDS THREADS FOLDER
 */
#include "base/job.h"
#include "base/rng.h"

#include <inttypes.h>
#include <kith/encode.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

static void
check(kith_status status, const kith_error *err)
{
    if (status == KITH_OK)
        return;
    fprintf(stderr, "bench_encode: %s\n%s\n", err->text, err->hint);
    exit(1);
}

static const char mapping_text[] =
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

static char *
below(const char *folder, const char *name)
{
    char *path = malloc(strlen(folder) + strlen(name) + 2);
    if (path == NULL)
        exit(1);
    sprintf(path, "%s/%s", folder, name);
    return path;
}

static double
run(const char *folder, unsigned threads)
{
    kith_error err = KITH_ERROR_INIT;
    kith_spec *spec = NULL;
    kith_mapping *mapping = NULL;
    kith_key *key = NULL, *agency_key = NULL;
    kith_job *job = NULL;
    char *key_path = below(folder, "project.key");
    char *agency_path = below(folder, "bench.key");
    char *mapping_path = below(folder, "bench.yaml");
    (void)unlink(key_path);
    (void)unlink(agency_path);
    check(kith_spec_default(&spec, &err), &err);
    check(kith_mapping_load(&mapping, mapping_path, spec, &err), &err);
    check(kith_key_generate(key_path, "bench", "e1", NULL, &err), &err);
    check(kith_key_generate(agency_path, "bench", "e1", "bench", &err), &err);
    check(kith_key_load(&key, key_path, KITH_KEY_PROJECT, &err), &err);
    check(kith_key_load(&agency_key, agency_path, KITH_KEY_AGENCY, &err), &err);
    kith_job_params job_params = kith_job_params_default();
    job_params.n_threads = threads;
    job_params.quiet = true;
    check(kith_job_new(&job, &job_params, &err), &err);
    kith_encode_params params = kith_encode_params_default();
    params.spec = spec;
    params.mapping = mapping;
    params.project_key = key;
    params.agency_key = agency_key;
    params.run = "r1";
    params.reference_date = "2026-03-31";
    params.out = folder;
    const uint64_t begin = kith_now_ns();
    check(kith_encode(&params, job, &err), &err);
    const double seconds = (double)(kith_now_ns() - begin) / 1e9;
    kith_job_free(job);
    kith_key_free(key);
    kith_key_free(agency_key);
    kith_mapping_free(mapping);
    kith_spec_free(spec);
    free(key_path);
    free(agency_path);
    free(mapping_path);
    return seconds;
}

int
main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: bench_encode RECORDS THREADS FOLDER\n");
        return 2;
    }
    const uint64_t n = strtoull(argv[1], NULL, 10);
    const unsigned threads = (unsigned)strtoul(argv[2], NULL, 10);
    (void)mkdir(argv[3], 0700);
    char *csv = below(argv[3], "bench.csv");
    char *yaml = below(argv[3], "bench.yaml");
    const uint64_t bytes = write_extract(csv, n);
    FILE *f = fopen(yaml, "w");
    if (f == NULL)
        return 1;
    fputs(mapping_text, f);
    fclose(f);
    const double seconds = run(argv[3], threads);
    printf("%" PRIu64 " records, %u threads: %.2f s, %.0f records/s, %.0f a "
           "core, %.1f MB/s of CSV, peak %.0f MB\n",
           n, threads, seconds, (double)n / seconds,
           (double)n / seconds / threads, (double)bytes / seconds / 1e6,
           (double)kith_peak_bytes() / 1e6);
    free(csv);
    free(yaml);
    return 0;
}
