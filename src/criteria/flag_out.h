/**
 * @file flag_out.h
 * @brief Writes cohorts.csv, flags.csv, evidence.csv and changes.csv.
 *
 * Order    cohorts as read, units as in persons.csv and families.csv
 * Threads  chunks of units are written into buffers in parallel, the buffers
 *          to the files in order
 */
#ifndef KITH_CRITERIA_FLAG_OUT_H
#define KITH_CRITERIA_FLAG_OUT_H

#include "criteria/eval.h"

#include <kith/job.h>
#include <kith/status.h>

typedef struct kith_flag_writing {
    const kith_world *world;
    uint8_t *const *tiers; /* of each cohort, a byte a unit */
    kith_eval *evals;      /* one a worker */
    const char *out;
    const char *results;  /* folder of persons, families, households */
    const char *previous; /* results of the last run, or NULL */
} kith_flag_writing;

KITH_NODISCARD kith_status kith_flags_write(const kith_flag_writing *writing,
                                            kith_job *job, kith_error *err);

#endif
