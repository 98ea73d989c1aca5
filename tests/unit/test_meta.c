#include "io/meta.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static kith_meta
sample(void)
{
    kith_meta m = {{0}};
    kith_error err = KITH_ERROR_INIT;
    assert_int_equal(kith_meta_add(&m, "agency", "gmp", &err), KITH_OK);
    assert_int_equal(kith_meta_add(&m, "field", "surname", &err), KITH_OK);
    assert_int_equal(kith_meta_add_u64(&m, "rows", 20000, &err), KITH_OK);
    assert_int_equal(kith_meta_add(&m, "field", "dob: date", &err), KITH_OK);
    assert_int_equal(kith_meta_add(&m, "empty", "", &err), KITH_OK);
    return m;
}

static void
test_get_and_next(void **state)
{
    kith_meta m = sample();
    size_t cursor = 0;
    (void)state;
    assert_true(kith_str_equal(kith_meta_get(&m, "agency"), "gmp"));
    assert_true(kith_str_equal(kith_meta_get(&m, "field"), "surname"));
    assert_true(kith_str_equal(kith_meta_get(&m, "empty"), ""));
    assert_non_null(kith_meta_get(&m, "empty").data);
    assert_null(kith_meta_get(&m, "fiel").data);
    assert_null(kith_meta_get(&m, "agency: gmp").data);
    assert_true(
        kith_str_equal(kith_meta_next(&m, "field", &cursor), "surname"));
    assert_true(
        kith_str_equal(kith_meta_next(&m, "field", &cursor), "dob: date"));
    assert_null(kith_meta_next(&m, "field", &cursor).data);
    assert_null(kith_meta_next(&m, "field", &cursor).data);
    kith_meta_done(&m);
    assert_null(kith_meta_get(&m, "agency").data);
}

static void
test_refuses_what_it_cannot_hold(void **state)
{
    kith_meta m = {{0}};
    kith_error err = KITH_ERROR_INIT;
    (void)state;
    assert_int_equal(kith_meta_add(&m, "a", "x\nb: y", &err),
                     KITH_ERR_INTERNAL);
    assert_int_equal(kith_meta_add(&m, "a: b", "x", &err), KITH_ERR_INTERNAL);
    assert_int_equal(m.text.len, 0);
    kith_meta_done(&m);
}

static void
test_numbers(void **state)
{
    static const char *const bad[] = {"",   "-1",   "12x",
                                      " 1", "0x10", "99999999999999999999"};
    kith_meta m = sample();
    kith_error err = KITH_ERROR_INIT;
    uint64_t n = 7;
    (void)state;
    assert_int_equal(kith_meta_u64(&m, "rows", &n, &err), KITH_OK);
    assert_int_equal(n, 20000);
    assert_int_equal(kith_meta_u64(&m, "none", &n, &err), KITH_ERR_DATA);
    kith_meta_done(&m);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(kith_meta_add(&m, "rows", bad[i], &err), KITH_OK);
        assert_int_equal(kith_meta_u64(&m, "rows", &n, &err), KITH_ERR_DATA);
        kith_meta_done(&m);
    }
    assert_int_equal(n, 20000);
}

static void
test_copy(void **state)
{
    kith_meta m = sample();
    kith_error err = KITH_ERROR_INIT;
    char text[4] = "?";
    (void)state;
    assert_int_equal(kith_meta_copy(&m, "agency", text, sizeof text, &err),
                     KITH_OK);
    assert_string_equal(text, "gmp");
    assert_int_equal(kith_meta_copy(&m, "agency", text, 3, &err),
                     KITH_ERR_DATA);
    assert_int_equal(kith_meta_copy(&m, "none", text, sizeof text, &err),
                     KITH_ERR_DATA);
    kith_meta_done(&m);
}

static void
test_same(void **state)
{
    kith_meta a = sample(), b = sample();
    kith_error err = KITH_ERROR_INIT;
    (void)state;
    assert_int_equal(kith_meta_add(&a, "epoch", "2026-q1", &err), KITH_OK);
    assert_int_equal(kith_meta_add(&b, "epoch", "2026-q2", &err), KITH_OK);
    assert_int_equal(kith_meta_same(&a, "a", &b, "b", "agency", &err), KITH_OK);
    assert_int_equal(kith_meta_same(&a, "a", &b, "b", "epoch", &err),
                     KITH_ERR_MISMATCH);
    assert_string_equal(err.text, "a and b are of different epochs");
    assert_true(err.hint[0] != '\0');
    /* Absent on both sides is not the same: nothing was compared. */
    assert_int_equal(kith_meta_same(&a, "a", &b, "b", "key", &err),
                     KITH_ERR_MISMATCH);
    kith_meta_done(&a);
    kith_meta_done(&b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_get_and_next),
        cmocka_unit_test(test_refuses_what_it_cannot_hold),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_copy),
        cmocka_unit_test(test_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
