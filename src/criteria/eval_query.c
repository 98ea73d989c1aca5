/* "has": windows, anchors, periods, and what is noted of them. */
#include "criteria/look.h"
#include "criteria/terms.h"

#include <math.h>

static void
note_period(const kith_look *l, kith_truth truth, uint32_t person)
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
note_event(void *ctx, const kith_look *l, uint64_t event, uint32_t person,
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
note(const kith_look *l, kith_truth truth, uint32_t lo)
{
    if (l->e->trace == NULL)
        return;
    const bool upper = l->q->counted && l->q->many != KITH_MANY_AT_LEAST;
    if (lo > 0 && (truth == KITH_TRUE || (truth == KITH_FALSE && upper))) {
        kith_look_each(l, note_event, &truth);
        return;
    }
    for (uint32_t k = 0; k < l->n_who; k++) {
        const uint32_t person = l->who[k].person;
        if (truth != KITH_UNKNOWN || !l->gap ||
            l->p->need->from < l->e->cohort->oldest ||
            !kith_eval_covered(l->e->world, l->q, person, l->p->need))
            note_period(l, truth, person);
    }
}

static kith_truth
look_at(kith_eval *e, const kith_query *q, const kith_member *who,
        uint32_t n_who, const kith_period *p)
{
    kith_look l = {.e = e, .q = q, .who = who, .n_who = n_who, .p = p};
    kith_look_find_gap(&l);
    const bool any = kith_look_any(&l);
    if (any)
        kith_look_find_pick(&l);
    const kith_tally t =
        any ? kith_look_tally(&l, UINT32_MAX) : (kith_tally){0};
    uint32_t lo = t.lo;
    uint32_t hi = t.hi;
    if (any && q->lasting.count != NULL) {
        const uint32_t sure = kith_look_runs(&l, KITH_TRUE);
        const uint32_t maybe = kith_look_runs(&l, KITH_UNKNOWN);
        lo = sure < maybe ? sure : maybe; /* joining can only lose runs */
        hi = sure > maybe ? sure : maybe;
        /* A spell that no extract holds may join two, or make one longer. */
        if (l.gap)
            lo = q->shorter ? 0 : lo > 1 ? 1 : lo;
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
                truth,
                kith_truth_compare(kith_look_expression(&l, w->child), w->op,
                                   kith_look_expression(&l, w->child->next)));
    }
    note(&l, truth, t.lo);
    return truth;
}

/* May a later event than the one that was found be in no extract? Spells of
 * one type follow each other. What lies before the first is not asked: no
 * extract reaches back for ever. */
static bool
may_be_later(kith_eval *e, const kith_query *q, const kith_member *who,
             uint32_t n_who, const kith_event *found)
{
    const int32_t today = e->world->day;
    const kith_days since = {found->end < today ? found->end : today, today};
    for (uint32_t k = 0; k < n_who; k++) {
        if (!kith_eval_covered(e->world, q, who[k].person, &since))
            return true;
    }
    return false;
}

static bool
is_better(const kith_query *q, const kith_event *event, const kith_event *than)
{
    return than == NULL ||
           (q->pick == KITH_PICK_LATEST ? event->start > than->start
                                        : event->start < than->start);
}

/* The day of an anchor: true when there is one. */
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
    const kith_event *unsure = NULL; /* may be meant: its tests are unknown */
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
            gap = gap || t == KITH_UNKNOWN;
            if (event->start > w->day || event->end < e->cohort->oldest)
                continue;
            if (t == KITH_TRUE && is_better(a->query, event, found))
                found = event;
            if (t == KITH_UNKNOWN && is_better(a->query, event, unsure))
                unsure = event;
        }
    }
    if (found == NULL)
        return gap ? KITH_UNKNOWN : KITH_FALSE;
    if ((unsure != NULL && is_better(a->query, unsure, found)) ||
        (a->query->pick == KITH_PICK_LATEST &&
         may_be_later(e, a->query, who, n_who, found)))
        return KITH_UNKNOWN;
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
        const kith_period p = {q->periods[i], &q->periods[i], q->periods[i].to};
        const kith_truth t = look_at(e, q, who, n_who, &p);
        for (int k = 0; k < 2; k++) {
            now[k] =
                (k == 0 ? t == KITH_TRUE : t != KITH_FALSE) ? now[k] + 1 : 0;
            best[k] = now[k] > best[k] ? now[k] : best[k];
        }
    }
    return kith_truth_many(KITH_MANY_AT_LEAST, q->run, best[0], best[1], 0);
}

/* Events before against events after, by their number or an amount; without
 * any before there is nothing that could have changed. */
static kith_truth
look_at_change(kith_eval *e, const kith_query *q, const kith_member *who,
               uint32_t n_who)
{
    kith_range counts[2];
    const kith_window *windows[2] = {&q->before, &q->after};
    for (int i = 0; i < 2; i++) {
        kith_period p = {.at = e->world->day};
        const kith_truth t = window_days(e, windows[i], who, n_who, &p.days);
        if (t != KITH_TRUE)
            return t;
        p.need = &p.days;
        kith_look l = {.e = e, .q = q, .who = who, .n_who = n_who, .p = &p};
        kith_look_find_gap(&l);
        kith_look_find_pick(&l);
        const kith_tally y = kith_look_tally(&l, UINT32_MAX);
        counts[i] = q->measured != NULL
                        ? kith_look_expression(&l, q->measured)
                        : (kith_range){y.lo, l.gap ? (double)INFINITY : y.hi};
        if (e->trace != NULL && l.gap)
            note(&l, KITH_UNKNOWN, 0);
        if (e->trace != NULL && !l.gap)
            note(&l, KITH_TRUE, y.lo);
    }
    const kith_range none = {0, 0};
    const double share = kith_node_value(q->change).lo;
    const kith_range factor = {q->up ? 1 + share : 1 - share,
                               q->up ? 1 + share : 1 - share};
    return kith_and(
        kith_truth_compare(counts[0], KITH_CMP_GT, none),
        kith_truth_compare(counts[1], q->up ? KITH_CMP_GE : KITH_CMP_LE,
                           kith_range_arith(counts[0], '*', factor)));
}

/* The window has no day to begin at: the anchor is what was looked for. */
static void
note_anchor(kith_eval *e, const kith_anchor *a, const kith_member *who,
            uint32_t n_who, kith_truth t)
{
    const kith_days today = {e->world->day, e->world->day};
    const kith_period p = {today, &today, today.to};
    const kith_look l = {
        .e = e, .q = a->query, .who = who, .n_who = n_who, .p = &p};
    for (uint32_t k = 0; e->trace != NULL && k < n_who; k++)
        note_period(&l, t, who[k].person);
}

/* A query in a window that every person has the same, of people who have no
 * event that it reads: nearly all of them. */
static bool
is_nothing(const kith_eval *e, const kith_query *q, uint64_t types)
{
    return e->trace == NULL && (types >> (q->type % 64) & 1) == 0 &&
           e->world->always[q->number] && q->of == 0 && !q->changes &&
           q->with == NULL && q->active_at.query == NULL;
}

static kith_truth
of_nothing(const kith_query *q)
{
    return kith_truth_many(q->counted ? q->many : KITH_MANY_AT_LEAST, q->count,
                           0, 0, 0);
}

bool
kith_eval_is_never(const kith_eval *e, const kith_query *q, uint64_t types)
{
    return is_nothing(e, q, types) && of_nothing(q) == KITH_FALSE;
}

kith_truth
kith_eval_query(kith_eval *e, const kith_query *q, const kith_member *who,
                uint32_t n_who)
{
    uint64_t types = 0;
    for (uint32_t k = 0; k < n_who; k++)
        types |= e->world->events->types[who[k].person];
    if (is_nothing(e, q, types))
        return of_nothing(q);
    const size_t from = e->trace != NULL ? e->trace->n : 0;
    kith_period p = {.need = &q->need};
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
        note_anchor(e, window != KITH_TRUE ? &q->window.anchor : &q->active_at,
                    who, n_who, t);
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
