/**
 * @file bias_count.h
 * @brief The numbers of the bias report: of each cohort, its flags over the
 *        groups of people, and what of them moves with the link threshold.
 *
 * Threads  a cohort a chunk; the records and links of all are one more
 * Memory   a byte a person and a byte a unit for each worker; 8 a person for
 *          the links
 */
#ifndef KITH_REPORT_BIAS_COUNT_H
#define KITH_REPORT_BIAS_COUNT_H

#include "report/groups.h"
#include "report/moves.h"

#include <kith/job.h>

/** Bits by which the link threshold is stricter, as in moves.csv. */
enum { KITH_BIAS_STEPS = 3 };
extern const uint32_t kith_bias_steps[KITH_BIAS_STEPS];

/** Rows of counts, a number a group. */
enum {
    /* of a cohort, in persons */
    KITH_BIAS_POPULATION = 0,
    KITH_BIAS_FLAGS = 1, /* and a row for each kith_flag_status */
    KITH_BIAS_LOST = KITH_BIAS_FLAGS + KITH_FLAG_STATUSES, /* a row a step */
    KITH_BIAS_GAINED = KITH_BIAS_LOST + KITH_BIAS_STEPS,
    KITH_BIAS_ROWS = KITH_BIAS_GAINED + KITH_BIAS_STEPS,
    /* of everybody */
    KITH_BIAS_PERSONS = 0,
    KITH_BIAS_RECORDS,
    KITH_BIAS_LINKED /* records of persons with another agency's record */
};

typedef struct kith_bias_counts {
    uint64_t *all; /* KITH_BIAS_ROWS rows of everybody, then of each cohort */
    uint32_t n_groups;
} kith_bias_counts;

typedef struct kith_bias_input {
    const kith_people *people;
    const kith_groups *groups;
    const kith_flag_tables *flags;
    const kith_moved *moved;
} kith_bias_input;

KITH_NODISCARD kith_status kith_bias_count(kith_bias_counts *out,
                                           const kith_bias_input *input,
                                           kith_job *job, kith_error *err);
void kith_bias_counts_done(kith_bias_counts *counts);

/** A row of a cohort's table, by its number in the flags. */
static inline const uint64_t *
kith_bias_row(const kith_bias_counts *c, uint32_t table, uint32_t row)
{
    return c->all + ((size_t)(table + 1) * KITH_BIAS_ROWS + row) * c->n_groups;
}

/** A row of everybody. */
static inline const uint64_t *
kith_bias_row_of_all(const kith_bias_counts *c, uint32_t row)
{
    return c->all + (size_t)row * c->n_groups;
}

#endif
