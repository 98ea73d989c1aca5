#include "base/alloc.h"
#include "base/job.h"
#include "io/out.h"
#include "match/emit.h"
#include "match/header.h"
#include "pass/giant.h"
#include "pass/pass.h"

#include <kith/match.h>

#include <math.h>

typedef struct matcher {
    kith_pass_reader *reader;
    kith_candidates candidates;
    kith_emitter emitter;
    kith_pass_counts seen;
} matcher;

/* One pass being matched. */
typedef struct matching {
    const kith_match_params *params;
    kith_pass *pass;
    kith_scores scores;
    kith_pair_store store;
    kith_kernel kernel;
    matcher *workers;
    unsigned n_workers;
    uint32_t first, end; /* ranges of this shard */
    /* Of the pass before: while the next is compared, the disk takes it. */
    kith_rows_out *written;
    kith_job *job;
} matching;

/*
 * Between sites: lower than six bits under evens the emitted pairs would draw
 * names together, 3 % of them at eight bits, none at six (encoding notes). One
 * site has the names anyway, and there four bits more tell the clusterer what
 * speaks against a union: on fake_1000 F1 rose by .004 to .020 with each of
 * five keys, at the same recall.
 */
static double
floor_of(const kith_match_params *p)
{
    if (!isnan(p->floor_bits))
        return p->floor_bits;
    return p->spec->single_site ? -10 : -6;
}

kith_match_params
kith_match_params_default(void)
{
    return (kith_match_params){.n_shards = 1, .floor_bits = (double)NAN};
}

static kith_status
match_range(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    kith_status status = KITH_OK;
    matching *m = ctx;
    matcher *w = &m->workers[worker];
    const uint64_t before = w->seen.rows;
    KITH_TRY(kith_pass_read(w->reader, m->first + (uint32_t)chunk,
                            kith_candidates_visit, &w->candidates, &w->seen,
                            err));
    kith_job_advance(m->job, w->seen.rows - before);
done:
    return status;
}

/* A quarter of the budget; pairs have half. */
static uint64_t
giant_bytes(const kith_job *job)
{
    return kith_job_memory(job) / 4;
}

/* Key ranges first; then the blocks too large for one worker. */
static kith_status
match_blocks(matching *m, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_giant_worker *workers = NULL;
    kith_pool *pool = kith_job_pool(m->job);
    KITH_TRY(KITH_ALLOC(&workers, m->n_workers, err));
    for (unsigned i = 0; i < m->n_workers; i++)
        workers[i] = (kith_giant_worker){m->workers[i].reader,
                                         &m->workers[i].candidates};
    KITH_TRY(kith_for(pool, m->end - m->first, match_range, m, err));
    KITH_TRY(
        kith_giants_visit(m->pass, workers, pool, giant_bytes(m->job), err));
done:
    kith_free(workers);
    return status;
}

static kith_status
begin(matching *m, unsigned index, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_match_params *p = m->params;
    const char *name = p->spec->passes[index].name;
    const kith_pass_model *model = kith_model_pass(p->model, name);
    if (model == NULL)
        return kith_error_set(err, KITH_ERR_MISMATCH,
                              "the model has no pass \"%s\"", name);
    KITH_TRY(kith_pass_open(&m->pass, p->spec, index, p->passes, err));
    KITH_TRY(kith_scores_init(&m->scores, model, &m->pass->layout, floor_of(p),
                              err));
    const uint64_t n_ranges = m->pass->n_ranges;
    m->first = (uint32_t)(n_ranges * p->shard / p->n_shards);
    m->end = (uint32_t)(n_ranges * (p->shard + 1) / p->n_shards);
    /* A row makes between one and two pairs. */
    KITH_TRY(kith_pair_store_begin(
        &m->store, m->pass->n_rows * (m->end - m->first) / n_ranges * 2, err));
    KITH_TRY(KITH_ALLOC(&m->workers, m->n_workers, err));
    for (unsigned i = 0; i < m->n_workers; i++) {
        matcher *w = &m->workers[i];
        KITH_TRY(kith_pass_reader_new(&w->reader, m->pass, err));
        kith_pass_reader_limit(
            w->reader,
            kith_giant_rows(m->pass, giant_bytes(m->job), m->n_workers));
        w->emitter =
            (kith_emitter){.scores = &m->scores, .lane = &m->store.lanes[i]};
        KITH_TRY(kith_candidates_init(&w->candidates, &m->pass->layout,
                                      &m->kernel, kith_emit, &w->emitter, err));
        w->candidates.prune = &m->scores.prune;
    }
done:
    return status;
}

static void
end(matching *m)
{
    for (unsigned i = 0; m->workers != NULL && i < m->n_workers; i++) {
        kith_candidates_done(&m->workers[i].candidates);
        kith_pass_reader_free(m->workers[i].reader);
    }
    kith_free(m->workers);
    kith_scores_done(&m->scores);
    kith_pass_close(m->pass);
    m->workers = NULL;
    m->pass = NULL;
}

static void
count(const matching *m)
{
    kith_job *job = m->job;
    const char *name = m->pass->name;
    uint64_t largest = 0, oversized = 0;
    for (unsigned i = 0; i < m->n_workers; i++) {
        const matcher *w = &m->workers[i];
        const kith_candidates *c = &w->candidates;
        kith_job_count(job, name, "rows", w->seen.rows);
        kith_job_count(job, name, "blocks", w->seen.blocks);
        kith_job_count(job, name, "pairs", c->pairs);
        kith_job_count(job, name, "pairs_compared", c->compared);
        kith_job_count(job, name, "pairs_emitted", w->emitter.emitted);
        kith_job_count(job, name, "oversized_blocks", c->oversized);
        kith_job_count(job, name, "oversized_rows", c->oversized_rows);
        oversized += c->oversized;
        if (w->seen.largest_block > largest)
            largest = w->seen.largest_block;
    }
    kith_job_count(job, name, "largest_block", largest);
    if (oversized > 0)
        kith_job_warn(job,
                      "pass %s: %llu blocks were left uncompared, of more than "
                      "%d distinct rows or more rows than a quarter of "
                      "--memory holds: is a placeholder used as a value?",
                      name, (unsigned long long)oversized,
                      (int)KITH_MAX_DISTINCT);
}

static kith_status
pairs_path(char **out, const kith_match_params *p, const char *pass,
           kith_error *err)
{
    kith_status status = KITH_OK;
    kith_buffer name = {0};
    if (p->n_shards > 1)
        KITH_TRY(kith_buffer_printf(&name, err, "%s.%uof%u.pairs", pass,
                                    p->shard + 1, p->n_shards));
    else
        KITH_TRY(kith_buffer_printf(&name, err, "%s.pairs", pass));
    KITH_TRY(kith_path_join(out, p->out, name.data, err));
done:
    kith_buffer_done(&name);
    return status;
}

static kith_status
commit_written(matching *m, kith_error *err)
{
    kith_rows_out *written = m->written;
    m->written = NULL;
    return written == NULL ? KITH_OK : kith_rows_commit(written, m->job, err);
}

static kith_status
write_pairs(matching *m, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_rows_out *out = NULL;
    kith_meta meta = {0};
    char *path = NULL;
    uint64_t missed = 0;
    for (unsigned i = 0; i < m->n_workers; i++)
        missed += m->workers[i].emitter.missed;
    KITH_TRY(pairs_path(&path, m->params, m->pass->name, err));
    const kith_pairs_origin origin = {.pass = m->pass,
                                      .scores = &m->scores,
                                      .shard = m->params->shard,
                                      .n_shards = m->params->n_shards,
                                      .floor_bits = floor_of(m->params),
                                      .missed = missed};
    KITH_TRY(kith_pairs_header(&meta, &origin, err));
    KITH_TRY(kith_rows_create(&out, path, "pairs", sizeof(kith_pair_row), &meta,
                              err));
    KITH_TRY(kith_pair_store_write(&m->store, kith_job_pool(m->job), out, err));
    m->written = out;
    out = NULL;
done:
    kith_rows_abort(out);
    kith_meta_done(&meta);
    kith_free(path);
    return status;
}

static kith_status
match_pass(matching *m, unsigned index, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(begin(m, index, err));
    kith_job_stage(m->job, "match", m->pass->name,
                   m->pass->n_rows * (m->end - m->first) / m->pass->n_ranges,
                   "rows");
    status = match_blocks(m, err);
    if (status == KITH_OK)
        status = commit_written(m, err);
    if (status == KITH_OK)
        status = write_pairs(m, err);
    if (status == KITH_OK)
        count(m);
    kith_job_stage_end(m->job);
done:
    end(m);
    return status;
}

/* Every header of every pass before the first comparison: when one is wrong,
 * nothing has been written. */
static kith_status
check_passes(const kith_match_params *p, kith_error *err)
{
    kith_status status = KITH_OK;
    for (unsigned index = 0; index < p->spec->n_passes; index++) {
        kith_pass *pass = NULL;
        KITH_TRY(kith_pass_open(&pass, p->spec, index, p->passes, err));
        kith_pass_close(pass);
    }
done:
    return status;
}

kith_status
kith_match(const kith_match_params *params, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    matching m = {
        .params = params, .job = job, .n_workers = kith_job_threads(job)};
    if (params->n_shards == 0 || params->shard >= params->n_shards)
        return kith_error_set(
            err, KITH_ERR_USAGE, "shard %u of %u: want one of 1 to %u",
            params->shard + 1, params->n_shards, params->n_shards);
    KITH_TRY(kith_kernel_choose(&m.kernel, kith_job_isa(job), err));
    KITH_TRY(check_passes(params, err));
    KITH_TRY(kith_make_folder(params->out, err));
    /* Half the budget: the readers need some, and what follows a stage in
     * one process has its own. */
    KITH_TRY(kith_pair_store_init(&m.store, m.n_workers,
                                  kith_job_memory(job) / 2, params->out, err));
    for (unsigned p = 0; p < params->spec->n_passes; p++)
        KITH_TRY(match_pass(&m, p, err));
    KITH_TRY(commit_written(&m, err));
done:
    kith_rows_abort(m.written);
    kith_pair_store_done(&m.store);
    return status;
}
