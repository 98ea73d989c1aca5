/* Agency mappings: what is read, what is filled in, what is refused where. */
#include "config/load.h"

#include "../support/config.h"
#include "../support/files.h"

#include <kith/mapping.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static kith_spec *spec;

static int
load_spec(void **state)
{
    (void)state;
    return kith_spec_default(&spec, NULL) == KITH_OK ? 0 : -1;
}

static int
free_spec(void **state)
{
    (void)state;
    kith_spec_free(spec);
    return 0;
}

static kith_status
load_text(kith_mapping **out, const char *text, kith_error *err)
{
    kith_yaml *yaml = NULL;
    *out = NULL;
    kith_status status =
        kith_yaml_parse(&yaml, "x.yaml", text, strlen(text), err);
    if (status == KITH_OK)
        status = kith_mapping_from_yaml(out, yaml, spec, err);
    kith_yaml_close(yaml);
    return status;
}

static kith_status
load_and_free(const char *text, kith_error *err)
{
    kith_mapping *m = NULL;
    const kith_status status = load_text(&m, text, err);
    kith_mapping_free(m);
    return status;
}

static kith_mapping *
must_load(const char *text)
{
    kith_error err = KITH_ERROR_INIT;
    kith_mapping *m = NULL;
    if (load_text(&m, text, &err) != KITH_OK)
        fail_msg("%s", err.text);
    return m;
}

/** Seven lines; what follows begins on line 8, or as a column. */
#define PERSONS                                                                \
    "agency: gmp\n"                                                            \
    "persons:\n"                                                               \
    "  file: p.csv\n"                                                          \
    "  id: REF\n"                                                              \
    "  columns:\n"                                                             \
    "    - {field: surname, column: SURNAME}\n"                                \
    "    - {field: dob, column: DOB, format: dd/mm/yyyy}\n"

static void
a_full_mapping_is_read(void **state)
{
    (void)state;
    kith_mapping *m = must_load(
        "agency: gmp\n"
        "title: Greater Manchester Police\n"
        "purpose: \"Digital Economy Act 2017 s35\"\n"
        "link: one\n"
        "delimiter: \";\"\n"
        "persons:\n"
        "  file: nominals.csv\n"
        "  id: NOMINAL_REF\n"
        "  updated: {column: LAST_SEEN, format: dd/mm/yyyy}\n"
        "  household: CASE_NO\n"
        "  columns:\n"
        "    - {field: surname, column: NAME, format: \"surname, forename\"}\n"
        "    - {field: forename, column: NAME, format: \"surname, forename\"}\n"
        "    - {field: dob, column: DOB, format: ddmmmyyyy}\n"
        "events:\n"
        "  - file: offences.csv\n"
        "    type: offence\n"
        "    id: NOMINAL_REF\n"
        "    start: FROM\n"
        "    end: TO\n"
        "    format: dd/mm/yyyy\n"
        "    where: REC_TYPE\n"
        "    equals: OFF\n"
        "    attributes:\n"
        "      - {name: outcome, column: OUTCOME}\n"
        "      - {name: days, column: DAYS, number: yes}\n"
        "      - {name: source, value: police}\n"
        "relations:\n"
        "  - {file: r.csv, id: A, other: B, value: child_of, start: S}\n"
        "  - {file: q.csv, id: A, other: B, kind: KIND}\n"
        "coverage:\n"
        "  - {type: offence, from: 2015-01-01, to: 2026-03-31, area: Bolton}\n"
        "  - {type: offence, from: 2020-02-29}\n");
    assert_string_equal(m->agency, "gmp");
    assert_string_equal(m->title, "Greater Manchester Police");
    assert_string_equal(m->purpose, "Digital Economy Act 2017 s35");
    assert_string_equal(m->path, "x.yaml");
    assert_int_equal(m->link, KITH_LINK_ONE);
    assert_int_equal(m->delimiter, ';');
    assert_string_equal(m->persons.updated, "LAST_SEEN");
    assert_string_equal(m->persons.updated_format, "dd/mm/yyyy");
    assert_string_equal(m->persons.household, "CASE_NO");
    assert_int_equal(m->persons.n_columns, 3);
    assert_string_equal(m->persons.columns[1].format, "surname, forename");
    assert_int_equal(m->n_events, 1);
    assert_string_equal(m->events[0].equals, "OFF");
    assert_int_equal(m->events[0].n_attributes, 3);
    assert_true(m->events[0].attributes[1].number);
    assert_null(m->events[0].attributes[2].column);
    assert_string_equal(m->events[0].attributes[2].value, "police");
    assert_int_equal(m->n_relations, 2);
    assert_string_equal(m->relations[0].value, "child_of");
    assert_string_equal(m->relations[1].kind, "KIND");
    assert_int_equal(m->n_coverage, 2);
    assert_string_equal(m->coverage[0].area, "Bolton");
    assert_null(m->coverage[1].to);
    kith_mapping_free(m);
}

static void
what_is_left_out_is_filled_in(void **state)
{
    (void)state;
    kith_mapping *m = must_load(
        "agency: gmp\n"
        "persons:\n"
        "  file: p.csv\n"
        "  id: REF\n"
        "  updated: {column: SEEN}\n"
        "  columns:\n"
        "    - {field: surname, column: SURNAME}\n"
        "    - {field: dob, column: DOB}\n"
        "events: [{file: e.csv, type: t, id: REF, start: S, where: W, "
        "equals: \"\"}]\n"
        "relations: [{file: r.csv, id: A, other: B, kind: K}]\n");
    assert_string_equal(m->title, "gmp");
    assert_int_equal(m->link, KITH_LINK_MANY);
    assert_int_equal(m->delimiter, ',');
    assert_null(m->purpose);
    assert_null(m->persons.household);
    assert_string_equal(m->persons.updated_format, "yyyy-mm-dd");
    assert_null(m->persons.columns[0].format);
    assert_string_equal(m->persons.columns[1].format, "yyyy-mm-dd");
    assert_string_equal(m->events[0].format, "yyyy-mm-dd");
    assert_string_equal(m->events[0].equals, "");
    assert_string_equal(m->relations[0].format, "yyyy-mm-dd");
    assert_null(m->relations[0].start);
    kith_mapping_free(m);

    m = must_load(PERSONS "delimiter: tab\n");
    assert_int_equal(m->delimiter, '\t');
    assert_null(m->persons.updated);
    assert_null(m->persons.updated_format);
    assert_int_equal(m->n_events + m->n_relations + m->n_coverage, 0);
    kith_mapping_free(m);
}

static void
dates_may_come_in_parts_and_names_in_several_columns(void **state)
{
    (void)state;
    kith_mapping *m = must_load("agency: gmp\n"
                                "persons:\n"
                                "  file: p.csv\n"
                                "  id: REF\n"
                                "  columns:\n"
                                "    - {field: forename, column: FIRST}\n"
                                "    - {field: forename, column: SECOND}\n"
                                "    - {field: house, column: FLAT}\n"
                                "    - {field: house, column: NUMBER}\n"
                                "    - {field: dob.year, column: YEAR}\n"
                                "    - {field: dob.month, column: MONTH}\n");
    assert_int_equal(m->persons.n_columns, 6);
    assert_string_equal(m->persons.columns[4].field, "dob.year");
    assert_null(m->persons.columns[4].format);
    kith_mapping_free(m);
}

static void
persons_are_checked(void **state)
{
    (void)state;
    static const char date[] = "write day, month and year once each, such as "
                               "dd/mm/yyyy, yyyy-mm-dd, d.m.yy or ddmmmyyyy";
    static const char target[] = "a field, or .day .month .year of a date";
    static const char order[] = "the fields the column holds, in their order, "
                                "such as \"surname, forename\"";
#define COLUMN(what) PERSONS "    - {" what "}\n"
    static const test_refusal cases[] = {
        {"persons: {file: p.csv, id: R, columns: [{field: sex, column: S}]}\n",
         "x.yaml:1:1: key \"agency\" is missing", NULL},
        {"agency: gmp\n", "x.yaml:1:1: key \"persons\" is missing", NULL},
        {"agency: gmp\npersons:\n  file: p.csv\n  columns: "
         "[{field: sex, column: S}]\n",
         "x.yaml:3:3: key \"id\" is missing", NULL},
        {"agency: gmp\npersons: {file: p.csv, id: R, columns: []}\n",
         "x.yaml:2:40: 0 entries, at least 1 needed", NULL},
        {"agency: g.m.p\npersons: {file: p.csv, id: R, columns: [{field: sex, "
         "column: S}]}\n",
         "x.yaml:1:9: agency \"g.m.p\" is not a word",
         "a letter, then up to 30 letters, digits and _; the full name goes "
         "into title"},
        {PERSONS "titel: x\n", "x.yaml:8:1: unknown key \"titel\"",
         "did you mean \"title\"?"},
        {PERSONS "link: some\n", "x.yaml:8:7: unknown value \"some\"",
         "known here: many, one"},
        {PERSONS "delimiter: \"::\"\n", "x.yaml:8:12: unknown value \"::\"",
         "known here: \",\", \";\", \"|\", tab"},
        {COLUMN("field: forenam, column: F"),
         "x.yaml:8:15: unknown field \"forenam\"",
         "did you mean \"forename\"?"},
        {COLUMN("field: forename.soundex, column: F"),
         "x.yaml:8:15: \"forename.soundex\" is not something a column can feed",
         target},
        {COLUMN("field: postcode.sector, column: F"),
         "x.yaml:8:15: \"postcode.sector\" is not something a column can feed",
         target},
        {COLUMN("field: dob, column: D"),
         "x.yaml:8:15: \"dob\" is fed by two columns",
         "only names, texts and houses may be joined"},
        {COLUMN("field: dob.year, column: Y"),
         "x.yaml:8:15: \"dob\" comes whole and in parts", NULL},
        {COLUMN("field: sex, column: S, format: yyyy-mm-dd"),
         "x.yaml:8:39: \"sex\" takes no format: only dates and names do", NULL},
        {COLUMN("field: forename, column: F, format: \"surname forename x\""),
         "x.yaml:8:44: \"surname forename x\" is not a name format", order},
        {COLUMN("field: forename, column: F, format: \"surname, middle\""),
         "x.yaml:8:44: \"surname, middle\" is not a name format", order},
        {COLUMN("field: forename, column: F, format: forename"),
         "x.yaml:8:44: \"forename\" is not a name format", order},
        {COLUMN("field: forename, column: F, format: \"surname, forename,\""),
         "x.yaml:8:44: \"surname, forename,\" is not a name format", order},
        {"agency: gmp\npersons:\n  file: p.csv\n  id: R\n  columns:\n"
         "    - {field: dob, column: D, format: dd/mm/jjjj}\n",
         "x.yaml:6:39: \"dd/mm/jjjj\" is not a date format", date},
        {"agency: gmp\npersons:\n  file: p.csv\n  id: R\n"
         "  updated: {column: U, format: epoch}\n"
         "  columns: [{field: sex, column: S}]\n",
         "x.yaml:5:32: \"epoch\" is not a date format", date},
        {"agency: gmp\npersons:\n  file: p.csv\n  id: R\n  columns:\n"
         "    - {field: dob.year, column: D}\n"
         "    - {field: dob, column: D}\n",
         "x.yaml:7:15: \"dob\" comes whole and in parts", NULL},
    };
#undef COLUMN
    test_refusals(cases, sizeof cases / sizeof *cases, load_and_free);
}

static void
events_are_checked(void **state)
{
    (void)state;
    static const char word[] = "a letter, then up to 30 letters, digits and _";
#define EVENT(what)                                                            \
    PERSONS "events:\n  - {file: e.csv, id: R, start: S, " what "}\n"
    static const test_refusal cases[] = {
        {EVENT("type: \"an offence\""),
         "x.yaml:9:42: event type \"an offence\" is not a word", word},
        {PERSONS "events:\n  - {file: e.csv, id: R, type: t}\n",
         "x.yaml:9:5: key \"start\" is missing", NULL},
        {EVENT("type: t, where: W"),
         "x.yaml:9:5: \"where\" and \"equals\" go together", NULL},
        {EVENT("type: t, equals: W"),
         "x.yaml:9:5: \"where\" and \"equals\" go together", NULL},
        {EVENT("type: t, format: mm/dd"),
         "x.yaml:9:53: \"mm/dd\" is not a date format",
         "write day, month and year once each, such as dd/mm/yyyy, "
         "yyyy-mm-dd, d.m.yy or ddmmmyyyy"},
        {EVENT("type: t, attributes: [{name: 1a, column: A}]"),
         "x.yaml:9:58: attribute name \"1a\" is not a word", word},
        {EVENT("type: t, attributes: [{name: a}]"),
         "x.yaml:9:58: attribute \"a\" needs either a column or a value", NULL},
        {EVENT("type: t, attributes: [{name: a, column: A, value: b}]"),
         "x.yaml:9:58: attribute \"a\" needs either a column or a value", NULL},
        {EVENT("type: t, attributes: [{name: a, value: b, number: yes}]"),
         "x.yaml:9:58: attribute \"a\": the value is not a number", NULL},
        {EVENT("type: t, attributes: [{name: a, value: b}, "
               "{name: a, column: C}]"),
         "x.yaml:9:79: attribute \"a\" given twice", NULL},
        {EVENT("type: t, atributes: []"),
         "x.yaml:9:45: unknown key \"atributes\"",
         "did you mean \"attributes\"?"},
    };
#undef EVENT
    test_refusals(cases, sizeof cases / sizeof *cases, load_and_free);
}

static void
relations_and_coverage_are_checked(void **state)
{
    (void)state;
    static const char either[] = "kind: the column that says it; value: the "
                                 "same for every row, such as child_of";
#define RELATION(what)                                                         \
    PERSONS "relations:\n  - {file: r.csv, id: A, other: B, " what "}\n"
#define COVERAGE(what)                                                         \
    PERSONS "events: [{file: e.csv, id: R, start: S, type: offence}]\n"        \
            "coverage:\n  - {" what "}\n"
    static const test_refusal cases[] = {
        {PERSONS "relations:\n  - {file: r.csv, id: A, other: B}\n",
         "x.yaml:9:5: a relation needs either \"kind\" or \"value\"", either},
        {RELATION("kind: K, value: child_of"),
         "x.yaml:9:5: a relation needs either \"kind\" or \"value\"", either},
        {RELATION("value: childof"),
         "x.yaml:9:43: unknown relation \"childof\"",
         "did you mean \"child_of\"?"},
        {RELATION("value: neighbour"),
         "x.yaml:9:43: unknown relation \"neighbour\"",
         "known here: parent_of, child_of, partner_of, carer_of, lives_with"},
        {RELATION("kind: K, format: x"),
         "x.yaml:9:53: \"x\" is not a date format",
         "write day, month and year once each, such as dd/mm/yyyy, "
         "yyyy-mm-dd, d.m.yy or ddmmmyyyy"},
        {COVERAGE("type: offence, from: 2015-02-30"),
         "x.yaml:10:27: \"2015-02-30\" is not a date", "write yyyy-mm-dd"},
        {COVERAGE("type: offence, from: 2015-02-01, to: 01/02/2016"),
         "x.yaml:10:43: \"01/02/2016\" is not a date", "write yyyy-mm-dd"},
        {COVERAGE("type: offence, from: 2015-02-01, to: 2015-01-31"),
         "x.yaml:10:43: the coverage ends before it begins", NULL},
        {COVERAGE("type: offense, from: 2015-02-01"),
         "x.yaml:10:12: no events of type \"offense\" in this mapping",
         "did you mean \"offence\"?"},
        {PERSONS "coverage: [{type: offence, from: 2015-02-01}]\n",
         "x.yaml:8:19: no events of type \"offence\" in this mapping", NULL},
    };
#undef RELATION
#undef COVERAGE
    test_refusals(cases, sizeof cases / sizeof *cases, load_and_free);
}

/** The example says every key there is. */
static void
the_example_loads(void **state)
{
    (void)state;
    const char *fixtures = getenv("KITH_FIXTURES");
    kith_error err = KITH_ERROR_INIT;
    kith_mapping *m = NULL;
    char path[512];
    test_path(path, fixtures != NULL ? fixtures : "fixtures",
              "config/agency.yaml");
    if (kith_mapping_load(&m, path, spec, &err) != KITH_OK)
        fail_msg("%s", err.text);
    assert_string_equal(m->agency, "police");
    assert_int_equal(m->persons.n_columns, 10);
    assert_int_equal(m->n_events, 2);
    assert_string_equal(m->events[1].start, "IN");
    assert_int_equal(m->events[0].delimiter, ',');
    assert_int_equal(m->events[1].delimiter, '\t');
    assert_int_equal(m->relations[0].delimiter, ',');
    assert_int_equal(m->n_relations, 2);
    assert_int_equal(m->n_coverage, 2);
    kith_mapping_free(m);
}

static void
an_agency_is_mapped_once(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    char folder[256];
    char path[2][512];
    kith_mapping *m[3] = {NULL, NULL, NULL};
    test_folder_make(folder);
    test_path(path[0], folder, "a.yaml");
    test_path(path[1], folder, "b.yaml");
    for (size_t i = 0; i < 2; i++) {
        test_write(path[i], PERSONS, sizeof PERSONS - 1);
        assert_int_equal(kith_mapping_load(&m[i], path[i], spec, &err),
                         KITH_OK);
    }
    m[2] = must_load("agency: nhs\npersons: {file: p.csv, id: R, columns: "
                     "[{field: nhs, column: N}]}\n");
    assert_int_equal(kith_mappings_check(m, 1, &err), KITH_OK);
    assert_int_equal(kith_mappings_check(m + 1, 2, &err), KITH_OK);
    assert_int_equal(kith_mappings_check(NULL, 0, &err), KITH_OK);
    assert_int_equal(kith_mappings_check(m, 3, &err), KITH_ERR_CONFIG);
    assert_memory_equal(err.text, path[1], strlen(path[1]));
    assert_non_null(strstr(err.text, ": agency \"gmp\" is already mapped by "));
    assert_non_null(strstr(err.text, path[0]));
    assert_string_equal(err.hint, "give each agency one mapping; it may list "
                                  "several files");
    for (size_t i = 0; i < 3; i++)
        kith_mapping_free(m[i]);
    test_folder_remove(folder);
}

static void
a_missing_mapping_is_a_config_error(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    kith_mapping *m = NULL;
    assert_int_equal(kith_mapping_load(&m, "no/such.yaml", spec, &err),
                     KITH_ERR_CONFIG);
    assert_memory_equal(err.text, "no/such.yaml: ", 14);
    assert_null(m);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_mapping_is_read),
        cmocka_unit_test(what_is_left_out_is_filled_in),
        cmocka_unit_test(dates_may_come_in_parts_and_names_in_several_columns),
        cmocka_unit_test(persons_are_checked),
        cmocka_unit_test(events_are_checked),
        cmocka_unit_test(relations_and_coverage_are_checked),
        cmocka_unit_test(the_example_loads),
        cmocka_unit_test(an_agency_is_mapped_once),
        cmocka_unit_test(a_missing_mapping_is_a_config_error),
    };
    return cmocka_run_group_tests(tests, load_spec, free_spec);
}
