/*
 * The attacker has a list of half the people, drawn at random, and sees the
 * rows of the other half. It ranks names by their bearers and filters by
 * their rows, over the whole pass or block by block, and says of each filter
 * the name of its rank. Saying the commonest name every time is the mark to
 * beat.
 */
#include "attack/measures.h"

#include "base/alloc.h"

#include <stdio.h>
#include <stdlib.h>

enum { MIN_BLOCKS = 10 /* fewer prove nothing */ };

typedef struct ranked {
    uint32_t count;
    uint32_t value; /* of a filter, of a name */
    uint64_t order; /* among equals: says nothing */
} ranked;

typedef struct attack {
    const kith_target *t;
    unsigned slot;
    uint64_t seed;
    uint32_t *filters; /* of each row: number of its filter; NONE: not seen */
    uint32_t n_filters;
    ranked *names; /* of the list, commonest first */
    uint32_t n_names;
    uint32_t n_rows; /* seen */
    uint32_t mode;   /* of them: rows with the list's commonest name */
} attack;

static int
by_rank(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static bool
listed(const attack *a, uint32_t row)
{
    const uint64_t who[2] = {a->seed, a->t->records[row]};
    return kith_hash64(who, sizeof who) & 1u;
}

static kith_status
number_filters(attack *a, kith_error *err)
{
    const kith_target *t = a->t;
    kith_status status = KITH_OK;
    kith_map64 seen = {0};
    KITH_TRY(KITH_ALLOC(&a->filters, t->n_rows + 1u, err));
    for (uint32_t i = 0; i < t->n_rows; i++) {
        const uint64_t key = kith_hash64(kith_target_filter(t, i, a->slot),
                                         t->layout->filter_bytes);
        a->filters[i] = KITH_DICT_NONE;
        if (listed(a, i) || kith_target_name(t, i, a->slot) == KITH_DICT_NONE)
            continue;
        a->n_rows++;
        if (kith_map64_get(&seen, key, &a->filters[i]))
            continue;
        a->filters[i] = a->n_filters++;
        KITH_TRY(kith_map64_put(&seen, key, a->filters[i], err));
    }
done:
    kith_map64_done(&seen);
    return status;
}

static kith_status
rank_names(attack *a, kith_error *err)
{
    const kith_target *t = a->t;
    kith_status status = KITH_OK;
    a->n_names = kith_target_names(t);
    KITH_TRY(KITH_ALLOC(&a->names, a->n_names + 1u, err));
    for (uint32_t n = 0; n < a->n_names; n++)
        a->names[n] = (ranked){.value = n, .order = n};
    for (uint32_t i = 0; i < t->n_rows; i++) {
        const uint32_t name = kith_target_name(t, i, a->slot);
        if (listed(a, i) && name != KITH_DICT_NONE)
            a->names[name].count++;
    }
    qsort(a->names, a->n_names, sizeof *a->names, by_rank);
    for (uint32_t i = 0; i < t->n_rows; i++)
        a->mode += a->filters[i] != KITH_DICT_NONE && a->n_names > 0 &&
                   kith_target_name(t, i, a->slot) == a->names[0].value;
done:
    return status;
}

/* Over the whole pass: the rank of each filter decides. */
static kith_status
align_all(const attack *a, uint32_t *right, kith_error *err)
{
    kith_status status = KITH_OK;
    ranked *ranks = NULL;
    uint32_t *said = NULL;
    KITH_TRY(KITH_ALLOC(&ranks, a->n_filters + 1u, err));
    KITH_TRY(KITH_ALLOC(&said, a->n_filters + 1u, err));
    for (uint32_t f = 0; f < a->n_filters; f++)
        ranks[f] = (ranked){.value = f, .order = kith_hash64(&f, sizeof f)};
    for (uint32_t i = 0; i < a->t->n_rows; i++)
        if (a->filters[i] != KITH_DICT_NONE)
            ranks[a->filters[i]].count++;
    qsort(ranks, a->n_filters, sizeof *ranks, by_rank);
    for (uint32_t f = 0; f < a->n_filters; f++)
        said[ranks[f].value] =
            f < a->n_names ? a->names[f].value : KITH_DICT_NONE;
    for (uint32_t i = 0; i < a->t->n_rows; i++)
        *right += a->filters[i] != KITH_DICT_NONE &&
                  kith_target_name(a->t, i, a->slot) == said[a->filters[i]];
done:
    kith_free(ranks);
    kith_free(said);
    return status;
}

typedef struct in_blocks {
    uint32_t right;  /* rows */
    uint32_t clear;  /* blocks whose commonest filter stands out */
    uint32_t common; /* of them: it is the list's commonest name */
} in_blocks;

/* The filters of one block with their rows, commonest first. */
static uint32_t
count_block(const attack *a, uint32_t from, uint32_t to, ranked *ranks,
            uint32_t *places)
{
    uint32_t n = 0;
    for (uint32_t i = from; i < to; i++) {
        const uint32_t f = a->filters[i];
        if (f == KITH_DICT_NONE)
            continue;
        if (places[f] >= n || ranks[places[f]].value != f) {
            places[f] = n;
            ranks[n++] =
                (ranked){.value = f, .order = kith_hash64(&f, sizeof f)};
        }
        ranks[places[f]].count++;
    }
    qsort(ranks, n, sizeof *ranks, by_rank);
    return n;
}

static void
judge_block(const attack *a, uint32_t from, uint32_t to, const ranked *ranks,
            uint32_t n, const uint32_t *places, in_blocks *out)
{
    const bool clear = n > 0 && ranks[0].count >= 2 &&
                       (n == 1 || ranks[0].count > ranks[1].count);
    bool judged = false;
    out->clear += clear;
    for (uint32_t i = from; i < to; i++) {
        const uint32_t f = a->filters[i];
        if (f == KITH_DICT_NONE)
            continue;
        const uint32_t name = kith_target_name(a->t, i, a->slot);
        if (places[f] < a->n_names)
            out->right += name == a->names[places[f]].value;
        if (clear && !judged && f == ranks[0].value) {
            out->common += name == a->names[0].value;
            judged = true;
        }
    }
}

static kith_status
align_blocks(const attack *a, in_blocks *out, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_target *t = a->t;
    ranked *ranks = NULL;
    uint32_t *places = NULL;
    KITH_TRY(KITH_ALLOC(&ranks, a->n_filters + 1u, err));
    KITH_TRY(KITH_ALLOC(&places, a->n_filters + 1u, err));
    for (uint32_t b = 0; b < t->n_blocks; b++) {
        const uint32_t from = t->begin[b];
        const uint32_t to = t->begin[b + 1];
        const uint32_t n = count_block(a, from, to, ranks, places);
        for (uint32_t r = 0; r < n; r++)
            places[ranks[r].value] = r;
        judge_block(a, from, to, ranks, n, places, out);
    }
done:
    kith_free(ranks);
    kith_free(places);
    return status;
}

static kith_status
report(const kith_subject *s, const attack *a, kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t all = 0;
    in_blocks in = {0};
    char name[48];
    const char slot = a->t->slots[a->slot].slot == 0 ? 'A' : 'B';
    const double n = a->n_rows, mode = a->mode / n;
    KITH_TRY(align_all(a, &all, err));
    KITH_TRY(align_blocks(a, &in, err));
    snprintf(name, sizeof name, "frequency alignment, whole pass, %c", slot);
    KITH_TRY(kith_report_add(s, name, all / n, kith_gate_most(1.5 * mode), err,
                             "rows named; always the commonest: %.4f", mode));
    if (a->t->params.unsalted)
        goto done;
    snprintf(name, sizeof name, "frequency alignment, in block, %c", slot);
    KITH_TRY(kith_report_add(s, name, in.right / n, kith_gate_most(1.5 * mode),
                             err, "rows named; always the commonest: %.4f",
                             mode));
    snprintf(name, sizeof name, "commonest filter of a block, %c", slot);
    if (in.clear >= MIN_BLOCKS)
        KITH_TRY(kith_report_add(s, name, 1.0 * in.common / in.clear,
                                 kith_gate_most(.25), err,
                                 "precision of saying the commonest name; "
                                 "%u blocks where one stands out",
                                 in.clear));
done:
    return status;
}

kith_status
kith_measure_frequency(const kith_subject *s, const kith_target *t,
                       uint64_t seed, kith_error *err)
{
    kith_status status = KITH_OK;
    for (unsigned slot = 0; slot < t->n_slots && status == KITH_OK; slot++) {
        attack a = {.t = t, .slot = slot, .seed = seed};
        status = number_filters(&a, err);
        if (status == KITH_OK)
            status = rank_names(&a, err);
        if (status == KITH_OK && a.n_rows > 0)
            status = report(s, &a, err);
        kith_free(a.filters);
        kith_free(a.names);
    }
    return status;
}
