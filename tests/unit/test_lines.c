/* Pieces of whole lines: what they hold, whatever the size of the file. */
#include "../support/files.h"
#include "base/alloc.h"
#include "io/lines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
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
    test_path(path, folder, "in.csv");
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    test_folder_remove(folder);
    return 0;
}

/* Columns c and a of every row: "c/a c/a "; "!" where reading stops. */
static void
expect_rows(const char *bytes, const char *expected)
{
    static const char *const wanted[] = {"c", "a"};
    kith_error err = KITH_ERROR_INIT;
    kith_lines *l = NULL;
    kith_buffer text = {0};
    kith_buffer got = {0};
    kith_str rest = {NULL, 0};
    test_write(path, bytes, strlen(bytes));
    assert_int_equal(kith_lines_open(&l, path, wanted, 2, &err), KITH_OK);
    do {
        kith_str f[2];
        assert_int_equal(kith_lines_next(l, &text, &err), KITH_OK);
        rest = (kith_str){text.data, text.len};
        while (kith_lines_row(l, &rest, f))
            assert_int_equal(kith_buffer_printf(&got, &err, "%.*s/%.*s ",
                                                (int)f[0].len, f[0].data,
                                                (int)f[1].len, f[1].data),
                             KITH_OK);
    } while (text.len > 0 && rest.len == 0);
    if (rest.len > 0)
        assert_int_equal(kith_buffer_add(&got, "!", 1, &err), KITH_OK);
    assert_string_equal(got.data != NULL ? got.data : "", expected);
    kith_buffer_done(&text);
    kith_buffer_done(&got);
    kith_lines_close(l);
}

static void
fields_are_those_wanted(void **state)
{
    (void)state;
    expect_rows("a,b,c\n1,2,3\n4,5,6\n", "3/1 6/4 ");
    expect_rows("c,a\n1,2\n", "1/2 ");
    expect_rows("\xEF\xBB\xBF"
                "a,b,c\r\n1,2,3\r\n",
                "3/1 ");
    expect_rows("a,b,c\n\n1,2,3\n\n", "3/1 ");
    expect_rows("a,b,c\n1,,", "/1 ");
    expect_rows("a,b,c\n,,\n", "/ ");
    expect_rows("a,b,c\n\"1\",2,\"3\"\n", "3/1 ");
    expect_rows("a,b,c\n", "");
}

static void
bad_rows_stop_it(void **state)
{
    (void)state;
    expect_rows("a,b,c\n1,2,3\n1,2\n1,2,3\n", "3/1 !");
    expect_rows("a,b,c\n1,2,3,4\n", "!");
    expect_rows("a,b,c\n1,2,3,\n", "!");
    expect_rows("a,b,c\n\"1\"x,2,3\n", "!");
    expect_rows("a,b,c\n\"1,2,3\n", "!");
}

static void
refusal_says_where(void **state)
{
    (void)state;
    static const char *const wanted[] = {"a"};
    static const struct {
        const char *bytes;
        const char *says;
    } cases[] = {{"a,b\n1,2\n3\n", ":3: ragged_row"},
                 {"a,b\n\"1\"\"\",2\n", ": a row kith did not write"}};
    for (size_t i = 0; i < 2; i++) {
        kith_error err = KITH_ERROR_INIT;
        kith_lines *l = NULL;
        test_write(path, cases[i].bytes, strlen(cases[i].bytes));
        assert_int_equal(kith_lines_open(&l, path, wanted, 1, &err), KITH_OK);
        assert_int_equal(kith_lines_refuse(l, &err), KITH_ERR_DATA);
        assert_non_null(strstr(err.text, cases[i].says));
        kith_lines_close(l);
    }
}

/* Three pieces and more; the second column is looked at alone too. */
static void
large_files_lose_no_line(void **state)
{
    (void)state;
    enum { ROWS = 300000 };
    static const char *const wanted[] = {"b"};
    kith_error err = KITH_ERROR_INIT;
    kith_lines *l = NULL;
    kith_buffer text = {0};
    size_t n = 0;
    assert_int_equal(kith_buffer_add(&text, "a,b\n", 4, &err), KITH_OK);
    for (unsigned i = 0; i < ROWS; i++)
        assert_int_equal(kith_buffer_printf(&text, &err, "row,%u\n", i),
                         KITH_OK);
    test_write(path, text.data, text.len);
    assert_int_equal(kith_lines_open(&l, path, wanted, 1, &err), KITH_OK);
    do {
        kith_str f;
        char number[16];
        assert_int_equal(kith_lines_next(l, &text, &err), KITH_OK);
        kith_str rest = {text.data, text.len};
        while (n % 2 == 0 ? kith_lines_row(l, &rest, &f)
                          : kith_lines_first(l, &rest, &f)) {
            (void)snprintf(number, sizeof number, "%zu", n++);
            assert_true(kith_str_equal(f, number));
        }
        assert_int_equal(rest.len, 0);
    } while (text.len > 0);
    assert_int_equal(n, ROWS);
    kith_buffer_done(&text);
    kith_lines_close(l);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(fields_are_those_wanted, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(bad_rows_stop_it, setup, teardown),
        cmocka_unit_test_setup_teardown(refusal_says_where, setup, teardown),
        cmocka_unit_test_setup_teardown(large_files_lose_no_line, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
