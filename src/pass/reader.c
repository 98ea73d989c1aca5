#include "base/alloc.h"
#include "pass/batch.h"
#include "pass/pass.h"

#include <string.h>

/*
 * A k-way merge by batches. Every file has some rows loaded; up to the least
 * of the files' last tokens (of those with more to load) all rows of all
 * files are there, so they can be put in order together and cut into blocks.
 * Tokens are random: spread over as many slots as there are rows, they lie in
 * order but for a few neighbours. That costs less than a heap step a row, and
 * finds equal tokens side by side.
 */
struct kith_pass_reader {
    const kith_pass *pass;
    kith_cursor *cursors; /* one a file */
    bool *link_one;       /* by file; NULL when none */
    kith_batch batch;
    kith_group_row *rows; /* of one block */
    size_t rows_cap;
    kith_grouper grouper;
    uint64_t max_rows; /* of a block, before it is put off */
    kith_pass_giant *giants;
    size_t n_giants, giants_cap;
};

kith_status
kith_pass_reader_new(kith_pass_reader **out, const kith_pass *pass,
                     kith_error *err)
{
    kith_status status = KITH_OK;
    kith_pass_reader *reader = NULL;
    *out = NULL;
    KITH_TRY(KITH_ALLOC(&reader, 1, err));
    reader->pass = pass;
    reader->max_rows = UINT64_MAX;
    KITH_TRY(KITH_ALLOC(&reader->cursors, pass->n_files, err));
    if (pass->any_link_one) {
        KITH_TRY(KITH_ALLOC(&reader->link_one, pass->n_files, err));
        for (uint32_t i = 0; i < pass->n_files; i++)
            reader->link_one[i] = pass->files[i].link_one;
    }
    *out = reader;
    reader = NULL;
done:
    kith_pass_reader_free(reader);
    return status;
}

void
kith_pass_reader_free(kith_pass_reader *reader)
{
    if (reader == NULL)
        return;
    for (uint32_t i = 0; reader->cursors && i < reader->pass->n_files; i++)
        kith_cursor_done(&reader->cursors[i]);
    kith_grouper_done(&reader->grouper);
    kith_free(reader->cursors);
    kith_free(reader->link_one);
    kith_batch_done(&reader->batch);
    kith_free(reader->rows);
    kith_free(reader->giants);
    kith_free(reader);
}

void
kith_pass_reader_limit(kith_pass_reader *reader, uint64_t rows)
{
    reader->max_rows = rows;
}

const kith_pass_giant *
kith_pass_reader_giants(const kith_pass_reader *reader, size_t *n)
{
    *n = reader->n_giants;
    return reader->giants;
}

void
kith_pass_reader_forget(kith_pass_reader *reader)
{
    reader->n_giants = 0;
}

const bool *
kith_pass_reader_link_one(const kith_pass_reader *reader)
{
    return reader->link_one;
}

/* Tokens below *stop are complete; *all when nothing is left to load. */
static void
find_stop(const kith_pass_reader *reader, uint64_t *stop, bool *all)
{
    *stop = UINT64_MAX;
    *all = true;
    for (uint32_t i = 0; i < reader->pass->n_files; i++) {
        const kith_cursor *c = &reader->cursors[i];
        if (!kith_cursor_more(c))
            continue;
        *all = false;
        if (c->last < *stop)
            *stop = c->last;
    }
}

static kith_status
load_more(kith_pass_reader *reader, uint64_t stop, kith_error *err)
{
    for (uint32_t i = 0; i < reader->pass->n_files; i++) {
        kith_cursor *c = &reader->cursors[i];
        if (!kith_cursor_more(c) || c->last != stop)
            continue;
        const kith_status status = kith_cursor_load(c, err);
        if (status != KITH_OK)
            return status;
    }
    return KITH_OK;
}

/* Rows of the least token, which nothing loaded is below, when they are more
 * than one block may have: over to those put off, and on behind them. */
static kith_status
put_off(kith_pass_reader *reader, uint64_t token, kith_pass_counts *counts,
        kith_error *err)
{
    kith_status status = KITH_OK;
    kith_pass_giant giant = {.token = token};
    uint64_t loaded = 0;
    for (uint32_t i = 0; i < reader->pass->n_files; i++)
        loaded += kith_cursor_equal(&reader->cursors[i], token);
    if (loaded <= reader->max_rows)
        return KITH_OK;
    for (uint32_t i = 0; i < reader->pass->n_files; i++) {
        uint64_t n = 0;
        KITH_TRY(kith_cursor_skip(&reader->cursors[i], token, &n, err));
        giant.n_rows += n;
    }
    KITH_TRY(KITH_GROW(&reader->giants, &reader->giants_cap,
                       reader->n_giants + 1, err));
    reader->giants[reader->n_giants++] = giant;
    counts->rows += giant.n_rows;
    counts->blocks++;
    if (giant.n_rows > counts->largest_block)
        counts->largest_block = giant.n_rows;
done:
    return status;
}

static kith_status
visit_block(kith_pass_reader *reader, const kith_keyed *items, uint32_t n,
            kith_group_fn fn, void *ctx, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_group *group = NULL;
    const size_t row_bytes = reader->pass->layout.row_bytes;
    KITH_TRY(KITH_GROW(&reader->rows, &reader->rows_cap, n, err));
    for (uint32_t i = 0; i < n; i++) {
        const kith_cursor *c = &reader->cursors[items[i].spare];
        reader->rows[i] = (kith_group_row){c->rows + items[i].value * row_bytes,
                                           (uint16_t)items[i].spare};
    }
    KITH_TRY(kith_grouper_run(&reader->grouper, reader->rows, n, row_bytes,
                              reader->link_one, &group, err));
    KITH_TRY(fn(ctx, group, err));
done:
    return status;
}

/* Rows lie scattered over the files' buffers: asked for this long before
 * they are needed. */
enum { AHEAD = 24, CACHE_LINE = 64 };

static void
prefetch_row(const kith_pass_reader *reader, const kith_keyed *item)
{
    const size_t row_bytes = reader->pass->layout.row_bytes;
    const uint8_t *row =
        reader->cursors[item->spare].rows + item->value * row_bytes;
    for (size_t i = 0; i < row_bytes; i += CACHE_LINE)
        __builtin_prefetch(row + i);
}

static kith_status
visit_batch(kith_pass_reader *reader, kith_group_fn fn, void *ctx,
            kith_pass_counts *counts, kith_error *err)
{
    const kith_keyed *items = reader->batch.items;
    const size_t n = reader->batch.n;
    counts->rows += n;
    for (size_t i = 0; i < n && i < AHEAD; i++)
        prefetch_row(reader, &items[i]);
    for (size_t i = 0; i < n;) {
        size_t j = i;
        for (; j < n && items[j].key == items[i].key; j++)
            if (j + AHEAD < n)
                prefetch_row(reader, &items[j + AHEAD]);
        counts->blocks++;
        if (j - i > counts->largest_block)
            counts->largest_block = j - i;
        if (j - i > 1) {
            const kith_status status =
                visit_block(reader, items + i, (uint32_t)(j - i), fn, ctx, err);
            if (status != KITH_OK)
                return status;
        }
        i = j;
    }
    return KITH_OK;
}

static kith_status
seek(kith_pass_reader *reader, uint32_t range, kith_error *err)
{
    const uint32_t n = reader->pass->n_ranges;
    const uint64_t width = UINT64_MAX / n + (n > 1);
    const uint64_t low = range * width;
    const uint64_t high = range == n - 1 ? UINT64_MAX : low + width - 1;
    for (uint32_t i = 0; i < reader->pass->n_files; i++) {
        const kith_status status = kith_cursor_seek(
            &reader->cursors[i], reader->pass->files[i].rows, low, high, err);
        if (status != KITH_OK)
            return status;
    }
    return KITH_OK;
}

kith_status
kith_pass_read(kith_pass_reader *reader, uint32_t range, kith_group_fn fn,
               void *ctx, kith_pass_counts *counts, kith_error *err)
{
    kith_status status = KITH_OK;
    bool all = false;
    KITH_TRY(seek(reader, range, err));
    for (;;) {
        uint64_t stop = 0;
        find_stop(reader, &stop, &all);
        KITH_TRY(kith_batch_take(&reader->batch, reader->cursors,
                                 reader->pass->n_files, all ? NULL : &stop,
                                 err));
        KITH_TRY(visit_batch(reader, fn, ctx, counts, err));
        if (all)
            break;
        KITH_TRY(load_more(reader, stop, err));
        KITH_TRY(put_off(reader, stop, counts, err));
    }
done:
    return status;
}
