/* Linkage specs: what the shipped one says, what extending does, what is
 * refused and where, and what changes a digest. */
#include "config/load.h"

#include "../support/config.h"
#include "../support/files.h"

#include <kith/spec.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static kith_status
load_text(kith_spec **out, const char *text, kith_error *err)
{
    kith_yaml *yaml = NULL;
    *out = NULL;
    const kith_status status =
        kith_yaml_parse(&yaml, "x.yaml", text, strlen(text), err);
    return status != KITH_OK ? status : kith_spec_from_yaml(out, yaml, err);
}

static kith_status
load_and_free(const char *text, kith_error *err)
{
    kith_spec *spec = NULL;
    const kith_status status = load_text(&spec, text, err);
    kith_spec_free(spec);
    return status;
}

static kith_spec *
must_load(const char *text)
{
    kith_error err = KITH_ERROR_INIT;
    kith_spec *spec = NULL;
    if (load_text(&spec, text, &err) != KITH_OK)
        fail_msg("%s", err.text);
    return spec;
}

static kith_spec *
must_load_fixture(const char *name)
{
    const char *fixtures = getenv("KITH_FIXTURES");
    kith_error err = KITH_ERROR_INIT;
    kith_spec *spec = NULL;
    char path[512];
    (void)snprintf(path, sizeof path, "%s/specs/%s",
                   fixtures != NULL ? fixtures : "fixtures", name);
    if (kith_spec_load(&spec, path, &err) != KITH_OK)
        fail_msg("%s", err.text);
    return spec;
}

static bool
has_nickname(const kith_spec *s, const char *formal, const char *shortened)
{
    for (uint32_t i = 0; i < s->n_nicknames; i++)
        if (strcmp(s->nicknames[i].formal, formal) == 0 &&
            strcmp(s->nicknames[i].shortened, shortened) == 0)
            return true;
    return false;
}

static bool
is_placeholder(const kith_spec *s, const char *value)
{
    return kith_spec_is_placeholder(s, value, strlen(value));
}

static void
the_shipped_spec_is_the_file_in_fixtures(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    kith_spec *shipped = NULL;
    assert_int_equal(kith_spec_default(&shipped, &err), KITH_OK);
    kith_spec *file = must_load_fixture("uk-person.yaml");
    assert_string_equal(shipped->digest, file->digest);
    kith_spec_free(file);

    const kith_spec *s = shipped;
    assert_string_equal(s->name, "uk-person");
    assert_int_equal(strlen(s->digest), 64);
    assert_int_equal(s->n_fields, 14);
    assert_int_equal(s->fields[kith_spec_field_index(s, "dob")].kind,
                     KITH_FIELD_DATE);
    assert_int_equal(kith_spec_field_index(s, "shoe"), -1);
    assert_int_equal(kith_spec_pass_index(s, "A"), 1);
    assert_int_equal(kith_spec_pass_index(s, "B"), -1);
    assert_int_equal(s->filter_bits, 512);
    assert_int_equal(s->filter_insertions, 355);
    assert_int_equal(s->filter_q, 2);
    assert_false(s->single_site);
    assert_true(isnan(s->threshold_bits));
    assert_int_equal(s->n_identifiers, 5);
    assert_true(s->identifiers[0].unique);
    assert_false(s->identifiers[3].unique);
    kith_spec_free(shipped);
}

static void
the_shipped_comparisons_and_passes_are_indices(void **state)
{
    (void)state;
    kith_spec *s = NULL;
    assert_int_equal(kith_spec_default(&s, NULL), KITH_OK);
    const kith_spec_comparison *name = &s->comparisons[0];
    assert_int_equal(name->kind, KITH_COMPARE_NAMES);
    assert_int_equal(name->n_thresholds, 2);
    assert_int_equal(name->thresholds[0], 870);
    assert_int_equal(name->thresholds[1], 760);
    const kith_value *house = &s->comparisons[3].values[1];
    assert_string_equal(house->text, "postcode+house");
    assert_int_equal(house->n_parts, 2);
    assert_int_equal(house->parts[1].field, kith_spec_field_index(s, "house"));
    assert_int_equal(house->parts[1].kind, KITH_PART_WHOLE);
    assert_int_equal(s->comparisons[3].values[3].parts[0].kind,
                     KITH_PART_SECTOR);
    assert_int_equal(s->n_passes, 5);
    const kith_spec_pass *d = &s->passes[0];
    assert_true(d->either);
    assert_int_equal(d->n_key, 2);
    assert_int_equal(d->key[0].parts[0].kind, KITH_PART_SORTED);
    assert_int_equal(d->key[1].parts[0].field, KITH_FIELD_EITHER);
    assert_int_equal(d->key[1].parts[0].kind, KITH_PART_SOUNDEX);
    assert_false(s->passes[2].either);
    kith_spec_free(s);
}

static void
placeholders_are_found_however_they_are_written(void **state)
{
    (void)state;
    kith_spec *s = NULL;
    assert_int_equal(kith_spec_default(&s, NULL), KITH_OK);
    static const char *const null_values[] = {
        "UNKNOWN",  "unknown",     "Not Known", "N/K",     "nfa",
        "BABYOF",   "BABYOFSMITH", "zz99 3wz",  "ZZ993WZ", "1900-01-01",
        "19000101", "9999999999",  "Test"};
    static const char *const values[] = {
        "",      "SMITH",      "BABYLON",
        "NKOMO", "TESTER",     "M1 1AE",
        "ZZ9",   "1900-01-02", "NO",
        "ANONA", "NULLA",      "UNKNOWNTHATISLONGERTHANANYNAMECOULDEVERBE"};
    for (size_t i = 0; i < sizeof null_values / sizeof *null_values; i++)
        if (!is_placeholder(s, null_values[i]))
            fail_msg("\"%s\" passes for a value", null_values[i]);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (is_placeholder(s, values[i]))
            fail_msg("\"%s\" passes for a placeholder", values[i]);
    kith_spec_free(s);
}

static void
every_name_stands_for_one_formal_name(void **state)
{
    (void)state;
    kith_spec *s = NULL;
    assert_int_equal(kith_spec_default(&s, NULL), KITH_OK);
    assert_true(has_nickname(s, "WILLIAM", "BILL"));
    assert_true(has_nickname(s, "MUHAMMAD", "MOHAMMED"));
    assert_true(has_nickname(s, "CATHERINE", "KASIA"));
    assert_false(has_nickname(s, "BILL", "WILLIAM"));
    for (uint32_t i = 0; i < s->n_nicknames; i++)
        for (uint32_t j = 0; j < s->n_nicknames; j++) {
            const kith_nickname *a = &s->nicknames[i];
            const kith_nickname *b = &s->nicknames[j];
            assert_string_not_equal(a->formal, b->shortened);
            if (i < j) {
                assert_string_not_equal(a->shortened, b->shortened);
                assert_true(strcmp(a->formal, b->formal) <= 0);
            }
        }
    kith_spec_free(s);
}

/** In the order of the file: TED is Edward's; FREDDIE, a form of ALFRED, takes
 *  FREDERICK's other forms with it; the nearest spec comes first. */
static void
the_first_group_that_names_a_name_has_it(void **state)
{
    (void)state;
    kith_spec *s = must_load("name: x\nextends: default\nnicknames:\n"
                             "  - {formal: Edward, short: [Ted, Ned]}\n"
                             "  - {formal: Theodore, short: [Ted, Theo]}\n"
                             "  - {formal: Alfred, short: [Freddie]}\n"
                             "  - {formal: Freddie, short: [Frodo, Alf]}\n"
                             "  - {formal: Ned, short: [Noddy]}\n"
                             "  - {formal: Bill, short: [Billy]}\n");
    assert_true(has_nickname(s, "EDWARD", "TED"));
    assert_false(has_nickname(s, "THEODORE", "TED"));
    assert_true(has_nickname(s, "THEODORE", "THEO"));
    assert_true(has_nickname(s, "ALFRED", "FREDDIE"));
    assert_true(has_nickname(s, "ALFRED", "FRODO"));
    assert_true(has_nickname(s, "ALFRED", "ALF"));
    assert_true(has_nickname(s, "EDWARD", "NODDY"));
    /* The shipped spec has both with WILLIAM. */
    assert_true(has_nickname(s, "BILL", "BILLY"));
    assert_false(has_nickname(s, "WILLIAM", "BILL"));
    assert_true(has_nickname(s, "WILLIAM", "WILL"));
    kith_spec_free(s);
}

/** Specs for quite other data load as well. */
static void
specs_need_neither_birth_nor_postcode(void **state)
{
    (void)state;
    kith_spec *place = must_load_fixture("names-place.yaml");
    assert_int_equal(place->filter_bits, 256);
    assert_int_equal(place->filter_q, 2);
    assert_true(place->single_site);
    assert_int_equal(place->n_identifiers, 0);
    assert_int_equal(place->n_nicknames, 0);
    assert_int_equal(place->comparisons[2].values[0].n_parts, 3);
    assert_false(is_placeholder(place, "UNKNOWN"));
    kith_spec_free(place);

    kith_spec *year = must_load_fixture("names-year.yaml");
    assert_true(year->threshold_bits == 9.5);
    assert_int_equal(year->comparisons[1].values[0].parts[0].kind,
                     KITH_PART_YEAR);
    assert_int_equal(year->max_cluster, 50);
    kith_spec_free(year);
}

static void
what_is_not_said_is_inherited(void **state)
{
    (void)state;
    kith_spec *base = NULL;
    assert_int_equal(kith_spec_default(&base, NULL), KITH_OK);
    kith_spec *s = must_load_fixture("sites-share.yaml");
    assert_string_equal(s->name, "sites-share");
    assert_int_equal(s->min_cell, 5);
    assert_int_equal(s->max_cluster, base->max_cluster);
    assert_int_equal(s->n_passes, base->n_passes);
    /* A list replaces ... */
    assert_int_equal(s->n_identifiers, 2);
    /* ... but nicknames and placeholders add. */
    assert_int_equal(s->n_nicknames, base->n_nicknames + 2);
    assert_true(has_nickname(s, "BARTHOLOMEW", "BART"));
    assert_true(has_nickname(s, "WILLIAM", "BILL"));
    assert_int_equal(s->n_placeholders, base->n_placeholders + 2);
    assert_true(is_placeholder(s, "custody-name"));
    assert_true(is_placeholder(s, "ZZZtop"));
    assert_true(is_placeholder(s, "UNKNOWN"));
    kith_spec_free(s);

    s = must_load("name: x\nextends: default\nfilter: {insertions: 300}\n"
                  "single_site: yes\nnicknames:\n"
                  "  - {formal: William, short: [Bill]}\n");
    assert_int_equal(s->filter_insertions, 300);
    assert_int_equal(s->filter_bits, 512);
    assert_true(s->single_site);
    assert_int_equal(s->n_nicknames, base->n_nicknames);
    kith_spec_free(s);
    kith_spec_free(base);
}

static void
write_spec(const char *folder, const char *name, const char *text)
{
    char path[512];
    test_path(path, folder, name);
    test_write(path, text, strlen(text));
}

static void
specs_extend_files_beside_them(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    kith_spec *s = NULL;
    char folder[256];
    char path[512];
    test_folder_make(folder);
    write_spec(folder, "a.yaml", "extends: b.yaml\nmin_cell: 3\n");
    write_spec(folder, "b.yaml",
               "name: b\nextends: default\nmin_cell: 4\nmax_cluster: 9\n");
    test_path(path, folder, "a.yaml");
    assert_int_equal(kith_spec_load(&s, path, &err), KITH_OK);
    assert_string_equal(s->name, "b");
    assert_int_equal(s->min_cell, 3);
    assert_int_equal(s->max_cluster, 9);
    kith_spec_free(s);
    test_folder_remove(folder);
}

static void
a_circle_names_its_files(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    kith_spec *s = NULL;
    char folder[256];
    char path[512];
    char want[1200];
    test_folder_make(folder);
    write_spec(folder, "a.yaml", "name: a\nextends: b.yaml\n");
    write_spec(folder, "b.yaml", "name: b\nextends:  ./c.yaml\n");
    write_spec(folder, "c.yaml", "extends: b.yaml\n");
    write_spec(folder, "self.yaml", "extends: self.yaml\n");
    test_path(path, folder, "a.yaml");
    assert_int_equal(kith_spec_load(&s, path, &err), KITH_ERR_CONFIG);
    (void)snprintf(want, sizeof want,
                   "%s/./c.yaml:1:10: specs that extend each other: "
                   "%s/b.yaml -> %s/./c.yaml -> %s/b.yaml",
                   folder, folder, folder, folder);
    assert_string_equal(err.text, want);
    assert_string_equal(err.hint, "one of them must stand alone, or extend "
                                  "\"default\"");
    test_path(path, folder, "self.yaml");
    assert_int_equal(kith_spec_load(&s, path, &err), KITH_ERR_CONFIG);
    assert_non_null(strstr(err.text, "specs that extend each other"));
    assert_null(s);
    test_folder_remove(folder);
}

static void
a_long_chain_is_refused(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    kith_spec *s = NULL;
    char folder[256];
    char path[512];
    test_folder_make(folder);
    for (int i = 0; i < 9; i++) {
        char name[32];
        char text[64];
        (void)snprintf(name, sizeof name, "%d.yaml", i);
        (void)snprintf(text, sizeof text, "extends: %d.yaml\n", i + 1);
        write_spec(folder, name, text);
    }
    test_path(path, folder, "0.yaml");
    assert_int_equal(kith_spec_load(&s, path, &err), KITH_ERR_CONFIG);
    assert_non_null(strstr(err.text, "7.yaml:1:10: specs extend each other "
                                     "more than 8 deep"));
    test_folder_remove(folder);
}

static void
missing_files_are_refused(void **state)
{
    (void)state;
    static const test_refusal cases[] = {
        {"extends: none/at-all.yaml\n",
         "x.yaml:1:10: no such file: none/at-all.yaml",
         "write \"extends: default\" for the spec that ships with kith, or a "
         "path from this folder"},
        {"name: x\nextends: default\nrarity: {table: none.csv}\n",
         "x.yaml:3:17: no such file: none.csv", NULL},
    };
    test_refusals(cases, sizeof cases / sizeof *cases, load_and_free);
}

#define DEFAULT "name: x\nextends: default\n"

/** New fields leave the inherited comparisons without theirs. */
static void
a_mistake_in_what_is_inherited_names_both_files(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    assert_int_equal(
        load_and_free(DEFAULT "fields: [{name: a, kind: name}]\n", &err),
        KITH_ERR_CONFIG);
    assert_memory_equal(err.text, "uk-person.yaml (shipped):", 25);
    assert_non_null(strstr(err.text, ": unknown field \"surname\""));
    assert_string_equal(err.hint, "x.yaml inherits this: say it there as well");
    /* Another kind of field does not suit them either. */
    assert_int_equal(load_and_free(DEFAULT
                                   "fields: [{name: surname, kind: name}, "
                                   "{name: forename, kind: text}]\n",
                                   &err),
                     KITH_ERR_CONFIG);
    assert_memory_equal(err.text, "uk-person.yaml (shipped):", 25);
    assert_non_null(strstr(err.text, ": a comparison of kind names takes"));
    assert_string_equal(err.hint, "x.yaml inherits this: say it there as well");
}

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
    test_refusals(cases, sizeof cases / sizeof *cases, load_and_free);
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
    test_refusals(cases, sizeof cases / sizeof *cases, load_and_free);
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
    test_refusals(cases, sizeof cases / sizeof *cases, load_and_free);
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
    test_refusals(cases, sizeof cases / sizeof *cases, load_and_free);
    kith_spec *s = must_load(
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
        {DEFAULT "filter: {bits: 256}\n",
         "x.yaml:3:9: 355 insertions into 256 bits",
         "about 0.69 of the bits: 178, 355 or 710"},
        {DEFAULT "filter: {insertions: 513}\n",
         "x.yaml:3:22: 513 insertions into 512 bits",
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
    test_refusals(cases, sizeof cases / sizeof *cases, load_and_free);
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
        assert_int_equal(load_and_free(text, &err), KITH_ERR_CONFIG);
        assert_string_equal(err.text, want);
    }
}

static void
rarity_tables_are_read(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    kith_spec *s = NULL;
    char folder[256];
    char path[512];
    test_folder_make(folder);
    write_spec(folder, "s.yaml", DEFAULT "rarity: {table: names.csv}\n");
    write_spec(folder, "names.csv",
               "field,name,per_million\nsurname,Smith,10100.5\n"
               "forename,Mary Ann,12\nsurname,O'Brien,400\n");
    test_path(path, folder, "s.yaml");
    if (kith_spec_load(&s, path, &err) != KITH_OK)
        fail_msg("%s", err.text);
    assert_int_equal(s->n_rates, 3);
    assert_string_equal(s->rates[0].name, "OBRIEN");
    assert_int_equal(s->rates[0].field, kith_spec_field_index(s, "surname"));
    assert_string_equal(s->rates[1].name, "SMITH");
    assert_true(s->rates[1].per_million == 10100.5F);
    assert_string_equal(s->rates[2].name, "MARYANN");
    assert_true(s->rarity_cuts[0] == 850 && s->rarity_cuts[1] == 60);
    kith_spec *base = NULL;
    assert_int_equal(kith_spec_default(&base, NULL), KITH_OK);
    assert_string_not_equal(s->digest, base->digest);
    kith_spec_free(base);
    kith_spec_free(s);
    test_folder_remove(folder);
}

static void
damaged_rarity_tables_are_refused(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"field,name,per_million\n", "/names.csv: no rows"},
        {"field,name,per_million\nsex,M,3\n",
         "/names.csv:2: column \"field\": not a field of kind name"},
        {"field,name,per_million\nsurname,A1,3\n",
         "/names.csv:2: column \"name\": not a name in letters A to Z"},
        {"field,name,per_million\nsurname,A,3\nsurname,B,-3\n",
         "/names.csv:3: column \"per_million\": not a number above 0 and up "
         "to a million"},
        {"field,name,per_million\n"
         "surname,A,1000000000000000000000000000000000000000\n",
         "/names.csv:2: column \"per_million\": not a number above 0 and up "
         "to a million"},
        {"field,name,per_million\nsurname,A,1e7\n",
         "/names.csv:2: column \"per_million\": not a number above 0 and up "
         "to a million"},
        {"field,name,per_million\nsurname,A,3\nsurname,a,4\n",
         "/names.csv: name \"A\" twice for one field"},
        {"field,name,per_million\nsurname,A\n", "/names.csv:2: ragged_row"},
        {"", "/names.csv: the file is empty"},
        {"field,name\n", "/names.csv: no column \"per_million\" in the header"},
    };
    char folder[256];
    char path[512];
    test_folder_make(folder);
    write_spec(folder, "s.yaml", DEFAULT "rarity: {table: names.csv}\n");
    test_path(path, folder, "s.yaml");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kith_error err = KITH_ERROR_INIT;
        kith_spec *s = NULL;
        char want[512];
        write_spec(folder, "names.csv", cases[i][0]);
        assert_int_equal(kith_spec_load(&s, path, &err), KITH_ERR_CONFIG);
        (void)snprintf(want, sizeof want, "%s%s", folder, cases[i][1]);
        assert_string_equal(err.text, want);
    }
    test_folder_remove(folder);
}

#define SPEC_HEAD                                                              \
    "name: x\n"                                                                \
    "fields:\n"                                                                \
    "  - {name: a, kind: name}\n"                                              \
    "  - {name: b, kind: name}\n"                                              \
    "  - {name: c, kind: date}\n"
#define SPEC_BODY                                                              \
    "comparisons:\n"                                                           \
    "  - {name: n, kind: names, values: [a, b], similar: [0.9]}\n"             \
    "  - {name: d, kind: date, values: [c]}\n"                                 \
    "passes:\n"                                                                \
    "  - {name: P, key: [c, either]}\n"
#define SPEC_TAIL                                                              \
    "identifiers: [{field: c, unique: no, m: 0.9, u: 0.1}]\n"                  \
    "nicknames: [{formal: WILLIAM, short: [BILL]}]\n"                          \
    "placeholders: [NK]\n"
#define SPEC SPEC_HEAD SPEC_BODY SPEC_TAIL

static void
digests_ignore_how_a_spec_is_written(void **state)
{
    (void)state;
    static const char *const same[] = {
        "# a comment\n" SPEC,
        SPEC "\n\n# the end\n",
        /* defaults said out loud */
        SPEC "min_cell: 10\nfilter: {bits: 512, q: 2}\nthreshold_bits: auto\n"
             "rarity: {cuts: [850.0, 60]}\nsingle_site: false\n",
        /* other order of keys, block for flow style, case and punctuation */
        SPEC_HEAD SPEC_TAIL SPEC_BODY,
        SPEC_HEAD SPEC_BODY
        "identifiers:\n  -  u:  0.10\n     m: 0.9\n     unique: off\n"
        "     field: c\n"
        "placeholders: [n/k, NK]\n"
        "nicknames: [{formal: william, short: [Bill, BILL]}]\n",
    };
    kith_spec *s = must_load(SPEC);
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        kith_spec *t = must_load(same[i]);
        assert_string_equal(s->digest, t->digest);
        kith_spec_free(t);
    }
    kith_spec_free(s);
}

static void
digests_change_with_the_meaning(void **state)
{
    (void)state;
    static const char *const changes[][2] = {
        {"name: x", "name: y"},
        {"{name: c, kind: date}", "{name: c, kind: date}\n"
                                  "  - {name: e, kind: date}"},
        {"{name: c, kind: date}", "{name: c, kind: date}\n"
                                  "  - {name: e, kind: text}"},
        {"[a, b]", "[b, a]"},
        {"similar: [0.9]", "similar: [0.9, 0.8]"},
        {"similar: [0.9]", "similar: [0.899]"},
        {"kind: date, values: [c]", "kind: exact, values: [c]"},
        {"name: P", "name: Q"},
        {"[c, either]", "[either, c]"},
        {"[c, either]", "[c, either.soundex]"},
        {"[c, either]", "[c+either]"},
        {"unique: no", "unique: yes"},
        {"m: 0.9", "m: 0.900001"},
        {"u: 0.1", "u: 0.2"},
        {"BILL", "WILL"},
        {"[NK]", "[\"NK*\"]"},
        {"[NK]", "[NK, X]"},
        {"name: x", "name: x\nrules: [{name: r, when: [c], verdict: accept}]"},
        {"name: x", "name: x\nrules: [{name: r, when: [c], verdict: refuse}]"},
        {"name: x",
         "name: x\nrules: [{name: r, when: [not c], verdict: refuse}]"},
        {"name: x", "name: x\nrules: [{name: r, when: [d], verdict: refuse}]"},
        {"name: x", "name: x\nmin_cell: 11"},
        {"name: x", "name: x\nmax_cluster: 49"},
        {"name: x", "name: x\nsingle_site: yes"},
        {"name: x", "name: x\nfilter: {insertions: 354}"},
        {"name: x", "name: x\nfilter: {bits: 1024}"},
        {"name: x", "name: x\nfilter: {q: 3}"},
        {"name: x", "name: x\nmax_block_mean: 2.6"},
        {"name: x", "name: x\nmax_block_p99: 9"},
        {"name: x", "name: x\nassumed_recall: 0.9"},
        {"name: x", "name: x\nthreshold_bits: 0"},
        {"name: x", "name: x\nrarity: {cuts: [851, 60]}"},
    };
    enum { N = sizeof changes / sizeof *changes };
    char digests[N + 1][65];
    kith_spec *s = must_load(SPEC);
    memcpy(digests[N], s->digest, 65);
    kith_spec_free(s);
    for (size_t i = 0; i < N; i++) {
        char text[2048];
        const char *at = strstr(SPEC, changes[i][0]);
        assert_non_null(at);
        (void)snprintf(text, sizeof text, "%.*s%s%s",
                       (int)(at - (const char *)SPEC), SPEC, changes[i][1],
                       at + strlen(changes[i][0]));
        s = must_load(text);
        memcpy(digests[i], s->digest, 65);
        kith_spec_free(s);
    }
    for (size_t i = 0; i <= N; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(digests[i], digests[j]) == 0)
                fail_msg("cases %zu and %zu have one digest", j, i);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_spec_is_the_file_in_fixtures),
        cmocka_unit_test(the_shipped_comparisons_and_passes_are_indices),
        cmocka_unit_test(placeholders_are_found_however_they_are_written),
        cmocka_unit_test(every_name_stands_for_one_formal_name),
        cmocka_unit_test(the_first_group_that_names_a_name_has_it),
        cmocka_unit_test(specs_need_neither_birth_nor_postcode),
        cmocka_unit_test(what_is_not_said_is_inherited),
        cmocka_unit_test(specs_extend_files_beside_them),
        cmocka_unit_test(a_circle_names_its_files),
        cmocka_unit_test(a_long_chain_is_refused),
        cmocka_unit_test(missing_files_are_refused),
        cmocka_unit_test(a_mistake_in_what_is_inherited_names_both_files),
        cmocka_unit_test(fields_and_comparisons_are_checked),
        cmocka_unit_test(each_kind_of_comparison_wants_its_values),
        cmocka_unit_test(passes_and_identifiers_are_checked),
        cmocka_unit_test(rules_are_read_and_checked),
        cmocka_unit_test(numbers_and_words_are_checked),
        cmocka_unit_test(too_many_of_anything_is_refused),
        cmocka_unit_test(rarity_tables_are_read),
        cmocka_unit_test(damaged_rarity_tables_are_refused),
        cmocka_unit_test(digests_ignore_how_a_spec_is_written),
        cmocka_unit_test(digests_change_with_the_meaning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
