#include "io/in.h"

#include "../support/files.h"
#include "base/job.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#define TEXT "id,surname\n1,ASH\n2,BECK\n"
enum { N_TEXT = sizeof TEXT - 1 };

static char folder[256];
static char path[512];

static int
setup(void **state)
{
    (void)state;
    test_folder_make(folder);
    test_path(path, folder, "in");
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    test_folder_remove(folder);
    return 0;
}

/* One gzip member. */
static size_t
pack(unsigned char *out, size_t cap, const void *text, size_t n)
{
    z_stream z = {0};
    assert_int_equal(
        deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    memcpy(&z.next_in, &text, sizeof text);
    z.avail_in = (uInt)n;
    z.next_out = out;
    z.avail_out = (uInt)cap;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    const size_t size = cap - z.avail_out;
    assert_int_equal(deflateEnd(&z), Z_OK);
    return size;
}

/* Reads the file in steps of @p step; the text read is in @p out. */
static kith_status
read_all(char *out, size_t cap, size_t step, size_t *total, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_in *in = NULL;
    size_t n = 1;
    *total = 0;
    KITH_TRY(kith_in_open(&in, path, err));
    while (n != 0) {
        assert_true(*total + step <= cap);
        KITH_TRY(kith_in_read(in, out + *total, step, &n, err));
        *total += n;
    }
    assert_int_equal(kith_in_consumed(in), kith_in_size(in));
done:
    kith_in_close(in);
    return status;
}

static void
expect_text(const void *bytes, size_t n, const char *want, size_t n_want)
{
    static const size_t steps[] = {1, 7, 4096};
    char text[8192];
    test_write(path, bytes, n);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        kith_error err = KITH_ERROR_INIT;
        size_t total = 0;
        assert_int_equal(read_all(text, sizeof text, steps[i], &total, &err),
                         KITH_OK);
        assert_int_equal(total, n_want);
        assert_memory_equal(text, want, n_want);
    }
}

static void
expect_damage(const void *bytes, size_t n, const char *what)
{
    char text[8192];
    kith_error err = KITH_ERROR_INIT;
    size_t total = 0;
    test_write(path, bytes, n);
    assert_int_equal(read_all(text, sizeof text, 4096, &total, &err),
                     KITH_ERR_DATA);
    if (strncmp(err.text, path, strlen(path)) != 0 ||
        strstr(err.text, what) == NULL)
        fail_msg("got \"%s\", want \"%s\"", err.text, what);
    assert_true(err.hint[0] != '\0');
}

static void
test_plain(void **state)
{
    (void)state;
    expect_text(TEXT, N_TEXT, TEXT, N_TEXT);
    expect_text("", 0, "", 0);
    expect_text("\x1f", 1, "\x1f", 1);
}

static void
test_gzip_members(void **state)
{
    unsigned char gz[1024];
    (void)state;
    size_t n = pack(gz, sizeof gz, TEXT, N_TEXT);
    expect_text(gz, n, TEXT, N_TEXT);
    n += pack(gz + n, sizeof gz - n, "", 0);
    n += pack(gz + n, sizeof gz - n, TEXT, N_TEXT);
    expect_text(gz, n, TEXT TEXT, 2 * N_TEXT);
    n = pack(gz, sizeof gz, "", 0);
    expect_text(gz, n, "", 0);
}

static void
test_gzip_truncated_anywhere(void **state)
{
    unsigned char gz[1024];
    (void)state;
    const size_t n = pack(gz, sizeof gz, TEXT, N_TEXT);
    for (size_t cut = 2; cut < n; cut++)
        expect_damage(gz, cut, "is truncated");
    const size_t two = n + pack(gz + n, sizeof gz - n, TEXT, N_TEXT);
    for (size_t cut = n + 1; cut < two; cut++)
        expect_damage(gz, cut, "is truncated");
}

static void
test_gzip_corrupt(void **state)
{
    unsigned char gz[1024];
    (void)state;
    const size_t n = pack(gz, sizeof gz, TEXT, N_TEXT);
    /* The checksum and the length are the last eight bytes (RFC 1952). */
    for (size_t i = n - 8; i < n; i++) {
        gz[i] ^= 0x10;
        expect_damage(gz, n, "is corrupt");
        gz[i] ^= 0x10;
    }
    gz[2] = 7; /* no such compression method */
    expect_damage(gz, n, "is corrupt");
}

static void
test_gzip_then_other_bytes(void **state)
{
    unsigned char gz[1024];
    (void)state;
    const size_t n = pack(gz, sizeof gz, TEXT, N_TEXT);
    memcpy(gz + n, "junk", 4);
    expect_damage(gz, n + 4, "is followed by other bytes");
    memcpy(gz + n, "\x1fjunk", 5);
    expect_damage(gz, n + 5, "is corrupt");
}

static void
test_large(void **state)
{
    enum { N = 3000000 };
    char *text = malloc(N + 4096);
    unsigned char *gz = malloc(N + 4096);
    char *back = malloc(N + 100000);
    kith_error err = KITH_ERROR_INIT;
    size_t total = 0;
    (void)state;
    assert_true(text != NULL && gz != NULL && back != NULL);
    for (size_t i = 0; i < N; i++)
        text[i] = (char)(i * i >> 7);
    const size_t n = pack(gz, N + 4096, text, N);
    test_write(path, gz, n);
    assert_int_equal(read_all(back, N + 100000, 100000, &total, &err), KITH_OK);
    assert_int_equal(total, N);
    assert_memory_equal(back, text, N);
    free(back);
    free(gz);
    free(text);
}

static void
test_not_there(void **state)
{
    kith_in *in = NULL;
    kith_error err = KITH_ERROR_INIT;
    char other[512];
    (void)state;
    test_path(other, folder, "no-such-file");
    assert_int_equal(kith_in_open(&in, other, &err), KITH_ERR_IO);
    assert_null(in);
    assert_non_null(strstr(err.text, "No such file"));
    assert_int_equal(kith_in_open(&in, folder, &err), KITH_ERR_IO);
    assert_non_null(strstr(err.text, "is a folder"));
}

/* SHA-256 of "abc": FIPS 180-4's example. */
static void
test_record(void **state)
{
    static const char *const sha =
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    kith_in *in = NULL;
    kith_job *job = NULL;
    kith_error err = KITH_ERROR_INIT;
    const kith_job_params params = {.n_threads = 1, .quiet = true};
    char text[8];
    size_t n = 0;
    (void)state;
    test_write(path, "abc", 3);
    assert_int_equal(kith_job_new(&job, &params, &err), KITH_OK);
    assert_int_equal(kith_in_open(&in, path, &err), KITH_OK);
    do
        assert_int_equal(kith_in_read(in, text, sizeof text, &n, &err),
                         KITH_OK);
    while (n != 0);
    kith_in_record(in, job);
    const kith_job_file *inputs = kith_job_inputs(job, &n);
    assert_int_equal(n, 1);
    assert_string_equal(inputs[0].path, path);
    assert_string_equal(inputs[0].sha256, sha);
    assert_int_equal(inputs[0].n_bytes, 3);
    kith_in_close(in);
    kith_job_free(job);
}

static void
test_slurp(void **state)
{
    char *text = NULL;
    size_t n = 0;
    kith_error err = KITH_ERROR_INIT;
    (void)state;
    test_write(path, TEXT, N_TEXT);
    assert_int_equal(kith_in_slurp(&text, &n, path, N_TEXT, &err), KITH_OK);
    assert_int_equal(n, N_TEXT);
    assert_string_equal(text, TEXT);
    free(text);
    assert_int_equal(kith_in_slurp(&text, &n, path, N_TEXT - 1, &err),
                     KITH_ERR_DATA);
    assert_null(text);
    test_write(path, "", 0);
    assert_int_equal(kith_in_slurp(&text, &n, path, 10, &err), KITH_OK);
    assert_int_equal(n, 0);
    assert_string_equal(text, "");
    free(text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_gzip_members),
        cmocka_unit_test(test_gzip_truncated_anywhere),
        cmocka_unit_test(test_gzip_corrupt),
        cmocka_unit_test(test_gzip_then_other_bytes),
        cmocka_unit_test(test_large),
        cmocka_unit_test(test_not_there),
        cmocka_unit_test(test_record),
        cmocka_unit_test(test_slurp),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
