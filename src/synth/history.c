#include "synth/names.h"
#include "synth/places.h"
#include "synth/world.h"

#include <math.h>

/* Moves a year by type of household. 14 % of people under 65 and 3.6 % of
 * older ones had another address a year before (ONS, 2011 Census); a third of
 * those of 20 to 24. */
static const double MOVES[KITH_HOME_TYPES] = {
    0.215, 0.012, 0.152, 0.013, 0.118, 0.175, 0.075, 0.08, 0.4, 0.5, 0.15};

static const int32_t YEAR = 365;

/* Most moves are short: a quarter within the cell, half nearby. */
static kith_stay
former_home(kith_cell *c)
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
    return (kith_stay){0, (uint32_t)cell, (uint32_t)kith_rng_below(rng, homes)};
}

/* Addresses backwards from the horizon until twelve years ago. */
static uint8_t
draw_stays(kith_cell *c, kith_stay stays[KITH_STAYS], uint32_t dwelling,
           double moves)
{
    const int32_t horizon = c->world->reference + KITH_NIGHTS;
    int32_t day = horizon;
    uint8_t n = 0;
    stays[0] = (kith_stay){0, c->number, dwelling};
    for (;;) {
        day -= 1 + kith_rng_days(&c->rng, YEAR / moves);
        stays[n].from = day;
        n++;
        if (n == KITH_STAYS || day < horizon - 12 * YEAR)
            return n;
        stays[n] = former_home(c);
    }
}

static void
copy_stays(kith_person *p, const kith_stay stays[KITH_STAYS], uint8_t n)
{
    for (uint8_t i = 0; i < n; i++)
        p->stays[i] = stays[i];
    p->n_stays = n;
}

/* Adults who joined the household came from elsewhere. */
static void
came_from_elsewhere(kith_cell *c, kith_person *p)
{
    for (uint8_t i = 1; i < p->n_stays; i++) {
        const int32_t from = p->stays[i].from;
        p->stays[i] = former_home(c);
        p->stays[i].from = from;
    }
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
        if (apart) {
            p->n_stays = draw_stays(c, p->stays, home->dwelling, moves);
            continue;
        }
        copy_stays(p, stays, n);
        if (i > 0 && !p->child && kith_rng_chance(&c->rng, 0.3))
            came_from_elsewhere(c, p);
    }
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

/* One woman in ten who lives without a partner took her own name back. */
static void
perhaps_revert(kith_cell *c, kith_person *p)
{
    const kith_tables *t = c->world->tables;
    const int32_t age = kith_age_years(p->born, c->world->reference);
    if (p->sex == 0 || p->partner != KITH_NOBODY || p->child || age < 26 ||
        t->communities[p->community].naming != KITH_NAMING_FAMILY ||
        !kith_rng_chance(&c->rng, 0.12))
        return;
    p->former = kith_surname_draw(t, p->community, &c->rng);
    p->renamed = c->world->reference - kith_rng_between(&c->rng, 0, 8 * YEAR);
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
        perhaps_die(c, p);
        perhaps_revert(c, p);
        perhaps_first_of_january(c, p);
        const int32_t age = kith_age_years(p->born, c->world->reference);
        p->age = (uint8_t)(age > 0 ? age : 0);
    }
}
