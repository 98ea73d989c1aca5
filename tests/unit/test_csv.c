#include "../support/files.h"
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
        print_message("# %s\n", FILES[i].what);
        describe(FILES[i].bytes, FILES[i].n, &params, text, sizeof text);
        assert_string_equal(text, FILES[i].want);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
