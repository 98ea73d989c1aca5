/**
 * @file true_units.h
 * @brief Which true person, household or family a found one stands for.
 *
 * A found person stands for the true person of most of its records; a found
 * household or family for the true one of most of its members, each worth
 * one vote. The first wins a tie. Parents who live elsewhere have no vote.
 */
#ifndef KITH_EVALUATE_TRUE_UNITS_H
#define KITH_EVALUATE_TRUE_UNITS_H

#include "evaluate/truth.h"

typedef enum kith_unit_kind {
    KITH_UNIT_OF_PERSON,
    KITH_UNIT_OF_HOUSEHOLD,
    KITH_UNIT_OF_FAMILY,
    KITH_UNIT_KINDS
} kith_unit_kind;

/** "person", "household" or "family"; KITH_UNIT_KINDS for anything else. */
kith_unit_kind kith_unit_kind_of(kith_str name);

/** Zero-initialise; _done frees. */
typedef struct kith_true_units {
    const kith_truth *truth;
    uint32_t *persons; /* by found person; KITH_NO_PERSON: no truth */
    kith_dict found[KITH_UNIT_KINDS]; /* ids of households, of families */
    uint32_t *of[KITH_UNIT_KINDS];    /* by those: index in the truth's */
} kith_true_units;

/**
 * @param households households.csv, NULL when there is none
 * @param families families.csv, NULL when there is none
 */
KITH_NODISCARD kith_status kith_true_units_load(kith_true_units *out,
                                                const kith_truth *truth,
                                                const char *households,
                                                const char *families,
                                                kith_job *job, kith_error *err);
void kith_true_units_done(kith_true_units *u);

/** The true unit with the truth's own id; KITH_DICT_NONE: has no record. */
uint32_t kith_true_unit_find(const kith_true_units *u, kith_unit_kind kind,
                             kith_str id);
/**
 * The true unit of a found one.
 * @param[out] unit KITH_DICT_NONE: the truth does not hold it
 * @retval false @p id is not an id
 */
bool kith_true_unit_of(const kith_true_units *u, kith_unit_kind kind,
                       kith_str id, uint32_t *unit);

#endif
