/* The first byte says which loader reads the rest: s spec, m mapping,
 * p project. Whatever the bytes, it loads or says file, line and column. */
#include "config/load.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check(int fact)
{
    if (!fact)
        abort();
}

/* What holds for every spec that loads. */
static void
check_spec(const kith_spec *s)
{
    check(strlen(s->digest) == 64);
    check(s->n_fields > 0 && s->n_comparisons > 0 && s->n_passes > 0);
    for (int c = 0; c < s->n_comparisons; c++)
        for (int v = 0; v < s->comparisons[c].n_values; v++)
            for (int p = 0; p < s->comparisons[c].values[v].n_parts; p++)
                check(s->comparisons[c].values[v].parts[p].field < s->n_fields);
    for (int k = 0; k < s->n_passes; k++)
        check(s->passes[k].n_key > 0);
    for (uint32_t i = 1; i < s->n_placeholders; i++)
        check(strcmp(s->placeholders[i - 1], s->placeholders[i]) < 0);
    check(!kith_spec_is_placeholder(s, "", 0));
}

static kith_status
load_spec(kith_yaml *yaml, kith_error *err)
{
    kith_spec *spec = NULL;
    const kith_status status = kith_spec_from_yaml(&spec, yaml, err);
    check((status == KITH_OK) == (spec != NULL));
    if (spec != NULL)
        check_spec(spec);
    kith_spec_free(spec);
    return status;
}

static kith_status
load_mapping(const kith_yaml *yaml, kith_error *err)
{
    kith_mapping *m = NULL;
    kith_spec *spec = NULL;
    check(kith_spec_default(&spec, NULL) == KITH_OK);
    const kith_status status = kith_mapping_from_yaml(&m, yaml, spec, err);
    check((status == KITH_OK) == (m != NULL));
    if (m != NULL) {
        check(m->agency != NULL && m->title != NULL && m->path != NULL);
        check(m->persons.n_columns > 0 && m->persons.id != NULL);
        for (uint32_t i = 0; i < m->n_events; i++)
            check(m->events[i].format != NULL);
    }
    kith_mapping_free(m);
    kith_spec_free(spec);
    return status;
}

static kith_status
load_project(const kith_yaml *yaml, kith_error *err)
{
    kith_project *p = NULL;
    const kith_status status = kith_project_from_yaml(&p, yaml, err);
    check((status == KITH_OK) == (p != NULL));
    check(p == NULL || (p->run != NULL && p->n_mappings > 0));
    kith_project_free(p);
    return status;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    kith_error err = KITH_ERROR_INIT;
    kith_yaml *yaml = NULL;
    if (n == 0)
        return 0;
    kith_status status = kith_yaml_parse(&yaml, "fuzz.yaml",
                                         (const char *)data + 1, n - 1, &err);
    if (status == KITH_OK && data[0] == 's') {
        status = load_spec(yaml, &err);
        yaml = NULL;
    } else if (status == KITH_OK && data[0] == 'm') {
        status = load_mapping(yaml, &err);
    } else if (status == KITH_OK) {
        status = load_project(yaml, &err);
    }
    check(status == KITH_OK || status == KITH_ERR_CONFIG);
    /* The file that is wrong may be one that the bytes extend. */
    check(status == KITH_OK || strstr(err.text, ": ") != NULL);
    kith_yaml_close(yaml);
    return 0;
}
