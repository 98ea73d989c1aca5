#include "io/lines.h"

#include "base/alloc.h"
#include "io/csv.h"
#include "io/in.h"

#include <string.h>

enum { PIECE_BYTES = 1 << 20, MOST_WANTED = 8, NOT_WANTED = MOST_WANTED };

struct kith_lines {
    char *path;
    kith_in *in;
    kith_buffer carry; /* the beginning of a line, for the next piece */
    bool at_end;
    uint8_t *slots; /* of each column: number in those wanted, NOT_WANTED */
    size_t n_columns;
    size_t first; /* column wanted first */
};

void
kith_lines_close(kith_lines *l)
{
    if (l == NULL)
        return;
    kith_in_close(l->in);
    kith_buffer_done(&l->carry);
    kith_free(l->slots);
    kith_free(l->path);
    kith_free(l);
}

/* The header is read as that of any CSV file, with its hints. */
static kith_status
find_columns(kith_lines *l, const char *const *columns, size_t n,
             kith_error *err)
{
    kith_status status = KITH_OK;
    kith_csv *csv = NULL;
    const kith_csv_params params = kith_csv_params_default();
    KITH_TRY(kith_csv_open(&csv, l->path, &params, err));
    l->n_columns = kith_csv_columns(csv);
    KITH_TRY(KITH_ALLOC(&l->slots, l->n_columns, err));
    memset(l->slots, NOT_WANTED, l->n_columns);
    for (size_t i = n; i > 0; i--) {
        uint32_t column = 0;
        KITH_TRY(kith_csv_column(csv, columns[i - 1], &column, err));
        l->slots[column] = (uint8_t)(i - 1);
        l->first = column;
    }
done:
    kith_csv_close(csv);
    return status;
}

static kith_status
skip_header(kith_lines *l, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_buffer text = {0};
    KITH_TRY(kith_lines_next(l, &text, err));
    const char *end = memchr(text.data, '\n', text.len);
    const size_t skip = end != NULL ? (size_t)(end - text.data) + 1 : text.len;
    /* What follows comes before what is carried already. */
    KITH_TRY(kith_buffer_add(&text, l->carry.data, l->carry.len, err));
    kith_buffer_clear(&l->carry);
    KITH_TRY(
        kith_buffer_add(&l->carry, text.data + skip, text.len - skip, err));
done:
    kith_buffer_done(&text);
    return status;
}

kith_status
kith_lines_open(kith_lines **out, const char *path, const char *const *columns,
                size_t n, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_lines *l = NULL;
    KITH_TRY(KITH_ALLOC(&l, 1, err));
    l->path = kith_strdup(path);
    if (l->path == NULL)
        KITH_TRY(kith_error_memory(err, 1, strlen(path)));
    KITH_TRY(find_columns(l, columns, n, err));
    KITH_TRY(kith_in_open(&l->in, path, err));
    KITH_TRY(skip_header(l, err));
    *out = l;
    l = NULL;
done:
    kith_lines_close(l);
    return status;
}

/* Bytes up to and with the last line end. */
static size_t
whole_lines(const kith_buffer *text)
{
    size_t n = text->len;
    while (n > 0 && text->data[n - 1] != '\n')
        n--;
    return n;
}

kith_status
kith_lines_next(kith_lines *l, kith_buffer *text, kith_error *err)
{
    kith_status status = KITH_OK;
    size_t whole = 0;
    kith_buffer_clear(text);
    KITH_TRY(kith_buffer_add(text, l->carry.data, l->carry.len, err));
    kith_buffer_clear(&l->carry);
    while (!l->at_end && (text->len < PIECE_BYTES || whole == 0)) {
        size_t n = 0;
        KITH_TRY(kith_buffer_reserve(text, PIECE_BYTES, err));
        KITH_TRY(
            kith_in_read(l->in, text->data + text->len, PIECE_BYTES, &n, err));
        text->len += n;
        l->at_end = n == 0;
        if (text->len >= PIECE_BYTES)
            whole = whole_lines(text);
    }
    if (!l->at_end) {
        KITH_TRY(kith_buffer_add(&l->carry, text->data + whole,
                                 text->len - whole, err));
        text->len = whole;
    }
    KITH_TRY(kith_buffer_add(text, "", 0, err));
done:
    return status;
}

/* The field at *at, which then is at the comma behind it, or the end. */
static bool
cut(const char **at, const char *end, kith_str *field)
{
    const char *begin = *at;
    if (begin < end && *begin == '"') {
        const char *close = memchr(begin + 1, '"', (size_t)(end - begin) - 1);
        if (close == NULL || (close + 1 < end && close[1] != ','))
            return false;
        *field = (kith_str){begin + 1, (size_t)(close - begin) - 1};
        *at = close + 1;
        return true;
    }
    const char *comma = memchr(begin, ',', (size_t)(end - begin));
    *at = comma != NULL ? comma : end;
    *field = (kith_str){begin, (size_t)(*at - begin)};
    return true;
}

/* The same of the column after; false: the line has no more. */
static bool
cut_next(const char **at, const char *end, size_t column, kith_str *field)
{
    if (column > 0 && *at == end)
        return false;
    *at += column > 0;
    return cut(at, end, field);
}

/* The first line that is not blank, without its end; false: there is none. */
static bool
find_line(kith_str *rest, kith_str *line)
{
    while (rest->len > 0) {
        const char *lf = memchr(rest->data, '\n', rest->len);
        size_t n = lf != NULL ? (size_t)(lf - rest->data) : rest->len;
        *line = (kith_str){rest->data, n};
        n += lf != NULL;
        if (line->len > 0 && line->data[line->len - 1] == '\r')
            line->len--;
        if (line->len > 0)
            return true;
        *rest = (kith_str){rest->data + n, rest->len - n};
    }
    return false;
}

/* The rest begins behind the line. */
static void
step_over(kith_str *rest, kith_str line)
{
    const char *to = line.data + line.len;
    const char *end = rest->data + rest->len;
    to += to < end && *to == '\r';
    to += to < end && *to == '\n';
    *rest = (kith_str){to, (size_t)(end - to)};
}

bool
kith_lines_row(const kith_lines *l, kith_str *rest, kith_str *fields)
{
    kith_str line;
    kith_str field;
    if (!find_line(rest, &line))
        return false;
    const char *at = line.data;
    const char *end = line.data + line.len;
    for (size_t i = 0; i < l->n_columns; i++) {
        if (!cut_next(&at, end, i, &field))
            return false;
        if (l->slots[i] != NOT_WANTED)
            fields[l->slots[i]] = field;
    }
    if (at != end)
        return false;
    step_over(rest, line);
    return true;
}

bool
kith_lines_first(const kith_lines *l, kith_str *rest, kith_str *field)
{
    kith_str line;
    if (!find_line(rest, &line))
        return false;
    const char *at = line.data;
    for (size_t i = 0; i <= l->first; i++) {
        if (!cut_next(&at, line.data + line.len, i, field))
            return false;
    }
    step_over(rest, line);
    return true;
}

/* The reader of raw extracts knows what is wrong, and where. */
kith_status
kith_lines_refuse(const kith_lines *l, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_csv *csv = NULL;
    kith_csv_batch batch = {0};
    const kith_csv_params params = kith_csv_params_default();
    KITH_TRY(kith_csv_open(&csv, l->path, &params, err));
    do {
        KITH_TRY(kith_csv_next_whole(csv, &batch, err));
    } while (batch.n_rows > 0);
    status = kith_error_set(err, KITH_ERR_DATA, "%s: a row kith did not write",
                            l->path);
    kith_error_hint(err, "no field of this file holds quotes, commas or line "
                         "ends");
done:
    kith_csv_batch_done(&batch);
    kith_csv_close(csv);
    return status;
}

void
kith_lines_record(kith_lines *l, kith_job *job)
{
    kith_in_record(l->in, job);
}
