/**
 * @file clerical.h
 * @brief The parts of kith_clerical: how a sample is spread, and the scores
 *        by threshold.
 */
#ifndef KITH_EVALUATE_CLERICAL_H
#define KITH_EVALUATE_CLERICAL_H

#include "cluster/edges.h"
#include "cluster/refs.h"

#include <kith/clerical.h>

/** Strata of one bit, half of them below the threshold. */
enum { KITH_STRATA = 16 };

/** Spreads @p n over strata of @p pairs each: as evenly as they allow, what
 *  is left over nearest to the threshold. */
void kith_strata_share(uint64_t share[KITH_STRATA],
                       const uint64_t pairs[KITH_STRATA], uint64_t n);

/** Writes scores.csv. */
KITH_NODISCARD kith_status kith_threshold_scores_write(
    const kith_clerical_params *params, const kith_edges *edges,
    const kith_refs *refs, kith_job *job, kith_error *err);

#endif
