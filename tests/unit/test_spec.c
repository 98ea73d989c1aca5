/* Linkage specs: what the shipped one says, and what one that extends it
 * says. */
#include "../support/config.h"

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
    assert_int_equal(s->filter_bits, 256);
    assert_int_equal(s->filter_insertions, 178);
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
    kith_spec *s = test_spec_must("name: x\nextends: default\nnicknames:\n"
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

    s = test_spec_must("name: x\nextends: default\nfilter: {insertions: 150}\n"
                       "single_site: yes\nnicknames:\n"
                       "  - {formal: William, short: [Bill]}\n");
    assert_int_equal(s->filter_insertions, 150);
    assert_int_equal(s->filter_bits, 256);
    assert_true(s->single_site);
    assert_int_equal(s->n_nicknames, base->n_nicknames);
    kith_spec_free(s);
    kith_spec_free(base);
}

static void
has_pass(const kith_spec *s, const char *name, const char *first,
         const char *second)
{
    const int i = kith_spec_pass_index(s, name);
    if (i < 0)
        fail_msg("no pass %s", name);
    const kith_spec_pass *pass = &s->passes[i];
    assert_int_equal(pass->n_key, second != NULL ? 2 : 1);
    assert_string_equal(pass->key[0].text, first);
    if (second != NULL)
        assert_string_equal(pass->key[1].text, second);
    assert_int_equal(pass->either,
                     second != NULL && strncmp(second, "either", 6) == 0);
}

/* One site that names no passes gets wide ones, of what it compares. */
static void
one_site_gets_wide_passes(void **state)
{
    (void)state;
    kith_spec *s =
        test_spec_must("name: x\nextends: default\nsingle_site: yes\n");
    assert_int_equal(s->n_passes, 12);
    has_pass(s, "D", "dob.sorted", "either.soundex");
    has_pass(s, "B", "dob", NULL);
    has_pass(s, "N", "surname.soundex", "forename.soundex");
    has_pass(s, "A", "postcode.district", "either.soundex");
    has_pass(s, "P", "postcode", NULL);
    has_pass(s, "I1", "nhs", NULL);
    kith_spec_free(s);

    s = test_spec_must(
        "name: x\nsingle_site: yes\nfields:\n"
        "  - {name: family, kind: name}\n  - {name: given, kind: name}\n"
        "  - {name: sex, kind: sex}\n  - {name: town, kind: text}\n"
        "  - {name: born, kind: date}\n"
        "comparisons:\n"
        "  - {name: who, kind: names, values: [family, given], similar: "
        "[0.8]}\n"
        "  - {name: sex, kind: exact, values: [sex]}\n"
        "  - {name: town, kind: text, values: [town], similar: [0.8]}\n"
        "  - {name: born, kind: date, values: [born]}\n");
    assert_int_equal(s->n_passes, 7);
    has_pass(s, "T1", "town", "either.soundex");
    has_pass(s, "Y1", "town", "born.year");
    kith_spec_free(s);

    /* Its own are not added to. */
    s = test_spec_must("name: x\nextends: default\nsingle_site: yes\n"
                       "passes:\n  - {name: only, key: [dob]}\n");
    assert_int_equal(s->n_passes, 1);
    kith_spec_free(s);
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
        cmocka_unit_test(one_site_gets_wide_passes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
