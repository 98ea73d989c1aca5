/**
 * @file events.h
 * @brief The events of every person, in one array sorted by person.
 *
 * Input    <agency>.events; only the types that a query reads
 * Order    by (person, type, start, end, agency, record, row)
 * Memory   24 bytes an event and 4 an attribute
 */
#ifndef KITH_CRITERIA_EVENTS_H
#define KITH_CRITERIA_EVENTS_H

#include "criteria/people.h"
#include "criteria/vocabulary.h"

#include <kith/job.h>
#include <kith/status.h>
#include <stdint.h>

typedef struct kith_event {
    int32_t start;
    int32_t end; /* KITH_OPEN_END */
    uint32_t record;
    uint32_t attributes; /* first of its codes in `attributes` */
    uint16_t type;
    int16_t age; /* at start; -1 */
    uint8_t agency;
    uint8_t zero[3];
} kith_event;

typedef struct kith_events {
    uint64_t n;
    uint64_t *first; /* n_persons + 1 */
    uint64_t *types; /* of each person: bit t % 64 for an event of type t */
    kith_event *all;
    uint32_t *attributes; /* codes as texts of the vocabulary, then amounts */
    uint64_t n_attributes;
} kith_events;

/**
 * Reads the headers of all events files into @p v.
 * @param[out] types one an agency, in the order of people->agencies
 */
KITH_NODISCARD kith_status kith_events_headers(
    kith_agency_types **types, kith_vocabulary *v, const kith_people *people,
    const char *payload, int32_t reference_day, kith_error *err);
void kith_events_headers_free(kith_agency_types *types,
                              const kith_people *people);

KITH_NODISCARD kith_status kith_events_load(kith_events **out,
                                            const kith_people *people,
                                            const kith_vocabulary *v,
                                            const kith_agency_types *types,
                                            const char *payload, kith_job *job,
                                            kith_error *err);
void kith_events_free(kith_events *events);

/** The person's events of one type: [*lo, *hi) of `all`. */
void kith_events_range(const kith_events *events, uint32_t person,
                       uint32_t type, uint64_t *lo, uint64_t *hi);

#endif
