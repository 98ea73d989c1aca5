#include "config/mapping.h"

#include "base/alloc.h"
#include "base/dateformat.h"
#include "config/words.h"

#include <stdlib.h>
#include <string.h>

kith_status
kith_mapping_complete(kith_mapping *mapping, const kith_yaml *yaml,
                      const kith_spec *spec, kith_error *err)
{
    static const char iso[] = "yyyy-mm-dd";
    kith_status status = KITH_OK;
    KITH_TRY(kith_text_default(&mapping->path, kith_yaml_name(yaml), err));
    KITH_TRY(kith_text_default(&mapping->title, mapping->agency, err));
    if (mapping->delimiter == '\0')
        mapping->delimiter = ',';
    if (mapping->persons.delimiter == '\0')
        mapping->persons.delimiter = mapping->delimiter;
    if (mapping->persons.updated != NULL)
        KITH_TRY(kith_text_default(&mapping->persons.updated_format, iso, err));
    for (uint32_t i = 0; i < mapping->persons.n_columns; i++) {
        kith_map_column *c = &mapping->persons.columns[i];
        const int field = kith_spec_field_index(spec, c->field);
        if (field >= 0 && spec->fields[field].kind == KITH_FIELD_DATE)
            KITH_TRY(kith_text_default(&c->format, iso, err));
    }
    for (uint32_t i = 0; i < mapping->n_events; i++) {
        kith_map_events *e = &mapping->events[i];
        KITH_TRY(kith_text_default(&e->format, iso, err));
        if (e->delimiter == '\0')
            e->delimiter = mapping->delimiter;
    }
    for (uint32_t i = 0; i < mapping->n_relations; i++) {
        kith_map_relations *r = &mapping->relations[i];
        KITH_TRY(kith_text_default(&r->format, iso, err));
        if (r->delimiter == '\0')
            r->delimiter = mapping->delimiter;
    }
done:
    return status;
}

static kith_status
check_format(const kith_yaml *y, kith_yaml_node at, const char *format,
             kith_error *err)
{
    kith_date_format ignored;
    if (kith_date_format_parse(&ignored, format, err) == KITH_OK)
        return KITH_OK;
    return kith_yaml_locate(y, at, err);
}

static kith_status
check_attribute(const kith_map_events *events, uint32_t i, const kith_yaml *y,
                kith_yaml_node at, kith_error *err)
{
    const kith_map_attribute *a = &events->attributes[i];
    if (!kith_is_name(a->name)) {
        kith_yaml_fail(y, at, err, "attribute name \"%.40s\" is not a word",
                       a->name);
        kith_error_hint(err, "a letter, then up to 30 letters, digits and _");
        return KITH_ERR_CONFIG;
    }
    for (uint32_t j = 0; j < i; j++)
        if (strcmp(events->attributes[j].name, a->name) == 0)
            return kith_yaml_fail(y, at, err, "attribute \"%s\" given twice",
                                  a->name);
    if ((a->column == NULL) == (a->value == NULL))
        return kith_yaml_fail(
            y, at, err, "attribute \"%s\" needs either a column or a value",
            a->name);
    if (a->number && a->value != NULL) {
        char *end = NULL;
        (void)strtod(a->value, &end);
        if (*end != '\0')
            return kith_yaml_fail(y, at, err,
                                  "attribute \"%s\": the value is not a number",
                                  a->name);
    }
    return KITH_OK;
}

static kith_status
check_events(const kith_mapping *m, uint32_t i, const kith_yaml *y,
             kith_error *err)
{
    const kith_map_events *e = &m->events[i];
    if (!kith_is_name(e->type)) {
        kith_yaml_fail(y, kith_yaml_at(y, "events/%u/type", i), err,
                       "event type \"%.40s\" is not a word", e->type);
        kith_error_hint(err, "a letter, then up to 30 letters, digits and _");
        return KITH_ERR_CONFIG;
    }
    if ((e->where == NULL) != (e->equals == NULL))
        return kith_yaml_fail(y, kith_yaml_at(y, "events/%u", i), err,
                              "\"where\" and \"equals\" go together");
    const kith_status status =
        check_format(y, kith_yaml_at(y, "events/%u/format", i), e->format, err);
    if (status != KITH_OK)
        return status;
    for (uint32_t j = 0; j < e->n_attributes; j++) {
        const kith_yaml_node at =
            kith_yaml_at(y, "events/%u/attributes/%u", i, j);
        if (check_attribute(e, j, y, at, err) != KITH_OK)
            return KITH_ERR_CONFIG;
    }
    return KITH_OK;
}

static kith_status
check_relations(const kith_mapping *m, uint32_t i, const kith_yaml *y,
                kith_error *err)
{
    static const char *const kinds[] = {"parent_of", "child_of", "partner_of",
                                        "carer_of", "lives_with"};
    enum { N_KINDS = sizeof kinds / sizeof *kinds };
    const kith_map_relations *r = &m->relations[i];
    if ((r->kind == NULL) == (r->value == NULL)) {
        kith_yaml_fail(y, kith_yaml_at(y, "relations/%u", i), err,
                       "a relation needs either \"kind\" or \"value\"");
        kith_error_hint(err, "kind: the column that says it; value: the same "
                             "for every row, such as child_of");
        return KITH_ERR_CONFIG;
    }
    bool known = r->value == NULL;
    for (size_t k = 0; k < N_KINDS && !known; k++)
        known = strcmp(r->value, kinds[k]) == 0;
    if (!known) {
        kith_yaml_fail(y, kith_yaml_at(y, "relations/%u/value", i), err,
                       "unknown relation \"%.40s\"", r->value);
        kith_yaml_hint(err, r->value, kinds, N_KINDS);
        return KITH_ERR_CONFIG;
    }
    return check_format(y, kith_yaml_at(y, "relations/%u/format", i), r->format,
                        err);
}

/** The event type that a coverage line speaks of is one of the mapping's. */
static kith_status
check_covered_type(const kith_mapping *m, uint32_t i, const kith_yaml *y,
                   kith_error *err)
{
    const char *type = m->coverage[i].type;
    const char **types = kith_alloc_array(m->n_events, sizeof *types);
    if (types == NULL)
        return kith_error_memory(err, m->n_events, sizeof *types);
    kith_status status = KITH_ERR_CONFIG;
    for (uint32_t e = 0; e < m->n_events; e++) {
        types[e] = m->events[e].type;
        if (strcmp(types[e], type) == 0)
            status = KITH_OK;
    }
    if (status != KITH_OK) {
        kith_yaml_fail(y, kith_yaml_at(y, "coverage/%u/type", i), err,
                       "no events of type \"%.40s\" in this mapping", type);
        kith_yaml_hint(err, type, types, m->n_events);
    }
    kith_free(types);
    return status;
}

static kith_status
check_coverage(const kith_mapping *m, uint32_t i, const kith_yaml *y,
               kith_error *err)
{
    const kith_map_coverage *c = &m->coverage[i];
    const char *const dates[] = {c->from, c->to};
    static const char *const keys[] = {"from", "to"};
    for (size_t k = 0; k < 2; k++) {
        if (dates[k] == NULL || kith_is_iso_date(dates[k]))
            continue;
        kith_yaml_fail(y, kith_yaml_at(y, "coverage/%u/%s", i, keys[k]), err,
                       "\"%.40s\" is not a date", dates[k]);
        kith_error_hint(err, "write yyyy-mm-dd");
        return KITH_ERR_CONFIG;
    }
    /* ISO dates compare as texts. */
    if (c->to != NULL && strcmp(c->to, c->from) < 0)
        return kith_yaml_fail(y, kith_yaml_at(y, "coverage/%u/to", i), err,
                              "the coverage ends before it begins");
    return check_covered_type(m, i, y, err);
}

kith_status
kith_mapping_check(const kith_mapping *mapping, const kith_yaml *yaml,
                   const kith_spec *spec, kith_error *err)
{
    kith_status status = KITH_OK;
    if (!kith_is_name(mapping->agency)) {
        kith_yaml_fail(yaml, kith_yaml_at(yaml, "agency"), err,
                       "agency \"%.40s\" is not a word", mapping->agency);
        kith_error_hint(err, "a letter, then up to 30 letters, digits and _; "
                             "the full name goes into title");
        return KITH_ERR_CONFIG;
    }
    if (mapping->persons.updated != NULL)
        KITH_TRY(check_format(yaml,
                              kith_yaml_at(yaml, "persons/updated/format"),
                              mapping->persons.updated_format, err));
    KITH_TRY(kith_mapping_check_columns(mapping, yaml, spec, err));
    for (uint32_t i = 0; i < mapping->n_events; i++)
        KITH_TRY(check_events(mapping, i, yaml, err));
    for (uint32_t i = 0; i < mapping->n_relations; i++)
        KITH_TRY(check_relations(mapping, i, yaml, err));
    for (uint32_t i = 0; i < mapping->n_coverage; i++)
        KITH_TRY(check_coverage(mapping, i, yaml, err));
done:
    return status;
}
