/**
 * @file train.h
 * @brief m and u probabilities per pass by EM on agreement-pattern counts.
 *
 * Input    the passes bundles of all agencies
 * Output   model.yaml: saved, loadable, diffable, commented
 * Method   a latent class model over patterns with three classes: match,
 *          stranger, and kin (relatives at the same address, who agree on
 *          surname and place without being the same person). u starts from
 *          the sources' random-pair counts and is then freed.
 * Units    weights in bits (log2 of a probability ratio).
 * Errors   warns by name through the job of m below u, levels out of order,
 *          too few pairs, a pass that finds nothing; never yields NaN
 * Source   Dempster, Laird & Rubin 1977; Winkler 1988 (EM for linkage);
 *          in-block u: measured, see linkage notes in the README
 */
#ifndef KITH_TRAIN_H
#define KITH_TRAIN_H

#include <kith/job.h>
#include <kith/spec.h>
#include <kith/status.h>
#include <stdio.h>

typedef struct kith_model kith_model;

typedef struct kith_train_params {
    const kith_spec *spec;
    const char *passes; /**< folder of the passes bundles */
    const char *out;    /**< model.yaml */
    /** Sample size per pass, in pairs of distinct rows; 0: all. The blocks
     *  of the lowest keys are taken: keys are random, so that is a fair
     *  sample of blocks. */
    uint64_t max_pairs;
    uint32_t max_iterations;
    double tolerance; /**< stop when no probability moves more */
} kith_train_params;

kith_train_params kith_train_params_default(void);

KITH_NODISCARD kith_status kith_train(const kith_train_params *params,
                                      kith_job *job, kith_error *err);

/** Reads a model; refuses one of another spec or with damaged numbers. */
KITH_NODISCARD kith_status kith_model_load(kith_model **out, const char *path,
                                           const kith_spec *spec,
                                           kith_error *err);
void kith_model_free(kith_model *model);

/** Writes to @p to how @p b differs from @p a: shares, and the weight of
 *  each level in bits. @param[out] n_differences beyond 0.01 bit */
KITH_NODISCARD kith_status kith_model_diff(FILE *to, const kith_model *a,
                                           const kith_model *b,
                                           uint64_t *n_differences,
                                           kith_error *err);

#endif
