/* The people themselves: ages, parents, partners, names, addresses. */
#include "synth/names.h"
#include "synth/places.h"
#include "synth/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { PEOPLE = 30000 };

/* What a walk over all cells saw. */
typedef struct seen {
    uint64_t people, homes, twins, namesakes, absent_fathers, renamed, died;
    uint64_t taken_names, couples, unborn, mixed;
} seen;

static bool
surnames_alike(const kith_tables *t, const kith_person *a, const kith_person *b)
{
    char x[KITH_NAME_TEXT];
    char y[KITH_NAME_TEXT];
    kith_surname_text(t, a->surname, x);
    kith_surname_text(t, b->surname, y);
    return strcmp(x, y) == 0;
}

static void
check_parents(const kith_cell *c, size_t i, seen *s)
{
    const kith_person *p = &c->people[i];
    const int32_t parents[2] = {p->mother, p->father};
    for (unsigned k = 0; k < 2; k++) {
        if (parents[k] == KITH_NOBODY)
            continue;
        assert_in_range(parents[k], 0, c->n_people - 1);
        const kith_person *parent = &c->people[parents[k]];
        assert_int_equal(parent->sex, k == 0 ? 1 : 0);
        /* No parent under 14, no mother over 56. */
        const int32_t gap = p->born - parent->born;
        assert_true(gap > 14 * 365);
        assert_true(k == 1 || gap < 57 * 365 + 14);
        s->absent_fathers +=
            k == 1 && p->child && parent->household != p->household;
    }
}

static void
check_person(const kith_cell *c, size_t i, seen *s)
{
    const kith_person *p = &c->people[i];
    const kith_household *home = &c->homes[p->household];
    assert_true(p->n_stays >= 1 && p->n_stays <= KITH_STAYS);
    for (uint8_t k = 1; k < p->n_stays; k++)
        assert_true(p->stays[k].from < p->stays[k - 1].from);
    assert_int_equal(p->stays[0].cell, c->number);
    assert_int_equal(p->stays[0].dwelling, home->dwelling);
    assert_in_range(i, home->first, home->first + home->n - 1);
    assert_true(p->born <= c->world->reference + KITH_NIGHTS);
    s->unborn += p->born > c->world->reference;
    if (p->partner != KITH_NOBODY) {
        const kith_person *other = &c->people[p->partner];
        assert_int_equal(other->partner, i);
        assert_int_equal(other->household, p->household);
        s->couples++;
        s->mixed += other->community != p->community;
        s->taken_names += surnames_alike(c->world->tables, p, other);
    }
    check_parents(c, i, s);
    s->renamed += p->renamed != KITH_NO_DATE;
    s->died += p->died != KITH_NO_DATE;
    for (size_t k = home->first; k < i; k++) {
        const kith_person *q = &c->people[k];
        s->twins += p->mother != KITH_NOBODY && p->mother == q->mother &&
                    p->born == q->born;
        s->namesakes += p->forename == q->forename &&
                        surnames_alike(c->world->tables, p, q);
    }
}

/* "BL1 2AB": as BS 7666 writes them. */
static void
check_address(const kith_world *w, uint32_t cell, uint32_t dwelling)
{
    kith_address a;
    kith_address_at(&a, w, cell, dwelling);
    const size_t n = strlen(a.postcode);
    assert_in_range(n, 6, 8);
    assert_int_equal(a.postcode[n - 4], ' ');
    assert_true(a.postcode[n - 3] >= '0' && a.postcode[n - 3] <= '9');
    assert_null(strpbrk(a.postcode + n - 2, "CIKMOV0123456789"));
    assert_true(strlen(a.street) > 4 && strlen(a.house) >= 1);
}

static void
walk_cell(const kith_world *w, uint32_t n, seen *s)
{
    kith_cell cell = {0};
    kith_error err = KITH_ERROR_INIT;
    assert_int_equal(kith_cell_make(&cell, w, n, &err), KITH_OK);
    assert_int_equal(cell.n_people - cell.n_unborn, kith_world_people(w, n));
    s->people += cell.n_people;
    s->homes += cell.n_homes;
    for (size_t h = 0; h < cell.n_homes; h++)
        check_address(w, n, cell.homes[h].dwelling);
    for (size_t i = 0; i < cell.n_people; i++)
        check_person(&cell, i, s);
    kith_cell_done(&cell);
}

static void
walk(const kith_world *w, seen *s)
{
    for (uint32_t n = 0; n < w->n_cells; n++)
        walk_cell(w, n, s);
}

static void
people_are_plausible(void **state)
{
    (void)state;
    kith_tables *t = NULL;
    kith_error err = KITH_ERROR_INIT;
    seen s = {0};
    assert_int_equal(kith_tables_load(&t, "fixtures/synth", NULL, &err),
                     KITH_OK);
    kith_world w = {.tables = t, .seed = 3, .n_people = PEOPLE};
    w.reference = kith_days_from_ymd((kith_ymd){2026, 3, 31});
    w.today = w.reference;
    kith_world_plan(&w);
    assert_int_equal(kith_places_plan(&w, &err), KITH_OK);
    walk(&w, &s);
    assert_int_equal(s.people, PEOPLE + s.unborn);
    /* 2.3 to 2.7 people a home; Greater Manchester has 2.4. */
    assert_in_range(s.homes, PEOPLE * 10 / 27, PEOPLE * 10 / 23);
    assert_true(s.twins > 0);
    /* 11.5 in a thousand people are under one (2021 Census): 57 births in
     * sixty days; four standard errors are 30. */
    assert_in_range(s.unborn, 35, 90);
    /* One in nine couples is of two communities; alike within one are some
     * who were drawn from the neighbourhood. */
    assert_in_range(s.mixed, s.couples * 5 / 100, s.couples * 14 / 100);
    assert_true(s.namesakes > 0);
    assert_true(s.absent_fathers > 100);
    assert_true(s.renamed > PEOPLE / 50);
    /* A little over 1 % die in a year: three years are kept. */
    assert_in_range(s.died, PEOPLE / 60, PEOPLE / 20);
    /* Most couples share a name, many do not. */
    assert_in_range(s.taken_names, s.couples * 35 / 100, s.couples * 75 / 100);
    kith_tables_free(t);
}

/* 33 people a postcode at most, each in one cell, whatever the size: of
 * thirty million people there are 930,000, a place each. */
static void
a_country_has_postcodes_of_its_own(void **state)
{
    (void)state;
    enum { COUNTRY = 30000000 };
    kith_tables *t = NULL;
    kith_error err = KITH_ERROR_INIT;
    kith_dict known = {0};
    seen people = {0};
    assert_int_equal(kith_tables_load(&t, "fixtures/synth", NULL, &err),
                     KITH_OK);
    kith_world w = {.tables = t, .seed = 3, .n_people = COUNTRY};
    w.reference = w.today = kith_days_from_ymd((kith_ymd){2026, 3, 31});
    kith_world_plan(&w);
    assert_int_equal(kith_places_plan(&w, &err), KITH_OK);
    const uint32_t each = kith_postcode_count(&w);
    assert_in_range(COUNTRY / w.n_cells / each, 25, 33);
    for (uint32_t c = 0; c < w.n_cells; c++) {
        for (uint32_t i = 0; i < each; i++) {
            char text[12];
            uint32_t index = 0;
            kith_postcode_at(text, &w, c, i);
            assert_int_equal(
                kith_dict_add(&known, kith_str_of(text), &index, &err),
                KITH_OK);
            assert_int_equal(index, c * each + i); /* never seen before */
        }
    }
    const uint32_t some[3] = {0, w.n_cells / 2, w.n_cells - 1};
    for (unsigned k = 0; k < 3; k++)
        walk_cell(&w, some[k], &people);
    assert_in_range(people.people, 2500, 3100);
    kith_dict_done(&known);
    kith_tables_free(t);
}

/* One district whose only sector is full after thirteen thousand people, and
 * again in every postal area from elsewhere. */
static void
too_few_sectors_are_told(void **state)
{
    (void)state;
    kith_tables *t = NULL;
    kith_error err = KITH_ERROR_INIT;
    assert_int_equal(kith_tables_load(&t, "fixtures/synth", NULL, &err),
                     KITH_OK);
    for (uint32_t d = 0; d < t->n_districts; d++)
        t->districts[d].n_sectors = 1;
    kith_world w = {.tables = t, .seed = 3, .n_people = 30000000};
    kith_world_plan(&w);
    assert_int_equal(kith_places_plan(&w, &err), KITH_ERR_DATA);
    assert_non_null(strstr(err.text, "too few sectors"));
    kith_tables_free(t);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_are_plausible),
        cmocka_unit_test(a_country_has_postcodes_of_its_own),
        cmocka_unit_test(too_few_sectors_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
