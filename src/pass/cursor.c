#include "pass/cursor.h"

#include "base/alloc.h"

#include <string.h>

void
kith_cursor_done(kith_cursor *c)
{
    kith_free(c->rows);
    kith_free(c->tokens);
    *c = (kith_cursor){0};
}

/* First row whose token is at least (above: greater than) @p token. */
static kith_status
search(const kith_rows_in *file, uint64_t token, bool above, uint64_t *row,
       kith_error *err)
{
    uint64_t low = 0, high = kith_rows_count(file);
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        uint8_t head[8];
        const kith_status status =
            kith_rows_peek(file, middle, head, sizeof head, err);
        if (status != KITH_OK)
            return status;
        const uint64_t found = kith_row_token(head);
        if (found < token || (above && found == token))
            low = middle + 1;
        else
            high = middle;
    }
    *row = low;
    return KITH_OK;
}

bool
kith_cursor_more(const kith_cursor *c)
{
    return c->next_frame * kith_rows_per_frame(c->file) < c->end_row;
}

static kith_status
unsorted(const kith_cursor *c, kith_error *err)
{
    kith_error_set(err, KITH_ERR_DATA, "%s: rows are not sorted by block",
                   kith_rows_path(c->file));
    kith_error_hint(err, "ask for the file again, or encode it again");
    return KITH_ERR_DATA;
}

/* The rows not yet taken move to the front, with room for a frame behind. */
static kith_status
make_room(kith_cursor *c, kith_error *err)
{
    kith_status status = KITH_OK;
    const size_t kept = c->n - c->at;
    const size_t want = kept + kith_rows_per_frame(c->file);
    if (c->at > 0 && kept > 0) {
        memmove(c->rows, c->rows + c->at * c->row_bytes, kept * c->row_bytes);
        memmove(c->tokens, c->tokens + c->at, kept * sizeof *c->tokens);
    }
    c->at = 0;
    c->n = kept;
    KITH_TRY(KITH_GROW(&c->rows, &c->rows_cap, want * c->row_bytes, err));
    KITH_TRY(KITH_GROW(&c->tokens, &c->tokens_cap, want, err));
done:
    return status;
}

kith_status
kith_cursor_load(kith_cursor *c, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint64_t first = c->next_frame * kith_rows_per_frame(c->file);
    size_t got = 0;
    KITH_TRY(make_room(c, err));
    KITH_TRY(kith_rows_frame(c->file, c->next_frame++,
                             c->rows + c->n * c->row_bytes, &got, err));
    if (kith_cursor_more(c))
        kith_rows_ahead(c->file, c->next_frame);
    if (first + got > c->end_row)
        got = (size_t)(c->end_row - first);
    uint64_t last = c->last;
    for (const size_t end = c->n + got; c->n < end; c->n++) {
        const uint64_t token = kith_row_token(c->rows + c->n * c->row_bytes);
        if (token < last)
            return unsorted(c, err);
        c->tokens[c->n] = last = token;
    }
    c->last = last;
done:
    return status;
}

size_t
kith_cursor_below(const kith_cursor *c, uint64_t stop)
{
    size_t low = c->at, high = c->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (c->tokens[middle] < stop)
            low = middle + 1;
        else
            high = middle;
    }
    return low - c->at;
}

size_t
kith_cursor_equal(const kith_cursor *c, uint64_t token)
{
    return token == UINT64_MAX ? c->n - c->at : kith_cursor_below(c, token + 1);
}

kith_status
kith_cursor_span(const kith_rows_in *file, uint64_t low, uint64_t high,
                 uint64_t *first, uint64_t *end, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(search(file, low, false, first, err));
    KITH_TRY(search(file, high, true, end, err));
done:
    return status;
}

/* Goes on at row @p row of the file. */
static kith_status
go_to(kith_cursor *c, uint64_t row, kith_error *err)
{
    const size_t per_frame = kith_rows_per_frame(c->file);
    c->at = c->n = 0;
    c->next_frame = row / per_frame;
    if (row >= c->end_row) {
        c->end_row = 0;
        return KITH_OK;
    }
    const kith_status status = kith_cursor_load(c, err);
    c->at = (size_t)(row % per_frame);
    return status;
}

kith_status
kith_cursor_skip(kith_cursor *c, uint64_t token, uint64_t *n_rows,
                 kith_error *err)
{
    kith_status status = KITH_OK;
    uint64_t first = 0, end = 0;
    *n_rows = 0;
    if (kith_cursor_equal(c, token) == 0)
        return KITH_OK;
    KITH_TRY(kith_cursor_span(c->file, token, token, &first, &end, err));
    *n_rows = end - first;
    c->last = token;
    KITH_TRY(go_to(c, end, err));
done:
    return status;
}

kith_status
kith_cursor_seek(kith_cursor *c, const kith_rows_in *file, uint64_t low,
                 uint64_t high, kith_error *err)
{
    kith_status status = KITH_OK;
    uint64_t first = 0;
    c->file = file;
    c->row_bytes = kith_rows_bytes(file);
    c->last = 0;
    KITH_TRY(kith_cursor_span(file, low, high, &first, &c->end_row, err));
    KITH_TRY(go_to(c, first, err));
done:
    return status;
}
