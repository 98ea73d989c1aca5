/* What a linkage spec must not say, and the words that refuse it. */
#include "../support/config.h"

#include <kith/spec.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#define DEFAULT "name: x\nextends: default\n"

static void
fields_and_comparisons_are_checked(void **state)
{
    (void)state;
    static const char word[] = "a letter, then up to 30 letters, digits and _";
    static const char stands_alone[] =
        "\"extends: default\" takes what is not said from the spec that ships "
        "with kith";
    static const test_refusal cases[] = {
        {"name: x\n", "x.yaml:1:1: key \"fields\" is missing", stands_alone},
        {"min_cell: 3\n", "x.yaml:1:1: key \"name\" is missing", stands_alone},
        {"name: a b\nextends: default\n",
         "x.yaml:1:7: name \"a b\" is not a short name",
         "up to 31 letters, digits, and . _ -"},
        {DEFAULT "fields: [{name: a-b, kind: name}]\n",
         "x.yaml:3:17: name \"a-b\" is not a word", word},
        {DEFAULT "fields:\n"
                 "  - {name: abcdefghijklmnopqrstuvwxyzabcdef, kind: name}\n",
         "x.yaml:4:12: name \"abcdefghijklmnopqrstuvwxyzabcdef\" is not a "
         "word",
         word},
        {DEFAULT "fields:\n  - {name: a, kind: name}\n"
                 "  - {name: a, kind: date}\n",
         "x.yaml:5:12: field \"a\" given twice", NULL},
        {DEFAULT "fields: [{name: either, kind: name}]\n",
         "x.yaml:3:17: \"either\" cannot name a field", NULL},
        {DEFAULT "fields: [{name: a, kind: nme}]\n",
         "x.yaml:3:26: unknown value \"nme\"", "did you mean \"name\"?"},
        {DEFAULT "comparisons:\n  - {name: n, kind: exact, values: [surnme]}\n",
         "x.yaml:4:37: unknown field \"surnme\"", "did you mean \"surname\"?"},
        {DEFAULT "comparisons:\n"
                 "  - {name: n, kind: exact, values: [dob.yeer]}\n",
         "x.yaml:4:37: \"dob\" has no part \"yeer\"", "did you mean \"year\"?"},
        {DEFAULT "comparisons:\n"
                 "  - {name: n, kind: exact, values: [postcode.year]}\n",
         "x.yaml:4:37: \"postcode\" has no part \"year\"",
         "known here: sector, district"},
        {DEFAULT "comparisons:\n"
                 "  - {name: n, kind: exact, values: [nhs.year]}\n",
         "x.yaml:4:37: \"nhs\" has no part \"year\"",
         "this kind of field is used whole"},
        {DEFAULT "comparisons:\n"
                 "  - {name: n, kind: exact, values: [postcode++house]}\n",
         "x.yaml:4:37: \"postcode++house\" is not a value: write field, "
         "field.part, or several joined by +",
         NULL},
        {DEFAULT "comparisons:\n"
                 "  - {name: n, kind: exact, values: [a+b+c+d+e]}\n",
         "x.yaml:4:37: unknown field \"a\"",
         "known here: surname, forename, "
         "middle, dob, sex, postcode, "
         "house, street, uprn, nhs, nino, "
         "upn, phone, email"},
        {DEFAULT "comparisons:\n"
                 "  - {name: n, kind: exact, values: [sex+sex+sex+sex+sex]}\n",
         "x.yaml:4:37: \"sex+sex+sex+sex+sex\" is too long: at most 4 parts "
         "and 63 characters",
         NULL},
        {DEFAULT "comparisons:\n"
                 "  - {name: n, kind: exact, values: [either]}\n",
         "x.yaml:4:37: \"either\" cannot be used here",
         "it stands for each of the two names, in the key of a pass, when a "
         "comparison of kind names says which they are"},
    };
    test_refusals(cases, sizeof cases / sizeof *cases, test_spec_try);
}

static void
each_kind_of_comparison_wants_its_values(void **state)
{
    (void)state;
    static const char names[] = "x.yaml:4:36: a comparison of kind names takes "
                                "two different fields of kind name";
    static const char text[] =
        "x.yaml:4:35: a comparison of kind text takes one whole field of kind "
        "name, text, house, code or email";
    static const char date[] = "x.yaml:4:35: a comparison of kind date takes "
                               "one whole field of kind date";
#define COMPARE(what) DEFAULT "comparisons:\n  - {name: n, kind: " what "}\n"
    static const test_refusal cases[] = {
        {COMPARE("names, values: [surname]"), names, NULL},
        {COMPARE("names, values: [surname, surname]"),
         "x.yaml:4:46: \"surname\" twice in one comparison", NULL},
        {COMPARE("names, values: [surname, street]"), names, NULL},
        {COMPARE("names, values: [surname.initial, forename]"), names, NULL},
        {COMPARE("names, values: [surname, forename]"),
         "x.yaml:4:5: comparison \"n\" needs \"similar\", such as [0.87, 0.76]",
         NULL},
        {COMPARE("text, values: [dob], similar: [0.8]"), text, NULL},
        {COMPARE("text, values: [street, town], similar: [0.8]"),
         "x.yaml:4:44: unknown field \"town\"",
         "known here: surname, forename, middle, dob, sex, postcode, house, "
         "street, uprn, nhs, nino, upn, phone, email"},
        {COMPARE("text, values: [street, house], similar: [0.8]"), text, NULL},
        {COMPARE("date, values: [dob.year]"), date, NULL},
        {COMPARE("date, values: [sex]"), date, NULL},
        {COMPARE("date, values: [dob], similar: [0.8]"),
         "x.yaml:4:5: comparison \"n\" takes no \"similar\": only names and "
         "text do",
         NULL},
        {COMPARE("exact, values: [sex, dob]"),
         "x.yaml:4:36: a comparison of kind exact takes one value; join "
         "several with +",
         NULL},
        {COMPARE("nested, values: [uprn]"),
         "x.yaml:4:37: a comparison of kind nested takes at least two values, "
         "from fine to coarse",
         NULL},
        {COMPARE("nested, values: [uprn, sex, uprn]"),
         "x.yaml:4:49: \"uprn\" twice in one comparison", NULL},
        {COMPARE("text, values: [street], similar: [1.01]"),
         "x.yaml:4:55: a similarity lies above 0 and up to 1", NULL},
        {COMPARE("text, values: [street], similar: [0]"),
         "x.yaml:4:55: a similarity lies above 0 and up to 1", NULL},
        {COMPARE("text, values: [street], similar: [0.7, 0.8]"),
         "x.yaml:4:60: similarities go from strict to loose", NULL},
        {COMPARE("text, values: [street], similar: [0.8, 0.8]"),
         "x.yaml:4:60: similarities go from strict to loose", NULL},
        {COMPARE("text, values: [street], similar: [.9, .8, .7, .6, .5]"),
         "x.yaml:4:54: 5 entries, at most 4 allowed", NULL},
        {COMPARE("exact, values: [sex]}\n  - {name: n, kind: date, values: "
                 "[dob]"),
         "x.yaml:5:12: comparison \"n\" given twice", NULL},
        {COMPARE("names, values: [surname, forename], similar: [0.8]}\n"
                 "  - {name: o, kind: names, values: [surname, middle], "
                 "similar: [0.8]"),
         "x.yaml:5:12: a second comparison of kind names", NULL},
    };
#undef COMPARE
    test_refusals(cases, sizeof cases / sizeof *cases, test_spec_try);
}

static void
passes_and_identifiers_are_checked(void **state)
{
    (void)state;
    static const test_refusal cases[] = {
        {DEFAULT "passes:\n  - {name: D, key: [dob.sortd]}\n",
         "x.yaml:4:21: \"dob\" has no part \"sortd\"",
         "did you mean \"sorted\"?"},
        {DEFAULT "passes:\n  - {name: D, key: [either.year]}\n",
         "x.yaml:4:21: \"either\" has no part \"year\"",
         "known here: soundex, initial"},
        {DEFAULT "passes:\n  - {name: D, key: [dob, dob]}\n",
         "x.yaml:4:26: \"dob\" twice in one key", NULL},
        {DEFAULT "passes:\n  - {name: D, key: [dob]}\n"
                 "  - {name: D, key: [nhs]}\n",
         "x.yaml:5:12: pass \"D\" given twice", NULL},
        {DEFAULT "passes:\n  - {name: D, key: [dob, other.initial]}\n",
         "x.yaml:4:20: \"other\" needs \"either\" in the same key", NULL},
        {DEFAULT "comparisons: [{name: s, kind: exact, values: [sex]}]\n"
                 "passes:\n  - {name: D, key: [dob], without: [uprn]}\n",
         "x.yaml:5:37: no comparison of kind exact or nested has the value "
         "\"uprn\"",
         NULL},
        {DEFAULT "passes:\n  - {name: D, key: [dob], without: [postcod]}\n",
         "x.yaml:4:37: unknown field \"postcod\"",
         "did you mean \"postcode\"?"},
        {DEFAULT "fields: [{name: other, kind: name}]\n",
         "x.yaml:3:17: \"other\" cannot name a field", NULL},
        {DEFAULT "passes:\n  - {name: D, key: []}\n",
         "x.yaml:4:20: 0 entries, at least 1 needed", NULL},
        {DEFAULT "comparisons: [{name: s, kind: exact, values: [sex]}]\n"
                 "passes:\n  - {name: D, key: [either.soundex]}\n",
         "x.yaml:5:21: \"either\" cannot be used here",
         "it stands for each of the two names, in the key of a pass, when a "
         "comparison of kind names says which they are"},
        {DEFAULT "identifiers:\n"
                 "  - {field: nhs, unique: true, m: 1, u: 0.1}\n",
         "x.yaml:4:35: m is a probability between 0 and 1", NULL},
        {DEFAULT "identifiers:\n"
                 "  - {field: nhs, unique: true, m: 0.9, u: 0}\n",
         "x.yaml:4:43: u is a probability between 0 and 1", NULL},
        {DEFAULT "identifiers:\n"
                 "  - {field: nhs, unique: true, m: 0.1, u: 0.9}\n",
         "x.yaml:4:43: u is not below m: equal values would speak against a "
         "link",
         NULL},
        {DEFAULT "identifiers:\n"
                 "  - {field: nhss, unique: true, m: 0.9, u: 0.1}\n",
         "x.yaml:4:13: unknown field \"nhss\"", "did you mean \"nhs\"?"},
        {DEFAULT "identifiers:\n"
                 "  - {field: dob.year, unique: true, m: 0.9, u: 0.1}\n",
         "x.yaml:4:13: an identifier is one whole field", NULL},
        {DEFAULT "identifiers:\n"
                 "  - {field: nhs, unique: true, m: 0.9, u: 0.1}\n"
                 "  - {field: nhs, unique: no, m: 0.9, u: 0.1}\n",
         "x.yaml:5:13: identifier \"nhs\" given twice", NULL},
    };
    test_refusals(cases, sizeof cases / sizeof *cases, test_spec_try);
}

static void
rules_are_read_and_checked(void **state)
{
    (void)state;
    static const test_refusal cases[] = {
        {DEFAULT "rules: [{name: r, when: [shoe], verdict: accept}]\n",
         "x.yaml:3:26: \"shoe\" is neither an identifier nor a comparison",
         "such as nhs, birth, or not birth"},
        {DEFAULT "rules: [{name: r, when: [nhs, not nhs], verdict: accept}]\n",
         "x.yaml:3:31: \"nhs\" twice in one rule", NULL},
        {DEFAULT "rules:\n"
                 "  - {name: r, when: [nhs], verdict: accept}\n"
                 "  - {name: r, when: [birth], verdict: refuse}\n",
         "x.yaml:5:12: rule \"r\" given twice", NULL},
        {DEFAULT "rules: [{name: r, when: [], verdict: accept}]\n",
         "x.yaml:3:25: 0 entries, at least 1 needed", NULL},
    };
    test_refusals(cases, sizeof cases / sizeof *cases, test_spec_try);
    kith_spec *s = test_spec_must(
        DEFAULT "rules: [{name: r, when: [nino, not nhs, birth, not sex],"
                " verdict: refuse}]\n");
    assert_int_equal(s->n_rules, 1);
    assert_string_equal(s->rules[0].name, "r");
    assert_int_equal(s->rules[0].verdict, KITH_REFUSE);
    assert_int_equal(s->rules[0].equal_identifiers, 1 << 1);
    assert_int_equal(s->rules[0].unequal_identifiers, 1 << 0);
    assert_int_equal(s->rules[0].exact, 1 << 1);
    assert_int_equal(s->rules[0].differs, 1 << 2);
    kith_spec_free(s);
}

static void
numbers_and_words_are_checked(void **state)
{
    (void)state;
    static const char auto_or_bits[] = "auto, or bits of weight such as 12.5";
    static const char plain[] =
        "letters A to Z, at most 31; write accents plain";
    static const test_refusal cases[] = {
        {DEFAULT "filter: {bits: 500}\n",
         "x.yaml:3:16: a filter has 256, 512 or 1024 bits", NULL},
        {DEFAULT "filter: {bits: 256, insertions: 355}\n",
         "x.yaml:3:33: 355 insertions into 256 bits",
         "about 0.69 of the bits: 178, 355 or 710"},
        {DEFAULT "filter: {insertions: 257}\n",
         "x.yaml:3:22: 257 insertions into 256 bits",
         "about 0.69 of the bits: 178, 355 or 710"},
        {DEFAULT "filter: {q: 0}\n", "x.yaml:3:13: must lie between 1 and 4",
         NULL},
        {DEFAULT "max_block_mean: 0.5\n",
         "x.yaml:3:17: must lie between 1 and 1e+09", NULL},
        {DEFAULT "assumed_recall: 1.2\n",
         "x.yaml:3:17: must lie between 0.01 and 1", NULL},
        {DEFAULT "max_cluster: 1\n",
         "x.yaml:3:14: must lie between 2 and 1e+06", NULL},
        {DEFAULT "threshold_bits: high\n",
         "x.yaml:3:17: \"high\" is not a threshold", auto_or_bits},
        {DEFAULT "threshold_bits: 12x\n",
         "x.yaml:3:17: \"12x\" is not a threshold", auto_or_bits},
        {DEFAULT "threshold_bits: nan\n",
         "x.yaml:3:17: \"nan\" is not a threshold", auto_or_bits},
        {DEFAULT "rarity: {cuts: [60, 850]}\n",
         "x.yaml:3:16: two bearers per million, the higher first", NULL},
        {DEFAULT "rarity: {cuts: [60]}\n",
         "x.yaml:3:16: 1 entries, at least 2 needed", NULL},
        {DEFAULT "nicknames:\n  - {formal: ZO\xC3\x8B, short: [ZOE]}\n",
         "x.yaml:4:14: \"ZO\xC3\x8B\" is not a name", plain},
        {DEFAULT "nicknames:\n  - {formal: WILLIAM, short: [BILL, B1LL]}\n",
         "x.yaml:4:37: \"B1LL\" is not a name", plain},
        {DEFAULT "nicknames:\n  - {formal: JOHN, short: [John]}\n",
         "x.yaml:4:28: \"JOHN\" is short for itself", NULL},
        {DEFAULT "placeholders: [01/01/1900]\n",
         "x.yaml:3:16: \"01/01/1900\" is not a placeholder",
         "write dates as yyyy-mm-dd"},
        {DEFAULT "placeholders: [OK, \"Z*Z\"]\n",
         "x.yaml:3:20: \"Z*Z\" is not a placeholder",
         "a star stands at the end only"},
        {DEFAULT "placeholders: [\"--\"]\n",
         "x.yaml:3:16: \"--\" is not a placeholder",
         "1 to 30 letters and digits"},
        {DEFAULT "placeholders: [\"*\"]\n",
         "x.yaml:3:16: \"*\" is not a placeholder",
         "1 to 30 letters and digits"},
    };
    test_refusals(cases, sizeof cases / sizeof *cases, test_spec_try);
}

/** One entry more than the limits of spec.h, in each list that has one. */
static void
too_many_of_anything_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *list;
        const char *entry[2]; /* before and after its number */
        unsigned most;
    } lists[] = {
        {"fields", {"{name: a", ", kind: name}"}, KITH_MAX_FIELDS},
        {"comparisons",
         {"{name: a", ", kind: exact, values: [sex]}"},
         KITH_MAX_COMPARISONS},
        {"passes", {"{name: a", ", key: [dob]}"}, KITH_MAX_PASSES},
        {"identifiers",
         {"{field: a", ", unique: no, m: 0.9, u: 0.1}"},
         KITH_MAX_IDENTIFIERS},
    };
    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++) {
        kith_error err = KITH_ERROR_INIT;
        char text[4096];
        char want[128];
        int n = snprintf(text, sizeof text, DEFAULT "%s:\n", lists[l].list);
        for (unsigned i = 0; i <= lists[l].most; i++)
            n += snprintf(text + n, sizeof text - (size_t)n, "  - %s%u%s\n",
                          lists[l].entry[0], i, lists[l].entry[1]);
        (void)snprintf(want, sizeof want,
                       "x.yaml:4:3: %u entries, at most %u allowed",
                       lists[l].most + 1, lists[l].most);
        assert_int_equal(test_spec_try(text, &err), KITH_ERR_CONFIG);
        assert_string_equal(err.text, want);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_and_comparisons_are_checked),
        cmocka_unit_test(each_kind_of_comparison_wants_its_values),
        cmocka_unit_test(passes_and_identifiers_are_checked),
        cmocka_unit_test(rules_are_read_and_checked),
        cmocka_unit_test(numbers_and_words_are_checked),
        cmocka_unit_test(too_many_of_anything_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
