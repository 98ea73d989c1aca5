/* Every allocation and every open of the three config loaders fails once. */
#include "../support/files.h"
#include "fault.h"

#include <kith/mapping.h>
#include <kith/project.h>
#include <kith/spec.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static char folder[256];
static char spec_path[512];
static char mapping_path[512];
static char project_path[512];
static kith_spec *base;
/* What the last run loaded. */
static kith_spec *spec;
static kith_mapping *mapping;
static kith_project *project;

static void
put(char path[512], const char *name, const char *text)
{
    test_path(path, folder, name);
    test_write(path, text, strlen(text));
}

static int
write_files(void **state)
{
    char path[512];
    (void)state;
    test_folder_make(folder);
    put(path, "base.yaml",
        "name: base\n"
        "fields:\n"
        "  - {name: a, kind: name}\n"
        "  - {name: b, kind: name}\n"
        "  - {name: c, kind: date}\n"
        "comparisons:\n"
        "  - {name: n, kind: names, values: [a, b], similar: [0.9]}\n"
        "passes: [{name: P, key: [c, either.soundex]}]\n"
        "identifiers: [{field: c, unique: no, m: 0.9, u: 0.1}]\n"
        "nicknames: [{formal: WILLIAM, short: [BILL, WILL]}]\n");
    put(path, "names.csv", "field,name,per_million\na,SMITH,10000\n");
    put(spec_path, "spec.yaml",
        "extends: base.yaml\nplaceholders: [NK, \"ZZ*\"]\n"
        "nicknames: [{formal: JOHN, short: [JACK]}]\n"
        "rarity: {table: names.csv}\n");
    put(mapping_path, "a.yaml",
        "agency: a\n"
        "persons:\n"
        "  file: p.csv\n"
        "  id: R\n"
        "  updated: {column: U}\n"
        "  columns: [{field: a, column: A}, {field: c, column: C}]\n"
        "events:\n"
        "  - {file: e.csv, id: R, type: t, start: S,\n"
        "     attributes: [{name: x, column: X}]}\n"
        "relations: [{file: r.csv, id: R, other: O, value: child_of}]\n"
        "coverage: [{type: t, from: 2020-01-01}]\n");
    put(project_path, "kith.yaml",
        "project: p\nepoch: e\nreference_date: 2026-03-31\nkey: k\n"
        "agency_keys: k\nspec: spec.yaml\nagencies: [a.yaml]\n");
    return kith_spec_load(&base, spec_path, NULL) == KITH_OK ? 0 : -1;
}

static int
remove_files(void **state)
{
    (void)state;
    kith_spec_free(base);
    test_folder_remove(folder);
    return 0;
}

static kith_status
run_spec(kith_error *err)
{
    return kith_spec_load(&spec, spec_path, err);
}

static void
check_spec(bool succeeded)
{
    assert_true(succeeded == (spec != NULL));
    if (succeeded)
        assert_string_equal(spec->digest, base->digest);
    kith_spec_free(spec);
    spec = NULL;
}

static kith_status
run_mapping(kith_error *err)
{
    return kith_mapping_load(&mapping, mapping_path, base, err);
}

static void
check_mapping(bool succeeded)
{
    assert_true(succeeded == (mapping != NULL));
    if (succeeded)
        assert_string_equal(mapping->persons.columns[1].format, "yyyy-mm-dd");
    kith_mapping_free(mapping);
    mapping = NULL;
}

static kith_status
run_project(kith_error *err)
{
    return kith_project_load(&project, project_path, err);
}

static void
check_project(bool succeeded)
{
    assert_true(succeeded == (project != NULL));
    if (succeeded)
        assert_string_equal(project->run, "2026-03-31");
    kith_project_free(project);
    project = NULL;
}

static void
specs_survive(void **state)
{
    (void)state;
    fault_loop(&(fault_case){"spec", run_spec, check_spec});
}

static void
mappings_survive(void **state)
{
    (void)state;
    fault_loop(&(fault_case){"mapping", run_mapping, check_mapping});
}

static void
projects_survive(void **state)
{
    (void)state;
    fault_loop(&(fault_case){"project", run_project, check_project});
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(specs_survive),
        cmocka_unit_test(mappings_survive),
        cmocka_unit_test(projects_survive),
    };
    return cmocka_run_group_tests(tests, write_files, remove_files);
}
