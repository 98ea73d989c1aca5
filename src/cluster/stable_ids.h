/**
 * @file stable_ids.h
 * @brief Person ids that last from night to night.
 *
 * A new person is named by a hash of its smallest record's agency and
 * pseudonym. With last night's persons.csv, a cluster inherits the id that
 * most of its records had: the largest overlaps choose first, ties go to the
 * smaller id, then to the cluster with the smaller record; each id goes to
 * one cluster. So after a split the larger part keeps the id, after a merge
 * the larger one's id survives.
 */
#ifndef KITH_CLUSTER_STABLE_IDS_H
#define KITH_CLUSTER_STABLE_IDS_H

#include "cluster/persons.h"
#include "cluster/refs.h"
#include "cluster/unions.h"

#include <kith/status.h>

typedef struct kith_id_counts {
    uint64_t kept;   /* persons with an inherited id */
    uint64_t fresh;  /* persons named anew */
    uint64_t merged; /* previous ids whose records are now another person's */
    uint64_t gone;   /* previous ids none of whose records came tonight */
} kith_id_counts;

/**
 * @param previous NULL: the first night
 * @param[out] ids one a cluster, all different; owned by the caller
 */
KITH_NODISCARD kith_status kith_stable_ids(
    uint64_t **ids, kith_id_counts *counts, const kith_clusters *clusters,
    const kith_refs *refs, const kith_person_list *previous, kith_error *err);

#endif
