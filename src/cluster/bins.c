#include "cluster/bins.h"

#include "base/alloc.h"

enum { BLOCK_BYTES = 4096, SLAB_BLOCKS = 512 /* a large page */ };

typedef struct block {
    struct block *next;
    size_t n; /* items, once it is full */
    unsigned char items[BLOCK_BYTES - sizeof(void *) - sizeof(size_t)];
} block;

/* What one worker owns. */
struct kith_bin_hand {
    block **tails; /* of each bin: the block being filled, older ones behind */
    block *spare;
    block **slabs;
    size_t n_slabs, slabs_cap;
    uint64_t n_used; /* blocks taken from the spare ones; wraps when given
                        back by another worker: only the sum counts */
};

static size_t
per_block(const kith_bins *b)
{
    return sizeof((block *)NULL)->items / b->item_bytes;
}

kith_status
kith_bins_init(kith_bins *b, size_t item_bytes, size_t n_bins,
               unsigned n_workers, kith_error *err)
{
    kith_status status = KITH_OK;
    b->item_bytes = item_bytes;
    b->n_bins = n_bins;
    KITH_TRY(KITH_ALLOC(&b->ends, n_workers * n_bins, err));
    KITH_TRY(KITH_ALLOC(&b->hands, n_workers, err));
    b->n_workers = n_workers;
    for (unsigned w = 0; w < n_workers; w++)
        KITH_TRY(KITH_ALLOC(&b->hands[w].tails, n_bins, err));
done:
    return status;
}

void
kith_bins_done(kith_bins *b)
{
    for (unsigned w = 0; w < b->n_workers; w++) {
        kith_bin_hand *h = &b->hands[w];
        for (size_t i = 0; i < h->n_slabs; i++)
            kith_free(h->slabs[i]);
        kith_free(h->slabs);
        kith_free(h->tails);
    }
    kith_free(b->hands);
    kith_free(b->ends);
    *b = (kith_bins){0};
}

static kith_status
add_slab(kith_bin_hand *h, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(KITH_GROW(&h->slabs, &h->slabs_cap, h->n_slabs + 1, err));
    block *fresh = kith_alloc_large(SLAB_BLOCKS, sizeof *fresh);
    if (fresh == NULL)
        KITH_TRY(kith_error_memory(err, SLAB_BLOCKS, sizeof *fresh));
    h->slabs[h->n_slabs++] = fresh;
    for (size_t i = SLAB_BLOCKS; i-- > 0;) {
        fresh[i].next = h->spare;
        h->spare = &fresh[i];
    }
done:
    return status;
}

kith_status
kith_bins_open(kith_bins *b, unsigned worker, size_t bin, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_bin_hand *h = &b->hands[worker];
    if (h->spare == NULL)
        KITH_TRY(add_slab(h, err));
    block *fresh = h->spare;
    h->spare = fresh->next;
    h->n_used++;
    fresh->n = per_block(b);
    fresh->next = h->tails[bin];
    h->tails[bin] = fresh;
    b->ends[worker * b->n_bins + bin] =
        (kith_bin_end){fresh->items, per_block(b)};
done:
    return status;
}

size_t
kith_bins_count(const kith_bins *b, size_t bin)
{
    size_t n = 0;
    for (unsigned w = 0; w < b->n_workers; w++) {
        for (const block *t = b->hands[w].tails[bin]; t != NULL; t = t->next)
            n += t->n;
        n -= b->ends[w * b->n_bins + bin].left;
    }
    return n;
}

uint64_t
kith_bins_bytes(const kith_bins *b)
{
    uint64_t n = 0;
    for (unsigned w = 0; w < b->n_workers; w++)
        n += b->hands[w].n_used;
    return n * sizeof(block);
}

kith_status
kith_bins_take(kith_bins *b, size_t bin, unsigned worker, kith_bin_fn fn,
               void *ctx, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_bin_hand *to = &b->hands[worker];
    for (unsigned w = 0; w < b->n_workers; w++) {
        kith_bin_end *end = &b->ends[w * b->n_bins + bin];
        block *t = b->hands[w].tails[bin];
        b->hands[w].tails[bin] = NULL;
        size_t open = end->left;
        *end = (kith_bin_end){0};
        while (t != NULL) {
            block *next = t->next;
            const size_t n = t->n - open;
            open = 0;
            if (status == KITH_OK && n > 0)
                status = fn(ctx, t->items, n, err);
            t->next = to->spare;
            to->spare = t;
            to->n_used--;
            t = next;
        }
    }
    return status;
}
