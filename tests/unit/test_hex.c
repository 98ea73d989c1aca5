#include "base/hex.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
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

/* Each of all characters, in each place of eight that are read at once. */
static void
every_character_is_known(void **state)
{
    (void)state;
    for (unsigned at = 0; at < 8; at++) {
        for (unsigned c = 0; c < 256; c++) {
            char text[9] = "00000000";
            uint8_t back[4];
            text[at] = (char)c;
            const bool good = isxdigit((int)c) != 0;
            assert_int_equal(kith_hex_read(back, text, 4), good);
            const unsigned value = good ? (unsigned)strtoul(text, NULL, 16) : 0;
            for (unsigned i = 0; good && i < 4; i++)
                assert_int_equal(back[i], value >> (24 - 8 * i) & 255);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_round_trip),
        cmocka_unit_test(numbers_are_most_significant_first),
        cmocka_unit_test(other_characters_are_refused),
        cmocka_unit_test(every_character_is_known),
    };
    return cmocka_run_group_tests_name("hex", tests, NULL, NULL);
}
