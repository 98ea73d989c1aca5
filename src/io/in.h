/**
 * @file in.h
 * @brief A byte stream from a file, plain or gzip (several members allowed).
 *
 * Errors   KITH_ERR_IO: missing, unreadable; KITH_ERR_DATA: gzip truncated,
 *          corrupt or followed by other bytes, with the compressed offset
 */
#ifndef KITH_IO_IN_H
#define KITH_IO_IN_H

#include "base/buffer.h"

#include <kith/job.h>
#include <kith/status.h>
#include <stddef.h>
#include <stdint.h>

typedef struct kith_in kith_in;

KITH_NODISCARD kith_status kith_in_open(kith_in **out, const char *path,
                                        kith_error *err);
/** Reads up to @p cap bytes; *n is 0 only at the end. */
KITH_NODISCARD kith_status kith_in_read(kith_in *in, void *buffer, size_t cap,
                                        size_t *n, kith_error *err);
/** Size of the file on disk and how much of it has been read. */
uint64_t kith_in_size(const kith_in *in);
uint64_t kith_in_consumed(const kith_in *in);
/** Records path, SHA-256 of the file's bytes and size as a job input; valid
 *  once the end has been read. */
void kith_in_record(kith_in *in, kith_job *job);
void kith_in_close(kith_in *in);

/** Reads a whole small file (config, key); at most @p max bytes. @p out is
 *  NUL-terminated and owned by the caller. */
KITH_NODISCARD kith_status kith_in_slurp(char **out, size_t *n,
                                         const char *path, size_t max,
                                         kith_error *err);

#endif
