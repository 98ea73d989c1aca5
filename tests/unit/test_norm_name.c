/* Names as clerks, forms and old systems write them. */
#include "../support/norm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
written_differently(void **state)
{
    (void)state;
    static const test_norm_case cases[] = {
        {"Smith", "SMITH", KITH_NORM_GOOD},
        {"  smith  ", "SMITH", KITH_NORM_GOOD},
        {"O'Brien", "OBRIEN", KITH_NORM_GOOD},
        {"O\xE2\x80\x99"
         "Brien",
         "OBRIEN", KITH_NORM_GOOD},
        {"O`Brien", "OBRIEN", KITH_NORM_GOOD},
        {"O Brien", "OBRIEN", KITH_NORM_GOOD},
        {"OBRIEN", "OBRIEN", KITH_NORM_GOOD},
        {"Mac Donald", "MACDONALD", KITH_NORM_GOOD},
        {"MacDonald", "MACDONALD", KITH_NORM_GOOD},
        {"Mc.Donald", "MCDONALD", KITH_NORM_GOOD},
        {"Smith-Jones", "SMITHJONES", KITH_NORM_GOOD},
        {"Smith - Jones", "SMITHJONES", KITH_NORM_GOOD},
        {"Smith\xE2\x80\x93Jones", "SMITHJONES", KITH_NORM_GOOD},
        {"Smith Jones", "SMITHJONES", KITH_NORM_GOOD},
        {"van der Berg", "VANDERBERG", KITH_NORM_GOOD},
        {"D'Souza", "DSOUZA", KITH_NORM_GOOD},
        {"D Souza", "DSOUZA", KITH_NORM_GOOD},
        {"St. John", "STJOHN", KITH_NORM_GOOD},
        {"Sm1th", "SMTH", KITH_NORM_GOOD},
        {"Mary\tAnn", "MARYANN", KITH_NORM_GOOD},
        {"Mary\xC2\xA0"
         "Ann",
         "MARYANN", KITH_NORM_GOOD},
    };
    TEST_NORM(kith_norm_name, cases);
}

static void
marks_and_letters(void **state)
{
    (void)state;
    static const test_norm_case cases[] = {
        {"Zo\xC3\xAB", "ZOE", KITH_NORM_GOOD},
        {"Zoe\xCC\x88", "ZOE", KITH_NORM_GOOD}, /* decomposed */
        {"Si\xC3\xA2n", "SIAN", KITH_NORM_GOOD},
        {"\xC5\x81ukasz", "LUKASZ", KITH_NORM_GOOD},
        {"Gro\xC3\x9F", "GROSS", KITH_NORM_GOOD},
        {"S\xC3\xB8ren", "SOREN", KITH_NORM_GOOD},
        {"\xC3\x86thelred", "AETHELRED", KITH_NORM_GOOD},
        {"\xC3\x9E\xC3\xB3r", "THOR", KITH_NORM_GOOD},
        {"\xC4\x90or\xC4\x91"
         "e",
         "DORDE", KITH_NORM_GOOD},
        {"I\xC5\x9F\xC4\xB1k", "ISIK", KITH_NORM_GOOD},
        {"Nguy\xE1\xBB\x85n", "NGUYEN", KITH_NORM_GOOD},
        {"\xEF\xBC\xAB\xEF\xBD\x88\xEF\xBD\x81\xEF\xBD\x8E", "KHAN",
         KITH_NORM_GOOD}, /* full width */
        {"\xEF\xAC\x81"
         "nch",
         "FINCH", KITH_NORM_GOOD}, /* fi ligature */
        {"\xD0\x98\xD0\xB2\xD0\xB0\xD0\xBD", NULL, KITH_NORM_NOT_LATIN},
        {"\xE7\x8E\x8B", NULL, KITH_NORM_NOT_LATIN},
        {"\xD9\x85\xD8\xAD\xD9\x85\xD8\xAF", NULL, KITH_NORM_NOT_LATIN},
    };
    TEST_NORM(kith_norm_name, cases);
}

static void
titles_and_asides(void **state)
{
    (void)state;
    static const test_norm_case cases[] = {
        {"Mr Smith", "SMITH", KITH_NORM_GOOD},
        {"MR.SMITH", "SMITH", KITH_NORM_GOOD},
        {"Prof. Dr. Smith", "SMITH", KITH_NORM_GOOD},
        {"Mrs. Ann", "ANN", KITH_NORM_GOOD},
        {"Master", "MASTER", KITH_NORM_GOOD}, /* a surname when alone */
        {"Lord", "LORD", KITH_NORM_GOOD},
        {"Smith Jnr", "SMITH", KITH_NORM_GOOD},
        {"Smith III", "SMITH", KITH_NORM_GOOD},
        {"Smith, OBE", "SMITH", KITH_NORM_GOOD},
        {"Smith (Jones)", "SMITH", KITH_NORM_GOOD},
        {"Smith (nee Jones)", "SMITH", KITH_NORM_GOOD},
        {"Smith nee Jones", "SMITH", KITH_NORM_GOOD},
        {"Smith n\xC3\xA9"
         "e Jones",
         "SMITH", KITH_NORM_GOOD},
        {"Smith AKA Brown", "SMITH", KITH_NORM_GOOD},
        {"Elizabeth/Liz", "ELIZABETH", KITH_NORM_GOOD},
        {"John P", "JOHN", KITH_NORM_GOOD},
        {"John P.", "JOHN", KITH_NORM_GOOD},
        {"John P.Q.", "JOHN", KITH_NORM_GOOD},
        {"J P", "JP", KITH_NORM_GOOD},
        {"J", "J", KITH_NORM_GOOD},
        {"(Smith", NULL, KITH_NORM_BAD_FORMAT},
        {")Smith", "SMITH", KITH_NORM_GOOD},
    };
    TEST_NORM(kith_norm_name, cases);
}

/* Letters of the first word, for JOHN PAUL against JOHN. */
static void
first_words(void **state)
{
    (void)state;
    static const struct {
        const char *raw, *text;
        unsigned first;
    } cases[] = {
        {"John", "JOHN", 4},
        {"John Paul", "JOHNPAUL", 4},
        {"Dr John Paul George", "JOHNPAULGEORGE", 4},
        {"Smith-Jones", "SMITHJONES", 5},
        {"Smith - Jones", "SMITHJONES", 5},
        {"van der Berg", "VANDERBERG", 3},
        {"O'Brien", "OBRIEN", 6},
        {"J P", "JP", 1},
        {"-Jones", "JONES", 5},
        {"Ann Smith-Jones", "ANNSMITHJONES", 3},
    };
    kith_norm_rules rules;
    test_rules_make(&rules);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kith_norm out;
        kith_norm_name(&out, &rules, kith_str_of(cases[i].raw));
        assert_true(
            kith_str_equal((kith_str){out.text, out.len}, cases[i].text));
        assert_int_equal(out.first, cases[i].first);
    }
    test_rules_done(&rules);
}

static void
nothing_known(void **state)
{
    (void)state;
    static const test_norm_case cases[] = {
        {"", NULL, KITH_NORM_EMPTY},
        {"   ", NULL, KITH_NORM_EMPTY},
        {"-", NULL, KITH_NORM_EMPTY},
        {"?", NULL, KITH_NORM_EMPTY},
        {"Unknown", NULL, KITH_NORM_PLACEHOLDER},
        {"UN-KNOWN", NULL, KITH_NORM_PLACEHOLDER},
        {"not known", NULL, KITH_NORM_PLACEHOLDER},
        {"N/K", NULL, KITH_NORM_PLACEHOLDER},
        {"n/a", NULL, KITH_NORM_PLACEHOLDER},
        {"Mr Unknown", NULL, KITH_NORM_PLACEHOLDER},
        {"Baby of Smith", NULL, KITH_NORM_PLACEHOLDER},
        {"BABY", NULL, KITH_NORM_PLACEHOLDER},
        {"XXXX", NULL, KITH_NORM_PLACEHOLDER},
        {"zzz", NULL, KITH_NORM_PLACEHOLDER},
        {"Redacted", NULL, KITH_NORM_PLACEHOLDER},
        {"12345", NULL, KITH_NORM_BAD_FORMAT},
        {"Wu", "WU", KITH_NORM_GOOD}, /* short is not a filler */
        {"Ng", "NG", KITH_NORM_GOOD},
        {"Aa", "AA", KITH_NORM_GOOD},
    };
    TEST_NORM(kith_norm_name, cases);
}

static void
too_long(void **state)
{
    (void)state;
    kith_norm_rules rules;
    kith_norm out;
    char text[400];
    test_rules_make(&rules);
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)('A' + i % 26);
    kith_norm_name(&out, &rules, (kith_str){text, KITH_NORM_BYTES});
    assert_int_equal(out.len, KITH_NORM_BYTES);
    kith_norm_name(&out, &rules, (kith_str){text, KITH_NORM_BYTES + 1});
    assert_int_equal(out.len, 0);
    assert_int_equal(out.reason, KITH_NORM_TOO_LONG);
    kith_norm_name(&out, &rules, (kith_str){text, sizeof text});
    assert_int_equal(out.reason, KITH_NORM_TOO_LONG);
    test_rules_done(&rules);
}

static void
free_text(void **state)
{
    (void)state;
    static const test_norm_case cases[] = {
        {"12 High St.", "12HIGHST", KITH_NORM_GOOD},
        {"rowethorpe", "ROWETHORPE", KITH_NORM_GOOD},
        {"nsw", "NSW", KITH_NORM_GOOD},
        {"0811", "0811", KITH_NORM_GOOD}, /* a code keeps its zero */
        {"Caf\xC3\xA9", "CAFE", KITH_NORM_GOOD},
        {"--", NULL, KITH_NORM_EMPTY},
        {"not known", NULL, KITH_NORM_PLACEHOLDER},
    };
    TEST_NORM(kith_norm_text, cases);
}

static void
sex(kith_norm *out, const kith_norm_rules *rules, kith_str raw)
{
    (void)rules;
    kith_norm_sex(out, raw);
}

static void
sex_codes(void **state)
{
    (void)state;
    static const test_norm_case cases[] = {
        {"M", "M", KITH_NORM_GOOD},         {"f", "F", KITH_NORM_GOOD},
        {"Male", "M", KITH_NORM_GOOD},      {"FEMALE", "F", KITH_NORM_GOOD},
        {"1", "M", KITH_NORM_GOOD},         {"2", "F", KITH_NORM_GOOD},
        {"0", NULL, KITH_NORM_UNKNOWN},     {"9", NULL, KITH_NORM_UNKNOWN},
        {"X", NULL, KITH_NORM_UNKNOWN},     {"U", NULL, KITH_NORM_UNKNOWN},
        {"Boy", "M", KITH_NORM_GOOD},       {"woman", "F", KITH_NORM_GOOD},
        {"", NULL, KITH_NORM_EMPTY},        {"M.", "M", KITH_NORM_GOOD},
        {"Mixed", NULL, KITH_NORM_UNKNOWN},
    };
    TEST_NORM(sex, cases);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_differently),
        cmocka_unit_test(marks_and_letters),
        cmocka_unit_test(titles_and_asides),
        cmocka_unit_test(first_words),
        cmocka_unit_test(nothing_known),
        cmocka_unit_test(too_long),
        cmocka_unit_test(free_text),
        cmocka_unit_test(sex_codes),
    };
    return cmocka_run_group_tests_name("norm_name", tests, NULL, NULL);
}
