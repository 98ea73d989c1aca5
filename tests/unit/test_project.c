/* Project files: paths, defaults, and what is refused where. */
#include "config/load.h"

#include "../support/config.h"
#include "../support/files.h"

#include <kith/project.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** Six lines. */
#define PROJECT                                                                \
    "project: gm-demo\n"                                                       \
    "epoch: 2026-q1\n"                                                         \
    "reference_date: 2026-03-31\n"                                             \
    "key: keys/project.key\n"                                                  \
    "agency_keys: keys\n"                                                      \
    "agencies: [agencies/gmp.yaml, nhs.yaml]\n"

static kith_status
load_text(kith_project **out, const char *name, const char *text,
          kith_error *err)
{
    kith_yaml *yaml = NULL;
    *out = NULL;
    kith_status status = kith_yaml_parse(&yaml, name, text, strlen(text), err);
    if (status == KITH_OK)
        status = kith_project_from_yaml(out, yaml, err);
    kith_yaml_close(yaml);
    return status;
}

static kith_status
load_and_free(const char *text, kith_error *err)
{
    kith_project *p = NULL;
    const kith_status status = load_text(&p, "x.yaml", text, err);
    kith_project_free(p);
    return status;
}

static void
paths_are_seen_from_the_project(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    kith_project *p = NULL;
    if (load_text(&p, "some/where/kith.yaml",
                  PROJECT "run: tonight\n"
                          "spec: linkage.yaml\n"
                          "data: extracts\n"
                          "areas: areas.csv\n"
                          "communal: communal.csv\n"
                          "exclude: /abs/optout.csv\n"
                          "model: model.yaml\n"
                          "truth: truth/records.csv\n"
                          "previous: ../last/results\n"
                          "out: out\n"
                          "max_bad_rows: 0\n"
                          "region: Northshire\n"
                          "smallest_neighbourhood: 500\n"
                          "criteria: [criteria/a.criteria]\n",
                  &err) != KITH_OK)
        fail_msg("%s", err.text);
    assert_string_equal(p->name, "gm-demo");
    assert_string_equal(p->run, "tonight");
    assert_string_equal(p->spec, "some/where/linkage.yaml");
    assert_string_equal(p->key, "some/where/keys/project.key");
    assert_string_equal(p->agency_keys, "some/where/keys");
    assert_string_equal(p->data, "some/where/extracts");
    assert_string_equal(p->communal, "some/where/communal.csv");
    assert_string_equal(p->exclude, "/abs/optout.csv");
    assert_string_equal(p->previous, "some/where/../last/results");
    assert_string_equal(p->out, "some/where/out");
    assert_int_equal(p->max_bad_rows, 0);
    assert_string_equal(p->region, "Northshire");
    assert_int_equal(p->smallest_neighbourhood, 500);
    assert_int_equal(p->n_mappings, 2);
    assert_string_equal(p->mappings[0], "some/where/agencies/gmp.yaml");
    assert_int_equal(p->n_criteria, 1);
    assert_string_equal(p->criteria[0], "some/where/criteria/a.criteria");
    assert_string_equal(p->path, "some/where/kith.yaml");
    kith_project_free(p);
}

static void
what_is_left_out_is_filled_in(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    kith_project *p = NULL;
    assert_int_equal(load_text(&p, "kith.yaml", PROJECT, &err), KITH_OK);
    assert_string_equal(p->run, "2026-03-31");
    assert_string_equal(p->data, ".");
    assert_string_equal(p->out, "out");
    assert_string_equal(p->key, "keys/project.key");
    assert_int_equal(p->max_bad_rows, 1000);
    assert_string_equal(p->region, "all districts");
    assert_int_equal(p->smallest_neighbourhood, 30000);
    assert_int_equal(p->largest_neighbourhood, 50000);
    assert_null(p->spec);
    assert_null(p->areas);
    assert_null(p->communal);
    assert_null(p->exclude);
    assert_null(p->model);
    assert_null(p->truth);
    assert_null(p->previous);
    assert_int_equal(p->n_criteria, 0);
    kith_project_free(p);
}

static void
a_nightly_project_says_today(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    kith_project *p = NULL;
    assert_int_equal(
        load_text(&p, "kith.yaml",
                  "project: p\nepoch: e\nreference_date: today\nkey: k\n"
                  "agency_keys: k\nagencies: [a.yaml]\n",
                  &err),
        KITH_OK);
    assert_string_equal(p->reference_date, "today");
    assert_string_equal(p->run, "today");
    kith_project_free(p);
}

/** The example says every key there is. */
static void
the_example_loads(void **state)
{
    (void)state;
    const char *fixtures = getenv("KITH_FIXTURES");
    kith_error err = KITH_ERROR_INIT;
    kith_yaml *yaml = NULL;
    kith_project *p = NULL;
    char path[512];
    test_path(path, fixtures != NULL ? fixtures : "fixtures",
              "config/kith.yaml");
    assert_int_equal(kith_yaml_open(&yaml, path, &err), KITH_OK);
    if (kith_project_from_yaml(&p, yaml, &err) != KITH_OK)
        fail_msg("%s", err.text);
    assert_string_equal(p->name, "example");
    assert_true(p->spec != NULL && p->areas != NULL && p->communal != NULL &&
                p->exclude != NULL && p->model != NULL && p->truth != NULL &&
                p->previous != NULL);
    assert_int_equal(p->n_criteria, 1);
    kith_project_free(p);
    kith_yaml_close(yaml);
}

static void
mistakes_are_refused_where_they_are(void **state)
{
    (void)state;
    static const char label[] = "up to 63 letters, digits, and . _ -";
    static const test_refusal cases[] = {
        {"project: x\n", "x.yaml:1:1: key \"epoch\" is missing", NULL},
        {PROJECT "critera: []\n", "x.yaml:7:1: unknown key \"critera\"",
         "did you mean \"criteria\"?"},
        {PROJECT "max_bad_rows: -1\n",
         "x.yaml:7:15: \"-1\" is not a whole number here", NULL},
        {PROJECT "max_bad_rows: 18446744073709551616\n",
         "x.yaml:7:15: \"18446744073709551616\" is not a whole number here",
         NULL},
        {PROJECT "run: a|b\n", "x.yaml:7:6: run \"a|b\" is not a short name",
         label},
        {PROJECT "run: ../up\n",
         "x.yaml:7:6: run \"../up\" is not a short name", label},
        {PROJECT "criteria: [a.criteria, b.criteria, a.criteria]\n",
         "x.yaml:7:36: the same file twice: a.criteria", NULL},
        {"project: gm demo\nepoch: e\nreference_date: 2026-03-31\nkey: k\n"
         "agency_keys: k\nagencies: [a.yaml]\n",
         "x.yaml:1:10: project \"gm demo\" is not a short name", label},
        {"project: p\nepoch: e\nreference_date: 31/03/2026\nkey: k\n"
         "agency_keys: k\nrun: r\nagencies: [a.yaml]\n",
         "x.yaml:3:17: \"31/03/2026\" is not a date",
         "write yyyy-mm-dd, or today"},
        {"project: p\nepoch: e\nreference_date: 2026-02-30\nkey: k\n"
         "agency_keys: k\nagencies: [a.yaml]\n",
         "x.yaml:3:17: \"2026-02-30\" is not a date",
         "write yyyy-mm-dd, or today"},
        {"project: p\nepoch: e\nreference_date: 2026-03-31\nkey: k\n"
         "agency_keys: k\nagencies: []\n",
         "x.yaml:6:11: 0 entries, at least 1 needed", NULL},
        {"project: p\nepoch: e\nreference_date: 2026-03-31\nkey: k\n"
         "agency_keys: k\nagencies:\n  - a.yaml\n  - a.yaml\n",
         "x.yaml:8:5: the same file twice: a.yaml", NULL},
        {"project: p\nepoch: e\nreference_date: 2026-03-31\nkey: k\n"
         "agency_keys: k\nagencies: a.yaml\n",
         "x.yaml:6:11: a single value, where a list (- or []) should be", NULL},
    };
    test_refusals(cases, sizeof cases / sizeof *cases, load_and_free);
}

static void
write_text(const char *folder, const char *name, const char *text)
{
    char path[512];
    test_path(path, folder, name);
    test_write(path, text, strlen(text));
}

/** Files that are not there are found before anything runs. */
static void
files_must_be_there(void **state)
{
    (void)state;
    static const char *const missing[][2] = {
        {"spec: none.yaml\n", ":7:7: "},
        {"data: none\n", ":7:7: "},
        {"areas: none.csv\n", ":7:8: "},
        {"communal: none.csv\n", ":7:11: "},
        {"exclude: none.csv\n", ":7:10: "},
        {"model: none.yaml\n", ":7:8: "},
        {"truth: none.csv\n", ":7:8: "},
        {"criteria: [ok, none.criteria]\n", ":7:16: "},
    };
    char folder[256];
    char path[512];
    test_folder_make(folder);
    test_path(path, folder, "kith.yaml");
    write_text(folder, "ok", "");
    write_text(folder, "nhs.yaml", "");
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
        kith_error err = KITH_ERROR_INIT;
        kith_project *p = NULL;
        char text[1024];
        (void)snprintf(text, sizeof text,
                       "project: p\nepoch: e\nreference_date: 2026-03-31\n"
                       "key: k\nagency_keys: k\nagencies: [nhs.yaml]\n%s",
                       missing[i][0]);
        write_text(folder, "kith.yaml", text);
        assert_int_equal(kith_project_load(&p, path, &err), KITH_ERR_CONFIG);
        assert_memory_equal(err.text, path, strlen(path));
        assert_memory_equal(err.text + strlen(path), missing[i][1],
                            strlen(missing[i][1]));
        assert_non_null(strstr(err.text, "No such file or directory"));
        assert_string_equal(err.hint, "paths are relative to the project "
                                      "file's folder");
        assert_null(p);
    }
    write_text(folder, "kith.yaml", PROJECT);
    kith_error err = KITH_ERROR_INIT;
    kith_project *p = NULL;
    assert_int_equal(kith_project_load(&p, path, &err), KITH_ERR_CONFIG);
    assert_non_null(strstr(err.text, "kith.yaml:6:12: "));
    assert_non_null(strstr(err.text, "agencies/gmp.yaml: No such file"));
    test_folder_remove(folder);
}

static void
a_project_on_disk_loads(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    kith_project *p = NULL;
    char folder[256];
    char path[512];
    char mapping[512];
    test_folder_make(folder);
    test_path(path, folder, "kith.yaml");
    test_path(mapping, folder, "nhs.yaml");
    write_text(folder, "nhs.yaml", "");
    /* Neither keys nor the last run's results need be there yet. */
    write_text(folder, "kith.yaml",
               "project: p\nepoch: e\nreference_date: 2026-03-31\nkey: k\n"
               "agency_keys: k\nprevious: last\nagencies: [nhs.yaml]\n");
    if (kith_project_load(&p, path, &err) != KITH_OK)
        fail_msg("%s", err.text);
    assert_string_equal(p->mappings[0], mapping);
    kith_project_free(p);
    assert_int_equal(kith_project_load(&p, folder, &err), KITH_ERR_CONFIG);
    test_folder_remove(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_seen_from_the_project),
        cmocka_unit_test(what_is_left_out_is_filled_in),
        cmocka_unit_test(a_nightly_project_says_today),
        cmocka_unit_test(the_example_loads),
        cmocka_unit_test(mistakes_are_refused_where_they_are),
        cmocka_unit_test(files_must_be_there),
        cmocka_unit_test(a_project_on_disk_loads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
