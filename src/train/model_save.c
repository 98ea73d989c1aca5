#include "io/out.h"
#include "train/model.h"

#include <math.h>

static const char *const preamble =
    "# A trained kith model: for each pass and comparison, how often records "
    "of\n"
    "# one person agree at each level (m), and how often records of "
    "strangers (u)\n"
    "# and of relatives (kin) do. bits = log2(m / u); what is unknown on "
    "either\n"
    "# side weighs nothing. Numbers may be edited; kith checks them when it\n"
    "# reads this file. See also: kith model diff.\n";

static kith_status
save_digit(kith_out *o, const kith_digit_model *digit,
           const kith_layout *layout, const kith_spec *spec, unsigned d,
           kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(kith_out_printf(o, err, "      - digit: %s\n        levels:\n",
                             digit->name));
    KITH_TRY(kith_out_printf(o, err,
                             "          # unknown: seen %llu, weighs 0\n",
                             (unsigned long long)digit->seen[0]));
    for (unsigned l = 1; l < digit->n_levels; l++) {
        char name[48];
        kith_level_name(name, layout, spec, d, (uint8_t)l);
        KITH_TRY(kith_out_printf(
            o, err,
            "          - {m: %.6g, u: %.6g, kin: %.6g, seen: %llu} # %s: "
            "%+.2f bits\n",
            digit->p[KITH_MATCH][l], digit->p[KITH_STRANGER][l],
            digit->p[KITH_KIN][l], (unsigned long long)digit->seen[l], name,
            log2(digit->p[KITH_MATCH][l] / digit->p[KITH_STRANGER][l])));
    }
done:
    return status;
}

static kith_status
save_pass(kith_out *o, const kith_pass_model *pass, const kith_spec *spec,
          unsigned index, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_layout layout;
    KITH_TRY(kith_layout_build(&layout, spec, index, err));
    KITH_TRY(kith_out_printf(o, err,
                             "  - pass: %s\n"
                             "    pairs: %llu\n"
                             "    iterations: %u\n",
                             pass->name, (unsigned long long)pass->n_pairs,
                             pass->iterations));
    KITH_TRY(kith_out_printf(
        o, err,
        "    match: %.6g # share of pairs: the prior, %+.2f bits\n"
        "    kin: %.6g\n"
        "    digits:\n",
        pass->share[KITH_MATCH],
        log2(pass->share[KITH_MATCH] / pass->share[KITH_STRANGER]),
        pass->share[KITH_KIN]));
    for (unsigned d = 0; d < pass->n_digits; d++)
        KITH_TRY(save_digit(o, &pass->digits[d], &layout, spec, d, err));
done:
    return status;
}

kith_status
kith_model_save(const kith_model *model, const kith_spec *spec,
                const char *path, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_out *o = NULL;
    KITH_TRY(kith_out_open(&o, path, false, err));
    KITH_TRY(kith_out_printf(o, err,
                             "%skith_model: 1\nspec: %s\ndigest: %s\n"
                             "passes:\n",
                             preamble, model->spec_name, model->digest));
    for (unsigned p = 0; p < model->n_passes; p++)
        KITH_TRY(save_pass(o, &model->passes[p], spec, p, err));
    kith_out *finished = o;
    o = NULL;
    KITH_TRY(kith_out_commit(finished, job, err));
done:
    kith_out_abort(o);
    return status;
}
