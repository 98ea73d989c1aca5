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

kith_status
kith_candidates_row(kith_candidates *c, const kith_block *block,
                    const kith_group *group, uint32_t d, kith_error *err)
{
    const uint32_t n = group->n_distinct;
    for (uint32_t from = d; from < n; from += KITH_BLOCK_TILE) {
        const uint32_t left = n - from;
        const uint32_t m = left < KITH_BLOCK_TILE ? left : KITH_BLOCK_TILE;
        c->kernel.compare(block, c->prune, d, from, from + m, c->patterns);
        const kith_status status =
            c->fn(c->ctx, group, d, from, m, c->patterns, err);
        if (status != KITH_OK)
            return status;
    }
    return KITH_OK;
}

bool
kith_candidates_wanted(kith_candidates *c, const kith_group *group)
{
    const uint64_t n = group->n_distinct;
    if (group->n_pairs == 0)
        return false;
    if (n > KITH_MAX_DISTINCT) {
        c->oversized++;
        c->oversized_rows += group->n_rows;
        return false;
    }
    c->pairs += group->n_pairs;
    c->compared += n * (n - 1) / 2;
    return true;
}

kith_status
kith_candidates_visit(void *candidates, const kith_group *group,
                      kith_error *err)
{
    kith_status status = KITH_OK;
    kith_candidates *c = candidates;
    const uint32_t n = group->n_distinct;
    if (!kith_candidates_wanted(c, group))
        return KITH_OK;
    if (c->few.usable && n <= KITH_FEW_ROWS)
        return visit_few(c, group, err);
    KITH_TRY(kith_block_fill(&c->block, group->firsts, n, err));
    for (uint32_t d = 0; d < n; d++)
        KITH_TRY(kith_candidates_row(c, &c->block, group, d, err));
done:
    return status;
}
