/* The wrapper of libcyaml: what it loads, and what it says when it cannot.
 * Places are counted by hand in the texts below. */
#include "config/schema.h"
#include "config/yaml.h"

#include "../support/config.h"
#include "../support/files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum colour { RED = 3, GREEN = 5 } colour;

typedef struct entry {
    char *name;
    double share;
} entry;

typedef struct thing {
    char *title;
    uint16_t count;
    bool loud;
    colour colour;
    entry *entries;
    uint32_t n_entries;
} thing;

static const cyaml_strval_t colours[] = {{"red", RED}, {"green", GREEN}};
static const cyaml_schema_field_t entry_fields[] = {
    KITH_TEXT("name", KITH_NEED, entry, name),
    CYAML_FIELD_FLOAT("share", KITH_MAY, entry, share), CYAML_FIELD_END};
static const cyaml_schema_value_t entry_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, entry, entry_fields)};
static const cyaml_schema_field_t thing_fields[] = {
    KITH_TEXT("title", KITH_NEED, thing, title),
    CYAML_FIELD_UINT("count", KITH_MAY, thing, count),
    CYAML_FIELD_BOOL("loud", KITH_MAY, thing, loud),
    KITH_WORD("colour", KITH_MAY, thing, colour, colours),
    KITH_LIST("entries", KITH_MAY, thing, entries, &entry_value, 1, 3),
    CYAML_FIELD_END};
static const cyaml_schema_value_t schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, thing, thing_fields)};

static kith_status
load_bytes(const char *text, size_t n, thing **out, kith_error *err)
{
    kith_yaml *yaml = NULL;
    void *data = NULL;
    kith_status status = kith_yaml_parse(&yaml, "x.yaml", text, n, err);
    if (status == KITH_OK)
        status = kith_yaml_load(yaml, &schema, &data, err);
    kith_yaml_close(yaml);
    *out = data;
    return status;
}

static kith_status
load_and_free(const char *text, kith_error *err)
{
    thing *t = NULL;
    const kith_status status = load_bytes(text, strlen(text), &t, err);
    kith_yaml_unload(&schema, t);
    return status;
}

static void
loads_what_the_text_says(void **state)
{
    (void)state;
    static const char text[] = "# a comment\n"
                               "title: \"Of things: a 'title'\"\n"
                               "count: 65535\n"
                               "loud: yes\n"
                               "colour: green\n"
                               "entries:\n"
                               "  - {name: one, share: 0.25}\n"
                               "  - name: two\n";
    kith_error err = KITH_ERROR_INIT;
    thing *t = NULL;
    assert_int_equal(load_bytes(text, sizeof text - 1, &t, &err), KITH_OK);
    assert_string_equal(t->title, "Of things: a 'title'");
    assert_int_equal(t->count, 65535);
    assert_true(t->loud);
    assert_int_equal(t->colour, GREEN);
    assert_int_equal(t->n_entries, 2);
    assert_string_equal(t->entries[0].name, "one");
    assert_true(t->entries[0].share == 0.25);
    assert_string_equal(t->entries[1].name, "two");
    assert_true(t->entries[1].share == 0.0);
    kith_yaml_unload(&schema, t);
}

static void
tells_not_said_from_zero(void **state)
{
    (void)state;
    static const char text[] = "title: t\nentries: [{name: a}]\n";
    kith_yaml *yaml = NULL;
    assert_int_equal(
        kith_yaml_parse(&yaml, "x.yaml", text, sizeof text - 1, NULL), KITH_OK);
    assert_true(kith_yaml_has(yaml, "title"));
    assert_false(kith_yaml_has(yaml, "count"));
    assert_true(kith_yaml_has(yaml, "entries/0/name"));
    assert_false(kith_yaml_has(yaml, "entries/0/nam"));
    assert_false(kith_yaml_has(yaml, "entries/1/name"));
    assert_false(kith_yaml_has(yaml, "title/0"));
    kith_yaml_close(yaml);
}

static void
takes_a_bom_and_carriage_returns(void **state)
{
    (void)state;
    static const char text[] = "\xEF\xBB\xBFtitle: t\r\ncount: 7\r\n";
    kith_error err = KITH_ERROR_INIT;
    thing *t = NULL;
    assert_int_equal(load_bytes(text, sizeof text - 1, &t, &err), KITH_OK);
    assert_string_equal(t->title, "t");
    assert_int_equal(t->count, 7);
    kith_yaml_unload(&schema, t);
}

static void
refuses_what_the_schema_does_not_allow(void **state)
{
    (void)state;
    static const test_refusal cases[] = {
        /* keys */
        {"title: t\nconut: 3\n", "x.yaml:2:1: unknown key \"conut\"",
         "did you mean \"count\"?"},
        {"title: t\nzzzzzzzz: 3\n", "x.yaml:2:1: unknown key \"zzzzzzzz\"",
         "known here: title, count, loud, colour, entries"},
        {"title: t\nentries:\n  - name: a\n    shore: 1\n",
         "x.yaml:4:5: unknown key \"shore\"", "did you mean \"share\"?"},
        {"count: 1\n", "x.yaml:1:1: key \"title\" is missing", NULL},
        {"title: t\nentries:\n  - share: 1\n",
         "x.yaml:3:5: key \"name\" is missing", NULL},
        {"title: t\ncount: 1\ntitle: u\n",
         "x.yaml:3:1: key \"title\" given twice", NULL},
        /* kinds of value */
        {"- a\n- b\n",
         "x.yaml:1:1: a list (- or []), where keys with values should be",
         NULL},
        {"title: [a]\n",
         "x.yaml:1:8: a list (- or []), where a single value should be", NULL},
        {"title: t\nentries: {name: a}\n",
         "x.yaml:2:10: keys with values, where a list (- or []) should be",
         NULL},
        {"title: t\nentries: [a]\n",
         "x.yaml:2:11: a single value, where keys with values should be", NULL},
        {"title:\n", "x.yaml:1:7: the value is empty",
         "give it a value or remove the key"},
        /* numbers */
        {"title: t\ncount: many\n",
         "x.yaml:2:8: \"many\" is not a whole number here", NULL},
        {"title: t\ncount: 12abc\n",
         "x.yaml:2:8: \"12abc\" is not a whole number here", NULL},
        {"title: t\ncount: -1\n",
         "x.yaml:2:8: \"-1\" is not a whole number here", NULL},
        {"title: t\ncount: 010\n",
         "x.yaml:2:8: \"010\" is not a whole number here", NULL},
        {"title: t\ncount: 0x10\n",
         "x.yaml:2:8: \"0x10\" is not a whole number here", NULL},
        {"title: t\ncount: 65536\n",
         "x.yaml:2:8: \"65536\" is not a whole number here", NULL},
        {"title: t\ncount: 99999999999999999999\n",
         "x.yaml:2:8: \"99999999999999999999\" is not a whole number here",
         NULL},
        {"title: t\nentries: [{name: a, share: half}]\n",
         "x.yaml:2:28: \"half\" is not a number", NULL},
        {"title: t\nentries: [{name: a, share: nan}]\n",
         "x.yaml:2:28: \"nan\" is not a number", NULL},
        {"title: t\nentries: [{name: a, share: 1e999}]\n",
         "x.yaml:2:28: \"1e999\" is not a number", NULL},
        {"title: t\nentries: [{name: a, share: 0.5x}]\n",
         "x.yaml:2:28: \"0.5x\" is not a number", NULL},
        /* words */
        {"title: t\nloud: nope\n", "x.yaml:2:7: \"nope\" is not yes or no",
         NULL},
        {"title: t\ncolour: gren\n", "x.yaml:2:9: unknown value \"gren\"",
         "did you mean \"green\"?"},
        {"title: t\ncolour: 3\n", "x.yaml:2:9: unknown value \"3\"",
         "known here: red, green"},
        /* lists */
        {"title: t\nentries: []\n", "x.yaml:2:10: 0 entries, at least 1 needed",
         NULL},
        {"title: t\nentries: [{name: a}, {name: b}, {name: c}, {name: d}]\n",
         "x.yaml:2:10: 4 entries, at most 3 allowed", NULL},
    };
    test_refusals(cases, sizeof cases / sizeof *cases, load_and_free);
}

static void
refuses_texts_that_are_too_long(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    char text[KITH_SCHEMA_TEXT + 16] = "title: ";
    memset(text + 7, 'a', KITH_SCHEMA_TEXT);
    assert_int_equal(load_and_free(text, &err), KITH_OK);
    text[7 + KITH_SCHEMA_TEXT] = 'a';
    assert_int_equal(load_and_free(text, &err), KITH_ERR_CONFIG);
    assert_string_equal(err.text, "x.yaml:1:8: longer than 1024 characters");
}

static void
refuses_what_is_not_plain_yaml(void **state)
{
    (void)state;
    static const char anchors[] = "write the value out, or put it in quotes";
    static const char syntax[] = "check the indentation (blanks, not tabs), "
                                 "and quote texts that hold : # or *";
    static const test_refusal cases[] = {
        {"", "x.yaml:1:1: the file is empty", NULL},
        {"# only a comment\n", "x.yaml:1:1: the file is empty", NULL},
        {"title: &a t\n",
         "x.yaml:1:8: anchors and aliases (& and *) are not allowed here",
         anchors},
        {"title: *a\n",
         "x.yaml:1:8: anchors and aliases (& and *) are not allowed here",
         anchors},
        {"title: t\nentries: &e [{name: a}]\n",
         "x.yaml:2:10: anchors and aliases (& and *) are not allowed here",
         anchors},
        {"title: t\n---\ntitle: u\n",
         "x.yaml:2:1: a second document in one file", NULL},
        {"title: \"a\\0b\"\n", "x.yaml:1:8: a NUL character", NULL},
        {"[[[[[[[[[[[[[[[[[[\n", "x.yaml:1:17: nested too deeply", NULL},
        {"? [a]\n: b\n", "x.yaml:1:3: a key must be a plain word", NULL},
        {"title: t\n\tcount: 3\n",
         "x.yaml:2:1: not YAML: while scanning a plain scalar, found a tab "
         "character that violates indentation",
         syntax},
        {"title: \"t\n",
         "x.yaml:2:1: not YAML: while scanning a quoted scalar, found "
         "unexpected end of stream",
         syntax},
        {"title: t\n  count: 3\n",
         "x.yaml:2:8: not YAML: mapping values are not allowed in this "
         "context",
         syntax},
        {"title: t\nx: \xFF\n",
         "x.yaml:2:1: not YAML: invalid leading UTF-8 octet", NULL},
    };
    test_refusals(cases, sizeof cases / sizeof *cases, load_and_free);
}

static void
refuses_files_that_cannot_be_read(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    kith_yaml *yaml = NULL;
    char folder[256];
    char path[512];
    test_folder_make(folder);
    test_path(path, folder, "none.yaml");
    assert_int_equal(kith_yaml_open(&yaml, path, &err), KITH_ERR_CONFIG);
    assert_int_equal(err.status, KITH_ERR_CONFIG);
    assert_non_null(strstr(err.text, "none.yaml: "));
    assert_non_null(strstr(err.text, "No such file"));
    assert_int_equal(kith_yaml_open(&yaml, folder, &err), KITH_ERR_CONFIG);

    const size_t n = KITH_YAML_MAX_BYTES + 1;
    char *big = malloc(n);
    assert_non_null(big);
    memset(big, ' ', n);
    test_path(path, folder, "big.yaml");
    test_write(path, big, n);
    free(big);
    assert_int_equal(kith_yaml_open(&yaml, path, &err), KITH_ERR_CONFIG);
    assert_non_null(strstr(err.text, "larger than 4194304 bytes"));
    assert_null(yaml);
    test_folder_remove(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loads_what_the_text_says),
        cmocka_unit_test(tells_not_said_from_zero),
        cmocka_unit_test(takes_a_bom_and_carriage_returns),
        cmocka_unit_test(refuses_what_the_schema_does_not_allow),
        cmocka_unit_test(refuses_texts_that_are_too_long),
        cmocka_unit_test(refuses_what_is_not_plain_yaml),
        cmocka_unit_test(refuses_files_that_cannot_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
