#include "config/spec.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* The numbers of a spec, their ranges, and what they are when not said. */

typedef struct range {
    const char *path;
    size_t at; /* of the double or uint32_t in kith_raw_spec */
    double low;
    double high;
    double fallback;
} range;

/* Ranges that any use could want; the fallbacks are the shipped spec's, whose
 * comments give their sources. */
static const range counts[] = {
    {"filter/insertions", offsetof(kith_raw_spec, filter.insertions), 8, 2048,
     178},
    {"filter/q", offsetof(kith_raw_spec, filter.q), 1, 4, 2},
    {"min_cell", offsetof(kith_raw_spec, min_cell), 1, 1000000, 10},
    {"max_cluster", offsetof(kith_raw_spec, max_cluster), 2, 1000000, 50},
};
static const range shares[] = {
    {"max_block_mean", offsetof(kith_raw_spec, max_block_mean), 1, 1e9, 2.5},
    {"max_block_p99", offsetof(kith_raw_spec, max_block_p99), 1, 1e9, 8},
    {"assumed_recall", offsetof(kith_raw_spec, assumed_recall), 0.01, 1, 0.8},
};

static kith_status
take(kith_spec_build *b, const range *r, bool whole, double *out)
{
    const kith_spec_layer *layer = kith_spec_said(b->source, r->path);
    *out = r->fallback;
    if (layer == NULL)
        return KITH_OK;
    const char *from = (const char *)layer->raw + r->at;
    uint32_t count = 0;
    if (whole) {
        memcpy(&count, from, sizeof count);
        *out = count;
    } else {
        memcpy(out, from, sizeof *out);
    }
    if (*out >= r->low && *out <= r->high)
        return KITH_OK;
    return kith_spec_fail(b, layer, kith_yaml_at(layer->yaml, "%s", r->path),
                          "must lie between %g and %g", r->low, r->high);
}

static kith_status
take_filter(kith_spec_build *b)
{
    kith_spec *spec = b->spec;
    const kith_spec_layer *layer = kith_spec_said(b->source, "filter/bits");
    const uint32_t bits = layer != NULL ? layer->raw->filter.bits : 256;
    if (bits != 256 && bits != 512 && bits != 1024)
        return kith_spec_fail(b, layer,
                              kith_yaml_at(layer->yaml, "filter/bits"),
                              "a filter has 256, 512 or 1024 bits");
    spec->filter_bits = (uint16_t)bits;
    /* More insertions than bits fill a filter past 0.63 and say little. */
    if (spec->filter_insertions <= bits)
        return KITH_OK;
    layer = kith_spec_said(b->source, "filter");
    kith_yaml_node at = kith_yaml_at(layer->yaml, "filter/insertions");
    if (at == KITH_YAML_NONE)
        at = kith_yaml_at(layer->yaml, "filter");
    kith_spec_fail(b, layer, at, "%u insertions into %u bits",
                   spec->filter_insertions, bits);
    kith_error_hint(b->err, "about 0.69 of the bits: 178, 355 or 710");
    return KITH_ERR_CONFIG;
}

static kith_status
take_threshold(kith_spec_build *b)
{
    const kith_spec_layer *layer = kith_spec_said(b->source, "threshold_bits");
    b->spec->threshold_bits = (double)NAN;
    if (layer == NULL || strcmp(layer->raw->threshold_bits, "auto") == 0)
        return KITH_OK;
    const char *text = layer->raw->threshold_bits;
    char *end = NULL;
    const double v = strtod(text, &end);
    if (*end != '\0' || !(v >= -64 && v <= 256)) {
        kith_spec_fail(b, layer, kith_yaml_at(layer->yaml, "threshold_bits"),
                       "\"%.40s\" is not a threshold", text);
        kith_error_hint(b->err, "auto, or bits of weight such as 12.5");
        return KITH_ERR_CONFIG;
    }
    b->spec->threshold_bits = v;
    return KITH_OK;
}

static kith_status
take_cuts(kith_spec_build *b)
{
    const kith_spec_layer *layer = kith_spec_said(b->source, "rarity/cuts");
    b->spec->rarity_cuts[0] = 850;
    b->spec->rarity_cuts[1] = 60;
    if (layer == NULL)
        return KITH_OK;
    const double *cuts = layer->raw->rarity.cuts;
    if (!(cuts[0] > cuts[1] && cuts[1] > 0 && cuts[0] < 1e6))
        return kith_spec_fail(b, layer,
                              kith_yaml_at(layer->yaml, "rarity/cuts"),
                              "two bearers per million, the higher first");
    b->spec->rarity_cuts[0] = cuts[0];
    b->spec->rarity_cuts[1] = cuts[1];
    return KITH_OK;
}

kith_status
kith_spec_fill_numbers(kith_spec_build *b)
{
    kith_status status = KITH_OK;
    kith_spec *spec = b->spec;
    double n[sizeof counts / sizeof *counts];
    double s[sizeof shares / sizeof *shares];
    for (size_t i = 0; i < sizeof n / sizeof *n; i++)
        KITH_TRY(take(b, &counts[i], true, &n[i]));
    for (size_t i = 0; i < sizeof s / sizeof *s; i++)
        KITH_TRY(take(b, &shares[i], false, &s[i]));
    spec->filter_insertions = (uint16_t)n[0];
    spec->filter_q = (uint8_t)n[1];
    spec->min_cell = (uint32_t)n[2];
    spec->max_cluster = (uint32_t)n[3];
    spec->max_block_mean = s[0];
    spec->max_block_p99 = s[1];
    spec->assumed_recall = s[2];
    const kith_spec_layer *layer = kith_spec_said(b->source, "single_site");
    spec->single_site = layer != NULL && layer->raw->single_site;
    KITH_TRY(take_filter(b));
    KITH_TRY(take_threshold(b));
    KITH_TRY(take_cuts(b));
done:
    return status;
}
