#include "base/pool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { N_CHUNKS = 500, MOST_THREADS = 7 };
static const unsigned THREADS[] = {1, 2, MOST_THREADS};

typedef struct loop {
    uint64_t results[N_CHUNKS];
    atomic_int visits[N_CHUNKS];
    atomic_int running[MOST_THREADS]; /* calls under way, per worker */
    size_t fail_every;                /* chunks that fail; 0: none */
    atomic_bool shared;               /* two calls had one worker number */
} loop;

static kith_status
work(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    loop *l = ctx;
    if (atomic_fetch_add(&l->running[worker], 1) != 0)
        atomic_store(&l->shared, true);
    atomic_fetch_add(&l->visits[chunk], 1);
    uint64_t x = chunk;
    for (int i = 0; i < 1000; i++)
        x = x * 6364136223846793005u + 1442695040888963407u;
    l->results[chunk] = x;
    atomic_fetch_sub(&l->running[worker], 1);
    if (l->fail_every != 0 && chunk % l->fail_every == l->fail_every - 1)
        return kith_error_set(err, KITH_ERR_DATA, "chunk %zu", chunk);
    return KITH_OK;
}

static void
test_same_at_any_thread_count(void **state)
{
    static loop first;
    (void)state;
    for (size_t t = 0; t < sizeof THREADS / sizeof *THREADS; t++) {
        static loop l;
        kith_pool *pool = NULL;
        kith_error err = KITH_ERROR_INIT;
        memset(&l, 0, sizeof l);
        assert_int_equal(kith_pool_new(&pool, THREADS[t], &err), KITH_OK);
        assert_int_equal(kith_pool_size(pool), THREADS[t]);
        assert_int_equal(kith_for(pool, N_CHUNKS, work, &l, &err), KITH_OK);
        for (size_t i = 0; i < N_CHUNKS; i++)
            assert_int_equal(atomic_load(&l.visits[i]), 1);
        assert_false(atomic_load(&l.shared));
        if (t == 0)
            memcpy(first.results, l.results, sizeof l.results);
        assert_memory_equal(l.results, first.results, sizeof l.results);
        kith_pool_free(pool);
    }
}

static void
test_lowest_failure_wins(void **state)
{
    (void)state;
    for (size_t t = 0; t < sizeof THREADS / sizeof *THREADS; t++) {
        kith_pool *pool = NULL;
        kith_error err = KITH_ERROR_INIT;
        assert_int_equal(kith_pool_new(&pool, THREADS[t], &err), KITH_OK);
        for (int round = 0; round < 50; round++) {
            static loop l;
            memset(&l, 0, sizeof l);
            l.fail_every = 3;
            assert_int_equal(kith_for(pool, N_CHUNKS, work, &l, &err),
                             KITH_ERR_DATA);
            assert_int_equal(err.status, KITH_ERR_DATA);
            assert_string_equal(err.text, "chunk 2");
        }
        /* A loop that failed leaves the pool whole. */
        static loop good;
        memset(&good, 0, sizeof good);
        assert_int_equal(kith_for(pool, N_CHUNKS, work, &good, NULL), KITH_OK);
        kith_pool_free(pool);
    }
}

static void
test_nothing_to_do(void **state)
{
    static loop l;
    kith_pool *pool = NULL;
    kith_error err = KITH_ERROR_INIT;
    (void)state;
    assert_int_equal(kith_pool_new(&pool, 2, &err), KITH_OK);
    assert_int_equal(kith_for(pool, 0, work, &l, &err), KITH_OK);
    assert_int_equal(kith_for(pool, 1, work, &l, &err), KITH_OK);
    assert_int_equal(atomic_load(&l.visits[0]), 1);
    kith_pool_free(pool);
    kith_pool_free(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_at_any_thread_count),
        cmocka_unit_test(test_lowest_failure_wins),
        cmocka_unit_test(test_nothing_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
