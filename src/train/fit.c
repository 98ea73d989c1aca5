#include "train/fit.h"

#include "train/order.h"

#include <math.h>
#include <string.h>

/* Where hardly any pair agrees on everything, matches may still be there, with
 * an error each: EM begins with at least this share of them. */
static const double least_start_share = 0.05;

/* Fewer pairs than this that agree on everything say nothing of how many
 * matches there are. */
static const uint64_t least_deterministic = 10;

/* A class of matches that means something: it holds this many pairs, and a
 * pair of it is told from strangers by this many bits on average. */
static const double least_matches = 5;
static const double least_bits = 3;

/* The sources' counts say what chance alone does, and are worth as much as the
 * block's own pairs while these are few; with many, u is free to differ from
 * them, as it does where neighbours share more than chance. */
static const double most_source_pairs = 5000;

/* When strangers were born is chance in any block, so that the sources' counts
 * of it hold: they are worth the block's own pairs so many times over. Twins
 * are relatives, not strangers. */
static const double chance_worth = 10;

/* A start counts as this many pairs: nothing on real data, and enough that
 * three records give no zero. The kin class is held more firmly, since what
 * it is called for is its shape. */
static const double start_pairs = 20;
static const double start_kin_pairs = 100;

/*
 * Where relatives meet, a father and son of one name look like one person
 * with a wholly wrong birth date, and no count can tell the two apart. So
 * how often that happens to one person is not learnt there. Sex or birth
 * date is wrong or missing in 0.11 % of English hospital records (BMC Med
 * Res Methodol 2017, 17:23), twice that for a pair; and a source that slips
 * in one part of a date of so many pairs gets all of it wrong in at most a
 * tenth of that.
 */
static const double held_birth_differs = 0.002;
static const double held_of_slips = 0.1;

/* A class that agrees on what relatives differ by at more than this share of
 * the rate of one person is not theirs: on made-up registers with families
 * theirs stayed below a quarter, and what was none was above a third. */
static const double most_like_one = 1.0 / 3;

/* What both fits of a pass start from. */
typedef struct fitting {
    const kith_fit_params *params;
    const kith_layout *layout;
    const kith_patterns *patterns;
    kith_em_params em;
    double match; /* share to start with */
} fitting;

static kith_em_params
em_params(const kith_fit_params *params, const kith_layout *layout,
          const kith_source_counts *counts, uint64_t total)
{
    kith_em_params em = {.max_iterations = params->max_iterations,
                         .tolerance = params->tolerance,
                         .share_strength = {1, 1, 1}};
    const double most = fmin((double)total, most_source_pairs);
    for (unsigned d = 0; d < layout->n_digits; d++) {
        double n_source = 0;
        for (unsigned l = 1; l < layout->digits[d].n_levels; l++)
            n_source += counts->n[d][l];
        em.strength[KITH_MATCH][d] = start_pairs;
        em.strength[KITH_STRANGER][d] =
            layout->digits[d].kind == KITH_COMPARE_DATE && n_source > 0
                ? fmax(n_source, chance_worth * (double)total)
                : fmax(start_pairs, fmin(n_source, most));
        em.strength[KITH_KIN][d] = start_kin_pairs;
    }
    return em;
}

/* Share of matches that the deterministic rule suggests. */
static double
first_share(const kith_fit_params *params, uint64_t deterministic,
            uint64_t total)
{
    const double found =
        ((double)deterministic + 0.5) / params->spec->assumed_recall;
    return fmin(found / ((double)total + 1), 0.95);
}

/* Levels that a class can choose freely. */
static double
free_parameters(const kith_pass_model *model)
{
    double n = 1;
    for (unsigned d = 0; d < model->n_digits; d++) {
        unsigned n_seen = 0;
        for (unsigned l = 1; l < model->digits[d].n_levels; l++)
            n_seen += model->digits[d].seen[l] > 0;
        n += n_seen > 1 ? n_seen - 1 : 0;
    }
    return n;
}

/* The kin class still means kin: they agree on the second name, and on the
 * birth where the key leaves it open, less than matches do. */
static bool
kin_is_kin(const kith_pass_model *model, const kith_layout *layout)
{
    for (unsigned d = 0; d < layout->n_digits; d++) {
        const kith_digit *digit = &layout->digits[d];
        if (kith_kin_differ(digit) &&
            model->digits[d].p[KITH_KIN][1] >=
                most_like_one * model->digits[d].p[KITH_MATCH][1])
            return false;
    }
    return true;
}

/* @param free  the model without relatives, fitted with nothing held */
static void
hold_births(kith_pass_model *model, kith_em_params *em,
            const kith_layout *layout, const kith_pass_model *free)
{
    for (unsigned d = 0; d < layout->n_digits; d++) {
        double *m = model->digits[d].p[KITH_MATCH];
        if (layout->digits[d].kind != KITH_COMPARE_DATE ||
            model->digits[d].seen[KITH_DATE_ELSE] == 0)
            continue;
        const double slips = free->digits[d].p[KITH_MATCH][KITH_DATE_TWO_PARTS];
        const double held = fmax(held_birth_differs, held_of_slips * slips);
        for (unsigned l = 1; l < KITH_DATE_ELSE; l++)
            m[l] *= (1 - held) / (1 - m[KITH_DATE_ELSE]);
        m[KITH_DATE_ELSE] = em->held_differs[d] = held;
    }
}

/* Where the birth is fixed, relatives are twins, and half of those are of the
 * other sex: what says how many there are, and what a person with another
 * forename never is. */
static void
hold_twins(kith_em_params *em, const fitting *f)
{
    for (unsigned d = 0; d < f->layout->n_digits; d++)
        if (f->layout->digits[d].kind == KITH_COMPARE_DATE &&
            kith_kin_differ(&f->layout->digits[d]))
            return;
    for (unsigned d = 0; d < f->layout->n_digits; d++)
        if (kith_digit_is_sex(f->params->spec, &f->layout->digits[d]))
            em->strength[KITH_KIN][d] =
                chance_worth * (double)f->patterns->total;
}

/* Starts from @p model, with relatives or without, births held as @p em
 * says. */
static kith_status
fit_held(kith_pass_model *model, kith_em_result *result, const fitting *f,
         const kith_em_params *em, kith_error *err)
{
    const double match = fmax(f->match, least_start_share);
    const double kin = em->kin ? 0.25 * (1 - match) : 0;
    model->share[KITH_MATCH] = match;
    model->share[KITH_KIN] = kin;
    model->share[KITH_STRANGER] = 1 - match - kin;
    return kith_em_run(model, f->patterns, em, NULL, NULL, result, err);
}

/* Both models that are held against each other hold the births: else the one
 * without relatives takes namesakes for persons with wrong dates, as well as
 * the other explains them, with fewer parameters. */
static kith_status
fit_free(kith_pass_model *model, const fitting *f, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_em_params em = f->em;
    kith_em_result free, plain, kin;
    kith_pass_model with_kin = *model, without = *model;
    KITH_TRY(fit_held(model, &free, f, &em, err));
    if (!kith_pass_meets_kin(f->params->spec, f->params->pass, f->layout))
        goto done;
    hold_births(&without, &em, f->layout, model);
    KITH_TRY(fit_held(&without, &plain, f, &em, err));
    em.kin = true;
    hold_births(&with_kin, &em, f->layout, model);
    hold_twins(&em, f);
    KITH_TRY(fit_held(&with_kin, &kin, f, &em, err));
    const double cost =
        0.5 * free_parameters(model) * log((double)f->patterns->total + 1);
    if (kin.log_likelihood > plain.log_likelihood + cost &&
        kin_is_kin(&with_kin, f->layout))
        *model = with_kin;
done:
    return status;
}

/* Nothing to learn matches from: the default m, and the pairs there are as
 * strangers. */
static kith_status
fit_strangers(kith_pass_model *model, const fitting *f, kith_error *err)
{
    kith_em_params em = f->em;
    kith_em_result result;
    em.hold_match = true;
    model->share[KITH_MATCH] = f->match;
    model->share[KITH_STRANGER] = 1 - f->match;
    return kith_em_run(model, f->patterns, &em, NULL, NULL, &result, err);
}

/* Divergence of the match class from strangers, in bits a pair. */
static double
match_bits(const kith_pass_model *model)
{
    double bits = 0;
    for (unsigned d = 0; d < model->n_digits; d++) {
        const kith_digit_model *digit = &model->digits[d];
        for (unsigned l = 1; l < digit->n_levels; l++)
            bits += digit->p[KITH_MATCH][l] *
                    log2(digit->p[KITH_MATCH][l] / digit->p[KITH_STRANGER][l]);
    }
    return bits;
}

/* One person's records mostly agree, at least in part, on each name and on the
 * birth; a class that does not is relatives, or chance. */
static bool
mostly_agrees(const kith_digit_model *model, const kith_digit *digit)
{
    const double differs = model->p[KITH_MATCH][digit->n_levels - 1];
    if (digit->kind == KITH_COMPARE_NAMES)
        return differs < 0.5;
    if (digit->kind == KITH_COMPARE_DATE)
        return differs + model->p[KITH_MATCH][KITH_DATE_YEAR] < 0.5;
    return true;
}

static bool
found_matches(const kith_pass_model *model, const kith_layout *layout)
{
    const double n = model->share[KITH_MATCH] * (double)model->n_pairs;
    for (unsigned d = 0; d < layout->n_digits; d++)
        if (!mostly_agrees(&model->digits[d], &layout->digits[d]))
            return false;
    return n >= least_matches && match_bits(model) >= least_bits;
}

kith_status
kith_fit(kith_pass_model *out, const kith_fit_params *params,
         const kith_layout *layout, const kith_source_counts *counts,
         const kith_patterns *patterns, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    /* A source without exact duplicates (they were taken out, or each has a
     * slip) has its sure matches one slip further away. */
    uint64_t deterministic = kith_count_deterministic(layout, patterns);
    if (deterministic < least_deterministic)
        deterministic = kith_count_nearly(layout, patterns);
    const fitting f = {
        .params = params,
        .layout = layout,
        .patterns = patterns,
        .em = em_params(params, layout, counts, patterns->total),
        .match = fmax(first_share(params, deterministic, patterns->total),
                      KITH_LEAST_PROBABILITY)};
    *out = (kith_pass_model){0};
    memcpy(out->name, params->spec->passes[params->pass].name,
           sizeof out->name);
    kith_start(out, layout, counts, patterns);
    const kith_pass_model start = *out;
    KITH_TRY(fit_free(out, &f, err));
    const bool found = found_matches(out, layout);
    if (!found) {
        *out = start;
        KITH_TRY(fit_strangers(out, &f, err));
    }
    kith_fit_check(out, found, kith_order_levels(out, layout), job);
done:
    return status;
}
