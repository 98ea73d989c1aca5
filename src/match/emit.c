#include "match/emit.h"

#include "compare/layout.h"

#include <string.h>

static kith_status
add_pair(kith_emitter *e, const kith_group *group, uint32_t a, uint32_t b,
         uint32_t pattern, kith_error *err)
{
    const uint64_t x = kith_ref_number(group->rows[a] + KITH_ROW_REF);
    const uint64_t y = kith_ref_number(group->rows[b] + KITH_ROW_REF);
    const bool swap = x > y;
    const uint32_t left = swap ? b : a, right = swap ? a : b;
    kith_pair_row *pair = NULL;
    const kith_status status =
        kith_pair_slot(&pair, e->lane, swap ? y : x, err);
    if (status != KITH_OK)
        return status;
    memcpy(pair->left, group->rows[left] + KITH_ROW_REF, sizeof pair->left);
    memcpy(pair->right, group->rows[right] + KITH_ROW_REF, sizeof pair->right);
    pair->left_file = group->files[left];
    pair->right_file = group->files[right];
    pair->states = e->scores->states[pattern];
    pair->weight = e->scores->weights[pattern];
    pair->zero = 0;
    e->emitted++;
    return KITH_OK;
}

/* Whether one row cannot stand for all that d stands for: then every pair is
 * offered. */
static inline bool
repeats_one(const kith_group *group, uint32_t d)
{
    return group->link_one != NULL && group->repeats[d];
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
