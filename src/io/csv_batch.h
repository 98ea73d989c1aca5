/**
 * @file csv_batch.h
 * @brief How csv.c fills a batch: field by field, row by row.
 *
 * kith_csv_reserve makes room for one row before the parser runs, so that
 * the parser's callbacks, which cannot stop it, cannot fail either.
 */
#ifndef KITH_IO_CSV_BATCH_H
#define KITH_IO_CSV_BATCH_H

#include "io/csv.h"

#include <stdbool.h>

/** The row being parsed. Zero-initialise for every row. */
typedef struct kith_csv_row {
    size_t n_fields;
    size_t text_start; /* of its text in the batch */
    bool bad;
    kith_csv_bad reason;
    uint32_t column;
} kith_csv_row;

/** Empties @p b for rows of @p n_columns. */
void kith_csv_batch_clear(kith_csv_batch *b, size_t n_columns);
/** Room for one more row of at most @p n_bytes of text, or a problem. */
KITH_NODISCARD kith_status kith_csv_reserve(kith_csv_batch *b, size_t n_bytes,
                                            kith_error *err);
/** Takes a field of the row; needs room reserved. */
void kith_csv_batch_field(kith_csv_batch *b, kith_csv_row *row, kith_str field);
/** Keeps the row, or lists it when it is bad or of the wrong width. */
void kith_csv_batch_row(kith_csv_batch *b, kith_csv_row *row, uint64_t number,
                        uint64_t line);
/** Lists a row as bad and forgets its fields. */
void kith_csv_batch_problem(kith_csv_batch *b, const kith_csv_row *row,
                            kith_csv_problem problem);
/** Forgets the fields of the row so far. */
void kith_csv_batch_undo(kith_csv_batch *b, kith_csv_row *row);
/** Points the fields into the text, which moves no more. */
void kith_csv_batch_finish(kith_csv_batch *b);

#endif
