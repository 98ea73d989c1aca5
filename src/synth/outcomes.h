/**
 * @file outcomes.h
 * @brief What keyworkers achieve: less of what their families had too much
 *        of, from the day an intervention was completed.
 *
 * Source   Troubled Families in Greater Manchester: reductions among closed
 *          cases (worklessness 9 %, offending 73, domestic abuse 64, mental
 *          health 64, drugs 26, alcohol 54, safeguarding 40, attendance 46,
 *          debt 42, risk of eviction 64)
 */
#ifndef KITH_SYNTH_OUTCOMES_H
#define KITH_SYNTH_OUTCOMES_H

#include "synth/events.h"

/** Takes away the share of later events, and the needs that had no other. */
KITH_NODISCARD kith_status kith_outcomes_apply(kith_events *e, kith_cell *c,
                                               kith_error *err);

#endif
