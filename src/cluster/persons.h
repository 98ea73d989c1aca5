/**
 * @file persons.h
 * @brief persons.csv: which record is which person. Written by cluster, read
 *        by it the next night and by every stage after it.
 *
 * Format   person,agency,record; sorted by person, then agency and record.
 *          A person is "p" and 16 hexadecimal digits; a record is the 32
 *          digits of its pseudonym
 * Memory   reading: 22 bytes a record and 8 a person
 */
#ifndef KITH_CLUSTER_PERSONS_H
#define KITH_CLUSTER_PERSONS_H

#include "base/table.h"
#include "encode/bundle.h"

#include <kith/job.h>
#include <kith/status.h>
#include <stdint.h>

enum { KITH_PERSON_TEXT = 17 };

/** Zero-initialise; _done frees. */
typedef struct kith_person_list {
    uint64_t *ids; /* n_persons, ascending */
    uint32_t n_persons;
    uint32_t n_records;
    uint32_t *person_of; /* index into ids, ascending */
    uint16_t *agency_of; /* index into agencies */
    uint8_t (*pseudonyms)[KITH_PSEUDONYM_BYTES];
    kith_dict agencies;
    size_t ids_cap, person_cap, agency_cap, pseudonyms_cap;
} kith_person_list;

/** KITH_ERR_DATA with the line when it is not a sorted persons.csv. */
KITH_NODISCARD kith_status kith_person_list_load(kith_person_list *out,
                                                 const char *path,
                                                 kith_job *job,
                                                 kith_error *err);
void kith_person_list_done(kith_person_list *p);

#define KITH_NO_PERSON UINT32_MAX

/**
 * The persons of one agency's records.
 * @param pseudonyms n of them, ascending
 * @param[out] persons n: index of the person, or KITH_NO_PERSON
 */
KITH_NODISCARD kith_status
kith_person_list_match(const kith_person_list *p, const char *agency,
                       const uint8_t (*pseudonyms)[KITH_PSEUDONYM_BYTES],
                       size_t n, uint32_t *persons, kith_error *err);

/** Index of the person @p id, or KITH_NO_PERSON. */
uint32_t kith_person_list_find(const kith_person_list *list, uint64_t id);

/** Writes "p0123..." without a NUL. */
void kith_person_text(char out[KITH_PERSON_TEXT], uint64_t id);
/** False when @p text is no person id. */
bool kith_person_parse(uint64_t *id, kith_str text);

#endif
