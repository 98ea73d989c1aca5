/* Postcodes by BS 7666, houses and property references. */
#include "../support/norm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
good_postcodes(void **state)
{
    (void)state;
    static const test_norm_case cases[] = {
        /* One of each shape that BS 7666 allows. */
        {"M1 1AE", "M11AE", KITH_NORM_GOOD},
        {"M60 1NW", "M601NW", KITH_NORM_GOOD},
        {"CR2 6XH", "CR26XH", KITH_NORM_GOOD},
        {"DN55 1PT", "DN551PT", KITH_NORM_GOOD},
        {"W1A 1HQ", "W1A1HQ", KITH_NORM_GOOD},
        {"EC1A 1BB", "EC1A1BB", KITH_NORM_GOOD},
        {"GIR 0AA", "GIR0AA", KITH_NORM_GOOD},
        /* As written. */
        {"m11ae", "M11AE", KITH_NORM_GOOD},
        {"M1  1AE", "M11AE", KITH_NORM_GOOD},
        {" M1-1AE. ", "M11AE", KITH_NORM_GOOD},
        {"M1\xC2\xA0"
         "1AE",
         "M11AE", KITH_NORM_GOOD},
        {"M 1 1 A E", "M11AE", KITH_NORM_GOOD},
        /* A letter where only a digit can stand. */
        {"M1 OAE", "M10AE", KITH_NORM_GOOD},
        {"M1 IAE", "M11AE", KITH_NORM_GOOD},
        {"MI 1AE", "M11AE", KITH_NORM_GOOD},
        {"M6O 1NW", "M601NW", KITH_NORM_GOOD},
        {"SK1 lAA", "SK11AA", KITH_NORM_GOOD},
    };
    TEST_NORM(kith_norm_postcode, cases);
}

static void
bad_postcodes(void **state)
{
    (void)state;
    static const test_norm_case cases[] = {
        {"", NULL, KITH_NORM_EMPTY},
        {"--", NULL, KITH_NORM_EMPTY},
        {"ZZ99 3VZ", NULL, KITH_NORM_PLACEHOLDER}, /* no fixed abode */
        {"ZZ99 3CZ", NULL, KITH_NORM_PLACEHOLDER},
        {"XX1 1XX", NULL, KITH_NORM_PLACEHOLDER},
        {"UNKNOWN", NULL, KITH_NORM_PLACEHOLDER},
        {"NFA", NULL, KITH_NORM_PLACEHOLDER},
        {"Q1 1AA", NULL, KITH_NORM_BAD_FORMAT}, /* no Q V X first */
        {"V1 1AA", NULL, KITH_NORM_BAD_FORMAT},
        {"X1 1AA", NULL, KITH_NORM_BAD_FORMAT},
        {"AJ1 1AA", NULL, KITH_NORM_BAD_FORMAT}, /* no I J Z second */
        {"AZ1 1AA", NULL, KITH_NORM_BAD_FORMAT},
        {"M1 1AC", NULL, KITH_NORM_BAD_FORMAT}, /* no C I K M O V */
        {"M1 1IA", NULL, KITH_NORM_BAD_FORMAT},
        {"M1 1KA", NULL, KITH_NORM_BAD_FORMAT},
        {"M1 1AM", NULL, KITH_NORM_BAD_FORMAT},
        {"M1 1OA", NULL, KITH_NORM_BAD_FORMAT},
        {"M1 1AV", NULL, KITH_NORM_BAD_FORMAT},
        {"M1 AAE", NULL, KITH_NORM_BAD_FORMAT},
        {"M123 1AE", NULL, KITH_NORM_BAD_FORMAT},
        {"W1L 1AA", NULL, KITH_NORM_BAD_FORMAT}, /* third letter */
        {"EC1C 1BB", NULL, KITH_NORM_BAD_FORMAT},
        {"M1 1A", NULL, KITH_NORM_BAD_FORMAT},
        {"1234", NULL, KITH_NORM_BAD_FORMAT},
        {"D02 X285", NULL, KITH_NORM_BAD_FORMAT}, /* an Irish one */
        {"90210", NULL, KITH_NORM_BAD_FORMAT},
        {"Manchester", NULL, KITH_NORM_BAD_FORMAT},
    };
    TEST_NORM(kith_norm_postcode, cases);
}

static void
district_only(void **state)
{
    (void)state;
    static const test_norm_case cases[] = {
        {"M1", "M1", KITH_NORM_PARTIAL},
        {"m60", "M60", KITH_NORM_PARTIAL},
        {"EC1A", "EC1A", KITH_NORM_PARTIAL},
        {"SK14", "SK14", KITH_NORM_PARTIAL},
    };
    TEST_NORM(kith_norm_postcode, cases);
}

static void
houses(void **state)
{
    (void)state;
    static const test_norm_case cases[] = {
        {"12", "12", KITH_NORM_GOOD},
        {"012", "12", KITH_NORM_GOOD},
        {"12A", "12A", KITH_NORM_GOOD},
        {"12 a", "12A", KITH_NORM_GOOD},
        {"No. 12", "12", KITH_NORM_GOOD},
        {"Flat 3, 12", "FLAT3/12", KITH_NORM_GOOD},
        {"Apt 3 12", "FLAT3/12", KITH_NORM_GOOD},
        {"Flat 31, 2", "FLAT31/2", KITH_NORM_GOOD},
        {"Rose Cottage", "ROSECOTTAGE", KITH_NORM_GOOD},
        {"12-14", "12/14", KITH_NORM_GOOD},
        {"", NULL, KITH_NORM_EMPTY},
        {"-", NULL, KITH_NORM_EMPTY},
        {"0", NULL, KITH_NORM_PLACEHOLDER},
        {"NFA", NULL, KITH_NORM_PLACEHOLDER},
        {"unknown", NULL, KITH_NORM_PLACEHOLDER},
    };
    TEST_NORM(kith_norm_house, cases);
}

static void
uprn(kith_norm *out, const kith_norm_rules *rules, kith_str raw)
{
    (void)rules;
    kith_norm_uprn(out, raw);
}

static void
uprns(void **state)
{
    (void)state;
    static const test_norm_case cases[] = {
        {"100023336956", "100023336956", KITH_NORM_GOOD},
        {"000000012345", "12345", KITH_NORM_GOOD},
        {"12345", "12345", KITH_NORM_GOOD},
        {" 12345 ", "12345", KITH_NORM_GOOD},
        {"0000100023336956", "100023336956", KITH_NORM_GOOD},
        {"0", NULL, KITH_NORM_PLACEHOLDER},
        {"000000000000", NULL, KITH_NORM_PLACEHOLDER},
        {"999999999999", NULL, KITH_NORM_PLACEHOLDER},
        {"1234567890123", NULL, KITH_NORM_BAD_FORMAT},
        {"1.0002E+11", NULL, KITH_NORM_BAD_FORMAT}, /* a spreadsheet's */
        {"N/A", NULL, KITH_NORM_BAD_FORMAT},
        {"", NULL, KITH_NORM_EMPTY},
    };
    TEST_NORM(uprn, cases);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_postcodes), cmocka_unit_test(bad_postcodes),
        cmocka_unit_test(district_only),  cmocka_unit_test(houses),
        cmocka_unit_test(uprns),
    };
    return cmocka_run_group_tests_name("norm_place", tests, NULL, NULL);
}
