#include "train/fit.h"

/* Below this the estimates of rare levels are mostly the starting point. */
enum { FEW_PAIRS = 1000, FEW_DETERMINISTIC = 10 };

/* A level seen this often should be in its place. */
enum { OFTEN = 100 };

static double
ratio(const kith_digit_model *digit, unsigned level)
{
    return digit->p[KITH_MATCH][level] / digit->p[KITH_STRANGER][level];
}

static void
check_order(const kith_pass_model *model, unsigned d, const kith_layout *layout,
            const kith_spec *spec, kith_job *job)
{
    const kith_digit_model *digit = &model->digits[d];
    unsigned last = 0;
    for (unsigned l = 1; l < digit->n_levels; l++) {
        if (digit->seen[l] < OFTEN)
            continue;
        if (last != 0 && ratio(digit, l) > ratio(digit, last)) {
            char stronger[48], weaker[48];
            kith_level_name(stronger, layout, spec, d, (uint8_t)last);
            kith_level_name(weaker, layout, spec, d, (uint8_t)l);
            kith_job_warn(job,
                          "pass %s: %s: \"%s\" weighs more than \"%s\": "
                          "levels out of order",
                          model->name, digit->name, weaker, stronger);
        }
        last = l;
    }
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
kith_fit_check(const kith_pass_model *model, const kith_layout *layout,
               const kith_spec *spec, uint64_t deterministic, kith_job *job)
{
    if (model->n_pairs == 0) {
        kith_job_warn(job,
                      "pass %s: no two rows share a block: it finds nothing, "
                      "and its model is the default",
                      model->name);
        return;
    }
    if (deterministic < FEW_DETERMINISTIC) {
        kith_job_warn(job,
                      "pass %s: %llu of %llu pairs agree on names and birth: "
                      "too few to learn from, m is the default",
                      model->name, (unsigned long long)deterministic,
                      (unsigned long long)model->n_pairs);
        return;
    }
    if (model->n_pairs < FEW_PAIRS)
        kith_job_warn(job, "pass %s: only %llu pairs to learn from",
                      model->name, (unsigned long long)model->n_pairs);
    for (unsigned d = 0; d < model->n_digits; d++) {
        const kith_digit_model *digit = &model->digits[d];
        if (!varies(digit))
            continue;
        if (ratio(digit, 1) < 1)
            kith_job_warn(job, "pass %s: %s: m is below u where it agrees",
                          model->name, digit->name);
        check_order(model, d, layout, spec, job);
    }
}
