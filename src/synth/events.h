/**
 * @file events.h
 * @brief What happens to people: the events that agencies later report.
 *
 * Every person carries a latent pull (family and place); a need befalls the
 * people whose latent plus own luck is among the highest share that the
 * needs table gives. So rates are kept, and needs come together.
 */
#ifndef KITH_SYNTH_EVENTS_H
#define KITH_SYNTH_EVENTS_H

#include "synth/world.h"

typedef enum kith_event_type {
    KITH_EVENT_OFFENCE,
    KITH_EVENT_ASB,
    KITH_EVENT_SENTENCE,
    KITH_EVENT_ORDER,
    KITH_EVENT_ATTENDANCE,
    KITH_EVENT_EXCLUSION,
    KITH_EVENT_ROLL,
    KITH_EVENT_PROVISION,
    KITH_EVENT_EARLY_YEARS,
    KITH_EVENT_SOCIAL_CARE,
    KITH_EVENT_BENEFIT,
    KITH_EVENT_EET,
    KITH_EVENT_ARREARS,
    KITH_EVENT_EVICTION,
    KITH_EVENT_ABUSE,
    KITH_EVENT_TREATMENT,
    KITH_EVENT_MENTAL,
    KITH_EVENT_AE,
    KITH_EVENT_ADMISSION,
    KITH_EVENT_EYFS,
    KITH_EVENT_HOMELESS,
    KITH_EVENT_TEMPORARY,
    KITH_EVENT_ROUGH,
    KITH_EVENT_SPECIAL,
    KITH_EVENT_PREGNANCY,
    KITH_EVENT_MISSING,
    KITH_EVENT_INTERVENTION,
    KITH_EVENT_EMPLOYMENT,
    KITH_EVENT_RISK,
    KITH_EVENT_NOMINATION,
    KITH_EVENT_LIST,
    KITH_EVENT_GP_CONTACT,
    KITH_EVENT_OUTPATIENT,
    KITH_EVENT_TENANCY,
    KITH_EVENT_COUNCIL_TAX,
    KITH_EVENT_YOUNG_CARER,
    KITH_EVENT_CARE_DOCUMENT,
    KITH_EVENT_CONFLICT,
    KITH_EVENT_WORK_PROGRAMME,
    KITH_EVENT_YOUTH_CUSTODY,
    KITH_EVENT_SAFETY_VISIT,
    KITH_EVENT_FIRE,
    KITH_EVENT_ORIGIN,
    KITH_EVENT_DEATH,
    KITH_EVENTS
} kith_event_type;

enum { KITH_EVENT_CODES = 4, KITH_EVENT_AMOUNTS = 3, KITH_EVENT_VALUES = 20 };

typedef struct kith_event_code {
    const char *name; /* attribute */
    const char *values[KITH_EVENT_VALUES];
} kith_event_code;

/** What events of a type look like. */
typedef struct kith_event_spec {
    const char *name;
    bool spell;
    kith_event_code codes[KITH_EVENT_CODES]; /* name NULL: none */
    const char *amounts[KITH_EVENT_AMOUNTS];
} kith_event_spec;

const kith_event_spec *kith_event_spec_of(kith_event_type type);
/** How many years of it there are. */
int kith_event_years(kith_event_type type);
/** What befalls everybody: no reason for an agency to know somebody. */
bool kith_event_is_routine(kith_event_type type);

typedef struct kith_event {
    uint32_t person;
    uint8_t type;
    uint8_t codes[KITH_EVENT_CODES]; /* index into values */
    bool left_out;      /* a row that the agency's filter keeps out */
    int32_t start, end; /* end KITH_NO_DATE: active, or none */
    int32_t amounts[KITH_EVENT_AMOUNTS]; /* hundredths */
} kith_event;

/** Whether a person is the parent of a minor in the same home. */
bool kith_has_minors(const kith_cell *c, uint32_t person);

/** Events of a cell, person after person. Zero-initialise. */
typedef struct kith_events {
    kith_event *items;
    size_t n, cap;
    size_t *first; /* n_people + 1: where each person's begin */
    size_t first_cap;
    uint64_t counts[KITH_EVENTS];
} kith_events;

void kith_events_done(kith_events *e);
KITH_NODISCARD kith_status kith_events_make(kith_events *e, kith_cell *c,
                                            kith_error *err);
/** Appends @p event; its person must be the one being made. */
KITH_NODISCARD kith_status kith_events_add(kith_events *e,
                                           const kith_event *event,
                                           kith_error *err);

#endif
