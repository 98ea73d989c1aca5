/**
 * @file report.h
 * @brief Counts flags by place and overlap, small numbers suppressed.
 *
 * Input    flags.csv, persons.csv, families.csv, households.csv, the payload
 *          bundles (areas)
 * Output   counts.csv   cohort,version,unit,area_level,area,status,count,of,
 *                       per_1000: area_level gm, district, neighbourhood;
 *                       status yes, near, unknown; of: units that live there
 *          overlap.csv  area_level,area,cohort,other,persons: who is flagged
 *                       yes in both; members of a family count as persons
 * Cells    "<10": below suppress_below; "c": hidden so that no such cell can
 *          be found by subtraction; all others rounded to round_to. A count
 *          beside an area named "(not known)" is of units without an area
 * Errors   KITH_ERR_DATA when a table is damaged
 */
#ifndef KITH_REPORT_H
#define KITH_REPORT_H

#include <kith/job.h>
#include <kith/status.h>
#include <stdint.h>

typedef struct kith_report_params {
    const char *results; /**< folder of persons, families, households */
    const char *flags;   /**< folder of flags.csv */
    const char *payload; /**< folder of the payload bundles */
    const char *out;
    uint32_t suppress_below; /**< 10 */
    uint32_t round_to;       /**< 5 */
} kith_report_params;

kith_report_params kith_report_params_default(void);

KITH_NODISCARD kith_status kith_report(const kith_report_params *params,
                                       kith_job *job, kith_error *err);

#endif
