/**
 * @file report.h
 * @brief Counts flags by place and overlap, small numbers suppressed.
 *
 * Input    population.rows, moves.csv, persons.csv, families.csv,
 * households.csv, the payload bundles (areas) Output   counts.csv
 * cohort,version,unit,area_level,area,status,count,of, per_1000: area_level
 * region, district, neighbourhood; status yes, near, unknown; of: units there
 * that the cohort is about (its include and exclude) overlap.csv
 * area_level,area,cohort,other,persons: who is flagged yes in both; members of
 * a family count as persons bias.csv measure,cohort,group,value,count,of,share:
 * whom the linkage and the criteria serve worse, by sex, age band, district and
 * quintile of deprivation: records linked to another agency's; records a
 * person; flags yes, near, unknown; and those lost or gained were links 2, 4 or
 * 8 bits stricter Warns    of neighbourhoods that hold fewer or more residents
 * than asked for Method   of bias.csv: a record is linked when its person has a
 * record of another agency; a person is flagged with their family or household;
 *          lost_4 are those flagged yes who would not be without the records
 *          that hang on their person by a link within 4 bits of the weakest
 *          in use (moves.csv), of those flagged yes. Truth is not asked:
 *          evaluation.csv has recall by group where it is known
 * Cells    "<10": below suppress_below; "c": hidden so that no such cell can
 *          be found by subtraction; all others rounded to round_to. A count
 *          beside an area named "(not known)" is of units without an area
 * Errors   KITH_ERR_DATA when a table is damaged
 */
#ifndef KITH_REPORT_H
#define KITH_REPORT_H

#include <kith/flag.h>
#include <kith/job.h>
#include <kith/status.h>
#include <stdint.h>

typedef struct kith_report_params {
    const char *results; /**< folder of persons, families, households */
    const char *flags;   /**< folder of population.rows and moves.csv */
    const char *payload; /**< folder of the payload bundles */
    const char *out;
    const kith_decided *decided; /**< of kith_flag; NULL: read the files */
    const char *region;          /**< what all districts together are called */
    uint32_t smallest_neighbourhood; /**< residents: others are warned of */
    uint32_t largest_neighbourhood;
    uint32_t suppress_below; /**< 10 */
    uint32_t round_to;       /**< 5 */
} kith_report_params;

kith_report_params kith_report_params_default(void);

KITH_NODISCARD kith_status kith_report(const kith_report_params *params,
                                       kith_job *job, kith_error *err);

#endif
