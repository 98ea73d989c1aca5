/* Families over the years: who left whom, who came to live with whom, and that
 * the household and the family of a day are those of that day. */
#include "synth/events.h"
#include "synth/names.h"
#include "synth/places.h"
#include "synth/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { PEOPLE = 40000, YEAR = 365 };

typedef struct seen {
    uint64_t people, left, parted, met, steps, named, reverted, widowed, taken;
    uint64_t brothers, moved_in;
} seen;

static bool
same_home(const kith_stay *a, const kith_stay *b)
{
    return a->cell == b->cell && a->dwelling == b->dwelling &&
           a->household == b->household;
}

static void
surname(const kith_cell *c, kith_surname s, char out[KITH_NAME_TEXT])
{
    /* As a man would bear it: Kowalski for Kowalska. */
    s.feminine = false;
    kith_surname_text(c->world->tables, s, out);
}

static bool
alike(const kith_cell *c, kith_surname a, kith_surname b)
{
    char x[KITH_NAME_TEXT];
    char y[KITH_NAME_TEXT];
    surname(c, a, x);
    surname(c, b, y);
    return strcmp(x, y) == 0;
}

/* Every stay names a home and a family of the cell, or none that is known; the
 * first is the present one. */
static void
check_stays(const kith_cell *c, const kith_person *p)
{
    assert_int_equal(p->stays[0].household, p->household);
    assert_int_equal(p->stays[0].family, p->family);
    for (uint8_t i = 0; i < p->n_stays; i++) {
        const kith_stay *s = &p->stays[i];
        assert_true(s->household < c->n_homes || s->household == KITH_FORMER);
        assert_true(s->family < c->n_families || s->family == KITH_FORMER);
        assert_true(i == 0 || s->from < p->stays[i - 1].from);
    }
}

/* Grown children lived where their mother did, of her family, until a day
 * after they came of age. */
static void
check_left(const kith_cell *c, const kith_person *p, seen *s)
{
    const int32_t parent = p->mother != KITH_NOBODY ? p->mother : p->father;
    if (p->child || parent == KITH_NOBODY ||
        c->people[parent].household == p->household || p->ex != KITH_NOBODY ||
        p->n_stays == KITH_STAYS)
        return;
    const int32_t of_age = p->born + 17 * YEAR;
    const kith_stay mine = kith_person_stay(p, of_age);
    const kith_stay hers = kith_person_stay(&c->people[parent], of_age);
    s->left++;
    s->met += same_home(&mine, &hers) && mine.family == hers.family;
    assert_true(c->people[parent].born < p->born - 17 * YEAR);
    const int32_t father = p->father != KITH_NOBODY ? p->father : parent;
    s->named += alike(c, p->former, c->people[parent].former) ||
                alike(c, p->former, c->people[parent].surname) ||
                alike(c, p->former, c->people[father].surname);
}

/* Two who parted lived together to the day before, and not since. */
static void
check_parted(const kith_cell *c, size_t i, seen *s)
{
    const kith_person *p = &c->people[i];
    if (p->ex == KITH_NOBODY || p->sex != 0)
        return;
    const kith_person *e = &c->people[p->ex];
    assert_int_equal(e->ex, i);
    assert_int_equal(e->parted, p->parted);
    assert_true(p->parted <= c->world->reference);
    assert_int_not_equal(e->household, p->household);
    const kith_stay his = kith_person_stay(p, p->parted - 1);
    const kith_stay hers = kith_person_stay(e, p->parted - 1);
    const kith_stay since = kith_person_stay(p, p->parted);
    s->parted++;
    s->taken += same_home(&his, &hers) && his.family == e->family;
    assert_int_equal(since.household, p->household);
    for (size_t k = 0; k < c->n_people; k++)
        if (c->people[k].child && c->people[k].father == (int32_t)i)
            assert_true(c->people[k].born <= p->parted ||
                        c->people[k].born > c->world->reference - YEAR / 6);
}

/* Partners lived together when they married and when their first child was
 * born; children of somebody before are the wife's. */
static void
check_partners(const kith_cell *c, size_t i, seen *s)
{
    const kith_person *w = &c->people[i];
    if (w->sex != 1 || w->partner == KITH_NOBODY || w->n_stays == KITH_STAYS)
        return;
    const kith_person *h = &c->people[w->partner];
    int32_t day = c->world->reference;
    bool step = false;
    for (size_t k = 0; k < c->n_people; k++) {
        const kith_person *child = &c->people[k];
        if (!child->child || child->mother != (int32_t)i)
            continue;
        step |= child->father != w->partner;
        if (child->father == w->partner && child->born < day)
            day = child->born;
    }
    s->steps += step;
    if (step) {
        assert_true(w->parted != KITH_NO_DATE);
        return;
    }
    const kith_stay his = kith_person_stay(h, day);
    assert_true(his.household == w->household || his.from > day ||
                h->mother != KITH_NOBODY);
    s->moved_in += h->stays[h->n_stays - 1].household == KITH_FORMER;
    if (h->mother != KITH_NOBODY && h->mother == w->mother)
        s->brothers++;
}

/* A name that was taken is the husband's from the wedding on; one that was
 * given up was borne until the couple had parted. */
static void
check_names(const kith_cell *c, const kith_person *p, seen *s)
{
    if (p->renamed == KITH_NO_DATE)
        return;
    if (p->partner != KITH_NOBODY) {
        assert_int_equal(p->renamed, p->married);
        return;
    }
    if (p->parted != KITH_NO_DATE && p->renamed >= p->parted) {
        s->reverted++;
        assert_true(p->married <= p->parted);
    }
    if (p->ex != KITH_NOBODY)
        assert_true(alike(c, p->surname, c->people[p->ex].surname) ||
                    alike(c, p->former, c->people[p->ex].surname));
}

static void
walk(seen *s)
{
    kith_tables *t = NULL;
    kith_error err = KITH_ERROR_INIT;
    kith_cell c = {0};
    assert_int_equal(kith_tables_load(&t, "fixtures/synth", NULL, &err),
                     KITH_OK);
    kith_world w = {.tables = t, .seed = 5, .n_people = PEOPLE};
    w.reference = w.today = kith_days_from_ymd((kith_ymd){2026, 3, 31});
    kith_world_plan(&w);
    assert_int_equal(kith_places_plan(&w, &err), KITH_OK);
    for (uint32_t n = 0; n < w.n_cells; n++) {
        assert_int_equal(kith_cell_make(&c, &w, n, &err), KITH_OK);
        s->people += c.n_people;
        for (size_t i = 0; i < c.n_people; i++) {
            check_stays(&c, &c.people[i]);
            check_left(&c, &c.people[i], s);
            check_parted(&c, i, s);
            check_partners(&c, i, s);
            check_names(&c, &c.people[i], s);
            s->widowed += c.people[i].partner != KITH_NOBODY &&
                          c.people[c.people[i].partner].died != KITH_NO_DATE;
        }
    }
    kith_cell_done(&c);
    kith_tables_free(t);
}

static void
families_have_a_history(void **state)
{
    (void)state;
    seen s = {0};
    walk(&s);
    /* Adults under 50 are a third of people; two in five look for parents,
     * minorities often in vain. */
    assert_in_range(s.left, PEOPLE / 40, PEOPLE / 6);
    /* Those who left longer ago than her addresses go back lived there too. */
    assert_in_range(s.met, s.left * 8 / 10, s.left);
    assert_in_range(s.named, s.left * 85 / 100, s.left);
    /* 8.5 % of homes are lone parents', 36 % of them with him near by. */
    assert_in_range(s.parted, PEOPLE / 200, PEOPLE / 40);
    assert_in_range(s.taken, s.parted * 7 / 10, s.parted);
    /* One couple with children in nine; those are a fifth of homes. */
    assert_in_range(s.steps, PEOPLE / 300, PEOPLE / 80);
    assert_true(s.moved_in > PEOPLE / 100);
    assert_in_range(s.reverted, PEOPLE / 1500, PEOPLE / 100);
    assert_in_range(s.widowed, PEOPLE / 200, PEOPLE / 20);
    assert_int_equal(s.brothers, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(families_have_a_history),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
