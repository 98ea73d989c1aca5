/**
 * @file moves.h
 * @brief moves.csv in memory: flags that a stricter threshold would change.
 */
#ifndef KITH_REPORT_MOVES_H
#define KITH_REPORT_MOVES_H

#include "report/flags.h"

typedef struct kith_move {
    uint32_t table; /* number of the cohort's flags */
    uint32_t unit;
    uint32_t stricter_by; /* bits */
    uint8_t status;       /* then: kith_flag_status or KITH_FLAG_NONE */
} kith_move;

/** Zero-initialise; _done frees. */
typedef struct kith_moved {
    kith_move *all;
    size_t n;
    size_t cap;
} kith_moved;

/** @param folder of moves.csv */
KITH_NODISCARD kith_status kith_moved_load(kith_moved *out,
                                           const kith_people *people,
                                           const kith_flag_tables *flags,
                                           const char *folder, kith_job *job,
                                           kith_error *err);
void kith_moved_done(kith_moved *m);
/** Puts what moves at that step over the flags of one cohort. */
void kith_moved_apply(const kith_moved *m, uint32_t table, uint32_t stricter_by,
                      uint8_t *status);

#endif
