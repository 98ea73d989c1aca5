#include "evaluate/clerical.h"

#include "base/rng.h"
#include "cluster/evidence.h"
#include "cluster/lines.h"
#include "io/out.h"
#include "match/pairs.h"

#include <math.h>

/* The strata from the threshold outwards: above, below, above ... */
static unsigned
outwards(unsigned i)
{
    const unsigned middle = KITH_STRATA / 2;
    return i % 2 == 0 ? middle + i / 2 : middle - 1 - i / 2;
}

void
kith_strata_share(uint64_t share[KITH_STRATA],
                  const uint64_t pairs[KITH_STRATA], uint64_t n)
{
    for (unsigned i = 0; i < KITH_STRATA; i++)
        share[i] = 0;
    for (bool given = true; given && n > 0;) {
        unsigned n_open = 0;
        for (unsigned i = 0; i < KITH_STRATA; i++)
            n_open += share[i] < pairs[i];
        given = n_open > 0;
        /* Fewer left than strata: one each, from the threshold outwards. */
        const uint64_t each = n_open > 0 && n >= n_open ? n / n_open : 1;
        for (unsigned i = 0; i < KITH_STRATA && n > 0; i++) {
            const unsigned s = outwards(i);
            const uint64_t room = pairs[s] - share[s];
            const uint64_t more = room < each ? room : each;
            share[s] += more;
            n -= more;
        }
    }
}

/* KITH_STRATA: too far from the threshold. */
static unsigned
stratum_of(const kith_edge *e, double around_bits)
{
    const double bits = floor((double)e->weight / KITH_WEIGHT_PER_BIT -
                              around_bits + KITH_STRATA / 2.0);
    return bits >= 0 && bits < KITH_STRATA ? (unsigned)bits
                                           : (unsigned)KITH_STRATA;
}

typedef struct sampler {
    const kith_clerical_params *params;
    const kith_refs *refs;
    const kith_edges *edges;
    uint64_t pairs[KITH_STRATA], share[KITH_STRATA];
    uint64_t seen[KITH_STRATA], taken[KITH_STRATA];
    kith_rng rng[KITH_STRATA];
    kith_buffer lines;
    kith_out *out;
} sampler;

/* Knuth's algorithm S: each of the pairs still to come is as likely. */
static bool
draw(sampler *s, unsigned stratum)
{
    const uint64_t left = s->pairs[stratum] - s->seen[stratum]++;
    const uint64_t wanted = s->share[stratum] - s->taken[stratum];
    if (wanted == 0 || kith_rng_below(&s->rng[stratum], left) >= wanted)
        return false;
    s->taken[stratum]++;
    return true;
}

static kith_status
write_pair(sampler *s, const kith_edge *e, unsigned stratum, kith_error *err)
{
    kith_status status = KITH_OK;
    const double low =
        s->params->around_bits + (double)stratum - KITH_STRATA / 2.0;
    KITH_TRY(kith_line_begin(&s->lines, s->refs, err));
    kith_line_edge(&s->lines, s->refs, s->params->spec, e);
    KITH_TRY(kith_buffer_printf(&s->lines, err, ",%.2f,%llu,%llu,\n", low,
                                (unsigned long long)s->pairs[stratum],
                                (unsigned long long)s->share[stratum]));
    KITH_TRY(kith_out_write(s->out, s->lines.data, s->lines.len, err));
    kith_buffer_clear(&s->lines);
done:
    return status;
}

static kith_status
write_sample(sampler *s, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    const double around = s->params->around_bits;
    uint64_t n = 0;
    for (size_t i = 0; i < s->edges->n; i++) {
        const unsigned stratum = stratum_of(&s->edges->items[i], around);
        if (stratum < KITH_STRATA)
            s->pairs[stratum]++;
    }
    kith_strata_share(s->share, s->pairs, s->params->n_pairs);
    for (unsigned i = 0; i < KITH_STRATA; i++)
        s->rng[i] = kith_rng_at(s->params->seed, i);
    KITH_TRY(kith_out_open(&s->out, s->params->out, false, err));
    KITH_TRY(kith_out_printf(
        s->out, err,
        KITH_EDGE_COLUMNS ",stratum,stratum_pairs,stratum_sampled,verdict\n"));
    for (size_t i = 0; i < s->edges->n; i++) {
        const unsigned stratum = stratum_of(&s->edges->items[i], around);
        if (stratum == KITH_STRATA || !draw(s, stratum))
            continue;
        KITH_TRY(write_pair(s, &s->edges->items[i], stratum, err));
        n++;
    }
    kith_out *whole = s->out;
    s->out = NULL;
    KITH_TRY(kith_out_commit(whole, job, err));
    kith_job_count(job, "", "pairs_sampled", n);
done:
    kith_out_abort(s->out);
    kith_buffer_done(&s->lines);
    return status;
}

kith_status
kith_clerical(const kith_clerical_params *params, kith_job *job,
              kith_error *err)
{
    kith_status status = KITH_OK;
    kith_refs refs = {0};
    kith_edges edges = {0};
    kith_job_stage(job, "sample", "", 0, "rows");
    KITH_TRY(kith_refs_load(&refs, params->refs, params->spec, job, err));
    KITH_TRY(kith_edges_load(&edges, params->pairs, params->refs, &refs,
                             params->spec, job, err));
    KITH_TRY(kith_evidence_add(&edges, &refs, params->spec, job, err));
    sampler s = {.params = params, .refs = &refs, .edges = &edges};
    KITH_TRY(write_sample(&s, job, err));
    if (params->truth != NULL)
        KITH_TRY(kith_threshold_scores_write(params, &edges, &refs, job, err));
done:
    kith_job_stage_end(job);
    kith_edges_done(&edges);
    kith_refs_done(&refs);
    return status;
}
