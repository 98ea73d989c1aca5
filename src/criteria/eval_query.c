/* "has": events in a window, counted, summed, compared. */
#include "base/date.h"
#include "criteria/eval.h"
#include "criteria/terms.h"

#include <math.h>

/* The period of one look at the events. */
typedef struct period {
    kith_days days;
    const kith_days *need; /* days that must be covered */
    int32_t at;            /* "active at" */
} period;

/* One query on some people in one period. */
typedef struct look {
    kith_eval *e;
    const kith_query *q;
    const kith_member *who;
    uint32_t n_who;
    const period *p;
    bool picks;
    int32_t pick; /* start of the latest or first event */
    bool gap;     /* a needed day is not covered for somebody */
} look;

static kith_range value_of(const kith_world *w, const kith_node *node,
                           const kith_event *event);

/* The range of a test's other side: a number, a parameter, arithmetic. */
static kith_range
value_of(const kith_world *w, const kith_node *node, const kith_event *event)
{
    if (node->kind != KITH_NODE_ARITH)
        return (kith_range){node->number, node->number};
    return kith_range_arith(value_of(w, node->child, event), node->arith,
                            value_of(w, node->child->next, event));
}

static int32_t
amount_of(const kith_world *w, const kith_event *event, uint32_t slot)
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
        const int32_t amount = amount_of(w, event, test->index);
        if (amount == KITH_NO_AMOUNT)
            return KITH_UNKNOWN;
        value.lo = value.hi = amount / 100.0;
    }
    }
    return kith_truth_compare(value, test->op, value_of(w, test->child, event));
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
in_time(const look *l, const kith_event *event)
{
    const kith_days d = l->p->days;
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
during(const look *l, const kith_event *event, uint32_t person)
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
        if (other->start <= event->end && other->end >= event->start)
            t = kith_or(t, kith_eval_tests(w, q->tests, other));
    }
    return t;
}

/* Is this event one of those the query asks for? */
static kith_truth
match(const look *l, const kith_event *event, uint32_t person)
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

static void
find_pick(look *l)
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

/* Visits every event of the query with how sure it is: true or unknown. */
typedef void (*event_fn)(void *ctx, const look *l, uint64_t event,
                         uint32_t person, kith_truth sure);

static void
each_event(const look *l, event_fn fn, void *ctx)
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

/* What "with" and counting need, gathered in one walk. */
typedef struct tally {
    uint32_t slot; /* of the amount, when one is summed */
    uint32_t lo;   /* events for certain */
    uint32_t hi;   /* and those that may count */
    double sum_lo;
    double sum_hi;
    double min;
    double max;
    double first;
    double latest;
    int32_t first_day;
    int32_t latest_day;
    bool vague; /* an event or its amount is not certain */
    bool negative;
    uint32_t person; /* days: whose days are being joined */
    int32_t reached_lo;
    int32_t reached_hi;
    double days_lo;
    double days_hi;
} tally;

/* Adds the days of [from, to] after *reached. */
static double
new_days(int32_t *reached, int32_t from, int32_t to)
{
    if (*reached != KITH_NO_DATE && from <= *reached)
        from = *reached + 1;
    if (to < from)
        return 0;
    *reached = to;
    return (double)to - from + 1;
}

static void
count_days(tally *t, const look *l, const kith_event *event, uint32_t person,
           kith_truth sure)
{
    const kith_days d = l->p->days;
    const int32_t from = event->start < d.from ? d.from : event->start;
    const int32_t to = event->end > d.to ? d.to : event->end;
    if (person != t->person) {
        t->person = person;
        t->reached_lo = KITH_NO_DATE;
        t->reached_hi = KITH_NO_DATE;
    }
    if (sure == KITH_TRUE)
        t->days_lo += new_days(&t->reached_lo, from, to);
    t->days_hi += new_days(&t->reached_hi, from, to);
}

static void
add_event(void *ctx, const look *l, uint64_t number, uint32_t person,
          kith_truth sure)
{
    tally *t = ctx;
    const kith_event *event = &l->e->world->events->all[number];
    t->lo += sure == KITH_TRUE;
    t->hi++;
    count_days(t, l, event, person, sure);
    if (t->slot == UINT32_MAX)
        return;
    const int32_t amount = amount_of(l->e->world, event, t->slot);
    if (amount == KITH_NO_AMOUNT || sure != KITH_TRUE)
        t->vague = true;
    if (amount == KITH_NO_AMOUNT)
        return;
    const double x = amount / 100.0;
    t->negative = t->negative || x < 0;
    t->sum_lo += sure == KITH_TRUE ? x : fmin(x, 0);
    t->sum_hi += sure == KITH_TRUE ? x : fmax(x, 0);
    if (sure != KITH_TRUE)
        return;
    t->min = fmin(t->min, x);
    t->max = fmax(t->max, x);
    if (t->first_day == KITH_NO_DATE || event->start < t->first_day) {
        t->first_day = event->start;
        t->first = x;
    }
    if (t->latest_day == KITH_NO_DATE || event->start >= t->latest_day) {
        t->latest_day = event->start;
        t->latest = x;
    }
}

static tally
tally_events(const look *l, uint32_t slot)
{
    tally t = {.slot = slot,
               .min = (double)INFINITY,
               .max = -(double)INFINITY,
               .first_day = KITH_NO_DATE,
               .latest_day = KITH_NO_DATE,
               .person = KITH_NO_PERSON};
    each_event(l, add_event, &t);
    return t;
}

/* Beyond a gap there may be more: counts, days and, when no amount seen is
 * negative, sums can only grow; a maximum can only rise. */
static kith_range
aggregate(const look *l, const kith_node *node)
{
    const double inf = (double)INFINITY;
    const kith_range anything = {-inf, inf};
    const tally t =
        tally_events(l, node->name != NULL ? node->index : UINT32_MAX);
    const bool open = l->gap || t.vague;
    switch (node->aggregate) {
    case KITH_AGG_COUNT:
        return (kith_range){t.lo, l->gap ? inf : t.hi};
    case KITH_AGG_DAYS:
        return (kith_range){t.days_lo, l->gap ? inf : t.days_hi};
    case KITH_AGG_SUM:
        if (!open)
            return (kith_range){t.sum_lo, t.sum_lo};
        return t.negative ? anything : (kith_range){t.sum_lo, inf};
    case KITH_AGG_MIN:
        return (kith_range){open ? -inf : t.min, t.min};
    case KITH_AGG_MAX:
        return (kith_range){t.max, open ? inf : t.max};
    case KITH_AGG_AVERAGE:
        if (open || t.lo == 0)
            return anything;
        return (kith_range){t.sum_lo / t.lo, t.sum_lo / t.lo};
    case KITH_AGG_LATEST:
        return open || t.lo == 0 ? anything : (kith_range){t.latest, t.latest};
    case KITH_AGG_FIRST:
        return open || t.lo == 0 ? anything : (kith_range){t.first, t.first};
    }
    return anything;
}

static kith_range
expression(const look *l, const kith_node *node)
{
    if (node->kind == KITH_NODE_AGGREGATE)
        return aggregate(l, node);
    if (node->kind == KITH_NODE_ARITH)
        return kith_range_arith(expression(l, node->child), node->arith,
                                expression(l, node->child->next));
    return (kith_range){node->number, node->number};
}

/* Spells joined into unbroken runs, of those that are certain or of all. */
typedef struct runs {
    kith_truth least; /* how sure a spell must be */
    uint32_t person;
    kith_days run;
    bool open;
    uint32_t n; /* runs that last as the query says */
} runs;

static void
end_run(runs *r, const look *l)
{
    if (!r->open)
        return;
    const kith_query *q = l->q;
    r->open = false;
    if (q->active && (r->run.from > l->p->at || r->run.to < l->p->at))
        return;
    const int32_t enough =
        kith_add_units(r->run.from, q->lasting_n, q->lasting.unit) - 1;
    r->n += (r->run.to >= enough) != q->shorter;
}

static void
add_spell(void *ctx, const look *l, uint64_t number, uint32_t person,
          kith_truth sure)
{
    runs *r = ctx;
    const kith_event *event = &l->e->world->events->all[number];
    const kith_days d = l->p->days;
    const kith_days spell = {event->start < d.from ? d.from : event->start,
                             event->end > d.to ? d.to : event->end};
    if (sure < r->least || spell.to < spell.from)
        return;
    if (r->open && person == r->person &&
        (int64_t)spell.from <=
            (int64_t)r->run.to + 1 + (int64_t)l->q->gap_days) {
        if (spell.to > r->run.to)
            r->run.to = spell.to;
        return;
    }
    end_run(r, l);
    *r = (runs){r->least, person, spell, true, r->n};
}

static uint32_t
count_runs(const look *l, kith_truth least)
{
    runs r = {.least = least};
    each_event(l, add_spell, &r);
    end_run(&r, l);
    return r.n;
}

static void
find_gap(look *l)
{
    l->gap = false;
    for (uint32_t k = 0; k < l->n_who && !l->gap; k++)
        l->gap =
            !kith_eval_covered(l->e->world, l->q, l->who[k].person, l->p->need);
}

static void
note_period(const look *l, kith_truth truth, uint32_t person)
{
    const kith_finding f = {.truth = (uint8_t)truth,
                            .leaf = (uint8_t)truth,
                            .query = l->q,
                            .person = person,
                            .event = UINT64_MAX,
                            .days = *l->p->need};
    if (kith_trace_add(l->e->trace, f) != KITH_OK)
        l->e->status = KITH_ERR_MEMORY;
}

static void
note_event(void *ctx, const look *l, uint64_t event, uint32_t person,
           kith_truth sure)
{
    const kith_truth *truth = ctx;
    if (sure != KITH_TRUE)
        return;
    const kith_finding f = {.truth = (uint8_t)*truth,
                            .leaf = (uint8_t)*truth,
                            .query = l->q,
                            .person = person,
                            .event = event,
                            .days = *l->p->need};
    if (kith_trace_add(l->e->trace, f) != KITH_OK)
        l->e->status = KITH_ERR_MEMORY;
}

/* What was seen explains a true answer and a broken upper limit; else the
 * period does, for each person without coverage when that is the reason. */
static void
note(const look *l, kith_truth truth, uint32_t lo)
{
    if (l->e->trace == NULL)
        return;
    const bool upper = l->q->counted && l->q->many != KITH_MANY_AT_LEAST;
    if (lo > 0 && (truth == KITH_TRUE || (truth == KITH_FALSE && upper))) {
        each_event(l, note_event, &truth);
        return;
    }
    for (uint32_t k = 0; k < l->n_who; k++) {
        const uint32_t person = l->who[k].person;
        if (truth != KITH_UNKNOWN || !l->gap ||
            !kith_eval_covered(l->e->world, l->q, person, l->p->need))
            note_period(l, truth, person);
    }
}

static kith_truth
look_at(kith_eval *e, const kith_query *q, const kith_member *who,
        uint32_t n_who, const period *p)
{
    look l = {.e = e, .q = q, .who = who, .n_who = n_who, .p = p};
    find_gap(&l);
    find_pick(&l);
    const tally t = tally_events(&l, UINT32_MAX);
    uint32_t lo = t.lo;
    uint32_t hi = t.hi;
    if (q->lasting.count != NULL) {
        const uint32_t sure = count_runs(&l, KITH_TRUE);
        const uint32_t maybe = count_runs(&l, KITH_UNKNOWN);
        lo = sure < maybe ? sure : maybe; /* joining can only lose runs */
        hi = sure > maybe ? sure : maybe;
    }
    if (l.gap)
        hi = KITH_NO_LIMIT;
    const kith_many many = q->counted ? q->many : KITH_MANY_AT_LEAST;
    kith_truth truth = kith_truth_many(many, q->count, lo, hi, 0);
    if (q->pick != KITH_PICK_ALL && l.gap)
        truth = KITH_UNKNOWN; /* a later or earlier one may be missing */
    if (q->with != NULL) {
        truth =
            kith_and(truth, kith_truth_many(KITH_MANY_AT_LEAST, 1, lo, hi, 0));
        for (const kith_node *w = q->with; w != NULL && truth != KITH_FALSE;
             w = w->next)
            truth = kith_and(
                truth, kith_truth_compare(expression(&l, w->child), w->op,
                                          expression(&l, w->child->next)));
    }
    note(&l, truth, t.lo);
    return truth;
}

/* The day of an anchor: true when there is one. An event that was found is
 * taken, whatever a gap might hide. */
static kith_truth
anchor_day(kith_eval *e, const kith_anchor *a, const kith_member *who,
           uint32_t n_who, int32_t *day)
{
    const kith_world *w = e->world;
    *day = w->day;
    if (a->query == NULL)
        return KITH_TRUE;
    const kith_days today = {w->day, w->day};
    const kith_event *found = NULL;
    bool gap = false;
    if (a->family) {
        const kith_members *all = kith_eval_members(e);
        who = all->all;
        n_who = all->n;
    }
    for (uint32_t k = 0; k < n_who; k++) {
        uint64_t lo = 0;
        uint64_t hi = 0;
        gap = gap || !kith_eval_covered(w, a->query, who[k].person, &today);
        kith_events_range(w->events, who[k].person, a->query->type, &lo, &hi);
        for (uint64_t i = lo; i < hi; i++) {
            const kith_event *event = &w->events->all[i];
            const kith_truth t = kith_eval_tests(w, a->query->tests, event);
            const bool better =
                found == NULL || (a->query->pick == KITH_PICK_LATEST
                                      ? event->start > found->start
                                      : event->start < found->start);
            gap = gap || t == KITH_UNKNOWN;
            if (t == KITH_TRUE && event->start <= w->day && better)
                found = event;
        }
    }
    if (found == NULL)
        return gap ? KITH_UNKNOWN : KITH_FALSE;
    *day = a->end ? found->end : found->start;
    return kith_truth_of(*day != KITH_OPEN_END);
}

static kith_truth
window_days(kith_eval *e, const kith_window *w, const kith_member *who,
            uint32_t n_who, kith_days *out)
{
    int32_t day = 0;
    *out = w->days;
    if (w->fixed)
        return KITH_TRUE;
    const kith_truth t = anchor_day(e, &w->anchor, who, n_who, &day);
    if (t != KITH_TRUE)
        return t;
    if (w->kind == KITH_WINDOW_BEFORE)
        *out = (kith_days){kith_add_units(day, -(int64_t)w->amount, w->unit),
                           day - 1};
    else if (w->kind == KITH_WINDOW_AFTER)
        *out = (kith_days){day + 1, kith_add_units(day, w->amount, w->unit)};
    else
        *out = (kith_days){day, e->world->day};
    return KITH_TRUE;
}

/* Per period: does the test hold? Then the longest run of periods. */
static kith_truth
look_at_runs(kith_eval *e, const kith_query *q, const kith_member *who,
             uint32_t n_who)
{
    uint32_t best[2] = {0, 0};
    uint32_t now[2] = {0, 0};
    for (uint32_t i = 0; i < q->of; i++) {
        const period p = {q->periods[i], &q->periods[i], q->periods[i].to};
        const kith_truth t = look_at(e, q, who, n_who, &p);
        for (int k = 0; k < 2; k++) {
            now[k] =
                (k == 0 ? t == KITH_TRUE : t != KITH_FALSE) ? now[k] + 1 : 0;
            best[k] = now[k] > best[k] ? now[k] : best[k];
        }
    }
    return kith_truth_many(KITH_MANY_AT_LEAST, q->run, best[0], best[1], 0);
}

/* Events before against events after; without any before there is nothing
 * that could have changed. */
static kith_truth
look_at_change(kith_eval *e, const kith_query *q, const kith_member *who,
               uint32_t n_who)
{
    kith_range counts[2];
    const kith_window *windows[2] = {&q->before, &q->after};
    for (int i = 0; i < 2; i++) {
        period p = {.at = e->world->day};
        const kith_truth t = window_days(e, windows[i], who, n_who, &p.days);
        if (t != KITH_TRUE)
            return t;
        p.need = &p.days;
        look l = {.e = e, .q = q, .who = who, .n_who = n_who, .p = &p};
        find_gap(&l);
        find_pick(&l);
        const tally y = tally_events(&l, UINT32_MAX);
        counts[i] = (kith_range){y.lo, l.gap ? (double)INFINITY : y.hi};
        if (e->trace != NULL && l.gap)
            note(&l, KITH_UNKNOWN, 0);
        if (e->trace != NULL && !l.gap)
            note(&l, KITH_TRUE, y.lo);
    }
    const kith_range none = {0, 0};
    const double share = value_of(e->world, q->change, NULL).lo;
    const kith_range factor = {q->up ? 1 + share : 1 - share,
                               q->up ? 1 + share : 1 - share};
    return kith_and(
        kith_truth_compare(counts[0], KITH_CMP_GT, none),
        kith_truth_compare(counts[1], q->up ? KITH_CMP_GE : KITH_CMP_LE,
                           kith_range_arith(counts[0], '*', factor)));
}

kith_truth
kith_eval_query(kith_eval *e, const kith_query *q, const kith_member *who,
                uint32_t n_who)
{
    const size_t from = e->trace != NULL ? e->trace->n : 0;
    period p = {.need = &q->need};
    kith_truth t = anchor_day(e, &q->active_at, who, n_who, &p.at);
    const kith_truth window = window_days(e, &q->window, who, n_who, &p.days);
    const kith_days at = {p.at, p.at};
    if (!q->window.fixed)
        p.need = &p.days;
    else if (q->active_at.query != NULL && q->window.kind == KITH_WINDOW_EVER)
        p.need = &at;
    t = kith_and(t, window);
    if (t == KITH_TRUE && q->active && q->window.kind == KITH_WINDOW_EVER &&
        p.at > p.days.to)
        p.days.to = p.at;
    if (t != KITH_TRUE) {
        const look l = {.e = e, .q = q, .who = who, .n_who = n_who, .p = &p};
        for (uint32_t k = 0; e->trace != NULL && k < n_who; k++)
            note_period(&l, t, who[k].person);
    } else if (q->of > 0) {
        t = look_at_runs(e, q, who, n_who);
    } else if (q->changes) {
        t = look_at_change(e, q, who, n_who);
    } else {
        t = look_at(e, q, who, n_who, &p);
    }
    if (e->trace != NULL)
        kith_trace_stamp(e->trace, from, t);
    return t;
}
