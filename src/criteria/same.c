#include "criteria/same.h"

#include <string.h>

static bool
is_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool
are_words(const kith_node *a, const kith_node *b)
{
    if (a->n_words != b->n_words)
        return false;
    for (uint32_t i = 0; i < a->n_words; i++) {
        if (strcmp(a->words[i], b->words[i]) != 0)
            return false;
    }
    return true;
}

/* Either none or the same. */
static bool
is_node(const kith_node *a, const kith_node *b)
{
    return a == b || (a != NULL && b != NULL && kith_node_same(a, b));
}

static bool
is_query(const kith_query *a, const kith_query *b)
{
    return a == b || (a != NULL && b != NULL && a->counted == b->counted &&
                      a->many == b->many && is_node(a->n, b->n) &&
                      kith_query_same_events(a, b));
}

static bool
is_anchor(const kith_anchor *a, const kith_anchor *b)
{
    return a->end == b->end && a->family == b->family &&
           is_query(a->query, b->query);
}

static bool
is_window(const kith_window *a, const kith_window *b)
{
    return a->kind == b->kind && a->unit == b->unit && a->from == b->from &&
           a->to == b->to && is_node(a->n, b->n) &&
           is_anchor(&a->anchor, &b->anchor);
}

static bool
is_span(const kith_span *a, const kith_span *b)
{
    return a->unit == b->unit && is_node(a->count, b->count);
}

bool
kith_query_same_events(const kith_query *a, const kith_query *b)
{
    return is_text(a->event, b->event) && a->pick == b->pick &&
           a->match == b->match && a->active == b->active &&
           a->shorter == b->shorter && a->changes == b->changes &&
           a->up == b->up && a->run == b->run && a->of == b->of &&
           a->period == b->period && kith_nodes_same(a->tests, b->tests) &&
           kith_nodes_same(a->with, b->with) &&
           is_window(&a->window, &b->window) &&
           is_anchor(&a->active_at, &b->active_at) &&
           is_span(&a->lasting, &b->lasting) && is_span(&a->gaps, &b->gaps) &&
           is_query(a->during, b->during) &&
           is_node(a->measured, b->measured) && is_node(a->change, b->change) &&
           is_window(&a->before, &b->before) && is_window(&a->after, &b->after);
}

bool
kith_who_same_people(const kith_who *a, const kith_who *b)
{
    return a->together == b->together && a->household == b->household &&
           kith_nodes_same(a->filter, b->filter);
}

static bool
is_who(const kith_who *a, const kith_who *b)
{
    return a == b || (a != NULL && b != NULL && a->many == b->many &&
                      a->n == b->n && kith_who_same_people(a, b));
}

bool
kith_nodes_same(const kith_node *a, const kith_node *b)
{
    for (; a != NULL && b != NULL; a = a->next, b = b->next) {
        if (!kith_node_same(a, b))
            return false;
    }
    return a == b;
}

bool
kith_node_same(const kith_node *a, const kith_node *b)
{
    if (a == b)
        return true;
    /* a parameter has its value in `number` too, once it is bound */
    const bool number = a->kind != KITH_NODE_NUMBER ||
                        !(a->number < b->number || a->number > b->number);
    return a->kind == b->kind && number && is_text(a->name, b->name) &&
           are_words(a, b) && a->op == b->op && a->many == b->many &&
           a->aggregate == b->aggregate && a->n == b->n &&
           a->arith == b->arith && a->negated == b->negated &&
           a->near == b->near && a->ages.from == b->ages.from &&
           a->ages.to == b->ages.to && a->ages.day == b->ages.day &&
           is_who(a->who, b->who) && is_query(a->query, b->query) &&
           kith_nodes_same(a->child, b->child);
}
