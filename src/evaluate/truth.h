/**
 * @file truth.h
 * @brief The truth file and, for each of its records, what was found.
 *
 * A record of the truth is found through its agency's lookup file (own id to
 * pseudonym) and persons.csv (pseudonym to person). One that no lookup knows
 * was rejected or left out: it counts as a person alone, so its pairs count
 * as missed.
 */
#ifndef KITH_EVALUATE_TRUTH_H
#define KITH_EVALUATE_TRUTH_H

#include "base/table.h"
#include "cluster/persons.h"

#include <kith/job.h>
#include <kith/status.h>
#include <stdbool.h>
#include <stdint.h>

enum { KITH_TRUTH_ERRORS = 32 }; /**< kinds of error that are told apart */

/** Zero-initialise; _done frees. */
typedef struct kith_truth {
    uint32_t n; /* records */
    kith_dict agencies;
    kith_dict persons, households, families;
    kith_map64 ids;   /* hash of agency and id -> record */
    uint32_t *agency; /* n each: labels */
    uint32_t *person;
    uint32_t *household; /* KITH_DICT_NONE: not said */
    uint32_t *family;
    uint32_t *home;   /* household; who lives in a communal establishment is
                         in none (Census 2021 definitions): one each */
    uint32_t *errors; /* bit per kind */
    kith_dict error_kinds;
    uint32_t *found; /* index in list.ids, or past them a number of its own */
    kith_map64 rows; /* hash of agency and pseudonym -> record */
    kith_person_list list;
    uint64_t n_unlinked;      /* records that no lookup or person holds */
    uint64_t n_without_truth; /* looked up, but not in the truth */
    size_t agency_cap, person_cap, household_cap, family_cap, errors_cap,
        home_cap;
} kith_truth;

KITH_NODISCARD kith_status kith_truth_load(kith_truth *out, const char *path,
                                           const char *lookup,
                                           const char *persons, kith_job *job,
                                           kith_error *err);
void kith_truth_done(kith_truth *t);

/** How kith_truth_at knows a record; @p agency an index of agencies. */
uint64_t kith_truth_key(uint32_t agency,
                        const uint8_t pseudonym[KITH_PSEUDONYM_BYTES]);
/** The truth's record with this key; n when none. kith_map64_touch of rows
 *  some records ahead saves the wait. */
uint32_t kith_truth_at(const kith_truth *t, uint64_t key);
/** The truth's record with this agency and pseudonym; n when none. */
uint32_t kith_truth_find(const kith_truth *t, kith_str agency,
                         const uint8_t pseudonym[KITH_PSEUDONYM_BYTES]);

#endif
