/**
 * @file eval.h
 * @brief Says of one person, family or household whether a condition holds:
 *        true, false or unknown.
 *
 * Events count when the coverage says so: what a window holds beyond the
 * extracts may be there, so that "at least" stays unknown, never false. An
 * agency that covers the type and has no record of a person says false.
 *
 * Threads  one evaluator a worker; everything it points to is read-only
 * Cost     a few comparisons for each event of a type that a query reads
 */
#ifndef KITH_CRITERIA_EVAL_H
#define KITH_CRITERIA_EVAL_H

#include "criteria/ast.h"
#include "criteria/events.h"
#include "criteria/people.h"
#include "criteria/trace.h"
#include "criteria/truth.h"
#include "criteria/vocabulary.h"

#include <kith/status.h>

/** What the flags of one cohort are, a byte a unit. */
typedef enum kith_verdict {
    KITH_VERDICT_NO = 0,
    KITH_VERDICT_UNKNOWN,
    KITH_VERDICT_NEAR,
    KITH_VERDICT_NEAR_OPEN, /* near, and a missing extract could make it yes */
    KITH_VERDICT_YES,
    KITH_VERDICT_OUT /* not in the population: counts as no */
} kith_verdict;

/** Everything that evaluation reads. */
typedef struct kith_world {
    const kith_program *program;
    const kith_people *people;
    const kith_vocabulary *vocabulary;
    const kith_events *events;
    char **districts; /* lower-case names, as in people */
    char **neighbourhoods;
    int32_t day;
    uint64_t adult_roles; /* role words that only adults have */
    uint64_t child_roles; /* that only children up to 18 have */
    uint8_t **covered;    /* of query q: a byte a district, the last for none;
                             NULL: work it out */
    uint8_t *always;      /* of query q: covered for everybody */
    uint8_t **verdicts;   /* of each cohort: kith_verdict a unit; NULL: not
                             in force */
} kith_world;

typedef struct kith_member {
    uint32_t person;
    uint64_t roles;
} kith_member;

typedef struct kith_members {
    kith_member *all;
    uint32_t n;
    size_t cap;
    uint64_t types; /* of all their events, as in kith_events */
    bool ready;
} kith_members;

/** Truths of the unit's criteria: 0 not asked yet, else kith_truth + 1. */
typedef struct kith_eval {
    const kith_world *world;
    const kith_cohort *cohort;
    uint32_t number; /* of the cohort */
    uint32_t unit;
    kith_member self;        /* the person of a person cohort */
    kith_members members;    /* the family, or the person's families */
    kith_members housemates; /* everybody who lives with them */
    uint8_t *memo;
    size_t n_memo;           /* criteria of the cohort, of all kinds */
    bool certain;            /* unknown criteria count as false: for "near" */
    bool caps;               /* "k of n" is of the flag itself: caps count */
    const uint8_t *left_out; /* a byte a member, for caps; NULL: nobody */
    kith_trace *trace;       /* NULL: not wanted */
    kith_status status;      /* the first failure: only memory can fail */
} kith_eval;

void kith_eval_begin(kith_eval *e, const kith_world *world, uint32_t cohort);
/** The unit that the next conditions are about. */
void kith_eval_unit(kith_eval *e, uint32_t unit);
/** Has the unit's person, or everybody in it, died by the reference date? */
bool kith_eval_is_gone(kith_eval *e);
/** The same unit for another cohort of the level: who is in it is known. */
void kith_eval_again(kith_eval *e, uint32_t cohort);
/** Forgets what was found out about the unit's criteria. */
void kith_eval_forget(kith_eval *e);
void kith_eval_done(kith_eval *e);

/** The unit's condition. */
kith_truth kith_eval_cond(kith_eval *e, const kith_node *node);
/** A criterion of the unit, remembered. */
kith_truth kith_eval_criterion(kith_eval *e, const kith_criterion *criterion);

/* The rest is shared by the evaluator's own files. */

/** @param who NULL: no one person is meant */
kith_truth kith_eval_node(kith_eval *e, const kith_node *node,
                          const kith_member *who);
kith_truth kith_eval_query(kith_eval *e, const kith_query *q,
                           const kith_member *who, uint32_t n_who);
/** The day a person died, not after the reference date; KITH_NO_DATE. */
int32_t kith_world_death(const kith_world *w, uint32_t person);
/** Does a query hold of nobody whose events are of these types, whoever they
 *  are? Nearly always, and cheap to know. */
bool kith_eval_is_never(const kith_eval *e, const kith_query *q,
                        uint64_t types);
/** Those alive; loads on first use. */
const kith_members *kith_eval_members(kith_eval *e);
const kith_members *kith_eval_housemates(kith_eval *e);
/** Does an event satisfy the tests? */
kith_truth kith_eval_tests(const kith_world *w, const kith_node *tests,
                           const kith_event *event);
/** What the type of @p q is covered for, looked up or worked out. */
bool kith_eval_covered(const kith_world *w, const kith_query *q,
                       uint32_t person, const kith_days *days);
/** Narrows days that are not covered to those from the first to the last that
 *  no extract holds. */
void kith_eval_gap(const kith_world *w, const kith_query *q, uint32_t person,
                   kith_days *days);
/** Works out and remembers the coverage of the queries' fixed windows. */
KITH_NODISCARD kith_status kith_world_cover(kith_world *w, kith_error *err);
void kith_world_done(kith_world *w);

#endif
