/**
 * @file start.h
 * @brief Where EM starts: defaults, and what the sources counted.
 *
 * Source   an untrained default that a well-used model publishes: exact
 *          m = .95, the rest share .05
 */
#ifndef KITH_TRAIN_START_H
#define KITH_TRAIN_START_H

#include "pass/pass.h"
#include "train/em.h"

/** Pairs that each source compared at random, by digit and level. */
typedef struct kith_source_counts {
    double n[KITH_MAX_DIGITS][KITH_MAX_LEVELS];
} kith_source_counts;

/** Pools the "stat: <digit>|<level>|<pairs>" lines of the pass's files. */
KITH_NODISCARD kith_status kith_source_counts_read(kith_source_counts *out,
                                                   const kith_pass *pass,
                                                   kith_error *err);

/** Pairs that agree on every name and date and contradict nothing. */
uint64_t kith_count_deterministic(const kith_layout *layout,
                                  const kith_patterns *patterns);
/** The same, or with one slip in one of them. */
uint64_t kith_count_nearly(const kith_layout *layout,
                           const kith_patterns *patterns);

/**
 * Whether relatives meet in this pass and can be told.
 * - The key leaves the second name open, and the birth, or nobody's birth is
 *   compared and a place is: relatives differ from a person whose birth or
 *   second name is wrong in the other, or in all that families do not share.
 * - The key fixes the birth and leaves the second name open: twins, told by
 *   their sex from a person with another forename.
 * - The key fixes both names, and leaves birth and place open: namesakes of
 *   one family share the place, by which they differ from strangers.
 */
bool kith_pass_meets_kin(const kith_spec *spec, unsigned pass,
                         const kith_layout *layout);

/** Whether the digit compares the sex. */
bool kith_digit_is_sex(const kith_spec *spec, const kith_digit *digit);

/** Whether relatives differ in this digit as strangers do: the second name
 *  and the birth, where the key leaves them open. */
bool kith_kin_differ(const kith_digit *digit);

/** Fills names, level probabilities of all classes and the seen counts. */
void kith_start(kith_pass_model *model, const kith_layout *layout,
                const kith_source_counts *counts,
                const kith_patterns *patterns);

#endif
