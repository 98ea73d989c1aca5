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
/** ",PASS" */
KITH_NODISCARD kith_status kith_line_pass(kith_buffer *line,
                                          const kith_spec *spec, uint8_t pass,
                                          kith_error *err);
/** ",efnd": one letter a digit: e exact, f fuzzy, d differs, n null */
KITH_NODISCARD kith_status kith_line_states(kith_buffer *line,
                                            const kith_spec *spec,
                                            uint32_t states, kith_error *err);
/** ",rule" that decided the pair, or "," */
KITH_NODISCARD kith_status kith_line_rule(kith_buffer *line,
                                          const kith_spec *spec, unsigned rule,
                                          kith_error *err);
/** Ends the line; writes the buffer out when it has grown large. */
KITH_NODISCARD kith_status kith_line_end(kith_buffer *lines, kith_out *out,
                                         kith_error *err);
/** Writes the rest out. */
KITH_NODISCARD kith_status kith_lines_flush(kith_buffer *lines, kith_out *out,
                                            kith_error *err);

#endif
