#include "train/order.h"

#include <stdbool.h>

/* Levels from some on, strongest first, whose ratios must not rise. */
typedef struct chain {
    uint8_t levels[KITH_MAX_LEVELS];
    unsigned n;
} chain;

/* Levels that never occur hold the start, and say nothing. */
static void
add_level(chain *c, const kith_digit_model *digit, unsigned level)
{
    if (digit->seen[level] > 0)
        c->levels[c->n++] = (uint8_t)level;
}

/* Gives the levels of a pool one ratio. */
static void
share_ratio(kith_digit_model *digit, const chain *c, unsigned begin,
            unsigned end)
{
    double m = 0, u = 0;
    for (unsigned i = begin; i < end; i++) {
        m += digit->p[KITH_MATCH][c->levels[i]];
        u += digit->p[KITH_STRANGER][c->levels[i]];
    }
    for (unsigned i = begin; i < end; i++)
        digit->p[KITH_STRANGER][c->levels[i]] =
            digit->p[KITH_MATCH][c->levels[i]] * u / m;
}

typedef struct pool {
    unsigned begin;
    double m, u;
} pool;

static void
pool_chain(kith_digit_model *digit, const chain *c)
{
    pool pools[KITH_MAX_LEVELS + 1];
    unsigned n = 0;
    for (unsigned i = 0; i < c->n; i++) {
        pools[n++] = (pool){i, digit->p[KITH_MATCH][c->levels[i]],
                            digit->p[KITH_STRANGER][c->levels[i]]};
        /* m1 / u1 < m2 / u2: the weaker level weighs more. */
        while (n > 1 && pools[n - 2].m * pools[n - 1].u <
                            pools[n - 1].m * pools[n - 2].u) {
            pools[n - 2].m += pools[n - 1].m;
            pools[n - 2].u += pools[n - 1].u;
            n--;
        }
    }
    for (unsigned k = 0; k < n; k++)
        share_ratio(digit, c, pools[k].begin,
                    k + 1 < n ? pools[k + 1].begin : c->n);
}

static double
ratio(const kith_digit_model *digit, unsigned level)
{
    return digit->p[KITH_MATCH][level] / digit->p[KITH_STRANGER][level];
}

/* Puts one level between exact and else. */
static void
clamp_level(kith_digit_model *digit, unsigned level)
{
    const double most = ratio(digit, 1);
    const double least = ratio(digit, digit->n_levels - 1u);
    const double m = digit->p[KITH_MATCH][level];
    if (digit->seen[level] == 0 || digit->seen[1] == 0)
        return;
    if (ratio(digit, level) > most)
        digit->p[KITH_STRANGER][level] = m / most;
    else if (digit->seen[digit->n_levels - 1] > 0 &&
             ratio(digit, level) < least)
        digit->p[KITH_STRANGER][level] = m / least;
}

/* Keeps u a distribution; ratios keep their order. */
static void
normalise(kith_digit_model *digit)
{
    double *u = digit->p[KITH_STRANGER], sum = 0;
    for (unsigned l = 1; l < digit->n_levels; l++)
        sum += u[l];
    for (unsigned l = 1; l < digit->n_levels; l++) {
        u[l] /= sum;
        if (u[l] < KITH_LEAST_PROBABILITY)
            u[l] = KITH_LEAST_PROBABILITY;
        if (u[l] > 1 - KITH_LEAST_PROBABILITY)
            u[l] = 1 - KITH_LEAST_PROBABILITY;
    }
}

static void
order_digit(kith_digit_model *digit, kith_compare_kind kind)
{
    const unsigned last = digit->n_levels - 1u;
    const unsigned first =
        kind == KITH_COMPARE_DATE ? last : kith_first_similar(kind);
    chain c = {.n = 0};
    add_level(&c, digit, 1);
    for (unsigned l = first; l <= last; l++)
        add_level(&c, digit, l);
    pool_chain(digit, &c);
    for (unsigned l = 2; l < first && l < last; l++)
        clamp_level(digit, l);
    normalise(digit);
}

uint32_t
kith_order_levels(kith_pass_model *model, const kith_layout *layout)
{
    /* By so much, on so many expected pairs, is more than chance. */
    static const double much = 2, enough = 100;
    uint32_t moved = 0;
    for (unsigned d = 0; d < layout->n_digits; d++) {
        const kith_digit_model before = model->digits[d];
        kith_digit_model *digit = &model->digits[d];
        order_digit(digit, layout->digits[d].kind);
        for (unsigned l = 1; l < digit->n_levels; l++) {
            const double n = (double)model->n_pairs;
            const double u = before.p[KITH_STRANGER][l];
            const double now = digit->p[KITH_STRANGER][l];
            if (n * model->share[KITH_STRANGER] * u >= enough &&
                n * model->share[KITH_MATCH] * before.p[KITH_MATCH][l] >=
                    enough &&
                (now > much * u || u > much * now))
                moved |= 1u << d;
        }
    }
    return moved;
}
