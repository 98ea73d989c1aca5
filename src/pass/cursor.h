/**
 * @file cursor.h
 * @brief The rows of one file within a key range, in memory frame by frame.
 *
 * Cost     whole frames are read, front to back, each once a range
 * Errors   KITH_ERR_DATA when the rows are not sorted
 */
#ifndef KITH_PASS_CURSOR_H
#define KITH_PASS_CURSOR_H

#include "io/rowfile.h"

#include <kith/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Zero-initialise; _done frees. */
typedef struct kith_cursor {
    const kith_rows_in *file; /* borrowed */
    uint64_t next_frame;      /* the next to load */
    uint64_t end_row;         /* row number where the range ends */
    uint8_t *rows;            /* loaded and not yet taken: [at, n) */
    size_t rows_cap;          /* bytes */
    size_t row_bytes;
    size_t at, n;
    uint64_t last; /* token of row n - 1 */
} kith_cursor;

void kith_cursor_done(kith_cursor *c);

/** Places the cursor on the rows with tokens in [low, high]. */
KITH_NODISCARD kith_status kith_cursor_seek(kith_cursor *c,
                                            const kith_rows_in *file,
                                            uint64_t low, uint64_t high,
                                            kith_error *err);
/** Whether rows of the range are still to be loaded. */
bool kith_cursor_more(const kith_cursor *c);
/** Loads the next frame behind the rows not yet taken. */
KITH_NODISCARD kith_status kith_cursor_load(kith_cursor *c, kith_error *err);

/** A row's block token. */
uint64_t kith_row_token(const uint8_t *row);

#endif
