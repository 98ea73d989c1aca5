/* Conditions: logic, members, areas, cohorts. */
#include "criteria/eval.h"

#include "base/alloc.h"
#include "base/date.h"
#include "criteria/capped.h"

#include <strings.h>

static void
add_finding(kith_eval *e, kith_truth truth, const kith_node *trait,
            uint32_t person)
{
    if (e->trace == NULL)
        return;
    const kith_finding f = {.truth = (uint8_t)truth,
                            .leaf = (uint8_t)truth,
                            .trait = trait,
                            .person = person,
                            .event = UINT64_MAX};
    if (kith_trace_add(e->trace, f) != KITH_OK)
        e->status = KITH_ERR_MEMORY;
}

static size_t
mark(const kith_eval *e)
{
    return e->trace != NULL ? e->trace->n : 0;
}

static void
keep(kith_eval *e, size_t from, kith_truth truth)
{
    if (e->trace != NULL)
        kith_trace_keep(e->trace, from, truth);
}

/* What is known of an age at the reference date, or on a day: then from the
 * birth month alone, whose first and last day may differ by one year. A
 * family's parent of unknown age is an adult all the same. */
static kith_range
age_of(const kith_eval *e, const kith_member *who, int32_t day)
{
    enum { OLDEST = 150, DEPENDENT = 18 };
    const kith_world *w = e->world;
    const kith_person *p = &w->people->persons[who->person];
    if (day == KITH_NO_DATE && p->age >= 0)
        return (kith_range){p->age, p->age};
    if (day != KITH_NO_DATE && p->born_month != KITH_NO_DATE)
        return (kith_range){
            kith_age_years(kith_add_months(p->born_month, 1) - 1, day),
            kith_age_years(p->born_month, day)};
    if (day == KITH_NO_DATE && (who->roles & w->adult_roles) != 0)
        return (kith_range){DEPENDENT, OLDEST};
    if (day == KITH_NO_DATE && (who->roles & w->child_roles) != 0)
        return (kith_range){0, DEPENDENT};
    return (kith_range){0, OLDEST};
}

static kith_truth
is_aged(const kith_eval *e, const kith_member *who, const kith_ages *ages)
{
    const int32_t known = e->world->people->persons[who->person].age;
    if (ages->day == KITH_NO_DATE && known >= 0)
        return kith_truth_of(known >= ages->from && known <= ages->to);
    const kith_range age = age_of(e, who, ages->day);
    const kith_range from = {ages->from, ages->from};
    const kith_range to = {ages->to, ages->to};
    return kith_and(kith_truth_compare(age, KITH_CMP_GE, from),
                    kith_truth_compare(age, KITH_CMP_LE, to));
}

static kith_truth
has_role(kith_eval *e, const kith_node *node, const kith_member *who)
{
    static const kith_ages child = {0, 17, KITH_NO_DATE};
    static const kith_ages adult = {18, 150, KITH_NO_DATE};
    const uint8_t sex = e->world->people->persons[who->person].sex;
    if (node->define != NULL)
        return kith_eval_node(e, node->define->cond, who);
    switch (node->index) {
    case KITH_ROLE_MEMBER:
        return KITH_TRUE;
    case KITH_ROLE_CHILD:
        return is_aged(e, who, &child);
    case KITH_ROLE_ADULT:
        return is_aged(e, who, &adult);
    case KITH_ROLE_MALE:
        return sex == 0 ? KITH_UNKNOWN : kith_truth_of(sex == 1);
    case KITH_ROLE_FEMALE:
        return sex == 0 ? KITH_UNKNOWN : kith_truth_of(sex == 2);
    default:
        return kith_truth_of((who->roles & node->roles) != 0);
    }
}

/* A test on the person that reads no event. */
static kith_truth
eval_trait(kith_eval *e, const kith_node *node, const kith_member *who)
{
    const size_t from = mark(e);
    const kith_truth t = node->kind == KITH_NODE_ROLE
                             ? has_role(e, node, who)
                             : is_aged(e, who, &node->ages);
    if (mark(e) == from)
        add_finding(e, t, node, who->person);
    return t;
}

static kith_truth
eval_filter(kith_eval *e, const kith_who *who, const kith_member *m)
{
    const size_t from = mark(e);
    kith_truth t = KITH_TRUE;
    for (const kith_node *f = who->filter; f != NULL; f = f->next) {
        t = kith_and(t, kith_eval_node(e, f, m));
        if (t == KITH_FALSE)
            break;
    }
    keep(e, from, t);
    return t;
}

static bool
is_left_out(const kith_eval *e, uint32_t person)
{
    if (e->left_out == NULL)
        return false;
    for (uint32_t i = 0; i < e->members.n; i++) {
        if (e->members.all[i].person == person)
            return e->left_out[i] != 0;
    }
    return false;
}

/* More people can only take such a query one way. */
static bool
is_one_way(const kith_query *q)
{
    return q->with == NULL && !q->changes && q->pick == KITH_PICK_ALL &&
           q->lasting.count == NULL && q->window.fixed &&
           q->active_at.query == NULL &&
           (!q->counted || q->many != KITH_MANY_EXACTLY);
}

static void
pool_add(kith_eval *e, kith_members *pool, kith_member member)
{
    if (KITH_GROW(&pool->all, &pool->cap, (size_t)pool->n + 1, NULL) != KITH_OK)
        e->status = KITH_ERR_MEMORY;
    else
        pool->all[pool->n++] = member;
}

/* Is the answer another with those who may or may not pass? */
static bool
may_change(kith_eval *e, const kith_query *q, kith_truth t, kith_members *pool,
           const kith_members *maybe)
{
    kith_trace *trace = e->trace;
    if (maybe->n == 0)
        return false;
    e->trace = NULL; /* the certain ones explain the answer */
    for (uint32_t i = 0; i < maybe->n; i++)
        pool_add(e, pool, maybe->all[i]);
    const bool other =
        !is_one_way(q) || kith_eval_query(e, q, pool->all, pool->n) != t;
    e->trace = trace;
    return other;
}

/* "children together have": the pooled events of all who pass for certain;
 * a member who may or may not pass leaves the answer open, unless it is the
 * same with them. */
static kith_truth
eval_together(kith_eval *e, const kith_node *node, const kith_members *all)
{
    kith_members pool = {0};
    kith_members maybe = {0};
    for (uint32_t i = 0; i < all->n; i++) {
        if (is_left_out(e, all->all[i].person))
            continue;
        const kith_truth f = eval_filter(e, node->who, &all->all[i]);
        if (f != KITH_FALSE)
            pool_add(e, f == KITH_TRUE ? &pool : &maybe, all->all[i]);
    }
    const kith_query *q = node->child->query;
    const size_t from = mark(e);
    kith_truth t = kith_eval_query(e, q, pool.all, pool.n);
    if (may_change(e, q, t, &pool, &maybe)) {
        t = KITH_UNKNOWN;
        if (e->trace != NULL)
            kith_trace_stamp(e->trace, from, t);
    }
    keep(e, from, t);
    kith_free(pool.all);
    kith_free(maybe.all);
    return t;
}

/* What a member's truth says of the whole: for "no" the opposite, for "at
 * most" and "exactly" everything found belongs to the answer. */
static void
settle(kith_eval *e, size_t from, kith_many many, kith_truth result)
{
    if (e->trace == NULL)
        return;
    if (many == KITH_MANY_NONE)
        kith_trace_flip(e->trace, from);
    if (many == KITH_MANY_AT_MOST || many == KITH_MANY_EXACTLY)
        kith_trace_stamp(e->trace, from, result);
    kith_trace_keep(e->trace, from, result);
}

/* Does the condition hold of nobody whose events are of these types? */
static bool
is_never(const kith_eval *e, const kith_node *node, uint64_t types)
{
    const bool any = node->kind == KITH_NODE_AND;
    if (node->kind == KITH_NODE_HAS)
        return kith_eval_is_never(e, node->query, types);
    if (!any && node->kind != KITH_NODE_OR)
        return false;
    for (const kith_node *k = node->child; k != NULL; k = k->next) {
        if (is_never(e, k, types) == any)
            return any;
    }
    return !any;
}

static kith_truth
eval_quant(kith_eval *e, const kith_node *node)
{
    const kith_who *who = node->who;
    const kith_members *all =
        who->household ? kith_eval_housemates(e) : kith_eval_members(e);
    if (who->many != KITH_MANY_ALL && node->child != NULL && !who->together &&
        is_never(e, node->child, all->types))
        return kith_truth_many(who->many, who->n, 0, 0, 0);
    if (who->together)
        return eval_together(e, node, all);
    const size_t start = mark(e);
    uint32_t lo = 0;
    uint32_t hi = 0;
    uint32_t n = 0;
    for (uint32_t i = 0; i < all->n; i++) {
        const kith_member m = all->all[i];
        if (is_left_out(e, m.person))
            continue;
        const size_t from = mark(e);
        kith_truth t = eval_filter(e, who, &m);
        if (who->many == KITH_MANY_ALL)
            t = kith_not(t);
        /* "every": who does not pass the filter satisfies the rest. */
        const bool decided =
            who->many == KITH_MANY_ALL ? t == KITH_TRUE : t == KITH_FALSE;
        if (decided && e->trace != NULL)
            e->trace->n = from; /* not one of those meant: says nothing */
        if (!decided && node->child != NULL) {
            const kith_truth p = kith_eval_node(e, node->child, &m);
            t = who->many == KITH_MANY_ALL ? kith_or(t, p) : kith_and(t, p);
        }
        keep(e, from, t);
        lo += t == KITH_TRUE;
        hi += t != KITH_FALSE;
        n++;
    }
    const kith_truth result = kith_truth_many(who->many, who->n, lo, hi, n);
    settle(e, start, who->many, result);
    return result;
}

static kith_truth
eval_join(kith_eval *e, const kith_node *node, const kith_member *who)
{
    const bool is_and = node->kind == KITH_NODE_AND;
    const kith_truth last = is_and ? KITH_FALSE : KITH_TRUE;
    const size_t from = mark(e);
    kith_truth t = is_and ? KITH_TRUE : KITH_FALSE;
    for (const kith_node *k = node->child; k != NULL; k = k->next) {
        const kith_truth v = kith_eval_node(e, k, who);
        t = is_and ? kith_and(t, v) : kith_or(t, v);
        if (t == last && e->trace == NULL)
            return t;
    }
    keep(e, from, t);
    return t;
}

static kith_truth
eval_named(kith_eval *e, const kith_criterion *k, const kith_member *who)
{
    const bool remember =
        e->trace == NULL && e->memo != NULL &&
        (!k->of_person || (who != NULL && who->person == e->self.person));
    const bool caps = e->caps;
    kith_truth t = KITH_UNKNOWN;
    e->caps = false; /* the criterion's own "k of n" counts everybody */
    if (remember && e->memo[k->number] != 0)
        t = (kith_truth)(e->memo[k->number] - 1);
    else
        t = kith_eval_node(e, k->cond, who);
    e->caps = caps;
    if (remember)
        e->memo[k->number] = (uint8_t)(t + 1);
    return e->certain && t == KITH_UNKNOWN ? KITH_FALSE : t;
}

static kith_truth
eval_many_of(kith_eval *e, const kith_node *node, const kith_member *who)
{
    const size_t from = mark(e);
    uint32_t lo = 0;
    uint32_t hi = 0;
    uint32_t n = 0;
    kith_truth of_capped = KITH_UNKNOWN;
    if (e->caps && who == NULL && kith_eval_capped(e, node, &of_capped))
        return of_capped;
    for (const kith_node *k = node->child; k != NULL; k = k->next, n++) {
        const kith_truth t = eval_named(e, k->criterion, who);
        lo += t == KITH_TRUE;
        hi += t != KITH_FALSE;
    }
    const kith_truth t = kith_truth_many(node->many, node->n, lo, hi, n);
    settle(e, from, node->many, t);
    return t;
}

static kith_truth
eval_score(kith_eval *e, const kith_node *node, const kith_member *who)
{
    const size_t from = mark(e);
    kith_range sum = {0, 0};
    for (const kith_weight *w = node->criterion->weights; w != NULL;
         w = w->next) {
        const kith_truth t = kith_eval_node(e, w->cond, who);
        sum.lo += t == KITH_TRUE ? w->weight : 0;
        sum.hi += t != KITH_FALSE ? w->weight : 0;
    }
    const kith_range limit = {node->child->number, node->child->number};
    const kith_truth t = kith_truth_compare(sum, node->op, limit);
    keep(e, from, t);
    return t;
}

static kith_truth
verdict_says(uint8_t verdict, bool near)
{
    switch ((kith_verdict)verdict) {
    case KITH_VERDICT_UNKNOWN:
        return KITH_UNKNOWN;
    case KITH_VERDICT_NEAR:
        return kith_truth_of(near);
    case KITH_VERDICT_NEAR_OPEN:
        return near ? KITH_TRUE : KITH_UNKNOWN;
    case KITH_VERDICT_YES:
        return kith_truth_of(!near);
    case KITH_VERDICT_NO:
    case KITH_VERDICT_OUT:
        break;
    }
    return KITH_FALSE;
}

static kith_truth
eval_cohort(kith_eval *e, const kith_node *node, const kith_member *who)
{
    const uint8_t *verdicts = e->world->verdicts[node->cohort];
    const kith_level level = e->world->program->cohorts[node->cohort]->level;
    const kith_people *people = e->world->people;
    kith_truth t = KITH_FALSE;
    if (verdicts == NULL) {
        t = KITH_UNKNOWN; /* not in force today: nobody can say */
    } else if (level == KITH_LEVEL_PERSON && who != NULL) {
        t = verdict_says(verdicts[who->person], node->near);
    } else if (who == NULL) {
        t = verdict_says(verdicts[e->unit], node->near);
    } else {
        const kith_units *u = level == KITH_LEVEL_FAMILY ? &people->families
                                                         : &people->households;
        for (uint32_t i = u->of_first[who->person];
             i < u->of_first[who->person + 1]; i++)
            t = kith_or(t, verdict_says(verdicts[u->of[i]], node->near));
    }
    add_finding(e, t, node, who != NULL ? who->person : KITH_NO_PERSON);
    return t;
}

static bool
names_area(const char *const *words, uint32_t n, const char *area, uint32_t *at)
{
    for (*at = 0; *at < n; ++*at) {
        if (strcasecmp(words[*at], area) == 0)
            return true;
    }
    return false;
}

static kith_truth
person_area(const kith_eval *e, const kith_node *node, uint32_t person)
{
    const kith_world *w = e->world;
    const kith_person *p = &w->people->persons[person];
    const bool table = node->kind == KITH_NODE_AREA;
    const char *const *words = table ? node->table->areas : node->words;
    const uint32_t n = table ? node->table->n : node->n_words;
    uint32_t at = 0;
    if (p->district == KITH_NO_AREA)
        return KITH_UNKNOWN;
    const bool found =
        (p->neighbourhood != KITH_NO_AREA &&
         names_area(words, n, w->neighbourhoods[p->neighbourhood], &at)) ||
        names_area(words, n, w->districts[p->district], &at);
    if (!table)
        return kith_truth_of(found);
    if (!found)
        return KITH_UNKNOWN;
    const kith_range value = {node->table->values[at], node->table->values[at]};
    const kith_range limit = {node->child->number, node->child->number};
    return kith_truth_compare(value, node->op, limit);
}

/* A family lives where any of its members does. */
static kith_truth
eval_area(kith_eval *e, const kith_node *node, const kith_member *who)
{
    kith_truth t = KITH_FALSE;
    if (who != NULL) {
        t = person_area(e, node, who->person);
    } else {
        const kith_members *all = kith_eval_members(e);
        for (uint32_t i = 0; i < all->n; i++)
            t = kith_or(t, person_area(e, node, all->all[i].person));
    }
    add_finding(e, t, node, who != NULL ? who->person : KITH_NO_PERSON);
    return t;
}

kith_truth
kith_eval_node(kith_eval *e, const kith_node *node, const kith_member *who)
{
    const size_t from = mark(e);
    kith_truth t = KITH_UNKNOWN;
    switch ((int)node->kind) {
    case KITH_NODE_AND:
    case KITH_NODE_OR:
        return eval_join(e, node, who);
    case KITH_NODE_NOT:
        t = kith_not(kith_eval_node(e, node->child, who));
        if (e->trace != NULL)
            kith_trace_flip(e->trace, from);
        return t;
    case KITH_NODE_QUANT:
        return eval_quant(e, node);
    case KITH_NODE_HAS:
        return kith_eval_query(e, node->query, who, 1);
    case KITH_NODE_ROLE:
    case KITH_NODE_AGED:
        return eval_trait(e, node, who);
    case KITH_NODE_COHORT:
        return eval_cohort(e, node, who);
    case KITH_NODE_LIVES:
    case KITH_NODE_AREA:
        return eval_area(e, node, who);
    case KITH_NODE_SCORE:
        return eval_score(e, node, who);
    case KITH_NODE_MANY_OF:
        return eval_many_of(e, node, who);
    default:
        return eval_named(e, node->criterion, who);
    }
}

static const kith_member *
subject(const kith_eval *e)
{
    return e->cohort->level == KITH_LEVEL_PERSON ? &e->self : NULL;
}

kith_truth
kith_eval_cond(kith_eval *e, const kith_node *node)
{
    return kith_eval_node(e, node, subject(e));
}

kith_truth
kith_eval_criterion(kith_eval *e, const kith_criterion *criterion)
{
    return eval_named(e, criterion, subject(e));
}
