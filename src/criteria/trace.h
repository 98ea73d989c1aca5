/**
 * @file trace.h
 * @brief What evaluation looked at: the events that made a test true, the
 *        period that was empty, the gap that leaves it unknown.
 *
 * A finding is kept as long as it agrees with the truth of the condition it
 * is in: the events of a child who meets one of two tests say nothing when
 * another child meets both.
 */
#ifndef KITH_CRITERIA_TRACE_H
#define KITH_CRITERIA_TRACE_H

#include "criteria/ast.h"
#include "criteria/truth.h"

#include <stdint.h>

typedef struct kith_finding {
    uint8_t truth;           /* of the condition it now stands for */
    uint8_t leaf;            /* of the test itself */
    const kith_query *query; /* NULL: no events, but the trait below */
    const kith_node *trait;  /* an age, a role, an area, a cohort */
    uint32_t person;         /* KITH_NO_PERSON: nobody in particular */
    uint64_t event;          /* UINT64_MAX: none, the period is the finding */
    kith_days days;
} kith_finding;

/** Zero-initialise; _done frees. */
typedef struct kith_trace {
    kith_finding *all;
    size_t n;
    size_t cap;
} kith_trace;

void kith_trace_done(kith_trace *t);
KITH_NODISCARD kith_status kith_trace_add(kith_trace *t, kith_finding finding);
/** Of the findings from @p mark on, keeps those of this truth. */
void kith_trace_keep(kith_trace *t, size_t mark, kith_truth truth);
/** What was true is now why a condition is false, and the other way. */
void kith_trace_flip(kith_trace *t, size_t mark);
/** All findings from @p mark on now stand for this truth. */
void kith_trace_stamp(kith_trace *t, size_t mark, kith_truth truth);

#endif
