/**
 * @file table_file.h
 * @brief One table of the population: found in one of two folders, no row of
 *        it wrong, numbers within their range.
 */
#ifndef KITH_SYNTH_TABLE_FILE_H
#define KITH_SYNTH_TABLE_FILE_H

#include "io/table_file.h"

#include <kith/status.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct kith_table_row {
    const char *where;      /* "file:line" */
    const kith_str *fields; /* in the order asked for */
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
