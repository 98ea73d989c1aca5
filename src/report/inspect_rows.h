/**
 * @file inspect_rows.h
 * @brief Names and values of the rows whose kind is known, for people to
 *        read; of the others, passes above all, the bytes.
 */
#ifndef KITH_REPORT_INSPECT_ROWS_H
#define KITH_REPORT_INSPECT_ROWS_H

#include "base/buffer.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef struct kith_row_layout kith_row_layout;

/** The layout of a kind; NULL when it is none, or of other rows. */
const kith_row_layout *kith_row_layout_of(kith_str kind, size_t row_bytes);
/** The names of the columns. */
void kith_row_head(FILE *to, const kith_row_layout *layout);
/** One row; in hex when @p layout is NULL. */
void kith_row_print(FILE *to, const kith_row_layout *layout, uint64_t number,
                    const uint8_t *row, size_t n);

#endif
