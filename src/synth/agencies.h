/**
 * @file agencies.h
 * @brief The twenty agencies: whom they know, what they hold, how they write.
 */
#ifndef KITH_SYNTH_AGENCIES_H
#define KITH_SYNTH_AGENCIES_H

#include "synth/events.h"
#include "synth/rates.h"
#include "synth/text.h"

/** What a column holds; the spec's fields of the same names. */
typedef enum kith_held {
    KITH_HELD_SURNAME,
    KITH_HELD_FORENAME,
    KITH_HELD_MIDDLE,
    KITH_HELD_DOB,
    KITH_HELD_SEX,
    KITH_HELD_POSTCODE,
    KITH_HELD_HOUSE,
    KITH_HELD_STREET,
    KITH_HELD_UPRN,
    KITH_HELD_NHS,
    KITH_HELD_NINO,
    KITH_HELD_UPN,
    KITH_HELD_PHONE,
    KITH_HELD_EMAIL,
    KITH_HELD_FULL_NAME, /**< "SURNAME, Forename" in one column */
    KITH_HELD_KINDS
} kith_held;

/** The field's name in the linkage spec; NULL for a full name. */
const char *kith_held_name(kith_held held);

typedef struct kith_agency_column {
    kith_held held;
    const char *header; /* NULL ends the list */
} kith_agency_column;

typedef struct kith_agency_events {
    kith_event_type type;
    const char *file; /* "offences"; NULL ends the list */
    const char *gap;  /* district that sends none; NULL: all send */
} kith_agency_events;

enum { KITH_AGENCY_COLUMNS = 14, KITH_AGENCY_FILES = 9 };

typedef struct kith_agency {
    const char *name, *title, *purpose;
    const char *districts; /* "|Bolton|Bury|", or NULL: all */
    char delimiter;
    kith_date_style dates;
    bool one;      /* at most one record a person */
    bool spine;    /* the register that others are linked to */
    double former; /* chance that a former address left its own record */
    /* Whom it knows: this share of an age range, besides those its events
     * are about. Share 0 with a range: ages its events are about. */
    double share;
    uint8_t min_age, max_age;
    bool tenants;  /* only social tenants' homes */
    double births; /* share of birth dates it knows; 0: all */
    double lag;    /* mean days since a record was last put right */
    char letter;   /* its record ids begin so */
    const char *id, *updated, *household; /* headers; updated may be NULL */
    const char *start, *end;              /* headers of event files */
    /* A column of its event files, its value in rows that count and in those
     * that do not; filter NULL: all rows count. */
    const char *filter, *kept, *left_out;
    const char *relations; /* file of relations, or NULL */
    kith_agency_column columns[KITH_AGENCY_COLUMNS];
    kith_agency_events events[KITH_AGENCY_FILES];
} kith_agency;

/** The table itself, in agencies_table.c. */
extern const kith_agency KITH_AGENCIES[KITH_SYNTH_AGENCIES];

const kith_agency *kith_agency_at(unsigned index);
/** Whether an agency serves a district. */
bool kith_agency_serves(const kith_agency *a, const char *district);
/** What it has columns for: bit per kith_held; a full name is both names. */
uint32_t kith_agency_holds(const kith_agency *a);
/** The header of an event attribute, in the agency's style. */
void kith_agency_header(char out[KITH_TEXT_FIELD], const kith_agency *a,
                        const char *attribute);

#endif
