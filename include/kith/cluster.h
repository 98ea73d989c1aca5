/**
 * @file cluster.h
 * @brief Scored pairs become persons, under constraints.
 *
 * Input    <pairs>/<pass>.pairs, the refs bundles
 * Output   persons.csv    person,agency,record,bits, sorted by person; an id is
 *                         "p" and 16 hex digits and lasts from run to run;
 *                         bits: of the link by which the record hangs on the
 *                         larger part of its person; empty: no link
 *          links.csv      accepted pairs: left_agency,left_record,
 *                         right_agency,right_record,bits,pass,states,
 *                         rarity_bits,identifier_bits,rule; a letter of states
 *                         is one digit: e exact, f fuzzy, d differs, n null;
 *                         rule is the one of the spec that decides the pair
 *          refused.csv    the same and reason,left_size,right_size: too_large,
 *                         one_source, rule, identifiers, average_link
 *          review.csv     borderline persons: person,size,links,density,
 *                         weakest_bits,reasons
 *          thresholds.csv bits,links,expected_false,expected_missed,
 *                         expected_precision,expected_recall
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
