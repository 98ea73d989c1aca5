#include "train/model.h"

#include <math.h>
#include <string.h>

/* Smaller differences do not change a decision. */
static const double least_bits = 0.01;

static double
bits(const kith_digit_model *digit, unsigned level)
{
    return log2(digit->p[KITH_MATCH][level] / digit->p[KITH_STRANGER][level]);
}

static double
prior(const kith_pass_model *pass)
{
    return log2(pass->share[KITH_MATCH] / pass->share[KITH_STRANGER]);
}

static int
diff_value(FILE *to, const char *pass, const char *what, unsigned level,
           const double value[2], uint64_t *n)
{
    if (fabs(value[0] - value[1]) < least_bits)
        return 0;
    ++*n;
    char place[24] = "";
    if (level != 0)
        snprintf(place, sizeof place, " level %u", level);
    return fprintf(to, "pass %s: %s%s: %+.2f -> %+.2f bits (%+.2f)\n", pass,
                   what, place, value[0], value[1], value[1] - value[0]);
}

static int
diff_pass(FILE *to, const kith_pass_model *a, const kith_pass_model *b,
          uint64_t *n)
{
    int rc = diff_value(to, a->name, "prior", 0,
                        (const double[2]){prior(a), prior(b)}, n);
    for (unsigned d = 0; rc >= 0 && d < a->n_digits; d++)
        for (unsigned l = 1; rc >= 0 && l < a->digits[d].n_levels; l++)
            rc = diff_value(to, a->name, a->digits[d].name, l,
                            (const double[2]){bits(&a->digits[d], l),
                                              bits(&b->digits[d], l)},
                            n);
    return rc;
}

kith_status
kith_model_diff(FILE *to, const kith_model *a, const kith_model *b,
                uint64_t *n_differences, kith_error *err)
{
    *n_differences = 0;
    if (strcmp(a->digest, b->digest) != 0)
        return kith_error_set(err, KITH_ERR_MISMATCH,
                              "the two models are of different specs");
    for (unsigned p = 0; p < a->n_passes; p++)
        if (diff_pass(to, &a->passes[p], &b->passes[p], n_differences) < 0)
            return kith_error_set(err, KITH_ERR_IO,
                                  "cannot write the differences");
    return KITH_OK;
}
