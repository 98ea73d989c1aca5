/**
 * @file rejects.h
 * @brief rejects.csv: which row was refused, and why; never a value.
 *
 * Columns  file,row,line,column,reason. column is the field's number in the
 *          file, from 1; empty when the whole row is meant
 */
#ifndef KITH_ENCODE_REJECTS_H
#define KITH_ENCODE_REJECTS_H

#include "io/csv.h"
#include "io/out.h"

#include <kith/status.h>
#include <stdint.h>

/** Zero-initialise; _abort or _commit ends it. */
typedef struct kith_rejects {
    kith_out *out;
    const char *file; /**< the file being read; borrowed */
    uint64_t n; /**< bad rows; bad values in good rows are not among them */
    uint64_t max;
    char last[160]; /**< "file:line" of the row that was one too many */
    uint64_t csv[KITH_CSV_N_BAD]; /**< grammar problems by reason */
} kith_rejects;

KITH_NODISCARD kith_status kith_rejects_open(kith_rejects *r, const char *path,
                                             uint64_t max, kith_error *err);
/** A bad row: it is left out, and counts towards the limit. */
KITH_NODISCARD kith_status kith_rejects_add(kith_rejects *r, uint64_t row,
                                            uint64_t line, uint32_t column,
                                            const char *reason,
                                            kith_error *err);
/** A bad value: it becomes null, and its row is kept. */
KITH_NODISCARD kith_status kith_rejects_value(kith_rejects *r, uint64_t row,
                                              uint64_t line, uint32_t column,
                                              const char *reason,
                                              kith_error *err);
/** The batch's bad rows. */
KITH_NODISCARD kith_status kith_rejects_batch(kith_rejects *r,
                                              const kith_csv_batch *batch,
                                              kith_error *err);
/** KITH_ERR_REJECTS when there are more than the limit. */
KITH_NODISCARD kith_status kith_rejects_check(const kith_rejects *r,
                                              kith_error *err);
KITH_NODISCARD kith_status kith_rejects_commit(kith_rejects *r, kith_job *job,
                                               kith_error *err);
void kith_rejects_abort(kith_rejects *r);

#endif
