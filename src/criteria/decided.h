/**
 * @file decided.h
 * @brief What a flag run decided about every unit, for who counts it: also
 *        about those that no flag is written of.
 *
 * Output   population.rows  kind "population": a byte a unit, cohort after
 *                           cohort, units in the order of persons.csv,
 *                           families.csv or households.csv. Header: "cohort:
 *                           <name>|<version>|<unit>|<units>" repeated
 * Value    a kith_verdict. Everybody but KITH_VERDICT_OUT is in the cohort's
 *          population: the units it is about, whatever was found of them
 */
#ifndef KITH_CRITERIA_DECIDED_H
#define KITH_CRITERIA_DECIDED_H

#include "criteria/eval.h"

#include <kith/flag.h>
#include <kith/job.h>
#include <kith/status.h>

/** One cohort in force. */
typedef struct kith_decided_cohort {
    char *name;
    char *version;
    kith_level level;
    uint32_t n_units;
    uint8_t *verdicts; /* kith_verdict of each unit */
} kith_decided_cohort;

struct kith_decided {
    kith_people *people;
    kith_decided_cohort *all; /* in the order of the criteria files */
    uint32_t n;
};

/** Takes over @p people; copies the rest of @p world. */
KITH_NODISCARD kith_status kith_decided_new(kith_decided **out,
                                            const kith_world *world,
                                            kith_people **people,
                                            kith_error *err);
KITH_NODISCARD kith_status kith_decided_save(const kith_decided *decided,
                                             const char *folder, kith_job *job,
                                             kith_error *err);
/**
 * Reads again what kith flag wrote.
 * @param flags folder of population.rows
 */
KITH_NODISCARD kith_status kith_decided_load(kith_decided **out,
                                             const char *results,
                                             const char *flags,
                                             const char *payload, kith_job *job,
                                             kith_error *err);
/** The cohort of a name, or NULL. */
const kith_decided_cohort *kith_decided_find(const kith_decided *decided,
                                             const char *name);

#endif
