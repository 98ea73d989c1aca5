#include "config/mapping.h"

#include "base/dateformat.h"

#include <string.h>

/* Which field, or part of a date, each column of the persons file feeds. */

typedef enum fed_part { FED_WHOLE, FED_DAY, FED_MONTH, FED_YEAR } fed_part;

typedef struct checker {
    const kith_yaml *yaml;
    const kith_spec *spec;
    kith_error *err;
    const char *names[KITH_MAX_FIELDS];
    /** Bit p: some column feeds part p of the field. */
    unsigned fed[KITH_MAX_FIELDS];
} checker;

static int
find_field(const kith_spec *spec, const char *name, size_t n)
{
    for (int i = 0; i < spec->n_fields; i++)
        if (strncmp(spec->fields[i].name, name, n) == 0 &&
            spec->fields[i].name[n] == '\0')
            return i;
    return -1;
}

/** Splits "dob.year" into field and part. */
static kith_status
read_target(const checker *c, const char *text, kith_yaml_node at, int *field,
            fed_part *part)
{
    static const char *const parts[] = {"day", "month", "year"};
    const size_t n = strcspn(text, ".");
    *part = FED_WHOLE;
    *field = find_field(c->spec, text, n);
    if (*field < 0) {
        kith_yaml_fail(c->yaml, at, c->err, "unknown field \"%.*s\"",
                       n > 40 ? 40 : (int)n, text);
        char word[KITH_NAME_BYTES] = "";
        memcpy(word, text, n < sizeof word - 1 ? n : sizeof word - 1);
        kith_yaml_hint(c->err, word, c->names, c->spec->n_fields);
        return KITH_ERR_CONFIG;
    }
    if (text[n] == '\0')
        return KITH_OK;
    for (size_t p = 0; p < 3; p++)
        if (strcmp(text + n + 1, parts[p]) == 0)
            *part = (fed_part)(FED_DAY + p);
    if (*part != FED_WHOLE && c->spec->fields[*field].kind == KITH_FIELD_DATE)
        return KITH_OK;
    kith_yaml_fail(c->yaml, at, c->err,
                   "\"%.80s\" is not something a column can feed", text);
    kith_error_hint(c->err, "a field, or .day .month .year of a date");
    return KITH_ERR_CONFIG;
}

/** Texts may come in several columns, joined by blanks; nothing else. */
static bool
may_repeat(kith_field_kind kind)
{
    return kind == KITH_FIELD_NAME || kind == KITH_FIELD_TEXT ||
           kind == KITH_FIELD_HOUSE;
}

static kith_status
mark_fed(checker *c, const kith_map_column *column, kith_yaml_node at,
         int field, fed_part part)
{
    const kith_field_kind kind = c->spec->fields[field].kind;
    const unsigned bit = 1u << part;
    const unsigned before = c->fed[field];
    c->fed[field] |= bit;
    if (may_repeat(kind))
        return KITH_OK;
    if ((before & bit) != 0) {
        kith_yaml_fail(c->yaml, at, c->err, "\"%s\" is fed by two columns",
                       column->field);
        kith_error_hint(c->err, "only names, texts and houses may be joined");
        return KITH_ERR_CONFIG;
    }
    if (before != 0 && (part == FED_WHOLE || (before & 1u) != 0))
        return kith_yaml_fail(c->yaml, at, c->err,
                              "\"%s\" comes whole and in parts",
                              c->spec->fields[field].name);
    return KITH_OK;
}

/** "surname, forename": two or three name fields, this one among them. */
static bool
is_name_format(const kith_spec *spec, const char *format, int field)
{
    bool has_field = false;
    unsigned n_names = 0;
    unsigned n_commas = 0;
    for (const char *p = format; *p != '\0'; n_names++) {
        const size_t n = strcspn(p, ", ");
        const int i = find_field(spec, p, n);
        if (i < 0 || spec->fields[i].kind != KITH_FIELD_NAME)
            return false;
        has_field = has_field || i == field;
        p += n;
        const size_t gap = strspn(p, ", ");
        for (size_t g = 0; g < gap; g++)
            n_commas += p[g] == ',';
        if (gap > 0 && p[gap] == '\0')
            return false;
        p += gap;
    }
    return has_field && n_names >= 2 && n_names <= 3 && n_commas <= 1;
}

static kith_status
check_format(const checker *c, uint32_t i, const kith_map_column *column,
             int field, fed_part part)
{
    const kith_yaml_node at =
        kith_yaml_at(c->yaml, "persons/columns/%u/format", i);
    const kith_field_kind kind = c->spec->fields[field].kind;
    kith_date_format ignored;
    if (column->format == NULL)
        return KITH_OK;
    if (kind == KITH_FIELD_DATE && part == FED_WHOLE) {
        if (kith_date_format_parse(&ignored, column->format, c->err) == KITH_OK)
            return KITH_OK;
        return kith_yaml_locate(c->yaml, at, c->err);
    }
    if (kind == KITH_FIELD_NAME) {
        if (is_name_format(c->spec, column->format, field))
            return KITH_OK;
        kith_yaml_fail(c->yaml, at, c->err, "\"%.60s\" is not a name format",
                       column->format);
        kith_error_hint(c->err, "the fields the column holds, in their order, "
                                "such as \"surname, forename\"");
        return KITH_ERR_CONFIG;
    }
    return kith_yaml_fail(c->yaml, at, c->err,
                          "\"%s\" takes no format: only dates and names do",
                          column->field);
}

static kith_status
check_column(checker *c, uint32_t i, const kith_map_column *column)
{
    kith_status status = KITH_OK;
    const kith_yaml_node at =
        kith_yaml_at(c->yaml, "persons/columns/%u/field", i);
    int field = 0;
    fed_part part = FED_WHOLE;
    KITH_TRY(read_target(c, column->field, at, &field, &part));
    KITH_TRY(mark_fed(c, column, at, field, part));
    KITH_TRY(check_format(c, i, column, field, part));
done:
    return status;
}

kith_status
kith_mapping_check_columns(const kith_mapping *mapping, const kith_yaml *yaml,
                           const kith_spec *spec, kith_error *err)
{
    kith_status status = KITH_OK;
    checker c = {.yaml = yaml, .spec = spec, .err = err};
    for (uint8_t i = 0; i < spec->n_fields; i++)
        c.names[i] = spec->fields[i].name;
    for (uint32_t i = 0; i < mapping->persons.n_columns; i++)
        KITH_TRY(check_column(&c, i, &mapping->persons.columns[i]));
done:
    return status;
}
