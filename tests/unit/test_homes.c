/* Who lives together, and where nobody is a household. */
#include "../support/kin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A hostel: no household and no family, but a mother and her child that
 * social care knows of stay together. */
static void
a_hostel_is_no_family(void **state)
{
    kin_world *w = *state;
    for (uint32_t i = 0; i < 12; i++)
        kin_add(w, 100, 1 + i % 3, 20 + (int)i, MAN);
    const uint32_t mother = kin_add(w, 100, 50, 30, WOMAN);
    const uint32_t child = kin_add(w, 100, 50, 5, WOMAN);
    kin_relate(w, mother, KITH_RELATION_PARENT_OF, child);
    kin_run(w);
    assert_int_equal(kin_counted(w, "", "households"), 0);
    assert_int_equal(kin_counted(w, "communal", "people"), 14);
    assert_true(kin_is_member(w, 0, 0, "adult"));
    assert_true(kin_is_member(w, mother, mother, "parent"));
    assert_true(kin_is_member(w, mother, child, "dependent_child"));
    assert_int_equal(kin_counted(w, "", "families"), 13);
    char *communal = kin_result(w, "communal.csv");
    assert_string_equal(communal, "address,people,children,reason\n"
                                  "h0000000000000001,14,1,too_many_people\n");
    free(communal);
}

/* Six grown-ups of six surnames; with a child among them it is a home. */
static void
six_unrelated_adults_are_communal(void **state)
{
    kin_world *w = *state;
    for (uint32_t i = 0; i < 6; i++)
        kin_add(w, 100, 1 + i, 30 + (int)i, MAN);
    for (uint32_t i = 0; i < 6; i++)
        kin_add(w, 200, 1 + i, i == 0 ? 6 : 30 + (int)i, MAN);
    kin_run(w);
    assert_int_equal(kin_counted(w, "communal", "unrelated_adults"), 1);
    assert_int_equal(kin_counted(w, "", "households"), 1);
    assert_true(kin_lives_at(w, 6, 11));
}

/* A refuge for five: a mother and her two children, of whom social care knows,
 * and two women, one of whom has come with a cousin's surname. */
static void
add_refuge(kin_world *w)
{
    const uint32_t mother = kin_add(w, 100, 1, 31, WOMAN);
    const uint32_t first = kin_add(w, 100, 1, 8, WOMAN);
    const uint32_t second = kin_add(w, 100, 1, 4, MAN);
    kin_add(w, 100, 2, 26, WOMAN);
    kin_add(w, 100, 1, 44, WOMAN);
    kin_relate(w, mother, KITH_RELATION_PARENT_OF, first);
    kin_relate(w, mother, KITH_RELATION_PARENT_OF, second);
}

/* One record that is marked is enough: another agency may have no list. */
static void
a_declared_refuge_is_no_home(void **state)
{
    kin_world *w = *state;
    add_refuge(w);
    w->records[3].row.place = KITH_PLACE_COMMUNAL | 2;
    kin_run(w);
    assert_int_equal(kin_counted(w, "", "households"), 0);
    assert_int_equal(kin_counted(w, "communal", "declared"), 1);
    assert_int_equal(kin_counted(w, "communal", "people"), 5);
    assert_true(kin_is_member(w, 0, 0, "parent"));
    assert_true(kin_is_member(w, 0, 1, "dependent_child"));
    assert_true(kin_is_member(w, 0, 2, "dependent_child"));
    assert_true(kin_is_member(w, 3, 3, "adult"));
    assert_true(kin_is_member(w, 4, 4, "adult"));
    assert_int_equal(kin_counted(w, "", "families"), 3);
    char *communal = kin_result(w, "communal.csv");
    assert_string_equal(communal, "address,people,children,reason\n"
                                  "h0000000000000001,5,2,declared\n");
    free(communal);
}

/* The same people where nothing is declared: a household of five. */
static void
a_refuge_that_nobody_declares_is_a_home(void **state)
{
    kin_world *w = *state;
    add_refuge(w);
    w->records[3].row.place = 2;
    kin_run(w);
    assert_int_equal(kin_counted(w, "communal", "people"), 0);
    assert_int_equal(kin_counted(w, "", "households"), 1);
    assert_true(kin_lives_at(w, 0, 4));
}

/* Who has left the refuge makes no refuge of the new home. */
static void
who_left_a_communal_address_has_a_home(void **state)
{
    kin_world *w = *state;
    const uint32_t mother = kin_add(w, 100, 1, 31, WOMAN);
    w->records[w->n - 1].row.place = KITH_PLACE_COMMUNAL;
    w->records[w->n - 1].row.updated = TODAY - 400;
    kin_add_record(w, mother, 200, 1, 31, WOMAN);
    const uint32_t child = kin_add(w, 200, 1, 8, WOMAN);
    kin_run(w);
    assert_true(kin_lives_at(w, mother, child));
    assert_int_equal(kin_counted(w, "communal", "people"), 0);
}

/* The school has the mother's address, the surgery the father's. */
static void
a_child_may_live_in_two_homes(void **state)
{
    kin_world *w = *state;
    const uint32_t mother = kin_add(w, 100, 1, 34, WOMAN);
    const uint32_t father = kin_add(w, 200, 2, 36, MAN);
    const uint32_t child = kin_add(w, 100, 2, 7, MAN);
    const uint32_t other = kin_add_record(w, child, 200, 2, 7, MAN);
    w->records[other].row.updated = TODAY - 90;
    kin_relate(w, mother, KITH_RELATION_PARENT_OF, child);
    kin_relate(w, father, KITH_RELATION_PARENT_OF, child);
    kin_run(w);
    assert_true(kin_is_member(w, mother, child, "dependent_child"));
    assert_true(kin_is_member(w, father, child, "dependent_child"));
    assert_true(kin_is_member(w, father, father, "adult"));
    assert_true(kin_lives_at(w, mother, child));
    assert_true(kin_lives_at(w, father, child));
}

/* A tenant whose record has no address lives where the tenancy is. */
static void
a_unit_gives_an_address(void **state)
{
    kin_world *w = *state;
    const uint32_t a = kin_add(w, 100, 1, 40, WOMAN);
    const uint32_t b = kin_add(w, 0, 0, 41, MAN);
    w->records[a].row.unit = w->records[b].row.unit = 77;
    kin_run(w);
    assert_true(kin_lives_at(w, a, b));
    assert_non_null(strstr(w->households, ",unit,0.70,,\n"));
    assert_true(kin_is_member(w, a, b, "partner"));
}

/* Property 900 is door 100: one row says so; others name one of the two. */
static void
a_property_and_its_door_are_one_home(void **state)
{
    kin_world *w = *state;
    const uint32_t a = kin_add(w, 900, 1, 40, WOMAN);
    const uint32_t b = kin_add(w, 100, 1, 41, MAN);
    const uint32_t c = kin_add(w, 900, 1, 12, MAN);
    w->records[a].row.door = 100;
    w->records[c].row.door = 0; /* property number only */
    kin_run(w);
    assert_true(kin_lives_at(w, a, b));
    assert_true(kin_lives_at(w, a, c));
    assert_int_equal(kin_counted(w, "", "households"), 1);
}

/* Three records of last season outvote one of last month. */
static void
one_stray_record_moves_nobody(void **state)
{
    kin_world *w = *state;
    const uint32_t a = kin_add(w, 100, 1, 40, WOMAN);
    for (int i = 0; i < 3; i++)
        w->records[kin_add_record(w, a, 200, 1, 40, WOMAN)].row.updated =
            TODAY - 120;
    const uint32_t there = kin_add(w, 200, 9, 80, MAN);
    kin_run(w);
    assert_true(kin_lives_at(w, a, there));
}

/* Mother and son were at 100 and moved to 200; only his school knows. */
static void
who_moved_together_lives_together(void **state)
{
    kin_world *w = *state;
    const uint32_t mother = kin_add(w, 100, 1, 30, WOMAN);
    kin_add_record(w, mother, 100, 1, 30, WOMAN);
    const uint32_t there = kin_add_record(w, mother, 200, 1, 30, WOMAN);
    const uint32_t son = kin_add(w, 100, 1, 7, MAN);
    w->records[w->n - 1].row.updated = TODAY - 300;
    for (int i = 0; i < 4; i++)
        w->records[kin_add_record(w, son, 200, 1, 7, MAN)].row.updated =
            TODAY - 5;
    w->records[there].row.updated = TODAY - 40;
    kin_run(w);
    assert_true(kin_lives_at(w, mother, son));
    assert_int_equal(kin_counted(w, "", "households"), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, kin_setup, kin_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_hostel_is_no_family),
        TEST(six_unrelated_adults_are_communal),
        TEST(a_declared_refuge_is_no_home),
        TEST(a_refuge_that_nobody_declares_is_a_home),
        TEST(who_left_a_communal_address_has_a_home),
        TEST(a_child_may_live_in_two_homes),
        TEST(a_unit_gives_an_address),
        TEST(a_property_and_its_door_are_one_home),
        TEST(one_stray_record_moves_nobody),
        TEST(who_moved_together_lives_together),
    };
    return cmocka_run_group_tests_name("homes", tests, NULL, NULL);
}
