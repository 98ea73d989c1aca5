#include "match/score.h"

#include "base/alloc.h"
#include "match/pairs.h"

#include <math.h>
#include <string.h>

static int16_t
to_units(double bits)
{
    const double units = round(bits * KITH_WEIGHT_PER_BIT);
    return units < INT16_MIN   ? INT16_MIN
           : units > INT16_MAX ? INT16_MAX
                               : (int16_t)units;
}

/*
 * One digit's keep table. @p best holds, by pattern, the most that later
 * filters can make of it; this digit's filter is added to it.
 */
static void
prune_digit(uint8_t *keep, int16_t *best, const kith_layout *layout, unsigned d,
            int16_t floor)
{
    const kith_digit *digit = &layout->digits[d];
    const unsigned last = digit->n_levels - 1u;
    for (uint32_t p = 0; p < layout->n_patterns; p++) {
        if (kith_pattern_level(layout, p, d) != last)
            continue;
        for (unsigned l = kith_first_similar(digit->kind); l < last; l++) {
            const int16_t other = best[p - (last - l) * digit->stride];
            best[p] = other > best[p] ? other : best[p];
        }
        keep[p] = best[p] >= floor;
    }
}

static kith_status
build_prune(kith_scores *s, const kith_layout *layout, kith_error *err)
{
    kith_status status = KITH_OK;
    int16_t *best = NULL;
    const uint32_t n = layout->n_patterns;
    KITH_TRY(KITH_ALLOC(&best, n, err));
    memcpy(best, s->weights, n * sizeof *best);
    for (unsigned d = layout->n_digits; d-- > 0;) {
        if (layout->digits[d].filter_offset == KITH_IMPLIED)
            continue;
        KITH_TRY(KITH_ALLOC(&s->prune.keep[d], n, err));
        prune_digit(s->prune.keep[d], best, layout, d, s->floor);
    }
done:
    kith_free(best);
    return status;
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
        out->missed[p] = KITH_EMITTED;
        if (out->weights[p] < out->floor)
            out->missed[p] = (uint32_t)round(kith_probability(weight.total) *
                                             KITH_MATCH_UNITS);
        for (unsigned d = 0; d < layout->n_digits; d++)
            out->states[p] |= (uint32_t)kith_level_state(
                                  layout, d, kith_pattern_level(layout, p, d))
                              << (2 * d);
    }
    KITH_TRY(build_prune(out, layout, err));
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
    for (unsigned d = 0; d < KITH_MAX_DIGITS; d++)
        kith_free(s->prune.keep[d]);
    *s = (kith_scores){0};
}
