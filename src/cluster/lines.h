/**
 * @file lines.h
 * @brief Pieces of the clusterer's CSV lines, appended to a buffer.
 *
 * A run writes a hundred million of them: room for a line is reserved once,
 * its pieces are put without further checks.
 */
#ifndef KITH_CLUSTER_LINES_H
#define KITH_CLUSTER_LINES_H

#include "base/buffer.h"
#include "cluster/edges.h"
#include "cluster/refs.h"

#include <kith/spec.h>
#include <kith/status.h>

/** Room for one line, of whatever pieces. */
KITH_NODISCARD kith_status kith_line_begin(kith_buffer *line,
                                           const kith_refs *refs,
                                           kith_error *err);
/** "agency,pseudonym" */
void kith_line_record(kith_buffer *line, const kith_refs *refs,
                      uint32_t record);
/** ",12.34" from 1/256 bit */
void kith_line_bits(kith_buffer *line, int32_t weight);
/** The columns of kith_line_edge. */
#define KITH_EDGE_COLUMNS                                                      \
    "left_agency,left_record,right_agency,right_record,bits,pass,states,"      \
    "rarity_bits,identifier_bits,rule"
/** A pair: states one letter a digit, e exact, f fuzzy, d differs, n null;
 *  rule empty when none decided. Does not end the line. */
void kith_line_edge(kith_buffer *line, const kith_refs *refs,
                    const kith_spec *spec, const kith_edge *e);

#endif
