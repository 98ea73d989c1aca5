/**
 * @file results.h
 * @brief Reads the result tables that kith wrote itself, for the summary.
 */
#ifndef KITH_CLI_RESULTS_H
#define KITH_CLI_RESULTS_H

#include <kith/status.h>
#include <stddef.h>
#include <stdint.h>

enum { KITH_RESULT_FIELDS = 32 };

/** Called for each row, the header first; @p fields live until it returns. */
typedef kith_status (*kith_result_fn)(void *ctx, char **fields, size_t n,
                                      kith_error *err);

/** A file that is not there has no rows. */
KITH_NODISCARD kith_status kith_result_each(const char *path, kith_result_fn fn,
                                            void *ctx, kith_error *err);

/** Rows, and runs of equal values in the first column: the tables are sorted
 *  by it. */
KITH_NODISCARD kith_status kith_result_count(const char *path, uint64_t *n_rows,
                                             uint64_t *n_groups,
                                             kith_error *err);

#endif
