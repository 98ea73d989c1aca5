#include "synth/happen.h"

/* Last days of the terms that criteria use: 31 Dec, 31 Mar, 31 Jul. */
static int32_t
term_end(int32_t today, int back, uint8_t *term)
{
    static const uint8_t months[3] = {12, 3, 7};
    kith_ymd d = kith_ymd_from_days(today);
    int32_t year = d.year;
    int t = 0; /* the last term that has ended */
    if (d.month == 12 && d.day == 31)
        t = 0;
    else if (d.month > 7 || (d.month == 7 && d.day == 31))
        t = 2;
    else if (d.month > 3 || (d.month == 3 && d.day == 31))
        t = 1;
    else
        year--;
    while (back-- > 0) {
        if (t == 1)
            year--;
        t = (t + 2) % 3;
    }
    *term = (uint8_t)t;
    return kith_days_from_ymd((kith_ymd){year, months[t], 31});
}

static void
attend(kith_happen *h, bool absent)
{
    kith_rng *rng = &h->cell->rng;
    for (int back = 0; back < 9; back++) {
        uint8_t term = 0;
        const int32_t day = term_end(h->today, back, &term);
        const int32_t age = kith_age_years(h->person->born, day);
        if (age < 5 || age > 15)
            continue;
        const int32_t possible = 120 + kith_rng_between(rng, -6, 10);
        /* Persistent absence: over 10 % of sessions, authorised or not. */
        const double share = absent ? 0.09 + 0.25 * kith_rng_unit(rng)
                                    : 0.07 * kith_rng_unit(rng);
        const int32_t missed = (int32_t)(share * possible);
        const int32_t without = (int32_t)(missed * (absent ? 0.6 : 0.25) *
                                          kith_rng_unit(rng) * 1.6);
        const int32_t unauthorised = without < missed ? without : missed;
        kith_happen_add(h, KITH_EVENT_ATTENDANCE, day, KITH_NO_DATE, term, 0);
        kith_happen_amounts(h, possible * 100, (missed - unauthorised) * 100,
                            unauthorised * 100);
    }
}

static void
be_excluded(kith_happen *h, uint8_t phase)
{
    kith_rng *rng = &h->cell->rng;
    const double own = kith_rng_normal(rng);
    const double factor =
        (h->person->sex == 0 ? 1.35 : 0.65) * (phase == 1 ? 1.77 : 0.37);
    for (int y = 0; y < 2; y++) {
        if (!kith_happen_year(h, KITH_NEED_EXCLUSION, factor, own))
            continue;
        if (y == 0)
            kith_happen_mark(h, KITH_NEED_EXCLUSION);
        do {
            kith_happen_add(h, KITH_EVENT_EXCLUSION, kith_happen_day(h, y),
                            KITH_NO_DATE, kith_rng_chance(rng, 0.02) ? 1 : 0,
                            phase);
            kith_happen_amounts(h, kith_rng_between(rng, 1, 5) * 100, 0, 0);
        } while (kith_rng_chance(rng, 0.45));
    }
}

/* The seventeen early learning goals, in their areas. */
static void
be_assessed(kith_happen *h)
{
    static const uint8_t area[17] = {0, 0, 0, 1, 1, 2, 2, 2, 3,
                                     3, 4, 4, 5, 5, 5, 6, 6};
    kith_rng *rng = &h->cell->rng;
    const bool behind = kith_happen_ever(h, KITH_NEED_NOT_READY, 1);
    if (behind && h->age < 8)
        kith_happen_mark(h, KITH_NEED_NOT_READY);
    /* June of the year they are five. */
    kith_ymd d = kith_ymd_from_days(h->person->born);
    d.year += 5;
    d.month = 6;
    d.day = 20;
    const int32_t day = kith_days_from_ymd(d);
    if (day > h->today)
        return;
    const uint64_t weak = kith_rng_below(rng, 12); /* an area that counts */
    for (uint8_t g = 0; g < 17; g++) {
        int32_t level = kith_rng_chance(rng, 0.2) ? 3 : 2;
        if (behind && (g == weak || kith_rng_chance(rng, 0.4)))
            level = 1;
        kith_happen_add(h, KITH_EVENT_EYFS, day, KITH_NO_DATE, area[g], g);
        kith_happen_amounts(h, level * 100, 0, 0);
    }
}

/* Four in ten of 16 and 17 are on no school's roll at all: the rate is of all
 * from 5 to 17. */
static const double OF_THOSE_ON_ROLL = 13 / 12.2;

static void
be_on_roll(kith_happen *h, uint8_t phase)
{
    kith_rng *rng = &h->cell->rng;
    kith_ymd d = kith_ymd_from_days(h->person->born);
    d.year += phase == 0 ? 5 : phase == 1 ? 11 : 16;
    d.month = 9;
    d.day = 3;
    int32_t start = kith_days_from_ymd(d);
    if (start > h->today)
        start = h->today - kith_rng_between(rng, 5, 200);
    int32_t end = KITH_NO_DATE;
    if (kith_happen_ever(h, KITH_NEED_OFF_ROLL, OF_THOSE_ON_ROLL)) {
        end = h->today - kith_rng_between(rng, 10, 300);
        kith_happen_mark(h, KITH_NEED_OFF_ROLL);
        if (kith_rng_chance(rng, 0.5))
            kith_happen_add(h, KITH_EVENT_ROLL, end + 1, KITH_NO_DATE,
                            kith_rng_chance(rng, 0.5) ? 1 : 2, phase);
    }
    kith_happen_add(h, KITH_EVENT_ROLL, start, end, 0, phase);
    uint8_t kind = 0;
    uint8_t reason = 0;
    if (kith_happen_ever(h, KITH_NEED_EXCLUSION, 0.15)) {
        kind = kith_rng_chance(rng, 0.6) ? 2 : 3;
        reason = kith_rng_chance(rng, 0.7) ? 1 : 2;
    }
    kith_happen_add(h, KITH_EVENT_PROVISION, start, end, kind, reason);
}

void
kith_happen_school(kith_happen *h)
{
    kith_rng *rng = &h->cell->rng;
    if (h->age >= 2.3 && h->age < 5) {
        const bool unused = kith_happen_ever(h, KITH_NEED_EARLY_YEARS, 1);
        uint8_t term = 0;
        const int32_t day = term_end(h->today, 0, &term);
        if (unused)
            kith_happen_mark(h, KITH_NEED_EARLY_YEARS);
        if (day >= h->person->born + 2 * KITH_YEAR_DAYS) {
            kith_happen_add(h, KITH_EVENT_EARLY_YEARS, day, KITH_NO_DATE, 0,
                            unused ? 1 : 0);
            kith_happen_amounts(h, unused ? 0 : 1500, 0, 0);
        }
    }
    if (h->age < 5 || h->age >= 18)
        return;
    const uint8_t phase = h->age < 11 ? 0 : h->age < 16 ? 1 : 2;
    const bool absent = kith_happen_ever(h, KITH_NEED_ABSENCE, 1);
    if (absent && h->age < 16)
        kith_happen_mark(h, KITH_NEED_ABSENCE);
    attend(h, absent);
    if (phase < 2 || kith_rng_chance(rng, 0.6))
        be_on_roll(h, phase);
    if (phase < 2)
        be_excluded(h, phase);
    be_assessed(h);
    if (kith_happen_ever(h, KITH_NEED_SPECIAL, 1)) {
        kith_happen_mark(h, KITH_NEED_SPECIAL);
        kith_happen_add(h, KITH_EVENT_SPECIAL,
                        h->today - kith_rng_between(rng, 100, 1500),
                        KITH_NO_DATE, kith_rng_chance(rng, 0.25) ? 1 : 0, 0);
    }
}
