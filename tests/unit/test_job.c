#include <kith/job.h>

#include "../support/files.h"
#include "base/job.h"
#include "io/out.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char folder[256];

static int
setup(void **state)
{
    (void)state;
    test_folder_make(folder);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    test_folder_remove(folder);
    return 0;
}

static kith_job *
new_job(unsigned n_threads)
{
    kith_job *job = NULL;
    kith_error err = KITH_ERROR_INIT;
    kith_job_params params = kith_job_params_default();
    params.n_threads = n_threads;
    params.quiet = true;
    assert_int_equal(kith_job_new(&job, &params, &err), KITH_OK);
    return job;
}

static void
list_count(void *ctx, const char *stage, const char *scope, const char *reason,
           uint64_t n)
{
    char *text = ctx;
    const size_t at = strlen(text);
    (void)snprintf(text + at, 1024 - at, "%s/%s/%s=%d;", stage, scope, reason,
                   (int)n);
}

static void
test_counts(void **state)
{
    kith_job *job = new_job(1);
    char text[1024] = "";
    (void)state;
    kith_job_stage(job, "match", "", 0, "pairs");
    kith_job_count(job, "A", "pairs", 5);
    kith_job_stage_end(job);
    kith_job_stage(job, "encode", "gmp", 10, "rows");
    kith_job_count(job, "gmp", "rows_read", 7);
    kith_job_count(job, "gmp", "null_dob", 2);
    kith_job_count(job, "bolton", "rows_read", 1);
    kith_job_count(job, "gmp", "rows_read", 3);
    kith_job_advance(job, 10);
    kith_job_stage_end(job);
    assert_int_equal(kith_job_counted(job, "encode", "gmp", "rows_read"), 10);
    assert_int_equal(kith_job_counted(job, "match", "gmp", "rows_read"), 0);
    kith_job_each_count(job, list_count, text);
    assert_string_equal(text, "match/A/pairs=5;encode/bolton/rows_read=1;"
                              "encode/gmp/null_dob=2;encode/gmp/rows_read=10;");
    kith_job_free(job);
}

static kith_status
count_one(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    char scope[16];
    (void)worker;
    (void)err;
    (void)snprintf(scope, sizeof scope, "s%zu", chunk % 5);
    kith_job_count(ctx, scope, "n", chunk);
    kith_job_advance(ctx, 1);
    return KITH_OK;
}

/* The same counts in the same order, whoever counts. */
static void
test_counts_from_threads(void **state)
{
    static const unsigned threads[] = {1, 2, 7};
    char first[1024] = "", text[1024];
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        kith_job *job = new_job(threads[i]);
        kith_error err = KITH_ERROR_INIT;
        assert_int_equal(kith_job_threads(job), threads[i]);
        kith_job_stage(job, "s", "", 100, "chunks");
        assert_int_equal(
            kith_for(kith_job_pool(job), 100, count_one, job, &err), KITH_OK);
        kith_job_stage_end(job);
        text[0] = '\0';
        kith_job_each_count(job, list_count, text);
        if (i == 0)
            (void)strcpy(first, text);
        assert_string_equal(text, first);
        /* 1 + 6 + ... + 96 */
        assert_int_equal(kith_job_counted(job, "s", "s1", "n"), 970);
        kith_job_free(job);
    }
}

static void
test_facts_and_warnings(void **state)
{
    kith_job *job = new_job(1);
    size_t n = 0;
    (void)state;
    kith_job_fact(job, "epoch", "2026-q1");
    kith_job_fact(job, "key_check", "abc");
    kith_job_fact(job, "epoch", "2026-q2");
    const kith_job_pair *facts = kith_job_facts(job, &n);
    assert_int_equal(n, 2);
    assert_string_equal(facts[0].name, "epoch");
    assert_string_equal(facts[0].value, "2026-q2");
    kith_job_warn(job, "%d blocks are too large", 3);
    char *const *warnings = kith_job_warnings(job, &n);
    assert_int_equal(n, 1);
    assert_string_equal(warnings[0], "3 blocks are too large");
    assert_true(kith_job_is_whole(job));
    kith_job_free(job);
}

static void
list_stage(void *ctx, const char *stage, const char *detail, double seconds,
           uint64_t peak_bytes)
{
    char *text = ctx;
    const size_t at = strlen(text);
    (void)snprintf(text + at, 1024 - at, "%s/%s;", stage, detail);
    assert_true(seconds >= 0 && seconds < 60 && peak_bytes > 0);
}

static void
test_stages(void **state)
{
    kith_job *job = new_job(1);
    char text[1024] = "";
    (void)state;
    kith_job_stage(job, "encode", "gmp", 0, "rows");
    kith_job_stage_end(job);
    kith_job_stage(job, "encode", "nhs", 0, "rows");
    kith_job_stage_end(job);
    kith_job_each_stage(job, list_stage, text);
    assert_string_equal(text, "encode/gmp;encode/nhs;");
    kith_job_free(job);
}

static void
test_defaults(void **state)
{
    kith_job *job = NULL;
    kith_error err = KITH_ERROR_INIT;
    const kith_job_params params = {.quiet = true};
    (void)state;
    assert_int_equal(kith_job_new(&job, &params, &err), KITH_OK);
    assert_true(kith_job_threads(job) >= 1);
    assert_true(kith_job_memory(job) == UINT64_C(2) << 30);
    assert_int_equal(kith_job_isa(job), KITH_ISA_AUTO);
    kith_job_free(job);
    kith_job_free(NULL);
}

/* A job with everything a manifest can hold, names that need escaping too. */
static kith_job *
full_job(void)
{
    kith_job *job = new_job(2);
    kith_error err = KITH_ERROR_INIT;
    kith_out *o = NULL;
    char path[512];
    kith_job_fact(job, "title", "a \"quoted\" \\ name\twith\nlines \x01");
    kith_job_fact(job, "city", "Zo\xC3\xAB");
    kith_job_fact(job, "latin1", "Zo\xEB");
    kith_job_stage(job, "encode", "gmp", 0, "rows");
    kith_job_count(job, "gmp", "rows_read", UINT64_C(18446744073709551615));
    kith_job_stage_end(job);
    kith_job_warn(job, "one");
    kith_job_input(job, "/elsewhere/in.csv", "00ff", 12);
    test_path(path, folder, "./results/../results/persons.csv");
    assert_int_equal(kith_out_open(&o, path, false, &err), KITH_OK);
    assert_int_equal(kith_out_write(o, "abc", 3, &err), KITH_OK);
    assert_int_equal(kith_out_commit(o, job, &err), KITH_OK);
    return job;
}

static void
test_manifest_text(void **state)
{
    static const char *const parts[] = {
        "{\n  \"tool\": \"kith\",\n  \"version\": \"",
        "\"threads\": 2",
        "\"title\": \"a \\\"quoted\\\" \\\\ name\\u0009with\\u000alines "
        "\\u0001\"",
        "\"city\": \"Zo\xC3\xAB\"",
        "\"latin1\": \"Zo\\u00eb\"",
        "{\"path\": \"/elsewhere/in.csv\", \"sha256\": \"00ff\", \"bytes\": "
        "12}",
        "{\"stage\": \"encode\", \"scope\": \"gmp\", \"reason\": "
        "\"rows_read\", "
        "\"n\": 18446744073709551615}",
        "\"warnings\": [\n    \"one\"\n  ]",
        "{\"path\": \"results/persons.csv\", \"sha256\": \"ba7816bf8f01cfea",
    };
    kith_job *job = full_job();
    kith_error err = KITH_ERROR_INIT;
    char path[512];
    size_t n = 0;
    (void)state;
    test_path(path, folder, "manifest.json");
    assert_int_equal(kith_job_manifest(job, path, &err), KITH_OK);
    char *text = test_read(path, &n);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strstr(text, parts[i]) == NULL)
            fail_msg("no %s in %s", parts[i], text);
    free(text);
    kith_job_free(job);
}

/* An independent reader takes it, full and empty. */
static void
test_manifest_is_json(void **state)
{
    static const char script[] =
        "python3 -c 'import json,sys\n"
        "m = json.load(open(sys.argv[1]))\n"
        "assert m[\"tool\"] == \"kith\"\n"
        "assert sorted(m) == [\"build\", \"counts\", \"facts\", \"inputs\", "
        "\"outputs\", \"stages\", \"threads\", \"tool\", \"version\", "
        "\"warnings\"]\n"
        "f = m[\"facts\"]\n"
        "assert not f or f[\"title\"] == \"a \\x22quoted\\x22 \\x5c "
        "name\\twith\\nlines \\x01\"\n"
        "assert not f or f[\"city\"] == f[\"latin1\"]\n"
        "' '%s'";
    (void)state;
    if (system("python3 -c 0 2>/dev/null") != 0)
        skip();
    for (int full = 0; full < 2; full++) {
        kith_job *job = full ? full_job() : new_job(1);
        kith_error err = KITH_ERROR_INIT;
        char path[512], command[2048];
        test_path(path, folder, "manifest.json");
        assert_int_equal(kith_job_manifest(job, path, &err), KITH_OK);
        (void)snprintf(command, sizeof command, script, path);
        assert_int_equal(system(command), 0);
        kith_job_free(job);
    }
}

static void
test_manifest_cannot_be_written(void **state)
{
    kith_job *job = new_job(1);
    kith_error err = KITH_ERROR_INIT;
    char path[512];
    (void)state;
    test_path(path, folder, "file");
    test_write(path, "x", 1);
    test_path(path, folder, "file/manifest.json");
    assert_int_equal(kith_job_manifest(job, path, &err), KITH_ERR_IO);
    kith_job_free(job);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_counts_from_threads),
        cmocka_unit_test(test_facts_and_warnings),
        cmocka_unit_test(test_stages),
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_manifest_text),
        cmocka_unit_test(test_manifest_is_json),
        cmocka_unit_test(test_manifest_cannot_be_written),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
