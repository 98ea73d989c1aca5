#include "base/alloc.h"
#include "base/radix.h"
#include "io/sorter.h"
#include "match/store.h"

#include <pthread.h>
#include <stdlib.h>

/* One worker's room for a bucket. */
typedef struct desk {
    kith_pair_row *rows;   /* gathered from all lanes */
    kith_pair_row *sorted; /* the same in order */
    kith_keyed *items, *scratch;
    size_t rows_cap, sorted_cap, items_cap, scratch_cap;
    size_t n;
    kith_sorter *sorter; /* instead, where a bucket does not fit */
} desk;

/*
 * Buckets are sorted side by side and written in turn: whoever has the next
 * one writes it, and the others sort on meanwhile. The file, its checksums
 * and its digest know only one end.
 */
typedef struct writing {
    const kith_pair_store *store;
    kith_rows_out *out;
    desk *desks;           /* one a worker */
    pthread_mutex_t mutex; /* guards the two below */
    pthread_cond_t turn;
    size_t next;   /* the bucket to be written now */
    size_t failed; /* the least that failed; n_buckets: none */
} writing;

static kith_status
reserve(desk *d, size_t n, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(KITH_GROW(&d->rows, &d->rows_cap, n, err));
    KITH_TRY(KITH_GROW(&d->sorted, &d->sorted_cap, n, err));
    KITH_TRY(KITH_GROW(&d->items, &d->items_cap, n, err));
    KITH_TRY(KITH_GROW(&d->scratch, &d->scratch_cap, n, err));
done:
    return status;
}

/* Pairs of one left ref, by the right one. */
static void
sort_rights(desk *d, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++)
        d->items[i].key = kith_ref_number(d->rows[d->items[i].value].right);
    kith_radix_sort(d->items + begin, d->scratch + begin, end - begin);
}

static void
sort_pairs(desk *d)
{
    const size_t n = d->n;
    for (size_t i = 0; i < n; i++)
        d->items[i] = (kith_keyed){.key = kith_ref_number(d->rows[i].left),
                                   .value = (uint32_t)i};
    kith_radix_sort(d->items, d->scratch, n);
    for (size_t i = 0; i < n;) {
        size_t j = i + 1;
        while (j < n && d->items[j].key == d->items[i].key)
            j++;
        if (j - i > 1)
            sort_rights(d, i, j);
        for (; i < j; i++)
            d->sorted[i] = d->rows[d->items[i].value];
    }
}

static kith_status
each_pair(const kith_pair_store *s, size_t bucket, kith_pairs_fn fn, void *ctx,
          kith_error *err)
{
    for (unsigned i = 0; i < s->n_lanes; i++) {
        const kith_status status =
            kith_pair_lane_each(&s->lanes[i], bucket, fn, ctx, err);
        if (status != KITH_OK)
            return status;
    }
    return KITH_OK;
}

static kith_status
gather(void *ctx, const kith_pair_row *rows, size_t n, kith_error *err)
{
    desk *d = ctx;
    (void)err;
    memcpy(d->rows + d->n, rows, n * sizeof *rows);
    d->n += n;
    return KITH_OK;
}

static kith_status
gather_large(void *ctx, const kith_pair_row *rows, size_t n, kith_error *err)
{
    return kith_sorter_add(ctx, rows, n, err);
}

/* Everything about a bucket that needs no turn. */
static kith_status
sort_bucket(const writing *w, desk *d, size_t bucket, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_pair_store *s = w->store;
    const size_t n = kith_pair_store_count(s, bucket);
    d->n = 0;
    if (n > s->max_sort) {
        KITH_TRY(kith_sorter_new(&d->sorter, sizeof(kith_pair_row), 16,
                                 s->sorter_bytes, s->folder, err));
        KITH_TRY(each_pair(s, bucket, gather_large, d->sorter, err));
    } else {
        KITH_TRY(reserve(d, n, err));
        KITH_TRY(each_pair(s, bucket, gather, d, err));
        sort_pairs(d);
    }
done:
    return status;
}

static kith_status
write_sorted(void *ctx, const void *rows, size_t n, kith_error *err)
{
    return kith_rows_write(ctx, rows, n, err);
}

static kith_status
write_large(desk *d, kith_rows_out *out, kith_error *err)
{
    const kith_status status =
        kith_sorter_finish(d->sorter, write_sorted, out, err);
    kith_sorter_free(d->sorter);
    d->sorter = NULL;
    return status;
}

static kith_status
await_turn(writing *w, size_t bucket, kith_error *err)
{
    pthread_mutex_lock(&w->mutex);
    while (w->next != bucket && w->failed > bucket)
        pthread_cond_wait(&w->turn, &w->mutex);
    const bool lost = w->failed < bucket;
    pthread_mutex_unlock(&w->mutex);
    /* Never seen: the lower bucket's own failure is the one reported. */
    return lost ? kith_error_set(err, KITH_ERR_IO, "an earlier part failed")
                : KITH_OK;
}

static void
end_turn(writing *w, size_t bucket, kith_status status)
{
    pthread_mutex_lock(&w->mutex);
    if (status == KITH_OK)
        w->next = bucket + 1;
    else if (bucket < w->failed)
        w->failed = bucket;
    pthread_cond_broadcast(&w->turn);
    pthread_mutex_unlock(&w->mutex);
}

static kith_status
write_bucket(void *ctx, size_t bucket, unsigned worker, kith_error *err)
{
    kith_status status = KITH_OK;
    writing *w = ctx;
    desk *d = &w->desks[worker];
    KITH_TRY(sort_bucket(w, d, bucket, err));
    KITH_TRY(await_turn(w, bucket, err));
    KITH_TRY(d->sorter != NULL ? write_large(d, w->out, err)
                               : kith_rows_write(w->out, d->sorted, d->n, err));
done:
    end_turn(w, bucket, status);
    return status;
}

kith_status
kith_pair_store_write(kith_pair_store *s, kith_pool *pool, kith_rows_out *out,
                      kith_error *err)
{
    kith_status status = KITH_OK;
    const size_t n_buckets = (size_t)1 << s->bits;
    writing w = {.store = s,
                 .out = out,
                 .mutex = PTHREAD_MUTEX_INITIALIZER,
                 .turn = PTHREAD_COND_INITIALIZER,
                 .failed = n_buckets};
    const unsigned n_desks = kith_pool_size(pool);
    KITH_TRY(KITH_ALLOC(&w.desks, n_desks, err));
    KITH_TRY(kith_for(pool, n_buckets, write_bucket, &w, err));
done:
    for (unsigned i = 0; w.desks != NULL && i < n_desks; i++) {
        kith_free(w.desks[i].rows);
        kith_free(w.desks[i].sorted);
        kith_free(w.desks[i].items);
        kith_free(w.desks[i].scratch);
        kith_sorter_free(w.desks[i].sorter);
    }
    kith_free(w.desks);
    return status;
}
