/**
 * @file emit.h
 * @brief From compared candidates to scored pairs in a store.
 *
 * Threads  one emitter per worker, with a lane of the store to itself. Pairs
 *          are distinct and sorted at the end, so the order of arrival leaves
 *          no trace.
 */
#ifndef KITH_MATCH_EMIT_H
#define KITH_MATCH_EMIT_H

#include "match/score.h"
#include "match/store.h"
#include "pass/group.h"

typedef struct kith_emitter {
    const kith_scores *scores;
    kith_pair_lane *lane;
    uint64_t emitted;
    uint64_t missed; /* expected matches below the floor, in units */
} kith_emitter;

/** A kith_candidates_fn whose context is a kith_emitter. */
kith_status kith_emit(void *emitter, const kith_group *group, uint32_t d,
                      uint32_t from, uint32_t n, const uint32_t *patterns,
                      kith_error *err) KITH_NODISCARD;

#endif
