/**
 * @file cohorts_out.h
 * @brief Writes cohorts.csv: what the names in the other tables stand for.
 *
 * Columns  cohort,version,unit,criterion,title,purpose; the cohort's own line
 *          has no criterion, a criterion's no purpose
 */
#ifndef KITH_CRITERIA_COHORTS_OUT_H
#define KITH_CRITERIA_COHORTS_OUT_H

#include "criteria/eval.h"

#include <kith/job.h>
#include <kith/status.h>

/** The cohorts in force. @param folder where cohorts.csv goes */
KITH_NODISCARD kith_status kith_cohorts_write(const kith_world *world,
                                              const char *folder, kith_job *job,
                                              kith_error *err);

#endif
