/**
 * @file look.h
 * @brief One look at the events that a query asks for, in one period.
 *
 * A look walks the events of its people and says of each how sure it is that
 * the query means it; counts, sums and unbroken runs are made from that walk.
 */
#ifndef KITH_CRITERIA_LOOK_H
#define KITH_CRITERIA_LOOK_H

#include "criteria/eval.h"

/* The period of one look at the events. */
typedef struct kith_period {
    kith_days days;
    const kith_days *need; /* days that must be covered */
    int32_t at;            /* "active at" */
} kith_period;

/* One query on some people in one period. */
typedef struct kith_look {
    kith_eval *e;
    const kith_query *q;
    const kith_member *who;
    uint32_t n_who;
    const kith_period *p;
    bool picks;
    int32_t pick; /* start of the latest or first event */
    bool gap;     /* a needed day is not covered for somebody */
} kith_look;

/* Visits every event of the query with how sure it is: true or unknown. */
typedef void (*kith_look_fn)(void *ctx, const kith_look *l, uint64_t event,
                             uint32_t person, kith_truth sure);

/* What "with" and counting need, gathered in one walk. */
typedef struct kith_tally {
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
} kith_tally;

/** Is a needed day not covered for somebody? Sets gap. */
void kith_look_find_gap(kith_look *l);
/** The start of the latest or first event, when the query picks one. */
void kith_look_find_pick(kith_look *l);
/** Has anybody an event of the type at all? */
bool kith_look_any(const kith_look *l);
void kith_look_each(const kith_look *l, kith_look_fn fn, void *ctx);
/** @param slot of the amount to sum; UINT32_MAX: count only */
kith_tally kith_look_tally(const kith_look *l, uint32_t slot);
/** The value of one side of "with". */
kith_range kith_look_expression(const kith_look *l, const kith_node *node);
/** Unbroken runs of spells that are at least so sure, as long as asked. */
uint32_t kith_look_runs(const kith_look *l, kith_truth least);

/** A number, a parameter, or arithmetic of such. */
kith_range kith_node_value(const kith_node *node);
/** KITH_NO_AMOUNT when there is none. */
int32_t kith_event_amount(const kith_world *w, const kith_event *event,
                          uint32_t slot);

#endif
