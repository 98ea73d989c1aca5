/**
 * @file bias.h
 * @brief bias.csv: whom the linkage and the criteria serve worse.
 *
 * Columns  measure,cohort,group,value,count,of,share
 *          linked     records linked to a record of another agency, of all
 *          records    records, per person
 *          yes, near, unknown   persons flagged so, themselves or by a family
 *                     or household of theirs, of those the cohort is about;
 *                     of several flags the first of these words counts
 *          lost_2, lost_4, lost_8   persons flagged yes who would not be if
 *                     links were so many bits stricter (moves.csv), of those
 *                     flagged yes
 *          gained_2, gained_4, gained_8   persons who would be flagged yes
 *                     only then, of those flagged yes
 * Groups   all; sex; age band at the reference date; district; quintile of
 *          deprivation, when areas.csv has the decile of a postcode; origin
 *          group, when an agency sends it (origins.h)
 * Cells    hidden and rounded as in counts.csv, and the share from the
 *          rounded numbers, in percent; records: a mean
 */
#ifndef KITH_REPORT_BIAS_H
#define KITH_REPORT_BIAS_H

#include "report/flags.h"

#include <kith/report.h>

KITH_NODISCARD kith_status kith_bias_write(const kith_report_params *params,
                                           const kith_people *people,
                                           const kith_flag_tables *flags,
                                           kith_job *job, kith_error *err);

#endif
