/*
 * The attacker has a list of people, with their names or with every field, but
 * no key. It
 * encodes the list under a key of its own, block by block as the pass says,
 * and looks for the candidate block whose edges are likest those of a block
 * under attack, then for the best assignment of its rows. The list has no
 * errors and the extract is the list's own source: the worst case.
 * Source: in the manner of Vidanage et al. 2020, with likelihoods.
 */
#include "attack/measures.h"

#include "attack/align.h"
#include "base/alloc.h"
#include "base/job.h"

#include <math.h>
#include <stdio.h>

enum { PLACING = 8 /* rows that decide which block it is */ };

typedef struct attack {
    const kith_graph_params *p;
    uint32_t n_targets, n_candidates; /* the targets' own blocks come first */
    uint32_t *blocks;                 /* n_candidates */
    kith_edge_block *targets;         /* n_targets */
    kith_edge_block *edges;           /* n_candidates, of the list */
    kith_align_list *lists;           /* n_candidates */
    kith_edge_scale *scale;
    kith_aligner *aligners;          /* one per worker */
    uint32_t *named, *rows, *placed; /* of each target */
} attack;

/* Blocks drawn by their rows, each once; the first are attacked. */
static kith_status
draw_blocks(attack *a, kith_error *err)
{
    const kith_target *t = a->p->target;
    kith_status status = KITH_OK;
    kith_rng rng = kith_rng_at(a->p->seed, 5);
    uint32_t *block_of = NULL;
    bool *drawn = NULL;
    const uint32_t want =
        a->p->n_candidates < t->n_blocks ? a->p->n_candidates : t->n_blocks;
    KITH_TRY(KITH_ALLOC(&a->blocks, want + 1u, err));
    KITH_TRY(KITH_ALLOC(&block_of, t->n_rows + 1u, err));
    KITH_TRY(KITH_ALLOC(&drawn, t->n_blocks + 1u, err));
    for (uint32_t b = 0; b < t->n_blocks; b++)
        for (uint32_t i = t->begin[b]; i < t->begin[b + 1]; i++)
            block_of[i] = b;
    for (uint64_t tries = 0; a->n_candidates < want && tries < 100ull * want;
         tries++) {
        const uint32_t b = block_of[kith_rng_below(&rng, t->n_rows)];
        if (!drawn[b])
            a->blocks[a->n_candidates++] = b;
        drawn[b] = true;
    }
    a->n_targets =
        a->p->n_targets < a->n_candidates ? a->p->n_targets : a->n_candidates;
done:
    kith_free(block_of);
    kith_free(drawn);
    return status;
}

/* Where the block of each row of a target lies in the list: a record and
 * variant have one row in each. */
static kith_status
match_blocks(uint32_t **out, const attack *a, kith_error *err)
{
    const kith_target *t = a->p->target, *l = a->p->list;
    kith_status status = KITH_OK;
    uint32_t *of_row = NULL;
    KITH_TRY(KITH_ALLOC(out, a->n_candidates + 1u, err));
    KITH_TRY(KITH_ALLOC(&of_row, (size_t)t->params.people->n * 2 + 1, err));
    for (uint32_t b = 0; b < l->n_blocks; b++)
        for (uint32_t i = l->begin[b]; i < l->begin[b + 1]; i++)
            of_row[2 * l->records[i] + l->variants[i]] = b;
    for (uint32_t c = 0; c < a->n_candidates; c++) {
        const uint32_t row = t->begin[a->blocks[c]];
        (*out)[c] = of_row[2 * t->records[row] + t->variants[row]];
    }
done:
    kith_free(of_row);
    return status;
}

static bool
covered(const attack *a, uint32_t record)
{
    const uint64_t who[3] = {a->p->seed, 6, record};
    return (double)(kith_hash64(who, sizeof who) >> 11) * 0x1p-53 <
           a->p->coverage;
}

static kith_status
make_edges(attack *a, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_edge_tokens tokens = {.names_only = a->p->names_only};
    uint32_t *listed = NULL;
    KITH_TRY(match_blocks(&listed, a, err));
    KITH_TRY(KITH_ALLOC(&a->targets, a->n_targets + 1u, err));
    KITH_TRY(KITH_ALLOC(&a->edges, a->n_candidates + 1u, err));
    KITH_TRY(KITH_ALLOC(&a->lists, a->n_candidates + 1u, err));
    KITH_TRY(KITH_ALLOC(&a->scale, 1, err));
    for (uint32_t c = 0; c < a->n_targets; c++)
        KITH_TRY(kith_edge_block_make(&a->targets[c], a->p->target,
                                      a->blocks[c], &tokens, err));
    kith_edge_scale_make(a->scale, a->targets, a->n_targets,
                         a->p->target->n_slots);
    for (uint32_t c = 0; c < a->n_candidates; c++) {
        kith_align_list *list = &a->lists[c];
        KITH_TRY(kith_edge_block_make(&a->edges[c], a->p->list, listed[c],
                                      &tokens, err));
        list->block = &a->edges[c];
        for (uint32_t i = 0; i < list->block->n; i++)
            if (covered(a, a->p->list->records[list->block->from + i]))
                list->rows[list->n++] = (uint8_t)i;
    }
done:
    kith_free(listed);
    kith_map64_done(&tokens.numbers);
    return status;
}

/* How likely a list of that coverage has k of m people; more than m never. */
static double
size_likelihood(double coverage, uint32_t m, uint32_t k)
{
    if (k > m)
        return -1e6;
    if (coverage >= 1)
        return k == m ? 0 : -1e6;
    return lgamma(m + 1.0) - lgamma(k + 1.0) - lgamma(m - k + 1.0) +
           k * log(coverage) + (m - k) * log1p(-coverage);
}

/* Among candidates that fit equally well the choice is drawn. */
static uint32_t
place(attack *a, kith_aligner *aligner, uint32_t target, kith_rng *rng)
{
    const kith_edge_block *block = &a->targets[target];
    double best = -1e18;
    uint32_t found = 0, equal = 0;
    for (uint32_t c = 0; c < a->n_candidates; c++) {
        const kith_align_list *list = &a->lists[c];
        double score = size_likelihood(a->p->coverage, block->n, list->n);
        if (score > best - 1e5)
            score += kith_align(aligner, block, list, PLACING, NULL);
        if (score > best + 1e-6) {
            best = score;
            found = c;
            equal = 1;
        } else if (score > best - 1e-6 && kith_rng_below(rng, ++equal) == 0) {
            found = c;
        }
    }
    return found;
}

/* Rows that the edges leave open are named at random. */
static void
name_rest(int16_t *person, uint32_t n_rows, uint32_t n_people, kith_rng *rng)
{
    bool taken[KITH_BLOCK_ROWS] = {false};
    uint32_t left[KITH_BLOCK_ROWS];
    uint32_t n = 0;
    for (uint32_t i = 0; i < n_rows; i++)
        if (person[i] >= 0)
            taken[person[i]] = true;
    for (uint32_t y = 0; y < n_people; y++)
        if (!taken[y])
            left[n++] = y;
    for (uint32_t i = 0; i < n_rows && n > 0; i++) {
        if (person[i] >= 0)
            continue;
        const uint32_t pick = (uint32_t)kith_rng_below(rng, n);
        person[i] = (int16_t)left[pick];
        left[pick] = left[--n];
    }
}

static kith_status
attack_one(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    attack *a = ctx;
    kith_aligner *aligner = &a->aligners[worker];
    const uint32_t target = (uint32_t)chunk;
    const kith_edge_block *block = &a->targets[target];
    int16_t person[KITH_BLOCK_ROWS];
    kith_rng rng = kith_rng_at(a->p->seed, 1000 + chunk);
    (void)err;
    const uint32_t c = place(a, aligner, target, &rng);
    const kith_align_list *list = &a->lists[c];
    (void)kith_align(aligner, block, list, UINT32_MAX, person);
    name_rest(person, block->n, list->n, &rng);
    a->placed[target] = c == target;
    a->rows[target] = block->n;
    for (uint32_t i = 0; i < block->n; i++)
        a->named[target] +=
            person[i] >= 0 &&
            a->p->target->records[block->from + i] ==
                a->p->list->records[list->block->from + list->rows[person[i]]];
    return KITH_OK;
}

/* Blocks are drawn by their rows, so that the mean over blocks is the share
 * of rows. Somebody who looks at no token may fail at what must break. */
static kith_status
report(const kith_subject *s, const attack *a, kith_error *err)
{
    double named = 0;
    uint32_t placed = 0;
    char name[48];
    for (uint32_t i = 0; i < a->n_targets; i++) {
        named += 1.0 * a->named[i] / a->rows[i];
        placed += a->placed[i];
    }
    snprintf(name, sizeof name, "graph alignment, %s, %.0f %% list",
             a->p->names_only ? "names" : "all columns", 100 * a->p->coverage);
    return kith_report_add(
        s, name, named / a->n_targets,
        a->p->names_only && s->control ? kith_gate_none() : kith_gate_most(.05),
        err, "of rows named; %u of %u blocks placed among %u", placed,
        a->n_targets, a->n_candidates);
}

static void
attack_done(attack *a)
{
    for (uint32_t i = 0; a->targets != NULL && i < a->n_targets; i++)
        kith_free(a->targets[i].edges);
    for (uint32_t i = 0; a->edges != NULL && i < a->n_candidates; i++)
        kith_free(a->edges[i].edges);
    kith_free(a->targets);
    kith_free(a->edges);
    kith_free(a->lists);
    kith_free(a->blocks);
    kith_free(a->scale);
    kith_free(a->aligners);
    kith_free(a->named);
    kith_free(a->rows);
    kith_free(a->placed);
}

kith_status
kith_measure_graph(const kith_subject *s, const kith_graph_params *params,
                   kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    attack a = {.p = params};
    if (params->target->n_rows == 0)
        return KITH_OK;
    KITH_TRY(draw_blocks(&a, err));
    KITH_TRY(make_edges(&a, err));
    KITH_TRY(KITH_ALLOC(&a.aligners, kith_job_threads(job), err));
    for (unsigned i = 0; i < kith_job_threads(job); i++)
        a.aligners[i].scale = a.scale;
    KITH_TRY(KITH_ALLOC(&a.named, a.n_targets, err));
    KITH_TRY(KITH_ALLOC(&a.rows, a.n_targets, err));
    KITH_TRY(KITH_ALLOC(&a.placed, a.n_targets, err));
    KITH_TRY(kith_for(kith_job_pool(job), a.n_targets, attack_one, &a, err));
    KITH_TRY(report(s, &a, err));
done:
    attack_done(&a);
    return status;
}
