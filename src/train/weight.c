#include "train/model.h"

#include <math.h>
#include <string.h>

void
kith_weigh(kith_weight *out, const kith_pass_model *model,
           const kith_layout *layout, uint32_t pattern)
{
    const double *share = model->share;
    double stranger = log2(share[KITH_STRANGER]);
    double kin =
        share[KITH_KIN] > 0 ? log2(share[KITH_KIN]) : -(double)INFINITY;
    *out = (kith_weight){.prior = log2(share[KITH_MATCH]) - stranger};
    out->total = out->prior;
    for (unsigned d = 0; d < model->n_digits; d++) {
        const kith_digit_model *digit = &model->digits[d];
        const uint8_t level = kith_pattern_level(layout, pattern, d);
        if (level == 0)
            continue;
        const double u = log2(digit->p[KITH_STRANGER][level]);
        out->digits[d] = log2(digit->p[KITH_MATCH][level]) - u;
        out->total += out->digits[d];
        stranger += u;
        kin += log2(digit->p[KITH_KIN][level]);
    }
    /* log2(S / (S + K)) without leaving the range of a double. */
    out->kin = -log2(1.0 + exp2(kin - stranger));
    if (kin - stranger > 512)
        out->kin = stranger - kin;
    out->total += out->kin;
}

double
kith_probability(double bits)
{
    return 1.0 / (1.0 + exp2(-bits));
}

const kith_pass_model *
kith_model_pass(const kith_model *model, const char *name)
{
    for (unsigned p = 0; p < model->n_passes; p++)
        if (strcmp(model->passes[p].name, name) == 0)
            return &model->passes[p];
    return NULL;
}
