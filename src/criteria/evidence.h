/**
 * @file evidence.h
 * @brief The lines of evidence.csv: why a flag is what it is.
 *
 * A criterion that is met gives the events that met it, one that is not what
 * was looked at and over which period, one that is unknown the extract that
 * is missing. Who else in the family an event is about is withheld, with its
 * date and record, unless the cohort says "evidence all members"; a person's
 * own evidence never is. The weight of the link by which the record hangs on
 * its person is always said: it tells how sure the line is, not whose it is.
 *
 * Limit    50 lines a criterion, then one that says how many more there are
 * Columns  cohort,id,criterion,status,person,agency,event,date,record,bits,note
 */
#ifndef KITH_CRITERIA_EVIDENCE_H
#define KITH_CRITERIA_EVIDENCE_H

#include "base/buffer.h"
#include "criteria/eval.h"
#include "criteria/verdict.h"
#include "io/rowfile.h"

#include <kith/status.h>

#define KITH_FLAG_EVIDENCE_HEADER                                              \
    "cohort,id,criterion,status,person,agency,event,date,record,bits,note\n"

/** Zero-initialise; _done frees. */
typedef struct kith_flag_evidence {
    kith_buffer text;   /* CSV lines, ready to be written */
    kith_buffer note;   /* of the line being written */
    kith_buffer prefix; /* cohort, id and criterion */
    kith_trace trace;
    uint64_t n_left_out;   /* events past the limit of a criterion */
    kith_rows_in **people; /* open files of the agencies, for pseudonyms */
} kith_flag_evidence;

void kith_flag_evidence_done(kith_flag_evidence *e);
/** Adds the lines of the evaluator's current unit. */
KITH_NODISCARD kith_status kith_flag_evidence_add(kith_flag_evidence *out,
                                                  kith_eval *e, const char *id,
                                                  kith_flagged flagged,
                                                  kith_error *err);
/** Adds why one condition of the current unit is as it is, under a name. */
KITH_NODISCARD kith_status kith_flag_evidence_cond(kith_flag_evidence *out,
                                                   kith_eval *e, const char *id,
                                                   const char *name,
                                                   const kith_node *cond,
                                                   kith_error *err);

#endif
