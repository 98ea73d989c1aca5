#include "config/spec.h"

#include <stdio.h>
#include <string.h>

/* Rules that accept or refuse a pair outright. */

static int
identifier_named(const kith_spec *spec, const char *name)
{
    for (int i = 0; i < spec->n_identifiers; i++)
        if (strcmp(spec->fields[spec->identifiers[i].field].name, name) == 0)
            return i;
    return -1;
}

static int
comparison_named(const kith_spec *spec, const char *name)
{
    for (int i = 0; i < spec->n_comparisons; i++)
        if (strcmp(spec->comparisons[i].name, name) == 0)
            return i;
    return -1;
}

/** Notes one condition: "nhs", "not birth". */
static kith_status
take_condition(kith_spec_build *b, const kith_spec_layer *layer, uint32_t i,
               uint32_t k)
{
    static const char negation[] = "not ";
    const char *text = layer->raw->rules[i].when[k];
    const kith_yaml_node at =
        kith_yaml_at(layer->yaml, "rules/%u/when/%u", i, k);
    kith_spec_rule *rule = &b->spec->rules[i];
    const bool negated = strncmp(text, negation, sizeof negation - 1) == 0;
    const char *name = negated ? text + sizeof negation - 1 : text;
    const int identifier = identifier_named(b->spec, name);
    const int comparison = comparison_named(b->spec, name);
    uint16_t *pair[2] = {&rule->exact, &rule->differs};
    if (identifier >= 0) {
        pair[0] = &rule->equal_identifiers;
        pair[1] = &rule->unequal_identifiers;
    } else if (comparison < 0) {
        kith_spec_fail(b, layer, at,
                       "\"%.40s\" is neither an identifier nor a comparison",
                       name);
        kith_error_hint(b->err, "such as nhs, birth, or not birth");
        return KITH_ERR_CONFIG;
    }
    const uint16_t bit =
        (uint16_t)(1u << (identifier >= 0 ? identifier : comparison));
    if (((*pair[0] | *pair[1]) & bit) != 0)
        return kith_spec_fail(b, layer, at, "\"%.40s\" twice in one rule",
                              name);
    *pair[negated] |= bit;
    return KITH_OK;
}

kith_status
kith_spec_fill_rules(kith_spec_build *b)
{
    kith_status status = KITH_OK;
    kith_spec *spec = b->spec;
    const kith_spec_layer *layer = kith_spec_said(b->source, "rules");
    for (uint32_t i = 0; layer != NULL && i < layer->raw->n_rules; i++) {
        const kith_raw_rule *raw = &layer->raw->rules[i];
        kith_spec_rule *rule = &spec->rules[i];
        const kith_yaml_node at = kith_yaml_at(layer->yaml, "rules/%u/name", i);
        KITH_TRY(kith_spec_take_name(b, layer, at, raw->name, rule->name));
        for (uint32_t j = 0; j < i; j++)
            if (strcmp(spec->rules[j].name, rule->name) == 0)
                KITH_TRY(kith_spec_fail(b, layer, at, "rule \"%s\" given twice",
                                        rule->name));
        rule->verdict = raw->verdict;
        for (uint32_t k = 0; k < raw->n_when; k++)
            KITH_TRY(take_condition(b, layer, i, k));
        spec->n_rules++;
    }
done:
    return status;
}
