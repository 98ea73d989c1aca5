#include "io/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* UTF-8 as RFC 3629, 3 builds it; 0 for what is no scalar value. */
static size_t
spell(unsigned char out[4], uint32_t c)
{
    if (c < 0x80) {
        out[0] = (unsigned char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (unsigned char)(0xC0 | c >> 6);
        out[1] = (unsigned char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (unsigned char)(0xE0 | c >> 12);
        out[1] = (unsigned char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (unsigned char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (unsigned char)(0xF0 | c >> 18);
    out[1] = (unsigned char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (unsigned char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (unsigned char)(0x80 | (c & 0x3F));
    return 4;
}

/* Every code point of one to four bytes; surrogates and those past U+10FFFF
 * are refused, and so is each sequence cut short. */
static void
test_every_code_point(void **state)
{
    unsigned char text[4];
    (void)state;
    for (uint32_t c = 0; c < 0x200000; c++) {
        const size_t n = spell(text, c);
        const bool scalar = c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
        assert_int_equal(kith_utf8_is_valid(text, n), scalar);
        assert_false(n > 1 && kith_utf8_is_valid(text, n - 1));
    }
}

static void
test_broken(void **state)
{
    static const char *const bad[] = {
        "\x80",
        "\xBF",
        "\xC0\xAF",
        "\xC1\xBF",
        "\xE0\x80\xAF",
        "\xE0\x9F\xBF",
        "\xF0\x80\x80\xAF",
        "\xF0\x8F\xBF\xBF",
        "\xF8\x88\x80\x80\x80",
        "\xFE",
        "\xFF",
        "a\xC3",
        "\xC3z",
        "\xE2\x82z",
        "\xF0\x9F\x98z",
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(kith_utf8_is_valid(bad[i], strlen(bad[i])));
    assert_true(kith_utf8_is_valid("", 0));
    assert_true(kith_utf8_is_valid("a\0b", 3));
}

/* Each byte value at each place of texts of every length to 40. */
static void
test_plain(void **state)
{
    char text[40];
    (void)state;
    memset(text, 'a', sizeof text);
    for (size_t n = 0; n <= sizeof text; n++) {
        assert_true(kith_text_is_plain(text, n));
        for (size_t i = 0; i < n; i++) {
            for (int c = 0; c < 256; c++) {
                text[i] = (char)c;
                assert_int_equal(kith_text_is_plain(text, n),
                                 c >= 1 && c <= 127);
            }
            text[i] = 'a';
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_code_point),
        cmocka_unit_test(test_broken),
        cmocka_unit_test(test_plain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
