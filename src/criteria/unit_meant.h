/**
 * @file unit_verdict.h
 * @brief Whether a cohort is about one unit, which has no flag.
 */
#ifndef KITH_CRITERIA_UNIT_MEANT_H
#define KITH_CRITERIA_UNIT_MEANT_H

#include <kith/status.h>
#include <stdbool.h>

/**
 * @param[out] out is the unit in the population that the cohort is about?
 * @param results folder of population.rows and the tables of units
 * @param unit    of the cohort: person, family, household
 * @return KITH_ERR_USAGE when there is no such unit, with those of that kind
 *         that a person or household belongs to as hint
 */
KITH_NODISCARD kith_status kith_unit_is_meant(bool *out, const char *results,
                                              const char *cohort,
                                              const char *unit, const char *id,
                                              kith_error *err);

#endif
