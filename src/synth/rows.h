/**
 * @file rows.h
 * @brief Rows of the extracts and of the truth, as text.
 */
#ifndef KITH_SYNTH_ROWS_H
#define KITH_SYNTH_ROWS_H

#include "synth/files.h"
#include "synth/record.h"

/** A person's record in the agency's file, and its truth. */
KITH_NODISCARD kith_status kith_row_person(kith_cell_text *text,
                                           unsigned agency, const kith_cell *c,
                                           size_t person, const kith_record *r,
                                           kith_error *err);
/** A bad copy: without its last column when @p ragged, else as it is. */
KITH_NODISCARD kith_status kith_row_planted(kith_cell_text *text,
                                            unsigned agency, const kith_cell *c,
                                            size_t person, const kith_record *r,
                                            bool ragged, kith_error *err);
KITH_NODISCARD kith_status kith_row_event(kith_cell_text *text, unsigned agency,
                                          unsigned file, const kith_event *e,
                                          uint64_t record, kith_error *err);
KITH_NODISCARD kith_status kith_row_relation(kith_cell_text *text,
                                             unsigned agency, uint64_t child,
                                             uint64_t parent, int32_t from,
                                             kith_error *err);

#endif
