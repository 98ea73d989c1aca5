/* model.yaml from anyone: refused by line or read, never worse. */
#include "train/model.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* A spec small enough that a seed shows all of a model. */
static void
make_spec(kith_spec *spec)
{
    memset(spec, 0, sizeof *spec);
    memcpy(spec->name, "fuzz", 5);
    memset(spec->digest, 'a', 64);
    spec->filter_bits = 256;
    memcpy(spec->fields[0].name, "sex", 4);
    spec->fields[0].kind = KITH_FIELD_SEX;
    spec->n_fields = 1;
    memcpy(spec->comparisons[0].name, "sex", 4);
    spec->comparisons[0].kind = KITH_COMPARE_EXACT;
    spec->comparisons[0].values[0].n_parts = 1;
    spec->comparisons[0].n_values = 1;
    spec->n_comparisons = 1;
    memcpy(spec->passes[0].name, "P", 2);
    spec->passes[0].n_key = 0;
    spec->n_passes = 1;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    kith_error err = KITH_ERROR_INIT;
    kith_model *model = NULL;
    kith_spec *spec = malloc(sizeof *spec);
    char *text = malloc(n + 1);
    if (spec == NULL || text == NULL)
        abort();
    make_spec(spec);
    memcpy(text, data, n);
    const kith_status status =
        kith_model_parse(&model, "model.yaml", text, n, spec, &err);
    if ((status == KITH_OK) != (model != NULL))
        abort();
    if (status == KITH_OK)
        for (unsigned c = 0; c < KITH_CLASSES; c++)
            for (unsigned l = 1; l < 3; l++)
                if (!(model->passes[0].digits[0].p[c][l] > 0 &&
                      model->passes[0].digits[0].p[c][l] < 1))
                    abort();
    kith_model_free(model);
    free(text);
    free(spec);
    return 0;
}
