/* Who must be held in memory together, and how shards are filled. */
#include "base/alloc.h"
#include "criteria/shards.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* Seven people: 0 and 3 are a family, 3 and 5 share a home, 1 and 2 a home;
 * 4 and 6 are alone. */
typedef struct town {
    kith_people people;
    uint32_t family_first[2], family_members[2];
    uint32_t home_first[3], home_members[4];
} town;

static void
build(town *t)
{
    *t = (town){.family_first = {0, 2},
                .family_members = {3, 0},
                .home_first = {0, 2, 4},
                .home_members = {3, 5, 1, 2}};
    t->people.n = 7;
    t->people.families = (kith_units){
        .n = 1, .first = t->family_first, .members = t->family_members};
    t->people.households = (kith_units){
        .n = 2, .first = t->home_first, .members = t->home_members};
}

static void
one_shard_when_all_fits(void **state)
{
    (void)state;
    town t;
    kith_shards s;
    const uint32_t bytes[7] = {10, 10, 10, 10, 10, 10, 10};
    build(&t);
    assert_int_equal(kith_shards_new(&s, &t.people, bytes, 70, NULL), KITH_OK);
    assert_int_equal(s.n, 1);
    const kith_unit_list all =
        kith_shards_units(&s, &t.people, 0, KITH_LEVEL_PERSON);
    assert_int_equal(all.n, 7);
    assert_int_equal(kith_unit_list_at(&all, 4), 4);
    assert_int_equal(kith_shards_of(&s, &t.people, KITH_LEVEL_FAMILY, 0), 0);
    kith_shards_done(&s);
}

/* Sets in the order of their first person: {0 3 5} 30, {1 2} 20, {4} 10,
 * {6} 10; 40 bytes hold the first, then the second with 4 and 6. */
static void
those_who_share_stay_together(void **state)
{
    (void)state;
    static const uint16_t want[7] = {0, 1, 1, 0, 1, 0, 1};
    town t;
    kith_shards s;
    const uint32_t bytes[7] = {10, 10, 10, 10, 10, 10, 10};
    build(&t);
    assert_int_equal(kith_shards_new(&s, &t.people, bytes, 40, NULL), KITH_OK);
    assert_int_equal(s.n, 2);
    assert_memory_equal(s.of_person, want, sizeof want);
    const kith_unit_list second =
        kith_shards_units(&s, &t.people, 1, KITH_LEVEL_PERSON);
    static const uint32_t units[] = {1, 2, 4, 6};
    assert_int_equal(second.n, 4);
    assert_memory_equal(second.units, units, sizeof units);
    const kith_unit_list homes =
        kith_shards_units(&s, &t.people, 1, KITH_LEVEL_HOUSEHOLD);
    assert_int_equal(homes.n, 1);
    assert_int_equal(homes.units[0], 1);
    assert_int_equal(kith_shards_units(&s, &t.people, 1, KITH_LEVEL_FAMILY).n,
                     0);
    assert_int_equal(kith_shards_of(&s, &t.people, KITH_LEVEL_HOUSEHOLD, 0), 0);
    kith_shards_done(&s);
}

/* The set {0 3 5} alone needs more than there is. */
static void
a_set_too_large_is_refused(void **state)
{
    (void)state;
    town t;
    kith_shards s;
    kith_error err = KITH_ERROR_INIT;
    const uint32_t bytes[7] = {10, 10, 10, 10, 10, 10, 10};
    build(&t);
    assert_int_equal(kith_shards_new(&s, &t.people, bytes, 29, &err),
                     KITH_ERR_MEMORY);
    assert_non_null(strstr(err.text, "share families and homes"));
    assert_null(s.of_person);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_shard_when_all_fits),
        cmocka_unit_test(those_who_share_stay_together),
        cmocka_unit_test(a_set_too_large_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
