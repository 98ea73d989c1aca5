#include "train/fit.h"

/* Below this the estimates of rare levels are mostly the starting point. */
enum { FEW_PAIRS = 1000 };

static double
ratio(const kith_digit_model *digit, unsigned level)
{
    return digit->p[KITH_MATCH][level] / digit->p[KITH_STRANGER][level];
}

static bool
varies(const kith_digit_model *digit)
{
    unsigned n = 0;
    for (unsigned l = 1; l < digit->n_levels; l++)
        n += digit->seen[l] > 0;
    return n > 1;
}

void
kith_fit_check(const kith_pass_model *model, bool found, uint32_t out_of_order,
               kith_job *job)
{
    if (model->n_pairs == 0) {
        kith_job_warn(job,
                      "pass %s: no two rows share a block: it finds nothing, "
                      "and its model is the default",
                      model->name);
        return;
    }
    if (!found) {
        kith_job_warn(job,
                      "pass %s: no class of matches stands out among %llu "
                      "pairs: m is the default",
                      model->name, (unsigned long long)model->n_pairs);
        return;
    }
    if (model->n_pairs < FEW_PAIRS)
        kith_job_warn(job, "pass %s: only %llu pairs to learn from",
                      model->name, (unsigned long long)model->n_pairs);
    for (unsigned d = 0; d < model->n_digits; d++) {
        const kith_digit_model *digit = &model->digits[d];
        if (!varies(digit))
            continue;
        if (ratio(digit, 1) < 0.99)
            kith_job_warn(job, "pass %s: %s: m is below u where it agrees",
                          model->name, digit->name);
        if ((out_of_order >> d & 1) != 0)
            kith_job_warn(job,
                          "pass %s: %s: levels are out of order: a weaker "
                          "agreement came out heavier, and was pooled",
                          model->name, digit->name);
    }
}
