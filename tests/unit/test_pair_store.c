/* Pairs come out in order of their refs, whatever the refs are like, however
 * little memory there is, and from one pass to the next. */
#include "../support/files.h"
#include "base/rng.h"
#include "match/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST_PAIRS = 60000, N_LANES = 2, ROOMY = 1 << 28, TIGHT = 1 << 20 };

static char folder[256], target[512];
static kith_pair_row pairs[MOST_PAIRS], got[MOST_PAIRS];

static int
setup(void **state)
{
    (void)state;
    test_folder_make(folder);
    test_path(target, folder, "P.pairs");
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    test_folder_remove(folder);
    return 0;
}

/* Left refs within @p left_mask: few bits, few refs. */
static void
draw_pairs(size_t n, uint64_t seed, uint64_t left_mask)
{
    kith_rng rng = kith_rng_at(seed, 0);
    memset(pairs, 0, sizeof pairs);
    for (size_t i = 0; i < n; i++) {
        const uint64_t left = kith_rng_next(&rng) & left_mask;
        const uint64_t right = kith_rng_next(&rng);
        memcpy(pairs[i].left, &left, 8);
        memcpy(pairs[i].right, &right, 8);
        pairs[i].states = (uint32_t)i;
    }
}

static kith_status
add_pairs(kith_pair_store *s, size_t n, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(kith_pair_store_begin(s, n, err));
    for (size_t i = 0; i < n; i++) {
        kith_pair_row *slot = NULL;
        KITH_TRY(kith_pair_slot(&slot, &s->lanes[i % 5 == 0],
                                kith_ref_number(pairs[i].left), err));
        *slot = pairs[i];
    }
done:
    return status;
}

static int
by_refs(const void *a, const void *b)
{
    return memcmp(a, b, 16);
}

/* What the store writes, against the plain sort. */
static void
check_written(kith_pair_store *s, size_t n)
{
    kith_error err = KITH_ERROR_INIT;
    kith_pool *pool = NULL;
    kith_rows_out *out = NULL;
    kith_rows_in *in = NULL;
    assert_int_equal(kith_pool_new(&pool, N_LANES, &err), KITH_OK);
    assert_int_equal(kith_rows_create(&out, target, "pairs",
                                      sizeof(kith_pair_row), NULL, &err),
                     KITH_OK);
    assert_int_equal(kith_pair_store_write(s, pool, out, &err), KITH_OK);
    assert_int_equal(kith_rows_commit(out, NULL, &err), KITH_OK);
    assert_int_equal(kith_rows_open(&in, target, "pairs", &err), KITH_OK);
    assert_int_equal(kith_rows_count(in), n);
    assert_int_equal(kith_rows_read(in, 0, n, got, &err), KITH_OK);
    qsort(pairs, n, sizeof *pairs, by_refs);
    assert_memory_equal(got, pairs, n * sizeof *pairs);
    kith_rows_close(in);
    kith_pool_free(pool);
}

static void
check_pass(kith_pair_store *s, size_t n, uint64_t seed, uint64_t left_mask)
{
    kith_error err = KITH_ERROR_INIT;
    draw_pairs(n, seed, left_mask);
    assert_int_equal(add_pairs(s, n, &err), KITH_OK);
    check_written(s, n);
}

/* Passes of one store: a large one, a small one and an empty one. */
static void
check_passes(uint64_t memory, uint64_t left_mask)
{
    kith_error err = KITH_ERROR_INIT;
    kith_pair_store s = {0};
    assert_int_equal(kith_pair_store_init(&s, N_LANES, memory, folder, &err),
                     KITH_OK);
    check_pass(&s, MOST_PAIRS, 1, left_mask);
    assert_int_equal(s.lanes[0].n_spills > 0, memory == TIGHT);
    check_pass(&s, 700, 2, left_mask);
    check_pass(&s, 0, 3, left_mask);
    check_pass(&s, MOST_PAIRS / 2, 4, left_mask);
    kith_pair_store_done(&s);
}

static void
test_random_refs(void **state)
{
    (void)state;
    check_passes(ROOMY, UINT64_MAX);
}

static void
test_set_aside(void **state)
{
    (void)state;
    check_passes(TIGHT, UINT64_MAX);
}

/* One row against thousands: all its pairs want the same place. */
static void
test_one_left_ref(void **state)
{
    (void)state;
    check_passes(ROOMY, 0);
    check_passes(TIGHT, 0);
}

/* Refs that differ in their last bits alone. */
static void
test_refs_side_by_side(void **state)
{
    (void)state;
    check_passes(ROOMY, (uint64_t)0xFF << 56);
    check_passes(TIGHT, (uint64_t)0xFF << 56);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_random_refs, setup, teardown),
        cmocka_unit_test_setup_teardown(test_set_aside, setup, teardown),
        cmocka_unit_test_setup_teardown(test_one_left_ref, setup, teardown),
        cmocka_unit_test_setup_teardown(test_refs_side_by_side, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
