#include "attack/chain.h"

#include "attack/measures.h"
#include "base/alloc.h"

#include <stdlib.h>

kith_status
kith_chain_add(kith_chain *c, uint32_t name, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(KITH_GROW(&c->parent, &c->parent_cap, (size_t)c->n + 1, err));
    KITH_TRY(KITH_GROW(&c->names, &c->names_cap, (size_t)c->n + 1, err));
    c->parent[c->n] = c->n;
    c->names[c->n++] = name;
done:
    return status;
}

void
kith_chain_done(kith_chain *c)
{
    kith_free(c->parent);
    kith_free(c->names);
    *c = (kith_chain){0};
}

static uint32_t
root_of(kith_chain *c, uint32_t x)
{
    while (c->parent[x] != x) {
        c->parent[x] = c->parent[c->parent[x]];
        x = c->parent[x];
    }
    return x;
}

void
kith_chain_join(kith_chain *c, uint32_t a, uint32_t b)
{
    const uint32_t x = root_of(c, a), y = root_of(c, b);
    c->parent[x < y ? y : x] = x < y ? x : y;
}

kith_status
kith_chain_records(kith_chain *out, const kith_people *people,
                   const kith_encoder *encoder, kith_error *err)
{
    kith_status status = KITH_OK;
    for (uint32_t r = 0; r < people->n; r++)
        KITH_TRY(
            kith_chain_add(out, people->numbers[encoder->names[0]][r], err));
done:
    return status;
}

typedef struct ranked {
    uint32_t count;
    uint32_t value;
    uint64_t order; /* among equals: says nothing */
} ranked;

static int
by_rank(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

/* Values and how often each of them is there, commonest first. */
static kith_status
rank_values(ranked **out, const uint32_t *values, uint32_t n, uint32_t n_values,
            kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(KITH_ALLOC(out, (size_t)n_values + 1, err));
    for (uint32_t v = 0; v < n_values; v++)
        (*out)[v] = (ranked){.value = v, .order = kith_hash64(&v, sizeof v)};
    for (uint32_t i = 0; i < n; i++)
        if (values[i] != KITH_DICT_NONE)
            (*out)[values[i]].count++;
    qsort(*out, n_values, sizeof **out, by_rank);
done:
    return status;
}

static uint32_t
count_values(const kith_chain *c)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->n; i++)
        if (c->names[i] != KITH_DICT_NONE && c->names[i] >= n)
            n = c->names[i] + 1;
    return n;
}

static void
judge(kith_chain_named *out, kith_chain *c, const uint32_t *said,
      const ranked *names)
{
    uint32_t n = 0, right = 0, mode = 0;
    for (uint32_t i = 0; i < c->n; i++) {
        if (c->names[i] == KITH_DICT_NONE)
            continue;
        n++;
        right += c->names[i] == said[root_of(c, i)];
        mode += c->names[i] == names[0].value;
    }
    out->named = n == 0 ? 0 : 1.0 * right / n;
    out->mode = n == 0 ? 0 : 1.0 * mode / n;
}

kith_status
kith_chain_rank(kith_chain_named *out, kith_chain *c, kith_error *err)
{
    kith_status status = KITH_OK;
    ranked *names = NULL, *sets = NULL;
    uint32_t *roots = NULL, *said = NULL;
    const uint32_t n_names = count_values(c);
    *out = (kith_chain_named){0};
    KITH_TRY(rank_values(&names, c->names, c->n, n_names, err));
    KITH_TRY(KITH_ALLOC(&roots, (size_t)c->n + 1, err));
    KITH_TRY(KITH_ALLOC(&said, (size_t)c->n + 1, err));
    for (uint32_t i = 0; i < c->n; i++)
        roots[i] =
            c->names[i] == KITH_DICT_NONE ? KITH_DICT_NONE : root_of(c, i);
    KITH_TRY(rank_values(&sets, roots, c->n, c->n, err));
    for (uint32_t s = 0; s < c->n; s++) {
        said[sets[s].value] = s < n_names ? names[s].value : KITH_DICT_NONE;
        out->n_sets += sets[s].count > 1;
    }
    out->most = c->n == 0 ? 0 : sets[0].count;
    if (n_names > 0)
        judge(out, c, said, names);
done:
    kith_free(names);
    kith_free(sets);
    kith_free(roots);
    kith_free(said);
    return status;
}

typedef struct last_seen {
    uint32_t block; /* one more than its number; 0 never */
    uint32_t row;
} last_seen;

/* Equal filters under one salt are equal names. Of the records only those are
 * joined that agree on the name that families share. */
static void
join_block(kith_chains *c, const kith_target *t, uint32_t block,
           uint32_t first_row, last_seen *last)
{
    for (uint32_t i = t->begin[block]; i < t->begin[block + 1]; i++) {
        const uint32_t name = kith_target_name(t, i, 0);
        if (name == KITH_DICT_NONE)
            continue;
        last_seen *l = &last[name];
        if (l->block == block + 1) {
            kith_chain_join(&c->rows, first_row + l->row, first_row + i);
            if (name % 2 == 0)
                kith_chain_join(&c->records, t->records[l->row], t->records[i]);
        }
        *l = (last_seen){block + 1, i};
    }
}

kith_status
kith_chains_pass(kith_chains *c, const kith_target *t, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint32_t first_row = c->rows.n;
    last_seen *last = NULL;
    if (t->n_slots == 0)
        return KITH_OK;
    for (uint32_t i = 0; i < t->n_rows; i++)
        KITH_TRY(kith_chain_add(&c->rows, kith_target_name(t, i, 0), err));
    KITH_TRY(KITH_ALLOC(&last, (size_t)kith_target_names(t) + 1, err));
    for (uint32_t b = 0; b < t->n_blocks; b++)
        join_block(c, t, b, first_row, last);
done:
    kith_free(last);
    return status;
}

void
kith_chains_done(kith_chains *c)
{
    kith_chain_done(&c->rows);
    kith_chain_done(&c->records);
}

kith_status
kith_measure_chain(const kith_subject *s, const char *name, kith_chain *c,
                   kith_error *err)
{
    kith_status status = KITH_OK;
    kith_chain_named named = {0};
    KITH_TRY(kith_chain_rank(&named, c, err));
    KITH_TRY(kith_report_add(s, name, named.named,
                             kith_gate_most(1.5 * named.mode), err,
                             "named; always the commonest: %.4f; %u sets, "
                             "greatest of %u",
                             named.mode, named.n_sets, named.most));
done:
    return status;
}
