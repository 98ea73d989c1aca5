/**
 * @file held.h
 * @brief What one agency holds about one cell on one day: whom it knows,
 *        and the lives of their records.
 *
 * Everything is drawn from streams of the person or the record, never from
 * what happened before: so the records of two nights are the same but for
 * what changed between them.
 */
#ifndef KITH_SYNTH_HELD_H
#define KITH_SYNTH_HELD_H

#include "synth/files.h"
#include "synth/record.h"

enum {
    KITH_COPIES = 6,     /**< records of a person with one agency */
    KITH_COPY_SLOTS = 8, /**< numbers kept for a person's records */
    KITH_NEVER = INT32_MAX
};

typedef struct kith_held_cell {
    const kith_cell *cell;
    const kith_events *events;
    kith_cell_text *text;
    const kith_agency *agency;
    unsigned index;              /* of the agency */
    const char *district;        /* of the cell */
    int8_t file_of[KITH_EVENTS]; /* where its events go; -1: nowhere */
    uint64_t sent, meeting;      /* bit per type: it has; it gets to know by */
    uint64_t types[KITH_CELL_SLOTS]; /* bit per type: the person's events */
    int32_t met[KITH_CELL_SLOTS];    /* day from which a person is known */
    uint64_t number[KITH_CELL_SLOTS][KITH_COPIES]; /* records there today */
    uint8_t n_copies[KITH_CELL_SLOTS];             /* how many of them */
} kith_held_cell;

/** One record of a person: when it was true, when it is there. */
typedef struct kith_copy {
    uint64_t number;   /**< unique in the agency */
    int32_t on;        /**< the day it describes, as of today */
    int32_t created;   /**< the day it entered the extract */
    int32_t contact;   /**< the day it was or will be put right next */
    int32_t withdrawn; /**< the day it left the extract */
    bool duplicate;
    kith_rng rng; /**< what happens to it from here */
} kith_copy;

/** Turns to an agency: what it has of which type. */
void kith_held_turn(kith_held_cell *h, unsigned agency);
/** Notes which types of events each person has. */
void kith_held_note_types(kith_held_cell *h);
/** The day from which the agency knows a person, or KITH_NEVER. */
int32_t kith_held_meets(const kith_held_cell *h, uint32_t person);
/** The agency's file that an event goes to, or -1: none. */
int kith_held_reports(const kith_held_cell *h, const kith_event *e);
/** The records of a person, whether or not they are there today. */
unsigned kith_held_copies(const kith_held_cell *h, uint32_t person,
                          kith_copy copies[KITH_COPIES]);
/** Whether a copy is in the extract of @p day. */
bool kith_copy_there(const kith_copy *c, int32_t day);
/** A stream of a person with an agency; @p purpose keeps uses apart. */
kith_rng kith_held_stream(const kith_held_cell *h, uint32_t person,
                          unsigned purpose);

#endif
