#include "synth/happen.h"

#include <math.h>

enum { STATEMENTS = 24 };

static void
suffer_abuse(kith_happen *h)
{
    kith_rng *rng = &h->cell->rng;
    const double own = h->abuse_luck;
    const bool child = h->age < 18;
    const double factor = child ? 0.9 : h->person->sex == 1 ? 1.5 : 0.66;
    for (int y = 0; y < KITH_YEARS; y++) {
        if (!kith_happen_year(h, KITH_NEED_ABUSE, factor, own))
            continue;
        if (y == 0)
            kith_happen_mark(h, KITH_NEED_ABUSE);
        uint8_t role = 2;
        if (!child)
            role =
                kith_rng_chance(rng, h->person->sex == 1 ? 0.8 : 0.3) ? 0 : 1;
        do
            kith_happen_add(h, KITH_EVENT_ABUSE, kith_happen_day(h, y),
                            KITH_NO_DATE, role,
                            kith_rng_chance(rng, 0.1) ? 1 : 0);
        while (kith_rng_chance(rng, 0.35));
    }
}

/* Rates are of tenancies, and social tenants are poorer than others: the
 * factors make up for that (measured on a million people). */
static void
owe_rent(kith_happen *h)
{
    kith_rng *rng = &h->cell->rng;
    const kith_household *home = &h->cell->homes[h->person->household];
    if (home->first != h->index || !home->social_tenant)
        return;
    const bool behind = kith_happen_ever(h, KITH_NEED_ARREARS, 0.72);
    int32_t balance = kith_rng_between(rng, 60, 1800);
    if (behind)
        kith_happen_mark(h, KITH_NEED_ARREARS);
    /* A statement a month; most tenants owe little or nothing. */
    for (int i = 0; i < STATEMENTS; i++) {
        kith_happen_add(h, KITH_EVENT_ARREARS, h->today - 15 - i * 30,
                        KITH_NO_DATE, 0, 0);
        if (!behind)
            balance = kith_rng_between(rng, -90, 40);
        kith_happen_amounts(h, balance * 100, 0, 0);
        balance += kith_rng_between(rng, -balance / 4, 60);
    }
    if (kith_happen_ever(h, KITH_NEED_EVICTION, 0.58)) {
        kith_happen_mark(h, KITH_NEED_EVICTION);
        kith_happen_add(h, KITH_EVENT_EVICTION, kith_happen_day(h, 0),
                        KITH_NO_DATE, (uint8_t)kith_rng_below(rng, 3), 0);
    }
}

static void
lose_home(kith_happen *h)
{
    kith_rng *rng = &h->cell->rng;
    if (kith_happen_ever(h, KITH_NEED_HOMELESS, h->age < 45 ? 1.46 : 0.53)) {
        kith_happen_mark(h, KITH_NEED_HOMELESS);
        const int32_t start = kith_happen_day(h, (int)kith_rng_below(rng, 2));
        const int32_t end = start + kith_rng_between(rng, 30, 250);
        kith_happen_add(
            h, KITH_EVENT_HOMELESS, start, end > h->today ? KITH_NO_DATE : end,
            (uint8_t)kith_rng_below(rng, 3), (uint8_t)kith_rng_below(rng, 5));
        if (kith_rng_chance(rng, 0.3))
            kith_happen_add(h, KITH_EVENT_TEMPORARY, start + 5,
                            end > h->today ? KITH_NO_DATE : end,
                            (uint8_t)kith_rng_below(rng, 3), 0);
    }
    if (h->with_child || !kith_happen_ever(h, KITH_NEED_ROUGH, 1.51))
        return;
    kith_happen_mark(h, KITH_NEED_ROUGH);
    do
        kith_happen_add(h, KITH_EVENT_ROUGH, kith_happen_day(h, 0),
                        KITH_NO_DATE, (uint8_t)kith_rng_below(rng, 2), 0);
    while (kith_rng_chance(rng, 0.6));
}

/* Parents whose quarrels children's services come to know of. */
static void
quarrel(kith_happen *h)
{
    const double own = kith_rng_normal(&h->cell->rng);
    for (int y = 0; y < 2 && h->with_child; y++) {
        if (!kith_happen_year(h, KITH_NEED_CONFLICT, 1, own))
            continue;
        if (y == 0)
            kith_happen_mark(h, KITH_NEED_CONFLICT);
        kith_happen_add(h, KITH_EVENT_CONFLICT, kith_happen_day(h, y),
                        KITH_NO_DATE, 0, 0);
    }
}

/* Somebody who knows the family asks for it to be taken in, or left out. */
static void
be_nominated(kith_happen *h)
{
    kith_rng *rng = &h->cell->rng;
    if (!h->with_child || !kith_rng_chance(rng, 0.004))
        return;
    const int32_t made = kith_happen_day(h, 0);
    const bool exclude = kith_rng_chance(rng, 0.1);
    kith_happen_add(h, KITH_EVENT_NOMINATION, made, made + KITH_YEAR_DAYS, 0,
                    exclude ? 6 : (uint8_t)kith_rng_below(rng, 6));
    kith_happen_codes(h, exclude ? 1 : 0, (uint8_t)kith_rng_below(rng, 4));
}

/* The fire service at the door: safe and well visits to one home in twenty a
 * year, older people first, and fires in two of a thousand (own estimates:
 * 60,000 visits and 2,000 fires in homes a year in Greater Manchester). */
static void
meet_firefighters(kith_happen *h)
{
    kith_rng *rng = &h->cell->rng;
    if (h->cell->homes[h->person->household].first != h->index)
        return;
    const double latent = h->person->latent;
    for (int y = 0; y < KITH_YEARS; y++) {
        if (kith_rng_chance(rng, h->age < 65 ? 0.035 : 0.09))
            kith_happen_add(h, KITH_EVENT_SAFETY_VISIT, kith_happen_day(h, y),
                            KITH_NO_DATE,
                            latent > 1 || kith_rng_chance(rng, 0.1) ? 2
                            : latent > 0                            ? 1
                                                                    : 0,
                            0);
        if (kith_rng_chance(rng, 0.0017 * exp(0.5 * latent - 0.125)))
            kith_happen_add(h, KITH_EVENT_FIRE, kith_happen_day(h, y),
                            KITH_NO_DATE, (uint8_t)kith_rng_below(rng, 3), 0);
    }
}

void
kith_happen_home(kith_happen *h)
{
    kith_rng *rng = &h->cell->rng;
    suffer_abuse(h);
    if (h->age < 18)
        return;
    owe_rent(h);
    meet_firefighters(h);
    lose_home(h);
    be_nominated(h);
    quarrel(h);
    /* Keyworkers reach one parent in ten with three needs or more. */
    unsigned n = 0;
    for (uint32_t bits = h->person->needs; bits != 0; bits &= bits - 1)
        n++;
    if (h->with_child && n >= 2 && kith_rng_chance(rng, 0.3)) {
        const int32_t start = kith_happen_day(h, (int)kith_rng_below(rng, 2));
        const int32_t end = start + kith_rng_between(rng, 80, 300);
        const bool closed = end <= h->today;
        kith_happen_add(h, KITH_EVENT_INTERVENTION, start,
                        closed ? end : KITH_NO_DATE, 0,
                        closed ? (kith_rng_chance(rng, 0.75) ? 1 : 2) : 0);
    }
}
