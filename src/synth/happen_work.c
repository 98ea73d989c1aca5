#include "synth/happen.h"

/* A year with a provider of employment support; three in ten find a job (own
 * estimate). */
static void
be_helped_to_work(kith_happen *h)
{
    kith_rng *rng = &h->cell->rng;
    const double rate = h->cell->world->tables->needs[KITH_NEED_WORK_PROGRAMME];
    if (!kith_rng_chance(rng, rate))
        return;
    kith_happen_mark(h, KITH_NEED_WORK_PROGRAMME);
    const int32_t start = h->today - kith_rng_between(rng, 10, 700);
    const bool over = h->today - start > KITH_YEAR_DAYS;
    const uint8_t outcome = kith_rng_chance(rng, 0.3) ? 2 : 1;
    kith_happen_add(h, KITH_EVENT_WORK_PROGRAMME, start,
                    over ? start + KITH_YEAR_DAYS : KITH_NO_DATE,
                    over ? outcome : 0, 0);
}

static void
claim(kith_happen *h, bool workless)
{
    kith_rng *rng = &h->cell->rng;
    const int32_t start = h->today - 30 - kith_rng_days(rng, 700);
    if (workless) {
        const bool sick = kith_rng_chance(rng, 0.45);
        const uint8_t kind = sick && kith_rng_chance(rng, 0.4) ? 1 : 0;
        const uint8_t condition =
            sick ? 4 : (uint8_t)(1 + kith_rng_below(rng, 3));
        kith_happen_add(h, KITH_EVENT_BENEFIT, start, KITH_NO_DATE, kind,
                        condition);
        /* Two years on, and the Work Programme has not helped. */
        if (h->today - start > 2 * KITH_YEAR_DAYS && kith_rng_chance(rng, 0.15))
            kith_happen_add(h, KITH_EVENT_LIST, h->today - 200, KITH_NO_DATE, 0,
                            0);
    } else if (kith_rng_chance(rng, 0.12)) {
        /* A claim that ended, or one in work. */
        const bool over = kith_rng_chance(rng, 0.6);
        /* Of those that ended, some were ESA or JSA. */
        const uint8_t kind = over && kith_rng_chance(rng, 0.3)
                                 ? (uint8_t)(1 + kith_rng_below(rng, 2))
                                 : 0;
        kith_happen_add(h, KITH_EVENT_BENEFIT, start,
                        over ? start + kith_rng_between(rng, 20, 400)
                             : KITH_NO_DATE,
                        kind, over ? 1 : 5);
    }
}

/* Left a programme without a job, and found one later; rare (own estimate: a
 * tenth as many as are on one). */
static void
find_work_later(kith_happen *h)
{
    kith_rng *rng = &h->cell->rng;
    const double *rates = h->cell->world->tables->needs;
    if (!kith_rng_chance(rng, 0.1 * rates[KITH_NEED_BENEFIT] *
                                  rates[KITH_NEED_WORK_PROGRAMME]))
        return;
    const int32_t left = h->today - kith_rng_between(rng, 60, 1080);
    const int32_t job = left + kith_rng_between(rng, 5, 200);
    kith_happen_add(h, KITH_EVENT_WORK_PROGRAMME, left - KITH_YEAR_DAYS, left,
                    1, 0);
    if (job > h->today)
        return;
    kith_happen_add(h, KITH_EVENT_EMPLOYMENT, job, KITH_NO_DATE, 0, 0);
    kith_happen_amounts(h, kith_rng_between(rng, 8, 42) * 100, 0, 0);
}

/* Jobs backwards from today: the present one, and those before it. */
static void
work(kith_happen *h)
{
    kith_rng *rng = &h->cell->rng;
    int32_t end = KITH_NO_DATE;
    int32_t day = h->today;
    if (!kith_rng_chance(rng, 0.78))
        return;
    if (kith_rng_chance(rng, 0.08))
        end = day -= kith_rng_between(rng, 5, 200);
    for (int i = 0; i < 5 && day > h->today - KITH_YEARS * KITH_YEAR_DAYS;
         i++) {
        const int32_t start = day - 20 - kith_rng_days(rng, 900);
        kith_happen_add(h, KITH_EVENT_EMPLOYMENT, start, end,
                        kith_rng_chance(rng, 0.13) ? 1 : 0, 0);
        kith_happen_amounts(h, kith_rng_between(rng, 8, 42) * 100, 0, 0);
        end = day = start - kith_rng_between(rng, 1, 60);
    }
}

void
kith_happen_work(kith_happen *h)
{
    kith_rng *rng = &h->cell->rng;
    if (h->age >= 16 && h->age < 19) {
        const bool neet = kith_happen_ever(h, KITH_NEED_NEET, 1);
        if (neet)
            kith_happen_mark(h, KITH_NEED_NEET);
        const uint8_t status = neet ? 3
                               : kith_rng_chance(rng, 0.85)
                                   ? 0
                                   : (uint8_t)(1 + kith_rng_below(rng, 2));
        kith_happen_add(h, KITH_EVENT_EET, kith_happen_day(h, 0), KITH_NO_DATE,
                        status, 0);
    }
    if (h->age < 18 || h->age >= 66)
        return;
    const bool workless = kith_happen_ever(h, KITH_NEED_BENEFIT, 1);
    if (workless)
        kith_happen_mark(h, KITH_NEED_BENEFIT);
    claim(h, workless);
    if (workless)
        be_helped_to_work(h);
    if (!workless) {
        work(h);
        find_work_later(h);
    }
}
