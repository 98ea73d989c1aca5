/**
 * @file emit.h
 * @brief From compared candidates to scored pairs in a sorter.
 *
 * Threads  one emitter per worker; full batches go to the shared sorter
 *          under its mutex. Pairs are distinct and sorted at the end, so the
 *          order of arrival leaves no trace.
 */
#ifndef KITH_MATCH_EMIT_H
#define KITH_MATCH_EMIT_H

#include "io/sorter.h"
#include "match/pairs.h"
#include "match/score.h"
#include "pass/group.h"

#include <pthread.h>

/** What all workers share. */
typedef struct kith_pair_sink {
    kith_sorter *sorter;
    pthread_mutex_t mutex; /* guards the sorter */
} kith_pair_sink;

typedef struct kith_emitter {
    const kith_scores *scores;
    kith_pair_sink *sink;
    kith_pair_row *rows; /* a batch not yet handed over */
    size_t n;
    uint64_t emitted;
    uint64_t missed; /* expected matches below the floor, in units */
} kith_emitter;

KITH_NODISCARD kith_status kith_emitter_init(kith_emitter *e,
                                             const kith_scores *scores,
                                             kith_pair_sink *sink,
                                             kith_error *err);
void kith_emitter_done(kith_emitter *e);

/** A kith_candidates_fn whose context is a kith_emitter. */
kith_status kith_emit(void *emitter, const kith_group *group, uint32_t d,
                      uint32_t from, uint32_t n, const uint32_t *patterns,
                      kith_error *err) KITH_NODISCARD;

/** Hands over the last batch. */
KITH_NODISCARD kith_status kith_emitter_flush(kith_emitter *e, kith_error *err);

#endif
