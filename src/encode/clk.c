#include <kith/clk.h>

#include "base/alloc.h"
#include "base/job.h"
#include "encode/acts.h"
#include "encode/clk_hash.h"
#include "encode/scrub.h"
#include "io/csv.h"
#include "io/out.h"
#include "io/secret.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

enum { SECRET_MAX = 4096, CHUNK_ROWS = 256 };

typedef struct clk_stage {
    const kith_clk_params *params;
    kith_job *job;
    kith_csv *csv;
    kith_csv_batch batch;
    kith_clk_hasher **hashers; /* one a worker */
    uint8_t *clks;             /* rows of the batch x clk_bytes */
    uint32_t *bad;             /* rows of the batch: bad feature, or n */
    size_t clks_cap, bad_cap;
    size_t clk_bytes;
    kith_out *out;
    uint64_t n_written, n_bad;
} clk_stage;

/* The header must name the features, in the schema's order. */
static kith_status
check_header(const clk_stage *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_clk_schema *schema = s->params->schema;
    if (kith_csv_columns(s->csv) != schema->n_features)
        KITH_TRY(kith_error_set(
            err, KITH_ERR_DATA, "%s:1: %zu columns, the schema has %u features",
            s->params->input, kith_csv_columns(s->csv), schema->n_features));
    for (uint32_t i = 0; i < schema->n_features; i++) {
        uint32_t column = 0;
        KITH_TRY(kith_csv_column(s->csv, schema->features[i].identifier,
                                 &column, err));
        if (column != i)
            KITH_TRY(kith_error_set(err, KITH_ERR_DATA,
                                    "%s:1: column %u should be feature %u of "
                                    "the schema",
                                    s->params->input, column + 1, i + 1));
    }
done:
    return status;
}

static kith_status
make_hashers(clk_stage *s, kith_error *err)
{
    kith_status status = KITH_OK;
    char text[SECRET_MAX];
    size_t n = 0;
    const unsigned n_workers = kith_job_threads(s->job);
    kith_secret_guard();
    KITH_TRY(kith_secret_read(text, sizeof text, &n, s->params->secret, err));
    while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == '\r'))
        n--;
    if (n == 0)
        KITH_TRY(kith_error_set(err, KITH_ERR_KEY, "%s: empty secret",
                                s->params->secret));
    KITH_TRY(KITH_ALLOC(&s->hashers, n_workers, err));
    for (unsigned i = 0; i < n_workers; i++)
        KITH_TRY(kith_clk_hasher_new(&s->hashers[i], s->params->schema,
                                     (kith_str){text, n}, err));
done:
    OPENSSL_cleanse(text, sizeof text);
    return status;
}

static kith_status
hash_chunk(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    kith_status status = KITH_OK;
    clk_stage *s = ctx;
    const size_t begin = chunk * CHUNK_ROWS;
    const size_t left = s->batch.n_rows - begin;
    const size_t end = begin + (left < CHUNK_ROWS ? left : CHUNK_ROWS);
    for (size_t i = begin; i < end; i++)
        KITH_TRY(kith_clk_record(
            s->hashers[worker], s->clks + i * s->clk_bytes, &s->bad[i],
            s->batch.fields + i * s->batch.n_columns, err));
done:
    kith_scrub_stack();
    return status;
}

static kith_status
write_row(clk_stage *s, size_t i, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_buffer text = {0};
    const kith_clk_schema *schema = s->params->schema;
    if (s->bad[i] < schema->n_features) {
        s->n_bad++;
        kith_job_count(s->job, schema->features[s->bad[i]].identifier,
                       "reject_invalid_value", 1);
        return KITH_OK;
    }
    KITH_TRY(KITH_GROW(&text.data, &text.cap, s->clk_bytes * 4 / 3 + 8, err));
    (void)EVP_EncodeBlock((unsigned char *)text.data,
                          s->clks + i * s->clk_bytes, (int)s->clk_bytes);
    KITH_TRY(kith_out_write(s->out, s->n_written == 0 ? "\"" : ",\n\"",
                            s->n_written == 0 ? 1 : 3, err));
    KITH_TRY(kith_out_write(s->out, text.data, strlen(text.data), err));
    KITH_TRY(kith_out_write(s->out, "\"", 1, err));
    s->n_written++;
done:
    kith_buffer_done(&text);
    return status;
}

static kith_status
do_batch(clk_stage *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const size_t n = s->batch.n_rows;
    KITH_TRY(KITH_GROW(&s->clks, &s->clks_cap, n * s->clk_bytes, err));
    KITH_TRY(KITH_GROW(&s->bad, &s->bad_cap, n, err));
    KITH_TRY(kith_for(kith_job_pool(s->job), (n + CHUNK_ROWS - 1) / CHUNK_ROWS,
                      hash_chunk, s, err));
    for (size_t i = 0; i < n; i++)
        KITH_TRY(write_row(s, i, err));
    for (size_t i = 0; i < s->batch.n_problems; i++) {
        s->n_bad++;
        kith_job_count(s->job, "",
                       kith_csv_bad_name(s->batch.problems[i].reason), 1);
    }
    kith_job_count(s->job, "", "rows_read", n + s->batch.n_problems);
    if (s->n_bad > s->params->max_bad_rows) {
        kith_error_set(err, KITH_ERR_REJECTS,
                       "%s: %llu bad rows, more than %llu", s->params->input,
                       (unsigned long long)s->n_bad,
                       (unsigned long long)s->params->max_bad_rows);
        kith_error_hint(err, "mend the file, or allow more --max-bad-rows");
        KITH_TRY(KITH_ERR_REJECTS);
    }
done:
    return status;
}

static kith_status
run(clk_stage *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_csv_params csv = kith_csv_params_default();
    s->clk_bytes = s->params->schema->l / 8;
    KITH_TRY(kith_csv_open(&s->csv, s->params->input, &csv, err));
    KITH_TRY(check_header(s, err));
    KITH_TRY(make_hashers(s, err));
    KITH_TRY(kith_out_open(&s->out, s->params->out, false, err));
    KITH_TRY(kith_out_printf(s->out, err, "{\"clks\": ["));
    uint64_t seen = 0;
    do {
        KITH_TRY(kith_csv_next(s->csv, &s->batch, err));
        KITH_TRY(do_batch(s, err));
        kith_job_advance(s->job, kith_csv_consumed(s->csv) - seen);
        seen = kith_csv_consumed(s->csv);
    } while (s->batch.n_rows != 0 || s->batch.n_problems != 0);
    KITH_TRY(kith_out_printf(s->out, err, "]}\n"));
    kith_csv_record(s->csv, s->job);
    kith_job_count(s->job, "", "clks", s->n_written);
    kith_out *out = s->out;
    s->out = NULL;
    KITH_TRY(kith_out_commit(out, s->job, err));
done:
    return status;
}

kith_status
kith_clk(const kith_clk_params *params, kith_job *job, kith_error *err)
{
    clk_stage s = {.params = params, .job = job};
    kith_status status = KITH_OK;
    kith_act act = {.audit = NULL};
    KITH_TRY(kith_act_begin(&act, &params->act, "clk", job, err));
    kith_job_stage(job, "clk", "", 0, "bytes");
    status = run(&s, err);
    kith_job_stage_end(job);
    kith_audit_add_u64(act.audit, "clks", s.n_written);
    kith_audit_add_u64(act.audit, "rejected", s.n_bad);
    kith_act_add_files(&act);
    status = kith_act_end(&act, status, err);
done:
    kith_out_abort(s.out);
    for (unsigned i = 0; s.hashers != NULL && i < kith_job_threads(job); i++)
        kith_clk_hasher_free(s.hashers[i]);
    kith_free(s.hashers);
    kith_free(s.clks);
    kith_free(s.bad);
    kith_csv_batch_done(&s.batch);
    kith_csv_close(s.csv);
    return status;
}
