#include "config/spec.h"

#include "config/words.h"

#include <stdio.h>
#include <string.h>

/* Fields, comparisons, passes and identifiers: names become indices. */

/** The layer that gives a section, which some layer must. */
static kith_status
require(kith_spec_build *b, const char *section, const kith_spec_layer **layer)
{
    *layer = kith_spec_said(b->source, section);
    if (*layer != NULL)
        return KITH_OK;
    kith_yaml_fail(b->source->layers[0].yaml, KITH_YAML_ROOT, b->err,
                   "key \"%s\" is missing", section);
    kith_error_hint(b->err, "\"extends: default\" takes what is not said from "
                            "the spec that ships with kith");
    return KITH_ERR_CONFIG;
}

kith_status
kith_spec_take_name(kith_spec_build *b, const kith_spec_layer *layer,
                    kith_yaml_node at, const char *name,
                    char out[KITH_NAME_BYTES])
{
    if (kith_is_name(name)) {
        (void)snprintf(out, KITH_NAME_BYTES, "%s", name);
        return KITH_OK;
    }
    kith_spec_fail(b, layer, at, "name \"%.40s\" is not a word", name);
    kith_error_hint(b->err, "a letter, then up to 30 letters, digits and _");
    return KITH_ERR_CONFIG;
}

/** A value expression of a section, its errors placed. */
static kith_status
take_value(kith_spec_build *b, const kith_spec_layer *layer, kith_yaml_node at,
           const char *text, bool either, kith_value *out)
{
    const kith_status status =
        kith_value_parse(out, text, b->spec, either, b->err);
    if (status == KITH_OK)
        return KITH_OK;
    kith_yaml_locate(layer->yaml, at, b->err);
    if (layer != &b->source->layers[0])
        kith_error_hint(b->err, "%s inherits this: say it there as well",
                        kith_yaml_name(b->source->layers[0].yaml));
    return status;
}

/** Whether the value at @p at stands in the list before it. */
static bool
is_repeat(const kith_value *values, uint32_t at)
{
    for (uint32_t i = 0; i < at; i++)
        if (strcmp(values[i].text, values[at].text) == 0)
            return true;
    return false;
}

kith_status
kith_spec_fill_fields(kith_spec_build *b)
{
    kith_status status = KITH_OK;
    kith_spec *spec = b->spec;
    const kith_spec_layer *layer = NULL;
    KITH_TRY(require(b, "name", &layer));
    KITH_TRY(require(b, "fields", &layer));
    const char *name = kith_spec_said(b->source, "name")->raw->name;
    if (!kith_is_label(name) || strlen(name) >= sizeof spec->name) {
        layer = kith_spec_said(b->source, "name");
        kith_spec_fail(b, layer, kith_yaml_at(layer->yaml, "name"),
                       "name \"%.40s\" is not a short name", name);
        kith_error_hint(b->err, "up to 31 letters, digits, and . _ -");
        KITH_TRY(KITH_ERR_CONFIG);
    }
    (void)snprintf(spec->name, sizeof spec->name, "%s", name);
    for (uint32_t i = 0; i < layer->raw->n_fields; i++) {
        const kith_raw_field *raw = &layer->raw->fields[i];
        kith_spec_field *field = &spec->fields[i];
        const kith_yaml_node at =
            kith_yaml_at(layer->yaml, "fields/%u/name", i);
        KITH_TRY(kith_spec_take_name(b, layer, at, raw->name, field->name));
        if (strcmp(raw->name, "either") == 0 || strcmp(raw->name, "other") == 0)
            KITH_TRY(kith_spec_fail(b, layer, at, "\"%s\" cannot name a field",
                                    raw->name));
        if (kith_spec_field_index(spec, raw->name) >= 0 && i > 0 &&
            kith_spec_field_index(spec, raw->name) < (int)i)
            KITH_TRY(kith_spec_fail(b, layer, at, "field \"%s\" given twice",
                                    raw->name));
        field->kind = raw->kind;
        spec->n_fields++;
    }
done:
    return status;
}

/** What each kind of comparison wants of its values. */
static kith_status
check_values(kith_spec_build *b, const kith_spec_layer *layer,
             kith_yaml_node at, const kith_spec_comparison *c)
{
    kith_field_kind kind = KITH_FIELD_CODE;
    const bool field = kith_value_is_field(&c->values[0], b->spec, &kind);
    switch (c->kind) {
    case KITH_COMPARE_NAMES: {
        kith_field_kind other = KITH_FIELD_CODE;
        if (c->n_values == 2 && field && kind == KITH_FIELD_NAME &&
            kith_value_is_field(&c->values[1], b->spec, &other) &&
            other == KITH_FIELD_NAME &&
            c->values[0].parts[0].field != c->values[1].parts[0].field)
            return KITH_OK;
        return kith_spec_fail(b, layer, at,
                              "a comparison of kind names takes two different "
                              "fields of kind name");
    }
    case KITH_COMPARE_TEXT:
        if (c->n_values == 1 && field &&
            (kind == KITH_FIELD_NAME || kind == KITH_FIELD_TEXT ||
             kind == KITH_FIELD_HOUSE || kind == KITH_FIELD_CODE ||
             kind == KITH_FIELD_EMAIL))
            return KITH_OK;
        return kith_spec_fail(b, layer, at,
                              "a comparison of kind text takes one whole "
                              "field of kind name, text, house, code or email");
    case KITH_COMPARE_DATE:
        if (c->n_values == 1 && field && kind == KITH_FIELD_DATE)
            return KITH_OK;
        return kith_spec_fail(b, layer, at,
                              "a comparison of kind date takes one whole "
                              "field of kind date");
    case KITH_COMPARE_EXACT:
        if (c->n_values == 1)
            return KITH_OK;
        return kith_spec_fail(b, layer, at,
                              "a comparison of kind exact takes one value; "
                              "join several with +");
    case KITH_COMPARE_NESTED:
        if (c->n_values >= 2)
            return KITH_OK;
        return kith_spec_fail(b, layer, at,
                              "a comparison of kind nested takes at least two "
                              "values, from fine to coarse");
    }
    return KITH_OK;
}

/** `similar`: thousandths, in (0, 1), each less than the one before. */
static kith_status
take_thresholds(kith_spec_build *b, const kith_spec_layer *layer, uint32_t i,
                kith_spec_comparison *c)
{
    const kith_raw_comparison *raw = &layer->raw->comparisons[i];
    const bool wanted =
        c->kind == KITH_COMPARE_NAMES || c->kind == KITH_COMPARE_TEXT;
    const kith_yaml_node at = kith_yaml_at(layer->yaml, "comparisons/%u", i);
    if (wanted != (raw->n_similar > 0))
        return kith_spec_fail(b, layer, at,
                              wanted
                                  ? "comparison \"%s\" needs \"similar\", "
                                    "such as [0.87, 0.76]"
                                  : "comparison \"%s\" takes no \"similar\": "
                                    "only names and text do",
                              c->name);
    for (uint32_t t = 0; t < raw->n_similar; t++) {
        const kith_yaml_node here =
            kith_yaml_at(layer->yaml, "comparisons/%u/similar/%u", i, t);
        const double v = raw->similar[t];
        if (!(v >= 0.001 && v <= 1.0))
            return kith_spec_fail(b, layer, here,
                                  "a similarity lies above 0 and up to 1");
        c->thresholds[t] = (uint16_t)(v * 1000.0 + 0.5);
        if (t > 0 && c->thresholds[t] >= c->thresholds[t - 1])
            return kith_spec_fail(b, layer, here,
                                  "similarities go from strict to loose");
        c->n_thresholds++;
    }
    return KITH_OK;
}

static kith_status
take_comparison(kith_spec_build *b, const kith_spec_layer *layer, uint32_t i)
{
    kith_status status = KITH_OK;
    const kith_raw_comparison *raw = &layer->raw->comparisons[i];
    kith_spec_comparison *c = &b->spec->comparisons[i];
    const kith_yaml_node at =
        kith_yaml_at(layer->yaml, "comparisons/%u/name", i);
    KITH_TRY(kith_spec_take_name(b, layer, at, raw->name, c->name));
    c->kind = raw->kind;
    for (uint32_t j = 0; j < i; j++) {
        const kith_spec_comparison *other = &b->spec->comparisons[j];
        if (strcmp(other->name, c->name) == 0)
            KITH_TRY(kith_spec_fail(b, layer, at,
                                    "comparison \"%s\" given twice", c->name));
        if (c->kind == KITH_COMPARE_NAMES && other->kind == c->kind)
            KITH_TRY(kith_spec_fail(b, layer, at,
                                    "a second comparison of kind names"));
    }
    for (uint32_t v = 0; v < raw->n_values; v++, c->n_values++) {
        const kith_yaml_node here =
            kith_yaml_at(layer->yaml, "comparisons/%u/values/%u", i, v);
        KITH_TRY(
            take_value(b, layer, here, raw->values[v], false, &c->values[v]));
        if (is_repeat(c->values, v))
            KITH_TRY(kith_spec_fail(b, layer, here,
                                    "\"%s\" twice in one comparison",
                                    c->values[v].text));
    }
    KITH_TRY(check_values(
        b, layer, kith_yaml_at(layer->yaml, "comparisons/%u/values", i), c));
    KITH_TRY(take_thresholds(b, layer, i, c));
    b->spec->n_comparisons++;
done:
    return status;
}

kith_status
kith_spec_fill_comparisons(kith_spec_build *b)
{
    kith_status status = KITH_OK;
    const kith_spec_layer *layer = NULL;
    KITH_TRY(require(b, "comparisons", &layer));
    for (uint32_t i = 0; i < layer->raw->n_comparisons; i++)
        KITH_TRY(take_comparison(b, layer, i));
done:
    return status;
}

/** Whether some comparison says which the two names are. */
static bool
has_names(const kith_spec *spec)
{
    for (int i = 0; i < spec->n_comparisons; i++)
        if (spec->comparisons[i].kind == KITH_COMPARE_NAMES)
            return true;
    return false;
}

static bool
holds_field(const kith_value *v, uint8_t field)
{
    for (int p = 0; p < v->n_parts; p++)
        if (v->parts[p].field == field)
            return true;
    return false;
}

/* Marks a value wherever it is compared; false when it nowhere is. */
static bool
mark_without(kith_spec *spec, kith_spec_pass *pass, const kith_value *value)
{
    bool found = false;
    for (unsigned c = 0; c < spec->n_comparisons; c++) {
        const kith_spec_comparison *comparison = &spec->comparisons[c];
        if (comparison->kind != KITH_COMPARE_EXACT &&
            comparison->kind != KITH_COMPARE_NESTED)
            continue;
        for (unsigned v = 0; v < comparison->n_values; v++)
            if (strcmp(comparison->values[v].text, value->text) == 0) {
                pass->without[c] |= (uint8_t)(1u << v);
                found = true;
            }
    }
    return found;
}

/* A pass may go without what a spec that extends this one does not compare,
 * but not without what was never compared: that would be a slip. */
static kith_status
take_without(kith_spec_build *b, const kith_spec_layer *layer, uint32_t i)
{
    kith_status status = KITH_OK;
    const kith_raw_pass *raw = &layer->raw->passes[i];
    kith_value value;
    for (uint32_t w = 0; w < raw->n_without; w++) {
        const kith_yaml_node at =
            kith_yaml_at(layer->yaml, "passes/%u/without/%u", i, w);
        KITH_TRY(take_value(b, layer, at, raw->without[w], false, &value));
        if (!mark_without(b->spec, &b->spec->passes[i], &value) &&
            kith_spec_said(b->source, "comparisons") == layer)
            KITH_TRY(kith_spec_fail(b, layer, at,
                                    "no comparison of kind exact or nested "
                                    "has the value \"%s\"",
                                    value.text));
    }
done:
    return status;
}

static kith_status
take_key(kith_spec_build *b, const kith_spec_layer *layer, uint32_t i)
{
    kith_status status = KITH_OK;
    const kith_raw_pass *raw = &layer->raw->passes[i];
    kith_spec_pass *pass = &b->spec->passes[i];
    bool other = false;
    for (uint32_t k = 0; k < raw->n_key; k++) {
        const kith_yaml_node here =
            kith_yaml_at(layer->yaml, "passes/%u/key/%u", i, k);
        kith_value *v = &pass->key[k];
        KITH_TRY(
            take_value(b, layer, here, raw->key[k], has_names(b->spec), v));
        if (is_repeat(pass->key, k))
            KITH_TRY(kith_spec_fail(b, layer, here, "\"%s\" twice in one key",
                                    v->text));
        pass->either = pass->either || holds_field(v, KITH_FIELD_EITHER);
        other = other || holds_field(v, KITH_FIELD_OTHER);
        pass->n_key++;
    }
    if (other && !pass->either)
        KITH_TRY(kith_spec_fail(b, layer,
                                kith_yaml_at(layer->yaml, "passes/%u/key", i),
                                "\"other\" needs \"either\" in the same key"));
done:
    return status;
}

static kith_status
take_pass(kith_spec_build *b, const kith_spec_layer *layer, uint32_t i)
{
    kith_status status = KITH_OK;
    const kith_raw_pass *raw = &layer->raw->passes[i];
    kith_spec_pass *pass = &b->spec->passes[i];
    const kith_yaml_node at = kith_yaml_at(layer->yaml, "passes/%u/name", i);
    KITH_TRY(kith_spec_take_name(b, layer, at, raw->name, pass->name));
    for (uint32_t j = 0; j < i; j++)
        if (strcmp(b->spec->passes[j].name, pass->name) == 0)
            KITH_TRY(kith_spec_fail(b, layer, at, "pass \"%s\" given twice",
                                    pass->name));
    KITH_TRY(take_key(b, layer, i));
    KITH_TRY(take_without(b, layer, i));
    if (raw->widest > KITH_MAX_WIDEST)
        KITH_TRY(kith_spec_fail(
            b, layer, kith_yaml_at(layer->yaml, "passes/%u/widest", i),
            "widest is people in a block, 1 to %u", KITH_MAX_WIDEST));
    pass->widest = (uint16_t)raw->widest;
    b->spec->n_passes++;
done:
    return status;
}

static bool
is_shipped(const kith_spec_layer *layer)
{
    return strcmp(kith_yaml_name(layer->yaml), KITH_SHIPPED_NAME) == 0;
}

static bool
says_single_site(const kith_spec_build *b)
{
    const kith_spec_layer *layer = kith_spec_said(b->source, "single_site");
    return layer != NULL && layer->raw->single_site;
}

kith_status
kith_spec_fill_passes(kith_spec_build *b)
{
    kith_status status = KITH_OK;
    const kith_spec_layer *layer = kith_spec_said(b->source, "passes");
    const bool shipped = layer != NULL && is_shipped(layer);
    if (says_single_site(b) && (layer == NULL || shipped)) {
        KITH_TRY(kith_spec_make_passes(b));
        /* Nothing to make them of: those that ship, or the error. */
        if (b->spec->n_passes > 0)
            goto done;
    }
    KITH_TRY(require(b, "passes", &layer));
    for (uint32_t i = 0; i < layer->raw->n_passes; i++)
        KITH_TRY(take_pass(b, layer, i));
done:
    return status;
}

static kith_status
take_identifier(kith_spec_build *b, const kith_spec_layer *layer, uint32_t i)
{
    kith_status status = KITH_OK;
    const kith_raw_identifier *raw = &layer->raw->identifiers[i];
    kith_spec_identifier *id = &b->spec->identifiers[i];
    const kith_yaml_node at =
        kith_yaml_at(layer->yaml, "identifiers/%u/field", i);
    kith_value v = {0};
    kith_field_kind kind = KITH_FIELD_CODE;
    KITH_TRY(take_value(b, layer, at, raw->field, false, &v));
    if (!kith_value_is_field(&v, b->spec, &kind))
        KITH_TRY(
            kith_spec_fail(b, layer, at, "an identifier is one whole field"));
    *id = (kith_spec_identifier){.field = v.parts[0].field,
                                 .unique = raw->unique,
                                 .m = raw->m,
                                 .u = raw->u};
    for (uint32_t j = 0; j < i; j++)
        if (b->spec->identifiers[j].field == id->field)
            KITH_TRY(kith_spec_fail(
                b, layer, at, "identifier \"%s\" given twice", raw->field));
    const double rates[] = {id->m, id->u};
    static const char *const keys[] = {"m", "u"};
    for (size_t k = 0; k < 2; k++)
        if (!(rates[k] > 0.0 && rates[k] < 1.0))
            KITH_TRY(kith_spec_fail(
                b, layer,
                kith_yaml_at(layer->yaml, "identifiers/%u/%s", i, keys[k]),
                "%s is a probability between 0 and 1", keys[k]));
    if (id->m <= id->u)
        KITH_TRY(kith_spec_fail(
            b, layer, kith_yaml_at(layer->yaml, "identifiers/%u/u", i),
            "u is not below m: equal values would speak against a link"));
    b->spec->n_identifiers++;
done:
    return status;
}

kith_status
kith_spec_fill_identifiers(kith_spec_build *b)
{
    kith_status status = KITH_OK;
    const kith_spec_layer *layer = kith_spec_said(b->source, "identifiers");
    for (uint32_t i = 0; layer != NULL && i < layer->raw->n_identifiers; i++)
        KITH_TRY(take_identifier(b, layer, i));
done:
    return status;
}
