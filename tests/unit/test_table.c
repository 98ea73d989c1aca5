#include "base/table.h"

#include "base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* XXH3_64bits of nothing, as xxHash's own sanity tests have it (seed 0). */
static void
test_hash_of_nothing(void **state)
{
    (void)state;
    assert_true(kith_hash64(NULL, 0) == UINT64_C(0x2D06800538D394C2));
    assert_true(kith_hash64("a", 1) != kith_hash64("b", 1));
}

static void
test_map_against_array(void **state)
{
    enum { N = 5000, KEYS = 1000 };
    uint32_t want[KEYS];
    int known[KEYS] = {0};
    size_t n_known = 0;
    kith_map64 m = {0};
    kith_error err = KITH_ERROR_INIT;
    kith_rng rng = kith_rng_at(5, 0);
    uint32_t got = 0;
    (void)state;
    assert_false(kith_map64_get(&m, 0, &got));
    for (uint32_t i = 0; i < N; i++) {
        const uint64_t k = kith_rng_below(&rng, KEYS);
        /* Extreme keys must not be taken for empty slots. */
        const uint64_t key = k == 0 ? UINT64_MAX : k - 1;
        n_known += !known[k];
        known[k] = 1;
        want[k] = i;
        assert_int_equal(kith_map64_put(&m, key, i, &err), KITH_OK);
    }
    assert_int_equal(m.n, n_known);
    for (uint64_t k = 0; k < KEYS; k++) {
        const uint64_t key = k == 0 ? UINT64_MAX : k - 1;
        assert_int_equal(kith_map64_get(&m, key, &got), known[k]);
        if (known[k])
            assert_int_equal(got, want[k]);
    }
    kith_map64_done(&m);
    assert_false(kith_map64_get(&m, 1, &got));
}

static void
test_map_reserve(void **state)
{
    kith_map64 m = {0};
    kith_error err = KITH_ERROR_INIT;
    (void)state;
    assert_int_equal(kith_map64_reserve(&m, 1000, &err), KITH_OK);
    const kith_map64_slot *slots = m.slots;
    for (uint32_t i = 0; i < 1000; i++)
        assert_int_equal(kith_map64_put(&m, i, i, &err), KITH_OK);
    assert_ptr_equal(m.slots, slots);
    kith_map64_done(&m);
}

static void
test_dict(void **state)
{
    enum { N = 1000 };
    kith_dict d = {0};
    kith_error err = KITH_ERROR_INIT;
    char name[32];
    uint32_t index = 99;
    (void)state;
    assert_int_equal(kith_dict_find(&d, kith_str_of("x")), KITH_DICT_NONE);
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < N; i++) {
            (void)snprintf(name, sizeof name, "name%u", (unsigned)i);
            assert_int_equal(kith_dict_add(&d, kith_str_of(name), &index, &err),
                             KITH_OK);
            assert_int_equal(index, i);
        }
    }
    assert_int_equal(d.n, N);
    assert_int_equal(kith_dict_find(&d, kith_str_of("name17")), 17);
    assert_string_equal(kith_dict_at(&d, 17), "name17");
    assert_int_equal(kith_dict_find(&d, kith_str_of("name")), KITH_DICT_NONE);
    /* The empty string is a string; a slice need not end in NUL. */
    assert_int_equal(kith_dict_add(&d, (kith_str){NULL, 0}, &index, &err),
                     KITH_OK);
    assert_int_equal(index, N);
    assert_int_equal(kith_dict_find(&d, (kith_str){"name171", 6}), 17);
    kith_dict_done(&d);
}

/* Many at once are found as each by itself is, also in an empty dictionary. */
static void
test_dict_of_many(void **state)
{
    enum { N = 100 };
    static char names[N][16];
    kith_dict d = {0};
    kith_error err = KITH_ERROR_INIT;
    kith_str all[N];
    uint32_t out[N];
    uint32_t index = 0;
    (void)state;
    for (unsigned i = 0; i < N; i++) {
        (void)snprintf(names[i], sizeof names[i], "name%u", i);
        all[i] = kith_str_of(names[i]);
    }
    kith_dict_find_all(&d, all, N, out);
    for (unsigned i = 0; i < N; i++)
        assert_int_equal(out[i], KITH_DICT_NONE);
    for (unsigned i = 0; i < N; i += 3)
        assert_int_equal(kith_dict_add(&d, all[i], &index, &err), KITH_OK);
    kith_dict_find_all(&d, all, N, out);
    for (unsigned i = 0; i < N; i++)
        assert_int_equal(out[i], i % 3 == 0 ? i / 3 : KITH_DICT_NONE);
    kith_dict_done(&d);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hash_of_nothing),
        cmocka_unit_test(test_map_against_array),
        cmocka_unit_test(test_map_reserve),
        cmocka_unit_test(test_dict),
        cmocka_unit_test(test_dict_of_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
