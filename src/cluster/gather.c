#include "cluster/gather.h"

#include "base/alloc.h"
#include "base/job.h"
#include "base/radix.h"
#include "cluster/bins.h"

#include <stdatomic.h>
#include <string.h>

/*
 * A range of 4,096 records holds some 15,000 edges, 300 KB: its sort stays in
 * the second-level cache. Ranges times workers are bounded, because each
 * keeps a block open.
 */
enum { LEAST_RANGE_BITS = 12, MOST_TAILS = 1 << 14 };

/* Kept edges lie in slabs larger than any that malloc keeps for itself when
 * freed (32 MiB, glibc's largest mmap threshold). */
enum { SLAB_EDGES = 1 << 21 };

enum { LEAST_LIMIT = 16 << 20 };

/* An edge as a pass gives it. */
typedef struct raw_edge {
    uint32_t left;
    uint32_t right;
    uint32_t states;
    int16_t weight;
    uint8_t pass;
    uint8_t marks; /* variants, and from bit 2 the rule */
} raw_edge;

/* Merged edges of some ranges; freed with the last of them. */
typedef struct slab {
    kith_edge *items;
    kith_scratch file; /* where items are, when it is open */
    size_t used, cap;
    atomic_uint n_ranges; /* that lie in it, and 1 while it is open */
} slab;

typedef struct range {
    kith_edge *items; /* by (left, right), inside slab */
    size_t n;
    slab *home;
} range;

/* What one worker owns. */
typedef struct hand {
    slab *open;
    kith_edge *all;
    size_t n_all;
    kith_keyed *order, *scratch;
    size_t all_cap, order_cap, scratch_cap;
} hand;

struct kith_gather {
    uint32_t n_records;
    unsigned range_bits;
    size_t n_ranges;
    range *ranges;
    kith_bins bins; /* of raw edges, by range */
    hand *hands;
    unsigned n_hands;
    uint64_t limit_bytes;
    const char *folder; /* of files for what is merged; NULL: in memory */
};

/* Ranges of a round and worker: what they hold stays in cache. */
enum { SLOTS_PER_WORKER = 8 };

/* Room for edges to begin with; more is untouched pages, and moves none. */
enum { FIRST_EDGES = 1 << 20 };

/* A merged range on its way to its place. */
typedef struct slot {
    kith_edge *items;
    size_t n, cap;
    size_t begin; /* its place */
} slot;

/* While all is put together. */
typedef struct finisher {
    kith_gather *g;
    kith_edges edges;
    size_t items_cap;
    slot *slots; /* of a round */
    size_t n_slots;
    size_t first; /* range of the round */
} finisher;

static size_t
ranges_of(uint32_t n_records, unsigned bits)
{
    return ((size_t)n_records >> bits) + 1;
}

kith_status
kith_gather_new(kith_gather **out, uint32_t n_records, unsigned n_workers,
                uint64_t limit_bytes, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_gather *g = NULL;
    KITH_TRY(KITH_ALLOC(&g, 1, err));
    g->n_records = n_records;
    g->limit_bytes = limit_bytes < LEAST_LIMIT ? LEAST_LIMIT : limit_bytes;
    g->range_bits = LEAST_RANGE_BITS;
    while (ranges_of(n_records, g->range_bits) * n_workers > MOST_TAILS &&
           g->range_bits < 31)
        g->range_bits++;
    g->n_ranges = ranges_of(n_records, g->range_bits);
    KITH_TRY(KITH_ALLOC(&g->ranges, g->n_ranges, err));
    KITH_TRY(KITH_ALLOC(&g->hands, n_workers, err));
    g->n_hands = n_workers;
    KITH_TRY(kith_bins_init(&g->bins, sizeof(raw_edge), g->n_ranges, n_workers,
                            err));
    *out = g;
    g = NULL;
done:
    kith_gather_free(g);
    return status;
}

kith_status
kith_gather_add(kith_gather *g, unsigned worker, const kith_edge *edge,
                kith_error *err)
{
    void *item = NULL;
    const kith_status status = kith_bins_room(
        &g->bins, worker, edge->left >> g->range_bits, &item, err);
    if (status == KITH_OK)
        *(raw_edge *)item =
            (raw_edge){edge->left,
                       edge->right,
                       edge->states,
                       edge->weight,
                       edge->pass,
                       (uint8_t)(edge->variants | (unsigned)edge->rule << 2)};
    return status;
}

static void
leave_slab(slab *s)
{
    if (s != NULL && atomic_fetch_sub(&s->n_ranges, 1) == 1) {
        if (!s->file.open)
            kith_free(s->items);
        kith_scratch_done(&s->file);
        kith_free(s);
    }
}

static kith_status
make_items(slab *s, const char *folder, kith_error *err)
{
    kith_status status = KITH_OK;
    if (folder == NULL)
        return KITH_ALLOC(&s->items, s->cap, err);
    KITH_TRY(kith_scratch_open(&s->file, folder, err));
    KITH_TRY(kith_scratch_room(&s->file, s->cap * sizeof *s->items, err));
    s->items = s->file.data;
done:
    return status;
}

/* Room for a range's merged edges. */
static kith_status
take_room(const kith_gather *g, range *r, hand *h, size_t n, kith_error *err)
{
    kith_status status = KITH_OK;
    slab *fresh = NULL;
    if (h->open == NULL || h->open->cap - h->open->used < n) {
        KITH_TRY(KITH_ALLOC(&fresh, 1, err));
        fresh->cap = n > SLAB_EDGES ? n : SLAB_EDGES;
        KITH_TRY(make_items(fresh, g->folder, err));
        atomic_init(&fresh->n_ranges, 1);
        leave_slab(h->open);
        h->open = fresh;
        fresh = NULL;
    }
    r->items = h->open->items + h->open->used;
    r->n = n;
    r->home = h->open;
    h->open->used += n;
    atomic_fetch_add(&h->open->n_ranges, 1);
done:
    if (fresh != NULL)
        kith_scratch_done(&fresh->file);
    kith_free(fresh);
    return status;
}

/* Appends edges of a range to the worker's own array. */
static kith_status
draw_raw(void *ctx, const void *items, size_t n, kith_error *err)
{
    hand *h = ctx;
    const raw_edge *raw = items;
    (void)err;
    for (size_t i = 0; i < n; i++) {
        const raw_edge *e = &raw[i];
        h->all[h->n_all++] = (kith_edge){.left = e->left,
                                         .right = e->right,
                                         .states = e->states,
                                         .weight = e->weight,
                                         .pass = e->pass,
                                         .variants = e->marks & 3u,
                                         .rule = (unsigned)e->marks >> 2 & 63u};
    }
    return KITH_OK;
}

/* Whether @p x speaks for the pair rather than @p y: the strongest; then any
 * order that does not depend on that of adding. */
static bool
goes_before(const kith_edge *x, const kith_edge *y)
{
    if (x->weight != y->weight)
        return x->weight > y->weight;
    if (x->pass != y->pass)
        return x->pass < y->pass;
    if (x->variants != y->variants)
        return x->variants < y->variants;
    return x->states < y->states;
}

/* One edge a pair, in order; returns how many. */
static size_t
choose(hand *h, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0, j = 0; i < n; i = j) {
        uint32_t best = h->order[i].value;
        for (j = i + 1; j < n && h->order[j].key == h->order[i].key; j++) {
            if (goes_before(&h->all[h->order[j].value], &h->all[best]))
                best = h->order[j].value;
        }
        h->order[kept++].value = best;
    }
    return kept;
}

/* All edges of a range, kept and waiting: all[order[0 .. kept - 1].value]. */
static kith_status
draw_together(kith_gather *g, size_t at, unsigned worker, size_t *kept,
              kith_error *err)
{
    kith_status status = KITH_OK;
    hand *h = &g->hands[worker];
    const range *r = &g->ranges[at];
    const size_t n = r->n + kith_bins_count(&g->bins, at);
    KITH_TRY(KITH_GROW(&h->all, &h->all_cap, n, err));
    KITH_TRY(KITH_GROW(&h->order, &h->order_cap, n, err));
    KITH_TRY(KITH_GROW(&h->scratch, &h->scratch_cap, n, err));
    if (r->n > 0)
        memcpy(h->all, r->items, r->n * sizeof *h->all);
    h->n_all = r->n;
    KITH_TRY(kith_bins_take(&g->bins, at, worker, draw_raw, h, err));
    for (size_t i = 0; i < n; i++)
        h->order[i] = (kith_keyed){
            (uint64_t)h->all[i].left << 32 | h->all[i].right, (uint32_t)i, 0};
    kith_radix_sort(h->order, h->scratch, n);
    *kept = choose(h, n);
done:
    return status;
}

static kith_status
merge_range(void *ctx, size_t at, unsigned worker, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_gather *g = ctx;
    hand *h = &g->hands[worker];
    range *r = &g->ranges[at];
    size_t kept = 0;
    if (kith_bins_count(&g->bins, at) == 0)
        return KITH_OK;
    KITH_TRY(draw_together(g, at, worker, &kept, err));
    leave_slab(r->home);
    *r = (range){0};
    KITH_TRY(take_room(g, r, h, kept, err));
    for (size_t i = 0; i < kept; i++)
        r->items[i] = h->all[h->order[i].value];
    const size_t first = (size_t)(r->items - r->home->items);
    kith_scratch_rest(&r->home->file, first * sizeof *r->items,
                      (first + kept) * sizeof *r->items);
done:
    return status;
}

static kith_status
merge_all(kith_gather *g, kith_job *job, kith_error *err)
{
    return kith_for(kith_job_pool(job), g->n_ranges, merge_range, g, err);
}

kith_status
kith_gather_relieve(kith_gather *g, kith_job *job, kith_error *err)
{
    return kith_bins_bytes(&g->bins) > g->limit_bytes ? merge_all(g, job, err)
                                                      : KITH_OK;
}

void
kith_gather_spill(kith_gather *g, const char *folder)
{
    g->folder = folder;
}

static size_t
count_kept(const kith_gather *g)
{
    size_t n = 0;
    for (size_t i = 0; i < g->n_ranges; i++)
        n += g->ranges[i].n;
    return n;
}

uint64_t
kith_gather_bytes(const kith_gather *g)
{
    return count_kept(g) * sizeof(kith_edge);
}

/* The bins and the workers' arrays. */
static void
free_hands(kith_gather *g)
{
    for (unsigned w = 0; g->hands != NULL && w < g->n_hands; w++) {
        hand *h = &g->hands[w];
        kith_free(h->all);
        kith_free(h->order);
        kith_free(h->scratch);
        leave_slab(h->open);
    }
    kith_free(g->hands);
    g->hands = NULL;
    kith_bins_done(&g->bins);
}

/* A range of the round: merged into its slot, while that is in cache. */
static kith_status
fill_slot(void *ctx, size_t i, unsigned worker, kith_error *err)
{
    kith_status status = KITH_OK;
    finisher *f = ctx;
    const hand *h = &f->g->hands[worker];
    slot *s = &f->slots[i];
    const size_t at = f->first + i;
    KITH_TRY(draw_together(f->g, at, worker, &s->n, err));
    leave_slab(f->g->ranges[at].home);
    f->g->ranges[at] = (range){0};
    KITH_TRY(KITH_GROW(&s->items, &s->cap, s->n, err));
    for (size_t k = 0; k < s->n; k++)
        s->items[k] = h->all[h->order[k].value];
done:
    return status;
}

static kith_status
place_slot(void *ctx, size_t i, unsigned worker, kith_error *err)
{
    finisher *f = ctx;
    const slot *s = &f->slots[i];
    kith_edges *out = &f->edges;
    const unsigned bits = f->g->range_bits;
    const uint32_t first = (uint32_t)((f->first + i) << bits);
    const size_t end = (f->first + i + 1) << bits;
    uint32_t next = (uint32_t)s->begin, record = first;
    (void)worker;
    (void)err;
    if (s->n > 0)
        memcpy(out->items + next, s->items, s->n * sizeof *s->items);
    for (size_t k = 0; k < s->n; k++, next++) {
        while (record <= s->items[k].left)
            out->begins[record++] = next;
    }
    while (record < end && record <= f->g->n_records)
        out->begins[record++] = next;
    return KITH_OK;
}

/* Where the round's edges go, behind those of the rounds before. */
static kith_status
make_room(finisher *f, size_t n_slots, kith_error *err)
{
    kith_status status = KITH_OK;
    for (size_t i = 0; i < n_slots; i++) {
        f->slots[i].begin = f->edges.n;
        f->edges.n += f->slots[i].n;
    }
    if (f->edges.n >= UINT32_MAX)
        KITH_TRY(
            kith_error_set(err, KITH_ERR_DATA, "more than four billion pairs"));
    if (f->edges.file.open) {
        KITH_TRY(kith_scratch_room(&f->edges.file,
                                   f->edges.n * sizeof *f->edges.items, err));
        f->edges.items = f->edges.file.data;
    } else {
        KITH_TRY(KITH_GROW(&f->edges.items, &f->items_cap, f->edges.n, err));
    }
done:
    return status;
}

static kith_status
finish_rounds(finisher *f, kith_pool *pool, kith_error *err)
{
    kith_status status = KITH_OK;
    const size_t most = (size_t)kith_pool_size(pool) * SLOTS_PER_WORKER;
    KITH_TRY(KITH_ALLOC(&f->slots, most, err));
    f->n_slots = most;
    for (f->first = 0; f->first < f->g->n_ranges; f->first += most) {
        const size_t left = f->g->n_ranges - f->first;
        const size_t n = left < most ? left : most;
        KITH_TRY(kith_for(pool, n, fill_slot, f, err));
        KITH_TRY(make_room(f, n, err));
        KITH_TRY(kith_for(pool, n, place_slot, f, err));
        kith_edges_rest(&f->edges, f->slots[0].begin, f->edges.n);
    }
done:
    return status;
}

kith_status
kith_gather_finish(kith_edges *out, kith_gather *g, kith_job *job,
                   kith_error *err)
{
    kith_status status = KITH_OK;
    finisher f = {.g = g};
    if (g->folder != NULL) {
        KITH_TRY(kith_scratch_open(&f.edges.file, g->folder, err));
    } else {
        f.items_cap = FIRST_EDGES;
        f.edges.items = kith_alloc_large(f.items_cap, sizeof *f.edges.items);
        if (f.edges.items == NULL)
            KITH_TRY(
                kith_error_memory(err, f.items_cap, sizeof *f.edges.items));
    }
    KITH_TRY(KITH_ALLOC(&f.edges.begins, (size_t)g->n_records + 1, err));
    KITH_TRY(finish_rounds(&f, kith_job_pool(job), err));
    free_hands(g);
    *out = f.edges;
    f.edges = (kith_edges){0};
done:
    for (size_t i = 0; i < f.n_slots; i++)
        kith_free(f.slots[i].items);
    kith_free(f.slots);
    kith_edges_done(&f.edges);
    return status;
}

void
kith_gather_free(kith_gather *g)
{
    if (g == NULL)
        return;
    free_hands(g);
    for (size_t i = 0; g->ranges != NULL && i < g->n_ranges; i++)
        leave_slab(g->ranges[i].home);
    kith_free(g->ranges);
    kith_free(g);
}

kith_status
kith_edges_merge(kith_edges *out, const kith_edge *edges, size_t n,
                 uint32_t n_records, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_gather *g = NULL;
    KITH_TRY(kith_gather_new(&g, n_records, kith_job_threads(job),
                             kith_job_memory(job), err));
    for (size_t i = 0; i < n; i++)
        KITH_TRY(kith_gather_add(g, 0, &edges[i], err));
    KITH_TRY(kith_gather_finish(out, g, job, err));
done:
    kith_gather_free(g);
    return status;
}
