/**
 * @file results.h
 * @brief Writes what the clusterer found: persons, links, refusals, review.
 */
#ifndef KITH_CLUSTER_RESULTS_H
#define KITH_CLUSTER_RESULTS_H

#include "cluster/edges.h"
#include "cluster/refs.h"
#include "cluster/unions.h"

#include <kith/job.h>
#include <kith/spec.h>
#include <kith/status.h>

/** Borrowed: what the files are written from. */
typedef struct kith_results {
    const kith_spec *spec;
    const kith_refs *refs;
    const kith_edges *edges;
    const kith_clusters *clusters;
    const uint64_t *ids; /* of each cluster */
    int32_t threshold;   /* 1/256 bit */
    const char *folder;
} kith_results;

/** persons.csv, links.csv, refused.csv, review.csv, and their counts. */
KITH_NODISCARD kith_status kith_results_write(const kith_results *r,
                                              kith_job *job, kith_error *err);

#endif
