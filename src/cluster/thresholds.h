/**
 * @file thresholds.h
 * @brief A link threshold chosen without truth, from the pairs' own odds.
 *
 * A pair of weight w is a match with probability p = 1 / (1 + 2^-w). Linking
 * at or above t, the model expects sum(1 - p) false links above t, and misses
 * sum(p) below it and whatever fell under the matcher's floor.
 * Output   thresholds.csv: bits,links,expected_false,expected_missed,
 *          expected_precision,expected_recall
 *          the job's facts threshold_bits, expected_link_precision and
 *          expected_link_recall: of the links among the pairs that the
 *          passes brought together
 * Method   the threshold with the best expected F1, at most one bit under
 *          evens
 * Persons  once they are formed, every pair that a pass found lies inside a
 *          person or across two. The weights of those inside give
 *          expected_person_precision, low ones that were joined by way of
 *          other records included; how much of all expected matches lies
 *          inside gives expected_person_recall, high ones that were refused
 *          counted as missed. Where pairs contradict each other these are
 *          lower than the links' own, and nearer the real recall.
 */
#ifndef KITH_CLUSTER_THRESHOLDS_H
#define KITH_CLUSTER_THRESHOLDS_H

#include "cluster/edges.h"
#include "cluster/unions.h"

#include <kith/job.h>
#include <kith/status.h>

/**
 * Writes thresholds.csv to @p path.
 * @param[out] chosen in 1/256 bit: the best, or @p wanted when not NAN
 */
KITH_NODISCARD kith_status
kith_thresholds_write(int32_t *chosen, const kith_edges *edges, double wanted,
                      const char *path, kith_job *job, kith_error *err);

/** Sets the job's facts expected_person_precision and _recall. */
KITH_NODISCARD kith_status
kith_thresholds_persons(const kith_edges *edges, const kith_clusters *clusters,
                        kith_job *job, kith_error *err);

#endif
