#include "pass/candidates.h"

kith_status
kith_candidates_init(kith_candidates *c, const kith_layout *layout,
                     const kith_kernel *kernel, kith_candidates_fn fn,
                     void *ctx, kith_error *err)
{
    *c = (kith_candidates){.kernel = *kernel, .fn = fn, .ctx = ctx};
    kith_block_init(&c->block, layout);
    return kith_few_init(&c->few, layout, err);
}

void
kith_candidates_done(kith_candidates *c)
{
    kith_block_done(&c->block);
    kith_few_done(&c->few);
}

static kith_status
visit_few(kith_candidates *c, const kith_group *group, kith_error *err)
{
    const uint32_t n = group->n_distinct;
    const uint32_t *patterns = c->patterns;
    c->kernel.few(&c->few, c->prune, group->firsts, n, c->patterns);
    for (uint32_t d = 0; d < n; d++) {
        const kith_status status =
            c->fn(c->ctx, group, d, d, n - d, patterns, err);
        if (status != KITH_OK)
            return status;
        patterns += n - d;
    }
    return KITH_OK;
}

static kith_status
visit_many(kith_candidates *c, const kith_group *group, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint32_t n = group->n_distinct;
    KITH_TRY(kith_block_fill(&c->block, group->firsts, n, err));
    for (uint32_t d = 0; d < n; d++)
        for (uint32_t from = d; from < n; from += KITH_BLOCK_TILE) {
            const uint32_t left = n - from;
            const uint32_t m = left < KITH_BLOCK_TILE ? left : KITH_BLOCK_TILE;
            c->kernel.compare(&c->block, c->prune, d, from, from + m,
                              c->patterns);
            KITH_TRY(c->fn(c->ctx, group, d, from, m, c->patterns, err));
        }
done:
    return status;
}

kith_status
kith_candidates_visit(void *candidates, const kith_group *group,
                      kith_error *err)
{
    kith_candidates *c = candidates;
    const uint32_t n = group->n_distinct;
    if (group->n_pairs == 0)
        return KITH_OK;
    if (n > KITH_MAX_DISTINCT) {
        c->oversized++;
        c->oversized_rows += group->n_rows;
        return KITH_OK;
    }
    c->pairs += group->n_pairs;
    c->compared += (uint64_t)n * (n - 1) / 2;
    return c->few.usable && n <= KITH_FEW_ROWS ? visit_few(c, group, err)
                                               : visit_many(c, group, err);
}
