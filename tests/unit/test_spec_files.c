/* The files of a linkage spec: the ones it extends, and rarity tables. */
#include "../support/config.h"
#include "../support/files.h"

#include <kith/spec.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#define DEFAULT "name: x\nextends: default\n"

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
    test_refusals(cases, sizeof cases / sizeof *cases, test_spec_try);
}

/** New fields leave the inherited comparisons without theirs. */
static void
a_mistake_in_what_is_inherited_names_both_files(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    assert_int_equal(
        test_spec_try(DEFAULT "fields: [{name: a, kind: name}]\n", &err),
        KITH_ERR_CONFIG);
    assert_memory_equal(err.text, "uk-person.yaml (shipped):", 25);
    assert_non_null(strstr(err.text, ": unknown field \"surname\""));
    assert_string_equal(err.hint, "x.yaml inherits this: say it there as well");
    /* Another kind of field does not suit them either. */
    assert_int_equal(test_spec_try(DEFAULT
                                   "fields: [{name: surname, kind: name}, "
                                   "{name: forename, kind: text}]\n",
                                   &err),
                     KITH_ERR_CONFIG);
    assert_memory_equal(err.text, "uk-person.yaml (shipped):", 25);
    assert_non_null(strstr(err.text, ": a comparison of kind names takes"));
    assert_string_equal(err.hint, "x.yaml inherits this: say it there as well");
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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(specs_extend_files_beside_them),
        cmocka_unit_test(a_circle_names_its_files),
        cmocka_unit_test(a_long_chain_is_refused),
        cmocka_unit_test(missing_files_are_refused),
        cmocka_unit_test(a_mistake_in_what_is_inherited_names_both_files),
        cmocka_unit_test(rarity_tables_are_read),
        cmocka_unit_test(damaged_rarity_tables_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
