#include "../support/files.h"
#include "base/job.h"
#include "io/csv.h"

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

/*
 * Everything a file gives, as text: "row@line:field|field" for a row and
 * "!row@line/column:reason" for a bad one, rows first, then the bad ones.
 */
static void
describe(const char *bytes, size_t n, const kith_csv_params *params, char *text,
         size_t cap)
{
    kith_csv *csv = NULL;
    kith_csv_batch b = {0};
    kith_error err = KITH_ERROR_INIT;
    char bad[1024] = "";
    size_t at = 0, bad_at = 0;
    test_write(path, bytes, n);
    if (kith_csv_open(&csv, path, params, &err) != KITH_OK)
        fail_msg("%s", err.text);
    text[0] = '\0';
    do {
        assert_int_equal(kith_csv_next(csv, &b, &err), KITH_OK);
        for (size_t r = 0; r < b.n_rows; r++) {
            at += (size_t)snprintf(text + at, cap - at,
                                   "%d@%d:", (int)b.rows[r], (int)b.lines[r]);
            for (size_t c = 0; c < b.n_columns; c++) {
                const kith_str f = b.fields[r * b.n_columns + c];
                at += (size_t)snprintf(text + at, cap - at, "%s%.*s",
                                       c == 0 ? "" : "|", (int)f.len, f.data);
            }
            at += (size_t)snprintf(text + at, cap - at, ";");
        }
        for (size_t p = 0; p < b.n_problems; p++)
            bad_at += (size_t)snprintf(bad + bad_at, sizeof bad - bad_at,
                                       "!%d@%d/%d:%s;", (int)b.problems[p].row,
                                       (int)b.problems[p].line,
                                       (int)b.problems[p].column,
                                       kith_csv_bad_name(b.problems[p].reason));
    } while (b.n_rows + b.n_problems != 0);
    (void)snprintf(text + at, cap - at, "%s", bad);
    kith_csv_batch_done(&b);
    kith_csv_close(csv);
}

#define TEXT(s) s, sizeof(s) - 1

/* What each file holds, worked out by hand from RFC 4180 and the header. */
static const struct {
    const char *what;
    const char *bytes;
    size_t n;
    const char *want;
} FILES[] = {
    {"plain", TEXT("a,b\n1,2\n3,4\n"), "1@2:1|2;2@3:3|4;"},
    {"no newline at the end", TEXT("a,b\n1,2"), "1@2:1|2;"},
    {"header only", TEXT("a,b\n"), ""},
    {"header only, no newline", TEXT("a,b"), ""},
    {"CRLF", TEXT("a,b\r\n1,2\r\n3,4\r\n"), "1@2:1|2;2@3:3|4;"},
    {"CR alone", TEXT("a,b\r1,2\r3,4\r"), "1@2:1|2;2@3:3|4;"},
    {"BOM",
     TEXT("\xEF\xBB\xBF"
          "a,b\n1,2\n"),
     "1@2:1|2;"},
    {"BOM and a quoted name", TEXT("\xEF\xBB\xBF\"a\",b\n1,2\n"), "1@2:1|2;"},
    {"blank lines", TEXT("\n\na,b\n\n1,2\n  \n\t\n3,4\n\n"),
     "1@5:1|2;2@8:3|4;"},
    {"blanks trimmed", TEXT("a,b\n  1 ,\t2\t\n\" 3 \", \"4\" \n"),
     "1@2:1|2;2@3:3|4;"},
    {"empty fields", TEXT("a,b\n,\n\"\",x\n"), "1@2:|;2@3:|x;"},
    {"quotes", TEXT("a,b\n\"x,y\",\"say \"\"hi\"\"\"\n"),
     "1@2:x,y|say \"hi\";"},
    {"newline in quotes", TEXT("a,b\n\"x\ny\",2\n3,4\n"),
     "1@2:x\ny|2;2@4:3|4;"},
    {"CRLF in quotes", TEXT("a,b\r\n\"x\r\n\r\ny\",2\r\n3,4\r\n"),
     "1@2:x\r\n\r\ny|2;2@5:3|4;"},
    {"blank line in quotes", TEXT("a,b\n\"\n\n\",2\n3,4\n"),
     "1@2:\n\n|2;2@5:3|4;"},
    {"UTF-8", TEXT("a,b\nZo\xC3\xAB,\xE2\x82\xAC\n"),
     "1@2:Zo\xC3\xAB|\xE2\x82\xAC;"},
    {"too few", TEXT("a,b\n1\n3,4\n"), "2@3:3|4;!1@2/0:ragged_row;"},
    {"too many", TEXT("a,b\n1,2,3\n3,4\n"), "2@3:3|4;!1@2/0:ragged_row;"},
    {"too few at the end", TEXT("a,b\n1,2\n3"), "1@2:1|2;!2@3/0:ragged_row;"},
    {"stray quote inside", TEXT("a,b\n1,x\"y\"\n3,4\n"),
     "2@3:3|4;!1@2/2:stray_quote;"},
    {"text after a quote", TEXT("a,b\n\"x\"y,2\n3,4\n"),
     "2@3:3|4;!1@2/1:stray_quote;"},
    {"a quote that never ends", TEXT("a,b\n1,\"x\n3,4\n5,6\n"),
     "2@3:3|4;3@4:5|6;!1@2/2:stray_quote;"},
    {"a lone quote before quoted rows", TEXT("a,b\n1,\"x\n3,\"4\"\n5,6\n"),
     "2@3:3|4;3@4:5|6;!1@2/2:stray_quote;"},
    {"a lone quote in the last line", TEXT("a,b\n1,2\n3,\"x"),
     "1@2:1|2;!2@3/2:stray_quote;"},
    {"NUL", TEXT("a,b\n1,x\0y\n3,4\n"), "2@3:3|4;!1@2/2:nul_byte;"},
    {"NUL in a row of the wrong width", TEXT("a,b\n\0\n3,4\n"),
     "2@3:3|4;!1@2/1:nul_byte;"},
    {"Latin-1", TEXT("a,b\nZo\xEB,2\n3,4\n"), "2@3:3|4;!1@2/1:broken_utf8;"},
    {"UTF-8 cut by the comma", TEXT("a,b\n\xE2\x82,\xAC\n3,4\n"),
     "2@3:3|4;!1@2/1:broken_utf8;"},
    {"surrogate", TEXT("a,b\n1,\xED\xA0\x80\n"), "!1@2/2:broken_utf8;"},
    {"overlong", TEXT("a,b\n1,\xC0\xAF\n"), "!1@2/2:broken_utf8;"},
    {"a good row after high bytes", TEXT("a,b\nZo\xC3\xAB,2\n3,\xFF\n5,6\n"),
     "1@2:Zo\xC3\xAB|2;3@4:5|6;!2@3/2:broken_utf8;"},
    {"CR in a row", TEXT("a,b\n1,2\r3,4\n5,6\n"), "1@2:1|2;2@2:3|4;3@3:5|6;"},
};

static void
test_files(void **state)
{
    const kith_csv_params params = kith_csv_params_default();
    char text[2048];
    (void)state;
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        describe(FILES[i].bytes, FILES[i].n, &params, text, sizeof text);
        if (strcmp(text, FILES[i].want) != 0)
            fail_msg("%s: got %s", FILES[i].what, text);
    }
}

static void
test_long_fields(void **state)
{
    const kith_csv_params params = {
        .delimiter = ',', .max_field_bytes = 8, .batch_rows = 2};
    char text[2048];
    (void)state;
    describe(TEXT("a,b\n12345678,2\n1,123456789\n\"12345678\n\",2\n5,6\n"),
             &params, text, sizeof text);
    assert_string_equal(text, "1@2:12345678|2;4@6:5|6;"
                              "!2@3/2:field_too_long;!3@4/1:field_too_long;");
}

static void
test_other_delimiters(void **state)
{
    kith_csv_params params = kith_csv_params_default();
    char text[2048];
    (void)state;
    params.delimiter = '\t';
    describe(TEXT("a\tb\n1\t 2,3\n\t\n\"x\ty\"\t4\n"), &params, text,
             sizeof text);
    assert_string_equal(text, "1@2:1|2,3;2@3:|;3@4:x\ty|4;");
    params.delimiter = '|';
    describe(TEXT("a|b\n1|2\n"), &params, text, sizeof text);
    assert_string_equal(text, "1@2:1|2;");
}

/* Files that are refused at the start; the text never holds a value. */
static const struct {
    const char *bytes;
    size_t n;
    const char *text; /* after the path */
    const char *hint;
} REFUSED[] = {
    {TEXT(""), ": the file is empty", "the first line must name the columns"},
    {TEXT("\xEF\xBB\xBF"), ": the file is empty",
     "the first line must name the columns"},
    {TEXT("\n \n\n"), ": the file is empty",
     "the first line must name the columns"},
    {TEXT("a,b,A\n1,2,3\n"), ":1: columns 1 and 3 have the same name",
     "is the first line the header?"},
    {TEXT("\na,x\"y\",c\n1,2,3\n"), ":2: column 2: stray_quote in the header",
     "is this a CSV file in UTF-8?"},
    {TEXT("a,\"b\n1,2\n"), ":1: column 2: stray_quote in the header",
     "is this a CSV file in UTF-8?"},
    {TEXT("a,b\0\n1,2\n"), ":1: column 2: nul_byte in the header",
     "is this a CSV file in UTF-8?"},
    {TEXT("a,Zo\xEB\n1,2\n"), ":1: column 2: broken_utf8 in the header",
     "is this a CSV file in UTF-8?"},
    {TEXT("\xFF\xFE"
          "a\0,\0b\0\n\0"),
     ": not a CSV file", "this is UTF-16 text; save it as UTF-8"},
    {TEXT("PK\3\4\24\0\6\0"), ": not a CSV file",
     "this is a zip archive or a spreadsheet; export it as CSV"},
};

static void
test_refused(void **state)
{
    const kith_csv_params params = kith_csv_params_default();
    char want[600];
    (void)state;
    for (size_t i = 0; i < sizeof REFUSED / sizeof *REFUSED; i++) {
        kith_csv *csv = NULL;
        kith_error err = KITH_ERROR_INIT;
        test_write(path, REFUSED[i].bytes, REFUSED[i].n);
        assert_int_equal(kith_csv_open(&csv, path, &params, &err),
                         KITH_ERR_DATA);
        assert_null(csv);
        (void)snprintf(want, sizeof want, "%s%s", path, REFUSED[i].text);
        assert_string_equal(err.text, want);
        assert_string_equal(err.hint, REFUSED[i].hint);
    }
}

static void
test_missing(void **state)
{
    const kith_csv_params params = kith_csv_params_default();
    kith_csv *csv = NULL;
    kith_error err = KITH_ERROR_INIT;
    char other[512];
    (void)state;
    test_path(other, folder, "no-such.csv");
    assert_int_equal(kith_csv_open(&csv, other, &params, &err), KITH_ERR_IO);
    assert_int_equal(kith_csv_open(&csv, folder, &params, &err), KITH_ERR_IO);
}

static void
test_columns(void **state)
{
    const kith_csv_params params = kith_csv_params_default();
    kith_csv *csv = NULL;
    kith_error err = KITH_ERROR_INIT;
    uint32_t column = 99;
    (void)state;
    test_write(path, TEXT(" NOMINAL_REF ,\"SURNAME\",,DOB,\n"));
    assert_int_equal(kith_csv_open(&csv, path, &params, &err), KITH_OK);
    assert_int_equal(kith_csv_columns(csv), 5);
    assert_int_equal(kith_csv_column(csv, "nominal_ref", &column, &err),
                     KITH_OK);
    assert_int_equal(column, 0);
    assert_int_equal(kith_csv_column(csv, "DOB", &column, &err), KITH_OK);
    assert_int_equal(column, 3);
    assert_int_equal(kith_csv_column(csv, "SURNMAE", &column, &err),
                     KITH_ERR_DATA);
    assert_non_null(strstr(err.text, "no column \"SURNMAE\""));
    assert_string_equal(err.hint, "did you mean \"SURNAME\"?");
    kith_csv_close(csv);

    test_write(path, TEXT("a;b;c\n1;2;3\n"));
    assert_int_equal(kith_csv_open(&csv, path, &params, &err), KITH_OK);
    assert_int_equal(kith_csv_column(csv, "postcode", &column, &err),
                     KITH_ERR_DATA);
    assert_string_equal(err.hint,
                        "the header is one column with \";\" in it: say "
                        "`delimiter: \";\"` in the mapping, for all its files "
                        "or for this one");
    kith_csv_close(csv);
}

static void
test_too_many_columns(void **state)
{
    const kith_csv_params params = kith_csv_params_default();
    kith_csv *csv = NULL;
    kith_error err = KITH_ERROR_INIT;
    (void)state;
    char *commas = malloc(100000);
    assert_non_null(commas);
    memset(commas, ',', 100000);
    test_write(path, commas, 100000);
    free(commas);
    assert_int_equal(kith_csv_open(&csv, path, &params, &err), KITH_ERR_DATA);
    assert_non_null(strstr(err.text, "more than 4096 columns"));
}

/* Rows of a file of any size; counts what comes out. */
static void
count(size_t *n_rows, size_t *n_problems, kith_csv_problem *last)
{
    const kith_csv_params params = kith_csv_params_default();
    kith_csv *csv = NULL;
    kith_csv_batch b = {0};
    kith_error err = KITH_ERROR_INIT;
    *n_rows = *n_problems = 0;
    assert_int_equal(kith_csv_open(&csv, path, &params, &err), KITH_OK);
    do {
        assert_int_equal(kith_csv_next(csv, &b, &err), KITH_OK);
        assert_true(b.n_rows <= params.batch_rows);
        *n_rows += b.n_rows;
        *n_problems += b.n_problems;
        if (b.n_problems != 0)
            *last = b.problems[b.n_problems - 1];
    } while (b.n_rows + b.n_problems != 0);
    assert_int_equal(kith_csv_consumed(csv), kith_csv_size(csv));
    kith_csv_batch_done(&b);
    kith_csv_close(csv);
}

static void
test_line_of_100_megabytes(void **state)
{
    enum { CHUNK = 1 << 20, N_CHUNKS = 100 };
    static const char *const begins[] = {"3,", "3,\""};
    char *chunk = malloc(CHUNK);
    (void)state;
    assert_non_null(chunk);
    memset(chunk, 'x', CHUNK);
    for (size_t i = 0; i < 2; i++) {
        size_t n_rows = 0, n_problems = 0;
        kith_csv_problem last = {0};
        FILE *f = fopen(path, "wb");
        assert_non_null(f);
        (void)fprintf(f, "a,b\n1,2\n%s", begins[i]);
        for (size_t k = 0; k < N_CHUNKS; k++)
            assert_int_equal(fwrite(chunk, 1, CHUNK, f), CHUNK);
        (void)fprintf(f, "\n5,6\n");
        assert_int_equal(fclose(f), 0);
        const uint64_t before = kith_peak_bytes();
        count(&n_rows, &n_problems, &last);
        /* The window, the parser's field and libc's slack; not the line. */
        assert_true(kith_peak_bytes() - before < UINT64_C(16) << 20);
        assert_int_equal(n_rows, 2);
        assert_int_equal(n_problems, 1);
        assert_int_equal(last.row, 2);
        assert_int_equal(last.line, 3);
        assert_int_equal(last.reason, KITH_CSV_TOO_LONG);
    }
    free(chunk);
}

/* Rows that lie across the window's edge, and more than one batch. */
static void
test_many_rows(void **state)
{
    enum { N = 100000 };
    size_t n_rows = 0, n_problems = 0;
    kith_csv_problem last = {0};
    (void)state;
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    (void)fprintf(f, "a,b,c\r\n");
    for (int i = 1; i <= N; i++)
        (void)fprintf(f, i == N - 7 ? "%d\r\n" : "%d,\"x\r\ny\",z\r\n", i);
    assert_int_equal(fclose(f), 0);
    count(&n_rows, &n_problems, &last);
    assert_int_equal(n_rows, N - 1);
    assert_int_equal(n_problems, 1);
    assert_int_equal(last.row, N - 7);
    assert_int_equal(last.line, 2 + 2 * (N - 8));
    assert_int_equal(last.reason, KITH_CSV_RAGGED);
}

/* Nothing but bad rows: the list must not grow with the file. */
static void
test_only_bad_rows(void **state)
{
    enum { N = 50000 };
    size_t n_rows = 0, n_problems = 0;
    kith_csv_problem last = {0};
    (void)state;
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    (void)fprintf(f, "a,b\n");
    for (int i = 0; i < N; i++)
        (void)fprintf(f, "1\n");
    assert_int_equal(fclose(f), 0);
    count(&n_rows, &n_problems, &last);
    assert_int_equal(n_rows, 0);
    assert_int_equal(n_problems, N);
    assert_int_equal(last.row, N);
    assert_int_equal(last.line, N + 1);
}

/* A file with no raw rows in it: good rows come, the first bad one ends it. */
static void
test_whole_files(void **state)
{
    static const char good[] = "a,b\n1,2\n3,4\n";
    static const char bad[] = "a,b\n1,2\n3,\"4\n5\"x\n";
    (void)state;
    kith_csv *csv = NULL;
    kith_csv_batch b = {0};
    kith_error err = KITH_ERROR_INIT;
    char want[600];
    const kith_csv_params params = kith_csv_params_default();
    test_write(path, good, sizeof good - 1);
    assert_int_equal(kith_csv_open(&csv, path, &params, &err), KITH_OK);
    assert_int_equal(kith_csv_next_whole(csv, &b, &err), KITH_OK);
    assert_int_equal(b.n_rows, 2);
    assert_int_equal(kith_csv_next_whole(csv, &b, &err), KITH_OK);
    assert_int_equal(b.n_rows, 0);
    kith_csv_close(csv);
    test_write(path, bad, sizeof bad - 1);
    assert_int_equal(kith_csv_open(&csv, path, &params, &err), KITH_OK);
    assert_int_equal(kith_csv_next_whole(csv, &b, &err), KITH_ERR_DATA);
    (void)snprintf(want, sizeof want, "%s:3: stray_quote", path);
    assert_string_equal(err.text, want);
    kith_csv_close(csv);
    kith_csv_batch_done(&b);
}

static void
test_reason_names(void **state)
{
    (void)state;
    assert_string_equal(kith_csv_bad_name(KITH_CSV_RAGGED), "ragged_row");
    assert_string_equal(kith_csv_bad_name(KITH_CSV_N_BAD), "bad_row");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_long_fields),
        cmocka_unit_test(test_other_delimiters),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_whole_files),
        cmocka_unit_test(test_missing),
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_too_many_columns),
        cmocka_unit_test(test_line_of_100_megabytes),
        cmocka_unit_test(test_many_rows),
        cmocka_unit_test(test_only_bad_rows),
        cmocka_unit_test(test_reason_names),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
