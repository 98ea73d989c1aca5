#include "train/em.h"

#include "base/alloc.h"

#include <math.h>
#include <string.h>

/* Expected pairs by class, and by class, digit and level. */
typedef struct expected {
    double share[KITH_CLASSES];
    double level[KITH_CLASSES][KITH_MAX_DIGITS][KITH_MAX_LEVELS];
} expected;

kith_status
kith_patterns_init(kith_patterns *out, const kith_layout *layout,
                   const uint64_t *counts, kith_error *err)
{
    kith_status status = KITH_OK;
    size_t n = 0;
    *out = (kith_patterns){.n_digits = layout->n_digits};
    for (uint32_t i = 0; i < layout->n_patterns; i++)
        n += counts[i] > 0;
    KITH_TRY(KITH_ALLOC(&out->index, n + 1, err));
    KITH_TRY(KITH_ALLOC(&out->pairs, n + 1, err));
    KITH_TRY(KITH_ALLOC(&out->levels, (n + 1) * out->n_digits, err));
    for (uint32_t i = 0; i < layout->n_patterns; i++) {
        if (counts[i] == 0)
            continue;
        for (unsigned d = 0; d < out->n_digits; d++)
            out->levels[out->n * out->n_digits + d] =
                kith_pattern_level(layout, i, d);
        out->index[out->n] = i;
        out->pairs[out->n++] = counts[i];
        out->total += counts[i];
    }
done:
    if (status != KITH_OK)
        kith_patterns_done(out);
    return status;
}

void
kith_patterns_done(kith_patterns *p)
{
    kith_free(p->index);
    kith_free(p->pairs);
    kith_free(p->levels);
    *p = (kith_patterns){0};
}

/* Joint probability of each class with one pattern; returns their sum. */
static double
joint(double out[KITH_CLASSES], const kith_pass_model *model,
      const uint8_t *levels, unsigned n_classes)
{
    double sum = 0;
    for (unsigned c = 0; c < n_classes; c++) {
        double f = model->share[c];
        for (unsigned d = 0; d < model->n_digits; d++)
            if (levels[d] != 0)
                f *= model->digits[d].p[c][levels[d]];
        out[c] = f;
        sum += f;
    }
    return sum;
}

/* E step; returns the log likelihood of the model it was given. */
static double
expect(expected *e, const kith_pass_model *model, const kith_patterns *patterns,
       unsigned n_classes)
{
    double log_likelihood = 0;
    memset(e, 0, sizeof *e);
    for (size_t i = 0; i < patterns->n; i++) {
        const uint8_t *levels = patterns->levels + i * patterns->n_digits;
        const double pairs = (double)patterns->pairs[i];
        double f[KITH_CLASSES];
        const double sum = joint(f, model, levels, n_classes);
        log_likelihood += pairs * log(sum);
        for (unsigned c = 0; c < n_classes; c++) {
            const double r = pairs * f[c] / sum;
            e->share[c] += r;
            for (unsigned d = 0; d < model->n_digits; d++)
                e->level[c][d][levels[d]] += r;
        }
    }
    return log_likelihood;
}

static double
clamp(double p)
{
    return p < KITH_LEAST_PROBABILITY       ? KITH_LEAST_PROBABILITY
           : p > 1 - KITH_LEAST_PROBABILITY ? 1 - KITH_LEAST_PROBABILITY
                                            : p;
}

/* M step for the levels of one digit in one class; returns the largest
 * move. The start gives the shape of the prior. @param held what the last
 * level keeps, or 0 */
static double
fit_digit(double *p, const double *found, const double *start, double strength,
          double held, unsigned n_levels)
{
    const unsigned n_free = held > 0 ? n_levels - 1 : n_levels;
    double total = 0, moved = 0;
    for (unsigned l = 1; l < n_free; l++)
        total += found[l] + strength * start[l];
    for (unsigned l = 1; l < n_free; l++) {
        const double next =
            clamp((found[l] + strength * start[l]) / total * (1 - held));
        moved = fmax(moved, fabs(next - p[l]));
        p[l] = next;
    }
    if (held > 0)
        p[n_levels - 1] = held;
    return moved;
}

static double
fit_shares(kith_pass_model *model, const expected *e,
           const kith_em_params *params, unsigned n_classes)
{
    double total = 0, moved = 0;
    for (unsigned c = 0; c < n_classes; c++)
        total += e->share[c] + params->share_strength[c];
    for (unsigned c = 0; c < n_classes; c++) {
        const double next =
            clamp((e->share[c] + params->share_strength[c]) / total);
        moved = fmax(moved, fabs(next - model->share[c]));
        model->share[c] = next;
    }
    return moved;
}

static double
maximise(kith_pass_model *model, const expected *e,
         const kith_pass_model *start, const kith_em_params *params,
         unsigned n_classes)
{
    double moved = 0;
    if (!params->hold_match)
        moved = fit_shares(model, e, params, n_classes);
    for (unsigned c = params->hold_match ? KITH_STRANGER : KITH_MATCH;
         c < n_classes; c++)
        for (unsigned d = 0; d < model->n_digits; d++) {
            kith_digit_model *digit = &model->digits[d];
            const double held = c == KITH_MATCH ? params->held_differs[d] : 0;
            const double step =
                fit_digit(digit->p[c], e->level[c][d], start->digits[d].p[c],
                          params->strength[c][d], held, digit->n_levels);
            moved = fmax(moved, step);
        }
    return moved;
}

/* Log of the Dirichlet prior, without its constant. */
static double
log_prior(const kith_pass_model *model, const kith_pass_model *start,
          const kith_em_params *params, unsigned n_classes)
{
    double sum = 0;
    for (unsigned c = 0; c < n_classes; c++) {
        sum += params->share_strength[c] * log(model->share[c]);
        for (unsigned d = 0; d < model->n_digits; d++)
            for (unsigned l = 1; l < model->digits[d].n_levels; l++)
                sum += params->strength[c][d] * start->digits[d].p[c][l] *
                       log(model->digits[d].p[c][l]);
    }
    return sum;
}

kith_status
kith_em_run(kith_pass_model *model, const kith_patterns *patterns,
            const kith_em_params *params, kith_em_trace_fn trace,
            void *trace_ctx, kith_em_result *result, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_pass_model *start = NULL;
    expected *e = NULL;
    const unsigned n_classes = params->kin ? KITH_CLASSES : KITH_KIN;
    *result = (kith_em_result){0};
    KITH_TRY(KITH_ALLOC(&start, 1, err));
    KITH_TRY(KITH_ALLOC(&e, 1, err));
    *start = *model;
    while (result->iterations < params->max_iterations && !result->converged) {
        result->log_likelihood = expect(e, model, patterns, n_classes);
        result->objective =
            result->log_likelihood + log_prior(model, start, params, n_classes);
        if (trace != NULL)
            trace(trace_ctx, result->objective);
        const double moved = maximise(model, e, start, params, n_classes);
        result->converged = moved <= params->tolerance;
        result->iterations++;
    }
    model->iterations = result->iterations;
done:
    kith_free(start);
    kith_free(e);
    return status;
}
