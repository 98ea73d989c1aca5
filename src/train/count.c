#include "train/count.h"

#include "base/alloc.h"
#include "base/job.h"
#include "pass/giant.h"

/* Ranges between two looks at the sample's size: a fixed number, so that the
 * sample does not depend on the threads. */
enum { WAVE = 8 };

typedef struct counter {
    kith_pass_reader *reader;
    kith_candidates candidates;
    kith_pass_counts seen;
    uint64_t *counts;
} counter;

typedef struct counting {
    counter *workers;
    uint32_t first; /* range of the wave's first chunk */
} counting;

static kith_status
add_patterns(void *ctx, const kith_group *group, uint32_t d, uint32_t from,
             uint32_t n, const uint32_t *patterns, kith_error *err)
{
    (void)err;
    uint64_t *counts = ctx;
    for (uint32_t i = 0; i < n; i++)
        counts[patterns[i]] += kith_group_pairs(group, d, from + i);
    return KITH_OK;
}

static kith_status
count_range(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    counting *all = ctx;
    counter *w = &all->workers[worker];
    return kith_pass_read(w->reader, all->first + (uint32_t)chunk,
                          kith_candidates_visit, &w->candidates, &w->seen, err);
}

static kith_status
start_workers(counter *workers, unsigned n, const kith_pass *pass,
              const kith_kernel *kernel, const kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    for (unsigned i = 0; i < n; i++) {
        counter *w = &workers[i];
        KITH_TRY(KITH_ALLOC(&w->counts, pass->layout.n_patterns, err));
        KITH_TRY(kith_pass_reader_new(&w->reader, pass, err));
        kith_pass_reader_limit(w->reader,
                               kith_giant_rows(pass, kith_job_memory(job), n));
        KITH_TRY(kith_candidates_init(&w->candidates, &pass->layout, kernel,
                                      add_patterns, w->counts, err));
    }
done:
    return status;
}

static void
end_workers(counter *workers, unsigned n)
{
    for (unsigned i = 0; workers != NULL && i < n; i++) {
        kith_candidates_done(&workers[i].candidates);
        kith_pass_reader_free(workers[i].reader);
        kith_free(workers[i].counts);
    }
    kith_free(workers);
}

/* One wave of ranges, and the blocks in them too large for one worker. */
static kith_status
count_wave(counting *all, const kith_giant_worker *giants, uint32_t n_ranges,
           const kith_pass *pass, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_pool *pool = kith_job_pool(job);
    KITH_TRY(kith_for(pool, n_ranges, count_range, all, err));
    KITH_TRY(kith_giants_visit(pass, giants, pool, kith_job_memory(job), err));
done:
    return status;
}

/* Runs waves until the sample is large enough. */
static kith_status
count_waves(counting *all, unsigned n_workers, const kith_pass *pass,
            uint64_t max_pairs, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    uint64_t rows = 0, pairs = 0;
    kith_giant_worker *giants = NULL;
    KITH_TRY(KITH_ALLOC(&giants, n_workers, err));
    for (unsigned i = 0; i < n_workers; i++)
        giants[i] = (kith_giant_worker){all->workers[i].reader,
                                        &all->workers[i].candidates};
    for (all->first = 0; all->first < pass->n_ranges; all->first += WAVE) {
        const uint32_t left = pass->n_ranges - all->first;
        KITH_TRY(
            count_wave(all, giants, left < WAVE ? left : WAVE, pass, job, err));
        uint64_t now = 0;
        pairs = 0;
        for (unsigned i = 0; i < n_workers; i++) {
            pairs += all->workers[i].candidates.compared;
            now += all->workers[i].seen.rows;
        }
        kith_job_advance(job, now - rows);
        rows = now;
        if (max_pairs != 0 && pairs >= max_pairs)
            break;
    }
done:
    kith_free(giants);
    return status;
}

static void
add_up(uint64_t *counts, const kith_pass *pass, const counter *workers,
       unsigned n_workers, kith_job *job)
{
    for (unsigned i = 0; i < n_workers; i++) {
        const counter *w = &workers[i];
        for (uint32_t p = 0; p < pass->layout.n_patterns; p++)
            counts[p] += w->counts[p];
        kith_job_count(job, pass->name, "rows_sampled", w->seen.rows);
        kith_job_count(job, pass->name, "pairs_sampled", w->candidates.pairs);
        kith_job_count(job, pass->name, "oversized_blocks",
                       w->candidates.oversized);
    }
}

kith_status
kith_count_patterns(uint64_t *counts, const kith_pass *pass, uint64_t max_pairs,
                    kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    const unsigned n = kith_job_threads(job);
    kith_kernel kernel;
    counting all = {0};
    KITH_TRY(kith_kernel_choose(&kernel, kith_job_isa(job), err));
    KITH_TRY(KITH_ALLOC(&all.workers, n, err));
    KITH_TRY(start_workers(all.workers, n, pass, &kernel, job, err));
    KITH_TRY(count_waves(&all, n, pass, max_pairs, job, err));
    add_up(counts, pass, all.workers, n, job);
done:
    end_workers(all.workers, n);
    return status;
}
