/**
 * @file explain.h
 * @brief Why two records were linked, or one flag was set, in plain English.
 *
 * Needs the passes, refs and model of the run: a single site has them all.
 */
#ifndef KITH_EXPLAIN_H
#define KITH_EXPLAIN_H

#include <kith/job.h>
#include <kith/spec.h>
#include <kith/status.h>
#include <kith/train.h>
#include <stdio.h>

typedef struct kith_explain_params {
    const kith_spec *spec;
    const kith_model *model;
    const char *passes;
    const char *refs;
    const char *results; /**< folder with persons.csv and links.csv */
    const char *left;    /**< "agency:pseudonym" */
    const char *right;
} kith_explain_params;

/**
 * Writes to @p to: each pass in which the two meet, each comparison with its
 * level and weight in bits, the prior, the total, the probability, and the
 * clusterer's rarity and identifier evidence.
 */
KITH_NODISCARD kith_status kith_explain_pair(FILE *to,
                                             const kith_explain_params *params,
                                             kith_job *job, kith_error *err);

typedef struct kith_explain_flag_params {
    const char *results;
    const char *payload; /**< what they were made from; NULL: not at hand */
    const char *cohort;
    const char *unit; /**< id of the person, family or household */
} kith_explain_flag_params;

/**
 * Writes one flag's evidence chain from flags.csv and evidence.csv; of a unit
 * without a flag, what the payload says to each criterion.
 */
KITH_NODISCARD kith_status
kith_explain_flag(FILE *to, const kith_explain_flag_params *params,
                  kith_job *job, kith_error *err);

#endif
