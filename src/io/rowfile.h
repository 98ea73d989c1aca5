/**
 * @file rowfile.h
 * @brief The one binary container: a text header, then frames of fixed-size
 *        rows, each with its checksum, then a footer.
 *
 * Layout (integers little-endian)
 *   "KITHROWS" u32 format version, u32 header bytes, header text,
 *   u64 XXH3 of the header text
 *   frames: u32 rows, u32 zero, u64 XXH3 of the rows, rows
 *   footer: "KITHEND." u64 total rows, u64 chained XXH3 of the frame
 *           checksums, u64 XXH3 of the footer so far
 * Every frame but the last holds the same number of rows, so that any row's
 * place is known: key ranges are read in parallel without an index.
 * Header   always has "kind", "row_bytes", "frame_rows"; writers add theirs
 * Errors   KITH_ERR_DATA: not a kith file, truncated, damaged (which frame)
 */
#ifndef KITH_IO_ROWFILE_H
#define KITH_IO_ROWFILE_H

#include "io/meta.h"

#include <kith/job.h>
#include <kith/status.h>
#include <stddef.h>
#include <stdint.h>

typedef struct kith_rows_out kith_rows_out;
typedef struct kith_rows_in kith_rows_in;

/** @param kind "pass", "records" ...; @param meta may be NULL */
KITH_NODISCARD kith_status kith_rows_create(kith_rows_out **out,
                                            const char *path, const char *kind,
                                            size_t row_bytes,
                                            const kith_meta *meta,
                                            kith_error *err);
KITH_NODISCARD kith_status kith_rows_write(kith_rows_out *o, const void *rows,
                                           size_t n, kith_error *err);
/** Frees @p o always. */
KITH_NODISCARD kith_status kith_rows_commit(kith_rows_out *o, kith_job *job,
                                            kith_error *err);
void kith_rows_abort(kith_rows_out *o);

/** Opens and checks header and footer. @param kind NULL: any */
KITH_NODISCARD kith_status kith_rows_open(kith_rows_in **out, const char *path,
                                          const char *kind, kith_error *err);
const kith_meta *kith_rows_meta(const kith_rows_in *in);
const char *kith_rows_path(const kith_rows_in *in);
uint64_t kith_rows_count(const kith_rows_in *in);
size_t kith_rows_bytes(const kith_rows_in *in);
/** A number that stands for all rows and their order: the chained checksum. */
uint64_t kith_rows_sum(const kith_rows_in *in);
size_t kith_rows_per_frame(const kith_rows_in *in);
/**
 * Reads whole frame @p frame into @p rows (room for per_frame rows),
 * verified. Safe from several threads at once (pread).
 */
KITH_NODISCARD kith_status kith_rows_frame(const kith_rows_in *in,
                                           uint64_t frame, void *rows,
                                           size_t *n, kith_error *err);
/** Says that frame @p frame will be read soon. */
void kith_rows_ahead(const kith_rows_in *in, uint64_t frame);
/** Reads rows [first, first + n), verified frame by frame; thread-safe. */
KITH_NODISCARD kith_status kith_rows_read(const kith_rows_in *in,
                                          uint64_t first, size_t n, void *rows,
                                          kith_error *err);
/** Reads the first @p n bytes of row @p row, unverified: for searching. */
KITH_NODISCARD kith_status kith_rows_peek(const kith_rows_in *in, uint64_t row,
                                          void *bytes, size_t n,
                                          kith_error *err);
void kith_rows_close(kith_rows_in *in);

#endif
