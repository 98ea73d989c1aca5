/* Who belongs to whom: families under one roof and across roofs. */
#include "../support/files.h"
#include "../support/kin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
a_couple_and_their_children(void **state)
{
    kin_world *w = *state;
    const uint32_t mother = kin_add(w, 100, 1, 38, WOMAN);
    const uint32_t father = kin_add(w, 100, 2, 41, MAN);
    const uint32_t child = kin_add(w, 100, 2, 9, WOMAN);
    const uint32_t baby = kin_add(w, 100, 2, 0, MAN);
    const uint32_t teenager = kin_add(w, 100, 1, 17, MAN);
    kin_run(w);
    assert_true(kin_is_member(w, mother, mother, "parent"));
    assert_true(kin_is_member(w, mother, father, "parent"));
    assert_true(kin_is_member(w, mother, child, "dependent_child"));
    assert_true(kin_is_member(w, mother, baby, "dependent_child"));
    assert_true(kin_is_member(w, mother, teenager, "dependent_child"));
    assert_int_equal(kin_counted(w, "", "families"), 1);
    assert_int_equal(kin_counted(w, "", "households"), 1);
    assert_true(kin_lives_at(w, mother, baby));
}

static void
a_lone_parent(void **state)
{
    kin_world *w = *state;
    const uint32_t mother = kin_add(w, 100, 1, 29, WOMAN);
    const uint32_t child = kin_add(w, 100, 7, 4, MAN);
    kin_run(w);
    assert_true(kin_is_member(w, mother, mother, "parent"));
    assert_true(kin_is_member(w, mother, child, "dependent_child"));
    assert_int_equal(kin_counted(w, "", "families"), 1);
}

static void
grandparents_are_a_family_of_their_own(void **state)
{
    kin_world *w = *state;
    const uint32_t grandmother = kin_add(w, 100, 1, 66, WOMAN);
    const uint32_t grandfather = kin_add(w, 100, 1, 68, MAN);
    const uint32_t father = kin_add(w, 100, 1, 37, MAN);
    const uint32_t mother = kin_add(w, 100, 1, 35, WOMAN);
    const uint32_t child = kin_add(w, 100, 1, 8, WOMAN);
    kin_run(w);
    assert_true(kin_is_member(w, grandmother, grandmother, "partner"));
    assert_true(kin_is_member(w, grandmother, grandfather, "partner"));
    assert_true(kin_is_member(w, father, father, "parent"));
    assert_true(kin_is_member(w, father, mother, "parent"));
    assert_true(kin_is_member(w, father, child, "dependent_child"));
    assert_int_equal(kin_counted(w, "", "families"), 2);
    assert_int_equal(kin_counted(w, "", "households"), 1);
}

/* A young mother at her own mother's: the baby is hers. */
static void
a_daughter_with_a_child_is_its_mother(void **state)
{
    kin_world *w = *state;
    const uint32_t grandmother = kin_add(w, 100, 1, 45, WOMAN);
    const uint32_t mother = kin_add(w, 100, 1, 19, WOMAN);
    const uint32_t baby = kin_add(w, 100, 1, 1, MAN);
    kin_run(w);
    assert_true(kin_is_member(w, grandmother, grandmother, "adult"));
    assert_true(kin_is_member(w, mother, mother, "parent"));
    assert_true(kin_is_member(w, mother, baby, "dependent_child"));
}

static void
brothers_and_sisters_are_no_couple(void **state)
{
    kin_world *w = *state;
    const uint32_t mother = kin_add(w, 100, 1, 52, WOMAN);
    const uint32_t father = kin_add(w, 100, 2, 54, MAN);
    const uint32_t son = kin_add(w, 100, 2, 23, MAN);
    const uint32_t daughter = kin_add(w, 100, 2, 21, WOMAN);
    for (uint32_t i = 0; i < w->n; i++)
        w->records[i].row.unit = 5; /* one tenancy */
    kin_run(w);
    assert_true(kin_is_member(w, mother, mother, "partner"));
    assert_true(kin_is_member(w, mother, father, "partner"));
    assert_true(kin_is_member(w, mother, son, "adult"));
    assert_true(kin_is_member(w, mother, daughter, "adult"));
}

static void
flat_sharers_are_single(void **state)
{
    kin_world *w = *state;
    for (uint32_t i = 0; i < 4; i++)
        kin_add(w, 100, 10 + i, 24 + (int)i, i % 2 ? MAN : WOMAN);
    kin_run(w);
    for (uint32_t i = 0; i < 4; i++)
        assert_true(kin_is_member(w, i, i, "adult"));
    assert_int_equal(kin_counted(w, "", "households"), 1);
}

static void
a_child_of_no_address_joins_its_mother(void **state)
{
    kin_world *w = *state;
    const uint32_t mother = kin_add(w, 100, 1, 34, WOMAN);
    const uint32_t child = kin_add(w, 0, 0, 3, MAN);
    kin_relate(w, mother, KITH_RELATION_PARENT_OF, child);
    kin_run(w);
    assert_true(kin_is_member(w, mother, mother, "parent"));
    assert_true(kin_is_member(w, mother, child, "dependent_child"));
    assert_int_equal(kin_counted(w, "", "persons_without_address"), 1);
}

static void
a_parent_elsewhere_is_listed_as_such(void **state)
{
    kin_world *w = *state;
    const uint32_t mother = kin_add(w, 100, 1, 34, WOMAN);
    const uint32_t father = kin_add(w, 200, 2, 36, MAN);
    const uint32_t child = kin_add(w, 100, 2, 7, MAN);
    kin_relate(w, mother, KITH_RELATION_PARENT_OF, child);
    kin_relate(w, father, KITH_RELATION_PARENT_OF, child);
    kin_run(w);
    assert_true(kin_is_member(w, mother, child, "dependent_child"));
    assert_true(kin_is_member(w, mother, father, "non_resident_parent"));
    assert_true(kin_is_member(w, father, father, "adult"));
    assert_false(kin_is_member(w, father, child, "dependent_child"));
    assert_false(kin_lives_at(w, father, child));
}

/* Nobody has thirty-one children: a worker entered as the parent. */
static void
a_family_of_five_thousand_is_refused(void **state)
{
    kin_world *w = *state;
    const uint32_t mother = kin_add(w, 100, 1, 40, WOMAN);
    for (uint32_t i = 0; i < 5000; i++)
        kin_relate(w, mother, KITH_RELATION_PARENT_OF,
                   kin_add(w, 0, 0, (int)(i % 16), MAN));
    kin_run(w);
    assert_int_equal(kin_counted(w, "", "relations_too_many_children"), 5000);
    assert_int_equal(kin_counted(w, "", "families"), 5001);
    assert_true(kin_is_member(w, mother, mother, "adult"));
    char *rejected = kin_result(w, "relations_rejected.csv");
    const char *last = strrchr(rejected, ',');
    assert_string_equal(last, ",too_many_children\n");
    free(rejected);
}

/* Sixteen at most: fifteen children join their mother, and of another's
 * sixteen none does; one line says so, however many there are. */
static void
a_family_too_large_is_listed(void **state)
{
    kin_world *w = *state;
    const uint32_t one = kin_add(w, 100, 1, 40, WOMAN);
    const uint32_t other = kin_add(w, 200, 2, 40, WOMAN);
    uint32_t child = 0;
    for (int i = 0; i < 15; i++) {
        child = kin_add(w, 0, 0, i, MAN);
        kin_relate(w, one, KITH_RELATION_PARENT_OF, child);
    }
    for (int i = 0; i < 16; i++)
        kin_relate(w, other, KITH_RELATION_PARENT_OF, kin_add(w, 0, 0, i, MAN));
    kin_run(w);
    assert_true(kin_is_member(w, one, child, "dependent_child"));
    assert_true(kin_is_member(w, other, other, "adult"));
    assert_int_equal(kin_counted(w, "", "families"), 1 + 1 + 16);
    assert_int_equal(kin_counted(w, "rejected", "family_too_large"), 1);
    assert_int_equal(kin_counted(w, "rejected", "people_of_these"), 17);
    char *rejected = kin_result(w, "families_rejected.csv");
    assert_string_equal(rejected,
                        "family,people,children,source,reason\n"
                        "f0000000000000002,17,16,relation,family_too_large\n");
    free(rejected);
}

/* A tenancy of 21 is a block of flats: it gives nobody an address. */
static void
a_unit_too_large_is_listed(void **state)
{
    kin_world *w = *state;
    for (int i = 0; i < 21; i++) {
        const uint32_t p =
            kin_add(w, i == 0 ? 100 : 0, 0, i < 3 ? 10 : 40, WOMAN);
        w->records[p].row.unit = 77;
    }
    for (int i = 0; i < 20; i++) {
        const uint32_t p = kin_add(w, i == 0 ? 200 : 0, 0, 40, WOMAN);
        w->records[p].row.unit = 78;
    }
    kin_run(w);
    assert_int_equal(kin_counted(w, "", "persons_without_address"), 20);
    char *rejected = kin_result(w, "families_rejected.csv");
    assert_string_equal(rejected,
                        "family,people,children,source,reason\n"
                        "f0000000000000001,21,3,unit,unit_too_large\n");
    free(rejected);
}

/* A mother who is a child herself and lives nowhere: both go to hers. */
static void
three_generations_come_together(void **state)
{
    kin_world *w = *state;
    const uint32_t baby = kin_add(w, 0, 0, 0, MAN);
    const uint32_t girl = kin_add(w, 0, 0, 16, WOMAN);
    const uint32_t mother = kin_add(w, 100, 1, 40, WOMAN);
    kin_relate(w, girl, KITH_RELATION_PARENT_OF, baby);
    kin_relate(w, mother, KITH_RELATION_PARENT_OF, girl);
    kin_run(w);
    assert_true(kin_is_member(w, baby, baby, "dependent_child"));
    assert_true(kin_is_member(w, baby, girl, "dependent_child"));
    assert_true(kin_is_member(w, baby, mother, "parent"));
}

static void
damaged_inputs_are_refused(void **state)
{
    kin_world *w = *state;
    char path[512];
    kin_add(w, 100, 1, 40, WOMAN);
    kin_write_payload(w);
    kin_write_persons(w);
    test_path(path, w->folder, "persons.csv");
    const char unsorted[] =
        "person,agency,record\n"
        "p0000000000000002,ahs,00000000000000000000000000000001\n"
        "p0000000000000001,ahs,00000000000000000000000000000002\n";
    test_write(path, unsorted, sizeof unsorted - 1);
    assert_int_equal(kin_try_run(w), KITH_ERR_DATA);
    assert_non_null(strstr(w->err.text, "persons.csv:3: "));
    const char wrong[] = "person,agency,record\nsomebody,ahs,1\n";
    test_write(path, wrong, sizeof wrong - 1);
    assert_int_equal(kin_try_run(w), KITH_ERR_DATA);
    assert_null(strstr(w->err.text, "somebody"));
    test_path(path, w->folder, "families.csv");
    assert_false(test_exists(path));
}

static void
bundles_of_two_runs_are_refused(void **state)
{
    kin_world *w = *state;
    kin_add(w, 100, 1, 40, WOMAN);
    kin_write_payload(w);
    kin_write_persons(w);
    w->run = "r2";
    kin_write_rows(w, "payload/zzz.people", "people", &w->records[0].row,
                   sizeof w->records[0].row, 1);
    assert_int_equal(kin_try_run(w), KITH_ERR_MISMATCH);
    assert_non_null(strstr(w->err.text, "zzz.people are of different run"));
}

/* Of another project, and of nobody who was linked. */
static void
another_payload_is_refused(void **state)
{
    kin_world *w = *state;
    char path[512];
    const char run[] = "project: other\nepoch: e\nrun: r1\n";
    kin_add(w, 100, 1, 40, WOMAN);
    kin_write_payload(w);
    kin_write_persons(w);
    test_path(path, w->folder, "run.txt");
    test_write(path, run, sizeof run - 1);
    assert_int_equal(kin_try_run(w), KITH_ERR_MISMATCH);
    assert_non_null(strstr(w->err.text, "are of different project"));
    assert_int_equal(remove(path), 0);
    const char strangers[] =
        "person,agency,record\n"
        "p0000000000000001,ahs,00000000000000000000000000000001\n";
    test_path(path, w->folder, "persons.csv");
    test_write(path, strangers, sizeof strangers - 1);
    assert_int_equal(kin_try_run(w), KITH_ERR_MISMATCH);
    assert_non_null(strstr(w->err.text, "none of its records"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, kin_setup, kin_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_couple_and_their_children),
        TEST(a_lone_parent),
        TEST(grandparents_are_a_family_of_their_own),
        TEST(a_daughter_with_a_child_is_its_mother),
        TEST(brothers_and_sisters_are_no_couple),
        TEST(flat_sharers_are_single),
        TEST(a_child_of_no_address_joins_its_mother),
        TEST(a_parent_elsewhere_is_listed_as_such),
        TEST(a_family_of_five_thousand_is_refused),
        TEST(a_family_too_large_is_listed),
        TEST(a_unit_too_large_is_listed),
        TEST(three_generations_come_together),
        TEST(damaged_inputs_are_refused),
        TEST(bundles_of_two_runs_are_refused),
        TEST(another_payload_is_refused),
    };
    return cmocka_run_group_tests_name("family", tests, NULL, NULL);
}
