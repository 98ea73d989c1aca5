/**
 * @file flag.h
 * @brief Says which persons and families are in which cohort, and why.
 *
 * Input    persons.csv, families.csv, households.csv, the payload bundles,
 *          *.criteria
 * Output   cohorts.csv   cohort,version,unit,criterion,title,purpose: what
 *                        the names in the others mean
 *          flags.csv     cohort,version,unit,id,status,tier,since
 *          evidence.csv  cohort,id,criterion,status,person,agency,event,date,
 *                        record,bits,note; bits: as in persons.csv, of the
 *                        link by which the record hangs on its person
 *          changes.csv   cohort,id,change,before,after,why; with a previous
 *                        run: who entered and left, and by which criteria
 *          moves.csv     cohort,unit,id,stricter_by,before,after: flags that
 *                        are others without the events of records that hang
 *                        on their person by a link within 2, 4 or 8 bits of
 *                        the weakest in use
 *          definitions.criteria  the criteria files, as they were
 *          population.rows  who is in each cohort's population, whatever was
 *                        found of them: the denominators
 *          kith/report.h counts them
 * Method   three-valued logic over events: unknown is not false
 * Errors   KITH_ERR_CONFIG with line, column, caret and hint for a criteria
 *          file that is wrong
 */
#ifndef KITH_FLAG_H
#define KITH_FLAG_H

#include <kith/job.h>
#include <kith/status.h>
#include <stdint.h>

typedef struct kith_flag_params {
    const char *results; /**< folder of persons, families, households */
    const char *payload; /**< folder of the payload bundles */
    const char *const *criteria;
    uint32_t n_criteria;
    const char *reference_date; /**< yyyy-mm-dd; NULL: the payload's own */
    const char *previous;       /**< results folder of the last run, or NULL */
    const char *out;
} kith_flag_params;

kith_flag_params kith_flag_params_default(void);

/** Reads the criteria files alone: a slip in one should stop a run before
 *  its first row, not after its last. */
KITH_NODISCARD kith_status kith_flag_check(const char *const *criteria,
                                           uint32_t n_criteria,
                                           kith_error *err);

/** What was decided, for kith_report, which then need not read it again. */
typedef struct kith_decided kith_decided;

/** @param[out] decided NULL: not wanted; kith_decided_free frees it */
KITH_NODISCARD kith_status kith_flag(kith_decided **decided,
                                     const kith_flag_params *params,
                                     kith_job *job, kith_error *err);
void kith_decided_free(kith_decided *decided);

#endif
