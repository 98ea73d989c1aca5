#include "match/store.h"

#include "base/alloc.h"
#include "base/buffer.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* Two megabytes at a time from the allocator: a large page. Lanes write all
 * over their slabs, and each new small page would cost a fault besides. */
enum { SLAB_MOST = 512, SLAB_LEAST = 32 };
/* Pairs of a bucket: what sorts in the second-level cache. */
enum { BUCKET_PAIRS = 1 << 14, MOST_BITS = 10 };
/* Memory of the sort: the row, its slot, and as much again for refs that are
 * not random. */
enum { SORT_BYTES = 2 * (sizeof(kith_pair_row) + 8) };

/* Buckets fit the expected pairs, and a lane has chunks for all of them many
 * times over. */
static unsigned
bucket_bits(uint64_t expected, size_t lane_chunks)
{
    unsigned bits = 0;
    while (bits < MOST_BITS && expected >> bits > BUCKET_PAIRS &&
           lane_chunks >> (bits + 3) > 0)
        bits++;
    return bits;
}

kith_status
kith_pair_store_init(kith_pair_store *s, unsigned n_workers,
                     uint64_t memory_bytes, const char *folder, kith_error *err)
{
    kith_status status = KITH_OK;
    *s = (kith_pair_store){.folder = folder};
    /* Three quarters hold pairs, one sorts them; both by worker. */
    const uint64_t share = memory_bytes / 4 / n_workers;
    const size_t chunks = (size_t)(3 * share / sizeof(kith_pair_chunk));
    s->slab_chunks = chunks > SLAB_MOST    ? SLAB_MOST
                     : chunks < SLAB_LEAST ? SLAB_LEAST
                                           : chunks;
    s->max_slabs = chunks / s->slab_chunks + (chunks < s->slab_chunks);
    s->max_sort = (size_t)(share / SORT_BYTES) + KITH_CHUNK_ROWS;
    s->sorter_bytes = share;
    KITH_TRY(KITH_ALLOC(&s->lanes, n_workers, err));
    for (; s->n_lanes < n_workers; s->n_lanes++)
        s->lanes[s->n_lanes] = (kith_pair_lane){.store = s, .fd = -1};
done:
    return status;
}

/* All but the slabs, which are used again. */
static void
forget(kith_pair_lane *lane)
{
    for (size_t k = 0; k < lane->n_spills; k++)
        kith_free(lane->spills[k]);
    kith_free(lane->tails);
    lane->tails = NULL;
    lane->n_spills = lane->used = 0;
    if (lane->fd >= 0)
        (void)close(lane->fd);
    lane->fd = -1;
}

kith_status
kith_pair_store_begin(kith_pair_store *s, uint64_t expected, kith_error *err)
{
    kith_status status = KITH_OK;
    s->bits = bucket_bits(expected, s->max_slabs * s->slab_chunks);
    for (unsigned i = 0; i < s->n_lanes; i++) {
        kith_pair_lane *lane = &s->lanes[i];
        forget(lane);
        KITH_TRY(KITH_ALLOC(&lane->tails, (size_t)1 << s->bits, err));
    }
done:
    return status;
}

void
kith_pair_store_done(kith_pair_store *s)
{
    for (unsigned i = 0; i < s->n_lanes; i++) {
        kith_pair_lane *lane = &s->lanes[i];
        for (size_t k = 0; k < lane->n_slabs; k++)
            kith_free(lane->slabs[k]);
        forget(lane);
        kith_free(lane->slabs);
        kith_free(lane->spills);
    }
    kith_free(s->lanes);
    *s = (kith_pair_store){0};
}

static kith_status
open_spill(int *fd, const char *folder, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_buffer name = {0};
    KITH_TRY(kith_buffer_printf(&name, err, "%s/.pairs.XXXXXX", folder));
    *fd = mkstemp(name.data);
    if (*fd < 0)
        KITH_TRY(kith_error_set(err, KITH_ERR_IO,
                                "%s: cannot make a temporary file: %s", folder,
                                strerror(errno)));
    (void)unlink(name.data);
done:
    kith_buffer_done(&name);
    return status;
}

/* Visits the chunks of a bucket; all but the last are full. */
static kith_status
each_chunk(const kith_pair_lane *lane, size_t bucket, kith_pairs_fn fn,
           void *ctx, kith_error *err)
{
    const kith_pair_tail *tail = &lane->tails[bucket];
    size_t n = tail->n;
    for (const kith_pair_chunk *c = tail->last; c != NULL; c = c->before) {
        const kith_status status = fn(ctx, c->rows, n, err);
        if (status != KITH_OK)
            return status;
        n = KITH_CHUNK_ROWS;
    }
    return KITH_OK;
}

typedef struct aside {
    int fd;
    const char *folder;
    uint64_t end;
} aside;

static kith_status
write_aside(void *ctx, const kith_pair_row *rows, size_t n, kith_error *err)
{
    aside *to = ctx;
    const char *p = (const char *)rows;
    to->end += n * sizeof *rows;
    for (size_t left = n * sizeof *rows; left > 0;) {
        const ssize_t put = write(to->fd, p, left);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0) {
            kith_error_set(err, KITH_ERR_IO, "%s: cannot write pairs aside: %s",
                           to->folder, strerror(errno));
            kith_error_hint(err, "free some space, or give more --memory");
            return KITH_ERR_IO;
        }
        p += put;
        left -= (size_t)put;
    }
    return KITH_OK;
}

/* Everything of the lane to its file, bucket by bucket. */
static kith_status
spill(kith_pair_lane *lane, kith_error *err)
{
    kith_status status = KITH_OK;
    const size_t n_buckets = (size_t)1 << lane->store->bits;
    const char *folder = lane->store->folder;
    uint64_t *begin = NULL;
    if (lane->fd < 0)
        KITH_TRY(open_spill(&lane->fd, folder, err));
    KITH_TRY(
        KITH_GROW(&lane->spills, &lane->spills_cap, lane->n_spills + 1, err));
    KITH_TRY(KITH_ALLOC(&begin, n_buckets + 1, err));
    if (lane->n_spills > 0)
        begin[0] = lane->spills[lane->n_spills - 1][n_buckets];
    for (size_t b = 0; b < n_buckets; b++) {
        aside to = {lane->fd, folder, begin[b]};
        KITH_TRY(each_chunk(lane, b, write_aside, &to, err));
        begin[b + 1] = to.end;
        lane->tails[b] = (kith_pair_tail){0};
    }
    lane->spills[lane->n_spills++] = begin;
    begin = NULL;
    lane->used = 0;
done:
    kith_free(begin);
    return status;
}

/* NULL when memory is short. */
static kith_pair_chunk *
new_chunk(kith_pair_lane *lane, kith_error *err)
{
    const size_t n = lane->store->slab_chunks;
    if (lane->used == lane->n_slabs * n) {
        if (KITH_GROW(&lane->slabs, &lane->slabs_cap, lane->n_slabs + 1, err) !=
            KITH_OK)
            return NULL;
        kith_pair_chunk *slab = kith_alloc_large(n, sizeof *slab);
        if (slab == NULL) {
            (void)kith_error_memory(err, n, sizeof *slab);
            return NULL;
        }
        lane->slabs[lane->n_slabs++] = slab;
    }
    kith_pair_chunk *chunk = &lane->slabs[lane->used / n][lane->used % n];
    lane->used++;
    return chunk;
}

kith_status
kith_pair_lane_grow(kith_pair_lane *lane, size_t bucket, kith_error *err)
{
    kith_status status = KITH_OK;
    if (lane->used == lane->store->max_slabs * lane->store->slab_chunks)
        KITH_TRY(spill(lane, err));
    kith_pair_chunk *chunk = new_chunk(lane, err);
    if (chunk == NULL)
        return KITH_ERR_MEMORY;
    kith_pair_tail *tail = &lane->tails[bucket];
    chunk->before = tail->last;
    *tail = (kith_pair_tail){.last = chunk,
                             .n_full = tail->n_full + (tail->last != NULL)};
done:
    return status;
}

size_t
kith_pair_store_count(const kith_pair_store *s, size_t bucket)
{
    size_t n = 0;
    for (unsigned i = 0; i < s->n_lanes; i++) {
        const kith_pair_lane *lane = &s->lanes[i];
        n += lane->tails[bucket].n +
             (size_t)lane->tails[bucket].n_full * KITH_CHUNK_ROWS;
        for (size_t k = 0; k < lane->n_spills; k++)
            n += (size_t)(lane->spills[k][bucket + 1] -
                          lane->spills[k][bucket]) /
                 sizeof(kith_pair_row);
    }
    return n;
}

static kith_status
read_aside(const kith_pair_lane *lane, void *to, size_t n, uint64_t at,
           kith_error *err)
{
    for (char *p = to; n > 0;) {
        const ssize_t got = pread(lane->fd, p, n, (off_t)at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return kith_error_set(
                err, KITH_ERR_IO, "%s: cannot read pairs back: %s",
                lane->store->folder, got == 0 ? "cut short" : strerror(errno));
        p += got;
        at += (uint64_t)got;
        n -= (size_t)got;
    }
    return KITH_OK;
}

kith_status
kith_pair_lane_each(const kith_pair_lane *lane, size_t bucket, kith_pairs_fn fn,
                    void *ctx, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_pair_row rows[KITH_CHUNK_ROWS];
    KITH_TRY(each_chunk(lane, bucket, fn, ctx, err));
    for (size_t k = 0; k < lane->n_spills; k++) {
        const uint64_t end = lane->spills[k][bucket + 1];
        for (uint64_t at = lane->spills[k][bucket]; at < end;) {
            const size_t left = (size_t)(end - at);
            const size_t part = left < sizeof rows ? left : sizeof rows;
            KITH_TRY(read_aside(lane, rows, part, at, err));
            KITH_TRY(fn(ctx, rows, part / sizeof *rows, err));
            at += part;
        }
    }
done:
    return status;
}
