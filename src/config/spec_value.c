#include "config/spec.h"

#include <stdio.h>
#include <string.h>

/* Value expressions: parts joined by "+", a part being a field or a piece of
 * one. */

static const struct {
    const char *name;
    kith_part_kind kind;
} part_names[] = {
    {"soundex", KITH_PART_SOUNDEX},   {"initial", KITH_PART_INITIAL},
    {"day", KITH_PART_DAY},           {"month", KITH_PART_MONTH},
    {"year", KITH_PART_YEAR},         {"daymonth", KITH_PART_DAYMONTH},
    {"sorted", KITH_PART_SORTED},     {"sector", KITH_PART_SECTOR},
    {"district", KITH_PART_DISTRICT},
};
enum { N_PARTS = sizeof part_names / sizeof *part_names };

/** Whether a field of this kind has this part. */
static bool
kind_has_part(kith_field_kind kind, kith_part_kind part)
{
    switch (part) {
    case KITH_PART_WHOLE:
        return true;
    case KITH_PART_SOUNDEX:
    case KITH_PART_INITIAL:
        return kind == KITH_FIELD_NAME || kind == KITH_FIELD_TEXT;
    case KITH_PART_DAY:
    case KITH_PART_MONTH:
    case KITH_PART_YEAR:
    case KITH_PART_DAYMONTH:
    case KITH_PART_SORTED:
        return kind == KITH_FIELD_DATE;
    case KITH_PART_SECTOR:
    case KITH_PART_DISTRICT:
        return kind == KITH_FIELD_POSTCODE;
    }
    return false;
}

/** Lists the parts that fields of a kind have, for the hint. */
static kith_status
fail_part(const char *field, const char *part, kith_field_kind kind,
          kith_error *err)
{
    const char *words[N_PARTS];
    size_t n = 0;
    for (size_t i = 0; i < N_PARTS; i++)
        if (kind_has_part(kind, part_names[i].kind))
            words[n++] = part_names[i].name;
    kith_error_set(err, KITH_ERR_CONFIG, "\"%s\" has no part \"%.32s\"", field,
                   part);
    if (n > 0)
        kith_yaml_hint(err, part, words, n);
    else
        kith_error_hint(err, "this kind of field is used whole");
    return KITH_ERR_CONFIG;
}

static kith_status
find_field(const char *name, const kith_spec *spec, bool either, uint8_t *out,
           kith_error *err)
{
    const char *words[KITH_MAX_FIELDS + 1];
    size_t n = 0;
    if (strcmp(name, "either") == 0 || strcmp(name, "other") == 0) {
        *out = name[0] == 'e' ? KITH_FIELD_EITHER : KITH_FIELD_OTHER;
        if (either)
            return KITH_OK;
        kith_error_set(err, KITH_ERR_CONFIG, "\"%s\" cannot be used here",
                       name);
        kith_error_hint(err, "it stands for each of the two names, in the key "
                             "of a pass, when a comparison of kind names says "
                             "which they are");
        return KITH_ERR_CONFIG;
    }
    for (; n < spec->n_fields; n++) {
        words[n] = spec->fields[n].name;
        if (strcmp(name, words[n]) == 0) {
            *out = (uint8_t)n;
            return KITH_OK;
        }
    }
    kith_error_set(err, KITH_ERR_CONFIG, "unknown field \"%.32s\"", name);
    kith_yaml_hint(err, name, words, n);
    return KITH_ERR_CONFIG;
}

/** Reads "field" or "field.part". */
static kith_status
read_part(kith_part *out, char *text, const kith_spec *spec, bool either,
          kith_error *err)
{
    char *dot = strchr(text, '.');
    if (dot != NULL)
        *dot = '\0';
    const kith_status status = find_field(text, spec, either, &out->field, err);
    if (status != KITH_OK)
        return status;
    out->kind = KITH_PART_WHOLE;
    if (dot == NULL)
        return KITH_OK;
    const kith_field_kind kind = out->field >= KITH_FIELD_OTHER
                                     ? KITH_FIELD_NAME
                                     : spec->fields[out->field].kind;
    for (size_t i = 0; i < N_PARTS; i++) {
        if (strcmp(dot + 1, part_names[i].name) != 0 ||
            !kind_has_part(kind, part_names[i].kind))
            continue;
        out->kind = part_names[i].kind;
        return KITH_OK;
    }
    return fail_part(text, dot + 1, kind, err);
}

kith_status
kith_value_parse(kith_value *out, const char *text, const kith_spec *spec,
                 bool either, kith_error *err)
{
    kith_value v = {0};
    size_t used = 0;
    for (const char *p = text;;) {
        char part[KITH_NAME_BYTES * 2];
        const char *begin = p + strspn(p, " ");
        const size_t n = strcspn(begin, "+ ");
        p = begin + n;
        p += strspn(p, " ");
        if (n == 0 || (*p != '\0' && *p != '+'))
            return kith_error_set(err, KITH_ERR_CONFIG,
                                  "\"%.60s\" is not a value: write field, "
                                  "field.part, or several joined by +",
                                  text);
        /* The text fits its 64 bytes, or the spec's names are too long. */
        if (v.n_parts == KITH_MAX_PARTS || used + n + 2 > sizeof v.text ||
            n >= sizeof part)
            return kith_error_set(err, KITH_ERR_CONFIG,
                                  "\"%.60s\" is too long: at most %d parts "
                                  "and 63 characters",
                                  text, KITH_MAX_PARTS);
        (void)snprintf(part, sizeof part, "%.*s", (int)n, begin);
        used += (size_t)snprintf(v.text + used, sizeof v.text - used, "%s%s",
                                 used == 0 ? "" : "+", part);
        const kith_status status =
            read_part(&v.parts[v.n_parts++], part, spec, either, err);
        if (status != KITH_OK)
            return status;
        if (*p++ == '\0')
            break;
    }
    *out = v;
    return KITH_OK;
}

bool
kith_value_is_field(const kith_value *value, const kith_spec *spec,
                    kith_field_kind *kind)
{
    const kith_part *part = &value->parts[0];
    if (value->n_parts != 1 || part->kind != KITH_PART_WHOLE ||
        part->field >= KITH_FIELD_OTHER)
        return false;
    *kind = spec->fields[part->field].kind;
    return true;
}
