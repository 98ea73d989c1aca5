/**
 * @file fidelity.h
 * @brief The fidelity report: what was wanted, what came out, how hard it is.
 *
 * Output   truth/fidelity.csv: measure,group,wanted,observed,n
 *          wanted is empty where nothing is prescribed; n is what the share
 *          is of
 */
#ifndef KITH_SYNTH_FIDELITY_H
#define KITH_SYNTH_FIDELITY_H

#include "synth/tally.h"

#include <kith/job.h>

/** Records of each agency, and those with each kind of error. */
typedef struct kith_fidelity_errors {
    const uint64_t *records; /**< KITH_SYNTH_AGENCIES */
    const uint64_t (*errors)[KITH_ERRORS];
} kith_fidelity_errors;

KITH_NODISCARD kith_status kith_fidelity_write(const char *path,
                                               const kith_tally *t,
                                               const kith_fidelity_errors *made,
                                               const kith_world *w,
                                               kith_job *job, kith_error *err);

#endif
