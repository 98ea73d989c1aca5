/**
 * @file table_file.h
 * @brief Reads some named columns of a CSV file that is no raw extract: kith's
 *        own, a truth, a table of names or rates.
 *
 * Any damaged row is an error.
 */
#ifndef KITH_IO_TABLE_FILE_H
#define KITH_IO_TABLE_FILE_H

#include "base/buffer.h"

#include <kith/job.h>
#include <kith/status.h>
#include <stddef.h>

typedef struct kith_table_file {
    const char *path;
    const char *const *columns;
    size_t n_columns;  /* at most KITH_TABLE_COLUMNS */
    size_t n_required; /* the first so many must be there */
} kith_table_file;

enum { KITH_TABLE_COLUMNS = 24 };

/**
 * @param values one a column, empty where the file has none
 * @param where "file:line", for messages
 */
typedef kith_status (*kith_table_row_fn)(void *ctx, const kith_str *values,
                                         const char *where, kith_error *err);

/** @param job takes the file as an input; NULL: none does */
KITH_NODISCARD kith_status kith_table_file_read(const kith_table_file *file,
                                                kith_table_row_fn fn, void *ctx,
                                                kith_job *job, kith_error *err);

#endif
