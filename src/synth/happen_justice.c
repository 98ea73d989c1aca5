#include "synth/happen.h"

#include <math.h>

/* Offending by age: rises to the late teens, falls slowly (Home Office
 * age-crime curve, shape only); the mean over adults is about 1. */
static double
age_crime(double age)
{
    if (age < 10)
        return 0;
    if (age < 18)
        return 0.44 + (age - 10) * 0.15;
    return 2.88 * exp(-(age - 18) / 22);
}

static uint8_t
pick(kith_happen *h, uint8_t n)
{
    return (uint8_t)kith_rng_below(&h->cell->rng, n);
}

/* One draw in three falls on the first value, and so on. */
static uint8_t
skewed(kith_happen *h, uint8_t n)
{
    uint8_t i = 0;
    while (i + 1 < n && kith_rng_chance(&h->cell->rng, 0.6))
        i++;
    return i;
}

static void
offend(kith_happen *h)
{
    kith_rng *rng = &h->cell->rng;
    const bool youth = h->age < 18;
    const kith_need need =
        youth ? KITH_NEED_OFFENCE_YOUTH : KITH_NEED_OFFENCE_ADULT;
    const double sex = h->person->sex == 0 ? 1.65 : 0.35;
    const double own = kith_rng_normal(rng);
    for (int y = 0; y < KITH_YEARS; y++) {
        if (!kith_happen_year(h, need, sex * age_crime(h->age - y), own))
            continue;
        if (y == 0)
            kith_happen_mark(h, need);
        uint8_t outcome = kith_rng_chance(rng, 0.7) ? 0 : 1;
        if (youth && kith_rng_chance(rng, 0.3))
            outcome = 2;
        do
            kith_happen_add(h, KITH_EVENT_OFFENCE, kith_happen_day(h, y),
                            KITH_NO_DATE, outcome, skewed(h, 10));
        while (kith_rng_chance(rng, 0.4));
    }
    /* As many again come to nothing. */
    if (kith_happen_ever(h, need, 2 * sex * age_crime(h->age)))
        kith_happen_add(h, KITH_EVENT_OFFENCE,
                        kith_happen_day(h, pick(h, KITH_YEARS)), KITH_NO_DATE,
                        (uint8_t)(3 + pick(h, 3)), skewed(h, 10));
}

static void
assess_risk(kith_happen *h, int32_t day)
{
    kith_happen_add(h, KITH_EVENT_RISK, day, KITH_NO_DATE, skewed(h, 4), 0);
    kith_happen_amounts(h, kith_rng_between(&h->cell->rng, 5, 95) * 100, 0, 0);
}

static void
be_sentenced(kith_happen *h)
{
    kith_rng *rng = &h->cell->rng;
    const double factor =
        (h->person->sex == 0 ? 1.85 : 0.2) * age_crime(h->age);
    if (h->age >= 18 && kith_happen_ever(h, KITH_NEED_CUSTODY, factor)) {
        const int32_t months = kith_rng_between(rng, 2, 40);
        const int32_t start = kith_happen_day(h, pick(h, KITH_YEARS));
        /* Half is served; the licence is the other half. */
        const int32_t release = kith_add_months(start, months / 2 + 1);
        kith_happen_mark(h, KITH_NEED_CUSTODY);
        kith_happen_add(h, KITH_EVENT_SENTENCE, start, release, 0, 0);
        kith_happen_amounts(h, months * 100, 0, 0);
        if (release < h->today)
            kith_happen_add(h, KITH_EVENT_ORDER, release,
                            kith_add_months(release, months / 2 + 1), 2, 0);
        assess_risk(h, start + 20);
    }
    if (h->age >= 14 && kith_happen_ever(h, KITH_NEED_ORDER, 0.93 * factor)) {
        const int32_t start = kith_happen_day(h, pick(h, 2));
        const uint8_t kind =
            h->age < 18 ? (uint8_t)(4 + pick(h, 2)) : pick(h, 2);
        kith_happen_mark(h, KITH_NEED_ORDER);
        kith_happen_add(h, KITH_EVENT_ORDER, start,
                        kith_add_months(start, kith_rng_between(rng, 6, 24)),
                        kind, 0);
        assess_risk(h, start + 10);
    }
}

static void
be_held(kith_happen *h)
{
    const double factor = (h->person->sex == 0 ? 1.9 : 0.1);
    if (h->age >= 18 || !kith_happen_ever(h, KITH_NEED_YOUTH_CUSTODY, factor))
        return;
    const int32_t start = kith_happen_day(h, pick(h, KITH_YEARS));
    const int32_t end = start + kith_rng_between(&h->cell->rng, 60, 400);
    kith_happen_mark(h, KITH_NEED_YOUTH_CUSTODY);
    kith_happen_add(h, KITH_EVENT_YOUTH_CUSTODY, start,
                    end > h->today ? KITH_NO_DATE : end, 0, 0);
}

void
kith_happen_justice(kith_happen *h)
{
    if (h->age < 10)
        return;
    kith_rng *rng = &h->cell->rng;
    offend(h);
    be_sentenced(h);
    be_held(h);
    const double own = kith_rng_normal(rng);
    for (int y = 0; y < KITH_YEARS; y++) {
        if (!kith_happen_year(h, KITH_NEED_ASB,
                              fmin(1.7, 1.08 * age_crime(h->age)), own))
            continue;
        if (y == 0)
            kith_happen_mark(h, KITH_NEED_ASB);
        do
            kith_happen_add(h, KITH_EVENT_ASB, kith_happen_day(h, y),
                            KITH_NO_DATE, skewed(h, 7), 0);
        while (kith_rng_chance(rng, 0.35));
    }
}
