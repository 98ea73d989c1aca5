/**
 * @file cohorts.h
 * @brief How well cohorts were flagged, person by person.
 *
 * Input    flags.csv (cohort, unit, id, status, tier) and the truth's
 *          cohorts.csv (cohort, person, tier)
 * A flag is right when the found person's records are mostly of a true person
 * who is in the cohort; two flags on one true person count once. A true
 * person whom no agency knows counts as missed.
 * Scopes   "smd", and by tier "smd:smd3"; only cohorts that the truth names
 */
#ifndef KITH_EVALUATE_COHORTS_H
#define KITH_EVALUATE_COHORTS_H

#include "evaluate/truth.h"

#include <kith/evaluate.h>

/** Zero-initialise; _done frees. */
typedef struct kith_cohort_scores {
    kith_dict scopes;    /**< in the order of the truth */
    kith_scores *scores; /**< one a scope; n_true and the rest are persons */
} kith_cohort_scores;

/**
 * @param flags flags.csv
 * @param cohorts the truth's cohorts.csv
 */
KITH_NODISCARD kith_status kith_cohorts_score(kith_cohort_scores *out,
                                              const kith_truth *truth,
                                              const char *flags,
                                              const char *cohorts,
                                              kith_job *job, kith_error *err);
void kith_cohort_scores_done(kith_cohort_scores *c);

#endif
