#include "base/job.h"

#include "base/alloc.h"
#include "base/progress.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

typedef struct stage_record {
    char *stage;
    char *detail;
    double seconds;
    uint64_t peak_bytes;
} stage_record;

typedef struct count_record {
    char *stage;
    char *scope;
    char *reason;
    uint64_t n;
    size_t order; /* of the stage's first appearance */
} count_record;

struct kith_job {
    kith_job_params params;
    kith_pool *pool;
    kith_progress progress;
    int peak_fd;          /* /proc/self/clear_refs, or -1 */
    bool peaks_are_reset; /* so far, at the begin of every stage */

    pthread_mutex_t mutex; /* guards all below */
    bool out_of_memory;    /* a record was lost; the manifest refuses */
    char stage[64];
    char detail[64];
    uint64_t stage_begin_ns;
    stage_record *stages;
    size_t n_stages, stages_cap;
    count_record *counts;
    size_t n_counts, counts_cap;
    kith_job_file *inputs, *outputs;
    size_t n_inputs, inputs_cap, n_outputs, outputs_cap;
    kith_job_pair *facts;
    size_t n_facts, facts_cap;
    char **warnings;
    size_t n_warnings, warnings_cap;
};

uint64_t
kith_now_ns(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t
kith_peak_bytes(void)
{
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) != 0)
        return 0;
    return (uint64_t)usage.ru_maxrss * 1024u;
}

kith_job_params
kith_job_params_default(void)
{
    return (kith_job_params){.memory_bytes = (uint64_t)2 << 30};
}

kith_status
kith_job_new(kith_job **out, const kith_job_params *params, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_job *job = NULL;
    *out = NULL;
    KITH_TRY(KITH_ALLOC(&job, 1, err));
    pthread_mutex_init(&job->mutex, NULL);
    /* Opened before any key is held: after that the process is not dumpable
     * and only root may open it. */
    job->peak_fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
    job->peaks_are_reset = job->peak_fd >= 0;
    job->params = *params;
    job->progress.quiet = true; /* until a stage begins */
    if (job->params.memory_bytes == 0)
        job->params.memory_bytes = kith_job_params_default().memory_bytes;
    if (job->params.n_threads == 0) {
        const long n = sysconf(_SC_NPROCESSORS_ONLN);
        job->params.n_threads = n < 1 ? 1u : (unsigned)n;
    }
    KITH_TRY(kith_pool_new(&job->pool, job->params.n_threads, err));
    *out = job;
    job = NULL;
done:
    kith_job_free(job);
    return status;
}

static void
free_files(kith_job_file *files, size_t n)
{
    for (size_t i = 0; i < n; i++)
        kith_free(files[i].path);
    kith_free(files);
}

void
kith_job_free(kith_job *job)
{
    if (job == NULL)
        return;
    kith_pool_free(job->pool);
    if (job->peak_fd >= 0)
        (void)close(job->peak_fd);
    for (size_t i = 0; i < job->n_stages; i++) {
        kith_free(job->stages[i].stage);
        kith_free(job->stages[i].detail);
    }
    kith_free(job->stages);
    for (size_t i = 0; i < job->n_counts; i++) {
        kith_free(job->counts[i].stage);
        kith_free(job->counts[i].scope);
        kith_free(job->counts[i].reason);
    }
    kith_free(job->counts);
    free_files(job->inputs, job->n_inputs);
    free_files(job->outputs, job->n_outputs);
    for (size_t i = 0; i < job->n_facts; i++) {
        kith_free(job->facts[i].name);
        kith_free(job->facts[i].value);
    }
    kith_free(job->facts);
    for (size_t i = 0; i < job->n_warnings; i++)
        kith_free(job->warnings[i]);
    kith_free(job->warnings);
    pthread_mutex_destroy(&job->mutex);
    kith_free(job);
}

unsigned
kith_job_threads(const kith_job *job)
{
    return kith_pool_size(job->pool);
}

uint64_t
kith_job_memory(const kith_job *job)
{
    return job->params.memory_bytes;
}

kith_isa
kith_job_isa(const kith_job *job)
{
    return job->params.isa;
}

bool
kith_job_quiet(const kith_job *job)
{
    return job->params.quiet;
}

kith_pool *
kith_job_pool(const kith_job *job)
{
    return job->pool;
}

/* 5: the kernel's peak resident size starts again from now (proc(5)). */
static void
reset_peak(kith_job *job)
{
    if (job->peaks_are_reset)
        job->peaks_are_reset = write(job->peak_fd, "5", 1) == 1;
}

bool
kith_job_peaks_by_stage(const kith_job *job)
{
    return job->peaks_are_reset;
}

void
kith_job_stage(kith_job *job, const char *stage, const char *detail,
               uint64_t total, const char *unit)
{
    char label[96];
    (void)snprintf(label, sizeof label, "%s%s%s", stage,
                   detail[0] == '\0' ? "" : " ", detail);
    pthread_mutex_lock(&job->mutex);
    (void)snprintf(job->stage, sizeof job->stage, "%s", stage);
    (void)snprintf(job->detail, sizeof job->detail, "%s", detail);
    job->stage_begin_ns = kith_now_ns();
    reset_peak(job);
    pthread_mutex_unlock(&job->mutex);
    kith_progress_begin(&job->progress, label, total, unit, job->params.quiet);
    if (job->params.verbose && !job->params.quiet)
        (void)fprintf(stderr, "%s: begins\n", label);
}

void
kith_job_advance(kith_job *job, uint64_t n)
{
    kith_progress_add(&job->progress, n);
}

void
kith_job_stage_end(kith_job *job)
{
    kith_progress_end(&job->progress);
    pthread_mutex_lock(&job->mutex);
    kith_error ignored = KITH_ERROR_INIT;
    if (KITH_GROW(&job->stages, &job->stages_cap, job->n_stages + 1,
                  &ignored) == KITH_OK) {
        stage_record *r = &job->stages[job->n_stages];
        r->stage = kith_strdup(job->stage);
        r->detail = kith_strdup(job->detail);
        r->seconds = (double)(kith_now_ns() - job->stage_begin_ns) * 1e-9;
        r->peak_bytes = kith_peak_bytes();
        job->n_stages++;
        job->out_of_memory |= r->stage == NULL || r->detail == NULL;
    } else {
        job->out_of_memory = true;
    }
    pthread_mutex_unlock(&job->mutex);
}

/* Under the mutex. */
static count_record *
find_count(const kith_job *job, const char *stage, const char *scope,
           const char *reason)
{
    for (size_t i = 0; i < job->n_counts; i++) {
        count_record *c = &job->counts[i];
        if (strcmp(c->reason, reason) == 0 && strcmp(c->scope, scope) == 0 &&
            strcmp(c->stage, stage) == 0)
            return c;
    }
    return NULL;
}

/* Under the mutex. */
static size_t
stage_order(const kith_job *job, const char *stage)
{
    size_t next = 0;
    for (size_t i = 0; i < job->n_counts; i++) {
        if (strcmp(job->counts[i].stage, stage) == 0)
            return job->counts[i].order;
        if (job->counts[i].order >= next)
            next = job->counts[i].order + 1;
    }
    return next;
}

void
kith_job_count(kith_job *job, const char *scope, const char *reason, uint64_t n)
{
    pthread_mutex_lock(&job->mutex);
    count_record *c = find_count(job, job->stage, scope, reason);
    kith_error ignored = KITH_ERROR_INIT;
    if (c != NULL) {
        c->n += n;
    } else if (KITH_GROW(&job->counts, &job->counts_cap, job->n_counts + 1,
                         &ignored) == KITH_OK) {
        const size_t order = stage_order(job, job->stage);
        c = &job->counts[job->n_counts++];
        *c = (count_record){kith_strdup(job->stage), kith_strdup(scope),
                            kith_strdup(reason), n, order};
        if (c->stage == NULL || c->scope == NULL || c->reason == NULL) {
            kith_free(c->stage);
            kith_free(c->scope);
            kith_free(c->reason);
            job->n_counts--;
            job->out_of_memory = true;
        }
    } else {
        job->out_of_memory = true;
    }
    pthread_mutex_unlock(&job->mutex);
}

uint64_t
kith_job_counted(const kith_job *job, const char *stage, const char *scope,
                 const char *reason)
{
    const count_record *c = find_count(job, stage, scope, reason);
    return c == NULL ? 0 : c->n;
}

static void
add_file(kith_job *job, kith_job_file **files, size_t *n, size_t *cap,
         const kith_job_file *file)
{
    pthread_mutex_lock(&job->mutex);
    kith_error ignored = KITH_ERROR_INIT;
    kith_job_file copy = *file;
    copy.path = kith_strdup(file->path);
    if (copy.path == NULL ||
        KITH_GROW(files, cap, *n + 1, &ignored) != KITH_OK) {
        kith_free(copy.path);
        job->out_of_memory = true;
    } else {
        (*files)[(*n)++] = copy;
    }
    pthread_mutex_unlock(&job->mutex);
}

static kith_job_file
file_record(const char *path, const char *sha256_hex, uint64_t n_bytes)
{
    kith_job_file f = {.n_bytes = n_bytes};
    /* add_file copies the path before it keeps it. */
    memcpy(&f.path, &path, sizeof path);
    (void)snprintf(f.sha256, sizeof f.sha256, "%s", sha256_hex);
    return f;
}

void
kith_job_input(kith_job *job, const char *path, const char *sha256_hex,
               uint64_t n_bytes)
{
    const kith_job_file f = file_record(path, sha256_hex, n_bytes);
    add_file(job, &job->inputs, &job->n_inputs, &job->inputs_cap, &f);
}

void
kith_job_output(kith_job *job, const char *path, const char *sha256_hex,
                uint64_t n_bytes)
{
    const kith_job_file f = file_record(path, sha256_hex, n_bytes);
    add_file(job, &job->outputs, &job->n_outputs, &job->outputs_cap, &f);
}

void
kith_job_fact(kith_job *job, const char *name, const char *value)
{
    pthread_mutex_lock(&job->mutex);
    kith_error ignored = KITH_ERROR_INIT;
    char *copy = kith_strdup(value);
    char *key = kith_strdup(name);
    size_t i = 0;
    while (i < job->n_facts && strcmp(job->facts[i].name, name) != 0)
        i++;
    if (copy == NULL || key == NULL ||
        KITH_GROW(&job->facts, &job->facts_cap, i + 1, &ignored) != KITH_OK) {
        job->out_of_memory = true;
    } else if (i < job->n_facts) {
        kith_free(job->facts[i].value);
        job->facts[i].value = copy;
        copy = NULL;
    } else {
        job->facts[job->n_facts++] = (kith_job_pair){key, copy};
        key = copy = NULL;
    }
    kith_free(key);
    kith_free(copy);
    pthread_mutex_unlock(&job->mutex);
}

void
kith_job_warn(kith_job *job, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    pthread_mutex_lock(&job->mutex);
    kith_error ignored = KITH_ERROR_INIT;
    char *copy = kith_strdup(text);
    if (copy != NULL && KITH_GROW(&job->warnings, &job->warnings_cap,
                                  job->n_warnings + 1, &ignored) == KITH_OK) {
        job->warnings[job->n_warnings++] = copy;
    } else {
        kith_free(copy);
        job->out_of_memory = true;
    }
    pthread_mutex_unlock(&job->mutex);
    if (!job->params.quiet)
        (void)fprintf(stderr, "kith: warning: %s\n", text);
}

static int
compare_counts(const void *a, const void *b)
{
    const count_record *x = a;
    const count_record *y = b;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    const int by_scope = strcmp(x->scope, y->scope);
    return by_scope != 0 ? by_scope : strcmp(x->reason, y->reason);
}

void
kith_job_each_count(const kith_job *job, kith_job_count_fn fn, void *ctx)
{
    if (job->n_counts == 0)
        return;
    qsort(job->counts, job->n_counts, sizeof *job->counts, compare_counts);
    for (size_t i = 0; i < job->n_counts; i++) {
        const count_record *c = &job->counts[i];
        fn(ctx, c->stage, c->scope, c->reason, c->n);
    }
}

void
kith_job_each_stage(const kith_job *job, kith_job_stage_fn fn, void *ctx)
{
    for (size_t i = 0; i < job->n_stages; i++) {
        const stage_record *s = &job->stages[i];
        fn(ctx, s->stage, s->detail, s->seconds, s->peak_bytes);
    }
}

bool
kith_job_is_whole(const kith_job *job)
{
    return !job->out_of_memory;
}

static int
compare_files(const void *a, const void *b)
{
    const kith_job_file *x = a;
    const kith_job_file *y = b;
    return strcmp(x->path, y->path);
}

const kith_job_file *
kith_job_inputs(kith_job *job, size_t *n)
{
    if (job->n_inputs > 1)
        qsort(job->inputs, job->n_inputs, sizeof *job->inputs, compare_files);
    *n = job->n_inputs;
    return job->inputs;
}

const kith_job_file *
kith_job_outputs(kith_job *job, size_t *n)
{
    if (job->n_outputs > 1)
        qsort(job->outputs, job->n_outputs, sizeof *job->outputs,
              compare_files);
    *n = job->n_outputs;
    return job->outputs;
}

const kith_job_pair *
kith_job_facts(const kith_job *job, size_t *n)
{
    *n = job->n_facts;
    return job->facts;
}

char *const *
kith_job_warnings(const kith_job *job, size_t *n)
{
    *n = job->n_warnings;
    return job->warnings;
}
