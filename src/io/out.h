/**
 * @file out.h
 * @brief An output file that is there whole or not at all.
 *
 * Bytes go to a temporary name beside the target, mode 0600; commit flushes,
 * syncs, closes, checks each step, and renames. Abort removes the temporary.
 * SHA-256 is taken on the way and recorded in the job.
 */
#ifndef KITH_IO_OUT_H
#define KITH_IO_OUT_H

#include "base/buffer.h"

#include <kith/job.h>
#include <kith/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct kith_out kith_out;

/** Makes missing folders of @p path. gzip: compress at level 1. */
KITH_NODISCARD kith_status kith_out_open(kith_out **out, const char *path,
                                         bool gzip, kith_error *err);
KITH_NODISCARD kith_status kith_out_write(kith_out *o, const void *data,
                                          size_t n, kith_error *err);
KITH_NODISCARD kith_status kith_out_printf(kith_out *o, kith_error *err,
                                           const char *format, ...)
    KITH_PRINTF(3, 4);
/** Writes one CSV field, quoted when needed, and the separator after it. */
KITH_NODISCARD kith_status kith_out_csv(kith_out *o, kith_str field, char sep,
                                        kith_error *err);
/** Ends the file well and frees @p o (always); records it when job given. */
KITH_NODISCARD kith_status kith_out_commit(kith_out *o, kith_job *job,
                                           kith_error *err);
/** Removes the temporary and frees; NULL is allowed. */
void kith_out_abort(kith_out *o);

/** mkdir -p, mode 0700 for what it makes. */
KITH_NODISCARD kith_status kith_make_folder(const char *path, kith_error *err);
/** dir/name in a fresh string. */
KITH_NODISCARD kith_status kith_path_join(char **out, const char *dir,
                                          const char *name, kith_error *err);

#endif
