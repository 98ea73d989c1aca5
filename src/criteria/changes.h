/**
 * @file changes.h
 * @brief changes.csv: who entered and left each cohort since the last run.
 *
 * Columns  cohort,id,change,before,after,why
 * change   entered: yes now; left: yes before; changed: any other, also of
 *          the tier alone
 * why      parts separated by "; ": criteria now met (+) or no longer (-); a
 *          new tier or definition; and what became of an id that was not
 *          there before, or is not any more: merged, split, new, gone
 */
#ifndef KITH_CRITERIA_CHANGES_H
#define KITH_CRITERIA_CHANGES_H

#include "criteria/eval.h"
#include "criteria/previous.h"
#include "criteria/verdict.h"

#include <kith/status.h>

#define KITH_CHANGES_HEADER "cohort,id,change,before,after,why\n"

/** Adds the line of the evaluator's unit, when it changed, without its end:
 *  kith_changes_finish knows that. */
KITH_NODISCARD kith_status kith_change_add(kith_buffer *lines,
                                           const kith_previous *previous,
                                           kith_eval *e, const char *id,
                                           kith_flagged f, kith_error *err);

typedef struct kith_changes {
    const kith_world *world;
    const kith_previous *previous;
    const char *before; /* results folder of the last run */
    const char *now;    /* ... and of this one */
} kith_changes;

/**
 * Completes the lines of all cohorts and adds those of units that vanished.
 * @param lines  of kith_change_add, in the order of the file
 */
KITH_NODISCARD kith_status kith_changes_finish(kith_buffer *out,
                                               const kith_changes *changes,
                                               kith_buffer *lines,
                                               kith_error *err);

#endif
