#include "synth/happen.h"

#include <math.h>

/* Emergency attendances: about a quarter of people in a year, 9.5 % of them
 * three times or more, 1.2 % six (cohorts notes, FA). */
static void
visit_emergency(kith_happen *h)
{
    kith_rng *rng = &h->cell->rng;
    const double own = kith_rng_normal(rng);
    const double factor = h->age < 5 || h->age > 75 ? 1.4 : 0.94;
    for (int y = 0; y < 2; y++) {
        if (!kith_happen_year(h, KITH_NEED_EMERGENCY, factor, own))
            continue;
        double again = fmin(0.75, 0.27 * exp(0.25 * h->person->latent));
        unsigned n = 1;
        if (kith_rng_chance(rng, 0.02))
            again = 0.85;
        while (n < 40 && kith_rng_chance(rng, again))
            n++;
        if (y == 0)
            kith_happen_mark(h, KITH_NEED_EMERGENCY);
        for (unsigned i = 0; i < n; i++) {
            const int32_t day = kith_happen_day(h, y);
            const uint8_t arrival = (uint8_t)kith_rng_below(rng, 3);
            kith_happen_add(h, KITH_EVENT_AE, day, KITH_NO_DATE, arrival, 0);
            if (kith_rng_chance(rng, h->age > 70 ? 0.45 : 0.12))
                kith_happen_add(h, KITH_EVENT_ADMISSION, day,
                                day + kith_rng_days(rng, 4), 0, 0);
        }
    }
}

/* A pregnancy is booked in the tenth week, thirty before the birth. */
enum { BOOKED = 205 };

/* The children she bears, in the nights ahead too; returns the last day of
 * birth. */
static int32_t
bear_children(kith_happen *h)
{
    const kith_cell *c = h->cell;
    const kith_household *home = &c->homes[h->person->household];
    int32_t last = KITH_NO_DATE;
    for (uint32_t i = home->first; i < home->first + home->n; i++) {
        const kith_person *p = &c->people[i];
        if (p->mother != (int32_t)h->index || p->born == last ||
            p->born < h->today - KITH_YEARS * KITH_YEAR_DAYS)
            continue;
        kith_happen_add(h, KITH_EVENT_PREGNANCY, p->born - BOOKED, p->born, 0,
                        0);
        if (last == KITH_NO_DATE || p->born > last)
            last = p->born;
    }
    return last;
}

/* Births a year to women of 16 to 44: 6.2 % (12 births in 1,000 people), by
 * age as ONS has them in shape. */
static double
fertility(double age)
{
    if (age < 20)
        return 0.3;
    if (age < 25)
        return 0.9;
    if (age < 35)
        return 1.7;
    return age < 40 ? 1.0 : 0.25;
}

static void
expect_child(kith_happen *h)
{
    kith_rng *rng = &h->cell->rng;
    if (h->person->sex != 1 || h->age < 16)
        return;
    const int32_t last = bear_children(h);
    /* Children who will be born after the nights that are foreseen; not to
     * women who have just had one, or are about to. */
    const double chance = 0.062 * fertility(h->age) * BOOKED / KITH_YEAR_DAYS;
    if (h->age >= 45 || !kith_rng_chance(rng, chance))
        return;
    const int32_t due =
        h->today + KITH_NIGHTS + kith_rng_between(rng, 1, BOOKED);
    if (last == KITH_NO_DATE || last < due - KITH_YEAR_DAYS)
        kith_happen_add(h, KITH_EVENT_PREGNANCY, due - BOOKED, due, 0, 0);
}

void
kith_happen_health(kith_happen *h)
{
    kith_rng *rng = &h->cell->rng;
    visit_emergency(h);
    expect_child(h);
    const kith_need mind =
        h->age < 18 ? KITH_NEED_MENTAL_CHILD : KITH_NEED_MENTAL_ADULT;
    const double own = kith_rng_normal(rng);
    for (int y = 0; y < KITH_YEARS && h->age >= 5; y++) {
        if (!kith_happen_year(h, mind, 1.04, own))
            continue;
        if (y == 0)
            kith_happen_mark(h, mind);
        const bool mother = h->person->sex == 1 && h->with_child;
        do
            kith_happen_add(h, KITH_EVENT_MENTAL, kith_happen_day(h, y),
                            KITH_NO_DATE, (uint8_t)kith_rng_below(rng, 3),
                            mother && kith_rng_chance(rng, 0.1) ? 1 : 0);
        while (kith_rng_chance(rng, 0.5));
    }
    if (h->age >= 16 && h->age < 75 &&
        kith_happen_ever(h, KITH_NEED_TREATMENT,
                         h->person->sex == 0 ? 1.5 : 0.72)) {
        kith_happen_mark(h, KITH_NEED_TREATMENT);
        /* Older people come for opiates, younger ones for several drugs. */
        const uint8_t substance = h->age > 35
                                      ? (uint8_t)kith_rng_below(rng, 3)
                                      : (uint8_t)(1 + kith_rng_below(rng, 5));
        kith_happen_add(
            h, KITH_EVENT_TREATMENT, h->today - kith_rng_days(rng, 400),
            kith_rng_chance(rng, 0.25) ? h->today - 5 : KITH_NO_DATE, substance,
            0);
    }
}
