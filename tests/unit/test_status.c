#include <kith/status.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
test_set_hint_prefix(void **state)
{
    kith_error err = KITH_ERROR_INIT;
    (void)state;
    assert_int_equal(err.status, KITH_OK);
    assert_int_equal(kith_error_set(&err, KITH_ERR_DATA, "line %d is bad", 7),
                     KITH_ERR_DATA);
    kith_error_hint(&err, "mend %s", "it");
    kith_error_prefix(&err, "%s:", "a.csv");
    assert_int_equal(err.status, KITH_ERR_DATA);
    assert_string_equal(err.text, "a.csv:line 7 is bad");
    assert_string_equal(err.hint, "mend it");
    (void)kith_error_set(&err, KITH_ERR_IO, "gone");
    assert_string_equal(err.text, "gone");
    assert_string_equal(err.hint, "");
}

static void
test_null_is_allowed(void **state)
{
    (void)state;
    assert_int_equal(kith_error_set(NULL, KITH_ERR_IO, "x"), KITH_ERR_IO);
    kith_error_hint(NULL, "x");
    kith_error_prefix(NULL, "x");
}

static void
test_long_texts_are_cut(void **state)
{
    kith_error err = KITH_ERROR_INIT;
    char text[2000];
    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    (void)kith_error_set(&err, KITH_ERR_IO, "%s", text);
    kith_error_prefix(&err, "%s", "begin ");
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
    assert_int_equal(strncmp(err.text, "begin xxx", 9), 0);
    kith_error_prefix(&err, "%s", text);
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
    kith_error_hint(&err, "%s", text);
    assert_int_equal(strlen(err.hint), sizeof err.hint - 1);
}

static void
test_exit_codes(void **state)
{
    (void)state;
    assert_int_equal(kith_exit_code(KITH_OK), 0);
    assert_int_equal(kith_exit_code(KITH_ERR_USAGE), 2);
    assert_int_equal(kith_exit_code(KITH_ERR_CONFIG), 2);
    assert_int_equal(kith_exit_code(KITH_ERR_KEY), 2);
    assert_int_equal(kith_exit_code(KITH_ERR_REJECTS), 3);
    for (int s = KITH_ERR_MEMORY; s <= KITH_ERR_INTERNAL; s++) {
        const int code = kith_exit_code((kith_status)s);
        assert_true(code >= 1 && code <= 3);
        assert_true(code == 1 || s == KITH_ERR_USAGE || s == KITH_ERR_CONFIG ||
                    s == KITH_ERR_KEY || s == KITH_ERR_REJECTS);
    }
}

static void
test_names(void **state)
{
    (void)state;
    assert_string_equal(kith_status_name(KITH_OK), "ok");
    assert_string_equal(kith_status_name(KITH_ERR_IO), "io");
    assert_string_equal(kith_status_name(KITH_ERR_REJECTS), "rejects");
    assert_string_equal(kith_status_name(KITH_ERR_INTERNAL), "internal");
    assert_string_equal(kith_status_name((kith_status)99), "unknown");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_set_hint_prefix),
        cmocka_unit_test(test_null_is_allowed),
        cmocka_unit_test(test_long_texts_are_cut),
        cmocka_unit_test(test_exit_codes),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
