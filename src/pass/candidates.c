#include "pass/candidates.h"

void
kith_candidates_init(kith_candidates *c, const kith_layout *layout,
                     kith_compare_fn compare, kith_candidates_fn fn, void *ctx)
{
    *c = (kith_candidates){.compare = compare, .fn = fn, .ctx = ctx};
    kith_block_init(&c->block, layout);
}

void
kith_candidates_done(kith_candidates *c)
{
    kith_block_done(&c->block);
}

kith_status
kith_candidates_visit(void *candidates, const kith_group *group,
                      kith_error *err)
{
    kith_status status = KITH_OK;
    kith_candidates *c = candidates;
    const uint32_t n = group->n_distinct;
    if (group->n_pairs == 0)
        return KITH_OK;
    if (n > KITH_MAX_DISTINCT) {
        c->oversized++;
        c->oversized_rows += group->n_rows;
        return KITH_OK;
    }
    KITH_TRY(kith_block_fill(&c->block, group->firsts, n, err));
    for (uint32_t d = 0; d < n; d++)
        for (uint32_t from = d; from < n; from += KITH_BLOCK_TILE) {
            const uint32_t left = n - from;
            const uint32_t m = left < KITH_BLOCK_TILE ? left : KITH_BLOCK_TILE;
            c->compare(&c->block, c->prune, d, from, from + m, c->patterns);
            KITH_TRY(c->fn(c->ctx, group, d, from, m, c->patterns, err));
        }
    c->pairs += group->n_pairs;
    c->compared += (uint64_t)n * (n - 1) / 2;
done:
    return status;
}
