/**
 * @file unions.h
 * @brief Edges become clusters, strongest first, under constraints.
 *
 * Edges that a rule accepts come first, then those at or above the threshold.
 * An edge joins the clusters of its two records unless
 *   too_large       the cluster would hold more than max_cluster records
 *   one_source      a deduplicated source would appear in it twice
 *   rule            a rule refuses a pair across the two clusters
 *   identifiers     a unique identifier is known on both sides with no value
 *                   in common, no other unique identifier has one, and the
 *                   other evidence is not so strong that a number must be
 *                   mistyped
 *   average_link    the mean weight over the pairs across the two clusters
 *                   is below evens; pairs that no pass brought together
 *                   count as mildly against, all of them at a single site
 *                   and few elsewhere
 * The last two do not stop an edge that a rule accepts.
 * Equal weights go in order of record numbers, so that the result does not
 * depend on the order of the input.
 * Cost     O(E log E) for clusters of bounded size
 * Memory   16 bytes a record beyond those of cluster/components.h
 * Threads  components side by side; the result does not depend on it
 * Source   average linkage: Sokal & Michener 1958; connected components
 *          over-merge: see the linkage notes in the README
 */
#ifndef KITH_CLUSTER_UNIONS_H
#define KITH_CLUSTER_UNIONS_H

#include "cluster/edges.h"
#include "cluster/refs.h"

#include <kith/job.h>
#include <kith/spec.h>
#include <kith/status.h>

typedef enum kith_refusal_reason {
    KITH_REFUSED_TOO_LARGE,
    KITH_REFUSED_ONE_SOURCE,
    KITH_REFUSED_RULE,
    KITH_REFUSED_IDENTIFIERS,
    KITH_REFUSED_AVERAGE_LINK,
    KITH_REFUSED_N
} kith_refusal_reason;

const char *kith_refusal_name(kith_refusal_reason reason);

typedef struct kith_refusal {
    uint32_t edge; /* index into the edges */
    kith_refusal_reason reason;
    uint32_t left_size, right_size;
} kith_refusal;

/** Zero-initialise; _done frees. */
typedef struct kith_clusters {
    uint32_t *cluster_of; /* n_records: numbered by smallest record */
    uint32_t n_records;
    uint32_t n;
    int16_t *weakest; /* n: weakest edge that joined; INT16_MAX alone */
    int16_t *ties;    /* n_records: by which a record hangs on its person
                         (cluster/ties.h); INT16_MAX: no link */
    kith_refusal *refusals;
    size_t n_refusals;
} kith_clusters;

typedef struct kith_unions_params {
    int32_t threshold; /* 1/256 bit */
    uint32_t max_cluster;
} kith_unions_params;

/** @param[out] out refusals are those that hold at the end, in edge order */
KITH_NODISCARD kith_status kith_unions_run(kith_clusters *out,
                                           const kith_edges *edges,
                                           const kith_refs *refs,
                                           const kith_spec *spec,
                                           const kith_unions_params *params,
                                           kith_job *job, kith_error *err);
void kith_clusters_done(kith_clusters *c);

#endif
