/**
 * @file blocking.h
 * @brief What each pass finds, what it costs, and what all of them miss.
 *
 * Input    passes and refs bundles of one run (a single site has both),
 *          persons.csv; pairs for suggestions; truth for the real recall
 * Output   blocking.csv: scope,measure,value. scope is a pass, possible_<n>
 *          (pairs that could meet in n passes), "all", "suggest_pass" (key of
 *          a further pass, missed pairs it is expected to find),
 *          "suggest_people_a_block" (its width, a guess) or
 *          "suggest_compared" (comparisons that agree in pairs that hang on
 *          one pass, and that no pass is keyed on together)
 * Method   a linked pair is covered by a pass when the two records share a
 *          block of it. Pairs that one pass alone covers are what it earns.
 *          Pairs that none covers are estimated from how often each part of
 *          the keys agrees where another pass found the pair, by the passes
 *          in which both records have rows (evaluate/missed.h). Pairs with
 *          no such pass allow no estimate; they are counted as
 *          no_estimate_possible.
 */
#ifndef KITH_BLOCKING_H
#define KITH_BLOCKING_H

#include <kith/job.h>
#include <kith/spec.h>
#include <kith/status.h>

typedef struct kith_blocking_params {
    const kith_spec *spec;
    const char *passes;  /**< folder of the passes bundles */
    const char *refs;    /**< folder of the refs bundles */
    const char *persons; /**< persons.csv */
    const char *pairs;   /**< folder of the pairs, or NULL: no suggestions */
    const char *truth;   /**< records.csv, or NULL */
    const char *lookup;  /**< folder of <agency>.lookup.csv; with truth */
    const char *out;     /**< blocking.csv */
} kith_blocking_params;

KITH_NODISCARD kith_status kith_blocking(const kith_blocking_params *params,
                                         kith_job *job, kith_error *err);

#endif
