/**
 * @file table_file.h
 * @brief Reads some named columns of a CSV file that kith or a truth made.
 *
 * Any damaged row is an error: these files are not raw extracts.
 */
#ifndef KITH_EVALUATE_TABLE_FILE_H
#define KITH_EVALUATE_TABLE_FILE_H

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

enum { KITH_TABLE_COLUMNS = 16 };

/**
 * @param values one a column, empty where the file has none
 * @param where "file:line", for messages
 */
typedef kith_status (*kith_table_row_fn)(void *ctx, const kith_str *values,
                                         const char *where, kith_error *err);

KITH_NODISCARD kith_status kith_table_file_read(const kith_table_file *file,
                                                kith_table_row_fn fn, void *ctx,
                                                kith_job *job, kith_error *err);

#endif
