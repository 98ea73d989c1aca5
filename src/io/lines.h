/**
 * @file lines.h
 * @brief The large tables that kith itself wrote, in pieces of whole lines
 *        that several workers can split at once.
 *
 * Input    CSV with a header, plain or gzip; a field may stand in quotes when
 *          it holds none and no delimiter: other programs write such
 * Method   one reads pieces, the others cut them at commas where they lie
 * Cost     a quarter of what csv.h takes, which says of raw extracts what is
 *          wrong with each row; here the first bad row is an error
 */
#ifndef KITH_IO_LINES_H
#define KITH_IO_LINES_H

#include "base/buffer.h"

#include <kith/job.h>
#include <kith/status.h>
#include <stdbool.h>

typedef struct kith_lines kith_lines;

/** @param columns names of @p n columns wanted, at most 8 */
KITH_NODISCARD kith_status kith_lines_open(kith_lines **out, const char *path,
                                           const char *const *columns, size_t n,
                                           kith_error *err);
/** The next whole lines, about a MiB, in place of what @p text held; nothing
 *  at the end. */
KITH_NODISCARD kith_status kith_lines_next(kith_lines *l, kith_buffer *text,
                                           kith_error *err);
/**
 * Takes the first line off @p rest.
 * @param[out] fields those wanted, in the order wanted, within the text
 * @return false at the end, and at a bad line, which is then left in @p rest
 */
bool kith_lines_row(const kith_lines *l, kith_str *rest, kith_str *fields);
/** As kith_lines_row, of the first wanted field; looks at no other. */
bool kith_lines_first(const kith_lines *l, kith_str *rest, kith_str *field);
/** Says which line is bad, and why; safe from several threads at once. */
KITH_NODISCARD kith_status kith_lines_refuse(const kith_lines *l,
                                             kith_error *err);
/** Records the file as an input of the job; after the last piece. */
void kith_lines_record(kith_lines *l, kith_job *job);
void kith_lines_close(kith_lines *l);

#endif
