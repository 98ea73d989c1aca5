/**
 * @file cohorts.h
 * @brief How well cohorts were flagged, unit by unit.
 *
 * Input    flags.csv (cohort, unit, id, status, tier) and the truth's
 *          cohorts.csv (cohort, unit, id, tier); units are persons, households
 *          and families
 * A flag is right when the found unit stands for a true one that is in the
 * cohort (true_units.h); two flags on one true unit count once. A true unit
 * that no agency knows of counts as missed.
 * Scopes   "smd", and by tier "smd:smd3"; only cohorts that the truth names
 */
#ifndef KITH_EVALUATE_COHORTS_H
#define KITH_EVALUATE_COHORTS_H

#include "evaluate/truth.h"

#include <kith/evaluate.h>

typedef struct kith_cohort_score {
    kith_scores flags; /**< n_true and the rest are units of the cohort */
    /** Missed because an extract was lacking: flagged "unknown". */
    uint64_t n_unknown;
} kith_cohort_score;

/** Zero-initialise; _done frees. */
typedef struct kith_cohort_scores {
    kith_dict scopes;          /**< in the order of the truth */
    kith_cohort_score *scores; /**< one a scope */
} kith_cohort_scores;

/** What is read. */
typedef struct kith_cohort_files {
    const char *flags;      /**< flags.csv */
    const char *households; /**< households.csv, or NULL */
    const char *families;   /**< families.csv, or NULL */
    const char *cohorts;    /**< the truth's cohorts.csv */
} kith_cohort_files;

KITH_NODISCARD kith_status kith_cohorts_score(kith_cohort_scores *out,
                                              const kith_truth *truth,
                                              const kith_cohort_files *files,
                                              kith_job *job, kith_error *err);
void kith_cohort_scores_done(kith_cohort_scores *c);

#endif
