/**
 * @file components.h
 * @brief Which records could end up in one person at all: the connected
 *        components of the links.
 *
 * Persons form inside components and nowhere else, so that components are
 * worked on side by side, each in cache.
 * Method   union-find without locks: the greater root goes below the
 *          smaller, so that a component's root is its smallest record
 *          whatever the threads did
 * Memory   8 bytes a record, 12 while finding
 * Source   Anderson & Woll 1991, doi:10.1145/103418.103458
 */
#ifndef KITH_CLUSTER_COMPONENTS_H
#define KITH_CLUSTER_COMPONENTS_H

#include "cluster/edges.h"

#include <kith/job.h>
#include <kith/spec.h>
#include <kith/status.h>

#define KITH_NO_PLACE UINT32_MAX

/** Those of two records and more. Zero-initialise; _done frees. */
typedef struct kith_components {
    uint32_t *members; /* by component, ascending in each */
    uint32_t *places;  /* of each record in members; KITH_NO_PLACE */
    uint32_t *begins;  /* n + 1 */
    size_t begins_cap;
    uint32_t n;
} kith_components;

/** Whether an edge may join: strong enough, or accepted by a rule. */
static inline bool
kith_edge_joins(const kith_edge *e, const kith_spec *spec, int32_t threshold)
{
    return e->weight >= threshold || kith_edge_decided(e, spec, KITH_ACCEPT);
}

KITH_NODISCARD kith_status kith_components_find(
    kith_components *out, const kith_edges *edges, uint32_t n_records,
    const kith_spec *spec, int32_t threshold, kith_job *job, kith_error *err);
void kith_components_done(kith_components *c);

#endif
