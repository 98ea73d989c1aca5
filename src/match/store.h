/**
 * @file store.h
 * @brief All pairs of one pass, and their way to the file in order.
 *
 * Refs are random, so that the leading bits of the left one cut the pairs
 * into buckets of about one size. A worker drops each pair into a bucket of
 * its own lane; at the end buckets are gathered from all lanes, sorted and
 * written, one after the other, by as many workers as there are.
 * Order    (left, right), which is one order however many lanes there were
 * Memory   at most the budget given: a lane that is full goes to a file of
 *          its own beside the output, unlinked at once, so that a killed run
 *          leaves none behind
 * Threads  a lane belongs to one worker; nothing is locked while pairs come
 */
#ifndef KITH_MATCH_STORE_H
#define KITH_MATCH_STORE_H

#include "base/pool.h"
#include "io/rowfile.h"
#include "match/pairs.h"

#include <kith/status.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A chunk fills a page of 4,096 bytes: buckets grow by it. */
enum { KITH_CHUNK_ROWS = 146 };

typedef struct kith_pair_chunk {
    struct kith_pair_chunk *before; /* of the same bucket, full */
    kith_pair_row rows[KITH_CHUNK_ROWS];
} kith_pair_chunk;

/* A bucket of one lane: its last chunk. */
typedef struct kith_pair_tail {
    kith_pair_chunk *last; /* NULL: empty */
    uint32_t n;            /* rows in it */
    uint32_t n_full;       /* chunks before it, each full */
} kith_pair_tail;

struct kith_pair_store;

typedef struct kith_pair_lane {
    struct kith_pair_store *store;
    kith_pair_tail *tails; /* n_buckets */
    kith_pair_chunk **slabs;
    size_t n_slabs, slabs_cap;
    size_t used;       /* chunks of all slabs */
    int fd;            /* the spill file, unlinked; -1 */
    uint64_t **spills; /* where each bucket begins in the file, and the end */
    size_t n_spills, spills_cap;
} kith_pair_lane;

typedef struct kith_pair_store {
    unsigned bits; /* n_buckets is 2^bits */
    size_t slab_chunks;
    size_t max_slabs;
    size_t max_sort; /* pairs of a bucket sorted in memory */
    uint64_t sorter_bytes;
    const char *folder; /* borrowed */
    kith_pair_lane *lanes;
    unsigned n_lanes;
} kith_pair_store;

/** @param folder of the output, borrowed */
KITH_NODISCARD kith_status kith_pair_store_init(kith_pair_store *s,
                                                unsigned n_workers,
                                                uint64_t memory_bytes,
                                                const char *folder,
                                                kith_error *err);
void kith_pair_store_done(kith_pair_store *s);

/** Empties the store for the pairs of another pass, in the same memory.
 *  @param expected pairs, roughly */
KITH_NODISCARD kith_status kith_pair_store_begin(kith_pair_store *s,
                                                 uint64_t expected,
                                                 kith_error *err);

/** The bucket has no room left: makes some. */
KITH_NODISCARD kith_status kith_pair_lane_grow(kith_pair_lane *lane,
                                               size_t bucket, kith_error *err);

static inline uint64_t
kith_ref_number(const uint8_t ref[8])
{
    uint64_t x;
    memcpy(&x, ref, sizeof x);
    return __builtin_bswap64(x);
}

/** Room for a pair among worker @p lane's own, which the caller fills in.
 *  @param left its left ref, as a number */
static inline kith_status
kith_pair_slot(kith_pair_row **out, kith_pair_lane *lane, uint64_t left,
               kith_error *err)
{
    /* Two steps: with one bucket the number goes by all 64 bits. */
    const size_t bucket = (size_t)(left >> 1 >> (63 - lane->store->bits));
    kith_pair_tail *tail = &lane->tails[bucket];
    if (tail->last == NULL || tail->n == KITH_CHUNK_ROWS) {
        const kith_status status = kith_pair_lane_grow(lane, bucket, err);
        if (status != KITH_OK)
            return status;
    }
    *out = &tail->last->rows[tail->n++];
    /* The bucket's next pair comes long after: the line that it goes to is
     * here by then. */
    __builtin_prefetch(*out + 2, 1);
    return KITH_OK;
}

/** Writes all pairs in order. */
KITH_NODISCARD kith_status kith_pair_store_write(kith_pair_store *s,
                                                 kith_pool *pool,
                                                 kith_rows_out *out,
                                                 kith_error *err);

/** Pairs of a bucket, of all lanes. */
size_t kith_pair_store_count(const kith_pair_store *s, size_t bucket);
/** Visits what one lane has of a bucket, piece by piece, in no order. */
typedef kith_status (*kith_pairs_fn)(void *ctx, const kith_pair_row *rows,
                                     size_t n, kith_error *err);
KITH_NODISCARD kith_status kith_pair_lane_each(const kith_pair_lane *lane,
                                               size_t bucket, kith_pairs_fn fn,
                                               void *ctx, kith_error *err);

#endif
