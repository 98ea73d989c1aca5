#include "synth/names.h"
#include "synth/places.h"
#include "synth/world.h"

#include <math.h>

/* Moves a year by type of household, besides those of people who leave their
 * parents, part, or move in with somebody. 14 % of people under 65 and 3.6 % of
 * older ones had another address a year before (ONS, 2011 Census); a third of
 * those of 20 to 24. */
static const double MOVES[KITH_HOME_TYPES] = {
    0.155, 0.016, 0.115, 0.015, 0.096, 0.14, 0.065, 0.07, 0.36, 0.45, 0.15};

static const int32_t YEAR = 365;

/* Most moves are short: a quarter within the cell, half nearby. */
kith_stay
kith_former_home(kith_cell *c)
{
    kith_rng *rng = &c->rng;
    const kith_world *w = c->world;
    int64_t cell = c->number;
    const double x = kith_rng_unit(rng);
    if (x > 0.75)
        cell = (int64_t)kith_rng_below(rng, w->n_cells);
    else if (x > 0.25)
        cell += kith_rng_between(rng, -6, 6);
    if (cell < 0 || cell >= (int64_t)w->n_cells)
        cell = c->number;
    const uint32_t homes = kith_postcode_count(w) * 13; /* most of 15 */
    return (kith_stay){0, (uint32_t)cell, (uint32_t)kith_rng_below(rng, homes),
                       KITH_FORMER, KITH_FORMER};
}

/* Addresses backwards from the horizon until twelve years ago. */
static uint8_t
draw_stays(kith_cell *c, kith_stay stays[KITH_STAYS], uint32_t dwelling,
           double moves)
{
    const int32_t horizon = c->world->reference + KITH_NIGHTS;
    int32_t day = horizon;
    uint8_t n = 0;
    stays[0] = (kith_stay){0, c->number, dwelling, KITH_FORMER, KITH_FORMER};
    for (;;) {
        day -= 1 + kith_rng_days(&c->rng, YEAR / moves);
        stays[n].from = day;
        n++;
        if (n == KITH_STAYS || day < horizon - 12 * YEAR)
            return n;
        stays[n] = kith_former_home(c);
    }
}

/* A household moves as one, and stays the same family. */
static void
copy_stays(kith_person *p, const kith_stay stays[KITH_STAYS], uint8_t n)
{
    for (uint8_t i = 0; i < n; i++) {
        p->stays[i] = stays[i];
        p->stays[i].household = p->household;
        p->stays[i].family = p->family;
    }
    p->n_stays = n;
}

/* Who shares no more than a roof came to it alone. */
static void
move_alone(kith_cell *c, kith_person *p, uint32_t dwelling, double moves)
{
    p->n_stays = draw_stays(c, p->stays, dwelling, moves);
    p->stays[0].household = p->household;
    for (uint8_t i = 0; i < p->n_stays; i++)
        p->stays[i].family = p->family;
}

static void
move_home(kith_cell *c, const kith_household *home)
{
    kith_stay stays[KITH_STAYS];
    const double moves = MOVES[home->type] * exp(0.12 * home->latent);
    const uint8_t n = draw_stays(c, stays, home->dwelling, moves);
    const bool apart = home->type == KITH_HOME_SHARED ||
                       home->type == KITH_HOME_STUDENTS ||
                       home->type == KITH_HOME_COMMUNAL;
    for (uint32_t i = 0; i < home->n; i++) {
        kith_person *p = &c->people[home->first + i];
        if (apart)
            move_alone(c, p, home->dwelling, moves);
        else
            copy_stays(p, stays, n);
    }
    for (uint32_t i = home->first; i < home->first + home->n; i++)
        if (c->people[i].sex == 1 && c->people[i].partner != KITH_NOBODY)
            kith_couple_remember(c, i);
}

/* Gompertz mortality fitted by eye to the England and Wales life table: 1 %
 * a year at 65, 10 % at 86. */
static void
perhaps_die(kith_cell *c, kith_person *p)
{
    const double age = (c->world->reference - p->born) / 365.25;
    const double yearly = 0.0095 * exp(0.105 * (age - 65)) + 0.0002;
    /* In the last three years, or in the nights ahead. */
    if (kith_rng_chance(&c->rng, fmin(3.16 * yearly, 0.6)))
        p->died = c->world->reference +
                  kith_rng_between(&c->rng, -3 * YEAR, KITH_NIGHTS);
    if (p->died != KITH_NO_DATE && p->died < p->born)
        p->died = KITH_NO_DATE;
}

/* One woman in three whose marriage ended took her own name back (own
 * estimate); the name she had is drawn when the husband lives elsewhere. */
static void
perhaps_revert(kith_cell *c, kith_person *p)
{
    const kith_tables *t = c->world->tables;
    const kith_naming naming = t->communities[p->community].naming;
    if (p->sex == 0 || p->partner != KITH_NOBODY ||
        p->married == KITH_NO_DATE || p->parted == KITH_NO_DATE ||
        naming == KITH_NAMING_OWN || naming == KITH_NAMING_CHAIN ||
        !kith_rng_chance(&c->rng, 0.33))
        return;
    const kith_surname own = p->former;
    p->former = p->renamed != KITH_NO_DATE
                    ? p->surname
                    : kith_surname_draw(t, p->community, &c->rng);
    if (p->renamed != KITH_NO_DATE)
        p->surname = own;
    p->renamed = p->parted + kith_rng_between(&c->rng, 0, 2 * YEAR);
}

/* Births that were never registered are entered as 1 January: 5 to 30 % of
 * adults from some countries (own estimate). */
static void
perhaps_first_of_january(kith_cell *c, kith_person *p)
{
    const kith_tables *t = c->world->tables;
    if (t->communities[p->community].error_factor < 1.85 ||
        kith_age_years(p->born, c->world->reference) < 20 ||
        !kith_rng_chance(&c->rng, 0.12))
        return;
    kith_ymd d = kith_ymd_from_days(p->born);
    d.month = 1;
    d.day = 1;
    p->born = kith_days_from_ymd(d);
}

void
kith_cell_remember(kith_cell *c)
{
    for (size_t h = 0; h < c->n_homes; h++)
        move_home(c, &c->homes[h]);
    for (size_t i = 0; i < c->n_people; i++) {
        kith_person *p = &c->people[i];
        kith_person_remember(c, i);
        perhaps_die(c, p);
        perhaps_revert(c, p);
        perhaps_first_of_january(c, p);
        const int32_t age = kith_age_years(p->born, c->world->reference);
        p->age = (uint8_t)(age > 0 ? age : 0);
    }
}
