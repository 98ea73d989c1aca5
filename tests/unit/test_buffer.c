#include "base/buffer.h"

#include "base/alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void
test_add_and_print(void **state)
{
    kith_buffer b = {0};
    kith_error err = KITH_ERROR_INIT;
    char want[4000] = "";
    (void)state;
    for (int i = 0; i < 300; i++) {
        char piece[16];
        (void)snprintf(piece, sizeof piece, "%d,", i);
        (void)strcat(want, piece);
        if (i % 2 == 0)
            assert_int_equal(kith_buffer_add(&b, piece, strlen(piece), &err),
                             KITH_OK);
        else
            assert_int_equal(kith_buffer_printf(&b, &err, "%d,", i), KITH_OK);
        assert_int_equal(b.data[b.len], '\0');
    }
    assert_string_equal(b.data, want);
    assert_int_equal(b.len, strlen(want));
    const char *storage = b.data;
    kith_buffer_clear(&b);
    assert_ptr_equal(b.data, storage);
    assert_string_equal(b.data, "");
    assert_int_equal(kith_buffer_add(&b, NULL, 0, &err), KITH_OK);
    assert_int_equal(b.len, 0);
    kith_buffer_done(&b);
    assert_null(b.data);
    kith_buffer_clear(&b);
}

static void
test_str(void **state)
{
    static const char *const trims[][2] = {
        {"", ""},          {"  ", ""},     {"a", "a"},
        {" a b\t", "a b"}, {"\t\ta", "a"}, {"a\n ", "a\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof trims / sizeof *trims; i++)
        assert_true(kith_str_equal(kith_str_trim(kith_str_of(trims[i][0])),
                                   trims[i][1]));
    assert_true(kith_str_equal((kith_str){"abc", 2}, "ab"));
    assert_false(kith_str_equal((kith_str){"abc", 2}, "abc"));
    assert_false(kith_str_equal((kith_str){"abc", 2}, "a"));
    assert_true(kith_str_equal(kith_str_of(NULL), ""));
}

static void
test_alloc_is_zeroed_and_checked(void **state)
{
    kith_error err = KITH_ERROR_INIT;
    uint64_t *p = NULL;
    (void)state;
    assert_int_equal(KITH_ALLOC(&p, 1000, &err), KITH_OK);
    for (size_t i = 0; i < 1000; i++)
        assert_true(p[i] == 0);
    kith_free(p);
    assert_int_equal(KITH_ALLOC(&p, SIZE_MAX / 4, &err), KITH_ERR_MEMORY);
    assert_null(p);
    assert_non_null(strstr(err.text, "out of memory"));
    assert_null(kith_realloc_array(NULL, SIZE_MAX / 2, 4));
    assert_null(kith_alloc_aligned(SIZE_MAX / 2, 4));
    /* No bytes are still a pointer that can be freed. */
    void *none = kith_alloc_array(0, 8);
    assert_non_null(none);
    kith_free(none);
    kith_free(NULL);
}

static void
test_aligned(void **state)
{
    (void)state;
    for (size_t n = 0; n < 200; n += 7) {
        unsigned char *p = kith_alloc_aligned(n, 3);
        assert_non_null(p);
        assert_int_equal((uintptr_t)p % 64, 0);
        for (size_t i = 0; i < 3 * n; i++)
            assert_int_equal(p[i], 0);
        kith_free(p);
    }
}

static void
test_grow(void **state)
{
    kith_error err = KITH_ERROR_INIT;
    uint32_t *items = NULL;
    size_t cap = 0;
    (void)state;
    for (uint32_t i = 0; i < 5000; i++) {
        assert_int_equal(KITH_GROW(&items, &cap, (size_t)i + 1, &err), KITH_OK);
        assert_true(cap > i);
        items[i] = i;
    }
    for (uint32_t i = 0; i < 5000; i++)
        assert_int_equal(items[i], i);
    const size_t before = cap;
    assert_int_equal(KITH_GROW(&items, &cap, SIZE_MAX, &err), KITH_ERR_MEMORY);
    assert_int_equal(KITH_GROW(&items, &cap, SIZE_MAX / 4, &err),
                     KITH_ERR_MEMORY);
    assert_int_equal(cap, before);
    assert_int_equal(items[4999], 4999);
    kith_free(items);
}

/* A secret buffer moves when it grows and overwrites what it leaves; what it
 * holds is the same as a plain one's. */
static void
test_secret(void **state)
{
    kith_error err = KITH_ERROR_INIT;
    kith_buffer plain = {0};
    kith_buffer secret = {.secret = true};
    (void)state;
    for (int i = 0; i < 2000; i++) {
        assert_int_equal(kith_buffer_printf(&plain, &err, "%d,", i), KITH_OK);
        if (i % 3 == 0)
            assert_int_equal(kith_buffer_printf(&secret, &err, "%d,", i),
                             KITH_OK);
        else
            assert_int_equal(kith_buffer_add(&secret, plain.data + secret.len,
                                             plain.len - secret.len, &err),
                             KITH_OK);
        assert_true(secret.secret);
    }
    assert_int_equal(plain.len, secret.len);
    assert_string_equal(plain.data, secret.data);
    assert_int_equal(
        kith_buffer_reserve(&secret, SIZE_MAX / 2 - secret.len - 2, &err),
        KITH_ERR_MEMORY);
    assert_string_equal(plain.data, secret.data);
    kith_buffer_done(&plain);
    kith_buffer_done(&secret);
    assert_null(secret.data);
}

static void
test_strdup(void **state)
{
    char text[] = "abc";
    (void)state;
    char *copy = kith_strdup(text);
    assert_non_null(copy);
    text[0] = 'x';
    assert_string_equal(copy, "abc");
    kith_free(copy);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_add_and_print),
        cmocka_unit_test(test_str),
        cmocka_unit_test(test_alloc_is_zeroed_and_checked),
        cmocka_unit_test(test_aligned),
        cmocka_unit_test(test_grow),
        cmocka_unit_test(test_secret),
        cmocka_unit_test(test_strdup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
