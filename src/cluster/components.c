#include "cluster/components.h"

#include "base/alloc.h"
#include "base/job.h"

#include <stdatomic.h>

/* Records a parallel chunk: tens of thousands of edges. */
enum { RECORDS_PER_CHUNK = 1 << 14 };

/* Edges whose right records are on their way into the cache. */
enum { AHEAD = 16 };

typedef struct finder {
    const kith_edges *edges;
    const kith_spec *spec;
    int32_t threshold;
    uint32_t n_records;
    _Atomic uint32_t *parents;
} finder;

/* Halves the path on its way: every other record gets its grandparent. */
static uint32_t
find_root(_Atomic uint32_t *parents, uint32_t r)
{
    for (;;) {
        uint32_t up = atomic_load_explicit(&parents[r], memory_order_relaxed);
        if (up == r)
            return r;
        const uint32_t next =
            atomic_load_explicit(&parents[up], memory_order_relaxed);
        /* When another thread was quicker, its parent is as good. */
        if (next != up)
            (void)atomic_compare_exchange_weak_explicit(&parents[r], &up, next,
                                                        memory_order_relaxed,
                                                        memory_order_relaxed);
        r = next;
    }
}

static void
unite(_Atomic uint32_t *parents, uint32_t a, uint32_t b)
{
    for (;;) {
        a = find_root(parents, a);
        b = find_root(parents, b);
        if (a == b)
            return;
        uint32_t low = a < b ? a : b, high = a < b ? b : a;
        if (atomic_compare_exchange_strong_explicit(&parents[high], &high, low,
                                                    memory_order_relaxed,
                                                    memory_order_relaxed))
            return;
    }
}

static uint32_t
chunk_end(const finder *f, size_t chunk)
{
    const size_t end = (chunk + 1) * RECORDS_PER_CHUNK;
    return end < f->n_records ? (uint32_t)end : f->n_records;
}

static kith_status
link_chunk(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    const finder *f = ctx;
    const kith_edges *e = f->edges;
    const uint32_t first = e->begins[chunk * RECORDS_PER_CHUNK];
    const uint32_t end = e->begins[chunk_end(f, chunk)];
    (void)worker;
    (void)err;
    for (uint32_t i = first; i < end; i++) {
        if (end - i > AHEAD)
            __builtin_prefetch(&f->parents[e->items[i + AHEAD].right]);
        if (kith_edge_joins(&e->items[i], f->spec, f->threshold))
            unite(f->parents, e->items[i].left, e->items[i].right);
    }
    kith_edges_rest(e, first, end);
    return KITH_OK;
}

static kith_status
flatten_chunk(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    const finder *f = ctx;
    const uint32_t end = chunk_end(f, chunk);
    (void)worker;
    (void)err;
    for (uint32_t r = (uint32_t)(chunk * RECORDS_PER_CHUNK); r < end; r++)
        atomic_store_explicit(&f->parents[r], find_root(f->parents, r),
                              memory_order_relaxed);
    return KITH_OK;
}

static uint32_t
root_of(const finder *f, uint32_t r)
{
    return atomic_load_explicit(&f->parents[r], memory_order_relaxed);
}

/* Where each component begins. A root's place is where its component's next
 * member goes; singles get none. */
static kith_status
number_components(kith_components *c, const finder *f, kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t at = 0;
    for (uint32_t r = 0; r < f->n_records; r++)
        c->places[root_of(f, r)]++;
    for (uint32_t r = 0; r < f->n_records; r++) {
        const uint32_t size = c->places[r];
        c->places[r] = KITH_NO_PLACE;
        if (size < 2)
            continue;
        KITH_TRY(KITH_GROW(&c->begins, &c->begins_cap, (size_t)c->n + 1, err));
        c->begins[c->n++] = at;
        c->places[r] = at;
        at += size;
    }
    KITH_TRY(KITH_GROW(&c->begins, &c->begins_cap, (size_t)c->n + 1, err));
    c->begins[c->n] = at;
    KITH_TRY(KITH_ALLOC(&c->members, at, err));
done:
    return status;
}

static void
list_members(kith_components *c, const finder *f)
{
    for (uint32_t r = 0; r < f->n_records; r++) {
        uint32_t *place = &c->places[root_of(f, r)];
        if (*place != KITH_NO_PLACE)
            c->members[(*place)++] = r;
    }
    const uint32_t n_members = c->begins[c->n];
    for (uint32_t i = 0; i < n_members; i++)
        c->places[c->members[i]] = i;
}

kith_status
kith_components_find(kith_components *out, const kith_edges *edges,
                     uint32_t n_records, const kith_spec *spec,
                     int32_t threshold, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_components c = {0};
    finder f = {.edges = edges,
                .spec = spec,
                .threshold = threshold,
                .n_records = n_records};
    const size_t n_chunks =
        ((size_t)n_records + RECORDS_PER_CHUNK - 1) / RECORDS_PER_CHUNK;
    KITH_TRY(KITH_ALLOC(&f.parents, n_records, err));
    KITH_TRY(KITH_ALLOC(&c.places, n_records, err));
    for (uint32_t r = 0; r < n_records; r++)
        atomic_init(&f.parents[r], r);
    KITH_TRY(kith_for(kith_job_pool(job), n_chunks, link_chunk, &f, err));
    KITH_TRY(kith_for(kith_job_pool(job), n_chunks, flatten_chunk, &f, err));
    KITH_TRY(number_components(&c, &f, err));
    list_members(&c, &f);
    *out = c;
    c = (kith_components){0};
done:
    kith_free(f.parents);
    kith_components_done(&c);
    return status;
}

void
kith_components_done(kith_components *c)
{
    kith_free(c->members);
    kith_free(c->places);
    kith_free(c->begins);
    *c = (kith_components){0};
}
