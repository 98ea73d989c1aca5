#include "io/rowfile.h"

#include "../support/files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char folder[256];
static char path[512];

static int
setup(void **state)
{
    (void)state;
    test_folder_make(folder);
    test_path(path, folder, "rows");
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    test_folder_remove(folder);
    return 0;
}

/* Row @p i of any file here: its number, then bytes that depend on it. */
static void
make_row(unsigned char *row, size_t row_bytes, uint64_t i)
{
    for (size_t k = 0; k < row_bytes; k++)
        row[k] = (unsigned char)(k < 8 ? i >> (8 * (7 - k)) : i * 31 + k);
}

/* Writes @p n rows, in calls of growing size. */
static void
write_rows(size_t row_bytes, uint64_t n)
{
    kith_rows_out *o = NULL;
    kith_meta meta = {{0}};
    kith_error err = KITH_ERROR_INIT;
    unsigned char *rows = malloc(row_bytes * (size_t)(n + 1));
    assert_non_null(rows);
    assert_int_equal(kith_meta_add(&meta, "agency", "gmp", &err), KITH_OK);
    for (uint64_t i = 0; i < n; i++)
        make_row(rows + i * row_bytes, row_bytes, i);
    assert_int_equal(kith_rows_create(&o, path, "pass", row_bytes, &meta, &err),
                     KITH_OK);
    for (uint64_t at = 0, step = 0; at < n; at += step, step = step * 2 + 1) {
        if (step > n - at)
            step = n - at;
        assert_int_equal(
            kith_rows_write(o, rows + at * row_bytes, (size_t)step, &err),
            KITH_OK);
    }
    assert_int_equal(kith_rows_commit(o, NULL, &err), KITH_OK);
    kith_meta_done(&meta);
    free(rows);
}

static void
expect_rows(const kith_rows_in *in, uint64_t first, size_t n)
{
    const size_t row_bytes = kith_rows_bytes(in);
    kith_error err = KITH_ERROR_INIT;
    unsigned char *rows = malloc(row_bytes * (n + 1));
    unsigned char *want = malloc(row_bytes);
    assert_true(rows != NULL && want != NULL);
    assert_int_equal(kith_rows_read(in, first, n, rows, &err), KITH_OK);
    for (size_t i = 0; i < n; i++) {
        make_row(want, row_bytes, first + i);
        assert_memory_equal(rows + i * row_bytes, want, row_bytes);
    }
    free(want);
    free(rows);
}

static void
test_round_trip(void **state)
{
    static const struct {
        size_t row_bytes;
        uint64_t n;
    } cases[] = {{16, 0},     {16, 1},     {16, 16384},
                 {16, 16385}, {16, 50000}, {1, 300000},
                 {100, 9999}, {200000, 3}, {262144, 2}};
    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        kith_rows_in *in = NULL;
        kith_error err = KITH_ERROR_INIT;
        unsigned char lead[8] = {0}, want[8] = {0};
        const uint64_t n = cases[c].n;
        write_rows(cases[c].row_bytes, n);
        assert_int_equal(kith_rows_open(&in, path, "pass", &err), KITH_OK);
        assert_int_equal(kith_rows_count(in), n);
        assert_int_equal(kith_rows_bytes(in), cases[c].row_bytes);
        assert_string_equal(kith_rows_path(in), path);
        assert_true(
            kith_str_equal(kith_meta_get(kith_rows_meta(in), "agency"), "gmp"));
        expect_rows(in, 0, (size_t)n);
        expect_rows(in, n, 0);
        if (n > 2) {
            expect_rows(in, n / 2, (size_t)(n - n / 2));
            expect_rows(in, n - 1, 1);
            expect_rows(in, n / 3, 1);
        }
        const size_t some = cases[c].row_bytes < 8 ? 1 : 8;
        if (n > 0) {
            assert_int_equal(kith_rows_peek(in, n - 1, lead, some, &err),
                             KITH_OK);
            make_row(want, some, n - 1);
            assert_memory_equal(lead, want, some);
        }
        kith_rows_close(in);
    }
}

static void
test_frames(void **state)
{
    enum { ROW = 16, N = 40000 };
    kith_rows_in *in = NULL;
    kith_error err = KITH_ERROR_INIT;
    uint64_t total = 0;
    size_t n = 1;
    (void)state;
    write_rows(ROW, N);
    assert_int_equal(kith_rows_open(&in, path, NULL, &err), KITH_OK);
    const size_t per = kith_rows_per_frame(in);
    unsigned char *rows = malloc(per * ROW);
    assert_non_null(rows);
    for (uint64_t f = 0; n != 0; f++) {
        assert_int_equal(kith_rows_frame(in, f, rows, &n, &err), KITH_OK);
        /* Every frame but the last is full. */
        assert_true(n == per || total + n == N);
        total += n;
    }
    assert_int_equal(total, N);
    free(rows);
    kith_rows_close(in);
}

static void
test_asking_past_the_end(void **state)
{
    kith_rows_in *in = NULL;
    kith_error err = KITH_ERROR_INIT;
    unsigned char rows[64];
    (void)state;
    write_rows(16, 3);
    assert_int_equal(kith_rows_open(&in, path, NULL, &err), KITH_OK);
    assert_int_equal(kith_rows_read(in, 1, 3, rows, &err), KITH_ERR_INTERNAL);
    assert_int_equal(kith_rows_read(in, 4, 0, rows, &err), KITH_ERR_INTERNAL);
    assert_int_equal(kith_rows_peek(in, 3, rows, 1, &err), KITH_ERR_INTERNAL);
    assert_int_equal(kith_rows_peek(in, 0, rows, 17, &err), KITH_ERR_INTERNAL);
    kith_rows_close(in);
    assert_int_equal(kith_rows_open(&in, path, "pairs", &err), KITH_ERR_DATA);
    assert_non_null(strstr(err.text, "not a pairs file"));
}

/* Opens and reads the file; the status of what failed, or KITH_OK. */
static kith_status
read_whole(kith_error *err)
{
    kith_status status = KITH_OK;
    kith_rows_in *in = NULL;
    unsigned char *rows = NULL;
    KITH_TRY(kith_rows_open(&in, path, "pass", err));
    rows = malloc(kith_rows_bytes(in) * (size_t)kith_rows_count(in) + 1);
    assert_non_null(rows);
    KITH_TRY(kith_rows_read(in, 0, (size_t)kith_rows_count(in), rows, err));
done:
    free(rows);
    kith_rows_close(in);
    return status;
}

static void
expect_refused(const void *bytes, size_t n)
{
    kith_error err = KITH_ERROR_INIT;
    test_write(path, bytes, n);
    const kith_status status = read_whole(&err);
    assert_true(status == KITH_ERR_DATA || status == KITH_ERR_MISMATCH);
    assert_int_equal(strncmp(err.text, path, strlen(path)), 0);
}

static void
test_truncated_anywhere(void **state)
{
    size_t n = 0;
    (void)state;
    write_rows(16, 5);
    char *bytes = test_read(path, &n);
    for (size_t cut = 0; cut < n; cut++)
        expect_refused(bytes, cut);
    free(bytes);
}

static void
test_any_flipped_bit(void **state)
{
    kith_error err = KITH_ERROR_INIT;
    size_t n = 0;
    (void)state;
    write_rows(16, 5);
    unsigned char *bytes = test_read(path, &n);
    for (size_t bit = 0; bit < 8 * n; bit++) {
        bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
        expect_refused(bytes, n);
        bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
    }
    test_write(path, bytes, n);
    assert_int_equal(read_whole(&err), KITH_OK);
    free(bytes);
}

/* Frames that are whole, but not in the order they were written in. */
static void
test_swapped_frames(void **state)
{
    enum { ROW = 200000, HEAD = 16, FRAME = HEAD + ROW, FOOTER = 32 };
    size_t n = 0;
    (void)state;
    write_rows(ROW, 3);
    unsigned char *bytes = test_read(path, &n);
    unsigned char *other = malloc(n);
    assert_non_null(other);
    memcpy(other, bytes, n);
    const size_t begin = n - FOOTER - 3 * (size_t)FRAME;
    memcpy(other + begin, bytes + begin + FRAME, FRAME);
    memcpy(other + begin + FRAME, bytes + begin, FRAME);
    expect_refused(other, n);
    free(other);
    free(bytes);
}

static void
test_bytes_added(void **state)
{
    size_t n = 0;
    (void)state;
    write_rows(16, 5);
    unsigned char *bytes = test_read(path, &n);
    unsigned char *longer = calloc(1, n + 16);
    assert_non_null(longer);
    memcpy(longer, bytes, n);
    expect_refused(longer, n + 1);
    expect_refused(longer, n + 16);
    free(longer);
    free(bytes);
}

static void
test_abort_leaves_nothing(void **state)
{
    kith_rows_out *o = NULL;
    kith_error err = KITH_ERROR_INIT;
    (void)state;
    assert_int_equal(kith_rows_create(&o, path, "pass", 16, NULL, &err),
                     KITH_OK);
    assert_int_equal(kith_rows_write(o, "0123456789abcdef", 1, &err), KITH_OK);
    kith_rows_abort(o);
    kith_rows_abort(NULL);
    assert_int_equal(test_folder_count(folder), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_round_trip, setup, teardown),
        cmocka_unit_test_setup_teardown(test_frames, setup, teardown),
        cmocka_unit_test_setup_teardown(test_asking_past_the_end, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_truncated_anywhere, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_any_flipped_bit, setup, teardown),
        cmocka_unit_test_setup_teardown(test_swapped_frames, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bytes_added, setup, teardown),
        cmocka_unit_test_setup_teardown(test_abort_leaves_nothing, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
