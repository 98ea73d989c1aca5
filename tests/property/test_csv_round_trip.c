/*
 * Random tables written in every way RFC 4180 allows come back as they were,
 * with the right positions; damaged rows among them are listed and cost no
 * other row.
 */
#include "../support/files.h"
#include "base/buffer.h"
#include "base/rng.h"
#include "io/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST_COLUMNS = 6, MOST_ROWS = 400, MOST_BYTES = 40 };

/* What one row of the file should give. */
typedef struct expected {
    char fields[MOST_COLUMNS][MOST_BYTES];
    size_t lengths[MOST_COLUMNS];
    uint64_t line;
    int bad; /* a kith_csv_bad, or -1 */
} expected;

static char folder[256];
static char path[512];
static expected rows[MOST_ROWS];

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

static void
put(kith_buffer *file, const char *text, size_t n)
{
    kith_error err = KITH_ERROR_INIT;
    assert_int_equal(kith_buffer_add(file, text, n, &err), KITH_OK);
}

/* Never blank at its ends: those are trimmed. Long ones cross chunks. */
static size_t
make_field(kith_rng *rng, char out[MOST_BYTES], bool plain)
{
    static const char *const some[] = {"a",  "Z", "7",  "\xC3\xAB", " ", ",",
                                       "\"", "'", "\n", "\r\n",     ";"};
    const size_t n_pieces = (size_t)kith_rng_below(rng, 10);
    size_t n = 0;
    for (size_t i = 0; i < n_pieces; i++) {
        const char *piece = some[kith_rng_below(rng, plain ? 4 : 11)];
        const bool edge = i == 0 || i + 1 == n_pieces;
        if (edge && (strchr(" \n\r", piece[0]) != NULL))
            piece = "x";
        memcpy(out + n, piece, strlen(piece));
        n += strlen(piece);
    }
    return n;
}

static bool
needs_quotes(const char *field, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strchr(",\"\r\n", field[i]) != NULL)
            return true;
    return false;
}

static void
put_field(kith_buffer *file, kith_rng *rng, const char *field, size_t n)
{
    const char *blanks = &"  "[kith_rng_below(rng, 3)];
    put(file, blanks, strlen(blanks));
    if (needs_quotes(field, n) || kith_rng_below(rng, 3) == 0) {
        put(file, "\"", 1);
        for (size_t i = 0; i < n; i++)
            put(file, field[i] == '"' ? "\"\"" : &field[i],
                field[i] == '"' ? 2 : 1);
        put(file, "\"", 1);
    } else {
        put(file, field, n);
    }
    put(file, blanks, strlen(blanks));
}

/* A line that is no good row, whatever stands round it. */
static int
put_damage(kith_buffer *file, kith_rng *rng)
{
    static const struct {
        const char *text;
        size_t n;
        kith_csv_bad bad;
    } damage[] = {
        {"x\"y", 3, KITH_CSV_QUOTE},
        {"\"x\"y", 4, KITH_CSV_QUOTE},
        {"\"x\" \"y\"", 7, KITH_CSV_QUOTE},
        {"a\0b", 3, KITH_CSV_NUL},
        {"\xC3", 1, KITH_CSV_UTF8},
        {"\"\xED\xA0\x80\"", 5, KITH_CSV_UTF8},
        {",,,,,,,,,,", 10, KITH_CSV_RAGGED},
    };
    const size_t i = (size_t)kith_rng_below(rng, 7);
    put(file, damage[i].text, damage[i].n);
    return (int)damage[i].bad;
}

static uint64_t
count_lines(const kith_buffer *file)
{
    uint64_t n = 1;
    for (size_t i = 0; i < file->len; i++)
        n += file->data[i] == '\n';
    return n;
}

/* Writes a random file, its rows into `rows`. */
static size_t
make_file(kith_buffer *file, kith_rng *rng, size_t n_columns)
{
    const char *end = kith_rng_below(rng, 2) == 0 ? "\n" : "\r\n";
    const size_t n_rows = (size_t)kith_rng_below(rng, MOST_ROWS);
    if (kith_rng_below(rng, 2) == 0)
        put(file, "\xEF\xBB\xBF", 3);
    put(file, "a,b,c,d,e,f", 2 * n_columns - 1);
    for (size_t r = 0; r < n_rows; r++) {
        expected *row = &rows[r];
        put(file, end, strlen(end));
        if (kith_rng_below(rng, 8) == 0)
            put(file, end, strlen(end));
        row->line = count_lines(file);
        row->bad = -1;
        if (kith_rng_below(rng, 10) == 0) {
            row->bad = put_damage(file, rng);
            continue;
        }
        const bool plain = kith_rng_below(rng, 2) == 0;
        for (size_t c = 0; c < n_columns; c++) {
            row->lengths[c] = make_field(rng, row->fields[c], plain);
            /* A row of one empty field would be a blank line. */
            if (n_columns == 1 && row->lengths[c] == 0)
                row->fields[c][row->lengths[c]++] = 'x';
            if (c > 0)
                put(file, ",", 1);
            put_field(file, rng, row->fields[c], row->lengths[c]);
        }
    }
    if (kith_rng_below(rng, 2) == 0)
        put(file, end, strlen(end));
    return n_rows;
}

static void
check_row(const kith_csv_batch *b, size_t i)
{
    const expected *want = &rows[b->rows[i] - 1];
    assert_int_equal(want->bad, -1);
    assert_int_equal(b->lines[i], want->line);
    for (size_t c = 0; c < b->n_columns; c++) {
        const kith_str f = b->fields[i * b->n_columns + c];
        assert_int_equal(f.len, want->lengths[c]);
        if (f.len != 0)
            assert_memory_equal(f.data, want->fields[c], f.len);
    }
}

static void
check_file(size_t n_rows, const kith_csv_params *params)
{
    kith_csv *csv = NULL;
    kith_csv_batch b = {0};
    kith_error err = KITH_ERROR_INIT;
    size_t n = 0;
    if (kith_csv_open(&csv, path, params, &err) != KITH_OK)
        fail_msg("%s", err.text);
    do {
        assert_int_equal(kith_csv_next(csv, &b, &err), KITH_OK);
        for (size_t i = 0; i < b.n_rows; i++)
            check_row(&b, i);
        for (size_t i = 0; i < b.n_problems; i++) {
            const kith_csv_problem *p = &b.problems[i];
            assert_in_range(p->row, 1, n_rows);
            assert_int_equal(rows[p->row - 1].bad, (int)p->reason);
            assert_int_equal(rows[p->row - 1].line, p->line);
        }
        n += b.n_rows + b.n_problems;
    } while (b.n_rows + b.n_problems != 0);
    assert_int_equal(n, n_rows);
    kith_csv_batch_done(&b);
    kith_csv_close(csv);
}

static void
test_round_trip(void **state)
{
    kith_csv_params params = kith_csv_params_default();
    (void)state;
    for (uint64_t seed = 0; seed < 300; seed++) {
        kith_rng rng = kith_rng_at(seed, 0);
        kith_buffer file = {0};
        const size_t n_columns = 1 + (size_t)kith_rng_below(&rng, MOST_COLUMNS);
        const size_t n_rows = make_file(&file, &rng, n_columns);
        test_write(path, file.data, file.len);
        params.batch_rows = 1 + (size_t)kith_rng_below(&rng, 50);
        check_file(n_rows, &params);
        kith_buffer_done(&file);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
