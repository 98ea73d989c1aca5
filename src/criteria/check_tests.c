/* Tests that no event can ever meet all at once. */
#include "base/date.h"
#include "criteria/check.h"
#include "criteria/look.h"

#include <math.h>
#include <strings.h>

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
