/* Pairs on their way to the file, with every call that can fail failing once:
 * those set aside on disk, and the buckets sorted by two threads. */
#include "../support/files.h"
#include "base/rng.h"
#include "fault.h"
#include "match/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* More than a lane holds of a megabyte, so that it is set aside. */
enum { N_PAIRS = 21000, N_LANES = 2, MEMORY = 1 << 20 };

static char folder[256], target[512];
static kith_pair_row pairs[N_PAIRS], sorted[N_PAIRS];

static int
by_refs(const void *a, const void *b)
{
    return memcmp(a, b, 16);
}

static int
setup(void **state)
{
    (void)state;
    kith_rng rng = kith_rng_at(3, 0);
    if (access("/dev/shm", W_OK) == 0)
        assert_int_equal(setenv("TMPDIR", "/dev/shm", 0), 0);
    test_folder_make(folder);
    test_path(target, folder, "P.pairs");
    for (size_t i = 0; i < N_PAIRS; i++) {
        /* Some left refs have several right ones, as in a star. */
        const uint64_t left = i % 3 == 2 ? 0 : kith_rng_next(&rng);
        const uint64_t right = kith_rng_next(&rng);
        memcpy(pairs[i].left, &left, 8);
        if (left == 0)
            memcpy(pairs[i].left, pairs[i - 1].left, 8);
        memcpy(pairs[i].right, &right, 8);
        pairs[i].weight = (int16_t)(i % 1000);
    }
    memcpy(sorted, pairs, sizeof sorted);
    qsort(sorted, N_PAIRS, sizeof *sorted, by_refs);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    test_folder_remove(folder);
    return 0;
}

static kith_status
write_store(kith_pair_store *s, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_rows_out *out = NULL;
    kith_pool *pool = NULL;
    KITH_TRY(kith_pool_new(&pool, N_LANES, err));
    KITH_TRY(kith_rows_create(&out, target, "pairs", sizeof(kith_pair_row),
                              NULL, err));
    KITH_TRY(kith_pair_store_write(s, pool, out, err));
    kith_rows_out *finished = out;
    out = NULL;
    KITH_TRY(kith_rows_commit(finished, NULL, err));
done:
    kith_rows_abort(out);
    kith_pool_free(pool);
    return status;
}

static kith_status
store_pairs(kith_error *err)
{
    kith_status status = KITH_OK;
    kith_pair_store s = {0};
    KITH_TRY(kith_pair_store_init(&s, N_LANES, MEMORY, folder, err));
    KITH_TRY(kith_pair_store_begin(&s, 1 << 20, err));
    for (size_t i = 0; i < N_PAIRS; i++) {
        kith_pair_row *slot = NULL;
        KITH_TRY(kith_pair_slot(&slot, &s.lanes[i % 20 == 0],
                                kith_ref_number(pairs[i].left), err));
        *slot = pairs[i];
    }
    assert_true(s.lanes[0].n_spills > 0 && s.lanes[1].n_spills == 0);
    KITH_TRY(write_store(&s, err));
done:
    kith_pair_store_done(&s);
    return status;
}

static void
check_pairs(bool succeeded)
{
    static kith_pair_row got[N_PAIRS];
    kith_error err = KITH_ERROR_INIT;
    kith_rows_in *in = NULL;
    char temporary[512];
    test_path(temporary, folder, ".P.pairs.tmp");
    assert_int_not_equal(access(temporary, F_OK), 0);
    if (!succeeded) {
        assert_int_not_equal(access(target, F_OK), 0);
        return;
    }
    assert_int_equal(kith_rows_open(&in, target, "pairs", &err), KITH_OK);
    assert_int_equal(kith_rows_count(in), N_PAIRS);
    assert_int_equal(kith_rows_read(in, 0, N_PAIRS, got, &err), KITH_OK);
    assert_memory_equal(got, sorted, sizeof sorted);
    kith_rows_close(in);
    assert_int_equal(unlink(target), 0);
}

static void
test_every_call_fails_once(void **state)
{
    static const fault_case c = {"pairs", store_pairs, check_pairs};
    (void)state;
    fault_loop(&c);
}

/* A write may take less than it was given. */
static void
test_short_writes(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    fault_short_writes(true);
    const kith_status status = store_pairs(&err);
    fault_short_writes(false);
    assert_int_equal(status, KITH_OK);
    check_pairs(true);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_call_fails_once),
        cmocka_unit_test(test_short_writes),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
