/**
 * @file flags.h
 * @brief The flags of each cohort, and the places they are counted by.
 */
#ifndef KITH_REPORT_FLAGS_H
#define KITH_REPORT_FLAGS_H

#include "criteria/decided.h"
#include "criteria/level.h"

#include <kith/job.h>
#include <kith/report.h>
#include <kith/status.h>
#include <stdint.h>

/** In the order in which a person's best is chosen. */
typedef enum kith_flag_status {
    KITH_FLAG_YES,
    KITH_FLAG_NEAR,
    KITH_FLAG_UNKNOWN,
    KITH_FLAG_STATUSES
} kith_flag_status;

enum {
    KITH_FLAG_NONE = KITH_FLAG_STATUSES, /* no */
    KITH_FLAG_OUT                        /* not in the cohort's population */
};

/** The flags of one cohort. */
typedef struct kith_flag_table {
    const kith_decided_cohort *cohort; /* borrowed */
    const kith_units *units;           /* borrowed; NULL for persons */
    uint8_t *status;                   /* of each unit */
} kith_flag_table;

typedef struct kith_flag_tables {
    kith_flag_table *all; /* in the order of the criteria files */
    uint32_t n;
} kith_flag_tables;

KITH_NODISCARD kith_status kith_flag_tables_new(kith_flag_tables *out,
                                                const kith_decided *decided,
                                                kith_error *err);
void kith_flag_tables_done(kith_flag_tables *t);
/** KITH_FLAG_NONE for "no" and anything else. */
uint8_t kith_flag_status_read(kith_str s);
/** The best of these statuses among a person's units, or their own. */
uint8_t kith_flag_best_of(const kith_flag_table *t, const uint8_t *status,
                          uint32_t person);
/** Of each person the best of the table's flags. */
void kith_flag_best(uint8_t *out, const kith_flag_table *t, uint32_t n_persons);

/**
 * The region, its districts and their neighbourhoods as a tree of
 * cells: the whole first, then the districts, one for units whose area is
 * not known, then the neighbourhoods.
 */
typedef struct kith_places {
    uint32_t n;
    uint32_t n_districts; /* cells 1 .. n_districts, then the unknown one */
    uint32_t *parent;
    const char **name;
    uint32_t *of_person;    /* the smallest place of each person */
    uint32_t *of_family;    /* ... of each family: that of most members, the */
    uint32_t *of_household; /* first in order among equals */
} kith_places;

KITH_NODISCARD kith_status kith_places_new(kith_places *out,
                                           const kith_people *people,
                                           const char *region, kith_error *err);
void kith_places_done(kith_places *p);
const char *kith_places_level(const kith_places *p, uint32_t place);
/** The place of each unit of a level. */
const uint32_t *kith_places_of(const kith_places *p, kith_level level);
/** Warns of neighbourhoods that hold fewer or more residents than counts are
 *  made for. @param residents of each place */
KITH_NODISCARD kith_status kith_places_check(const kith_places *p,
                                             const uint64_t *residents,
                                             const kith_report_params *params,
                                             kith_job *job, kith_error *err);
/** Adds the counts of places to those they are part of. */
void kith_places_sum(const kith_places *p, uint64_t *counts);

#endif
