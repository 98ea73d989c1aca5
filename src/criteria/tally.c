/* Counts, sums, days and unbroken runs of the events a query means. */
#include "criteria/look.h"

#include "base/date.h"
#include "criteria/terms.h"

#include <math.h>

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
count_days(kith_tally *t, const kith_look *l, const kith_event *event,
           uint32_t person, kith_truth sure)
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
add_event(void *ctx, const kith_look *l, uint64_t number, uint32_t person,
          kith_truth sure)
{
    kith_tally *t = ctx;
    const kith_event *event = &l->e->world->events->all[number];
    t->lo += sure == KITH_TRUE;
    t->hi++;
    count_days(t, l, event, person, sure);
    if (t->slot == UINT32_MAX)
        return;
    const int32_t amount = kith_event_amount(l->e->world, event, t->slot);
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

kith_tally
kith_look_tally(const kith_look *l, uint32_t slot)
{
    kith_tally t = {.slot = slot,
                    .min = (double)INFINITY,
                    .max = -(double)INFINITY,
                    .first_day = KITH_NO_DATE,
                    .latest_day = KITH_NO_DATE,
                    .person = KITH_NO_PERSON};
    kith_look_each(l, add_event, &t);
    return t;
}

/* Beyond a gap there may be more: counts, days and, when no amount seen is
 * negative, sums can only grow; a maximum can only rise. */
static kith_range
aggregate(const kith_look *l, const kith_node *node)
{
    const double inf = (double)INFINITY;
    const kith_range anything = {-inf, inf};
    const kith_tally t =
        kith_look_tally(l, node->name != NULL ? node->index : UINT32_MAX);
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

kith_range
kith_look_expression(const kith_look *l, const kith_node *node)
{
    if (node->kind == KITH_NODE_AGGREGATE)
        return aggregate(l, node);
    if (node->kind == KITH_NODE_ARITH)
        return kith_range_arith(kith_look_expression(l, node->child),
                                node->arith,
                                kith_look_expression(l, node->child->next));
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
end_run(runs *r, const kith_look *l)
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
add_spell(void *ctx, const kith_look *l, uint64_t number, uint32_t person,
          kith_truth sure)
{
    runs *r = ctx;
    const kith_event *event = &l->e->world->events->all[number];
    const kith_days d = l->p->days;
    /* One that goes on has lasted until today, however far a window reaches. */
    const int32_t end =
        event->end == KITH_OPEN_END ? l->e->world->day : event->end;
    const kith_days spell = {event->start < d.from ? d.from : event->start,
                             end > d.to ? d.to : end};
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

uint32_t
kith_look_runs(const kith_look *l, kith_truth least)
{
    runs r = {.least = least};
    kith_look_each(l, add_spell, &r);
    end_run(&r, l);
    return r.n;
}
