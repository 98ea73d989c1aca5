/**
 * @file clerical.h
 * @brief Pairs near the threshold for people to judge, and what every
 *        threshold would have been worth where the truth is known.
 *
 * Input    pairs and refs bundles of one run; truth and lookup files for the
 *          scores
 * Output   sample.csv  a line of links.csv for each pair, then
 *                      stratum,stratum_pairs,stratum_sampled,verdict. A
 *                      stratum is one bit of weight wide and named by its
 *                      lower end; the last column is empty, for the clerk
 *          scores.csv  bits,links,true_links,precision,recall,f1 of all
 *                      emitted pairs at or above a weight, before the
 *                      clusterer; a true pair that no pass found is missed
 * Method   strata from 8 bits below the threshold to 8 above share the sample
 *          evenly, as far as they have pairs; within one every pair is as
 *          likely. stratum_pairs / stratum_sampled weighs a verdict up.
 * Order    the same seed draws the same pairs at any number of threads
 */
#ifndef KITH_CLERICAL_H
#define KITH_CLERICAL_H

#include <kith/job.h>
#include <kith/spec.h>
#include <kith/status.h>

typedef struct kith_clerical_params {
    const kith_spec *spec;
    const char *pairs;   /**< folder of the pairs */
    const char *refs;    /**< folder of the refs bundles */
    const char *persons; /**< persons.csv; with truth */
    const char *lookup;  /**< folder of <agency>.lookup.csv; with truth */
    const char *truth;   /**< records.csv, or NULL: no scores */
    uint64_t n_pairs;    /**< in the sample */
    uint64_t seed;
    double around_bits; /**< the threshold to look around */
    const char *out;    /**< sample.csv */
    const char *scores; /**< scores.csv; with truth */
} kith_clerical_params;

KITH_NODISCARD kith_status kith_clerical(const kith_clerical_params *params,
                                         kith_job *job, kith_error *err);

#endif
