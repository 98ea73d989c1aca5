#include "match/emit.h"

#include "compare/layout.h"

#include <string.h>

static kith_status
add_pair(kith_emitter *e, const kith_group *group, uint32_t a, uint32_t b,
         uint32_t pattern, kith_error *err)
{
    const uint8_t *x = group->rows[a] + KITH_ROW_REF;
    const uint8_t *y = group->rows[b] + KITH_ROW_REF;
    if (memcmp(x, y, 8) > 0) {
        const uint8_t *row = x;
        x = y;
        y = row;
        const uint32_t index = a;
        a = b;
        b = index;
    }
    kith_pair_row pair = {.left_file = group->files[a],
                          .right_file = group->files[b],
                          .states = e->scores->states[pattern],
                          .weight = e->scores->weights[pattern]};
    memcpy(pair.left, x, 8);
    memcpy(pair.right, y, 8);
    e->emitted++;
    return kith_pair_add(e->lane, &pair, err);
}

/* Whether a `link: one` file has two of the rows that d stands for: two
 * people whom this pass cannot tell apart. Then one row cannot stand for
 * them all, and every pair is offered. */
static bool
repeats_one(const kith_group *group, uint32_t d)
{
    if (group->link_one == NULL)
        return false;
    for (uint32_t i = group->begin[d]; i < group->begin[d + 1]; i++)
        for (uint32_t j = i + 1; j < group->begin[d + 1]; j++)
            if (!kith_group_allowed(group, i, j))
                return true;
    return false;
}

/* Pairs inside distinct row d: a star round its first row. */
static kith_status
emit_identical(kith_emitter *e, const kith_group *group, uint32_t d,
               uint32_t pattern, kith_error *err)
{
    const uint32_t begin = group->begin[d], end = group->begin[d + 1];
    const bool all = repeats_one(group, d);
    for (uint32_t i = begin; i < (all ? end : begin + 1); i++)
        for (uint32_t j = i + 1; j < end; j++) {
            if (!kith_group_allowed(group, i, j))
                continue;
            const kith_status status = add_pair(e, group, i, j, pattern, err);
            if (status != KITH_OK)
                return status;
        }
    return KITH_OK;
}

/* Between distinct rows d and f: their first rows, or the first two that may
 * be one person. */
static kith_status
emit_between(kith_emitter *e, const kith_group *group, uint32_t d, uint32_t f,
             uint32_t pattern, kith_error *err)
{
    const bool all = repeats_one(group, d) || repeats_one(group, f);
    for (uint32_t i = group->begin[d]; i < group->begin[d + 1]; i++)
        for (uint32_t j = group->begin[f]; j < group->begin[f + 1]; j++) {
            if (!kith_group_allowed(group, i, j))
                continue;
            const kith_status status = add_pair(e, group, i, j, pattern, err);
            if (status != KITH_OK || !all)
                return status;
        }
    return KITH_OK;
}

static kith_status
emit_pair(kith_emitter *e, const kith_group *group, uint32_t d, uint32_t f,
          uint32_t pattern, kith_error *err)
{
    return f == d ? emit_identical(e, group, d, pattern, err)
                  : emit_between(e, group, d, f, pattern, err);
}

/* Where every source may hold a person twice, counts are products; this is
 * the loop that a wide block runs through for each of its pairs. */
static kith_status
emit_plain(kith_emitter *e, const kith_group *group, uint32_t d, uint32_t from,
           uint32_t n, const uint32_t *patterns, kith_error *err)
{
    const uint32_t *missed = e->scores->missed;
    const uint32_t *begin = group->begin;
    uint64_t sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t units = missed[patterns[i]];
        const uint32_t f = from + i;
        if (units != KITH_EMITTED) {
            sum += (uint64_t)units * (begin[f + 1] - begin[f]);
            continue;
        }
        const kith_status status = emit_pair(e, group, d, f, patterns[i], err);
        if (status != KITH_OK)
            return status;
    }
    e->missed += sum * (begin[d + 1] - begin[d]);
    return KITH_OK;
}

kith_status
kith_emit(void *emitter, const kith_group *group, uint32_t d, uint32_t from,
          uint32_t n, const uint32_t *patterns, kith_error *err)
{
    kith_emitter *e = emitter;
    const uint32_t *missed = e->scores->missed;
    /* Identical rows, and what deduplicated sources bar, are counted pair by
     * pair. */
    const uint32_t n_slow = group->link_one != NULL ? n : from == d;
    for (uint32_t i = 0; i < n_slow; i++) {
        const uint32_t pattern = patterns[i];
        if (missed[pattern] != KITH_EMITTED) {
            e->missed += (uint64_t)missed[pattern] *
                         kith_group_pairs(group, d, from + i);
            continue;
        }
        const kith_status status =
            emit_pair(e, group, d, from + i, pattern, err);
        if (status != KITH_OK)
            return status;
    }
    return emit_plain(e, group, d, from + n_slow, n - n_slow, patterns + n_slow,
                      err);
}
