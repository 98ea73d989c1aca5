#include "base/alloc.h"
#include "base/nearest.h"
#include "config/yaml_tree.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The schema check: what libcyaml would say, with the place and in full. */

enum { MAX_KEYS = 40 /* of one mapping in any of our schemas */ };

static kith_status check(const kith_yaml *y, const cyaml_schema_value_t *s,
                         kith_yaml_node at, kith_error *err);

static const char *
text_of(const kith_yaml *y, kith_yaml_node at)
{
    return y->text.data + y->items[at].text;
}

/** Plain decimal digits that fit the type; no sign, no leading zero. */
static bool
is_count(const char *text, size_t data_size)
{
    const size_t n = strspn(text, "0123456789");
    if (n == 0 || text[n] != '\0' || (n > 1 && text[0] == '0'))
        return false;
    errno = 0;
    const unsigned long long v = strtoull(text, NULL, 10);
    return errno == 0 && (data_size >= 8 || v >> (8 * data_size) == 0);
}

/** A decimal number, all of it; not nan, inf or hexadecimal. */
static bool
is_number(const char *text)
{
    char *end = NULL;
    if (text[0] == '\0' || text[strspn(text, "+-.0123456789eE")] != '\0')
        return false;
    errno = 0;
    const double v = strtod(text, &end);
    return *end == '\0' && errno == 0 && isfinite(v);
}

static bool
is_yes_or_no(const char *text)
{
    static const char *const words[] = {"yes",   "no", "true",
                                        "false", "on", "off"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(text, words[i]) == 0)
            return true;
    return false;
}

static kith_status
check_enum(const kith_yaml *y, const cyaml_schema_value_t *s, kith_yaml_node at,
           kith_error *err)
{
    const char *words[MAX_KEYS];
    const char *text = text_of(y, at);
    size_t n = 0;
    for (; n < s->enumeration.count && n < MAX_KEYS; n++) {
        words[n] = s->enumeration.strings[n].str;
        if (strcmp(text, words[n]) == 0)
            return KITH_OK;
    }
    kith_yaml_fail(y, at, err, "unknown value \"%.40s\"", text);
    kith_yaml_hint(err, text, words, n);
    return KITH_ERR_CONFIG;
}

static kith_status
check_text(const kith_yaml *y, const cyaml_schema_value_t *s, kith_yaml_node at,
           kith_error *err)
{
    const size_t n = strlen(text_of(y, at));
    if (n < s->string.min) {
        kith_yaml_fail(y, at, err, "the value is empty");
        kith_error_hint(err, "give it a value or remove the key");
        return KITH_ERR_CONFIG;
    }
    if (n > s->string.max)
        return kith_yaml_fail(y, at, err, "longer than %u characters",
                              s->string.max);
    return KITH_OK;
}

static kith_status
check_scalar(const kith_yaml *y, const cyaml_schema_value_t *s,
             kith_yaml_node at, kith_error *err)
{
    const char *text = text_of(y, at);
    switch ((int)s->type) {
    case CYAML_UINT:
        return is_count(text, s->data_size)
                   ? KITH_OK
                   : kith_yaml_fail(y, at, err,
                                    "\"%.40s\" is not a whole number here",
                                    text);
    case CYAML_FLOAT:
        return is_number(text)
                   ? KITH_OK
                   : kith_yaml_fail(y, at, err, "\"%.40s\" is not a number",
                                    text);
    case CYAML_BOOL:
        return is_yes_or_no(text)
                   ? KITH_OK
                   : kith_yaml_fail(y, at, err, "\"%.40s\" is not yes or no",
                                    text);
    case CYAML_ENUM:
        return check_enum(y, s, at, err);
    default:
        return check_text(y, s, at, err);
    }
}

/** A key that no field has, with the nearest that one has. */
static kith_status
fail_unknown(const kith_yaml *y, const cyaml_schema_value_t *s,
             kith_yaml_node at, kith_error *err)
{
    const kith_yaml_item *item = &y->items[at];
    const char *key = y->text.data + item->key;
    const char *words[MAX_KEYS];
    size_t n = 0;
    for (; n < MAX_KEYS && s->mapping.fields[n].key != NULL; n++)
        words[n] = s->mapping.fields[n].key;
    kith_error_set(err, KITH_ERR_CONFIG, "%s:%u:%u: unknown key \"%.40s\"",
                   y->name, item->key_line, item->key_column, key);
    kith_yaml_hint(err, key, words, n);
    return KITH_ERR_CONFIG;
}

static const cyaml_schema_field_t *
field_of(const cyaml_schema_value_t *s, const char *key, size_t *index)
{
    const cyaml_schema_field_t *fields = s->mapping.fields;
    for (*index = 0; fields[*index].key != NULL; ++*index)
        if (strcmp(fields[*index].key, key) == 0)
            return &fields[*index];
    return NULL;
}

static kith_status
check_mapping(const kith_yaml *y, const cyaml_schema_value_t *s,
              kith_yaml_node at, kith_error *err)
{
    bool seen[MAX_KEYS] = {false};
    for (kith_yaml_node c = y->items[at].first; c != KITH_YAML_NONE;
         c = y->items[c].next) {
        const char *key = y->text.data + y->items[c].key;
        size_t i = 0;
        const cyaml_schema_field_t *field = field_of(s, key, &i);
        if (field == NULL)
            return fail_unknown(y, s, c, err);
        if (seen[i])
            return kith_error_set(
                err, KITH_ERR_CONFIG, "%s:%u:%u: key \"%s\" given twice",
                y->name, y->items[c].key_line, y->items[c].key_column, key);
        seen[i] = true;
        const kith_status status = check(y, &field->value, c, err);
        if (status != KITH_OK)
            return status;
    }
    for (size_t i = 0; s->mapping.fields[i].key != NULL; i++)
        if (!seen[i] &&
            (s->mapping.fields[i].value.flags & CYAML_FLAG_OPTIONAL) == 0)
            return kith_yaml_fail(y, at, err, "key \"%s\" is missing",
                                  s->mapping.fields[i].key);
    return KITH_OK;
}

static kith_status
check_sequence(const kith_yaml *y, const cyaml_schema_value_t *s,
               kith_yaml_node at, kith_error *err)
{
    const kith_yaml_item *item = &y->items[at];
    if (item->n < s->sequence.min)
        return kith_yaml_fail(y, at, err, "%u entries, at least %u needed",
                              item->n, s->sequence.min);
    if (item->n > s->sequence.max)
        return kith_yaml_fail(y, at, err, "%u entries, at most %u allowed",
                              item->n, s->sequence.max);
    for (kith_yaml_node c = item->first; c != KITH_YAML_NONE;
         c = y->items[c].next) {
        const kith_status status = check(y, s->sequence.entry, c, err);
        if (status != KITH_OK)
            return status;
    }
    return KITH_OK;
}

/** Recurses as deep as the schema does, which is at most four levels. */
static kith_status
check(const kith_yaml *y, const cyaml_schema_value_t *s, kith_yaml_node at,
      kith_error *err)
{
    static const char *const names[] = {"a single value", "a list (- or [])",
                                        "keys with values"};
    kith_yaml_kind want = KITH_YAML_SCALAR;
    if (s->type == CYAML_MAPPING)
        want = KITH_YAML_MAPPING;
    else if (s->type == CYAML_SEQUENCE)
        want = KITH_YAML_SEQUENCE;
    const kith_yaml_kind got = y->items[at].kind;
    if (got != want)
        return kith_yaml_fail(y, at, err, "%s, where %s should be", names[got],
                              names[want]);
    if (want == KITH_YAML_MAPPING)
        return check_mapping(y, s, at, err);
    if (want == KITH_YAML_SEQUENCE)
        return check_sequence(y, s, at, err);
    return check_scalar(y, s, at, err);
}

kith_status
kith_yaml_check(const kith_yaml *yaml, const cyaml_schema_value_t *schema,
                kith_error *err)
{
    return check(yaml, schema, KITH_YAML_ROOT, err);
}
