#include "io/csv_step.h"

#include "base/alloc.h"
#include "io/utf8.h"

#include <openssl/crypto.h>
#include <string.h>

enum {
    CHUNK_BYTES = 256 * 1024,
    /* libcsv grows its field buffer by this much; its own 128 bytes make
     * long fields slow. */
    FIELD_BLOCK_BYTES = 64 * 1024,
    /* A row may hold this many of the longest fields. */
    FIELDS_PER_ROW = 16
};

static void *
grow_field(void *old, size_t n)
{
    return kith_realloc_array(old, n, 1);
}

void
kith_csv_forget(kith_csv *csv)
{
    if (!csv->parser_ready)
        return;
    if (csv->parser.entry_buf != NULL)
        OPENSSL_cleanse(csv->parser.entry_buf, csv->parser.entry_size);
    csv_free(&csv->parser);
    csv->parser_ready = false;
}

/* A parser that knows nothing of the row before. */
static void
renew_parser(kith_csv *csv)
{
    kith_csv_forget(csv);
    (void)csv_init(&csv->parser, CSV_STRICT | CSV_STRICT_FINI |
                                     CSV_APPEND_NULL | CSV_EMPTY_IS_NULL);
    csv_set_delim(&csv->parser, (unsigned char)csv->params.delimiter);
    csv_set_blk_size(&csv->parser, FIELD_BLOCK_BYTES);
    csv_set_realloc_func(&csv->parser, grow_field);
    csv_set_free_func(&csv->parser, kith_free);
    csv->parser_ready = true;
}

kith_status
kith_csv_begin(kith_csv *csv, kith_error *err)
{
    const size_t row = csv->params.max_field_bytes * FIELDS_PER_ROW;
    csv->window_bytes = row > CHUNK_BYTES ? row : CHUNK_BYTES;
    csv->line = 1;
    csv->newline = '\n';
    renew_parser(csv);
    return KITH_ALLOC(&csv->window, csv->window_bytes, err);
}

static void
mark_bad(kith_csv *csv, kith_csv_bad reason)
{
    if (csv->row.bad)
        return;
    csv->row.bad = true;
    csv->row.reason = reason;
    csv->row.column = (uint32_t)(csv->row.n_fields + 1);
}

static void
add_name(kith_csv *csv, kith_str name)
{
    if (csv->status == KITH_OK)
        csv->status =
            kith_buffer_add(&csv->header, name.data, name.len, csv->err);
    if (csv->status == KITH_OK)
        csv->status = kith_buffer_add(&csv->header, "", 1, csv->err);
    csv->row.n_fields++;
}

static void
take_field(kith_csv *csv, kith_str text)
{
    const kith_str field = kith_str_trim(text);
    if (field.len > csv->params.max_field_bytes)
        mark_bad(csv, KITH_CSV_TOO_LONG);
    if (!csv->plain && field.len != 0) {
        if (memchr(field.data, '\0', field.len) != NULL)
            mark_bad(csv, KITH_CSV_NUL);
        else if (!kith_utf8_is_valid(field.data, field.len))
            mark_bad(csv, KITH_CSV_UTF8);
    }
    if (csv->batch != NULL)
        kith_csv_batch_field(csv->batch, &csv->row, field);
    else
        add_name(csv, field);
}

static void
on_field(void *data, size_t n, void *ctx)
{
    take_field(ctx, (kith_str){data, n});
}

static void
on_row(int terminator, void *ctx)
{
    (void)terminator;
    ((kith_csv *)ctx)->row_ended = true;
}

/* Moves the open row to the front and reads on behind it. */
kith_status
kith_csv_refill(kith_csv *csv, kith_error *err)
{
    if (csv->start > 0) {
        memmove(csv->window, csv->window + csv->start, csv->end - csv->start);
        csv->at -= csv->start;
        csv->end -= csv->start;
        csv->start = 0;
    }
    size_t n = 0;
    const size_t room = csv->window_bytes - csv->end;
    kith_status status =
        kith_in_read(csv->in, csv->window + csv->end,
                     room < CHUNK_BYTES ? room : CHUNK_BYTES, &n, err);
    csv->end += n;
    csv->at_end = status == KITH_OK && n == 0;
    return status;
}

/* Up to and with the first line end at or after `at`; 0 when none is here. */
static size_t
piece_bytes(const kith_csv *csv)
{
    const char *from = csv->window + csv->at;
    const size_t n = csv->end - csv->at;
    const char *lf = memchr(from, '\n', n);
    const size_t limit = lf != NULL ? (size_t)(lf - from) : n;
    const char *cr = memchr(from, '\r', limit);
    if (cr == NULL)
        return lf != NULL ? limit + 1 : 0;
    const size_t after = (size_t)(cr - from) + 1;
    /* CR LF is one line end; whether LF follows must be known. */
    if (after == limit && lf != NULL)
        return limit + 1;
    return after < n || csv->at_end ? after : 0;
}

static bool
is_blank(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strchr(" \t\r\n", text[i]) == NULL || text[i] == '\0')
            return false;
    return true;
}

static void
close_row(kith_csv *csv)
{
    csv->start = csv->at;
    csv->row_open = false;
    csv->row_ended = false;
}

/* Lists the open row and goes back to skip no more than its first line. */
static void
give_up_row(kith_csv *csv, kith_csv_bad reason, uint32_t column)
{
    if (csv->batch != NULL) {
        const kith_csv_problem problem = {++csv->n_rows, csv->row_line, column,
                                          reason};
        kith_csv_batch_problem(csv->batch, &csv->row, problem);
    } else {
        csv->row.bad = true;
        csv->row.reason = reason;
        csv->row.column = column;
    }
    csv->at = csv->start;
    csv->line = csv->row_line;
    csv->skipping = true;
    csv->row_open = false;
    renew_parser(csv);
}

static void
skip_line(kith_csv *csv)
{
    const char *end =
        memchr(csv->window + csv->at, csv->newline, csv->end - csv->at);
    csv->at = end != NULL ? (size_t)(end - csv->window) + 1 : csv->end;
    csv->start = csv->at;
    if (end != NULL) {
        csv->line++;
        csv->skipping = false;
    }
}

static void
end_row(kith_csv *csv)
{
    if (csv->batch != NULL)
        kith_csv_batch_row(csv->batch, &csv->row, ++csv->n_rows, csv->row_line);
    else
        csv->n_columns = csv->row.n_fields;
    close_row(csv);
}

static kith_status
begin_row(kith_csv *csv, size_t n, kith_error *err)
{
    if (!csv->row_open) {
        csv->row = (kith_csv_row){0};
        csv->row.text_start = csv->batch != NULL ? csv->batch->text.len : 0;
        csv->row_line = csv->line;
        csv->row_open = true;
        csv->plain = true;
    }
    csv->plain = csv->plain && kith_text_is_plain(csv->window + csv->at, n);
    if (csv->batch == NULL)
        return KITH_OK;
    /* Fields of the row already in the text are part of its bytes. */
    return kith_csv_reserve(csv->batch, csv->at + n - csv->start, err);
}

/* The field at @p at, up to the delimiter or @p stop; false when quotes do
 * anything but stand round all of it. @p quotes: the line has some. */
static bool
cut_field(kith_str *field, const char **at, const char *stop, char delimiter,
          bool quotes)
{
    const char *begin = *at;
    if (begin < stop && *begin == '"') {
        const char *close = memchr(begin + 1, '"', (size_t)(stop - begin) - 1);
        if (close == NULL || (close + 1 < stop && close[1] != delimiter))
            return false;
        *field = (kith_str){begin + 1, (size_t)(close - begin) - 1};
        *at = close + 1;
        return true;
    }
    const char *end = memchr(begin, delimiter, (size_t)(stop - begin));
    if (end == NULL)
        end = stop;
    *field = (kith_str){begin, (size_t)(end - begin)};
    *at = end;
    return !quotes || memchr(begin, '"', field->len) == NULL;
}

/* Splits a whole line, which nearly always can be done without the parser
 * and twice as fast; false: it cannot, and nothing has happened. */
static bool
split_line(kith_csv *csv, const char *line, size_t n)
{
    const char *at = line;
    while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
        n--;
    const char *stop = line + n;
    if (is_blank(line, n) && memchr(line, csv->params.delimiter, n) == NULL)
        return true;
    const bool quotes = memchr(line, '"', n) != NULL;
    for (;;) {
        kith_str field;
        if (!cut_field(&field, &at, stop, csv->params.delimiter, quotes)) {
            kith_csv_batch_undo(csv->batch, &csv->row);
            return false;
        }
        take_field(csv, field);
        if (at == stop)
            break;
        at++;
    }
    csv->row_ended = true;
    return true;
}

/* Takes @p n bytes, which hold at most one end of a row. */
static kith_status
feed(kith_csv *csv, size_t n, kith_error *err)
{
    kith_status status = KITH_OK;
    const char *piece = csv->window + csv->at;
    const bool first = !csv->row_open;
    KITH_TRY(begin_row(csv, n, err));
    /* The header is read once: the parser may have it. */
    const bool simple =
        first && csv->batch != NULL && split_line(csv, piece, n);
    if (!simple &&
        csv_parse(&csv->parser, piece, n, on_field, on_row, csv) != n) {
        if (csv_error(&csv->parser) != CSV_EPARSE)
            return kith_error_memory(err, csv->params.max_field_bytes, 1);
        give_up_row(csv, KITH_CSV_QUOTE, (uint32_t)(csv->row.n_fields + 1));
        goto done;
    }
    csv->at += n;
    if (piece[n - 1] == csv->newline)
        csv->line++;
    if (csv->row_ended)
        end_row(csv);
    else if (first && is_blank(piece, n))
        close_row(csv);
done:
    return status;
}

/* The file ends: so does its last row, unless inside quotes. */
static void
finish_file(kith_csv *csv)
{
    const uint32_t column = (uint32_t)(csv->row.n_fields + 1);
    if (csv_fini(&csv->parser, on_field, on_row, csv) != 0)
        give_up_row(csv, KITH_CSV_QUOTE, column);
    else if (csv->row_ended)
        end_row(csv);
    else
        close_row(csv);
}

kith_status
kith_csv_step(kith_csv *csv, kith_error *err)
{
    if (csv->skipping && csv->at < csv->end) {
        skip_line(csv);
        return KITH_OK;
    }
    size_t n = csv->skipping ? 0 : piece_bytes(csv);
    if (n == 0 && !csv->at_end) {
        if (csv->end - csv->start < csv->window_bytes)
            return kith_csv_refill(csv, err);
        if (!csv->row_open) {
            kith_status status = begin_row(csv, 0, err);
            if (status != KITH_OK)
                return status;
        }
        give_up_row(csv, KITH_CSV_TOO_LONG, (uint32_t)(csv->row.n_fields + 1));
        return KITH_OK;
    }
    if (n == 0)
        n = csv->end - csv->at;
    if (n != 0)
        return feed(csv, n, err);
    if (csv->row_open)
        finish_file(csv);
    return KITH_OK;
}

bool
kith_csv_finished(const kith_csv *csv)
{
    return csv->at_end && csv->at == csv->end && !csv->row_open;
}
