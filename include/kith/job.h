/**
 * @file job.h
 * @brief The context of one command: threads, memory budget, progress, and
 *        everything that the run manifest will say.
 *
 * A job is passed to every stage; it is the only shared state, and it is
 * explicit. Stages count what they do and what they drop through it, so that
 * nothing is dropped silently.
 *
 * Threads  counting, warning and progress are safe from any worker; stage
 *          begin and end are called by the thread that runs the stage.
 * Units    memory in bytes, times in nanoseconds.
 */
#ifndef KITH_JOB_H
#define KITH_JOB_H

#include <kith/status.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct kith_job kith_job;

/** Instruction set of the comparison kernels. */
typedef enum kith_isa {
    KITH_ISA_AUTO = 0,
    KITH_ISA_SCALAR,
    KITH_ISA_POPCNT,
    KITH_ISA_AVX2,
    KITH_ISA_AVX512,
    KITH_ISA_NEON
} kith_isa;

typedef struct kith_job_params {
    unsigned n_threads;    /**< 0: one per core */
    uint64_t memory_bytes; /**< budget of the buffers; 0: 2 GiB */
    kith_isa isa;
    bool quiet;   /**< no progress, no warnings on stderr */
    bool verbose; /**< more progress lines; never values */
} kith_job_params;

kith_job_params kith_job_params_default(void);

/** Starts the threads. @param[out] out owned by the caller. */
KITH_NODISCARD kith_status kith_job_new(kith_job **out,
                                        const kith_job_params *params,
                                        kith_error *err);
void kith_job_free(kith_job *job);

unsigned kith_job_threads(const kith_job *job);
uint64_t kith_job_memory(const kith_job *job);
kith_isa kith_job_isa(const kith_job *job);
bool kith_job_quiet(const kith_job *job);

/**
 * A stage begins: @p total units ("rows", "pairs", "bytes") are expected, 0
 * when unknown. Stages do not nest.
 */
void kith_job_stage(kith_job *job, const char *stage, const char *detail,
                    uint64_t total, const char *unit);
/** @p n more units are done. Cheap; call once a batch. */
void kith_job_advance(kith_job *job, uint64_t n);
/** The stage ends: its time and the peak memory so far are recorded. */
void kith_job_stage_end(kith_job *job);

/**
 * Adds @p n to a counter of the current stage.
 * @param scope  agency, pass or file the count is about; "" for the stage
 * @param reason snake_case: "rows_read", "reject_bad_date", "null_dob" ...
 */
void kith_job_count(kith_job *job, const char *scope, const char *reason,
                    uint64_t n);

/** A counter's value over all stages; 0 when never counted. */
uint64_t kith_job_counted(const kith_job *job, const char *stage,
                          const char *scope, const char *reason);

/** Records an input or output file with its SHA-256 (hex) and size. */
void kith_job_input(kith_job *job, const char *path, const char *sha256_hex,
                    uint64_t n_bytes);
void kith_job_output(kith_job *job, const char *path, const char *sha256_hex,
                     uint64_t n_bytes);

/** Reads a small file (a config) and records it as an input. */
KITH_NODISCARD kith_status kith_job_input_file(kith_job *job, const char *path,
                                               kith_error *err);

/** Records a fact of the run ("key_check", "reference_date"). */
void kith_job_fact(kith_job *job, const char *name, const char *value);

/** A warning: to stderr unless quiet, and into the manifest. */
void kith_job_warn(kith_job *job, const char *format, ...) KITH_PRINTF(2, 3);

/**
 * Visits the counters in (stage order, scope, reason) order.
 */
typedef void (*kith_job_count_fn)(void *ctx, const char *stage,
                                  const char *scope, const char *reason,
                                  uint64_t n);
void kith_job_each_count(const kith_job *job, kith_job_count_fn fn, void *ctx);

/** Visits finished stages: seconds of wall time, peak resident bytes. */
typedef void (*kith_job_stage_fn)(void *ctx, const char *stage,
                                  const char *detail, double seconds,
                                  uint64_t peak_bytes);
void kith_job_each_stage(const kith_job *job, kith_job_stage_fn fn, void *ctx);

/** Whether the peaks are each stage's own; else of the run so far. */
bool kith_job_peaks_by_stage(const kith_job *job);

/**
 * Writes manifest.json: version, flags, facts, inputs, counts, stage times,
 * outputs. Paths are written relative to the manifest's folder when inside.
 */
KITH_NODISCARD kith_status kith_job_manifest(kith_job *job, const char *path,
                                             kith_error *err);

#endif
