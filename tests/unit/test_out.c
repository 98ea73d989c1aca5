#include "io/out.h"

#include "../support/files.h"
#include "base/job.h"
#include "io/in.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[256];
static char path[512];

static int
setup(void **state)
{
    (void)state;
    test_folder_make(folder);
    test_path(path, folder, "out.csv");
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    test_folder_remove(folder);
    return 0;
}

static void
expect_file(const char *file, const char *want)
{
    size_t n = 0;
    char *text = test_read(file, &n);
    assert_string_equal(text, want);
    assert_int_equal(n, strlen(want));
    free(text);
}

/* Begins an output with the text "new". */
static kith_out *
begin(void)
{
    kith_out *o = NULL;
    kith_error err = KITH_ERROR_INIT;
    assert_int_equal(kith_out_open(&o, path, false, &err), KITH_OK);
    assert_int_equal(kith_out_write(o, "new", 3, &err), KITH_OK);
    return o;
}

static void
test_whole_or_not_at_all(void **state)
{
    kith_error err = KITH_ERROR_INIT;
    struct stat st;
    (void)state;
    kith_out *o = begin();
    assert_false(test_exists(path));
    kith_out_abort(o);
    assert_int_equal(test_folder_count(folder), 0);

    test_write(path, "old", 3);
    o = begin();
    expect_file(path, "old");
    kith_out_abort(o);
    expect_file(path, "old");
    assert_int_equal(test_folder_count(folder), 1);

    o = begin();
    assert_int_equal(kith_out_commit(o, NULL, &err), KITH_OK);
    expect_file(path, "new");
    assert_int_equal(test_folder_count(folder), 1);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    kith_out_abort(NULL);
}

/* What a killed run left must not stop the next. */
static void
test_leftover_is_taken_over(void **state)
{
    kith_error err = KITH_ERROR_INIT;
    char temporary[512];
    (void)state;
    test_path(temporary, folder, ".out.csv.tmp");
    test_write(temporary, "half of a longer file", 21);
    assert_int_equal(kith_out_commit(begin(), NULL, &err), KITH_OK);
    expect_file(path, "new");
    assert_false(test_exists(temporary));
}

/* What lies where the temporary file goes, open to all or a link to another
 * file, gets nothing of what is written. */
static void
test_nobody_lies_in_wait(void **state)
{
    (void)state;
    char temporary[512], other[512];
    struct stat st;
    kith_error err = KITH_ERROR_INIT;
    test_path(temporary, folder, ".out.csv.tmp");
    test_path(other, folder, "other");
    test_write(temporary, "old", 3);
    assert_int_equal(chmod(temporary, 0666), 0);
    assert_int_equal(kith_out_commit(begin(), NULL, &err), KITH_OK);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    test_write(other, "old", 3);
    assert_int_equal(symlink(other, temporary), 0);
    assert_int_equal(kith_out_commit(begin(), NULL, &err), KITH_OK);
    expect_file(other, "old");
    expect_file(path, "new");
    assert_int_equal(lstat(path, &st), 0);
    assert_true(S_ISREG(st.st_mode));
}

/* Pieces small and large, some of which pass the buffer by, and enough of
 * them for the disk to be asked meanwhile. */
static void
test_large_file(void **state)
{
    enum { ALL = 20 << 20 };
    kith_error err = KITH_ERROR_INIT;
    kith_out *o = NULL;
    (void)state;
    char *bytes = malloc(ALL);
    assert_non_null(bytes);
    for (size_t i = 0; i < ALL; i++)
        bytes[i] = (char)(i * 2654435761u >> 13);
    assert_int_equal(kith_out_open(&o, path, false, &err), KITH_OK);
    for (size_t at = 0, n = 1; at < ALL; at += n, n = n * 7 % 99991) {
        n = n < ALL - at ? n : ALL - at;
        assert_int_equal(kith_out_write(o, bytes + at, n, &err), KITH_OK);
    }
    assert_int_equal(kith_out_commit(o, NULL, &err), KITH_OK);
    size_t n = 0;
    char *written = test_read(path, &n);
    assert_int_equal(n, ALL);
    assert_true(memcmp(written, bytes, ALL) == 0);
    free(written);
    free(bytes);
}

static void
test_makes_folders(void **state)
{
    kith_out *o = NULL;
    kith_error err = KITH_ERROR_INIT;
    char deep[512];
    struct stat st;
    (void)state;
    test_path(deep, folder, "a/b/c.csv");
    assert_int_equal(kith_out_open(&o, deep, false, &err), KITH_OK);
    assert_int_equal(kith_out_commit(o, NULL, &err), KITH_OK);
    expect_file(deep, "");
    test_path(deep, folder, "a");
    assert_int_equal(stat(deep, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
}

static void
test_csv_fields(void **state)
{
    static const char *const fields[] = {
        "plain", "", "a,b", "say \"hi\"", "\"", "two\nlines", " blank ", "x;y"};
    kith_error err = KITH_ERROR_INIT;
    kith_out *o = NULL;
    (void)state;
    assert_int_equal(kith_out_open(&o, path, false, &err), KITH_OK);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        assert_int_equal(
            kith_out_csv(o, kith_str_of(fields[i]),
                         i + 1 == sizeof fields / sizeof *fields ? '\n' : ',',
                         &err),
            KITH_OK);
    assert_int_equal(kith_out_printf(o, &err, "%d%s", 7, ",x\n"), KITH_OK);
    assert_int_equal(kith_out_commit(o, NULL, &err), KITH_OK);
    expect_file(path,
                "plain,,\"a,b\",\"say \"\"hi\"\"\",\"\"\"\",\"two\nlines\","
                "\" blank \",\"x;y\"\n7,x\n");
}

static void
test_too_long_a_line(void **state)
{
    kith_error err = KITH_ERROR_INIT;
    kith_out *o = begin();
    char text[4000];
    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_int_equal(kith_out_printf(o, &err, "%s", text), KITH_ERR_INTERNAL);
    kith_out_abort(o);
}

/* A gzip output reads back, whatever the size of the writes. */
static void
test_gzip_round_trip(void **state)
{
    enum { N = 1000000 };
    kith_error err = KITH_ERROR_INIT;
    kith_out *o = NULL;
    char *bytes = malloc(N), *back = NULL;
    size_t n = 0;
    (void)state;
    assert_non_null(bytes);
    for (size_t i = 0; i < N; i++)
        bytes[i] = (char)(i * i >> 9);
    assert_int_equal(kith_out_open(&o, path, true, &err), KITH_OK);
    for (size_t at = 0, step = 1; at < N; at += step, step = step * 3 + 1) {
        if (step > N - at)
            step = N - at;
        assert_int_equal(kith_out_write(o, bytes + at, step, &err), KITH_OK);
    }
    assert_int_equal(kith_out_commit(o, NULL, &err), KITH_OK);
    assert_int_equal(kith_in_slurp(&back, &n, path, N, &err), KITH_OK);
    assert_int_equal(n, N);
    assert_memory_equal(back, bytes, N);
    free(back);
    free(bytes);
}

/* SHA-256 of "abc": FIPS 180-4's example. */
static void
test_record(void **state)
{
    kith_error err = KITH_ERROR_INIT;
    kith_out *o = NULL;
    kith_job *job = NULL;
    const kith_job_params params = {.n_threads = 1, .quiet = true};
    size_t n = 0;
    (void)state;
    assert_int_equal(kith_job_new(&job, &params, &err), KITH_OK);
    assert_int_equal(kith_out_open(&o, path, false, &err), KITH_OK);
    assert_int_equal(kith_out_write(o, "ab", 2, &err), KITH_OK);
    assert_int_equal(kith_out_write(o, "c", 1, &err), KITH_OK);
    assert_int_equal(kith_out_commit(o, job, &err), KITH_OK);
    const kith_job_file *outputs = kith_job_outputs(job, &n);
    assert_int_equal(n, 1);
    assert_string_equal(outputs[0].path, path);
    assert_int_equal(outputs[0].n_bytes, 3);
    assert_string_equal(
        outputs[0].sha256,
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    kith_job_free(job);
}

static void
test_unwritable(void **state)
{
    kith_error err = KITH_ERROR_INIT;
    kith_out *o = NULL;
    char below[512];
    (void)state;
    /* A file where a folder should be: refused even to root. */
    test_write(path, "x", 1);
    test_path(below, folder, "out.csv/more.csv");
    assert_int_equal(kith_out_open(&o, below, false, &err), KITH_ERR_IO);
    assert_null(o);
    expect_file(path, "x");
    assert_int_equal(unlink(path), 0);

    /* Root may write everywhere: become somebody else for a moment. */
    const bool root = geteuid() == 0;
    assert_int_equal(chmod(folder, 0555), 0);
    if (root)
        assert_int_equal(seteuid(65534), 0);
    const kith_status status = kith_out_open(&o, path, false, &err);
    if (root)
        assert_int_equal(seteuid(0), 0);
    assert_int_equal(chmod(folder, 0700), 0);
    assert_int_equal(status, KITH_ERR_IO);
    assert_non_null(strstr(err.text, "Permission denied"));
    assert_string_equal(err.hint, "check the folder's owner and permissions");
    assert_int_equal(test_folder_count(folder), 0);
}

/* A file system of 64 KiB; only root can make one. */
static void
test_full_disk(void **state)
{
    enum { N = 1 << 20 };
    kith_error err = KITH_ERROR_INIT;
    kith_out *o = NULL;
    char disk[512], file[1024];
    (void)state;
    test_path(disk, folder, "disk");
    assert_int_equal(mkdir(disk, 0700), 0);
    if (mount("tmpfs", disk, "tmpfs", 0, "size=64k") != 0) {
        assert_int_equal(rmdir(disk), 0);
        print_message("cannot mount a small file system here\n");
        skip();
    }
    (void)strcat(strcpy(file, disk), "/big");
    char *bytes = calloc(1, N);
    assert_non_null(bytes);
    test_write(file, "old", 3);
    assert_int_equal(kith_out_open(&o, file, false, &err), KITH_OK);
    kith_status status = kith_out_write(o, bytes, N, &err);
    if (status == KITH_OK)
        status = kith_out_commit(o, NULL, &err);
    else
        kith_out_abort(o);
    free(bytes);
    assert_int_equal(status, KITH_ERR_IO);
    assert_non_null(strstr(err.text, "No space left"));
    assert_non_null(strstr(err.hint, "free some space"));
    expect_file(file, "old");
    assert_int_equal(test_folder_count(disk), 1);
    assert_int_equal(umount(disk), 0);
    assert_int_equal(rmdir(disk), 0);
}

static void
test_path_join(void **state)
{
    static const char *const cases[][3] = {
        {"a", "b", "a/b"}, {"a/", "b", "a/b"}, {"", "b", "b"},
        {"a", "/b", "/b"}, {"/", "b", "/b"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kith_error err = KITH_ERROR_INIT;
        char *joined = NULL;
        assert_int_equal(
            kith_path_join(&joined, cases[i][0], cases[i][1], &err), KITH_OK);
        assert_string_equal(joined, cases[i][2]);
        free(joined);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_whole_or_not_at_all, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_leftover_is_taken_over, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_nobody_lies_in_wait, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_large_file, setup, teardown),
        cmocka_unit_test_setup_teardown(test_makes_folders, setup, teardown),
        cmocka_unit_test_setup_teardown(test_csv_fields, setup, teardown),
        cmocka_unit_test_setup_teardown(test_too_long_a_line, setup, teardown),
        cmocka_unit_test_setup_teardown(test_gzip_round_trip, setup, teardown),
        cmocka_unit_test_setup_teardown(test_record, setup, teardown),
        cmocka_unit_test_setup_teardown(test_unwritable, setup, teardown),
        cmocka_unit_test_setup_teardown(test_full_disk, setup, teardown),
        cmocka_unit_test(test_path_join),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
