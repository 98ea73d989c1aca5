/* NHS numbers, NINOs, UPNs, telephones, e-mail. */
#include "../support/norm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define WITHOUT_RULES(kind)                                                    \
    static void kind(kith_norm *out, const kith_norm_rules *rules,             \
                     kith_str raw)                                             \
    {                                                                          \
        (void)rules;                                                           \
        kith_norm_##kind(out, raw);                                            \
    }
WITHOUT_RULES(nhs)
WITHOUT_RULES(nino)
WITHOUT_RULES(upn)
WITHOUT_RULES(phone)

static void
nhs_numbers(void **state)
{
    (void)state;
    static const test_norm_case cases[] = {
        {"9434765919", "9434765919", KITH_NORM_GOOD},
        {"943 476 5919", "9434765919", KITH_NORM_GOOD},
        {"943-476-5919", "9434765919", KITH_NORM_GOOD},
        {"4505577104", "4505577104", KITH_NORM_GOOD},
        {"9449305552", "9449305552", KITH_NORM_GOOD},
        {"9434765918", NULL, KITH_NORM_BAD_CHECK},
        {"9434756919", NULL, KITH_NORM_BAD_CHECK}, /* two digits swapped */
        {"0000000000", NULL, KITH_NORM_PLACEHOLDER},
        {"9999999999", NULL, KITH_NORM_PLACEHOLDER},
        {"1111111111", NULL, KITH_NORM_PLACEHOLDER},
        {"943476591", NULL, KITH_NORM_BAD_FORMAT},
        {"94347659190", NULL, KITH_NORM_BAD_FORMAT},
        {"943476591X", NULL, KITH_NORM_BAD_FORMAT},
        {"", NULL, KITH_NORM_EMPTY},
    };
    TEST_NORM(nhs, cases);
}

static void
ninos(void **state)
{
    (void)state;
    static const test_norm_case cases[] = {
        {"AB123457C", "AB123457", KITH_NORM_GOOD},
        {"ab 12 34 57 c", "AB123457", KITH_NORM_GOOD},
        {"AB123457", "AB123457", KITH_NORM_GOOD},
        {"JG103759A", "JG103759", KITH_NORM_GOOD},
        {"AB123457E", NULL, KITH_NORM_BAD_FORMAT},
        {"DA123457C", NULL, KITH_NORM_BAD_FORMAT},
        {"AF123457C", NULL, KITH_NORM_BAD_FORMAT},
        {"AO123457C", NULL, KITH_NORM_BAD_FORMAT}, /* O not second */
        {"OA123457C", "OA123457", KITH_NORM_GOOD}, /* but first */
        {"BG123457C", NULL, KITH_NORM_BAD_FORMAT},
        {"GB123457C", NULL, KITH_NORM_BAD_FORMAT},
        {"NK123457C", NULL, KITH_NORM_BAD_FORMAT},
        {"KN123457C", NULL, KITH_NORM_BAD_FORMAT},
        {"NT123457C", NULL, KITH_NORM_BAD_FORMAT},
        {"ZZ123457C", NULL, KITH_NORM_BAD_FORMAT},
        {"TN170580F", NULL, KITH_NORM_TEMPORARY},
        {"11A11111", NULL, KITH_NORM_TEMPORARY},
        {"AB123456C", NULL, KITH_NORM_PLACEHOLDER},
        {"AB000000C", NULL, KITH_NORM_PLACEHOLDER},
        {"AB12345", NULL, KITH_NORM_BAD_FORMAT},
        {"123456789", NULL, KITH_NORM_BAD_FORMAT},
        {"", NULL, KITH_NORM_EMPTY},
    };
    TEST_NORM(nino, cases);
}

/* Check letters worked out by the DfE guide: sum of digits 2 to 13 with
 * their places as weights, mod 23. */
static void
upns(void **state)
{
    (void)state;
    static const test_norm_case cases[] = {
        {"H801200001001", "H801200001001", KITH_NORM_GOOD},
        {"E823432104015", "E823432104015", KITH_NORM_GOOD},
        {"T330600113032", "T330600113032", KITH_NORM_GOOD},
        {"A801200001001", NULL, KITH_NORM_BAD_CHECK},
        {"A80120000100A", NULL, KITH_NORM_TEMPORARY},
        {"A000000000000", NULL, KITH_NORM_PLACEHOLDER},
        {"801200001001", NULL, KITH_NORM_BAD_FORMAT},
        {"AB01200001001", NULL, KITH_NORM_BAD_FORMAT},
        {"", NULL, KITH_NORM_EMPTY},
    };
    TEST_NORM(upn, cases);
}

static void
phones(void **state)
{
    (void)state;
    static const test_norm_case cases[] = {
        {"07700 900123", "07700900123", KITH_NORM_GOOD},
        {"+44 7700 900123", "07700900123", KITH_NORM_GOOD},
        {"+44 (0)7700 900123", "07700900123", KITH_NORM_GOOD},
        {"0044 7700 900123", "07700900123", KITH_NORM_GOOD},
        {"447700900123", "07700900123", KITH_NORM_GOOD},
        {"7700900123", "07700900123", KITH_NORM_GOOD}, /* a lost 0 */
        {"0161 496 0123", "01614960123", KITH_NORM_GOOD},
        {"(0161) 496-0123", "01614960123", KITH_NORM_GOOD},
        {"0161 496 0123 ext 45", "01614960123", KITH_NORM_GOOD},
        {"0161 496 0123 x45", "01614960123", KITH_NORM_GOOD},
        {"01204 12345", "0120412345", KITH_NORM_GOOD},
        {"+353 1 234 5678", "0035312345678", KITH_NORM_GOOD},
        {"00000000000", NULL, KITH_NORM_PLACEHOLDER},
        {"07777777777", NULL, KITH_NORM_PLACEHOLDER},
        {"0161", NULL, KITH_NORM_BAD_FORMAT},
        {"04961230123", NULL, KITH_NORM_BAD_FORMAT},
        {"none", NULL, KITH_NORM_BAD_FORMAT},
        {"077009001234", NULL, KITH_NORM_BAD_FORMAT},
        {"", NULL, KITH_NORM_EMPTY},
    };
    TEST_NORM(phone, cases);
}

static void
emails(void **state)
{
    (void)state;
    static const test_norm_case cases[] = {
        {"Ann.Smith@Example.ORG", "ann.smith@example.org", KITH_NORM_GOOD},
        {" ann@example.org ", "ann@example.org", KITH_NORM_GOOD},
        {"mailto:ann@example.org", "ann@example.org", KITH_NORM_GOOD},
        {"ann+list@example.org", "ann+list@example.org", KITH_NORM_GOOD},
        {"none@example.org", NULL, KITH_NORM_PLACEHOLDER},
        {"N/A", NULL, KITH_NORM_PLACEHOLDER},
        {"ann", NULL, KITH_NORM_BAD_FORMAT},
        {"ann@", NULL, KITH_NORM_BAD_FORMAT},
        {"@example.org", NULL, KITH_NORM_BAD_FORMAT},
        {"ann@example", NULL, KITH_NORM_BAD_FORMAT},
        {"ann@@example.org", NULL, KITH_NORM_BAD_FORMAT},
        {"ann smith@example.org", NULL, KITH_NORM_BAD_FORMAT},
        {"ann..s@example.org", NULL, KITH_NORM_BAD_FORMAT},
        {"ann@example.", NULL, KITH_NORM_BAD_FORMAT},
        {"", NULL, KITH_NORM_EMPTY},
    };
    TEST_NORM(kith_norm_email, cases);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nhs_numbers), cmocka_unit_test(ninos),
        cmocka_unit_test(upns),        cmocka_unit_test(phones),
        cmocka_unit_test(emails),
    };
    return cmocka_run_group_tests_name("norm_id", tests, NULL, NULL);
}
