/**
 * @file unions_work.h
 * @brief Clusters of one component: the work of one thread, in cache.
 *
 * The component's records are numbered from 0 in order of their record
 * numbers; all arrays below go by these.
 */
#ifndef KITH_CLUSTER_UNIONS_WORK_H
#define KITH_CLUSTER_UNIONS_WORK_H

#include "base/radix.h"
#include "base/table.h"
#include "cluster/components.h"
#include "cluster/unions.h"

/** A pair, seen from one of its records. */
typedef struct kith_tie {
    uint32_t other;
    int16_t bits; /* clipped, 1/256 */
    bool refused; /* by a rule */
} kith_tie;

typedef struct kith_inner_pair {
    uint32_t edge; /* index into the edges */
    uint32_t left, right;
} kith_inner_pair;

/** A refusal, which a later union may make up for. */
typedef struct kith_noted {
    uint32_t pair;
    kith_refusal_reason reason;
    uint32_t left_size, right_size;
} kith_noted;

/** One worker's state. Zero-initialise and set the first four; _done frees. */
typedef struct kith_unions {
    const kith_edges *edges;
    const kith_refs *refs;
    const kith_spec *spec;
    kith_unions_params params;
    const uint32_t *members;
    uint32_t n;
    uint32_t *root; /* the record that names its cluster */
    uint32_t *next; /* the cluster's members, in a ring */
    uint32_t *size; /* at the root */
    int16_t *weakest;
    kith_tie *ties;  /* of record r: [begin[r], begin[r + 1]) */
    uint32_t *begin; /* n + 1 */
    kith_inner_pair *pairs;
    kith_keyed *order, *scratch;
    kith_noted *noted;
    size_t n_pairs, n_noted;
    /* (root, root) -> sum of sizes when their union was last refused, times
     * the number of reasons plus the reason */
    kith_map64 refused;
    size_t root_cap, next_cap, size_cap, weakest_cap, ties_cap, begin_cap,
        pairs_cap, order_cap, scratch_cap, noted_cap;
} kith_unions;

/** Sets root, weakest and noted of one component. */
KITH_NODISCARD kith_status kith_unions_component(kith_unions *u,
                                                 const kith_components *c,
                                                 uint32_t component,
                                                 kith_error *err);
void kith_unions_done(kith_unions *u);

#endif
