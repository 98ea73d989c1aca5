/**
 * @file retell.h
 * @brief Decides about one unit again, to say why it has no flag: of units
 *        without one no evidence is written.
 *
 * Input    results with definitions.criteria and population.rows, the payload
 *          that they were made from
 * Cost     reads persons, families and the payload once, like kith flag
 */
#ifndef KITH_CRITERIA_RETELL_H
#define KITH_CRITERIA_RETELL_H

#include "base/buffer.h"

#include <kith/job.h>
#include <kith/status.h>
#include <stdbool.h>

typedef struct kith_retell_params {
    const char *results;
    const char *payload;
    const char *cohort;
    const char *unit; /* id */
} kith_retell_params;

/** Zero-initialise; _done frees. */
typedef struct kith_retold {
    bool there;       /* the criteria of the run are known; else the rest not */
    bool gone;        /* died, or nobody of it is alive */
    bool left_out;    /* by include or exclude */
    kith_buffer text; /* lines of evidence.csv; of what leaves it out the
                         criteria are "include" and "exclude" */
} kith_retold;

/** @retval KITH_ERR_MISMATCH the payload gives another answer */
KITH_NODISCARD kith_status kith_retell(kith_retold *out,
                                       const kith_retell_params *params,
                                       kith_job *job, kith_error *err);
void kith_retold_done(kith_retold *r);

#endif
