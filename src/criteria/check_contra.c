/* Conditions that nobody and nothing can ever meet. */
#include "base/date.h"
#include "criteria/check.h"
#include "criteria/look.h"

#include <math.h>
#include <strings.h>

/* Ages that a test on the person leaves. */
static kith_ages
ages_of(const kith_node *test)
{
    kith_ages a = {0, INT32_MAX, 0};
    if (test->kind == KITH_NODE_AGED && test->ages.day == KITH_NO_DATE)
        a = test->ages;
    else if (test->kind == KITH_NODE_ROLE && test->define == NULL &&
             test->index == KITH_ROLE_CHILD)
        a.to = 17;
    else if (test->kind == KITH_NODE_ROLE && test->define == NULL &&
             test->index == KITH_ROLE_ADULT)
        a.from = 18;
    return a;
}

static bool
is_role(const kith_node *node, uint32_t role)
{
    return node->kind == KITH_NODE_ROLE && node->define == NULL &&
           node->index == role;
}

/* The same criterion, or the same word for a person? */
static bool
is_same(const kith_node *a, const kith_node *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == KITH_NODE_NAME)
        return a->criterion == b->criterion;
    return a->kind == KITH_NODE_ROLE && a->define == b->define &&
           a->index == b->index && a->roles == b->roles;
}

static bool
excludes(const kith_node *a, const kith_node *b)
{
    return (a->kind == KITH_NODE_NOT && is_same(a->child, b)) ||
           (b->kind == KITH_NODE_NOT && is_same(b->child, a)) ||
           (is_role(a, KITH_ROLE_MALE) && is_role(b, KITH_ROLE_FEMALE)) ||
           (is_role(a, KITH_ROLE_FEMALE) && is_role(b, KITH_ROLE_MALE));
}

kith_status
kith_check_together(const kith_checker *c, const kith_node *nodes,
                    kith_error *err)
{
    int32_t from = 0;
    int32_t to = INT32_MAX;
    for (const kith_node *f = nodes; f != NULL; f = f->next) {
        const kith_ages a = ages_of(f);
        from = a.from > from ? a.from : from;
        to = a.to < to ? a.to : to;
        if (from > to) {
            const kith_status status = kith_check_error(
                c, err, f->pos, "nobody can be of this age and role");
            kith_error_hint(err, "a child is under 18, an adult 18 or over");
            return status;
        }
        for (const kith_node *k = nodes; k != f; k = k->next) {
            if (!excludes(k, f))
                continue;
            const kith_status status = kith_check_error(
                c, err, f->pos, "this contradicts what is said before it");
            kith_error_hint(err, "join the two with \"or\", or leave one out");
            return status;
        }
    }
    return KITH_OK;
}

static const char *
code_of(const kith_node *test, uint32_t i)
{
    if (test->scale != NULL)
        return test->scale->words[test->texts - test->scale->texts + i];
    return test->set != NULL ? test->set->words[i] : test->words[i];
}

/* Is no code in both? By their names: one that nobody sends has no number. */
static bool
are_apart(const kith_node *a, const kith_node *b)
{
    for (uint32_t i = 0; i < a->n_texts; i++) {
        for (uint32_t k = 0; k < b->n_texts; k++) {
            if (strcasecmp(code_of(a, i), code_of(b, k)) == 0)
                return false;
        }
    }
    return true;
}

static bool
is_of_same(const kith_node *a, const kith_node *b)
{
    return a->kind == b->kind &&
           (a->kind == KITH_NODE_TEST_AGE || a->index == b->index);
}

/* The range of values a test leaves; ends that do not belong to it are moved
 * by the least that an amount has: a hundredth, an age: a year. */
static kith_range
range_of(const kith_node *test)
{
    const kith_range value = kith_node_value(test->child);
    const double least = test->kind == KITH_NODE_TEST_AGE ? 1 : 0.01;
    kith_range r = {-(double)INFINITY, (double)INFINITY};
    switch (test->op) {
    case KITH_CMP_EQ:
        return value;
    case KITH_CMP_LT:
        r.hi = value.hi - least;
        break;
    case KITH_CMP_LE:
        r.hi = value.hi;
        break;
    case KITH_CMP_GT:
        r.lo = value.lo + least;
        break;
    case KITH_CMP_GE:
        r.lo = value.lo;
        break;
    case KITH_CMP_NE:
        break;
    }
    return r;
}

kith_status
kith_check_tests_together(const kith_checker *c, const kith_node *tests,
                          kith_error *err)
{
    for (const kith_node *t = tests; t != NULL; t = t->next) {
        const bool number =
            t->kind == KITH_NODE_TEST_AMOUNT || t->kind == KITH_NODE_TEST_AGE;
        for (const kith_node *k = tests; k != t; k = k->next) {
            bool never = false;
            if (!is_of_same(t, k))
                continue;
            if (t->kind == KITH_NODE_TEST_CODE && !t->negated && !k->negated)
                never = are_apart(t, k);
            if (number)
                never = range_of(t).hi < range_of(k).lo - 1e-9 ||
                        range_of(k).hi < range_of(t).lo - 1e-9;
            if (!never)
                continue;
            const kith_status status =
                kith_check_error(c, err, t->pos,
                                 "no event can meet this and what is said "
                                 "before it");
            kith_error_hint(err, "several codes are said as \"in {a, b}\"");
            return status;
        }
    }
    return KITH_OK;
}
