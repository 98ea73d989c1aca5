#include "io/out_chunks.h"

#include "base/alloc.h"

/* Chunks of a round and worker: enough that none waits long for another. */
enum { CHUNKS_PER_WORKER = 4 };

typedef struct rounds {
    kith_out *out;
    kith_out_chunk_fn fn;
    void *ctx;
    size_t first; /* chunk of this round */
    kith_buffer *fresh;
    kith_buffer *ready; /* of the round before */
    size_t n_ready;
} rounds;

static kith_status
write_ready(const rounds *r, kith_error *err)
{
    kith_status status = KITH_OK;
    for (size_t i = 0; i < r->n_ready; i++)
        KITH_TRY(
            kith_out_write(r->out, r->ready[i].data, r->ready[i].len, err));
done:
    return status;
}

/* Item 0 writes, the others format. */
static kith_status
round_item(void *ctx, size_t item, unsigned worker, kith_error *err)
{
    const rounds *r = ctx;
    if (item == 0)
        return write_ready(r, err);
    kith_buffer *text = &r->fresh[item - 1];
    kith_buffer_clear(text);
    return r->fn(r->ctx, r->first + item - 1, worker, text, err);
}

kith_status
kith_out_chunks(kith_out *out, kith_pool *pool, size_t n_chunks,
                kith_out_chunk_fn fn, void *ctx, kith_error *err)
{
    kith_status status = KITH_OK;
    const size_t most = (size_t)kith_pool_size(pool) * CHUNKS_PER_WORKER;
    rounds r = {.out = out, .fn = fn, .ctx = ctx};
    kith_buffer *buffers = NULL;
    KITH_TRY(KITH_ALLOC(&buffers, 2 * most, err));
    r.fresh = buffers;
    r.ready = buffers + most;
    for (size_t n = 0; r.first < n_chunks; r.first += n) {
        n = n_chunks - r.first < most ? n_chunks - r.first : most;
        KITH_TRY(kith_for(pool, n + 1, round_item, &r, err));
        kith_buffer *written = r.ready;
        r.ready = r.fresh;
        r.fresh = written;
        r.n_ready = n;
    }
    KITH_TRY(write_ready(&r, err));
done:
    for (size_t i = 0; buffers != NULL && i < 2 * most; i++)
        kith_buffer_done(&buffers[i]);
    kith_free(buffers);
    return status;
}
