#include "train/defaults.h"

#include <string.h>

/* One person's records agree so often where nothing has been learnt; the
 * other levels share the rest. */
static const double exact_m = 0.95;
/* People move: some place agrees, but not always the same one. */
static const double place_m = 0.9;

/* Two strangers' names are equal, or similar at one level. */
static const double name_u = 0.004;
static const double similar_u = 0.002;
/* The same, among names that sound alike. */
static const double alike_name_u = 0.5;
static const double alike_similar_u = 0.1;
static const double sex_u = 0.5;
/* The finest place of a comparison; each coarser one is so much larger. */
static const double place_u = 0.00003;
static const double place_step = 5;

static void
rest_to_last(double *p, unsigned n_levels)
{
    double sum = 0;
    for (unsigned l = 1; l + 1 < n_levels; l++)
        sum += p[l];
    p[n_levels - 1] = sum < 1 ? 1 - sum : 0;
}

static void
share(double *p, unsigned first, unsigned end, double total)
{
    for (unsigned l = first; l < end; l++)
        p[l] = total / (end - first);
}

/* Sums to 1, and nothing is impossible. */
static void
finish(double *p, unsigned n_levels)
{
    const double least = 1e-5;
    double sum = 0;
    for (unsigned l = 1; l < n_levels; l++) {
        if (p[l] < least)
            p[l] = least;
        sum += p[l];
    }
    for (unsigned l = 1; l < n_levels; l++)
        p[l] /= sum;
}

void
kith_default_m(double p[KITH_MAX_LEVELS], const kith_digit *digit)
{
    memset(p, 0, KITH_MAX_LEVELS * sizeof *p);
    if (digit->kind == KITH_COMPARE_NESTED) {
        share(p, 1, digit->n_levels - 1u, place_m);
        rest_to_last(p, digit->n_levels);
    } else {
        p[1] = exact_m;
        share(p, 2, digit->n_levels, 1 - exact_m);
    }
    finish(p, digit->n_levels);
}

/* The chance that two strangers share a part; 1 where the block fixes it. */
static double
part_u(uint16_t offset, double chance)
{
    return offset == KITH_IMPLIED ? 1 : chance;
}

static void
date_u(double *p, const kith_digit *digit)
{
    const double year = part_u(digit->year_offset, 1.0 / 65);
    double month = part_u(digit->month_offset, 1.0 / 12);
    double day = part_u(digit->day_offset, 1.0 / 30);
    /* With day and month sorted and fixed, they are equal or swapped; most
     * days are past the 12th and cannot be a month. */
    const bool sorted = digit->day_offset != KITH_IMPLIED &&
                        digit->month_offset == KITH_IMPLIED;
    if (sorted)
        day = month = 0.8;
    p[KITH_DATE_EXACT] = sorted ? 0.8 : year * month * day;
    p[KITH_DATE_SWAPPED] = sorted ? 0.2 : 0.1 * year * month * day;
    if (!sorted)
        p[KITH_DATE_TWO_PARTS] = year * month * (1 - day) +
                                 year * day * (1 - month) +
                                 month * day * (1 - year);
    if (!sorted)
        p[KITH_DATE_YEAR] = year * (1 - month) * (1 - day);
    p[KITH_DATE_YEAR_DAY_UNKNOWN] = 0.01 * year;
    rest_to_last(p, KITH_DATE_LEVELS);
}

static void
place_levels(double *p, const kith_digit *digit)
{
    double u = place_u;
    for (unsigned v = 0; v < digit->n_values; v++, u *= place_step)
        p[v + 1] = digit->value_offsets[v] == KITH_IMPLIED  ? 1
                   : digit->value_offsets[v] == KITH_ABSENT ? 0
                                                            : u;
    /* Where the block fixes a place, coarser ones say nothing more. */
    double sum = 0;
    for (unsigned v = 0; v < digit->n_values; v++) {
        if (sum + p[v + 1] > 1)
            p[v + 1] = 1 - sum;
        sum += p[v + 1];
    }
    rest_to_last(p, digit->n_levels);
}

void
kith_default_u(double p[KITH_MAX_LEVELS], const kith_digit *digit)
{
    memset(p, 0, KITH_MAX_LEVELS * sizeof *p);
    switch (digit->kind) {
    case KITH_COMPARE_NAMES:
    case KITH_COMPARE_TEXT:
        p[1] = digit->sounds_alike ? alike_name_u : name_u;
        for (unsigned l = 2; l + 1u < digit->n_levels; l++)
            p[l] = digit->sounds_alike ? alike_similar_u : similar_u;
        rest_to_last(p, digit->n_levels);
        break;
    case KITH_COMPARE_DATE:
        date_u(p, digit);
        break;
    case KITH_COMPARE_EXACT:
        p[1] = sex_u;
        rest_to_last(p, digit->n_levels);
        break;
    case KITH_COMPARE_NESTED:
        place_levels(p, digit);
        break;
    }
    finish(p, digit->n_levels);
}
