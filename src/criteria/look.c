/* Which events a query means. */
#include "criteria/look.h"

#include "base/date.h"

/* The range of a test's other side: a number, a parameter, arithmetic. */
kith_range
kith_node_value(const kith_node *node)
{
    if (node->kind != KITH_NODE_ARITH)
        return (kith_range){node->number, node->number};
    return kith_range_arith(kith_node_value(node->child), node->arith,
                            kith_node_value(node->child->next));
}

int32_t
kith_event_amount(const kith_world *w, const kith_event *event, uint32_t slot)
{
    const kith_event_type *t = &w->vocabulary->types[event->type];
    if (slot >= t->n_amounts)
        return KITH_NO_AMOUNT;
    return (int32_t)
        w->events->attributes[event->attributes + t->n_codes + slot];
}

static kith_truth
test_code(const kith_world *w, const kith_node *test, const kith_event *event)
{
    const kith_event_type *t = &w->vocabulary->types[event->type];
    const uint32_t code =
        test->index < t->n_codes
            ? w->events->attributes[event->attributes + test->index]
            : KITH_NO_CODE;
    if (code == KITH_NO_CODE)
        return KITH_UNKNOWN;
    bool found = false;
    for (uint32_t i = 0; i < test->n_texts && !found; i++)
        found = test->texts[i] == code;
    return kith_truth_of(found != test->negated);
}

static kith_truth
test_one(const kith_world *w, const kith_node *test, const kith_event *event)
{
    kith_range value = {event->age, event->age};
    kith_truth t = KITH_FALSE;
    switch ((int)test->kind) {
    case KITH_NODE_TEST_CODE:
        return test_code(w, test, event);
    case KITH_NODE_TEST_ANY:
        for (const kith_node *k = test->child; k != NULL; k = k->next)
            t = kith_or(t, test_one(w, k, event));
        return t;
    case KITH_NODE_TEST_AGE:
        if (event->age < 0)
            return KITH_UNKNOWN;
        break;
    default: {
        const int32_t amount = kith_event_amount(w, event, test->index);
        if (amount == KITH_NO_AMOUNT)
            return KITH_UNKNOWN;
        value.lo = value.hi = amount / 100.0;
    }
    }
    return kith_truth_compare(value, test->op, kith_node_value(test->child));
}

kith_truth
kith_eval_tests(const kith_world *w, const kith_node *tests,
                const kith_event *event)
{
    kith_truth t = KITH_TRUE;
    for (; tests != NULL && t != KITH_FALSE; tests = tests->next)
        t = kith_and(t, test_one(w, tests, event));
    return t;
}

static bool
in_time(const kith_look *l, const kith_event *event)
{
    const kith_days d = l->p->days;
    if (event->end < l->e->cohort->oldest)
        return false; /* expired */
    switch (l->q->match) {
    case KITH_MATCH_START:
        return event->start >= d.from && event->start <= d.to;
    case KITH_MATCH_END:
        return event->end != KITH_OPEN_END && event->end >= d.from &&
               event->end <= d.to;
    case KITH_MATCH_OVERLAP:
        break;
    }
    return event->start <= d.to && event->end >= d.from;
}

/* Does the person have an event of the other query on one of these days? */
static kith_truth
during(const kith_look *l, const kith_event *event, uint32_t person)
{
    const kith_world *w = l->e->world;
    const kith_query *q = l->q->during;
    const kith_days days = {event->start,
                            event->end == KITH_OPEN_END ? w->day : event->end};
    kith_truth t = kith_truth_of(0);
    uint64_t lo = 0;
    uint64_t hi = 0;
    if (!kith_eval_covered(w, q, person, &days))
        t = KITH_UNKNOWN;
    kith_events_range(w->events, person, q->type, &lo, &hi);
    for (uint64_t i = lo; i < hi; i++) {
        const kith_event *other = &w->events->all[i];
        if (other->end >= l->e->cohort->oldest && other->start <= event->end &&
            other->end >= event->start)
            t = kith_or(t, kith_eval_tests(w, q->tests, other));
    }
    return t;
}

/* Is this event one of those the query asks for? */
static kith_truth
match(const kith_look *l, const kith_event *event, uint32_t person)
{
    if (!in_time(l, event))
        return KITH_FALSE;
    if (l->q->active && l->q->lasting.count == NULL &&
        (event->start > l->p->at || event->end < l->p->at))
        return KITH_FALSE;
    if (l->picks && event->start != l->pick)
        return KITH_FALSE;
    const kith_truth t = kith_eval_tests(l->e->world, l->q->tests, event);
    if (t == KITH_FALSE || l->q->during == NULL)
        return t;
    return kith_and(t, during(l, event, person));
}

void
kith_look_find_pick(kith_look *l)
{
    const kith_events *events = l->e->world->events;
    l->picks = false;
    if (l->q->pick == KITH_PICK_ALL)
        return;
    l->pick = KITH_NO_DATE;
    for (uint32_t k = 0; k < l->n_who; k++) {
        uint64_t lo = 0;
        uint64_t hi = 0;
        kith_events_range(events, l->who[k].person, l->q->type, &lo, &hi);
        for (uint64_t i = lo; i < hi; i++) {
            const int32_t start = events->all[i].start;
            const bool better =
                l->pick == KITH_NO_DATE ||
                (l->q->pick == KITH_PICK_LATEST ? start > l->pick
                                                : start < l->pick);
            if (in_time(l, &events->all[i]) && better)
                l->pick = start;
        }
    }
    l->picks = true;
}

bool
kith_look_any(const kith_look *l)
{
    const kith_events *events = l->e->world->events;
    for (uint32_t k = 0; k < l->n_who; k++) {
        if ((events->types[l->who[k].person] >> (l->q->type % 64) & 1) != 0)
            return true;
    }
    return false;
}

void
kith_look_each(const kith_look *l, kith_look_fn fn, void *ctx)
{
    const kith_events *events = l->e->world->events;
    for (uint32_t k = 0; k < l->n_who; k++) {
        const uint32_t person = l->who[k].person;
        uint64_t lo = 0;
        uint64_t hi = 0;
        kith_events_range(events, person, l->q->type, &lo, &hi);
        for (uint64_t i = lo; i < hi; i++) {
            const kith_truth t = match(l, &events->all[i], person);
            if (t != KITH_FALSE)
                fn(ctx, l, i, person, t);
        }
    }
}

void
kith_look_find_gap(kith_look *l)
{
    const kith_world *w = l->e->world;
    l->gap = l->p->need->from < l->e->cohort->oldest;
    if (l->p->need == &l->q->need && w->always[l->q->number])
        return;
    for (uint32_t k = 0; k < l->n_who && !l->gap; k++)
        l->gap = !kith_eval_covered(w, l->q, l->who[k].person, l->p->need);
}
