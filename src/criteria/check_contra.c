/* Conditions that nobody and nothing can ever meet. */
#include "base/date.h"
#include "criteria/check.h"
#include "criteria/look.h"
#include "criteria/same.h"

#include <math.h>
#include <string.h>

/* More than anybody writes by hand: what joins more conditions is looked at
 * as far as these go, since each is held against each. */
enum { MAX_CLAIMS = 256, OLDEST = 150 };

/* One thing that must be so, or not so, of the same unit or person. */
typedef struct claim {
    const kith_node *node;
    bool denied;
    kith_pos pos; /* where it is said: a criterion's name, or the test itself */
} claim;

typedef struct claims {
    claim all[MAX_CLAIMS];
    uint32_t n;
} claims;

/* Takes a condition apart into all that must hold: "not (a or b)" is "not a"
 * and "not b", and a criterion is what it says. */
static void
gather(claims *c, const kith_node *node, bool denied, const kith_pos *named)
{
    const kith_pos pos = named != NULL ? *named : node->pos;
    const kith_node_kind joins = denied ? KITH_NODE_OR : KITH_NODE_AND;
    if (node->kind == KITH_NODE_NOT) {
        const bool joined = node->child->kind == KITH_NODE_AND ||
                            node->child->kind == KITH_NODE_OR;
        gather(c, node->child, !denied, joined ? named : &pos);
        return;
    }
    if (node->kind == joins) {
        for (const kith_node *k = node->child; k != NULL; k = k->next)
            gather(c, k, denied, named);
        return;
    }
    if (c->n == MAX_CLAIMS)
        return;
    c->all[c->n++] = (claim){node, denied, pos};
    const kith_criterion *k =
        node->kind == KITH_NODE_NAME ? node->criterion : node->define;
    if (k != NULL && k->cond != NULL)
        gather(c, k->cond, denied, &pos);
}

static bool
is_role(const kith_node *node, uint32_t role)
{
    return node->kind == KITH_NODE_ROLE && node->define == NULL &&
           node->index == role;
}

/* Ages that a claim about a person leaves; a denied one in the middle of life
 * leaves both ends, and is passed over. */
static kith_ages
ages_of(const claim *k)
{
    kith_ages a = {0, OLDEST, 0};
    if (k->node->kind == KITH_NODE_AGED && k->node->ages.day == KITH_NO_DATE)
        a = k->node->ages;
    else if (is_role(k->node, KITH_ROLE_CHILD))
        a.to = 17;
    else if (is_role(k->node, KITH_ROLE_ADULT))
        a.from = 18;
    if (!k->denied)
        return a;
    if (a.from == 0 && a.to < OLDEST)
        return (kith_ages){a.to + 1, OLDEST, 0};
    if (a.from > 0 && a.to >= OLDEST)
        return (kith_ages){0, a.from - 1, 0};
    return (kith_ages){0, OLDEST, 0};
}

static kith_range
number_range(kith_compare_op op, double limit)
{
    kith_range r = {-(double)INFINITY, (double)INFINITY};
    if (op == KITH_CMP_EQ || op == KITH_CMP_GT || op == KITH_CMP_GE)
        r.lo = limit;
    if (op == KITH_CMP_EQ || op == KITH_CMP_LT || op == KITH_CMP_LE)
        r.hi = limit;
    if (op == KITH_CMP_GT)
        r.lo = nextafter(limit, (double)INFINITY);
    if (op == KITH_CMP_LT)
        r.hi = nextafter(limit, -(double)INFINITY);
    return r;
}

static kith_range
count_range(kith_many many, double n, double n_all)
{
    switch (many) {
    case KITH_MANY_AT_LEAST:
        return number_range(KITH_CMP_GE, n);
    case KITH_MANY_AT_MOST:
        return number_range(KITH_CMP_LE, n);
    case KITH_MANY_EXACTLY:
        return number_range(KITH_CMP_EQ, n);
    case KITH_MANY_ALL:
        return number_range(KITH_CMP_EQ, n_all);
    case KITH_MANY_NONE:
        break;
    }
    return number_range(KITH_CMP_EQ, 0);
}

/* The numbers of events, members, criteria or points that a claim leaves. */
static kith_range
range_of(const claim *k)
{
    const kith_node *node = k->node;
    kith_range r = {-(double)INFINITY, (double)INFINITY};
    uint32_t n = 0;
    if (node->kind == KITH_NODE_HAS) {
        r = count_range(node->query->counted ? node->query->many
                                             : KITH_MANY_AT_LEAST,
                        node->query->count, 0);
    } else if (node->kind == KITH_NODE_QUANT) {
        r = count_range(node->who->many, node->who->n, 0);
    } else if (node->kind == KITH_NODE_SCORE) {
        r = number_range(node->op, kith_node_value(node->child).lo);
    } else if (node->kind == KITH_NODE_MANY_OF) {
        for (const kith_node *c = node->child; c != NULL; c = c->next)
            n++;
        r = count_range(node->many, node->n, n);
    }
    if (!k->denied)
        return r;
    const double end = (double)INFINITY;
    if (r.lo > -end && r.hi >= end)
        return (kith_range){-end, nextafter(r.lo, -end)};
    if (r.lo <= -end && r.hi < end)
        return (kith_range){nextafter(r.hi, end), end};
    return (kith_range){-end, end};
}

/* Do both ask how many there are of the same? "every" of nobody is true, so
 * that "every child" and "no child" may both hold. */
static bool
counts_same(const kith_node *a, const kith_node *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == KITH_NODE_HAS)
        return a->query->with == NULL && !a->query->changes &&
               a->query->of == 0 && kith_query_same_events(a->query, b->query);
    if (a->kind == KITH_NODE_QUANT)
        return !a->who->together && a->who->many != KITH_MANY_ALL &&
               b->who->many != KITH_MANY_ALL &&
               kith_who_same_people(a->who, b->who) &&
               kith_nodes_same(a->child, b->child);
    if (a->kind == KITH_NODE_SCORE)
        return strcmp(a->name, b->name) == 0;
    return a->kind == KITH_NODE_MANY_OF && kith_nodes_same(a->child, b->child);
}

static bool
excludes(const claim *a, const claim *b)
{
    if (a->denied != b->denied && kith_node_same(a->node, b->node))
        return true;
    if (a->denied == b->denied && ((is_role(a->node, KITH_ROLE_MALE) &&
                                    is_role(b->node, KITH_ROLE_FEMALE)) ||
                                   (is_role(a->node, KITH_ROLE_FEMALE) &&
                                    is_role(b->node, KITH_ROLE_MALE))))
        return true;
    if (!counts_same(a->node, b->node))
        return false;
    const kith_range x = range_of(a);
    const kith_range y = range_of(b);
    return x.hi < y.lo || y.hi < x.lo;
}

static kith_status
check_claims(const kith_checker *c, const claims *k, kith_error *err)
{
    int32_t from = 0;
    int32_t to = INT32_MAX;
    for (uint32_t i = 0; i < k->n; i++) {
        const kith_ages a = ages_of(&k->all[i]);
        from = a.from > from ? a.from : from;
        to = a.to < to ? a.to : to;
        if (from > to)
            return kith_check_hinted(
                kith_check_error(c, err, k->all[i].pos,
                                 "nobody can be of this age and role"),
                err, "a child is under 18, an adult 18 or over");
        for (uint32_t j = 0; j < i; j++) {
            if (excludes(&k->all[j], &k->all[i]))
                return kith_check_hinted(
                    kith_check_error(c, err, k->all[i].pos,
                                     "this contradicts what is said before it"),
                    err, "join the two with \"or\", or leave one out");
        }
    }
    return KITH_OK;
}

/* What one condition joins, and then each condition inside it; those whom a
 * quantifier means must meet its filter and its test. */
static kith_status
check_inside(const kith_checker *c, const kith_node *node, kith_error *err)
{
    kith_status status = KITH_OK;
    claims k = {.n = 0};
    if (node->kind == KITH_NODE_QUANT && node->who->many != KITH_MANY_ALL) {
        for (const kith_node *f = node->who->filter; f != NULL; f = f->next)
            gather(&k, f, false, NULL);
        if (node->child != NULL)
            gather(&k, node->child, false, NULL);
    } else if (node->kind == KITH_NODE_AND) {
        gather(&k, node, false, NULL);
    }
    KITH_TRY(check_claims(c, &k, err));
    if (node->kind == KITH_NODE_HAS)
        return KITH_OK;
    for (const kith_node *n = node->child; n != NULL; n = n->next)
        KITH_TRY(check_inside(c, n, err));
done:
    return status;
}

/* Can a unit that the cohort is about ever meet the condition? */
static kith_status
check_meant(const kith_checker *c, const kith_node *node, kith_error *err)
{
    const kith_cohort *cohort = c->cohort;
    claims k = {.n = 0};
    if (node == NULL)
        return KITH_OK;
    if (cohort->include != NULL)
        gather(&k, cohort->include, false, NULL);
    if (cohort->exclude != NULL)
        gather(&k, cohort->exclude, true, NULL);
    gather(&k, node, false, NULL);
    return check_claims(c, &k, err);
}

kith_status
kith_check_contradictions(const kith_checker *c, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_cohort *k = c->cohort;
    const kith_node *const conds[] = {k->include, k->exclude, k->yes, k->near};
    for (const kith_criterion *i = k->criteria; i != NULL; i = i->next) {
        if (i->cond != NULL)
            KITH_TRY(check_inside(c, i->cond, err));
        for (const kith_weight *w = i->weights; w != NULL; w = w->next)
            KITH_TRY(check_inside(c, w->cond, err));
    }
    for (size_t i = 0; i < sizeof conds / sizeof *conds; i++) {
        if (conds[i] != NULL)
            KITH_TRY(check_inside(c, conds[i], err));
    }
    for (const kith_tier *t = k->tiers; t != NULL; t = t->next)
        KITH_TRY(check_inside(c, t->cond, err));
    KITH_TRY(check_meant(c, k->yes, err));
    KITH_TRY(check_meant(c, k->near, err));
done:
    return status;
}
