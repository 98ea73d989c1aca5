/**
 * @file inspect.h
 * @brief Shows what any kith file holds: header, counts, checksums, rows.
 */
#ifndef KITH_INSPECT_H
#define KITH_INSPECT_H

#include <kith/status.h>
#include <stdint.h>
#include <stdio.h>

/** Prints header lines, verifies every frame, prints @p n_rows rows: their
 *  columns by name when the kind has them, else bytes. */
KITH_NODISCARD kith_status kith_inspect(FILE *to, const char *path,
                                        uint64_t n_rows, kith_error *err);

#endif
