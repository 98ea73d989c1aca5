#include "encoded.h"

#include "files.h"
#include "keys.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
fixture(char path[512], const char *name)
{
    const char *fixtures = getenv("KITH_FIXTURES");
    snprintf(path, 512, "%s/encode/%s",
             fixtures == NULL ? "fixtures" : fixtures, name);
}

void
test_encoded_init(test_encoded *t, unsigned threads)
{
    char path[512];
    memset(t, 0, sizeof *t);
    test_folder_make(t->folder);
    assert_int_equal(kith_spec_default(&t->spec, &t->err), KITH_OK);
    fixture(path, "police.yaml");
    assert_int_equal(kith_mapping_load(&t->mapping, path, t->spec, &t->err),
                     KITH_OK);
    t->project = test_key_make("vectors", "e1", NULL, 0);
    t->agency = test_key_make("vectors", "e1", "police", 32);
    kith_job_params job = kith_job_params_default();
    job.n_threads = threads;
    job.quiet = true;
    assert_int_equal(kith_job_new(&t->job, &job, &t->err), KITH_OK);
    fixture(t->areas, "areas.csv");
    fixture(t->exclude, "optout.csv");
    t->params = kith_encode_params_default();
    t->params.spec = t->spec;
    t->params.mapping = t->mapping;
    t->params.project_key = t->project;
    t->params.agency_key = t->agency;
    t->params.run = "r1";
    t->params.reference_date = "2026-03-31";
    t->params.areas = t->areas;
    t->params.exclude = t->exclude;
    t->params.out = t->folder;
}

kith_status
test_encode(test_encoded *t)
{
    return kith_encode(&t->params, t->job, &t->err);
}

void
test_encoded_well(test_encoded *t, unsigned threads)
{
    test_encoded_init(t, threads);
    if (test_encode(t) != KITH_OK)
        fail_msg("%s", t->err.text);
}

void
test_encoded_done(test_encoded *t)
{
    kith_job_free(t->job);
    kith_key_free(t->project);
    kith_key_free(t->agency);
    kith_mapping_free(t->mapping);
    kith_spec_free(t->spec);
    test_folder_remove(t->folder);
}

uint64_t
test_encoded_count(const test_encoded *t, const char *reason)
{
    return kith_job_counted(t->job, "encode", "police", reason);
}

static kith_rows_in *
open_rows(const test_encoded *t, const char *name, const char *kind)
{
    char path[512];
    kith_rows_in *in = NULL;
    kith_error err = KITH_ERROR_INIT;
    test_path(path, t->folder, name);
    if (kith_rows_open(&in, path, kind, &err) != KITH_OK)
        fail_msg("%s", err.text);
    return in;
}

void *
test_encoded_rows(const test_encoded *t, const char *name, const char *kind,
                  size_t *n, size_t *row_bytes)
{
    kith_error err = KITH_ERROR_INIT;
    kith_rows_in *in = open_rows(t, name, kind);
    *n = (size_t)kith_rows_count(in);
    *row_bytes = kith_rows_bytes(in);
    void *rows = malloc(*n * *row_bytes + 1);
    assert_non_null(rows);
    if (*n > 0)
        assert_int_equal(kith_rows_read(in, 0, *n, rows, &err), KITH_OK);
    kith_rows_close(in);
    return rows;
}

uint32_t
test_encoded_record(const test_encoded *t, const char *id)
{
    char path[512], line[128];
    size_t n = 0, row_bytes = 0;
    uint8_t pseudonym[KITH_PSEUDONYM_BYTES] = {0};
    bool found = false;
    test_path(path, t->folder, "keep/police.lookup.csv");
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    while (!found && fgets(line, sizeof line, f) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        found = strlen(line) > 33 && strcmp(line + 33, id) == 0;
    }
    fclose(f);
    assert_true(found);
    for (size_t i = 0; i < sizeof pseudonym; i++) {
        const char pair[3] = {line[2 * i], line[2 * i + 1], '\0'};
        pseudonym[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
    kith_person_row *people =
        test_encoded_rows(t, "payload/police.people", "people", &n, &row_bytes);
    uint32_t record = 0;
    while (record < n &&
           memcmp(people[record].pseudonym, pseudonym, sizeof pseudonym) != 0)
        record++;
    assert_true(record < n);
    free(people);
    return record;
}

void
test_encoded_meta(const test_encoded *t, const char *name, const char *entry,
                  char out[128])
{
    kith_error err = KITH_ERROR_INIT;
    kith_rows_in *in = open_rows(t, name, NULL);
    assert_int_equal(kith_meta_copy(kith_rows_meta(in), entry, out, 128, &err),
                     KITH_OK);
    kith_rows_close(in);
}

static int
by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char **
test_encoded_files(const test_encoded *t, size_t *n)
{
    static const char *const folders[] = {"passes", "refs", "payload", "keep"};
    enum { MAX_FILES = 64 };
    char **names = calloc(MAX_FILES, sizeof *names);
    assert_non_null(names);
    *n = 0;
    for (size_t f = 0; f < sizeof folders / sizeof *folders; f++) {
        char path[512];
        test_path(path, t->folder, folders[f]);
        DIR *d = opendir(path);
        const struct dirent *entry;
        while (d != NULL && (entry = readdir(d)) != NULL) {
            if (entry->d_name[0] == '.')
                continue;
            assert_true(*n < MAX_FILES);
            names[*n] = malloc(512);
            assert_non_null(names[*n]);
            snprintf(names[(*n)++], 512, "%s/%.255s", folders[f],
                     entry->d_name);
        }
        if (d != NULL)
            closedir(d);
    }
    qsort(names, *n, sizeof *names, by_name);
    return names;
}
