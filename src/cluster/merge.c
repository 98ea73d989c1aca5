/*
 * Sorting edges by (left, right): a counting sort by left, then each left
 * record's few edges among themselves. Linear in the edges, and the starts
 * of each record's edges come with it.
 */
#include "base/alloc.h"
#include "base/job.h"
#include "cluster/edges.h"

#include <stdlib.h>

/* Records a parallel chunk: thousands of edges, so that a chunk's cost hides
 * the scheduling. */
enum { RECORDS_PER_CHUNK = 4096 };

typedef struct merger {
    kith_edge *items;
    const uint64_t *begins;
    uint32_t *kept; /* edges of each left record that remain */
    uint32_t n_records;
} merger;

/* Equal pairs stand together, the one to keep first. */
static int
compare_edges(const void *a, const void *b)
{
    const kith_edge *x = a;
    const kith_edge *y = b;
    if (x->right != y->right)
        return x->right < y->right ? -1 : 1;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    if (x->pass != y->pass)
        return x->pass < y->pass ? -1 : 1;
    if (x->variants != y->variants)
        return x->variants < y->variants ? -1 : 1;
    if (x->states != y->states)
        return x->states < y->states ? -1 : 1;
    return 0;
}

static kith_status
merge_chunk(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    merger *m = ctx;
    (void)worker;
    (void)err;
    const size_t first = chunk * RECORDS_PER_CHUNK;
    size_t end = first + RECORDS_PER_CHUNK;
    if (end > m->n_records)
        end = m->n_records;
    for (size_t r = first; r < end; r++) {
        kith_edge *run = m->items + m->begins[r];
        const size_t n = (size_t)(m->begins[r + 1] - m->begins[r]);
        if (n > 1)
            qsort(run, n, sizeof *run, compare_edges);
        uint32_t kept = 0;
        for (size_t i = 0; i < n; i++) {
            if (i == 0 || run[i].right != run[i - 1].right)
                run[kept++] = run[i];
        }
        m->kept[r] = kept;
    }
    return KITH_OK;
}

static bool
is_edge(const kith_edge *e)
{
    return e->pass < KITH_MAX_PASSES;
}

/* begins[r + 1] counts, then is summed, then moves while scattering. */
static void
scatter(kith_edge *items, uint64_t *begins, const kith_edge *raw, size_t n,
        uint32_t n_records)
{
    for (size_t i = 0; i < n; i++) {
        if (is_edge(&raw[i]))
            begins[raw[i].left + 1]++;
    }
    for (uint32_t r = 0; r < n_records; r++)
        begins[r + 1] += begins[r];
    for (size_t i = 0; i < n; i++) {
        if (is_edge(&raw[i]))
            items[begins[raw[i].left]++] = raw[i];
    }
    for (uint32_t r = n_records; r > 0; r--)
        begins[r] = begins[r - 1];
    begins[0] = 0;
}

static void
compact(kith_edges *e, const uint32_t *kept, uint32_t n_records)
{
    size_t at = 0;
    for (uint32_t r = 0; r < n_records; r++) {
        const uint64_t begin = e->begins[r];
        e->begins[r] = at;
        for (uint32_t i = 0; i < kept[r]; i++)
            e->items[at++] = e->items[begin + i];
    }
    e->begins[n_records] = at;
    e->n = at;
}

kith_status
kith_edges_merge(kith_edges *e, kith_edge *raw, size_t n, uint32_t n_records,
                 kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t *kept = NULL;
    KITH_TRY(KITH_ALLOC(&e->items, n, err));
    KITH_TRY(KITH_ALLOC(&e->begins, (size_t)n_records + 1, err));
    KITH_TRY(KITH_ALLOC(&kept, n_records, err));
    scatter(e->items, e->begins, raw, n, n_records);
    kith_free(raw);
    raw = NULL;
    merger m = {e->items, e->begins, kept, n_records};
    const size_t n_chunks =
        ((size_t)n_records + RECORDS_PER_CHUNK - 1) / RECORDS_PER_CHUNK;
    KITH_TRY(kith_for(kith_job_pool(job), n_chunks, merge_chunk, &m, err));
    compact(e, kept, n_records);
done:
    kith_free(raw);
    kith_free(kept);
    return status;
}
