#include "cluster/unions_work.h"

#include "base/alloc.h"
#include "match/pairs.h"

/*
 * What a pair across two clusters may say, in bits. One strong pair must not
 * outvote many others. Nor must doubts: the pairs of one record fail together
 * (an old address, a form without a date of birth), so they are far from
 * independent, and a pair that no pass brought together hardly says anything,
 * and nothing about a single record. Measured on the made-up population:
 * unbounded doubts refuse a hundred right unions for each wrong one.
 * That holds for narrow blocks, in which most pairs of one person never meet.
 * In those of a single site nearly all do, so that there each pair that nobody
 * found counts: on twelve noisy registers F1 rose by .002 to .021.
 */
enum {
    STRONGEST_BITS = 16,
    WEAKEST_BITS = -3,
    UNKNOWN_BITS = -1,    /* each pair nobody found ... */
    ALL_UNKNOWN_BITS = -2 /* ... and at most, where blocks are narrow */
};

/*
 * Two different numbers of one kind are two people, unless all else agrees so
 * well that one of them is mistyped: odds of 4,096 after the conflict itself
 * has been taken off. Twins stay below that.
 */
enum { MISTYPED_BITS = 12 };

const char *
kith_refusal_name(kith_refusal_reason reason)
{
    static const char *const names[KITH_REFUSED_N] = {
        "too_large", "one_source", "rule", "identifiers", "average_link"};
    return names[reason];
}

static bool
source_twice(const kith_unions *u, uint32_t a, uint32_t b)
{
    uint32_t x = a;
    do {
        const uint16_t agency = u->refs->records[u->members[x]].agency;
        uint32_t y = b;
        do {
            if (u->refs->agencies[agency].one &&
                u->refs->records[u->members[y]].agency == agency)
                return true;
            y = u->next[y];
        } while (y != b);
        x = u->next[x];
    } while (x != a);
    return false;
}

typedef enum agreement { UNKNOWN, AGREE, CONFLICT } agreement;

static agreement
compare_identifier(const kith_unions *u, uint32_t id, uint32_t a, uint32_t b)
{
    bool known = false;
    uint32_t x = a;
    do {
        const uint32_t token = kith_refs_token(u->refs, u->members[x], id);
        uint32_t y = b;
        do {
            const uint32_t theirs = kith_refs_token(u->refs, u->members[y], id);
            if (token != 0 && token == theirs)
                return AGREE;
            known |= token != 0 && theirs != 0;
            y = u->next[y];
        } while (y != b);
        x = u->next[x];
    } while (x != a);
    return known ? CONFLICT : UNKNOWN;
}

static bool
identifiers_conflict(const kith_unions *u, uint32_t a, uint32_t b)
{
    bool conflict = false;
    for (uint32_t i = 0; i < u->refs->n_identifiers; i++) {
        if (!u->spec->identifiers[i].unique)
            continue;
        const agreement found = compare_identifier(u, i, a, b);
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

static int16_t
clipped(const kith_unions *u, const kith_edge *e)
{
    const int32_t most = STRONGEST_BITS * KITH_WEIGHT_PER_BIT;
    const int32_t least = WEAKEST_BITS * KITH_WEIGHT_PER_BIT;
    if (kith_edge_decided(e, u->spec, KITH_ACCEPT))
        return (int16_t)most;
    return (int16_t)(e->weight > most    ? most
                     : e->weight < least ? least
                                         : e->weight);
}

static cross
cross_pairs(const kith_unions *u, uint32_t small, uint32_t large)
{
    cross c = {0};
    uint32_t x = small;
    do {
        for (uint32_t i = u->begin[x]; i < u->begin[x + 1]; i++) {
            const kith_tie *t = &u->ties[i];
            if (u->root[t->other] != large)
                continue;
            c.sum += t->bits;
            c.n_known++;
            c.refused = c.refused || t->refused;
        }
        x = u->next[x];
    } while (x != small);
    return c;
}

/* The sign of the mean over the cross pairs is the sign of their sum. */
static bool
average_against(const kith_unions *u, uint32_t small, uint32_t large,
                const cross *c)
{
    const uint64_t n_pairs = (uint64_t)u->size[small] * u->size[large];
    int64_t unknown = 0;
    if (u->size[small] > 1)
        unknown = (int64_t)(n_pairs - c->n_known) * UNKNOWN_BITS;
    if (!u->spec->single_site && unknown < ALL_UNKNOWN_BITS)
        unknown = ALL_UNKNOWN_BITS;
    return c->sum + unknown * KITH_WEIGHT_PER_BIT < 0;
}

/* KITH_REFUSED_N: nothing against the union. */
static kith_refusal_reason
judge(const kith_unions *u, uint32_t small, uint32_t large, bool accepted)
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
join(kith_unions *u, uint32_t small, uint32_t large, int16_t weight)
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
note_refusal(kith_unions *u, uint32_t pair, kith_refusal_reason reason,
             kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_inner_pair *p = &u->pairs[pair];
    KITH_TRY(KITH_GROW(&u->noted, &u->noted_cap, u->n_noted + 1, err));
    u->noted[u->n_noted++] = (kith_noted){
        pair, reason, u->size[u->root[p->left]], u->size[u->root[p->right]]};
done:
    return status;
}

static kith_status
try_pair(kith_unions *u, uint32_t pair, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_inner_pair *p = &u->pairs[pair];
    const kith_edge *e = &u->edges->items[p->edge];
    uint32_t small = u->root[p->left], large = u->root[p->right];
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
        KITH_TRY(note_refusal(u, pair, reason, err));
    }
done:
    return status;
}

static kith_status
make_room(kith_unions *u, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(KITH_GROW(&u->root, &u->root_cap, u->n, err));
    KITH_TRY(KITH_GROW(&u->next, &u->next_cap, u->n, err));
    KITH_TRY(KITH_GROW(&u->size, &u->size_cap, u->n, err));
    KITH_TRY(KITH_GROW(&u->weakest, &u->weakest_cap, u->n, err));
    KITH_TRY(KITH_GROW(&u->begin, &u->begin_cap, (size_t)u->n + 1, err));
    for (uint32_t r = 0; r < u->n; r++) {
        u->root[r] = u->next[r] = r;
        u->size[r] = 1;
        u->weakest[r] = INT16_MAX;
        u->begin[r] = 0;
    }
    u->begin[u->n] = 0;
    u->n_pairs = u->n_noted = 0;
    kith_map64_done(&u->refused);
done:
    return status;
}

/* The edges inside the component; begin[] counts each record's. */
static kith_status
gather_pairs(kith_unions *u, const kith_components *c, uint32_t first,
             kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_edges *e = u->edges;
    for (uint32_t i = 0; i < u->n; i++)
        __builtin_prefetch(&e->begins[u->members[i]]);
    for (uint32_t i = 0; i < u->n; i++)
        __builtin_prefetch(&e->items[e->begins[u->members[i]]]);
    for (uint32_t i = 0; i < u->n; i++) {
        const uint32_t record = u->members[i];
        const uint32_t end = e->begins[(size_t)record + 1];
        for (uint32_t k = e->begins[record]; k < end; k++) {
            /* Places of other components, and none, wrap or lie beyond. */
            const uint32_t right = c->places[e->items[k].right] - first;
            if (right >= u->n)
                continue;
            KITH_TRY(KITH_GROW(&u->pairs, &u->pairs_cap, u->n_pairs + 1, err));
            u->pairs[u->n_pairs++] = (kith_inner_pair){k, i, right};
            u->begin[i]++;
            u->begin[right]++;
        }
    }
done:
    return status;
}

/* Each record's pairs, side by side; filled from the back, so that begin[]
 * ends as where they begin. */
static kith_status
list_ties(kith_unions *u, kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t sum = 0;
    KITH_TRY(KITH_GROW(&u->ties, &u->ties_cap, 2 * u->n_pairs, err));
    for (uint32_t r = 0; r <= u->n; r++) {
        sum += u->begin[r];
        u->begin[r] = sum;
    }
    for (size_t i = 0; i < u->n_pairs; i++) {
        const kith_inner_pair *p = &u->pairs[i];
        const kith_edge *e = &u->edges->items[p->edge];
        const int16_t bits = clipped(u, e);
        const bool refused = kith_edge_decided(e, u->spec, KITH_REFUSE);
        u->ties[--u->begin[p->left]] = (kith_tie){p->right, bits, refused};
        u->ties[--u->begin[p->right]] = (kith_tie){p->left, bits, refused};
    }
done:
    return status;
}

/* Place of an edge in the order: accepted ones first, then by weight. */
static uint64_t
rank_of(const kith_unions *u, const kith_edge *e)
{
    return kith_edge_decided(e, u->spec, KITH_ACCEPT)
               ? 0
               : (uint64_t)(1 + INT16_MAX - e->weight);
}

/* Those that may join, strongest first; the sort is stable, so equal weights
 * stay in order of records. */
static kith_status
order_pairs(kith_unions *u, size_t *n, kith_error *err)
{
    kith_status status = KITH_OK;
    *n = 0;
    KITH_TRY(KITH_GROW(&u->order, &u->order_cap, u->n_pairs, err));
    KITH_TRY(KITH_GROW(&u->scratch, &u->scratch_cap, u->n_pairs, err));
    for (size_t i = 0; i < u->n_pairs; i++) {
        const kith_edge *e = &u->edges->items[u->pairs[i].edge];
        if (kith_edge_joins(e, u->spec, u->params.threshold))
            u->order[(*n)++] = (kith_keyed){rank_of(u, e), (uint32_t)i, 0};
    }
    kith_radix_sort(u->order, u->scratch, *n);
done:
    return status;
}

kith_status
kith_unions_component(kith_unions *u, const kith_components *c,
                      uint32_t component, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint32_t first = c->begins[component];
    size_t n = 0;
    u->members = c->members + first;
    u->n = c->begins[(size_t)component + 1] - first;
    KITH_TRY(make_room(u, err));
    KITH_TRY(gather_pairs(u, c, first, err));
    KITH_TRY(list_ties(u, err));
    KITH_TRY(order_pairs(u, &n, err));
    for (size_t i = 0; i < n; i++)
        KITH_TRY(try_pair(u, u->order[i].value, err));
done:
    return status;
}

void
kith_unions_done(kith_unions *u)
{
    kith_free(u->root);
    kith_free(u->next);
    kith_free(u->size);
    kith_free(u->weakest);
    kith_free(u->ties);
    kith_free(u->begin);
    kith_free(u->pairs);
    kith_free(u->order);
    kith_free(u->scratch);
    kith_free(u->noted);
    kith_map64_done(&u->refused);
    *u = (kith_unions){0};
}
