/**
 * @file moves.h
 * @brief Which flags would be others if records were linked less readily.
 *
 * Output   moves.csv  cohort,unit,id,stricter_by,before,after: flags that are
 *                     others without the events of the records that hang on
 *                     their person by a link within that many bits of the
 *                     weakest in use; status yes, near, unknown, no
 * Method   the events of such records are left out and the cohorts decided
 *          anew, where anything they read has changed. What is not done anew:
 *          such records make no persons, and families stay as they are, so
 *          that flags are lost here rather than found
 * Cost     that of deciding about the units that weak links reach
 */
#ifndef KITH_CRITERIA_MOVES_H
#define KITH_CRITERIA_MOVES_H

#include "criteria/eval.h"

#include <kith/job.h>
#include <kith/status.h>

typedef struct kith_moves_params {
    kith_world *world;   /* as decided */
    kith_events *events; /* of the world; left with what is strong enough */
    const kith_shards *shards;
    kith_eval *evals; /* one a worker */
} kith_moves_params;

typedef struct kith_moves kith_moves;

KITH_NODISCARD kith_status kith_moves_new(kith_moves **out,
                                          const kith_moves_params *params,
                                          kith_error *err);
/** Decides anew about the units of one shard, whose events are held. */
KITH_NODISCARD kith_status kith_moves_shard(kith_moves *m, uint32_t shard,
                                            kith_job *job, kith_error *err);
/** Writes moves.csv, of all shards. */
KITH_NODISCARD kith_status kith_moves_write(kith_moves *m, const char *folder,
                                            kith_job *job, kith_error *err);
void kith_moves_free(kith_moves *m);

#endif
