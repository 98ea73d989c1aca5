#include "base/alloc.h"
#include "match/header.h"
#include "match/pairs.h"

#include <kith/match.h>

#include <string.h>
#include <unistd.h>

/* Rows of a shard read at a time. */
enum { JOIN_ROWS = 4096 };

typedef struct shard {
    kith_rows_in *in;
    kith_pair_row *rows;
    size_t at, n;
    uint64_t next; /* row number of the next read */
} shard;

static kith_status
fill(shard *s, kith_error *err)
{
    const uint64_t left = kith_rows_count(s->in) - s->next;
    s->n = left < JOIN_ROWS ? (size_t)left : JOIN_ROWS;
    s->at = 0;
    if (s->n == 0)
        return KITH_OK;
    const kith_status status =
        kith_rows_read(s->in, s->next, s->n, s->rows, err);
    s->next += s->n;
    return status;
}

static kith_status
shard_path(char **out, const char *folder, const char *pass, uint32_t index,
           uint32_t n, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_buffer path = {0};
    *out = NULL;
    KITH_TRY(n == 0
                 ? kith_buffer_printf(&path, err, "%s/%s.pairs", folder, pass)
                 : kith_buffer_printf(&path, err, "%s/%s.%uof%u.pairs", folder,
                                      pass, index + 1, n));
    *out = path.data;
    path.data = NULL;
done:
    kith_buffer_done(&path);
    return status;
}

static kith_status
open_shard(shard *s, const kith_match_params *p, const char *pass,
           uint32_t index, kith_error *err)
{
    kith_status status = KITH_OK;
    char *path = NULL;
    char want[32];
    KITH_TRY(shard_path(&path, p->out, pass, index, p->n_shards, err));
    if (access(path, F_OK) != 0) {
        status = kith_error_set(err, KITH_ERR_IO,
                                "%s: shard %u of %u of pass %s is missing",
                                path, index + 1, p->n_shards, pass);
        kith_error_hint(err, "kith match --shard %u/%u makes it", index + 1,
                        p->n_shards);
        goto done;
    }
    KITH_TRY(kith_rows_open(&s->in, path, "pairs", err));
    snprintf(want, sizeof want, "%u/%u", index + 1, p->n_shards);
    if (!kith_str_equal(kith_meta_get(kith_rows_meta(s->in), "shard"), want) ||
        kith_rows_bytes(s->in) != sizeof(kith_pair_row))
        KITH_TRY(kith_error_set(err, KITH_ERR_MISMATCH,
                                "%s: does not hold shard %s", path, want));
    KITH_TRY(KITH_ALLOC(&s->rows, JOIN_ROWS, err));
    KITH_TRY(fill(s, err));
done:
    kith_free(path);
    return status;
}

static kith_status
open_shards(shard *shards, const kith_match_params *p, const char *pass,
            uint64_t *missed, kith_error *err)
{
    kith_status status = KITH_OK;
    *missed = 0;
    for (uint32_t i = 0; i < p->n_shards; i++) {
        uint64_t own = 0;
        const shard *s = &shards[i];
        KITH_TRY(open_shard(&shards[i], p, pass, i, err));
        if (i > 0)
            KITH_TRY(kith_pairs_fit(shards[0].in, s->in, err));
        KITH_TRY(kith_pairs_missed(&own, kith_rows_meta(s->in),
                                   kith_rows_path(s->in), err));
        *missed += own;
    }
done:
    return status;
}

/* The shard whose next pair comes first; NULL when all have ended. */
static shard *
least(shard *shards, uint32_t n)
{
    shard *best = NULL;
    for (uint32_t i = 0; i < n; i++) {
        shard *s = &shards[i];
        if (s->at < s->n &&
            (best == NULL ||
             memcmp(&s->rows[s->at], &best->rows[best->at], 16) < 0))
            best = s;
    }
    return best;
}

static kith_status
merge(shard *shards, uint32_t n, kith_rows_out *out, kith_error *err)
{
    kith_status status = KITH_OK;
    shard *s;
    while ((s = least(shards, n)) != NULL) {
        KITH_TRY(kith_rows_write(out, &s->rows[s->at], 1, err));
        if (++s->at == s->n)
            KITH_TRY(fill(s, err));
    }
done:
    return status;
}

static kith_status
join_pass(const kith_match_params *p, const char *pass, kith_job *job,
          kith_error *err)
{
    kith_status status = KITH_OK;
    shard *shards = NULL;
    kith_rows_out *out = NULL;
    kith_meta meta = {0};
    char *path = NULL;
    uint64_t missed = 0, n_pairs = 0;
    KITH_TRY(KITH_ALLOC(&shards, p->n_shards, err));
    KITH_TRY(open_shards(shards, p, pass, &missed, err));
    KITH_TRY(kith_pairs_header_join(&meta, kith_rows_meta(shards[0].in), missed,
                                    err));
    KITH_TRY(shard_path(&path, p->out, pass, 0, 0, err));
    KITH_TRY(kith_rows_create(&out, path, "pairs", sizeof(kith_pair_row), &meta,
                              err));
    KITH_TRY(merge(shards, p->n_shards, out, err));
    for (uint32_t i = 0; i < p->n_shards; i++)
        n_pairs += kith_rows_count(shards[i].in);
    kith_rows_out *finished = out;
    out = NULL;
    KITH_TRY(kith_rows_commit(finished, job, err));
    kith_job_count(job, pass, "pairs_joined", n_pairs);
done:
    for (uint32_t i = 0; shards != NULL && i < p->n_shards; i++) {
        kith_rows_close(shards[i].in);
        kith_free(shards[i].rows);
    }
    kith_rows_abort(out);
    kith_meta_done(&meta);
    kith_free(path);
    kith_free(shards);
    return status;
}

kith_status
kith_match_join(const kith_match_params *params, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    if (params->n_shards < 2)
        return kith_error_set(err, KITH_ERR_USAGE,
                              "%u shards to join: want two or more",
                              params->n_shards);
    kith_job_stage(job, "join", "", 0, "pairs");
    for (unsigned p = 0; p < params->spec->n_passes; p++)
        KITH_TRY(join_pass(params, params->spec->passes[p].name, job, err));
done:
    kith_job_stage_end(job);
    return status;
}
