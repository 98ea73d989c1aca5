#include "base/pool.h"

#include "base/alloc.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct worker {
    kith_pool *pool;
    pthread_t thread;
    unsigned index;
} worker;

struct kith_pool {
    worker *workers;    /* [1..n_started] are threads; 0 is the caller */
    unsigned n_threads; /* workers, the caller included */
    unsigned n_started;

    pthread_mutex_t mutex; /* guards all below except next */
    pthread_cond_t begin;
    pthread_cond_t end;
    uint64_t round; /* the loop the workers should take part in */
    unsigned busy;  /* workers still in this round */
    bool quit;

    kith_for_fn fn;
    void *ctx;
    size_t n_chunks;
    atomic_size_t next; /* the next chunk to take */

    size_t failed_chunk; /* lowest that failed, or SIZE_MAX */
    kith_error error;
};

static void
pool_fail(kith_pool *pool, size_t chunk, const kith_error *error)
{
    pthread_mutex_lock(&pool->mutex);
    if (chunk < pool->failed_chunk) {
        pool->failed_chunk = chunk;
        pool->error = *error;
    }
    pthread_mutex_unlock(&pool->mutex);
    /* No further chunks start; lower ones have all been taken already. */
    atomic_store(&pool->next, pool->n_chunks);
}

static void
pool_work(kith_pool *pool, unsigned index)
{
    for (;;) {
        size_t chunk = atomic_load(&pool->next);
        do {
            if (chunk >= pool->n_chunks)
                return;
        } while (!atomic_compare_exchange_weak(&pool->next, &chunk, chunk + 1));
        kith_error error = KITH_ERROR_INIT;
        kith_status status = pool->fn(pool->ctx, chunk, index, &error);
        if (status != KITH_OK) {
            error.status = status;
            pool_fail(pool, chunk, &error);
        }
    }
}

static void *
pool_thread(void *arg)
{
    worker *self = arg;
    kith_pool *pool = self->pool;
    uint64_t seen = 0;
    pthread_mutex_lock(&pool->mutex);
    for (;;) {
        while (pool->round == seen && !pool->quit)
            pthread_cond_wait(&pool->begin, &pool->mutex);
        if (pool->quit)
            break;
        seen = pool->round;
        pthread_mutex_unlock(&pool->mutex);
        pool_work(pool, self->index);
        pthread_mutex_lock(&pool->mutex);
        if (--pool->busy == 0)
            pthread_cond_signal(&pool->end);
    }
    pthread_mutex_unlock(&pool->mutex);
    return NULL;
}

static kith_status
pool_start(kith_pool *pool, kith_error *err)
{
    for (unsigned i = 1; i < pool->n_threads; i++) {
        worker *w = &pool->workers[i];
        w->pool = pool;
        w->index = i;
        if (pthread_create(&w->thread, NULL, pool_thread, w) != 0) {
            kith_error_set(err, KITH_ERR_THREAD, "cannot start thread %u of %u",
                           i, pool->n_threads);
            kith_error_hint(err, "use fewer --threads");
            return KITH_ERR_THREAD;
        }
        pool->n_started = i;
    }
    return KITH_OK;
}

kith_status
kith_pool_new(kith_pool **out, unsigned n_threads, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_pool *pool = NULL;
    *out = NULL;
    KITH_TRY(KITH_ALLOC(&pool, 1, err));
    pool->n_threads = n_threads == 0 ? 1 : n_threads;
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_cond_init(&pool->begin, NULL);
    pthread_cond_init(&pool->end, NULL);
    KITH_TRY(KITH_ALLOC(&pool->workers, pool->n_threads, err));
    KITH_TRY(pool_start(pool, err));
    *out = pool;
    pool = NULL;
done:
    kith_pool_free(pool);
    return status;
}

void
kith_pool_free(kith_pool *pool)
{
    if (pool == NULL)
        return;
    pthread_mutex_lock(&pool->mutex);
    pool->quit = true;
    pthread_cond_broadcast(&pool->begin);
    pthread_mutex_unlock(&pool->mutex);
    for (unsigned i = 1; i <= pool->n_started; i++)
        pthread_join(pool->workers[i].thread, NULL);
    pthread_cond_destroy(&pool->end);
    pthread_cond_destroy(&pool->begin);
    pthread_mutex_destroy(&pool->mutex);
    kith_free(pool->workers);
    kith_free(pool);
}

unsigned
kith_pool_size(const kith_pool *pool)
{
    return pool->n_threads;
}

kith_status
kith_for(kith_pool *pool, size_t n_chunks, kith_for_fn fn, void *ctx,
         kith_error *err)
{
    pthread_mutex_lock(&pool->mutex);
    pool->fn = fn;
    pool->ctx = ctx;
    pool->n_chunks = n_chunks;
    atomic_store(&pool->next, 0);
    pool->failed_chunk = SIZE_MAX;
    pool->busy = pool->n_started;
    pool->round++;
    pthread_cond_broadcast(&pool->begin);
    pthread_mutex_unlock(&pool->mutex);

    pool_work(pool, 0);

    pthread_mutex_lock(&pool->mutex);
    while (pool->busy != 0)
        pthread_cond_wait(&pool->end, &pool->mutex);
    const bool failed = pool->failed_chunk != SIZE_MAX;
    if (failed && err != NULL)
        *err = pool->error;
    const kith_status status = failed ? pool->error.status : KITH_OK;
    pthread_mutex_unlock(&pool->mutex);
    return status;
}
