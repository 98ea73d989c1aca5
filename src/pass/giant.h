/**
 * @file giant.h
 * @brief The blocks that readers put off, one at a time, by all workers.
 *
 * A block of many rows is one piece of work to a reader: too much memory for
 * one worker's share, and too long for the others to wait. Here it is loaded
 * once and its rows are shared out.
 * Memory   a block whose rows do not fit the budget is left alone, and
 *          counted as oversized
 * Threads  patterns of one block reach the workers' functions in any order
 */
#ifndef KITH_PASS_GIANT_H
#define KITH_PASS_GIANT_H

#include "pass/candidates.h"
#include "pass/pass.h"

#include "base/pool.h"

/** One worker's reader, and its candidates, set up alike. */
typedef struct kith_giant_worker {
    kith_pass_reader *reader;
    kith_candidates *candidates;
} kith_giant_worker;

/** Rows of a block that a reader may keep to itself, of a budget. */
uint64_t kith_giant_rows(const kith_pass *pass, uint64_t memory_bytes,
                         unsigned n_workers);

/** Compares everything that the readers put off, and forgets it. */
KITH_NODISCARD kith_status kith_giants_visit(const kith_pass *pass,
                                             const kith_giant_worker *workers,
                                             kith_pool *pool,
                                             uint64_t memory_bytes,
                                             kith_error *err);

#endif
