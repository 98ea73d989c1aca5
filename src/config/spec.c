#include "config/spec.h"

#include "base/alloc.h"
#include "config/load.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

kith_status
kith_spec_fail(kith_spec_build *b, const kith_spec_layer *layer,
               kith_yaml_node at, const char *format, ...)
{
    char reason[320];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    kith_yaml_fail(layer->yaml, at, b->err, "%s", reason);
    if (layer != &b->source->layers[0])
        kith_error_hint(b->err, "%s inherits this: say it there as well",
                        kith_yaml_name(b->source->layers[0].yaml));
    return KITH_ERR_CONFIG;
}

/** Runs the steps in the order in which they need each other. */
static kith_status
fill(kith_spec_build *b)
{
    kith_status status = KITH_OK;
    KITH_TRY(kith_spec_fill_fields(b));
    KITH_TRY(kith_spec_fill_comparisons(b));
    KITH_TRY(kith_spec_fill_identifiers(b));
    KITH_TRY(kith_spec_fill_passes(b));
    KITH_TRY(kith_spec_fill_rules(b));
    KITH_TRY(kith_spec_fill_numbers(b));
    KITH_TRY(kith_spec_fill_nicknames(b));
    KITH_TRY(kith_spec_fill_placeholders(b));
    KITH_TRY(kith_spec_fill_rates(b));
    KITH_TRY(kith_spec_fill_digest(b->spec, b->err));
done:
    return status;
}

kith_status
kith_spec_from_yaml(kith_spec **out, kith_yaml *yaml, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_spec_source source = {0};
    kith_spec *spec = NULL;
    KITH_TRY(kith_spec_source_load(&source, yaml, err));
    KITH_TRY(KITH_ALLOC(&spec, 1, err));
    kith_spec_build b = {.source = &source, .spec = spec, .err = err};
    KITH_TRY(fill(&b));
    *out = spec;
    spec = NULL;
done:
    kith_spec_free(spec);
    kith_spec_source_done(&source);
    return status;
}

kith_status
kith_spec_load(kith_spec **out, const char *path, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_yaml *yaml = NULL;
    *out = NULL;
    KITH_TRY(kith_yaml_open(&yaml, path, err));
    KITH_TRY(kith_spec_from_yaml(out, yaml, err));
done:
    return status;
}

void
kith_spec_free(kith_spec *spec)
{
    if (spec == NULL)
        return;
    kith_free(spec->nicknames);
    kith_free(spec->placeholders);
    kith_free(spec->rates);
    kith_free(spec);
}

int
kith_spec_field_index(const kith_spec *spec, const char *name)
{
    for (int i = 0; i < spec->n_fields; i++)
        if (strcmp(spec->fields[i].name, name) == 0)
            return i;
    return -1;
}

int
kith_spec_pass_index(const kith_spec *spec, const char *name)
{
    for (int i = 0; i < spec->n_passes; i++)
        if (strcmp(spec->passes[i].name, name) == 0)
            return i;
    return -1;
}
