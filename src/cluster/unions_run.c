/*
 * All components, several at once, and their clusters numbered through.
 */
#include "base/alloc.h"
#include "base/job.h"
#include "cluster/ties.h"
#include "cluster/unions_work.h"

#include <stdlib.h>
#include <string.h>

/* Components a parallel chunk: some ten thousand records. */
enum { COMPONENTS_PER_CHUNK = 1024 };

/* Chunks between two times that edges of a file leave memory. */
enum { CHUNKS_PER_REST = 8 };

/* Refusals of the components of one chunk. */
typedef struct refusals {
    kith_refusal *items;
    size_t n, cap;
} refusals;

/* What one worker owns. */
typedef struct desk {
    kith_unions unions;
    kith_ties ties;
    uint32_t *members; /* of the component, by cluster, ascending in each */
    size_t members_cap;
} desk;

typedef struct runner {
    const kith_components *components;
    desk *desks;
    refusals *chunks;
    /* cluster_of holds the smallest record of the cluster, and weakest is by
     * that record, until all is numbered */
    kith_clusters *out;
} runner;

/* A union made later may have brought the two together all the same. */
static kith_status
keep_refusals(refusals *to, const kith_unions *u, kith_error *err)
{
    kith_status status = KITH_OK;
    for (size_t i = 0; i < u->n_noted; i++) {
        const kith_noted *n = &u->noted[i];
        const kith_inner_pair *p = &u->pairs[n->pair];
        if (u->root[p->left] == u->root[p->right])
            continue;
        KITH_TRY(KITH_GROW(&to->items, &to->cap, to->n + 1, err));
        to->items[to->n++] =
            (kith_refusal){p->edge, n->reason, n->left_size, n->right_size};
    }
done:
    return status;
}

static void
take_clusters(kith_clusters *out, kith_unions *u)
{
    uint32_t *smallest = u->size; /* at the root, from here on: + 1 */
    memset(smallest, 0, u->n * sizeof *smallest);
    for (uint32_t i = 0; i < u->n; i++) {
        const uint32_t root = u->root[i];
        if (smallest[root] == 0) {
            smallest[root] = i + 1;
            out->weakest[u->members[i]] = u->weakest[root];
        }
        out->cluster_of[u->members[i]] = u->members[smallest[root] - 1];
    }
}

/* While the component's edges are in cache. */
static kith_status
find_ties(kith_clusters *out, desk *d, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_unions *u = &d->unions;
    uint32_t *places = u->begin; /* at the root, from here on */
    uint32_t at = 0;
    KITH_TRY(KITH_GROW(&d->members, &d->members_cap, u->n, err));
    for (uint32_t i = 0; i < u->n; i++) {
        if (u->root[i] != i)
            continue;
        places[i] = at;
        at += u->size[i];
    }
    for (uint32_t i = 0; i < u->n; i++)
        d->members[places[u->root[i]]++] = u->members[i];
    for (uint32_t i = 0; i < u->n; i++) {
        if (u->root[i] != i || u->size[i] < 2)
            continue;
        const uint32_t *members = d->members + places[i] - u->size[i];
        KITH_TRY(kith_ties_find(&d->ties, u->edges, members, u->size[i],
                                u->params.threshold, err));
        for (uint32_t k = 0; k < u->size[i]; k++)
            out->ties[members[k]] = d->ties.weight[k];
    }
done:
    return status;
}

static kith_status
run_chunk(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    kith_status status = KITH_OK;
    const runner *run = ctx;
    desk *d = &run->desks[worker];
    kith_unions *u = &d->unions;
    const uint32_t first = (uint32_t)(chunk * COMPONENTS_PER_CHUNK);
    for (uint32_t k = first;
         k < first + COMPONENTS_PER_CHUNK && k < run->components->n; k++) {
        KITH_TRY(kith_unions_component(u, run->components, k, err));
        KITH_TRY(keep_refusals(&run->chunks[chunk], u, err));
        KITH_TRY(find_ties(run->out, d, err));
        take_clusters(run->out, u);
    }
    /* A component's edges lie anywhere: after so many chunks a good part of
     * all may be in memory. */
    if (chunk % CHUNKS_PER_REST == 0)
        kith_edges_rest(u->edges, 0, u->edges->n);
done:
    return status;
}

/* Clusters count in order of their smallest record. */
static void
number_clusters(kith_clusters *c)
{
    for (uint32_t r = 0; r < c->n_records; r++) {
        const uint32_t smallest = c->cluster_of[r];
        if (smallest == r) {
            c->weakest[c->n] = c->weakest[r];
            c->cluster_of[r] = c->n++;
        } else {
            c->cluster_of[r] = c->cluster_of[smallest];
        }
    }
}

static int
compare_refusals(const void *a, const void *b)
{
    const kith_refusal *x = a;
    const kith_refusal *y = b;
    return (x->edge > y->edge) - (x->edge < y->edge);
}

static kith_status
join_refusals(kith_clusters *out, const refusals *chunks, size_t n_chunks,
              kith_error *err)
{
    kith_status status = KITH_OK;
    size_t n = 0;
    for (size_t i = 0; i < n_chunks; i++)
        n += chunks[i].n;
    KITH_TRY(KITH_ALLOC(&out->refusals, n, err));
    for (size_t i = 0; i < n_chunks; i++) {
        if (chunks[i].n > 0)
            memcpy(out->refusals + out->n_refusals, chunks[i].items,
                   chunks[i].n * sizeof *chunks[i].items);
        out->n_refusals += chunks[i].n;
    }
    if (n > 1)
        qsort(out->refusals, n, sizeof *out->refusals, compare_refusals);
done:
    return status;
}

static kith_status
run_all(runner *run, size_t n_chunks, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_clusters *out = run->out;
    KITH_TRY(KITH_ALLOC(&out->cluster_of, out->n_records, err));
    KITH_TRY(KITH_ALLOC(&out->weakest, out->n_records, err));
    KITH_TRY(KITH_ALLOC(&out->ties, out->n_records, err));
    KITH_TRY(KITH_ALLOC(&run->chunks, n_chunks, err));
    for (uint32_t r = 0; r < out->n_records; r++) {
        out->cluster_of[r] = r;
        out->weakest[r] = out->ties[r] = INT16_MAX;
    }
    KITH_TRY(kith_for(kith_job_pool(job), n_chunks, run_chunk, run, err));
    number_clusters(out);
    KITH_TRY(join_refusals(out, run->chunks, n_chunks, err));
done:
    return status;
}

kith_status
kith_unions_run(kith_clusters *out, const kith_edges *edges,
                const kith_refs *refs, const kith_spec *spec,
                const kith_unions_params *params, kith_job *job,
                kith_error *err)
{
    kith_status status = KITH_OK;
    const unsigned n_workers = kith_job_threads(job);
    kith_components components = {0};
    kith_clusters clusters = {.n_records = refs->n_records};
    runner run = {.components = &components, .out = &clusters};
    size_t n_chunks = 0;
    KITH_TRY(kith_components_find(&components, edges, refs->n_records, spec,
                                  params->threshold, job, err));
    KITH_TRY(KITH_ALLOC(&run.desks, n_workers, err));
    for (unsigned w = 0; w < n_workers; w++)
        run.desks[w].unions = (kith_unions){
            .edges = edges, .refs = refs, .spec = spec, .params = *params};
    n_chunks = ((size_t)components.n + COMPONENTS_PER_CHUNK - 1) /
               COMPONENTS_PER_CHUNK;
    KITH_TRY(run_all(&run, n_chunks, job, err));
    *out = clusters;
    clusters = (kith_clusters){0};
done:
    for (unsigned w = 0; run.desks != NULL && w < n_workers; w++) {
        kith_unions_done(&run.desks[w].unions);
        kith_ties_done(&run.desks[w].ties);
        kith_free(run.desks[w].members);
    }
    for (size_t i = 0; run.chunks != NULL && i < n_chunks; i++)
        kith_free(run.chunks[i].items);
    kith_free(run.desks);
    kith_free(run.chunks);
    kith_components_done(&components);
    kith_clusters_done(&clusters);
    return status;
}

void
kith_clusters_done(kith_clusters *c)
{
    kith_free(c->cluster_of);
    kith_free(c->weakest);
    kith_free(c->ties);
    kith_free(c->refusals);
    *c = (kith_clusters){0};
}
