/**
 * @file fit.h
 * @brief The model of one pass from its pattern counts.
 *
 * Two models are fitted, without and with the kin class; the second is kept
 * when it explains the pairs better than its extra parameters cost (BIC) and
 * its classes are still what they are called. For this comparison both hold
 * how often one person's births differ; without relatives it is free.
 * Errors   none from data: too little of it gives the defaults and a warning
 * Source   Schwarz 1978 (BIC)
 */
#ifndef KITH_TRAIN_FIT_H
#define KITH_TRAIN_FIT_H

#include "train/start.h"

#include <kith/job.h>

typedef struct kith_fit_params {
    const kith_spec *spec;
    unsigned pass;
    uint32_t max_iterations;
    double tolerance;
} kith_fit_params;

KITH_NODISCARD kith_status kith_fit(kith_pass_model *out,
                                    const kith_fit_params *params,
                                    const kith_layout *layout,
                                    const kith_source_counts *counts,
                                    const kith_patterns *patterns,
                                    kith_job *job, kith_error *err);

/** Warns by name of what looks wrong.
 *  @param found         a class of matches
 *  @param out_of_order  digits, as kith_order_levels gives them */
void kith_fit_check(const kith_pass_model *model, bool found,
                    uint32_t out_of_order, kith_job *job);

#endif
