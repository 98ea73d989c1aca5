/**
 * @file job.h
 * @brief What stages see of a job beyond the public header.
 */
#ifndef KITH_BASE_JOB_H
#define KITH_BASE_JOB_H

#include "base/pool.h"

#include <kith/job.h>

/** Borrowed. */
kith_pool *kith_job_pool(const kith_job *job);

/** Wall clock, monotonic, nanoseconds. */
uint64_t kith_now_ns(void);
/** Peak resident memory of the process so far, bytes. */
uint64_t kith_peak_bytes(void);

/* The records behind the manifest, for io/manifest.c. */

/** False when a record was lost for lack of memory. */
bool kith_job_is_whole(const kith_job *job);

typedef struct kith_job_file {
    char *path;
    char sha256[65];
    uint64_t n_bytes;
} kith_job_file;

typedef struct kith_job_pair {
    char *name;
    char *value;
} kith_job_pair;

/** Files in the order recorded, sorted by path. */
const kith_job_file *kith_job_inputs(kith_job *job, size_t *n);
const kith_job_file *kith_job_outputs(kith_job *job, size_t *n);
const kith_job_pair *kith_job_facts(const kith_job *job, size_t *n);
/** NUL-terminated texts. */
char *const *kith_job_warnings(const kith_job *job, size_t *n);

#endif
