/**
 * @file cluster.h
 * @brief Scored pairs become persons, under constraints.
 *
 * Input    <pairs>/<pass>.pairs, the refs bundles
 * Output   persons.csv    person,agency,record, sorted by person
 *          links.csv      accepted pairs: records, weight in bits, pass,
 *                         states, rarity and identifier bonuses
 *          refused.csv    unions refused, with the reason
 *          review.csv     borderline persons: size, weakest link, density
 *          thresholds.csv expected false matches and misses by threshold
 * Method   pairs strongest first; a union is refused when it would break a
 *          constraint; average link inside a component decides, not one edge
 * Errors   KITH_ERR_MISMATCH when pairs and refs are of different runs
 */
#ifndef KITH_CLUSTER_H
#define KITH_CLUSTER_H

#include <kith/job.h>
#include <kith/spec.h>
#include <kith/status.h>

typedef struct kith_cluster_params {
    const kith_spec *spec;
    const char *pairs;     /**< folder of the pairs */
    const char *refs;      /**< folder of the refs bundles */
    const char *previous;  /**< persons.csv of the last run, or NULL */
    const char *out;       /**< folder of the results */
    double threshold_bits; /**< NAN: chosen from the model's own estimate */
} kith_cluster_params;

kith_cluster_params kith_cluster_params_default(void);

KITH_NODISCARD kith_status kith_cluster(const kith_cluster_params *params,
                                        kith_job *job, kith_error *err);

#endif
