/**
 * @file out_chunks.h
 * @brief A large text file, its chunks formatted in parallel.
 *
 * Chunks are written in their order, so that the file does not depend on the
 * threads. While one round of chunks is formatted, the round before is
 * written and digested.
 * Memory   eight chunks of text a worker
 */
#ifndef KITH_IO_OUT_CHUNKS_H
#define KITH_IO_OUT_CHUNKS_H

#include "base/pool.h"
#include "io/out.h"

/** Appends the text of chunk @p chunk; called from several threads. */
typedef kith_status (*kith_out_chunk_fn)(void *ctx, size_t chunk,
                                         unsigned worker, kith_buffer *text,
                                         kith_error *err);

KITH_NODISCARD kith_status kith_out_chunks(kith_out *out, kith_pool *pool,
                                           size_t n_chunks,
                                           kith_out_chunk_fn fn, void *ctx,
                                           kith_error *err);

#endif
