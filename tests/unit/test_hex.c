#include "base/hex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void
bytes_round_trip(void **state)
{
    (void)state;
    const uint8_t bytes[4] = {0x00, 0x7f, 0xa5, 0xff};
    char text[8];
    uint8_t back[4];
    kith_hex_write(text, bytes, sizeof bytes);
    assert_memory_equal(text, "007fa5ff", 8);
    assert_true(kith_hex_read(back, "007FA5ff", 4));
    assert_memory_equal(back, bytes, sizeof bytes);
}

static void
numbers_are_most_significant_first(void **state)
{
    (void)state;
    char text[16];
    uint64_t back = 0;
    kith_hex_write_u64(text, 0x0123456789abcdefu);
    assert_memory_equal(text, "0123456789abcdef", 16);
    assert_true(kith_hex_read_u64(&back, text));
    assert_true(back == 0x0123456789abcdefu);
}

static void
other_characters_are_refused(void **state)
{
    (void)state;
    uint8_t back[1];
    const char *const bad[] = {"g0", "0G", " 0", "0x", "-1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(kith_hex_read(back, bad[i], 1));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_round_trip),
        cmocka_unit_test(numbers_are_most_significant_first),
        cmocka_unit_test(other_characters_are_refused),
    };
    return cmocka_run_group_tests_name("hex", tests, NULL, NULL);
}
