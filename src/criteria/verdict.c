#include "criteria/verdict.h"

#include <string.h>

enum { MAX_CRITERIA = 64, MAX_CAPPED = 64 };

/* Of a "k of n": which criteria each capped member can add. */
typedef struct capped {
    const kith_node *node;
    uint32_t n_criteria;
    uint32_t n_slots; /* a member with a cap of 2 has two */
    uint64_t adds[MAX_CAPPED];
    uint32_t owner[MAX_CRITERIA]; /* slot that a criterion is given to */
} capped;

/* Which criteria of the node are at least so true, as bits. */
static uint64_t
criteria_met(kith_eval *e, const kith_node *node, kith_truth least)
{
    uint64_t met = 0;
    uint32_t i = 0;
    for (const kith_node *k = node->child; k != NULL && i < MAX_CRITERIA;
         k = k->next, i++) {
        if (kith_eval_criterion(e, k->criterion) >= least)
            met |= (uint64_t)1 << i;
    }
    return met;
}

/* Kuhn's augmenting path: gives the slot a criterion, moving others. */
static bool
give(capped *c, uint32_t slot, uint64_t *seen)
{
    for (uint32_t i = 0; i < c->n_criteria; i++) {
        const uint64_t bit = (uint64_t)1 << i;
        if ((c->adds[slot] & bit) == 0 || (*seen & bit) != 0)
            continue;
        *seen |= bit;
        if (c->owner[i] == UINT32_MAX || give(c, c->owner[i], seen)) {
            c->owner[i] = slot;
            return true;
        }
    }
    return false;
}

static uint32_t
count_bits(uint64_t x)
{
    uint32_t n = 0;
    for (; x != 0; x &= x - 1)
        n++;
    return n;
}

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

/* Criteria met, capped: those met without the capped members, and the most
 * that these can add with each its own. */
static uint32_t
count_capped(kith_eval *e, const kith_node *node, kith_truth least,
             const uint32_t *caps, uint64_t all_capped)
{
    capped c = {.node = node};
    memset(c.owner, 0xff, sizeof c.owner);
    for (const kith_node *k = node->child; k != NULL; k = k->next)
        c.n_criteria += c.n_criteria < MAX_CRITERIA;
    e->left_out = all_capped;
    kith_eval_forget(e);
    const uint64_t base = criteria_met(e, node, least);
    uint32_t n = count_bits(base);
    for (uint32_t m = 0; m < e->members.n && m < 64; m++) {
        const uint64_t bit = (uint64_t)1 << m;
        if ((all_capped & bit) == 0)
            continue;
        e->left_out = all_capped & ~bit;
        kith_eval_forget(e);
        const uint64_t adds = criteria_met(e, node, least) & ~base;
        for (uint32_t k = 0; k < caps[m] && c.n_slots < MAX_CAPPED; k++)
            c.adds[c.n_slots++] = adds;
    }
    for (uint32_t slot = 0; slot < c.n_slots; slot++) {
        uint64_t seen = 0;
        n += give(&c, slot, &seen);
    }
    e->left_out = 0;
    kith_eval_forget(e);
    return n;
}

/* "k of n" with caps; *capped false when no member is capped. */
static kith_truth
many_capped(kith_eval *e, const kith_node *node, bool *is_capped)
{
    uint32_t caps[64] = {0};
    uint64_t all_capped = 0;
    uint32_t n_criteria = 0;
    const kith_members *all = kith_eval_members(e);
    for (uint32_t i = 0; i < all->n && i < 64; i++) {
        const kith_member m = all->all[i];
        caps[i] = cap_of(e, &m);
        if (caps[i] != UINT32_MAX)
            all_capped |= (uint64_t)1 << i;
    }
    *is_capped = all_capped != 0;
    if (!*is_capped)
        return KITH_UNKNOWN;
    for (const kith_node *k = node->child; k != NULL; k = k->next)
        n_criteria++;
    const uint32_t lo = count_capped(e, node, KITH_TRUE, caps, all_capped);
    const uint32_t hi =
        e->certain ? lo : count_capped(e, node, KITH_UNKNOWN, caps, all_capped);
    return kith_truth_many(node->many, node->n, lo, hi, n_criteria);
}

static kith_truth
flag_cond(kith_eval *e, const kith_node *node)
{
    bool is_capped = false;
    if (e->cohort->caps != NULL && node->kind == KITH_NODE_MANY_OF) {
        const kith_truth t = many_capped(e, node, &is_capped);
        if (is_capped)
            return t;
    }
    return kith_eval_cond(e, node);
}

static uint8_t
find_tier(kith_eval *e)
{
    uint8_t n = 0;
    for (const kith_tier *t = e->cohort->tiers; t != NULL; t = t->next, n++) {
        if (flag_cond(e, t->cond) == KITH_TRUE)
            return n;
    }
    return KITH_NO_TIER;
}

static bool
is_near(kith_eval *e)
{
    if (e->cohort->near == NULL)
        return false;
    e->certain = true;
    const bool near = flag_cond(e, e->cohort->near) == KITH_TRUE;
    e->certain = false;
    return near;
}

kith_flagged
kith_decide(kith_eval *e)
{
    const kith_cohort *c = e->cohort;
    kith_flagged f = {KITH_VERDICT_NO, KITH_NO_TIER};
    kith_truth meant = KITH_TRUE;
    if (c->include != NULL)
        meant = kith_eval_cond(e, c->include);
    if (meant != KITH_FALSE && c->exclude != NULL)
        meant = kith_and(meant, kith_not(kith_eval_cond(e, c->exclude)));
    if (meant == KITH_FALSE) {
        f.verdict = KITH_VERDICT_OUT;
        return f;
    }
    const kith_truth all = kith_and(meant, flag_cond(e, c->yes));
    if (all == KITH_TRUE)
        f.verdict = KITH_VERDICT_YES;
    else if (meant == KITH_TRUE && is_near(e))
        f.verdict =
            all == KITH_UNKNOWN ? KITH_VERDICT_NEAR_OPEN : KITH_VERDICT_NEAR;
    else if (all == KITH_UNKNOWN)
        f.verdict = KITH_VERDICT_UNKNOWN;
    if (f.verdict != KITH_VERDICT_NO && f.verdict != KITH_VERDICT_UNKNOWN)
        f.tier = find_tier(e);
    return f;
}

const char *
kith_verdict_name(kith_verdict verdict)
{
    switch (verdict) {
    case KITH_VERDICT_YES:
        return "yes";
    case KITH_VERDICT_NEAR:
    case KITH_VERDICT_NEAR_OPEN:
        return "near";
    case KITH_VERDICT_UNKNOWN:
        return "unknown";
    case KITH_VERDICT_NO:
    case KITH_VERDICT_OUT:
        break;
    }
    return "no";
}

const char *
kith_tier_name(const kith_cohort *cohort, uint8_t tier)
{
    if (tier == KITH_NO_TIER)
        return "";
    const kith_tier *t = cohort->tiers;
    for (; t != NULL && tier > 0; tier--)
        t = t->next;
    return t != NULL ? t->name : "";
}
