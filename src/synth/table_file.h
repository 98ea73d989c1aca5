/**
 * @file table_file.h
 * @brief One CSV table: its columns by name, its rows through a callback.
 */
#ifndef KITH_SYNTH_TABLE_FILE_H
#define KITH_SYNTH_TABLE_FILE_H

#include "base/buffer.h"

#include <kith/status.h>
#include <stdbool.h>
#include <stdint.h>

enum { KITH_TABLE_COLUMNS = 24 };

typedef struct kith_table_row {
    const char *path;
    uint64_t line;
    kith_str fields[KITH_TABLE_COLUMNS]; /* in the order asked for */
    const char *const *columns;
} kith_table_row;

typedef kith_status (*kith_table_fn)(void *ctx, const kith_table_row *row,
                                     kith_error *err);

/** Where tables are looked for: richer first, then shipped. */
typedef struct kith_table_folders {
    const char *shipped;
    const char *richer; /* NULL */
} kith_table_folders;

/**
 * Visits every row of the table @p name. An absent column, a bad row and an
 * empty table are errors.
 * @param columns NULL-terminated
 */
KITH_NODISCARD kith_status kith_table_read(const kith_table_folders *folders,
                                           const char *name,
                                           const char *const *columns,
                                           kith_table_fn fn, void *ctx,
                                           kith_error *err);

/** A field as a number within [low, high]. */
KITH_NODISCARD kith_status kith_table_number(const kith_table_row *row,
                                             unsigned field, double low,
                                             double high, double *out,
                                             kith_error *err);
/** The error of a row: "file:line: column "c": reason". */
kith_status kith_table_wrong(const kith_table_row *row, unsigned field,
                             const char *reason, kith_error *err);

#endif
