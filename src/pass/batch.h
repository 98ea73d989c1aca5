/**
 * @file batch.h
 * @brief The loaded rows of all files below a token, in order of the token.
 *
 * Tokens are random: spread over as many slots as there are rows, they lie in
 * order but for a few neighbours. That costs less than a heap step a row, and
 * finds equal tokens side by side. Rows of one token stay file by file, and
 * inside a file in the file's order.
 */
#ifndef KITH_PASS_BATCH_H
#define KITH_PASS_BATCH_H

#include "base/radix.h"
#include "pass/cursor.h"

/** Zero-initialise; _done frees. */
typedef struct kith_batch {
    kith_keyed *items; /* n: token, row of its cursor, file */
    size_t n;
    kith_keyed *scratch;
    uint32_t *slots;
    size_t *parts; /* rows of each file */
    size_t items_cap, scratch_cap, slots_cap, parts_cap;
} kith_batch;

void kith_batch_done(kith_batch *b);

/** Takes every row with a token below @p stop off the cursors, or all when
 *  @p stop is NULL; the rows stay where they are until the next load. */
KITH_NODISCARD kith_status kith_batch_take(kith_batch *b, kith_cursor *cursors,
                                           uint32_t n_files,
                                           const uint64_t *stop,
                                           kith_error *err);

#endif
