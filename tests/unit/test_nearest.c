#include "base/nearest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *const WORDS[] = {"surname",  "forename", "dob",
                                    "postcode", "sex",      "id"};
enum { N_WORDS = sizeof WORDS / sizeof *WORDS };

static void
test_finds_the_slip(void **state)
{
    static const struct {
        const char *word;
        const char *want;
    } cases[] = {
        {"surname", "surname"},    /* the same */
        {"SURNAME", "surname"},    /* case does not count */
        {"surnmae", "surname"},    /* a swap is one slip */
        {"forname", "forename"},   /* a letter left out */
        {"post_code", "postcode"}, /* a letter too many */
        {"dbo", "dob"},
        {"ix", "id"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(kith_nearest(cases[i].word, WORDS, N_WORDS),
                            cases[i].want);
}

static void
test_says_nothing_when_nothing_is_near(void **state)
{
    char longest[200];
    (void)state;
    memset(longest, 's', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_null(kith_nearest("ethnicity", WORDS, N_WORDS));
    assert_null(kith_nearest("", WORDS, N_WORDS));
    assert_null(kith_nearest("xy", WORDS, N_WORDS));
    assert_null(kith_nearest(longest, WORDS, N_WORDS));
    assert_null(kith_nearest("surname", WORDS, 0));
}

static void
test_first_of_equals_wins(void **state)
{
    static const char *const words[] = {"cat", "bat", "rat"};
    (void)state;
    assert_string_equal(kith_nearest("hat", words, 3), "cat");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finds_the_slip),
        cmocka_unit_test(test_says_nothing_when_nothing_is_near),
        cmocka_unit_test(test_first_of_equals_wins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
