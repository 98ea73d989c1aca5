#include "synth/happen.h"

#include <math.h>

/*
 * What everybody does: the bulk of what services hold, and no need. Only the
 * agencies that know somebody anyway write it down.
 */

/* Consultations at a practice: 5.16 a person and year (Hobbs et al. 2016,
 * England 2013/14); attended hospital outpatient appointments: about 1.7 (own
 * estimate from 95 million a year in England). */
static const double CONSULTATIONS = 5.16;
static const double APPOINTMENTS = 1.7;

enum { MOST_CONTACTS = 60 };

/* By age, shape only: the very young and the old see a doctor most; the mean
 * over a population is about 1 (own estimate). */
static double
contact_age(double age)
{
    if (age < 5)
        return 1.2;
    if (age < 16)
        return 0.5;
    if (age < 45)
        return 0.8;
    if (age < 65)
        return 1.05;
    return age < 75 ? 1.5 : 2.0;
}

/* A year's contacts: geometric, as repeated contacts of a few are. One draw
 * gives both the day and the kind, one of four. */
static void
see(kith_happen *h, kith_event_type type, int year, double mean)
{
    kith_rng *rng = &h->cell->rng;
    /* Half a day more makes up for what rounding down takes away. */
    int32_t n = kith_rng_days(rng, mean + 0.5);
    for (n = n < MOST_CONTACTS ? n : MOST_CONTACTS; n > 0; n--) {
        const uint64_t x = kith_rng_next(rng);
        const int32_t back = (int32_t)((x >> 32) * KITH_YEAR_DAYS >> 32);
        const int32_t day = h->today - year * KITH_YEAR_DAYS - back;
        if (day < h->person->born ||
            (h->person->died != KITH_NO_DATE && day > h->person->died))
            continue;
        kith_happen_add(h, type, day, KITH_NO_DATE, (uint8_t)(x & 3u), 0);
    }
}

static void
see_doctors(kith_happen *h)
{
    /* The mean of exp(0.2 x - 0.02) is 1 for a standard normal x. */
    const double factor =
        contact_age(h->age) * exp(0.2 * h->person->latent - 0.02);
    for (int y = 0; y < kith_event_years(KITH_EVENT_GP_CONTACT); y++)
        see(h, KITH_EVENT_GP_CONTACT, y, CONSULTATIONS * factor);
    for (int y = 0; y < kith_event_years(KITH_EVENT_OUTPATIENT); y++)
        see(h, KITH_EVENT_OUTPATIENT, y, APPOINTMENTS * factor);
}

/* The day from which somebody answers for the home: the first of it for ever,
 * its partner once the first is dead; INT32_MAX: never. */
static int32_t
liable_since(const kith_happen *h)
{
    const uint32_t first = h->cell->homes[h->person->household].first;
    const kith_person *p = &h->cell->people[first];
    if (first == h->index)
        return INT32_MIN;
    return p->died != KITH_NO_DATE && h->person->partner == (int32_t)first
               ? p->died + 1
               : INT32_MAX;
}

/* The account or the tenancy of every address since there are records, and
 * since the person was of age. */
static void
live_somewhere(kith_happen *h, kith_event_type type, uint8_t kind,
               int32_t since)
{
    const kith_person *p = h->person;
    const int32_t adult = p->born + 18 * 366;
    int32_t end = KITH_NO_DATE;
    if (since < adult)
        since = adult;
    for (uint8_t i = 0; i < p->n_stays; i++) {
        const kith_stay *s = &p->stays[i];
        const int32_t from = s->from > since ? s->from : since;
        const bool own =
            s->household == p->household || s->household == KITH_FORMER;
        if (own && from <= h->today && (end == KITH_NO_DATE || end >= from))
            kith_happen_add(h, type, from, end, kind, 0);
        end = s->from - 1 > h->today ? KITH_NO_DATE : s->from - 1;
    }
}

/* Practices have asked nine patients in ten for their ethnic group, some day
 * of these years (own estimate). */
static const double ASKED = 0.9;

static void
be_registered(kith_happen *h)
{
    kith_rng *rng = &h->cell->rng;
    const kith_person *p = h->person;
    const uint8_t group =
        h->cell->world->tables->communities[p->community].group;
    if (kith_rng_chance(rng, ASKED))
        kith_happen_add(
            h, KITH_EVENT_ORIGIN,
            kith_happen_day(h, (int)kith_rng_below(rng, KITH_YEARS)),
            KITH_NO_DATE, group, 0);
    if (p->died != KITH_NO_DATE)
        kith_happen_add(h, KITH_EVENT_DEATH, p->died, KITH_NO_DATE, 0, 0);
}

void
kith_happen_routine(kith_happen *h)
{
    const kith_household *home = &h->cell->homes[h->person->household];
    see_doctors(h);
    be_registered(h);
    const int32_t since = liable_since(h);
    if (h->age < 18 || since == INT32_MAX)
        return;
    /* One adult of the home is liable: alone, a quarter less; tenants of
     * social landlords often pay a reduced rate (own estimate). */
    const bool reduced =
        home->social_tenant && kith_rng_chance(&h->cell->rng, 0.6);
    const bool alone =
        home->n == 1 || (home->first != h->index && home->n == 2);
    const uint8_t kind = reduced ? 2 : alone ? 1 : 0;
    live_somewhere(h, KITH_EVENT_COUNCIL_TAX, kind, since);
    if (home->social_tenant)
        live_somewhere(h, KITH_EVENT_TENANCY, 0, since);
}
