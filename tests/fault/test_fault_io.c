#include "../support/files.h"
#include "base/job.h"
#include "base/table.h"
#include "fault.h"
#include "io/csv.h"
#include "io/in.h"
#include "io/out.h"
#include "io/rowfile.h"
#include "io/sorter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N_ROWS = 5000, ROW_BYTES = 16 };

static char folder[256];
static char target[512]; /* what a case writes */
static char csv_path[512], gzip_path[512];
static unsigned char rows[N_ROWS * ROW_BYTES];
static unsigned char sorted[N_ROWS * ROW_BYTES];
static size_t n_got; /* rows or bytes that came through */
static size_t n_csv; /* bytes of the CSV; the gzip file has it 1,000 times */

/* A good earlier output lies where the case writes. */
static void
put_old(void)
{
    test_write(target, "old", 3);
}

static void
expect_old(void)
{
    size_t n = 0;
    char *text = test_read(target, &n);
    assert_string_equal(text, "old");
    free(text);
}

/* The two inputs and the target; no temporary file of any kind. */
static void
expect_no_temporary(void)
{
    assert_int_equal(test_folder_count(folder), 3);
}

static int
setup(void **state)
{
    kith_error err = KITH_ERROR_INIT;
    kith_out *o = NULL;
    (void)state;
    test_folder_make(folder);
    test_path(target, folder, "target");
    test_path(csv_path, folder, "in.csv");
    test_path(gzip_path, folder, "in.csv.gz");
    for (size_t i = 0; i < N_ROWS; i++) {
        const size_t key = i * 3571 % N_ROWS;
        rows[i * ROW_BYTES] = sorted[key * ROW_BYTES] =
            (unsigned char)(key >> 8);
        rows[i * ROW_BYTES + 1] = sorted[key * ROW_BYTES + 1] =
            (unsigned char)key;
    }
    static const char csv[] = "id,name\n1,ASH\n2,\"BECK\nX\"\n3,x\"y\n4\n5,Z\n";
    n_csv = sizeof csv - 1;
    test_write(csv_path, csv, n_csv);
    assert_int_equal(kith_out_open(&o, gzip_path, true, &err), KITH_OK);
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(kith_out_write(o, csv, n_csv, &err), KITH_OK);
    assert_int_equal(kith_out_commit(o, NULL, &err), KITH_OK);
    put_old();
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    test_folder_remove(folder);
    return 0;
}

static kith_status
write_rowfile(kith_error *err)
{
    kith_status status = KITH_OK;
    kith_rows_out *o = NULL;
    kith_meta meta = {{0}};
    KITH_TRY(kith_meta_add(&meta, "agency", "gmp", err));
    KITH_TRY(kith_rows_create(&o, target, "pass", ROW_BYTES, &meta, err));
    KITH_TRY(kith_rows_write(o, rows, N_ROWS, err));
    status = kith_rows_commit(o, NULL, err);
    o = NULL;
done:
    kith_rows_abort(o);
    kith_meta_done(&meta);
    return status;
}

static void
check_rowfile(bool succeeded)
{
    expect_no_temporary();
    if (!succeeded) {
        expect_old();
        return;
    }
    static unsigned char back[N_ROWS * ROW_BYTES];
    kith_rows_in *in = NULL;
    kith_error err = KITH_ERROR_INIT;
    assert_int_equal(kith_rows_open(&in, target, "pass", &err), KITH_OK);
    assert_int_equal(kith_rows_read(in, 0, N_ROWS, back, &err), KITH_OK);
    assert_memory_equal(back, rows, sizeof rows);
    kith_rows_close(in);
    put_old();
}

static kith_status
read_rowfile(kith_error *err)
{
    kith_status status = KITH_OK;
    kith_rows_in *in = NULL;
    static unsigned char back[N_ROWS * ROW_BYTES];
    KITH_TRY(kith_rows_open(&in, target, "pass", err));
    KITH_TRY(kith_rows_read(in, 0, N_ROWS, back, err));
    n_got = kith_rows_count(in);
done:
    kith_rows_close(in);
    return status;
}

static void
check_rows_read(bool succeeded)
{
    if (succeeded)
        assert_int_equal(n_got, N_ROWS);
}

static kith_status
collect(void *ctx, const void *batch, size_t n, kith_error *err)
{
    unsigned char *to = ctx;
    if (n_got + n > N_ROWS)
        return kith_error_set(err, KITH_ERR_INTERNAL, "too many rows");
    memcpy(to + n_got * ROW_BYTES, batch, n * ROW_BYTES);
    n_got += n;
    return KITH_OK;
}

static unsigned char sorter_gave[N_ROWS * ROW_BYTES];

static kith_status
sort_with_spill(kith_error *err)
{
    kith_status status = KITH_OK;
    kith_sorter *s = NULL;
    n_got = 0;
    /* No budget: the least the sorter works with, 1,024 rows. */
    KITH_TRY(kith_sorter_new(&s, ROW_BYTES, 8, 0, folder, err));
    KITH_TRY(kith_sorter_add(s, rows, N_ROWS, err));
    KITH_TRY(kith_sorter_finish(s, collect, sorter_gave, err));
done:
    kith_sorter_free(s);
    return status;
}

static void
check_sorted(bool succeeded)
{
    expect_no_temporary();
    if (!succeeded)
        return;
    assert_int_equal(n_got, N_ROWS);
    assert_memory_equal(sorter_gave, sorted, sizeof sorted);
}

static kith_status
read_csv(kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_csv_params params = kith_csv_params_default();
    kith_csv *csv = NULL;
    kith_csv_batch b = {0};
    uint32_t column = 0;
    n_got = 0;
    KITH_TRY(kith_csv_open(&csv, csv_path, &params, err));
    KITH_TRY(kith_csv_column(csv, "NAME", &column, err));
    do {
        KITH_TRY(kith_csv_next(csv, &b, err));
        n_got += b.n_rows + 10 * b.n_problems;
    } while (b.n_rows + b.n_problems != 0);
done:
    kith_csv_batch_done(&b);
    kith_csv_close(csv);
    return status;
}

static void
check_csv(bool succeeded)
{
    if (succeeded)
        assert_int_equal(n_got, 3 + 10 * 2);
}

static kith_status
read_gzip(kith_error *err)
{
    kith_status status = KITH_OK;
    char *text = NULL;
    size_t n = 0;
    KITH_TRY(kith_in_slurp(&text, &n, gzip_path, 1 << 20, err));
    n_got = n;
done:
    free(text);
    return status;
}

static void
check_gzip(bool succeeded)
{
    if (succeeded)
        assert_int_equal(n_got, 1000 * n_csv);
}

static kith_status
write_gzip(kith_error *err)
{
    kith_status status = KITH_OK;
    kith_out *o = NULL;
    KITH_TRY(kith_out_open(&o, target, true, err));
    KITH_TRY(kith_out_write(o, rows, sizeof rows, err));
    KITH_TRY(kith_out_csv(o, kith_str_of("a,b"), '\n', err));
    KITH_TRY(kith_out_printf(o, err, "%d\n", 7));
    status = kith_out_commit(o, NULL, err);
    o = NULL;
done:
    kith_out_abort(o);
    return status;
}

static void
check_target(bool succeeded)
{
    expect_no_temporary();
    if (!succeeded)
        expect_old();
    put_old();
}

/* Counts cannot fail aloud; the manifest must then refuse to be written. */
static kith_status
write_manifest(kith_error *err)
{
    kith_status status = KITH_OK;
    kith_job *job = NULL;
    const kith_job_params params = {.n_threads = 3, .quiet = true};
    KITH_TRY(kith_job_new(&job, &params, err));
    kith_job_stage(job, "encode", "gmp", 0, "rows");
    kith_job_count(job, "gmp", "rows_read", 5);
    kith_job_stage_end(job);
    kith_job_fact(job, "epoch", "2026-q1");
    kith_job_warn(job, "a warning");
    kith_job_input(job, csv_path, "00", 1);
    kith_job_output(job, gzip_path, "00", 1);
    KITH_TRY(kith_job_manifest(job, target, err));
done:
    kith_job_free(job);
    return status;
}

static void
check_manifest(bool succeeded)
{
    static const char *const parts[] = {"\"rows_read\"", "\"epoch\"",
                                        "\"a warning\"", "\"in.csv\"",
                                        "\"in.csv.gz\"", "\"seconds\""};
    size_t n = 0;
    expect_no_temporary();
    if (!succeeded) {
        expect_old();
        return;
    }
    char *text = test_read(target, &n);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        assert_non_null(strstr(text, parts[i]));
    free(text);
    put_old();
}

static kith_status
fill_tables(kith_error *err)
{
    kith_status status = KITH_OK;
    kith_map64 map = {0};
    kith_dict dict = {0};
    n_got = 0;
    for (uint32_t i = 0; i < 200; i++) {
        char name[16];
        uint32_t index = 0;
        (void)snprintf(name, sizeof name, "n%u", (unsigned)i);
        KITH_TRY(kith_map64_put(&map, i, i, err));
        KITH_TRY(kith_dict_add(&dict, kith_str_of(name), &index, err));
        n_got += index == i && kith_map64_get(&map, i, &index) && index == i;
    }
done:
    kith_map64_done(&map);
    kith_dict_done(&dict);
    return status;
}

static void
check_tables(bool succeeded)
{
    if (succeeded)
        assert_int_equal(n_got, 200);
}

static const fault_case CASES[] = {
    {"row file, write", write_rowfile, check_rowfile},
    {"sort with spill", sort_with_spill, check_sorted},
    {"csv, read", read_csv, check_csv},
    {"gzip, read", read_gzip, check_gzip},
    {"gzip, write", write_gzip, check_target},
    {"manifest", write_manifest, check_manifest},
    {"tables", fill_tables, check_tables},
};

static void
test_every_call_fails_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        fault_loop(&CASES[i]);
}

static void
test_row_file_read(void **state)
{
    static const fault_case c = {"row file, read", read_rowfile,
                                 check_rows_read};
    kith_error err = KITH_ERROR_INIT;
    (void)state;
    assert_int_equal(write_rowfile(&err), KITH_OK);
    fault_loop(&c);
    put_old();
}

/* A write may take less than it was given. */
static void
test_short_writes(void **state)
{
    kith_error err = KITH_ERROR_INIT;
    (void)state;
    fault_short_writes(true);
    const kith_status wrote = write_rowfile(&err);
    const kith_status sorts = sort_with_spill(&err);
    fault_short_writes(false);
    assert_int_equal(wrote, KITH_OK);
    assert_int_equal(sorts, KITH_OK);
    check_rowfile(true);
    check_sorted(true);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_call_fails_once),
        cmocka_unit_test(test_row_file_read),
        cmocka_unit_test(test_short_writes),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
