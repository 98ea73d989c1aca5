/**
 * @file tally.h
 * @brief What a population turned out like, in whole numbers, for the
 *        fidelity report.
 *
 * One tally a cell, summed in any order: only counts, so that the sums do
 * not depend on it.
 */
#ifndef KITH_SYNTH_TALLY_H
#define KITH_SYNTH_TALLY_H

#include "synth/record.h"

enum { KITH_TALLY_PER_PERSON = 64 };

/** Pairs of one person's records in two agencies. */
typedef struct kith_tally_pairs {
    uint64_t n;        /**< pairs */
    uint64_t complete; /**< both have names, birth date and postcode */
    uint64_t exact;    /**< and agree on all of them */
} kith_tally_pairs;

/** Records of one agency about people who are on the register of patients:
 *  which of them rules would link to a record there. */
typedef struct kith_tally_spine {
    uint64_t n;
    uint64_t exact;  /**< the same names, birth date and postcode */
    uint64_t by_nhs; /**< or the same NHS number */
} kith_tally_spine;

/** A record as pairs see it. */
typedef struct kith_sketch {
    uint64_t hash; /* of names, birth date, postcode; 0: incomplete */
    uint64_t nhs;  /* of the NHS number; 0: the agency holds none */
    uint32_t person;
    uint32_t errors;
    uint32_t agency;
    uint32_t community;
} kith_sketch;

typedef struct kith_tally {
    uint64_t people, minors, homes; /* people: born and alive */
    uint64_t everybody;             /* those who died in three years too */
    uint64_t home_types[KITH_HOME_TYPES];
    uint64_t communities[KITH_SYNTH_COMMUNITIES];
    uint64_t districts[KITH_SYNTH_DISTRICTS];
    uint64_t moved_young, young, moved_old, old; /* under and over 65 */
    /* in the last year: people who ... */
    uint64_t births, deaths, weddings, divorces, partings;
    uint64_t eligible[KITH_NEEDS], needing[KITH_NEEDS];
    uint64_t known[KITH_SYNTH_AGENCIES];
    uint64_t both[KITH_SYNTH_AGENCIES][KITH_SYNTH_AGENCIES];
    uint64_t per_person[KITH_TALLY_PER_PERSON]; /* last: that many or more */
    kith_tally_pairs all, by_error[KITH_ERRORS];
    kith_tally_pairs by_community[KITH_SYNTH_COMMUNITIES];
    uint64_t nhs_pairs, nhs_equal;
    kith_tally_spine spine[KITH_SYNTH_AGENCIES];
    kith_tally_spine by_group[KITH_SYNTH_COMMUNITIES]; /* of NHS holders */
    uint32_t *surnames;                                /* by name id; n_names */
    size_t n_names;
    uint64_t tail_surnames;
    kith_sketch *sketches; /* of the cell being made */
    size_t n_sketches, sketches_cap;
} kith_tally;

KITH_NODISCARD kith_status kith_tally_new(kith_tally **out,
                                          const kith_tables *tables,
                                          kith_error *err);
void kith_tally_free(kith_tally *t);
void kith_tally_clear(kith_tally *t);
/** Counts the people of a cell, once its events are made. */
void kith_tally_people(kith_tally *t, const kith_cell *c);
/** Remembers one record; call in any order. */
KITH_NODISCARD kith_status kith_tally_record(kith_tally *t, const kith_cell *c,
                                             size_t person, unsigned agency,
                                             const kith_record *r,
                                             kith_error *err);
/** Counts the pairs of the records remembered. */
void kith_tally_pair_up(kith_tally *t);
/** sum += t */
void kith_tally_sum(kith_tally *sum, const kith_tally *t);

#endif
