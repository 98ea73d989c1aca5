/**
 * @file score.h
 * @brief What each agreement pattern weighs and says, as tables.
 *
 * Units    weights in 1/256 bit; below-floor matches in 2^-28 of a match, so
 *          that they add up in integers, in any order
 * Pruned   a pair that no filter can lift to the floor counts among the
 *          missed at the level that its tokens gave it
 */
#ifndef KITH_MATCH_SCORE_H
#define KITH_MATCH_SCORE_H

#include "compare/kernel.h"
#include "train/model.h"

#define KITH_MATCH_UNITS 268435456.0 /* 2^28 */
/** Above any number of units: the pair is written. */
#define KITH_EMITTED UINT32_MAX

typedef struct kith_scores {
    int16_t *weights; /**< by pattern */
    uint32_t *states; /**< by pattern: KITH_STATE_*, 2 bits a digit */
    uint32_t *missed; /**< by pattern: P(match) in units, or KITH_EMITTED */
    int16_t floor;
    kith_prune prune; /**< towards the floor; owned */
} kith_scores;

KITH_NODISCARD kith_status kith_scores_init(kith_scores *out,
                                            const kith_pass_model *model,
                                            const kith_layout *layout,
                                            double floor_bits, kith_error *err);
void kith_scores_done(kith_scores *s);

#endif
