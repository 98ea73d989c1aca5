/**
 * @file further.h
 * @brief Keys of further passes, by the missed pairs that they would find.
 *
 * The keys tried are made of two or three parts that the present passes use,
 * of different fields: only of those is known how often they fail. What a
 * key would add is the estimate of missed.h for the pairs that no pass
 * covers and whose parts agree, in pairs whose records are known to hold the
 * fields. What it would cost is the width of its blocks, guessed from the
 * number of people and how often parts agree by chance in Britain; keys
 * wider than the spec allows (max_block_mean; a single site: 100) are not
 * suggested. encode measures the true width.
 */
#ifndef KITH_EVALUATE_FURTHER_H
#define KITH_EVALUATE_FURTHER_H

#include "evaluate/missed.h"
#include "io/out.h"

/** What a suggestion rests on. */
typedef struct kith_further {
    const kith_missed *missed; /**< fitted */
    const kith_spec *spec;
    uint64_t n_linked;  /**< linked pairs */
    uint64_t n_persons; /**< people behind the records */
} kith_further;

/**
 * Writes "suggest_pass,<part>+<part>[+<part>],<pairs>" lines, most pairs
 * first, at most 5, each with a "suggest_people_a_block" line; then
 * "all,best_further_pass,<share of the linked pairs>". Keys that add fewer
 * than one in a thousand of the linked pairs are left out.
 */
KITH_NODISCARD kith_status kith_further_write(kith_out *out,
                                              const kith_further *from,
                                              kith_error *err);

#endif
