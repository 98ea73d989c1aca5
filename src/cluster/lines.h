/**
 * @file lines.h
 * @brief Pieces of the clusterer's CSV lines, appended to a buffer.
 */
#ifndef KITH_CLUSTER_LINES_H
#define KITH_CLUSTER_LINES_H

#include "base/buffer.h"
#include "cluster/edges.h"
#include "cluster/refs.h"
#include "io/out.h"

#include <kith/spec.h>
#include <kith/status.h>

/** "agency,pseudonym" */
KITH_NODISCARD kith_status kith_line_record(kith_buffer *line,
                                            const kith_refs *refs,
                                            uint32_t record, kith_error *err);
/** ",12.34" from 1/256 bit */
KITH_NODISCARD kith_status kith_line_bits(kith_buffer *line, int32_t weight,
                                          kith_error *err);
/** The columns of kith_line_edge. */
#define KITH_EDGE_COLUMNS                                                      \
    "left_agency,left_record,right_agency,right_record,bits,pass,states,"      \
    "rarity_bits,identifier_bits,rule"
/** A pair: states one letter a digit, e exact, f fuzzy, d differs, n null;
 *  rule empty when none decided. Does not end the line. */
KITH_NODISCARD kith_status kith_line_edge(kith_buffer *line,
                                          const kith_refs *refs,
                                          const kith_spec *spec,
                                          const kith_edge *e, kith_error *err);
/** Ends the line; writes the buffer out when it has grown large. */
KITH_NODISCARD kith_status kith_line_end(kith_buffer *lines, kith_out *out,
                                         kith_error *err);
/** Writes the rest out. */
KITH_NODISCARD kith_status kith_lines_flush(kith_buffer *lines, kith_out *out,
                                            kith_error *err);

#endif
