#include "io/csv_batch.h"

#include "base/alloc.h"

#include <string.h>

const char *
kith_csv_bad_name(kith_csv_bad bad)
{
    switch (bad) {
    case KITH_CSV_RAGGED:
        return "ragged_row";
    case KITH_CSV_QUOTE:
        return "stray_quote";
    case KITH_CSV_NUL:
        return "nul_byte";
    case KITH_CSV_UTF8:
        return "broken_utf8";
    case KITH_CSV_TOO_LONG:
        return "field_too_long";
    case KITH_CSV_N_BAD:
        break;
    }
    return "bad_row";
}

void
kith_csv_batch_done(kith_csv_batch *b)
{
    kith_buffer_done(&b->text);
    kith_free(b->fields);
    kith_free(b->rows);
    kith_free(b->lines);
    kith_free(b->problems);
    *b = (kith_csv_batch){0};
}

void
kith_csv_batch_clear(kith_csv_batch *b, size_t n_columns)
{
    kith_buffer_clear(&b->text);
    b->n_columns = n_columns;
    b->n_rows = 0;
    b->n_problems = 0;
}

kith_status
kith_csv_reserve(kith_csv_batch *b, size_t n_bytes, kith_error *err)
{
    kith_status status = KITH_OK;
    const size_t n = b->n_rows + 1;
    b->text.secret = true; /* whatever is read may be about somebody */
    KITH_TRY(kith_buffer_reserve(&b->text, n_bytes, err));
    KITH_TRY(KITH_GROW(&b->fields, &b->fields_cap, n * b->n_columns, err));
    KITH_TRY(KITH_GROW(&b->rows, &b->rows_cap, n, err));
    KITH_TRY(KITH_GROW(&b->lines, &b->lines_cap, n, err));
    KITH_TRY(KITH_GROW(&b->problems, &b->problems_cap, b->n_problems + 1, err));
done:
    return status;
}

void
kith_csv_batch_field(kith_csv_batch *b, kith_csv_row *row, kith_str field)
{
    const size_t at = row->n_fields++;
    if (at >= b->n_columns)
        return;
    if (field.len != 0)
        memcpy(b->text.data + b->text.len, field.data, field.len);
    /* The text may still move: _finish sets the pointers. */
    b->fields[b->n_rows * b->n_columns + at] = (kith_str){NULL, field.len};
    b->text.len += field.len;
}

void
kith_csv_batch_row(kith_csv_batch *b, kith_csv_row *row, uint64_t number,
                   uint64_t line)
{
    if (!row->bad && row->n_fields != b->n_columns) {
        row->bad = true;
        row->reason = KITH_CSV_RAGGED;
        row->column = 0;
    }
    if (row->bad) {
        const kith_csv_problem problem = {number, line, row->column,
                                          row->reason};
        kith_csv_batch_problem(b, row, problem);
        return;
    }
    b->rows[b->n_rows] = number;
    b->lines[b->n_rows] = line;
    b->n_rows++;
}

void
kith_csv_batch_problem(kith_csv_batch *b, const kith_csv_row *row,
                       kith_csv_problem problem)
{
    b->text.len = row->text_start;
    b->problems[b->n_problems++] = problem;
}

void
kith_csv_batch_undo(kith_csv_batch *b, kith_csv_row *row)
{
    b->text.len = row->text_start;
    *row = (kith_csv_row){.text_start = row->text_start};
}

void
kith_csv_batch_finish(kith_csv_batch *b)
{
    const size_t n = b->n_rows * b->n_columns;
    const char *at = b->text.data;
    for (size_t i = 0; i < n; i++) {
        b->fields[i].data = at;
        at += b->fields[i].len;
    }
}
