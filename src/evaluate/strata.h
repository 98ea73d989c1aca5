/**
 * @file strata.h
 * @brief How well the linkage does by group of people: sex, year of birth,
 *        district, community.
 *
 * A record is scored by its true person's groups. Pair recall counts the true
 * pairs of the group's people; B-cubed precision and recall are means over
 * its records (Bagga & Baldwin 1998), so that a wrong merge counts against
 * everyone in it.
 */
#ifndef KITH_EVALUATE_STRATA_H
#define KITH_EVALUATE_STRATA_H

#include "evaluate/truth.h"

#include <kith/job.h>
#include <kith/status.h>

typedef struct kith_stratum {
    uint64_t n_records;
    uint64_t n_true, n_both;  /* pairs, counted from both their ends */
    double precision, recall; /* B-cubed sums, then means */
} kith_stratum;

/** Zero-initialise; _done frees. */
typedef struct kith_strata {
    kith_dict names; /* "sex=F" */
    kith_stratum *items;
    uint32_t *order; /* indexes by name */
} kith_strata;

/** @param path the truth's persons.csv */
KITH_NODISCARD kith_status kith_strata_score(kith_strata *out,
                                             const kith_truth *truth,
                                             const char *path, kith_job *job,
                                             kith_error *err);
void kith_strata_done(kith_strata *s);

#endif
