#include "cluster/unions.h"

#include "base/alloc.h"
#include "base/table.h"
#include "match/pairs.h"

#include <stdlib.h>

/*
 * What a pair across two clusters may say, in bits. One strong pair must not
 * outvote many others. Nor must doubts: the pairs of one record fail together
 * (an old address, a form without a date of birth), so they are far from
 * independent, and a pair that no pass brought together hardly says anything,
 * and nothing about a single record. Measured on the made-up population:
 * unbounded doubts refuse a hundred right unions for each wrong one.
 */
enum {
    STRONGEST_BITS = 16,
    WEAKEST_BITS = -3,
    UNKNOWN_BITS = -1,    /* each pair nobody found ... */
    ALL_UNKNOWN_BITS = -2 /* ... and all of them together */
};

/*
 * Two different numbers of one kind are two people, unless all else agrees so
 * well that one of them is mistyped: odds of 4,096 after the conflict itself
 * has been taken off. Twins stay below that.
 */
enum { MISTYPED_BITS = 12 };

/* Working state of the clustering. */
typedef struct unions {
    const kith_edges *edges;
    const kith_refs *refs;
    const kith_spec *spec;
    kith_unions_params params;
    uint32_t *root; /* of each record: the record that names its cluster */
    uint32_t *next; /* the cluster's members, in a ring */
    uint32_t *size; /* at the root */
    int16_t *weakest;
    /* edges in which a record is the right one */
    uint64_t *right_begins;
    uint32_t *right_edges;
    /* (root, root) -> sum of sizes when their union was last refused, times
     * the number of reasons plus the reason */
    kith_map64 refused;
    kith_clusters *out;
} unions;

const char *
kith_refusal_name(kith_refusal_reason reason)
{
    static const char *const names[KITH_REFUSED_N] = {
        "too_large", "one_source", "rule", "identifiers", "average_link"};
    return names[reason];
}

static kith_status
index_right(unions *u, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_edges *e = u->edges;
    const uint32_t n = u->refs->n_records;
    KITH_TRY(KITH_ALLOC(&u->right_begins, (size_t)n + 1, err));
    KITH_TRY(KITH_ALLOC(&u->right_edges, e->n, err));
    for (size_t i = 0; i < e->n; i++)
        u->right_begins[e->items[i].right + 1]++;
    for (uint32_t r = 0; r < n; r++)
        u->right_begins[r + 1] += u->right_begins[r];
    for (size_t i = 0; i < e->n; i++)
        u->right_edges[u->right_begins[e->items[i].right]++] = (uint32_t)i;
    for (uint32_t r = n; r > 0; r--)
        u->right_begins[r] = u->right_begins[r - 1];
    u->right_begins[0] = 0;
done:
    return status;
}

static kith_status
start(unions *u, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint32_t n = u->refs->n_records;
    if (u->edges->n >= UINT32_MAX)
        return kith_error_set(err, KITH_ERR_DATA,
                              "more than four billion pairs");
    KITH_TRY(KITH_ALLOC(&u->root, n, err));
    KITH_TRY(KITH_ALLOC(&u->next, n, err));
    KITH_TRY(KITH_ALLOC(&u->size, n, err));
    KITH_TRY(KITH_ALLOC(&u->weakest, n, err));
    for (uint32_t r = 0; r < n; r++) {
        u->root[r] = u->next[r] = r;
        u->size[r] = 1;
        u->weakest[r] = INT16_MAX;
    }
    KITH_TRY(index_right(u, err));
done:
    return status;
}

static bool
source_twice(const unions *u, uint32_t a, uint32_t b)
{
    uint32_t x = a;
    do {
        const uint16_t agency = u->refs->agency_of[x];
        uint32_t y = b;
        do {
            if (u->refs->agencies[agency].one &&
                u->refs->agency_of[y] == agency)
                return true;
            y = u->next[y];
        } while (y != b);
        x = u->next[x];
    } while (x != a);
    return false;
}

typedef enum agreement { UNKNOWN, AGREE, CONFLICT } agreement;

static agreement
compare_identifier(const unions *u, const uint32_t *tokens, uint32_t a,
                   uint32_t b)
{
    bool known = false;
    uint32_t x = a;
    do {
        uint32_t y = b;
        do {
            if (tokens[x] != 0 && tokens[x] == tokens[y])
                return AGREE;
            known |= tokens[x] != 0 && tokens[y] != 0;
            y = u->next[y];
        } while (y != b);
        x = u->next[x];
    } while (x != a);
    return known ? CONFLICT : UNKNOWN;
}

static bool
identifiers_conflict(const unions *u, uint32_t a, uint32_t b)
{
    bool conflict = false;
    for (uint32_t i = 0; i < u->refs->n_identifiers; i++) {
        if (!u->spec->identifiers[i].unique)
            continue;
        const agreement found = compare_identifier(u, u->refs->tokens[i], a, b);
        if (found == AGREE)
            return false;
        conflict |= found == CONFLICT;
    }
    return conflict;
}

/* The pairs between two clusters that some pass found. */
typedef struct cross {
    int64_t sum; /* of weights, 1/256 bit */
    uint64_t n_known;
    bool refused; /* a rule refuses one of them */
} cross;

static int64_t
clipped(const unions *u, const kith_edge *e)
{
    const int32_t most = STRONGEST_BITS * KITH_WEIGHT_PER_BIT;
    const int32_t least = WEAKEST_BITS * KITH_WEIGHT_PER_BIT;
    if (kith_edge_decided(e, u->spec, KITH_ACCEPT))
        return most;
    return e->weight > most ? most : e->weight < least ? least : e->weight;
}

static void
add_pair(const unions *u, const kith_edge *e, cross *c)
{
    c->sum += clipped(u, e);
    c->n_known++;
    c->refused = c->refused || kith_edge_decided(e, u->spec, KITH_REFUSE);
}

/* Adds the edges between one record and the cluster named @p other. */
static void
add_record(const unions *u, uint32_t record, uint32_t other, cross *c)
{
    const kith_edges *e = u->edges;
    for (uint64_t i = e->begins[record]; i < e->begins[record + 1]; i++) {
        if (u->root[e->items[i].right] == other)
            add_pair(u, &e->items[i], c);
    }
    for (uint64_t i = u->right_begins[record]; i < u->right_begins[record + 1];
         i++) {
        const kith_edge *edge = &e->items[u->right_edges[i]];
        if (u->root[edge->left] == other)
            add_pair(u, edge, c);
    }
}

static cross
cross_pairs(const unions *u, uint32_t small, uint32_t large)
{
    cross c = {0};
    uint32_t x = small;
    do {
        add_record(u, x, large, &c);
        x = u->next[x];
    } while (x != small);
    return c;
}

/* The sign of the mean over the cross pairs is the sign of their sum. */
static bool
average_against(const unions *u, uint32_t small, uint32_t large, const cross *c)
{
    const uint64_t n_pairs = (uint64_t)u->size[small] * u->size[large];
    int64_t unknown = 0;
    if (u->size[small] > 1)
        unknown = (int64_t)(n_pairs - c->n_known) * UNKNOWN_BITS;
    if (unknown < ALL_UNKNOWN_BITS)
        unknown = ALL_UNKNOWN_BITS;
    return c->sum + unknown * KITH_WEIGHT_PER_BIT < 0;
}

/* KITH_REFUSED_N: nothing against the union. */
static kith_refusal_reason
judge(const unions *u, uint32_t small, uint32_t large, bool accepted)
{
    if (u->size[small] + u->size[large] > u->params.max_cluster)
        return KITH_REFUSED_TOO_LARGE;
    if (source_twice(u, small, large))
        return KITH_REFUSED_ONE_SOURCE;
    const cross c = cross_pairs(u, small, large);
    if (c.refused)
        return KITH_REFUSED_RULE;
    if (accepted)
        return KITH_REFUSED_N;
    if (c.sum < (int64_t)c.n_known * MISTYPED_BITS * KITH_WEIGHT_PER_BIT &&
        identifiers_conflict(u, small, large))
        return KITH_REFUSED_IDENTIFIERS;
    if (average_against(u, small, large, &c))
        return KITH_REFUSED_AVERAGE_LINK;
    return KITH_REFUSED_N;
}

static void
join(unions *u, uint32_t small, uint32_t large, int16_t weight)
{
    uint32_t x = small;
    do {
        u->root[x] = large;
        x = u->next[x];
    } while (x != small);
    const uint32_t after = u->next[large];
    u->next[large] = u->next[small];
    u->next[small] = after;
    u->size[large] += u->size[small];
    if (u->weakest[small] < u->weakest[large])
        u->weakest[large] = u->weakest[small];
    if (weight < u->weakest[large])
        u->weakest[large] = weight;
}

static kith_status
note_refusal(unions *u, uint32_t edge, kith_refusal_reason reason,
             kith_error *err)
{
    kith_status status = KITH_OK;
    kith_clusters *out = u->out;
    const kith_edge *e = &u->edges->items[edge];
    KITH_TRY(KITH_GROW(&out->refusals, &out->refusals_cap, out->n_refusals + 1,
                       err));
    out->refusals[out->n_refusals++] = (kith_refusal){
        edge, reason, u->size[u->root[e->left]], u->size[u->root[e->right]]};
done:
    return status;
}

static kith_status
try_edge(unions *u, uint32_t index, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_edge *e = &u->edges->items[index];
    uint32_t small = u->root[e->left], large = u->root[e->right];
    if (small == large)
        return KITH_OK;
    if (u->size[small] > u->size[large] ||
        (u->size[small] == u->size[large] && small < large)) {
        const uint32_t swap = small;
        small = large;
        large = swap;
    }
    /* Clusters only grow: the same sizes mean that nothing has changed since
     * this union was refused. */
    const uint64_t key = small < large ? (uint64_t)small << 32 | large
                                       : (uint64_t)large << 32 | small;
    const uint32_t sizes = u->size[small] + u->size[large];
    uint32_t before = 0;
    kith_refusal_reason reason = KITH_REFUSED_N;
    if (kith_map64_get(&u->refused, key, &before) &&
        before / KITH_REFUSED_N == sizes)
        reason = (kith_refusal_reason)(before % KITH_REFUSED_N);
    else
        reason =
            judge(u, small, large, kith_edge_decided(e, u->spec, KITH_ACCEPT));
    if (reason == KITH_REFUSED_N) {
        join(u, small, large, e->weight);
    } else {
        KITH_TRY(kith_map64_put(
            &u->refused, key, sizes * KITH_REFUSED_N + (uint32_t)reason, err));
        KITH_TRY(note_refusal(u, index, reason, err));
    }
done:
    return status;
}

/* Place of an edge in the order: accepted ones first, then by weight. */
static size_t
rank_of(const unions *u, const kith_edge *e)
{
    return kith_edge_decided(e, u->spec, KITH_ACCEPT)
               ? 0
               : (size_t)(1 + INT16_MAX - e->weight);
}

/* Indexes of the accepted edges and of those at or above the threshold,
 * strongest first; a counting sort, so equal weights stay in order of
 * records. */
static kith_status
order_edges(uint32_t **order, size_t *n, const unions *u, kith_error *err)
{
    enum { N_RANKS = 1 + (1 << 16) };
    kith_status status = KITH_OK;
    const kith_edges *e = u->edges;
    size_t *places = NULL;
    size_t sum = 0;
    KITH_TRY(KITH_ALLOC(&places, N_RANKS, err));
    for (size_t i = 0; i < e->n; i++)
        places[rank_of(u, &e->items[i])]++;
    for (size_t rank = 0; rank < N_RANKS; rank++) {
        const size_t here = places[rank];
        places[rank] = sum;
        if (rank == 0 || 1 + INT16_MAX - (int32_t)rank >= u->params.threshold)
            sum += here;
    }
    *n = sum;
    KITH_TRY(KITH_ALLOC(order, sum, err));
    for (size_t i = 0; i < e->n; i++) {
        const size_t rank = rank_of(u, &e->items[i]);
        if (rank == 0 || e->items[i].weight >= u->params.threshold)
            (*order)[places[rank]++] = (uint32_t)i;
    }
done:
    kith_free(places);
    return status;
}

static int
compare_refusals(const void *a, const void *b)
{
    const kith_refusal *x = a;
    const kith_refusal *y = b;
    return (x->edge > y->edge) - (x->edge < y->edge);
}

/* Numbers clusters by their smallest record and drops refusals that a later
 * union made up for. */
static kith_status
finish(unions *u, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_clusters *out = u->out;
    const uint32_t n = u->refs->n_records;
    KITH_TRY(KITH_ALLOC(&out->cluster_of, n, err));
    KITH_TRY(KITH_ALLOC(&out->weakest, n, err));
    out->n_records = n;
    uint32_t *number = u->size; /* at the root, from here on: number + 1 */
    for (uint32_t r = 0; r < n; r++)
        number[r] = 0;
    for (uint32_t r = 0; r < n; r++) {
        const uint32_t root = u->root[r];
        if (number[root] == 0) {
            out->weakest[out->n] = u->weakest[root];
            number[root] = ++out->n;
        }
        out->cluster_of[r] = number[root] - 1;
    }
    size_t kept = 0;
    for (size_t i = 0; i < out->n_refusals; i++) {
        const kith_edge *e = &u->edges->items[out->refusals[i].edge];
        if (u->root[e->left] != u->root[e->right])
            out->refusals[kept++] = out->refusals[i];
    }
    out->n_refusals = kept;
    if (kept > 1)
        qsort(out->refusals, kept, sizeof *out->refusals, compare_refusals);
done:
    return status;
}

kith_status
kith_unions_run(kith_clusters *out, const kith_edges *edges,
                const kith_refs *refs, const kith_spec *spec,
                const kith_unions_params *params, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_clusters clusters = {0};
    unions u = {.edges = edges,
                .refs = refs,
                .spec = spec,
                .params = *params,
                .out = &clusters};
    uint32_t *order = NULL;
    size_t n = 0;
    KITH_TRY(start(&u, err));
    KITH_TRY(order_edges(&order, &n, &u, err));
    for (size_t i = 0; i < n; i++)
        KITH_TRY(try_edge(&u, order[i], err));
    KITH_TRY(finish(&u, err));
    *out = clusters;
    clusters = (kith_clusters){0};
done:
    kith_free(order);
    kith_free(u.root);
    kith_free(u.next);
    kith_free(u.size);
    kith_free(u.weakest);
    kith_free(u.right_begins);
    kith_free(u.right_edges);
    kith_map64_done(&u.refused);
    kith_clusters_done(&clusters);
    return status;
}

void
kith_clusters_done(kith_clusters *c)
{
    kith_free(c->cluster_of);
    kith_free(c->weakest);
    kith_free(c->refusals);
    *c = (kith_clusters){0};
}
