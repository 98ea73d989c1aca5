#include "criteria/verdict.h"

#include <stddef.h>

/* Caps are of the flag's own "k of n": a criterion that names others by one
 * is met or not as it is. */
static kith_truth
flag_cond(kith_eval *e, const kith_node *node)
{
    e->caps = e->cohort->caps != NULL;
    const kith_truth t = kith_eval_cond(e, node);
    e->caps = false;
    return t;
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
    if (kith_eval_is_gone(e))
        meant = KITH_FALSE;
    else if (c->include != NULL)
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
