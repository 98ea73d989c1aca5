#include "synth/life.h"

void
kith_lives_begin(kith_life *lives, const kith_cell *c,
                 const kith_events *events)
{
    const int32_t today = c->world->today;
    for (size_t i = 0; i < c->n_people; i++) {
        const kith_person *p = &c->people[i];
        kith_life *l = &lives[i];
        const size_t first = events->first[i];
        *l = (kith_life){.person = p,
                         .events = events->items + first,
                         .n = events->first[i + 1] - first,
                         .today = today,
                         .age = kith_age_years(p->born, today)};
        l->here =
            p->born <= today && (p->died == KITH_NO_DATE || p->died > today);
        for (size_t k = 0; k < l->n; k++)
            l->types |= (uint64_t)1 << l->events[k].type;
    }
    for (size_t i = 0; i < c->n_people; i++) {
        const kith_person *p = lives[i].person;
        if (!lives[i].here || lives[i].age >= 18)
            continue;
        if (p->mother != KITH_NOBODY)
            lives[p->mother].parenting = true;
        if (p->father != KITH_NOBODY)
            lives[p->father].parenting = true;
    }
}

/* The last day of a spell that is known today; of one that goes on, today or
 * the end that is foreseen. */
static int32_t
last_day(const kith_event *e, int32_t today)
{
    if (!kith_event_spec_of((kith_event_type)e->type)->spell)
        return e->start;
    return e->end == KITH_NO_DATE ? today : e->end;
}

static bool
wanted(const kith_event *e, const kith_asked *asked, int32_t today)
{
    return e->type == (uint8_t)asked->type && e->start <= today &&
           (asked->first == 0 || (asked->first >> e->codes[0] & 1u) != 0) &&
           (asked->second == 0 || (asked->second >> e->codes[1] & 1u) != 0);
}

const kith_event *
kith_life_next(const kith_life *l, const kith_event *after,
               const kith_asked *asked)
{
    if ((l->types >> asked->type & 1u) == 0)
        return NULL;
    const kith_event *e = after == NULL ? l->events : after + 1;
    for (; e < l->events + l->n; e++)
        if (wanted(e, asked, l->today) && e->start <= asked->span.to &&
            last_day(e, l->today) >= asked->span.from)
            return e;
    return NULL;
}

bool
kith_life_has(const kith_life *l, const kith_asked *asked)
{
    return kith_life_next(l, NULL, asked) != NULL;
}

unsigned
kith_life_count(const kith_life *l, const kith_asked *asked)
{
    unsigned n = 0;
    for (const kith_event *e = NULL; (e = kith_life_next(l, e, asked)) != NULL;)
        n++;
    return n;
}

const kith_event *
kith_life_latest(const kith_life *l, const kith_asked *asked)
{
    const kith_event *latest = NULL;
    for (const kith_event *e = NULL; (e = kith_life_next(l, e, asked)) != NULL;)
        if (latest == NULL || e->start >= latest->start)
            latest = e;
    return latest;
}

/* The run that holds @p seed: grows as long as a spell touches it. There are a
 * handful of spells, in no order. */
static kith_span
run_of(const kith_life *l, const kith_asked *asked, const kith_event *seed,
       int32_t gap)
{
    kith_span run = {seed->start, last_day(seed, l->today)};
    for (bool grown = true; grown;) {
        grown = false;
        for (size_t i = 0; i < l->n; i++) {
            const kith_event *e = &l->events[i];
            if (!wanted(e, asked, l->today))
                continue;
            const int32_t end = last_day(e, l->today);
            if (e->start > run.to + gap + 1 || end < run.from - gap - 1 ||
                (e->start >= run.from && end <= run.to))
                continue;
            run.from = e->start < run.from ? e->start : run.from;
            run.to = end > run.to ? end : run.to;
            grown = true;
        }
    }
    return run;
}

bool
kith_life_runs(const kith_life *l, const kith_asked *asked, int32_t gap,
               int32_t days)
{
    const kith_span s = asked->span;
    for (const kith_event *e = NULL;
         (e = kith_life_next(l, e, asked)) != NULL;) {
        const kith_span run = run_of(l, asked, e, gap);
        const int32_t from = run.from > s.from ? run.from : s.from;
        const int32_t to = run.to < s.to ? run.to : s.to;
        if (to - from + 1 >= days)
            return true;
    }
    return false;
}

int32_t
kith_life_since(const kith_life *l, const kith_asked *asked, int32_t gap)
{
    const kith_asked now = {asked->type, kith_span_today(l->today),
                            asked->first, asked->second};
    const kith_event *e = kith_life_next(l, NULL, &now);
    return e == NULL ? KITH_NO_DATE : run_of(l, &now, e, gap).from;
}

kith_span
kith_span_months(int32_t today, int32_t n)
{
    return (kith_span){kith_add_months(today, -n) + 1, today};
}

kith_span
kith_span_today(int32_t today)
{
    return (kith_span){today, today};
}

kith_span
kith_span_terms(int32_t today, unsigned n)
{
    /* 1 September to 31 December, 1 January to 31 March, 1 April to 31 July,
     * as the criteria that are shipped have them. */
    static const uint8_t first[3] = {1, 4, 9};
    static const uint8_t last[3] = {3, 7, 12};
    const kith_ymd now = kith_ymd_from_days(today);
    kith_span span = {today + 1, today};
    unsigned ended = 0;
    for (int32_t year = now.year; ended < n; year--) {
        for (int t = 2; t >= 0 && ended < n; t--) {
            const int32_t end =
                kith_days_from_ymd((kith_ymd){year, last[t], 31});
            if (end > today)
                continue;
            if (ended++ == 0)
                span.to = end;
            span.from = kith_days_from_ymd((kith_ymd){year, first[t], 1});
        }
    }
    return span;
}

bool
kith_life_lately(const kith_life *l, kith_event_type type, uint32_t first)
{
    if ((l->types >> type & 1u) == 0)
        return false;
    const kith_asked asked = {type, kith_span_months(l->today, 12), first, 0};
    return kith_life_has(l, &asked);
}

bool
kith_life_now(const kith_life *l, kith_event_type type, uint32_t first)
{
    const kith_asked asked = {type, kith_span_today(l->today), first, 0};
    return kith_life_has(l, &asked);
}
