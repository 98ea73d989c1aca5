/**
 * @file em.h
 * @brief EM for a latent class model over agreement-pattern counts.
 *
 * Input    patterns with their pair counts; a start; pseudo-counts
 * Output   the class shares and level probabilities that maximise the
 *          likelihood times the Dirichlet prior of the pseudo-counts
 * Order    all sums run over patterns in ascending order: the result is the
 *          same on every run and machine with IEEE doubles
 * Source   Dempster, Laird & Rubin 1977; Winkler 1988
 */
#ifndef KITH_TRAIN_EM_H
#define KITH_TRAIN_EM_H

#include "train/model.h"

/** Patterns that occur, ascending. Free with _done. */
typedef struct kith_patterns {
    uint32_t *index; /**< n */
    uint64_t *pairs; /**< n */
    uint8_t *levels; /**< n x n_digits */
    size_t n;
    unsigned n_digits;
    uint64_t total;
} kith_patterns;

/** @param counts n_patterns pair counts, by pattern */
KITH_NODISCARD kith_status kith_patterns_init(kith_patterns *out,
                                              const kith_layout *layout,
                                              const uint64_t *counts,
                                              kith_error *err);
void kith_patterns_done(kith_patterns *p);

typedef struct kith_em_params {
    uint32_t max_iterations;
    double tolerance; /**< stop when no probability moves more */
    bool kin;         /**< false: the kin class stays empty */
    /** Shares and match probabilities stay as they start: there is nothing
     *  to learn them from. */
    bool hold_match;
    /** Pseudo-counts, by class and digit: the start counts as so many
     *  pairs. */
    double strength[KITH_CLASSES][KITH_MAX_DIGITS];
    /** By digit: what its last level ("differs") keeps in the match class;
     *  0 leaves it free. */
    double held_differs[KITH_MAX_DIGITS];
    /** Pseudo-counts of the shares. */
    double share_strength[KITH_CLASSES];
} kith_em_params;

typedef struct kith_em_result {
    uint32_t iterations;
    bool converged;
    double log_likelihood; /**< natural log, prior not counted */
    double objective;      /**< natural log, with the prior */
} kith_em_result;

/** Called after every iteration with the objective, for tests; or NULL. */
typedef void (*kith_em_trace_fn)(void *ctx, double objective);

/** @param[in,out] model the start, and the result */
KITH_NODISCARD kith_status kith_em_run(kith_pass_model *model,
                                       const kith_patterns *patterns,
                                       const kith_em_params *params,
                                       kith_em_trace_fn trace, void *trace_ctx,
                                       kith_em_result *result, kith_error *err);

#endif
