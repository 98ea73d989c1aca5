/**
 * @file capped.h
 * @brief "k of n" when some members may account for so many criteria only.
 *
 * Method   a capped member adds at most n criteria that the others do not
 *          meet already, each criterion counted once: the largest matching of
 *          capped members with criteria (Kuhn's augmenting paths)
 * Source   Surrey's outcomes plan: a non-resident parent may account for one
 *          problem only
 */
#ifndef KITH_CRITERIA_CAPPED_H
#define KITH_CRITERIA_CAPPED_H

#include "criteria/eval.h"

/**
 * A "k of n" node of the cohort's flag, about its current unit.
 * @param[out] out  its truth; untouched when no member is capped
 * @return is a member capped?
 */
bool kith_eval_capped(kith_eval *e, const kith_node *node, kith_truth *out);

#endif
