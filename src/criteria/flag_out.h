/**
 * @file flag_out.h
 * @brief Writes flags.csv, evidence.csv and changes.csv.
 *
 * Order    cohorts as read, units as in persons.csv and families.csv
 * Threads  chunks of units are written into buffers in parallel, the buffers
 *          to the files in order
 * Memory   the chunks; with more than one shard what each writes is put aside
 *          on disk until the last is done, so that files do not tell how many
 *          there were
 */
#ifndef KITH_CRITERIA_FLAG_OUT_H
#define KITH_CRITERIA_FLAG_OUT_H

#include "criteria/eval.h"

#include <kith/job.h>
#include <kith/status.h>

typedef struct kith_flag_writing {
    const kith_world *world;
    const kith_shards *shards;
    uint8_t *const *tiers; /* of each cohort, a byte a unit */
    kith_eval *evals;      /* one a worker */
    const char *out;
    const char *results;  /* folder of persons, families, households */
    const char *previous; /* results of the last run, or NULL */
} kith_flag_writing;

typedef struct kith_flag_out kith_flag_out;

/** Writes cohorts.csv and opens the files. */
KITH_NODISCARD kith_status kith_flag_out_open(kith_flag_out **out,
                                              const kith_flag_writing *writing,
                                              kith_job *job, kith_error *err);
/** The units of one shard, whose events the world holds. */
KITH_NODISCARD kith_status kith_flag_out_shard(kith_flag_out *w, uint32_t shard,
                                               kith_job *job, kith_error *err);
KITH_NODISCARD kith_status kith_flag_out_finish(kith_flag_out *w, kith_job *job,
                                                kith_error *err);
/** What was not finished is not there. */
void kith_flag_out_free(kith_flag_out *w);

#endif
