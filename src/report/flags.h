/**
 * @file flags.h
 * @brief flags.csv in memory, and the places it is counted by.
 */
#ifndef KITH_REPORT_FLAGS_H
#define KITH_REPORT_FLAGS_H

#include "base/table.h"
#include "criteria/people.h"

#include <kith/job.h>
#include <kith/report.h>
#include <kith/status.h>
#include <stdint.h>

typedef enum kith_flag_status {
    KITH_FLAG_YES,
    KITH_FLAG_NEAR,
    KITH_FLAG_UNKNOWN,
    KITH_FLAG_STATUSES
} kith_flag_status;

enum { KITH_FLAG_NONE = KITH_FLAG_STATUSES };

/** The flags of one cohort. */
typedef struct kith_flag_table {
    char *name;
    char *version;
    char *unit;      /* person, family or household */
    uint8_t *status; /* kith_flag_status or KITH_FLAG_NONE, one a unit */
    uint32_t n_units;
} kith_flag_table;

typedef struct kith_flag_tables {
    kith_flag_table *all; /* in the order of the file */
    uint32_t n;
    size_t cap;
} kith_flag_tables;

KITH_NODISCARD kith_status kith_flag_tables_load(kith_flag_tables *out,
                                                 const kith_people *people,
                                                 const char *path,
                                                 kith_job *job,
                                                 kith_error *err);
void kith_flag_tables_done(kith_flag_tables *t);
/** The ids of the units that a cohort is about. */
const kith_dict *kith_flag_table_ids(const kith_flag_table *t,
                                     const kith_people *people);
/** KITH_FLAG_NONE for "no" and anything else. */
uint8_t kith_flag_status_read(kith_str s);

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
    uint32_t *of_person; /* the smallest place of each person */
} kith_places;

KITH_NODISCARD kith_status kith_places_new(kith_places *out,
                                           const kith_people *people,
                                           const char *region, kith_error *err);
void kith_places_done(kith_places *p);
const char *kith_places_level(const kith_places *p, uint32_t place);
/** The place of most of a unit's members; the first in order among equals. */
uint32_t kith_places_of_unit(const kith_places *p, const kith_units *units,
                             uint32_t unit);
/** Warns of neighbourhoods that hold fewer or more residents than counts are
 *  made for. @param residents of each place */
KITH_NODISCARD kith_status kith_places_check(const kith_places *p,
                                             const uint64_t *residents,
                                             const kith_report_params *params,
                                             kith_job *job, kith_error *err);
/** Adds the counts of places to those they are part of. */
void kith_places_sum(const kith_places *p, uint64_t *counts);

#endif
