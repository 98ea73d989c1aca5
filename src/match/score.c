#include "match/score.h"

#include "base/alloc.h"
#include "match/pairs.h"

#include <math.h>

static int16_t
to_units(double bits)
{
    const double units = round(bits * KITH_WEIGHT_PER_BIT);
    return units < INT16_MIN   ? INT16_MIN
           : units > INT16_MAX ? INT16_MAX
                               : (int16_t)units;
}

kith_status
kith_scores_init(kith_scores *out, const kith_pass_model *model,
                 const kith_layout *layout, double floor_bits, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint32_t n = layout->n_patterns;
    *out = (kith_scores){.floor = to_units(floor_bits)};
    KITH_TRY(KITH_ALLOC(&out->weights, n, err));
    KITH_TRY(KITH_ALLOC(&out->states, n, err));
    KITH_TRY(KITH_ALLOC(&out->missed, n, err));
    for (uint32_t p = 0; p < n; p++) {
        kith_weight weight;
        kith_weigh(&weight, model, layout, p);
        out->weights[p] = to_units(weight.total);
        if (out->weights[p] < out->floor)
            out->missed[p] = (uint32_t)round(kith_probability(weight.total) *
                                             KITH_MATCH_UNITS);
        for (unsigned d = 0; d < layout->n_digits; d++)
            out->states[p] |= (uint32_t)kith_level_state(
                                  layout, d, kith_pattern_level(layout, p, d))
                              << (2 * d);
    }
done:
    if (status != KITH_OK)
        kith_scores_done(out);
    return status;
}

void
kith_scores_done(kith_scores *s)
{
    kith_free(s->weights);
    kith_free(s->states);
    kith_free(s->missed);
    *s = (kith_scores){0};
}
