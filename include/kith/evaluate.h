/**
 * @file evaluate.h
 * @brief What a linkage is worth, against a truth file.
 *
 * Input    persons.csv, the agencies' lookup files, truth records.csv
 *          (agency,id,person[,...]); records in truth that no pass found
 *          count as missed
 *          truth persons.csv beside it, when there: by sex, age band,
 *          district and community of the true person
 *          flags.csv beside persons.csv and cohorts.csv beside the truth, when
 *          both are there: flagged persons, families and households by cohort
 *          and tier; flag_missed_unknown counts those in the cohort for whom
 *          the flag says that an extract is lacking
 *          households.csv and families.csv beside persons.csv, when the truth
 *          says household and family
 * Output   evaluation.csv metric,scope,value and the main figures in the
 *          job's facts: precision, recall, F1 on closed pairs and on links;
 *          closed pairs by kind of error in either record
 *          ("error=typing"; "error=none": both clean), when the truth says;
 *          B-cubed; closed pairs by pair of agencies ("gmp+nhs"); households
 *          and families as pairs of persons
 * Source   B-cubed: Bagga & Baldwin 1998
 */
#ifndef KITH_EVALUATE_H
#define KITH_EVALUATE_H

#include <kith/job.h>
#include <kith/status.h>

typedef struct kith_evaluate_params {
    const char *persons; /**< persons.csv */
    const char *lookup;  /**< folder of <agency>.lookup.csv */
    const char *truth;   /**< records.csv */
    const char *links;   /**< links.csv for the pair figures, or NULL */
    const char *out;     /**< evaluation.csv */
} kith_evaluate_params;

typedef struct kith_scores {
    uint64_t n_true, n_found, n_both; /**< pairs */
    double precision, recall, f1;
} kith_scores;

/** Recall of true pairs of which a record has one kind of error. */
typedef struct kith_error_recall {
    char kind[32];
    uint64_t n_true;
    double recall;
} kith_error_recall;

/** Flags of one cohort against the truth's; units of the cohort. */
typedef struct kith_cohort_recall {
    char cohort[64];
    uint64_t n_true, n_found;
    uint64_t n_unknown; /**< missed, as an extract was lacking */
    double precision, recall;
} kith_cohort_recall;

enum { KITH_HARDEST = 3, KITH_ERROR_KINDS = 32, KITH_JUDGED_COHORTS = 64 };

typedef struct kith_evaluation {
    kith_scores links;  /**< the accepted pairs themselves */
    kith_scores closed; /**< all pairs inside a person */
    double bcubed_precision, bcubed_recall, bcubed_f1;
    uint64_t n_records, n_unlinked;
    double clean_recall; /**< of pairs of records without an error */
    kith_error_recall hardest[KITH_HARDEST]; /**< worst first */
    uint32_t n_hardest;                      /**< 0: the truth names none */
    kith_error_recall
        kinds[KITH_ERROR_KINDS]; /**< all, as the truth has them */
    uint32_t n_kinds;
    kith_cohort_recall cohorts[KITH_JUDGED_COHORTS]; /**< by name */
    uint32_t n_cohorts;                              /**< 0: no truth of them */
} kith_evaluation;

KITH_NODISCARD kith_status kith_evaluate(kith_evaluation *out,
                                         const kith_evaluate_params *params,
                                         kith_job *job, kith_error *err);

#endif
