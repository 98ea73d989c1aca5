#include "base/alloc.h"
#include "io/sorter.h"
#include "match/store.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Steps that settling may take a row, before it is given up. */
enum { MOST_STEPS = 8 };

/* One worker's room for a bucket. */
typedef struct desk {
    kith_pair_row *rows; /* gathered from all lanes */
    uint32_t *slots;     /* where the next row of a slot goes */
    size_t rows_cap, slots_cap;
    unsigned skip, bits; /* of a left ref: the bucket's, then the slot's */
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

/* As many slots as rows; the slots' bits come after the bucket's. */
static kith_status
reserve(desk *d, unsigned skip, size_t n, kith_error *err)
{
    kith_status status = KITH_OK;
    d->n = n;
    d->skip = skip;
    for (d->bits = 0; n >> d->bits > 1; d->bits++)
        ;
    const size_t n_slots = (size_t)1 << d->bits;
    KITH_TRY(KITH_GROW(&d->rows, &d->rows_cap, n, err));
    KITH_TRY(KITH_GROW(&d->slots, &d->slots_cap, n_slots + 1, err));
    memset(d->slots, 0, (n_slots + 1) * sizeof *d->slots);
done:
    return status;
}

static inline size_t
slot_of(const desk *d, const kith_pair_row *row)
{
    const uint64_t left = kith_ref_number(row->left) << d->skip;
    return (size_t)(left >> 1 >> (63 - d->bits));
}

static kith_status
count_slots(void *ctx, const kith_pair_row *rows, size_t n, kith_error *err)
{
    desk *d = ctx;
    (void)err;
    for (size_t i = 0; i < n; i++)
        d->slots[slot_of(d, &rows[i]) + 1]++;
    return KITH_OK;
}

static kith_status
fill_slots(void *ctx, const kith_pair_row *rows, size_t n, kith_error *err)
{
    desk *d = ctx;
    (void)err;
    for (size_t i = 0; i < n; i++)
        d->rows[d->slots[slot_of(d, &rows[i])]++] = rows[i];
    return KITH_OK;
}

static inline bool
comes_before(const kith_pair_row *a, const kith_pair_row *b)
{
    const uint64_t x = kith_ref_number(a->left), y = kith_ref_number(b->left);
    return x < y ||
           (x == y && kith_ref_number(a->right) < kith_ref_number(b->right));
}

static int
compare_pairs(const void *a, const void *b)
{
    return memcmp(a, b,
                  sizeof((kith_pair_row *)0)->left +
                      sizeof((kith_pair_row *)0)->right);
}

/* Neighbours within a slot. A row that pairs with very many, or refs that are
 * not random, are left to a sort that does not mind. */
static void
settle(desk *d)
{
    kith_pair_row *rows = d->rows;
    size_t steps = 0;
    for (size_t i = 1; i < d->n; i++) {
        if (!comes_before(&rows[i], &rows[i - 1]))
            continue;
        const kith_pair_row row = rows[i];
        size_t j = i;
        for (; j > 0 && comes_before(&row, &rows[j - 1]); j--)
            rows[j] = rows[j - 1];
        rows[j] = row;
        steps += i - j;
        if (steps > MOST_STEPS * d->n) {
            qsort(rows, d->n, sizeof *rows, compare_pairs);
            return;
        }
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

/* Left refs are random: spread over as many slots as there are rows they lie
 * in order but for a few neighbours. */
static kith_status
sort_small(desk *d, const kith_pair_store *s, size_t bucket, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(each_pair(s, bucket, count_slots, d, err));
    for (size_t i = 0; i < (size_t)1 << d->bits; i++)
        d->slots[i + 1] += d->slots[i];
    KITH_TRY(each_pair(s, bucket, fill_slots, d, err));
    settle(d);
done:
    return status;
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
    if (n > s->max_sort) {
        KITH_TRY(kith_sorter_new(&d->sorter, sizeof(kith_pair_row), 16,
                                 s->sorter_bytes, s->folder, err));
        KITH_TRY(each_pair(s, bucket, gather_large, d->sorter, err));
    } else {
        KITH_TRY(reserve(d, s->bits, n, err));
        KITH_TRY(sort_small(d, s, bucket, err));
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
                               : kith_rows_write(w->out, d->rows, d->n, err));
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
        kith_free(w.desks[i].slots);
        kith_sorter_free(w.desks[i].sorter);
    }
    kith_free(w.desks);
    return status;
}
