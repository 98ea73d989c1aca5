/**
 * @file join.h
 * @brief Which person each record of the payload belongs to, from
 *        persons.csv: a row a record, ten records a person.
 *
 * Method   pseudonyms are sorted and spread evenly: their leading bits lead
 *          to a handful of records, looked up for many rows at a time so that
 *          memory is fetched ahead
 * Threads  while the rest look up one batch of rows, one reads the next
 * Memory   20 bytes a record until joined, 6 after
 */
#ifndef KITH_CRITERIA_JOIN_H
#define KITH_CRITERIA_JOIN_H

#include "criteria/people.h"

/**
 * Fills people->agencies, people->records and people->ids.
 * @param results folder of persons.csv
 */
KITH_NODISCARD kith_status kith_people_join(kith_people *people,
                                            const char *results,
                                            const char *payload, kith_job *job,
                                            kith_error *err);

#endif
