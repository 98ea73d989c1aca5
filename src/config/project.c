#include <kith/project.h>

#include "base/alloc.h"
#include "config/load.h"
#include "config/schema.h"
#include "config/words.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    MANY = 1000, /* agencies or criteria of one project */
    DEFAULT_BAD_ROWS = 1000
};

static const cyaml_schema_field_t project_fields[] = {
    KITH_TEXT("project", KITH_NEED, kith_project, name),
    KITH_TEXT("epoch", KITH_NEED, kith_project, epoch),
    KITH_TEXT("run", KITH_MAY, kith_project, run),
    KITH_TEXT("reference_date", KITH_NEED, kith_project, reference_date),
    KITH_TEXT("spec", KITH_MAY, kith_project, spec),
    KITH_TEXT("key", KITH_NEED, kith_project, key),
    KITH_TEXT("agency_keys", KITH_NEED, kith_project, agency_keys),
    KITH_TEXT("data", KITH_MAY, kith_project, data),
    KITH_TEXT("areas", KITH_MAY, kith_project, areas),
    KITH_TEXT("communal", KITH_MAY, kith_project, communal),
    KITH_TEXT("region", KITH_MAY, kith_project, region),
    KITH_TEXT("exclude", KITH_MAY, kith_project, exclude),
    KITH_TEXT("model", KITH_MAY, kith_project, model),
    KITH_TEXT("truth", KITH_MAY, kith_project, truth),
    KITH_TEXT("previous", KITH_MAY, kith_project, previous),
    KITH_TEXT("out", KITH_MAY, kith_project, out),
    CYAML_FIELD_UINT("max_bad_rows", CYAML_FLAG_OPTIONAL, kith_project,
                     max_bad_rows),
    CYAML_FIELD_FLOAT("max_null_share", CYAML_FLAG_OPTIONAL, kith_project,
                      max_null_share),
    CYAML_FIELD_UINT("smallest_neighbourhood", CYAML_FLAG_OPTIONAL,
                     kith_project, smallest_neighbourhood),
    CYAML_FIELD_UINT("largest_neighbourhood", CYAML_FLAG_OPTIONAL, kith_project,
                     largest_neighbourhood),
    {.key = "agencies",
     .data_offset = offsetof(kith_project, mappings),
     .count_offset = offsetof(kith_project, n_mappings),
     .count_size = sizeof(uint32_t),
     .value = {CYAML_VALUE_SEQUENCE(CYAML_FLAG_POINTER, char *,
                                    &kith_schema_text_entry, 1, MANY)}},
    KITH_LIST("criteria", KITH_MAY, kith_project, criteria,
              &kith_schema_text_entry, 0, MANY),
    CYAML_FIELD_END};
static const cyaml_schema_value_t project_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, kith_project, project_fields)};

/** Joins a path with the project's folder, in place. */
static kith_status
join(char **path, const char *file, kith_error *err)
{
    char *joined = NULL;
    if (*path == NULL)
        return KITH_OK;
    const kith_status status = kith_path_beside(&joined, file, *path, err);
    if (status == KITH_OK) {
        kith_free(*path);
        *path = joined;
    }
    return status;
}

static kith_status
complete(kith_project *p, const kith_yaml *yaml, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(kith_text_default(&p->path, kith_yaml_name(yaml), err));
    KITH_TRY(kith_text_default(&p->run, p->reference_date, err));
    KITH_TRY(kith_text_default(&p->data, ".", err));
    KITH_TRY(kith_text_default(&p->out, "out", err));
    KITH_TRY(kith_text_default(&p->region, KITH_PROJECT_REGION, err));
    if (!kith_yaml_has(yaml, "max_bad_rows"))
        p->max_bad_rows = DEFAULT_BAD_ROWS;
    if (!kith_yaml_has(yaml, "max_null_share"))
        p->max_null_share = 1.0;
    else if (!(p->max_null_share >= 0.0 && p->max_null_share <= 1.0))
        KITH_TRY(kith_yaml_fail(yaml, kith_yaml_at(yaml, "max_null_share"), err,
                                "must lie between 0 and 1"));
    if (!kith_yaml_has(yaml, "smallest_neighbourhood"))
        p->smallest_neighbourhood = KITH_PROJECT_SMALLEST_NEIGHBOURHOOD;
    if (!kith_yaml_has(yaml, "largest_neighbourhood"))
        p->largest_neighbourhood = KITH_PROJECT_LARGEST_NEIGHBOURHOOD;
    char **const paths[] = {&p->spec,  &p->key,      &p->agency_keys, &p->data,
                            &p->areas, &p->communal, &p->exclude,     &p->model,
                            &p->truth, &p->previous, &p->out};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        KITH_TRY(join(paths[i], p->path, err));
    for (uint32_t i = 0; i < p->n_mappings; i++)
        KITH_TRY(join(&p->mappings[i], p->path, err));
    for (uint32_t i = 0; i < p->n_criteria; i++)
        KITH_TRY(join(&p->criteria[i], p->path, err));
done:
    return status;
}

static kith_status
check_labels(const kith_project *p, const kith_yaml *yaml, kith_error *err)
{
    const struct {
        const char *key;
        const char *text;
    } labels[] = {{"project", p->name}, {"epoch", p->epoch}, {"run", p->run}};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        if (kith_is_label(labels[i].text))
            continue;
        kith_yaml_fail(yaml, kith_yaml_at(yaml, "%s", labels[i].key), err,
                       "%s \"%.80s\" is not a short name", labels[i].key,
                       labels[i].text);
        kith_error_hint(err, "up to 63 letters, digits, and . _ -");
        return KITH_ERR_CONFIG;
    }
    if (kith_is_iso_date(p->reference_date) ||
        strcmp(p->reference_date, "today") == 0)
        return KITH_OK;
    kith_yaml_fail(yaml, kith_yaml_at(yaml, "reference_date"), err,
                   "\"%.40s\" is not a date", p->reference_date);
    kith_error_hint(err, "write yyyy-mm-dd, or today");
    return KITH_ERR_CONFIG;
}

/** The same file twice in a list. */
static kith_status
check_twice(char *const *list, uint32_t n, const char *key,
            const kith_yaml *yaml, kith_error *err)
{
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < i; j++)
            if (strcmp(list[i], list[j]) == 0)
                return kith_yaml_fail(yaml, kith_yaml_at(yaml, "%s/%u", key, i),
                                      err, "the same file twice: %s", list[i]);
    return KITH_OK;
}

kith_status
kith_project_from_yaml(kith_project **out, const kith_yaml *yaml,
                       kith_error *err)
{
    kith_status status = KITH_OK;
    kith_project *p = NULL;
    void *data = NULL;
    KITH_TRY(kith_yaml_load(yaml, &project_schema, &data, err));
    p = data;
    KITH_TRY(complete(p, yaml, err));
    KITH_TRY(check_labels(p, yaml, err));
    KITH_TRY(check_twice(p->mappings, p->n_mappings, "agencies", yaml, err));
    KITH_TRY(check_twice(p->criteria, p->n_criteria, "criteria", yaml, err));
    *out = p;
    p = NULL;
done:
    kith_project_free(p);
    return status;
}

static kith_status
check_exists(const char *path, const kith_yaml *yaml, kith_yaml_node at,
             kith_error *err)
{
    if (path == NULL || access(path, R_OK) == 0)
        return KITH_OK;
    kith_yaml_fail(yaml, at, err, "%s: %s", path, strerror(errno));
    kith_error_hint(err, "paths are relative to the project file's folder");
    return KITH_ERR_CONFIG;
}

/** Files that must be there before anything runs. Keys are checked where
 *  they are opened; the previous run may not exist yet. */
static kith_status
check_files(const kith_project *p, const kith_yaml *yaml, kith_error *err)
{
    kith_status status = KITH_OK;
    const struct {
        const char *key;
        const char *path;
    } files[] = {{"spec", p->spec},       {"data", p->data},
                 {"areas", p->areas},     {"communal", p->communal},
                 {"exclude", p->exclude}, {"model", p->model},
                 {"truth", p->truth}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        KITH_TRY(check_exists(files[i].path, yaml,
                              kith_yaml_at(yaml, "%s", files[i].key), err));
    for (uint32_t i = 0; i < p->n_mappings; i++)
        KITH_TRY(check_exists(p->mappings[i], yaml,
                              kith_yaml_at(yaml, "agencies/%u", i), err));
    for (uint32_t i = 0; i < p->n_criteria; i++)
        KITH_TRY(check_exists(p->criteria[i], yaml,
                              kith_yaml_at(yaml, "criteria/%u", i), err));
done:
    return status;
}

kith_status
kith_project_load(kith_project **out, const char *path, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_yaml *yaml = NULL;
    kith_project *p = NULL;
    *out = NULL;
    KITH_TRY(kith_yaml_open(&yaml, path, err));
    KITH_TRY(kith_project_from_yaml(&p, yaml, err));
    KITH_TRY(check_files(p, yaml, err));
    *out = p;
    p = NULL;
done:
    kith_project_free(p);
    kith_yaml_close(yaml);
    return status;
}

void
kith_project_free(kith_project *project)
{
    if (project == NULL)
        return;
    kith_free(project->path);
    kith_yaml_unload(&project_schema, project);
}
