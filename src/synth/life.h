/**
 * @file life.h
 * @brief What happened in one person's life, asked as cohorts ask.
 *
 * Answers come from the complete history: what no agency sends, sends late
 * or sends wrong is in it all the same. Nothing is shared with the criteria
 * that flags are made with, so that the two can disagree.
 * Windows  first and last day; a spell is in one when any day of it is
 */
#ifndef KITH_SYNTH_LIFE_H
#define KITH_SYNTH_LIFE_H

#include "synth/events.h"

/** A person and its events. */
typedef struct kith_life {
    const kith_person *person;
    const kith_event *events;
    size_t n;
    uint64_t types; /* bit per type among them */
    int32_t today;
    int32_t age;    /* completed years today; below 0: not born */
    bool here;      /* born and alive */
    bool parenting; /* of a child under 18, here or elsewhere */
} kith_life;

typedef struct kith_span {
    int32_t from, to;
} kith_span;

/** Which events are asked about. */
typedef struct kith_asked {
    kith_event_type type;
    kith_span span;
    uint32_t first;  /**< bit per value of the first code; 0: any */
    uint32_t second; /**< the same of the second */
} kith_asked;

/** The lives of a cell's people: @p lives holds n_people. */
void kith_lives_begin(kith_life *lives, const kith_cell *c,
                      const kith_events *events);

/** The next event after @p after (NULL: the first), NULL when none. */
const kith_event *kith_life_next(const kith_life *l, const kith_event *after,
                                 const kith_asked *asked);
bool kith_life_has(const kith_life *l, const kith_asked *asked);
unsigned kith_life_count(const kith_life *l, const kith_asked *asked);
/** The one that began last, NULL when none. */
const kith_event *kith_life_latest(const kith_life *l, const kith_asked *asked);
/** Whether spells of a kind, with breaks of at most @p gap days, last for
 *  @p days or more in one run, of what lies in the span. */
bool kith_life_runs(const kith_life *l, const kith_asked *asked, int32_t gap,
                    int32_t days);
/** The first day of the run that goes on today; KITH_NO_DATE: none does. */
int32_t kith_life_since(const kith_life *l, const kith_asked *asked,
                        int32_t gap);

/** The @p n months up to today. */
kith_span kith_span_months(int32_t today, int32_t n);
/** Today alone: what goes on. */
kith_span kith_span_today(int32_t today);
/** The last @p n school terms that have ended, and the holidays between. */
kith_span kith_span_terms(int32_t today, unsigned n);

/** In the last twelve months; going on now. @p first as in kith_asked. */
bool kith_life_lately(const kith_life *l, kith_event_type type, uint32_t first);
bool kith_life_now(const kith_life *l, kith_event_type type, uint32_t first);

#endif
