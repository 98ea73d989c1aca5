/**
 * @file cursor.h
 * @brief The rows of one file within a key range, in memory frame by frame.
 *
 * Cost     whole frames are read, front to back, each once a range
 * Errors   KITH_ERR_DATA when the rows are not sorted
 */
#ifndef KITH_PASS_CURSOR_H
#define KITH_PASS_CURSOR_H

#include "compare/layout.h"
#include "io/rowfile.h"

#include <kith/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/** Zero-initialise; _done frees. */
typedef struct kith_cursor {
    const kith_rows_in *file; /* borrowed */
    uint64_t next_frame;      /* the next to load */
    uint64_t end_row;         /* row number where the range ends */
    uint8_t *rows;            /* loaded and not yet taken: [at, n) */
    uint64_t *tokens;         /* of the same rows, as numbers */
    size_t rows_cap, tokens_cap;
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
/** Loads the next frame behind the rows not yet taken, and asks for the one
 *  after it. */
KITH_NODISCARD kith_status kith_cursor_load(kith_cursor *c, kith_error *err);
/** How many of the rows in memory and not yet taken have token @p token, which
 *  none is below. */
size_t kith_cursor_equal(const kith_cursor *c, uint64_t token);
/** Goes past all rows of that token, loaded or not; says how many. */
KITH_NODISCARD kith_status kith_cursor_skip(kith_cursor *c, uint64_t token,
                                            uint64_t *n_rows, kith_error *err);
/** Row numbers of @p file with tokens in [low, high]: [*first, *end). */
KITH_NODISCARD kith_status kith_cursor_span(const kith_rows_in *file,
                                            uint64_t low, uint64_t high,
                                            uint64_t *first, uint64_t *end,
                                            kith_error *err);
/** How many of the rows not yet taken have tokens below @p stop. */
size_t kith_cursor_below(const kith_cursor *c, uint64_t stop);

/** A row's block token. */
static inline uint64_t
kith_row_token(const uint8_t *row)
{
    uint64_t token;
    memcpy(&token, row + KITH_ROW_BLOCK, sizeof token);
    return __builtin_bswap64(token); /* row files are little-endian only */
}

#endif
