#include "criteria/capped.h"

#include "base/alloc.h"

#include <string.h>

typedef struct capped {
    kith_eval *e;
    const kith_node *node;
    uint32_t n_criteria;
    uint32_t n_members;
    uint32_t *caps;    /* of each member; UINT32_MAX: not capped */
    uint8_t *left_out; /* a byte a member */
    uint8_t *base;     /* a byte a criterion: met without capped members */
    uint8_t *adds;     /* of each member, a byte a criterion: met with them */
    uint32_t *owner;   /* of each criterion: the member it is counted for */
    uint8_t *seen;
} capped;

#define NOBODY UINT32_MAX

/* The cap of a member, UINT32_MAX when none applies. */
static uint32_t
cap_of(kith_eval *e, const kith_member *m)
{
    uint32_t cap = UINT32_MAX;
    for (const kith_cap *c = e->cohort->caps; c != NULL; c = c->next) {
        if (kith_eval_node(e, c->test, m) == KITH_TRUE && c->n < cap)
            cap = c->n;
    }
    return cap;
}

static kith_status
prepare(capped *c)
{
    kith_status status = KITH_OK;
    const size_t n = c->n_criteria;
    KITH_TRY(KITH_ALLOC(&c->left_out, c->n_members, NULL));
    KITH_TRY(KITH_ALLOC(&c->base, n, NULL));
    KITH_TRY(KITH_ALLOC(&c->adds, n * c->n_members, NULL));
    KITH_TRY(KITH_ALLOC(&c->owner, n, NULL));
    KITH_TRY(KITH_ALLOC(&c->seen, n, NULL));
done:
    return status;
}

static void
release(capped *c)
{
    kith_free(c->caps);
    kith_free(c->left_out);
    kith_free(c->base);
    kith_free(c->adds);
    kith_free(c->owner);
    kith_free(c->seen);
}

/* Which criteria are at least so true now, beyond those of @p already. */
static uint32_t
find_met(capped *c, uint8_t *met, kith_truth least, const uint8_t *already)
{
    uint32_t n = 0;
    uint32_t i = 0;
    kith_eval_forget(c->e);
    for (const kith_node *k = c->node->child; k != NULL; k = k->next, i++) {
        met[i] = (already == NULL || !already[i]) &&
                 kith_eval_criterion(c->e, k->criterion) >= least;
        n += met[i];
    }
    return n;
}

/* An augmenting path: gives the member a criterion, moving others. */
static bool
give(capped *c, uint32_t member)
{
    for (uint32_t i = 0; i < c->n_criteria; i++) {
        if (!c->adds[(size_t)member * c->n_criteria + i] || c->seen[i])
            continue;
        c->seen[i] = 1;
        if (c->owner[i] == NOBODY || give(c, c->owner[i])) {
            c->owner[i] = member;
            return true;
        }
    }
    return false;
}

/* Criteria met without the capped members, and the most that these can add. */
static uint32_t
count_met(capped *c, kith_truth least)
{
    memset(c->owner, 0xff, c->n_criteria * sizeof *c->owner);
    for (uint32_t m = 0; m < c->n_members; m++)
        c->left_out[m] = c->caps[m] != UINT32_MAX;
    c->e->left_out = c->left_out;
    uint32_t n = find_met(c, c->base, least, NULL);
    for (uint32_t m = 0; m < c->n_members; m++) {
        if (c->caps[m] == UINT32_MAX)
            continue;
        c->left_out[m] = 0;
        find_met(c, c->adds + (size_t)m * c->n_criteria, least, c->base);
        c->left_out[m] = 1;
    }
    for (uint32_t m = 0; m < c->n_members; m++) {
        bool given = c->caps[m] != UINT32_MAX;
        for (uint32_t k = 0; given && k < c->caps[m]; k++) {
            memset(c->seen, 0, c->n_criteria);
            given = give(c, m);
            n += given;
        }
    }
    c->e->left_out = NULL;
    kith_eval_forget(c->e);
    return n;
}

bool
kith_eval_capped(kith_eval *e, const kith_node *node, kith_truth *out)
{
    const kith_members *all = kith_eval_members(e);
    capped c = {.e = e, .node = node, .n_members = all->n};
    bool any = false;
    if (KITH_ALLOC(&c.caps, (size_t)all->n + 1, NULL) != KITH_OK) {
        e->status = KITH_ERR_MEMORY;
        return false;
    }
    for (uint32_t m = 0; m < all->n; m++) {
        c.caps[m] = cap_of(e, &all->all[m]);
        any = any || c.caps[m] != UINT32_MAX;
    }
    if (!any)
        goto done;
    for (const kith_node *k = node->child; k != NULL; k = k->next)
        c.n_criteria++;
    if (prepare(&c) != KITH_OK) {
        e->status = KITH_ERR_MEMORY;
        goto done;
    }
    const uint32_t lo = count_met(&c, KITH_TRUE);
    const uint32_t hi = e->certain ? lo : count_met(&c, KITH_UNKNOWN);
    *out = kith_truth_many(node->many, node->n, lo, hi, c.n_criteria);
done:
    release(&c);
    return any;
}
