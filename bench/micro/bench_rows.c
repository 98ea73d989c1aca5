/*
 * What one record costs, step by step and without files: normalise, tokens
 * and counter blocks, the seven rows of the shipped spec. The best of many
 * short rounds, so that other work on the machine does not count.
 *
 * Usage: bench_rows [ROUNDS [SPEC]]; needs /tmp for two key files
 */
#include "base/job.h"
#include "encode/encoder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { N_RECORDS = 100, N_FIELDS = 10 };

static const char *const field_names[N_FIELDS] = {
    "surname", "forename", "dob",  "sex",   "postcode",
    "house",   "uprn",     "nino", "phone", "email"};

typedef struct bench {
    kith_spec *spec;
    kith_encoder *e;
    kith_encode_worker *w;
    kith_norm_rules rules;
    kith_date_format format;
    unsigned fields[N_FIELDS];
    char raw[N_RECORDS][N_FIELDS][40];
    kith_norm record[KITH_MAX_FIELDS];
    uint8_t refs[2 * KITH_MAX_PASSES][KITH_AES_BLOCK];
} bench;

static void
check(kith_status status, const kith_error *err)
{
    if (status == KITH_OK)
        return;
    fprintf(stderr, "bench_rows: %s\n", err->text);
    exit(1);
}

static kith_key *
make_key(const char *agency, kith_error *err)
{
    char folder[] = "/tmp/kith-bench-XXXXXX", path[64];
    kith_key *key = NULL;
    if (mkdtemp(folder) == NULL)
        exit(1);
    snprintf(path, sizeof path, "%s/key", folder);
    check(kith_key_generate(path, "bench", "e1", agency, err), err);
    check(kith_key_load(&key, path,
                        agency == NULL ? KITH_KEY_PROJECT : KITH_KEY_AGENCY,
                        err),
          err);
    (void)unlink(path);
    (void)rmdir(folder);
    return key;
}

static void
make_records(bench *b)
{
    static const char *const names[] = {"Smith",    "O'Brien",      "Hussain",
                                        "Williams", "Featherstone", "Ng"};
    for (unsigned i = 0; i < N_RECORDS; i++) {
        char(*f)[40] = b->raw[i];
        snprintf(f[0], 40, "%s%c", names[i % 6], 'a' + i / 6 % 26);
        snprintf(f[1], 40, "%s%c", names[i / 6 % 6], 'a' + i % 26);
        snprintf(f[2], 40, "%02u/%02u/%u", 1 + i % 28, 1 + i % 12,
                 1930 + i % 90);
        snprintf(f[3], 40, "%c", i % 2 ? 'M' : 'F');
        snprintf(f[4], 40, "M%u %uAB", 1 + i % 30, i % 10);
        snprintf(f[5], 40, "%u", 1 + i % 80);
        snprintf(f[6], 40, "%u", 100000 + i * 7919);
        snprintf(f[7], 40, "QQ%06uC", i * 1999);
        snprintf(f[8], 40, "07%09u", i * 1234567);
        snprintf(f[9], 40, "someone%u@example.org", i);
    }
}

static void
set_up(bench *b, const char *spec_path)
{
    kith_error err = KITH_ERROR_INIT;
    check(spec_path == NULL ? kith_spec_default(&b->spec, &err)
                            : kith_spec_load(&b->spec, spec_path, &err),
          &err);
    kith_key *project = make_key(NULL, &err), *agency = make_key("a", &err);
    check(kith_encoder_new(&b->e, b->spec, project, agency, "r1", &err), &err);
    check(kith_encode_worker_new(&b->w, b->e, &err), &err);
    check(kith_date_format_parse(&b->format, "dd/mm/yyyy", &err), &err);
    kith_key_free(project);
    kith_key_free(agency);
    b->rules = (kith_norm_rules){b->spec, 20543};
    for (unsigned f = 0; f < N_FIELDS; f++)
        b->fields[f] = (unsigned)kith_spec_field_index(b->spec, field_names[f]);
    for (unsigned f = 0; f < KITH_MAX_FIELDS; f++)
        kith_norm_null(&b->record[f], KITH_NORM_EMPTY);
    make_records(b);
}

static void
normalise(bench *b, unsigned i)
{
    for (unsigned f = 0; f < N_FIELDS; f++) {
        kith_norm *out = &b->record[b->fields[f]];
        const kith_field_kind kind = b->spec->fields[b->fields[f]].kind;
        const kith_str raw = kith_str_of(b->raw[i][f]);
        if (kind == KITH_FIELD_DATE)
            kith_norm_date(out, &b->rules, &b->format, raw);
        else
            kith_norm_field(out, &b->rules, kind, raw);
    }
}

static unsigned
encode_rows(bench *b)
{
    kith_error err = KITH_ERROR_INIT;
    uint8_t block[KITH_BLOCK_BYTES], row[1024], id[KITH_TOKEN_BYTES];
    unsigned n_rows = 0;
    kith_encoder_pseudonym(b->e, kith_str_of(b->raw[0][9]), id);
    for (unsigned p = 0; p < b->spec->n_passes; p++)
        for (unsigned v = 0; v < kith_encoder_variants(b->e, p); v++) {
            const size_t n = kith_encoder_block(b->e, p, v, b->record, block);
            if (n == 0)
                continue;
            check(kith_encoder_row(b->w, p, v,
                                   (kith_str){(const char *)block, n}, row,
                                   &err),
                  &err);
            kith_encoder_ref_of(b->refs[n_rows], v, id);
            n_rows++;
        }
    /* All of one pass: the call costs the same. */
    check(kith_encoder_refs(b->w, 0, b->refs, n_rows, &err), &err);
    for (unsigned i = 0; i < b->spec->n_identifiers; i++)
        kith_encoder_identifier(b->e, i, b->record, id);
    return n_rows;
}

int
main(int argc, char **argv)
{
    static bench b;
    enum { STEPS = 3 };
    static const char *const steps[STEPS] = {
        "normalise", "and tokens, counter blocks", "and rows"};
    const unsigned rounds = argc > 1 ? (unsigned)atoi(argv[1]) : 100;
    double best[STEPS] = {1e9, 1e9, 1e9};
    unsigned n_rows = 0;
    set_up(&b, argc > 2 ? argv[2] : NULL);
    for (unsigned r = 0; r < rounds; r++)
        for (unsigned step = 0; step < STEPS; step++) {
            const uint64_t begin = kith_now_ns();
            n_rows = 0;
            for (unsigned i = 0; i < N_RECORDS; i++) {
                normalise(&b, i);
                if (step > 0)
                    kith_encoder_prepare(b.w, b.record);
                if (step > 1)
                    n_rows += encode_rows(&b);
            }
            const double us = (double)(kith_now_ns() - begin) / 1e3 / N_RECORDS;
            best[step] = us < best[step] ? us : best[step];
        }
    for (unsigned step = 0; step < STEPS; step++)
        printf("%-28s %6.2f us a record\n", steps[step], best[step]);
    printf("%.1f rows a record: %.0f records/s on one core\n",
           (double)n_rows / N_RECORDS, 1e6 / best[STEPS - 1]);
    kith_encode_worker_free(b.w);
    kith_encoder_free(b.e);
    kith_spec_free(b.spec);
    return 0;
}
