#include "io/sorter.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/radix.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    RUN_BUFFER = 64 * 1024, /* smallest read of a spilled run while merging */
    BATCH_ROWS = 1024,
    AHEAD = 32,
    CACHE_LINE = 64,
    /* Rows are kept in pieces that never move. */
    CHUNK_BYTES = 8 * 1024 * 1024
};

typedef struct run {
    uint64_t at, end;      /* bytes of the spill file not yet read */
    unsigned char *buffer; /* buffer_rows x row_bytes */
    size_t i, n;           /* rows of the buffer: next, and how many */
} run;

struct kith_sorter {
    size_t row_bytes;
    size_t key_bytes;
    char *folder;
    size_t max_rows; /* rows held in memory before a spill */
    unsigned char **chunks;
    size_t n_chunks, chunks_cap;
    unsigned shift; /* a chunk holds 1 << shift rows */
    size_t n;
    uint64_t total;
    int fd; /* the spill file, already unlinked; -1 */
    uint64_t spilled_bytes;
    run *runs;
    size_t n_runs, runs_cap;
    size_t buffer_rows; /* of each run while merging */
};

/* Itself and two sort entries (radix and scratch). */
uint64_t
kith_sorter_row_cost(size_t row_bytes)
{
    return row_bytes + 2 * sizeof(kith_keyed);
}

kith_status
kith_sorter_new(kith_sorter **out, size_t row_bytes, size_t key_bytes,
                uint64_t memory_bytes, const char *folder, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_sorter *s = NULL;
    *out = NULL;
    KITH_TRY(KITH_ALLOC(&s, 1, err));
    s->fd = -1;
    s->row_bytes = row_bytes;
    s->key_bytes = key_bytes;
    s->folder = kith_strdup(folder);
    KITH_TRY(s->folder == NULL ? kith_error_memory(err, 1, strlen(folder))
                               : KITH_OK);
    uint64_t max = memory_bytes / kith_sorter_row_cost(row_bytes);
    if (max < BATCH_ROWS)
        max = BATCH_ROWS;
    if (max > UINT32_MAX)
        max = UINT32_MAX;
    s->max_rows = (size_t)max;
    while ((size_t)2 << s->shift <= s->max_rows &&
           ((size_t)2 << s->shift) * row_bytes <= CHUNK_BYTES)
        s->shift++;
    *out = s;
    s = NULL;
done:
    kith_sorter_free(s);
    return status;
}

static uint64_t
lead(const unsigned char *row, size_t key_bytes)
{
    uint64_t v = 0;
    const size_t n = key_bytes < 8 ? key_bytes : 8;
    for (size_t i = 0; i < n; i++)
        v = v << 8 | row[i];
    return v << (8 * (8 - n));
}

static unsigned char *
row_at(const kith_sorter *s, size_t i)
{
    const size_t in_chunk = i & (((size_t)1 << s->shift) - 1);
    return s->chunks[i >> s->shift] + in_chunk * s->row_bytes;
}

/* Rows lie anywhere in memory: asked for before they are due. */
static void
ask_for(const kith_sorter *s, size_t i, size_t bytes)
{
    const unsigned char *row = row_at(s, i);
    for (size_t k = 0; k < bytes; k += CACHE_LINE)
        __builtin_prefetch(row + k);
}

typedef struct tie {
    const kith_sorter *s;
    kith_keyed *items;
} tie;

/* Insertion sort of a run of equal leads by the whole key; runs are short
 * wherever the lead is a token. */
static void
sort_ties(const tie *t, size_t begin, size_t end)
{
    const kith_sorter *s = t->s;
    for (size_t i = begin + 1; i < end; i++) {
        const kith_keyed moved = t->items[i];
        const unsigned char *row = row_at(s, moved.value);
        size_t j = i;
        while (j > begin && memcmp(row_at(s, t->items[j - 1].value), row,
                                   s->key_bytes) > 0) {
            t->items[j] = t->items[j - 1];
            j--;
        }
        t->items[j] = moved;
    }
}

static int
compare_tie(const void *a, const void *b, const kith_sorter *s)
{
    const kith_keyed *x = a;
    const kith_keyed *y = b;
    const int c =
        memcmp(row_at(s, x->value), row_at(s, y->value), s->key_bytes);
    return c != 0 ? c : (x->value > y->value) - (x->value < y->value);
}

/* Heap sort for long runs of equal leads: no worst case, no globals. */
static void
sift_down(const tie *t, size_t begin, size_t i, size_t n)
{
    kith_keyed *a = t->items + begin;
    for (;;) {
        size_t child = 2 * i + 1;
        if (child >= n)
            return;
        if (child + 1 < n && compare_tie(&a[child], &a[child + 1], t->s) < 0)
            child++;
        if (compare_tie(&a[i], &a[child], t->s) >= 0)
            return;
        const kith_keyed swap = a[i];
        a[i] = a[child];
        a[child] = swap;
        i = child;
    }
}

static void
sort_long_ties(const tie *t, size_t begin, size_t end)
{
    const size_t n = end - begin;
    for (size_t i = n / 2; i-- > 0;)
        sift_down(t, begin, i, n);
    for (size_t last = n; last-- > 1;) {
        const kith_keyed swap = t->items[begin];
        t->items[begin] = t->items[begin + last];
        t->items[begin + last] = swap;
        sift_down(t, begin, 0, last);
    }
}

/* Order of the rows in memory: radix on the lead, then the rest of the key. */
static kith_status
sort_memory(kith_sorter *s, kith_keyed **order, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_keyed *scratch = NULL;
    *order = NULL;
    *order = kith_alloc_large(s->n, sizeof **order);
    scratch = kith_alloc_large(s->n, sizeof *scratch);
    if (*order == NULL || scratch == NULL)
        KITH_TRY(kith_error_memory(err, s->n, sizeof *scratch));
    for (size_t i = 0; i < s->n; i++)
        (*order)[i] = (kith_keyed){.key = lead(row_at(s, i), s->key_bytes),
                                   .value = (uint32_t)i};
    kith_radix_sort(*order, scratch, s->n);
    const tie t = {s, *order};
    for (size_t i = 0; s->key_bytes > 8 && i < s->n;) {
        size_t j = i;
        for (; j < s->n && (*order)[j].key == (*order)[i].key; j++)
            if (j + AHEAD < s->n)
                ask_for(s, (*order)[j + AHEAD].value, s->key_bytes);
        if (j - i > 32)
            sort_long_ties(&t, i, j);
        else
            sort_ties(&t, i, j);
        i = j;
    }
done:
    kith_free(scratch);
    return status;
}

/* Visits the rows in memory in order, in batches. */
static kith_status
emit_memory(kith_sorter *s, kith_sorter_fn fn, void *ctx, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_keyed *order = NULL;
    unsigned char *batch = NULL;
    if (s->n == 0)
        return KITH_OK;
    KITH_TRY(sort_memory(s, &order, err));
    KITH_TRY(KITH_ALLOC(&batch, BATCH_ROWS * s->row_bytes, err));
    for (size_t i = 0; i < s->n;) {
        size_t n = 0;
        for (; n < BATCH_ROWS && i < s->n; n++, i++) {
            if (i + AHEAD < s->n)
                ask_for(s, order[i + AHEAD].value, s->row_bytes);
            memcpy(batch + n * s->row_bytes, row_at(s, order[i].value),
                   s->row_bytes);
        }
        KITH_TRY(fn(ctx, batch, n, err));
    }
    s->n = 0;
done:
    kith_free(batch);
    kith_free(order);
    return status;
}

static kith_status
open_spill(kith_sorter *s, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_buffer name = {0};
    KITH_TRY(kith_buffer_printf(&name, err, "%s/.sort.XXXXXX", s->folder));
    s->fd = mkstemp(name.data);
    if (s->fd < 0)
        KITH_TRY(kith_error_set(err, KITH_ERR_IO,
                                "%s: cannot make a temporary file: %s",
                                s->folder, strerror(errno)));
    (void)unlink(name.data);
done:
    kith_buffer_done(&name);
    return status;
}

static kith_status
spill_batch(void *ctx, const void *rows, size_t n, kith_error *err)
{
    kith_sorter *s = ctx;
    const unsigned char *p = rows;
    for (size_t left = n * s->row_bytes; left > 0;) {
        const ssize_t put = write(s->fd, p, left);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0) {
            kith_error_set(err, KITH_ERR_IO, "%s: cannot write a sort run: %s",
                           s->folder, strerror(errno));
            kith_error_hint(err, "free some space, or give more --memory");
            return KITH_ERR_IO;
        }
        p += put;
        left -= (size_t)put;
        s->spilled_bytes += (uint64_t)put;
    }
    return KITH_OK;
}

static kith_status
spill(kith_sorter *s, kith_error *err)
{
    kith_status status = KITH_OK;
    if (s->fd < 0)
        KITH_TRY(open_spill(s, err));
    KITH_TRY(KITH_GROW(&s->runs, &s->runs_cap, s->n_runs + 1, err));
    const uint64_t begin = s->spilled_bytes;
    KITH_TRY(emit_memory(s, spill_batch, s, err));
    s->runs[s->n_runs++] = (run){.at = begin, .end = s->spilled_bytes};
done:
    return status;
}

static kith_status
add_chunk(kith_sorter *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const size_t rows = (size_t)1 << s->shift;
    KITH_TRY(KITH_GROW(&s->chunks, &s->chunks_cap, s->n_chunks + 1, err));
    s->chunks[s->n_chunks] = kith_alloc_large(rows, s->row_bytes);
    if (s->chunks[s->n_chunks] == NULL)
        KITH_TRY(kith_error_memory(err, rows, s->row_bytes));
    s->n_chunks++;
done:
    return status;
}

kith_status
kith_sorter_add(kith_sorter *s, const void *rows, size_t n, kith_error *err)
{
    kith_status status = KITH_OK;
    const unsigned char *from = rows;
    const size_t chunk = (size_t)1 << s->shift;
    s->total += n;
    while (n > 0) {
        if (s->n == s->max_rows)
            KITH_TRY(spill(s, err));
        if (s->n >> s->shift == s->n_chunks)
            KITH_TRY(add_chunk(s, err));
        const size_t in_chunk = chunk - (s->n & (chunk - 1));
        const size_t room = s->max_rows - s->n;
        size_t part = n < room ? n : room;
        part = part < in_chunk ? part : in_chunk;
        memcpy(row_at(s, s->n), from, part * s->row_bytes);
        s->n += part;
        from += part * s->row_bytes;
        n -= part;
    }
done:
    return status;
}

static void
free_chunks(kith_sorter *s)
{
    for (size_t i = 0; i < s->n_chunks; i++)
        kith_free(s->chunks[i]);
    kith_free(s->chunks);
    s->chunks = NULL;
    s->n_chunks = s->chunks_cap = 0;
}

static kith_status
run_fill(kith_sorter *s, run *r, kith_error *err)
{
    const uint64_t left = r->end - r->at;
    size_t want = s->buffer_rows * s->row_bytes;
    if (left < want)
        want = (size_t)left;
    for (size_t got = 0; got < want;) {
        const ssize_t n =
            pread(s->fd, r->buffer + got, want - got, (off_t)(r->at + got));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return kith_error_set(
                err, KITH_ERR_IO, "%s: cannot read a sort run back: %s",
                s->folder, n == 0 ? "cut short" : strerror(errno));
        got += (size_t)n;
    }
    r->at += want;
    r->i = 0;
    r->n = want / s->row_bytes;
    return KITH_OK;
}

static const unsigned char *
run_row(const kith_sorter *s, const run *r)
{
    return r->buffer + r->i * s->row_bytes;
}

/* Is run a's next row before run b's? Ended runs come last. */
static bool
run_before(const kith_sorter *s, size_t a, size_t b)
{
    const run *x = &s->runs[a];
    const run *y = &s->runs[b];
    if (x->n == 0 || y->n == 0)
        return x->n != 0 || (y->n == 0 && a < b);
    const int c = memcmp(run_row(s, x), run_row(s, y), s->key_bytes);
    return c != 0 ? c < 0 : a < b;
}

/* Restores the heap of run numbers below position i. */
static void
heap_down(const kith_sorter *s, size_t *heap, size_t i)
{
    for (;;) {
        size_t least = i;
        for (size_t c = 2 * i + 1; c <= 2 * i + 2 && c < s->n_runs; c++) {
            if (run_before(s, heap[c], heap[least]))
                least = c;
        }
        if (least == i)
            return;
        const size_t swap = heap[i];
        heap[i] = heap[least];
        heap[least] = swap;
        i = least;
    }
}

static kith_status
open_runs(kith_sorter *s, size_t **heap, kith_error *err)
{
    kith_status status = KITH_OK;
    const size_t share = s->max_rows / s->n_runs;
    const size_t least = RUN_BUFFER / s->row_bytes + 1;
    s->buffer_rows = share < least ? least : share;
    KITH_TRY(KITH_ALLOC(heap, s->n_runs, err));
    for (size_t i = 0; i < s->n_runs; i++) {
        run *r = &s->runs[i];
        KITH_TRY(KITH_ALLOC(&r->buffer, s->buffer_rows * s->row_bytes, err));
        KITH_TRY(run_fill(s, r, err));
        (*heap)[i] = i;
    }
    for (size_t i = s->n_runs / 2; i-- > 0;)
        heap_down(s, *heap, i);
done:
    return status;
}

static kith_status
merge_runs(kith_sorter *s, kith_sorter_fn fn, void *ctx, kith_error *err)
{
    kith_status status = KITH_OK;
    size_t *heap = NULL;
    unsigned char *batch = NULL;
    size_t n = 0;
    KITH_TRY(open_runs(s, &heap, err));
    KITH_TRY(KITH_ALLOC(&batch, BATCH_ROWS * s->row_bytes, err));
    for (;;) {
        run *r = &s->runs[heap[0]];
        if (r->n == 0 || n == BATCH_ROWS) {
            if (n > 0)
                KITH_TRY(fn(ctx, batch, n, err));
            n = 0;
            if (r->n == 0)
                break;
        }
        memcpy(batch + n++ * s->row_bytes, run_row(s, r), s->row_bytes);
        if (++r->i == r->n)
            KITH_TRY(run_fill(s, r, err));
        heap_down(s, heap, 0);
    }
done:
    kith_free(batch);
    kith_free(heap);
    return status;
}

kith_status
kith_sorter_finish(kith_sorter *s, kith_sorter_fn fn, void *ctx,
                   kith_error *err)
{
    kith_status status = KITH_OK;
    if (s->n_runs == 0)
        return emit_memory(s, fn, ctx, err);
    if (s->n > 0)
        KITH_TRY(spill(s, err));
    free_chunks(s);
    KITH_TRY(merge_runs(s, fn, ctx, err));
done:
    return status;
}

uint64_t
kith_sorter_count(const kith_sorter *s)
{
    return s->total;
}

void
kith_sorter_free(kith_sorter *s)
{
    if (s == NULL)
        return;
    for (size_t i = 0; i < s->n_runs; i++)
        kith_free(s->runs[i].buffer);
    kith_free(s->runs);
    if (s->fd >= 0)
        (void)close(s->fd);
    free_chunks(s);
    kith_free(s->folder);
    kith_free(s);
}
