/**
 * @file events.h
 * @brief The events of a shard of people, in one array sorted by person.
 *
 * Input    <agency>.events; only the types that a query reads
 * Order    by (person, type, start, end, agency, record, attributes)
 * Memory   24 bytes an event and 4 an attribute; 28 a person
 * Threads  frames of the files are read by all workers; each event has its
 *          place by its person, and the order within is by what it says
 */
#ifndef KITH_CRITERIA_EVENTS_H
#define KITH_CRITERIA_EVENTS_H

#include "criteria/people.h"
#include "criteria/shards.h"
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
    int16_t tie; /* of its record: people->records[agency].tie[record] */
    uint8_t agency;
    uint8_t zero;
} kith_event;

typedef struct kith_events_source kith_events_source;

typedef struct kith_events {
    uint64_t n;      /* of the shard held */
    uint64_t *first; /* n_persons + 1 */
    uint64_t *types; /* of each person: bit t % 64 for an event of type t */
    kith_event *all;
    uint32_t *attributes; /* codes as texts of the vocabulary, then amounts */
    uint64_t n_attributes;
    kith_events_source *source;
} kith_events;

/**
 * Reads the headers of all events files into @p v.
 * @param[out] types one an agency, in the order of people->agencies
 * @retval KITH_ERR_MISMATCH events of another run than persons.csv
 */
KITH_NODISCARD kith_status kith_events_headers(
    kith_agency_types **types, kith_vocabulary *v, const kith_people *people,
    const char *payload, int32_t reference_day, kith_error *err);
void kith_events_headers_free(kith_agency_types *types,
                              const kith_people *people);

/**
 * Counts the events that queries read: kith_events_load reads them.
 * @param payload borrowed, like the others, until kith_events_free
 */
KITH_NODISCARD kith_status kith_events_count(kith_events **out,
                                             const kith_people *people,
                                             const kith_vocabulary *v,
                                             const kith_agency_types *types,
                                             const char *payload, kith_job *job,
                                             kith_error *err);
/** Bytes that the events of each person need, once counted. */
const uint32_t *kith_events_bytes(const kith_events *events);
/** Holds the events of one shard, in place of those held before. */
KITH_NODISCARD kith_status kith_events_load(kith_events *events,
                                            const kith_shards *shards,
                                            uint32_t shard, kith_job *job,
                                            kith_error *err);
/** <payload>/<agency>.events, and whether it is there. */
KITH_NODISCARD kith_status kith_events_path(char **out, const char *payload,
                                            const char *agency, bool *there,
                                            kith_error *err);
void kith_events_free(kith_events *events);

/** The person's events of one type: [*lo, *hi) of `all`. */
void kith_events_range(const kith_events *events, uint32_t person,
                       uint32_t type, uint64_t *lo, uint64_t *hi);

#endif
