/**
 * @file files.h
 * @brief All files of a population, written together, wave by wave of cells.
 *
 * Workers fill one buffer a file and cell; then every file takes its buffers
 * in the order of the cells. So the bytes do not depend on the threads, and
 * memory is one wave.
 */
#ifndef KITH_SYNTH_FILES_H
#define KITH_SYNTH_FILES_H

#include "io/out.h"
#include "synth/agencies.h"
#include "synth/tally.h"

enum {
    /* An agency has persons, up to KITH_AGENCY_FILES events, relations. */
    KITH_FILES_EACH = KITH_AGENCY_FILES + 2,
    KITH_FILE_RECORDS = KITH_SYNTH_AGENCIES * KITH_FILES_EACH,
    KITH_FILE_PERSONS,
    KITH_FILE_FAMILIES,
    KITH_FILE_COHORTS,
    KITH_FILE_AREAS,
    KITH_FILE_COMMUNAL,
    KITH_FILES
};

/** The file of an agency: 0 its persons, 1.. its events, last relations. */
unsigned kith_file_persons(unsigned agency);
unsigned kith_file_events(unsigned agency, unsigned events);
unsigned kith_file_relations(unsigned agency);

/** "gmp_offences.csv"; false when the agency has no such file. */
bool kith_file_name(char out[128], unsigned file, bool gzip);
/** Writes the header row of @p file. */
void kith_file_header(kith_buffer *b, unsigned file);

/** Rows that are bad on purpose, named as the encoder's reasons. */
typedef enum kith_planted {
    KITH_PLANTED_RAGGED,   /**< a record without its last column, no truth */
    KITH_PLANTED_REPEATED, /**< a record a second time, the same id */
    KITH_PLANTED_FUTURE,   /**< an event that has not happened yet */
    KITH_PLANTED
} kith_planted;

const char *kith_planted_name(kith_planted planted);

/** What became of records since the night before. */
typedef enum kith_change {
    KITH_CHANGE_NEW,
    KITH_CHANGE_CHANGED,
    KITH_CHANGE_WITHDRAWN,
    KITH_CHANGES
} kith_change;

/** The buffers of one cell. */
typedef struct kith_cell_text {
    kith_buffer files[KITH_FILES];
    kith_tally *tally; /* owned; NULL without a report */
    uint64_t n_records, n_events;
    uint64_t errors[KITH_SYNTH_AGENCIES][KITH_ERRORS];
    uint64_t records[KITH_SYNTH_AGENCIES];
    uint64_t planted[KITH_SYNTH_AGENCIES][KITH_PLANTED];
    uint64_t changes[KITH_SYNTH_AGENCIES][KITH_CHANGES];
} kith_cell_text;

void kith_cell_text_clear(kith_cell_text *t);
void kith_cell_text_done(kith_cell_text *t);

/** Writes everything agencies hold about a cell, and the truth. */
KITH_NODISCARD kith_status kith_cell_extract(kith_cell_text *text,
                                             const kith_cell *c,
                                             const kith_events *events,
                                             kith_error *err);
/** The truth of a cell's people, the areas of its postcodes, and the
 *  addresses of its institutions. */
KITH_NODISCARD kith_status kith_truth_people(kith_cell_text *text,
                                             const kith_cell *c,
                                             kith_error *err);
/** Which persons, families and households are in which cohort of those that
 *  ship: cohorts.h. */
KITH_NODISCARD kith_status kith_truth_cohorts(kith_cell_text *text,
                                              const kith_cell *c,
                                              const kith_events *events,
                                              kith_error *err);
/** Families with what their members need. */
KITH_NODISCARD kith_status kith_truth_families(kith_cell_text *text,
                                               const kith_cell *c,
                                               kith_error *err);

#endif
