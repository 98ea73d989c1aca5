#include "synth/happen.h"

#include <math.h>

enum { LOOKED_AFTER = 4, EXIT_PLAN = 0, CARE_PLAN = 1, PATHWAY_PLAN = 2 };

/* Reviews of the year: a care plan always, from 16 on a pathway plan. */
static void
write_plans(kith_happen *h)
{
    const double *rates = h->cell->world->tables->needs;
    kith_happen_add(h, KITH_EVENT_CARE_DOCUMENT, kith_happen_day(h, 0),
                    KITH_NO_DATE, CARE_PLAN, 0);
    if (h->age >= 16)
        kith_happen_add(h, KITH_EVENT_CARE_DOCUMENT, kith_happen_day(h, 0),
                        KITH_NO_DATE, PATHWAY_PLAN, 0);
    if (kith_rng_chance(&h->cell->rng, rates[KITH_NEED_EXIT_PLAN])) {
        kith_happen_mark(h, KITH_NEED_EXIT_PLAN);
        kith_happen_add(h, KITH_EVENT_CARE_DOCUMENT, kith_happen_day(h, 0),
                        KITH_NO_DATE, EXIT_PLAN, 0);
    }
}

/* A spell of social care of one tier; most are over within the year. */
static void
receive_care(kith_happen *h, kith_need need, uint8_t kind)
{
    kith_rng *rng = &h->cell->rng;
    if (!kith_happen_year(h, need, 1, h->care_luck))
        return;
    kith_happen_mark(h, need);
    const int32_t start = h->today - kith_rng_days(rng, 300);
    uint8_t placement = 0;
    if (kind == LOOKED_AFTER)
        placement = (uint8_t)(1 + kith_rng_below(rng, 5));
    kith_happen_add(h, KITH_EVENT_SOCIAL_CARE, start, KITH_NO_DATE, kind,
                    placement);
    if (kind == LOOKED_AFTER)
        write_plans(h);
    if (kind >= 1 && kith_rng_chance(rng, 0.6)) {
        const int32_t enquiry = start - kith_rng_between(rng, 5, 30);
        kith_happen_add(h, KITH_EVENT_SOCIAL_CARE, enquiry, start, 2, 0);
    }
}

/* As many earlier spells that have ended. */
static void
received_care(kith_happen *h, kith_need need, uint8_t kind)
{
    kith_rng *rng = &h->cell->rng;
    if (!kith_happen_year(h, need, 1, h->care_luck))
        return;
    const int32_t start = h->today - kith_rng_between(rng, 200, 1400);
    const int32_t end = start + kith_rng_between(rng, 40, 190);
    kith_happen_add(h, KITH_EVENT_SOCIAL_CARE, start, end, kind,
                    kind == LOOKED_AFTER ? 1 : 0);
}

void
kith_happen_care(kith_happen *h)
{
    kith_rng *rng = &h->cell->rng;
    if (h->age >= 18)
        return;
    static const struct {
        kith_need need;
        uint8_t kind;
    } tiers[] = {{KITH_NEED_EARLY_HELP, 0},
                 {KITH_NEED_CIN, 1},
                 {KITH_NEED_CPP, 3},
                 {KITH_NEED_LAC, 4}};
    for (unsigned i = 0; i < 4; i++) {
        receive_care(h, tiers[i].need, tiers[i].kind);
        received_care(h, tiers[i].need, tiers[i].kind);
    }
    if (h->age >= 5 && kith_happen_ever(h, KITH_NEED_YOUNG_CARER, 1)) {
        kith_happen_mark(h, KITH_NEED_YOUNG_CARER);
        kith_happen_add(h, KITH_EVENT_YOUNG_CARER,
                        h->today - kith_rng_between(rng, 30, 1000),
                        KITH_NO_DATE, 0, 0);
    }
    if (h->age < 9)
        return;
    const double own = kith_rng_normal(rng);
    for (int y = 0; y < 2; y++) {
        if (!kith_happen_year(h, KITH_NEED_MISSING_CHILD, 1, own))
            continue;
        if (y == 0)
            kith_happen_mark(h, KITH_NEED_MISSING_CHILD);
        do {
            kith_happen_add(h, KITH_EVENT_MISSING, kith_happen_day(h, y),
                            KITH_NO_DATE,
                            kith_rng_chance(rng, 0.9)   ? 0
                            : kith_rng_chance(rng, 0.5) ? 1
                                                        : 2,
                            0);
            kith_happen_amounts(h, kith_rng_between(rng, 1, 9) * 100, 0, 0);
        } while (kith_rng_chance(rng, 0.5));
    }
}
