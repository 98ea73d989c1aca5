#include "config/mapping.h"

#include "base/alloc.h"
#include "config/load.h"
#include "config/schema.h"

#include <string.h>

enum { MANY = 200 /* entries of any list: far above any real extract's */ };

static const cyaml_strval_t delimiter_words[] = {
    {",", ','}, {";", ';'}, {"|", '|'}, {"tab", '\t'}, {"\t", '\t'}};
#define DELIMITER(type)                                                        \
    KITH_WORD("delimiter", KITH_MAY, type, delimiter, delimiter_words)

static const cyaml_schema_field_t column_fields[] = {
    KITH_TEXT("field", KITH_NEED, kith_map_column, field),
    KITH_TEXT("column", KITH_NEED, kith_map_column, column),
    KITH_TEXT("format", KITH_MAY, kith_map_column, format), CYAML_FIELD_END};
static const cyaml_schema_value_t column_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, kith_map_column, column_fields)};

/* `updated: {column, format}` fills two members of the persons themselves. */
static const cyaml_schema_field_t updated_fields[] = {
    KITH_TEXT("column", KITH_NEED, kith_map_persons, updated),
    KITH_TEXT("format", KITH_MAY, kith_map_persons, updated_format),
    CYAML_FIELD_END};

static const cyaml_schema_field_t persons_fields[] = {
    KITH_TEXT("file", KITH_NEED, kith_map_persons, file),
    KITH_TEXT("id", KITH_NEED, kith_map_persons, id),
    {.key = "updated",
     .data_offset = 0,
     .value = {CYAML_VALUE_MAPPING(CYAML_FLAG_OPTIONAL, kith_map_persons,
                                   updated_fields)}},
    KITH_TEXT("household", KITH_MAY, kith_map_persons, household),
    DELIMITER(kith_map_persons),
    KITH_LIST("columns", KITH_NEED, kith_map_persons, columns, &column_entry, 1,
              MANY),
    CYAML_FIELD_END};

static const cyaml_schema_field_t attribute_fields[] = {
    KITH_TEXT("name", KITH_NEED, kith_map_attribute, name),
    KITH_TEXT("column", KITH_MAY, kith_map_attribute, column),
    KITH_TEXT("value", KITH_MAY, kith_map_attribute, value),
    CYAML_FIELD_BOOL("number", KITH_MAY, kith_map_attribute, number),
    CYAML_FIELD_END};
static const cyaml_schema_value_t attribute_entry = {CYAML_VALUE_MAPPING(
    CYAML_FLAG_DEFAULT, kith_map_attribute, attribute_fields)};

static const cyaml_schema_field_t events_fields[] = {
    KITH_TEXT("file", KITH_NEED, kith_map_events, file),
    KITH_TEXT("type", KITH_NEED, kith_map_events, type),
    KITH_TEXT("id", KITH_NEED, kith_map_events, id),
    KITH_TEXT("start", KITH_NEED, kith_map_events, start),
    KITH_TEXT("end", KITH_MAY, kith_map_events, end),
    KITH_TEXT("format", KITH_MAY, kith_map_events, format),
    DELIMITER(kith_map_events),
    KITH_TEXT("where", KITH_MAY, kith_map_events, where),
    /* Equal to nothing is a filter too: rows whose column is empty. */
    CYAML_FIELD_STRING_PTR("equals", CYAML_FLAG_OPTIONAL | CYAML_FLAG_POINTER,
                           kith_map_events, equals, 0, KITH_SCHEMA_TEXT),
    KITH_LIST("attributes", KITH_MAY, kith_map_events, attributes,
              &attribute_entry, 0, MANY),
    CYAML_FIELD_END};
static const cyaml_schema_value_t events_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, kith_map_events, events_fields)};

static const cyaml_schema_field_t relations_fields[] = {
    KITH_TEXT("file", KITH_NEED, kith_map_relations, file),
    KITH_TEXT("id", KITH_NEED, kith_map_relations, id),
    KITH_TEXT("other", KITH_NEED, kith_map_relations, other),
    KITH_TEXT("kind", KITH_MAY, kith_map_relations, kind),
    KITH_TEXT("value", KITH_MAY, kith_map_relations, value),
    KITH_TEXT("start", KITH_MAY, kith_map_relations, start),
    KITH_TEXT("end", KITH_MAY, kith_map_relations, end),
    KITH_TEXT("format", KITH_MAY, kith_map_relations, format),
    DELIMITER(kith_map_relations),
    CYAML_FIELD_END};
static const cyaml_schema_value_t relations_entry = {CYAML_VALUE_MAPPING(
    CYAML_FLAG_DEFAULT, kith_map_relations, relations_fields)};

static const cyaml_schema_field_t coverage_fields[] = {
    KITH_TEXT("type", KITH_NEED, kith_map_coverage, type),
    KITH_TEXT("from", KITH_NEED, kith_map_coverage, from),
    KITH_TEXT("to", KITH_MAY, kith_map_coverage, to),
    KITH_TEXT("area", KITH_MAY, kith_map_coverage, area), CYAML_FIELD_END};
static const cyaml_schema_value_t coverage_entry = {CYAML_VALUE_MAPPING(
    CYAML_FLAG_DEFAULT, kith_map_coverage, coverage_fields)};

static const cyaml_strval_t link_words[] = {{"many", KITH_LINK_MANY},
                                            {"one", KITH_LINK_ONE}};

static const cyaml_schema_field_t mapping_fields[] = {
    KITH_TEXT("agency", KITH_NEED, kith_mapping, agency),
    KITH_TEXT("title", KITH_MAY, kith_mapping, title),
    KITH_TEXT("purpose", KITH_MAY, kith_mapping, purpose),
    KITH_WORD("link", KITH_MAY, kith_mapping, link, link_words),
    DELIMITER(kith_mapping),
    CYAML_FIELD_MAPPING("persons", CYAML_FLAG_DEFAULT, kith_mapping, persons,
                        persons_fields),
    KITH_LIST("events", KITH_MAY, kith_mapping, events, &events_entry, 0, MANY),
    KITH_LIST("relations", KITH_MAY, kith_mapping, relations, &relations_entry,
              0, MANY),
    KITH_LIST("coverage", KITH_MAY, kith_mapping, coverage, &coverage_entry, 0,
              MANY),
    CYAML_FIELD_END};
static const cyaml_schema_value_t mapping_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, kith_mapping, mapping_fields)};

kith_status
kith_mapping_from_yaml(kith_mapping **out, const kith_yaml *yaml,
                       const kith_spec *spec, kith_error *err)
{
    kith_status status = KITH_OK;
    void *data = NULL;
    KITH_TRY(kith_yaml_load(yaml, &mapping_schema, &data, err));
    KITH_TRY(kith_mapping_complete(data, yaml, spec, err));
    KITH_TRY(kith_mapping_check(data, yaml, spec, err));
    *out = data;
    data = NULL;
done:
    kith_mapping_free(data);
    return status;
}

kith_status
kith_mapping_load(kith_mapping **out, const char *path, const kith_spec *spec,
                  kith_error *err)
{
    kith_status status = KITH_OK;
    kith_yaml *yaml = NULL;
    *out = NULL;
    KITH_TRY(kith_yaml_open(&yaml, path, err));
    KITH_TRY(kith_mapping_from_yaml(out, yaml, spec, err));
done:
    kith_yaml_close(yaml);
    return status;
}

void
kith_mapping_free(kith_mapping *mapping)
{
    if (mapping == NULL)
        return;
    kith_free(mapping->path);
    kith_yaml_unload(&mapping_schema, mapping);
}

kith_status
kith_mappings_check(kith_mapping *const *mappings, size_t n, kith_error *err)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) {
            if (strcmp(mappings[i]->agency, mappings[j]->agency) != 0)
                continue;
            kith_error_set(err, KITH_ERR_CONFIG,
                           "%s: agency \"%s\" is already mapped by %s",
                           mappings[i]->path, mappings[i]->agency,
                           mappings[j]->path);
            kith_error_hint(err, "give each agency one mapping; it may list "
                                 "several files");
            return KITH_ERR_CONFIG;
        }
    return KITH_OK;
}
