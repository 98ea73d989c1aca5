/* Rates over three seeds of 200,000 people: needs as the table has them, and
 * births, deaths, weddings, divorces, moves and ages as official statistics
 * have them. */
#include "synth/events.h"
#include "synth/places.h"
#include "synth/tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

enum { PEOPLE = 200000, SEEDS = 3 };

typedef struct totals {
    kith_tables *tables;
    kith_tally *sum;
    uint64_t ages[5];
} totals;

/* Ages of bands: 0-14, 15-29, 30-49, 50-64, 65 and over. */
static const int32_t BANDS[5] = {15, 30, 50, 65, 200};

static void
count_ages(totals *t, const kith_cell *c)
{
    const int32_t today = c->world->reference;
    for (size_t i = 0; i < c->n_people; i++) {
        const kith_person *p = &c->people[i];
        unsigned band = 0;
        if (p->born > today || (p->died != KITH_NO_DATE && p->died <= today))
            continue;
        while (kith_age_years(p->born, today) >= BANDS[band])
            band++;
        t->ages[band]++;
    }
}

static int
setup(void **state)
{
    static totals t;
    kith_error err = KITH_ERROR_INIT;
    kith_cell c = {0};
    kith_events e = {0};
    if (kith_tables_load(&t.tables, "fixtures/synth", NULL, &err) != KITH_OK ||
        kith_tally_new(&t.sum, t.tables, &err) != KITH_OK)
        return -1;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        kith_world w = {.tables = t.tables, .seed = seed, .n_people = PEOPLE};
        w.reference = w.today = kith_days_from_ymd((kith_ymd){2026, 3, 31});
        kith_world_plan(&w);
        if (kith_places_plan(&w, &err) != KITH_OK)
            return -1;
        for (uint32_t n = 0; n < w.n_cells; n++) {
            if (kith_cell_make(&c, &w, n, &err) != KITH_OK ||
                kith_events_make(&e, &c, &err) != KITH_OK)
                return -1;
            kith_tally_people(t.sum, &c);
            count_ages(&t, &c);
        }
    }
    kith_cell_done(&c);
    kith_events_done(&e);
    *state = &t;
    return 0;
}

static int
teardown(void **state)
{
    totals *t = *state;
    kith_tally_free(t->sum);
    kith_tables_free(t->tables);
    return 0;
}

/* Within a tenth, or three standard errors of a count; needs come together in
 * families, which doubles the variance (a family of four that shares 36 % of
 * its variance: 1 + 3 x 0.36). */
static void
expect_rate(const char *what, double want, uint64_t part, uint64_t whole)
{
    const double n = (double)whole;
    const double gap = (double)part / n - want;
    if (gap * gap > 0.01 * want * want && gap * gap > 18 * want / n)
        fail_msg("%s: want %f, got %f", what, want, (double)part / n);
}

static void
needs_are_as_frequent_as_said(void **state)
{
    const totals *t = *state;
    for (unsigned k = 0; k < KITH_NEEDS; k++)
        expect_rate(kith_need_name((kith_need)k), t->tables->needs[k],
                    t->sum->needing[k], t->sum->eligible[k]);
}

/* GM, 2021 Census: 2.4 a home, 1.15 % under one; England and Wales, 2019 (ONS):
 * 530,841 deaths, 219,850 weddings, 107,599 divorces of 59.4 million; moves:
 * 14 % under 65, 3.6 % over (ONS, 2011 Census). */
static void
lives_run_as_official_statistics(void **state)
{
    const kith_tally *s = ((const totals *)*state)->sum;
    expect_rate("births", 0.0115, s->births, s->people);
    expect_rate("deaths", 0.0089, s->deaths, s->people);
    expect_rate("people who marry", 0.0074, s->weddings, s->people);
    expect_rate("people who divorce", 0.0036, s->divorces, s->people);
    expect_rate("moves under 65", 0.14, s->moved_young, s->young);
    expect_rate("moves over 65", 0.036, s->moved_old, s->old);
    expect_rate("minors", 0.228, s->minors, s->people);
    expect_rate("homes", 1 / 2.4, s->homes, s->people);
    assert_true(s->partings > s->divorces);
}

/* GM, 2021 Census, shares by age. */
static void
ages_are_those_of_the_census(void **state)
{
    static const double shares[5] = {0.192, 0.198, 0.271, 0.181, 0.158};
    static const char *const bands[5] = {"0-14", "15-29", "30-49", "50-64",
                                         "65+"};
    const totals *t = *state;
    for (unsigned i = 0; i < 5; i++)
        expect_rate(bands[i], shares[i], t->ages[i], t->sum->people);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(needs_are_as_frequent_as_said),
        cmocka_unit_test(lives_run_as_official_statistics),
        cmocka_unit_test(ages_are_those_of_the_census),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
