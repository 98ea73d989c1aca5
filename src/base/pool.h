/**
 * @file pool.h
 * @brief The one way to loop in parallel.
 *
 * kith_for runs fn for every chunk 0..n_chunks-1, on all workers; which
 * worker takes which chunk is not defined, so results go into chunk-indexed
 * storage. The failure of the lowest failing chunk is the one reported, so
 * that errors do not depend on the thread count. The calling thread works
 * too: a pool of one thread starts none.
 */
#ifndef KITH_BASE_POOL_H
#define KITH_BASE_POOL_H

#include <kith/status.h>
#include <stddef.h>

typedef struct kith_pool kith_pool;

KITH_NODISCARD kith_status kith_pool_new(kith_pool **out, unsigned n_threads,
                                         kith_error *err);
void kith_pool_free(kith_pool *pool);
unsigned kith_pool_size(const kith_pool *pool);

/** @param worker 0..size-1, unique among the calls running at once */
typedef kith_status (*kith_for_fn)(void *ctx, size_t chunk, unsigned worker,
                                   kith_error *err);

/** Not reentrant: fn must not call kith_for on the same pool. */
KITH_NODISCARD kith_status kith_for(kith_pool *pool, size_t n_chunks,
                                    kith_for_fn fn, void *ctx, kith_error *err);

#endif
