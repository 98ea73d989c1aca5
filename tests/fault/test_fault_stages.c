/*
 * Every stage over a small extract, with each call failing once: what is
 * written is whole and as it should be, or is not there.
 */
#include "../support/encoded.h"
#include "../support/files.h"
#include "../support/tree.h"
#include "fault.h"

#include <kith/cluster.h>
#include <kith/family.h>
#include <kith/flag.h>
#include <kith/match.h>
#include <kith/train.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static test_encoded encoded; /* a good run of encode: the stages' input */
static char reference[256];  /* what a stage writes when nothing fails */
static char out[256];        /* what it writes now */
static char model_path[512];
static kith_model *model;

static kith_status
new_job(kith_job **job, kith_error *err)
{
    kith_job_params params = kith_job_params_default();
    params.n_threads = 2;
    params.quiet = true;
    return kith_job_new(job, &params, err);
}

typedef kith_status (*stage_fn)(const char *to, kith_job *job, kith_error *err);
static stage_fn stage; /* under test */

static kith_status
run_encode(const char *to, kith_job *job, kith_error *err)
{
    kith_encode_params p = encoded.params;
    p.out = to;
    return kith_encode(&p, job, err);
}

static kith_status
run_train(const char *to, kith_job *job, kith_error *err)
{
    char passes[512], file[512];
    kith_train_params p = kith_train_params_default();
    test_path(passes, encoded.folder, "passes");
    test_path(file, to, "model.yaml");
    p.spec = encoded.spec;
    p.passes = passes;
    p.out = file;
    return kith_train(&p, job, err);
}

static kith_status
run_match(const char *to, kith_job *job, kith_error *err)
{
    char passes[512];
    kith_match_params p = kith_match_params_default();
    test_path(passes, encoded.folder, "passes");
    p.spec = encoded.spec;
    p.model = model;
    p.passes = passes;
    p.out = to;
    return kith_match(&p, job, err);
}

static kith_status
run_cluster(const char *to, kith_job *job, kith_error *err)
{
    char pairs[512], refs[512];
    kith_cluster_params p = kith_cluster_params_default();
    test_path(pairs, encoded.folder, "pairs");
    test_path(refs, encoded.folder, "refs");
    p.spec = encoded.spec;
    p.pairs = pairs;
    p.refs = refs;
    p.out = to;
    return kith_cluster(&p, job, err);
}

static kith_status
run_family(const char *to, kith_job *job, kith_error *err)
{
    char persons[512], payload[512];
    kith_family_params p = kith_family_params_default();
    test_path(persons, encoded.folder, "results/persons.csv");
    test_path(payload, encoded.folder, "payload");
    p.persons = persons;
    p.payload = payload;
    p.out = to;
    return kith_family(&p, job, err);
}

static kith_status
run_flag(const char *to, kith_job *job, kith_error *err)
{
    char results[512], payload[512], criteria[512];
    const char *fixtures = getenv("KITH_FIXTURES");
    const char *const files[] = {criteria};
    kith_flag_params p = kith_flag_params_default();
    test_path(results, encoded.folder, "results");
    test_path(payload, encoded.folder, "payload");
    test_path(criteria, fixtures != NULL ? fixtures : "fixtures",
              "criteria/troubled_families_2.criteria");
    p.results = results;
    p.payload = payload;
    p.criteria = files;
    p.n_criteria = 1;
    p.reference_date = "2026-03-31";
    p.out = to;
    return kith_flag(NULL, &p, job, err);
}

static kith_status
run_stage(kith_error *err)
{
    kith_job *job = NULL;
    kith_status status = new_job(&job, err);
    if (status == KITH_OK)
        status = stage(out, job, err);
    kith_job_free(job);
    return status;
}

static void
check_stage(bool succeeded)
{
    test_tree_expect(out, reference, succeeded);
    test_tree_empty(out);
}

/* The stage's good output goes to @p to, for the stages after it. */
static void
write_good(stage_fn fn, const char *to)
{
    kith_error err = KITH_ERROR_INIT;
    kith_job *job = NULL;
    assert_int_equal(new_job(&job, &err), KITH_OK);
    if (fn(to, job, &err) != KITH_OK)
        fail_msg("%s", err.text);
    kith_job_free(job);
}

static void
fail_each_call(const char *name, stage_fn fn)
{
    const fault_case c = {name, run_stage, check_stage};
    stage = fn;
    test_tree_empty(reference);
    test_tree_empty(out);
    write_good(fn, reference);
    fault_loop(&c);
}

static int
setup(void **state)
{
    kith_error err = KITH_ERROR_INIT;
    char path[512];
    (void)state;
    /* Thousands of small files, each synced: best in memory. */
    if (access("/dev/shm", W_OK) == 0)
        assert_int_equal(setenv("TMPDIR", "/dev/shm", 0), 0);
    test_folder_make(reference);
    test_folder_make(out);
    test_encoded_well(&encoded, 2);
    write_good(run_train, encoded.folder);
    test_path(model_path, encoded.folder, "model.yaml");
    assert_int_equal(kith_model_load(&model, model_path, encoded.spec, &err),
                     KITH_OK);
    test_path(path, encoded.folder, "pairs");
    write_good(run_match, path);
    test_path(path, encoded.folder, "results");
    write_good(run_cluster, path);
    write_good(run_family, path);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    kith_model_free(model);
    test_encoded_done(&encoded);
    test_folder_remove(reference);
    test_folder_remove(out);
    return 0;
}

static void
test_encode_faults(void **state)
{
    (void)state;
    fail_each_call("encode", run_encode);
}

static void
test_train_faults(void **state)
{
    (void)state;
    fail_each_call("train", run_train);
}

static void
test_match_faults(void **state)
{
    (void)state;
    fail_each_call("match", run_match);
}

static void
test_cluster_faults(void **state)
{
    (void)state;
    fail_each_call("cluster", run_cluster);
}

static void
test_family_faults(void **state)
{
    (void)state;
    fail_each_call("family", run_family);
}

static void
test_flag_faults(void **state)
{
    (void)state;
    fail_each_call("flag", run_flag);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_encode_faults),
        cmocka_unit_test(test_train_faults),
        cmocka_unit_test(test_match_faults),
        cmocka_unit_test(test_cluster_faults),
        cmocka_unit_test(test_family_faults),
        cmocka_unit_test(test_flag_faults),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
