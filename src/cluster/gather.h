/**
 * @file gather.h
 * @brief Edges of all passes, gathered in any order and merged into one edge
 *        a pair, within bounded memory.
 *
 * Method   edges are dealt into ranges of left records as they come; a range
 *          is sorted and merged on its own, in cache, as often as the edges
 *          waiting exceed the limit
 * Memory   20 bytes an edge kept; 16 an edge waiting, up to the limit, and
 *          4 KiB a range and worker
 * Threads  _add is safe from the workers of one kith_for at once, each with
 *          its own number; the rest is not. The result does not depend on
 *          the order of adding
 */
#ifndef KITH_CLUSTER_GATHER_H
#define KITH_CLUSTER_GATHER_H

#include "cluster/edges.h"

typedef struct kith_gather kith_gather;

/** @param limit_bytes edges that may wait; at least 16 MiB are taken */
KITH_NODISCARD kith_status kith_gather_new(kith_gather **out,
                                           uint32_t n_records,
                                           unsigned n_workers,
                                           uint64_t limit_bytes,
                                           kith_error *err);
KITH_NODISCARD kith_status kith_gather_add(kith_gather *g, unsigned worker,
                                           const kith_edge *edge,
                                           kith_error *err);
/** Merges what waits when that exceeds the limit. */
KITH_NODISCARD kith_status kith_gather_relieve(kith_gather *g, kith_job *job,
                                               kith_error *err);
/** From now on merged edges lie in files of @p folder, borrowed. */
void kith_gather_spill(kith_gather *g, const char *folder);
/** Bytes of the edges kept so far, as of the last merge. */
uint64_t kith_gather_bytes(const kith_gather *g);
/** Merges the rest. @param[out] out owned by the caller */
KITH_NODISCARD kith_status kith_gather_finish(kith_edges *out, kith_gather *g,
                                              kith_job *job, kith_error *err);
void kith_gather_free(kith_gather *g);

/** All of it for edges at hand: merges @p n of them, in any order. */
KITH_NODISCARD kith_status kith_edges_merge(kith_edges *out,
                                            const kith_edge *edges, size_t n,
                                            uint32_t n_records, kith_job *job,
                                            kith_error *err);

#endif
