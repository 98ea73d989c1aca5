/**
 * @file csv_each.h
 * @brief All rows of a whole CSV file, parsed ahead: while one batch is
 *        worked on, another worker parses the next.
 *
 * For files that are no raw extracts: any bad row is an error.
 */
#ifndef KITH_IO_CSV_EACH_H
#define KITH_IO_CSV_EACH_H

#include "base/pool.h"
#include "io/csv.h"

/** Called with one batch after another, by one thread at a time. */
typedef kith_status (*kith_csv_batch_fn)(void *ctx, const kith_csv_batch *batch,
                                         kith_error *err);

/** @p fn must not use @p pool; without one (NULL) nothing is parsed ahead. */
KITH_NODISCARD kith_status kith_csv_each(kith_csv *csv, kith_pool *pool,
                                         kith_csv_batch_fn fn, void *ctx,
                                         kith_error *err);

#endif
