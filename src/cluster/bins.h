/**
 * @file bins.h
 * @brief Items of one size, dealt into numbered bins by several workers, to
 *        be taken out bin by bin.
 *
 * What belongs to one range of keys is worked on in cache, whatever the order
 * it came in: memory sees two runs from front to back in place of a look
 * anywhere for each item.
 * Memory   items in blocks of 4 KiB, one open for each bin and worker; blocks
 *          taken out are used again
 * Threads  _room by the workers of one kith_for at once, each with its own
 *          number; then _take of different bins likewise; not both at once
 */
#ifndef KITH_CLUSTER_BINS_H
#define KITH_CLUSTER_BINS_H

#include <kith/status.h>
#include <stddef.h>
#include <stdint.h>

/** Where a worker's next item of a bin goes. */
typedef struct kith_bin_end {
    unsigned char *at;
    size_t left; /* items that fit */
} kith_bin_end;

typedef struct kith_bin_hand kith_bin_hand;

typedef struct kith_bins {
    size_t item_bytes;
    size_t n_bins;
    unsigned n_workers;
    kith_bin_end *ends; /* n_workers x n_bins */
    kith_bin_hand *hands;
} kith_bins;

/** Zero-initialise; _done frees. @param item_bytes a multiple of 8 */
KITH_NODISCARD kith_status kith_bins_init(kith_bins *b, size_t item_bytes,
                                          size_t n_bins, unsigned n_workers,
                                          kith_error *err);
void kith_bins_done(kith_bins *b);

/** Opens another block; for kith_bins_room. */
KITH_NODISCARD kith_status kith_bins_open(kith_bins *b, unsigned worker,
                                          size_t bin, kith_error *err);

/** @param[out] item room for one more of @p bin, to be filled */
static inline kith_status
kith_bins_room(kith_bins *b, unsigned worker, size_t bin, void **item,
               kith_error *err)
{
    kith_bin_end *end = &b->ends[worker * b->n_bins + bin];
    if (end->left == 0) {
        const kith_status status = kith_bins_open(b, worker, bin, err);
        if (status != KITH_OK)
            return status;
    }
    *item = end->at;
    end->at += b->item_bytes;
    end->left--;
    return KITH_OK;
}

/** Asks for the line that an item of @p bin will be written to. */
static inline void
kith_bins_touch(const kith_bins *b, unsigned worker, size_t bin)
{
    __builtin_prefetch(b->ends[worker * b->n_bins + bin].at, 1);
}

/** Items in a bin. */
size_t kith_bins_count(const kith_bins *b, size_t bin);
/** Bytes of the blocks in use. */
uint64_t kith_bins_bytes(const kith_bins *b);

typedef kith_status (*kith_bin_fn)(void *ctx, const void *items, size_t n,
                                   kith_error *err);
/** Visits a bin's items, in no order to rely on, and empties it. */
KITH_NODISCARD kith_status kith_bins_take(kith_bins *b, size_t bin,
                                          unsigned worker, kith_bin_fn fn,
                                          void *ctx, kith_error *err);

#endif
