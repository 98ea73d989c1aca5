/**
 * @file verdict.h
 * @brief One unit's flag in one cohort: yes, near, unknown or no.
 *
 * yes      included, not excluded, and the cohort's condition holds
 * near     not yes, but near for certain: unknown criteria count as not met.
 *          Near-open: a missing extract could make it yes
 * unknown  what is missing could make it yes
 * out      not included, or excluded, or dead: not in the cohort's population
 * Caps     a member with a capped role adds at most n criteria that the
 *          others do not meet already (the Surrey rule)
 */
#ifndef KITH_CRITERIA_VERDICT_H
#define KITH_CRITERIA_VERDICT_H

#include "criteria/eval.h"

#define KITH_NO_TIER UINT8_MAX

typedef struct kith_flagged {
    kith_verdict verdict;
    uint8_t tier; /* number of the tier; KITH_NO_TIER */
} kith_flagged;

/** "yes", "near", "unknown", "no". */
const char *kith_verdict_name(kith_verdict verdict);
/** "" for KITH_NO_TIER. */
const char *kith_tier_name(const kith_cohort *cohort, uint8_t tier);

/** Decides about the evaluator's current unit. */
kith_flagged kith_decide(kith_eval *e);

#endif
