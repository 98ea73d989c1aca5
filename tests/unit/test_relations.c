/* Relationship records: what each kind does, and which are rejected. */
#include "../support/kin.h"
#include "../support/links.h"

#include "base/hex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The pseudonym of a record by its index. */
static void
pseudonym_text(char out[64], uint32_t record)
{
    uint8_t pseudonym[KITH_PSEUDONYM_BYTES];
    test_pseudonym(pseudonym, 0, record);
    kith_hex_write(out, pseudonym, sizeof pseudonym);
    out[2 * sizeof pseudonym] = '\0';
}

static int
count_lines(const char *text)
{
    int n = 0;
    for (; *text != '\0'; text++)
        n += *text == '\n';
    return n;
}

static void
a_partner_known_to_an_agency_is_a_partner(void **state)
{
    kin_world *w = *state;
    const uint32_t a = kin_add(w, 100, 1, 30, WOMAN);
    const uint32_t b =
        kin_add(w, 100, 2, 55, WOMAN); /* no ages to guess from */
    kin_relate(w, a, KITH_RELATION_PARTNER_OF, b);
    kin_run(w);
    assert_true(kin_is_member(w, a, a, "partner"));
    assert_true(kin_is_member(w, a, b, "partner"));
    assert_non_null(strstr(w->families, ",partner,relation,0.95,"));
}

static void
who_lives_with_somebody_lives_where_they_do(void **state)
{
    kin_world *w = *state;
    const uint32_t a = kin_add(w, 100, 1, 40, WOMAN);
    const uint32_t lodger = kin_add(w, 0, 0, 70, MAN);
    const uint32_t b = kin_add(w, 200, 2, 30, WOMAN);
    const uint32_t partner = kin_add(w, 0, 0, 31, MAN);
    const uint32_t elsewhere = kin_add(w, 300, 3, 50, MAN);
    kin_relate(w, lodger, KITH_RELATION_LIVES_WITH, a);
    kin_relate(w, b, KITH_RELATION_PARTNER_OF, partner);
    kin_relate(w, a, KITH_RELATION_LIVES_WITH, elsewhere);
    kin_run(w);
    assert_true(kin_lives_at(w, a, lodger));
    assert_true(kin_lives_at(w, b, partner));
    assert_non_null(strstr(w->households, ",relation,0.65,"));
    assert_true(kin_is_member(w, b, partner, "partner"));
    assert_true(kin_lives_at(w, elsewhere, elsewhere));
    assert_int_equal(kin_counted(w, "lives_with", "relations_used"), 1);
    assert_int_equal(
        kin_counted(w, "lives_with", "relations_unused_two_addresses"), 1);
    assert_int_equal(kin_counted(w, "partner_of", "relations_used"), 1);
}

/* Seen at both, and a little oftener at 100: with her partner at 200. */
static void
a_relationship_decides_between_two_addresses(void **state)
{
    kin_world *w = *state;
    const uint32_t a = kin_add(w, 100, 1, 40, WOMAN);
    kin_add_record(w, a, 200, 1, 40, WOMAN);
    w->records[0].row.updated = TODAY - 20;
    const uint32_t b = kin_add(w, 200, 9, 41, MAN);
    kin_relate(w, 0, KITH_RELATION_PARTNER_OF, w->n - 1);
    kin_run(w);
    assert_true(kin_lives_at(w, a, b));
}

/* Of a parent and a carer the parent's; with no parent named, the carer's. */
static void
a_child_with_nobody_joins_who_cares_for_it(void **state)
{
    kin_world *w = *state;
    const uint32_t carer = kin_add(w, 100, 1, 61, WOMAN);
    const uint32_t child = kin_add(w, 0, 0, 3, MAN);
    const uint32_t father = kin_add(w, 200, 2, 30, MAN);
    const uint32_t other = kin_add(w, 0, 0, 6, MAN);
    kin_relate(w, carer, KITH_RELATION_CARER_OF, child);
    kin_relate(w, carer, KITH_RELATION_CARER_OF, other);
    kin_relate(w, father, KITH_RELATION_PARENT_OF, other);
    kin_run(w);
    assert_true(kin_is_member(w, carer, child, "dependent_child"));
    assert_true(kin_is_member(w, carer, carer, "parent"));
    assert_true(kin_is_member(w, father, other, "dependent_child"));
    assert_int_equal(kin_counted(w, "carer_of", "relations_used"), 1);
    assert_int_equal(
        kin_counted(w, "carer_of", "relations_unused_two_addresses"), 1);
}

/* Each is counted, and listed by record and reason. */
static void
relationships_that_cannot_be_are_rejected(void **state)
{
    kin_world *w = *state;
    const uint32_t a = kin_add(w, 100, 1, 30, WOMAN);
    const uint32_t b = kin_add(w, 200, 2, 25, WOMAN);
    const uint32_t again = kin_add_record(w, a, 100, 1, 30, WOMAN);
    kin_relate(w, 0, KITH_RELATION_PARENT_OF, again); /* her own mother */
    kin_relate(w, b, KITH_RELATION_PARENT_OF, a);     /* younger */
    kin_relate(w, a, KITH_RELATION_PARTNER_OF, b);
    w->relations[2].end = TODAY - 400; /* over */
    kin_relate(w, a, 99, b);
    kin_relate(w, a, KITH_RELATION_LIVES_WITH, b);
    w->relations[4].start = TODAY - 10;
    w->relations[4].end = TODAY - 20;
    kin_relate(w, a, KITH_RELATION_CARER_OF, b);
    w->relations[5].start = TODAY + 1;
    kin_run(w);
    assert_int_equal(kin_counted(w, "ahs", "relations_of_one_person"), 1);
    assert_int_equal(kin_counted(w, "ahs", "relations_impossible_ages"), 1);
    assert_int_equal(kin_counted(w, "ahs", "relations_not_in_force"), 1);
    assert_int_equal(kin_counted(w, "ahs", "relations_unknown_kind"), 1);
    assert_int_equal(kin_counted(w, "ahs", "relations_ends_before_it_begins"),
                     1);
    assert_int_equal(kin_counted(w, "ahs", "relations_begins_in_the_future"),
                     1);
    assert_int_equal(kin_counted(w, "", "families"), 2);
    char row[256], left[64], right[64];
    pseudonym_text(left, a);
    pseudonym_text(right, b);
    snprintf(row, sizeof row, "ahs,%s,%s,lives_with,ends_before_it_begins\n",
             left, right);
    char *rejected = kin_result(w, "relations_rejected.csv");
    assert_non_null(strstr(rejected, row));
    assert_int_equal(count_lines(rejected), 1 + 5);
    free(rejected);
}

/* No ages to refute it: a is b's parent, b c's, c a's. d hangs on the loop
 * and loses nothing but what comes from it. */
static void
nobody_is_their_own_ancestor(void **state)
{
    kin_world *w = *state;
    const uint32_t a = kin_add(w, 100, 1, -1, WOMAN);
    const uint32_t b = kin_add(w, 100, 1, -1, MAN);
    const uint32_t c = kin_add(w, 100, 1, -1, MAN);
    const uint32_t e = kin_add(w, 300, 2, 40, WOMAN);
    const uint32_t f = kin_add(w, 0, 0, 4, WOMAN);
    kin_relate(w, a, KITH_RELATION_PARENT_OF, b);
    kin_relate(w, b, KITH_RELATION_PARENT_OF, c);
    kin_relate(w, c, KITH_RELATION_PARENT_OF, a);
    kin_relate(w, e, KITH_RELATION_PARENT_OF, f);
    kin_run(w);
    assert_int_equal(kin_counted(w, "", "relations_loop"), 3);
    assert_int_equal(kin_counted(w, "parent_of", "relations_used"), 1);
    assert_true(kin_is_member(w, e, f, "dependent_child"));
    char *rejected = kin_result(w, "relations_rejected.csv");
    assert_non_null(strstr(
        rejected, "\n,p0000000000000001,p0000000000000002,parent_of,loop\n"));
    free(rejected);
}

static void
a_child_of_seven_parents_has_none(void **state)
{
    kin_world *w = *state;
    const uint32_t child = kin_add(w, 0, 0, 4, WOMAN);
    const uint32_t lucky = kin_add(w, 0, 0, 5, WOMAN);
    for (uint32_t i = 0; i < 7; i++) {
        const uint32_t p = kin_add(w, 100 + i, 1, 40, WOMAN);
        kin_relate(w, p, KITH_RELATION_PARENT_OF, child);
        if (i < 6)
            kin_relate(w, p, KITH_RELATION_PARENT_OF, lucky);
    }
    kin_run(w);
    assert_int_equal(kin_counted(w, "", "relations_too_many_parents"), 7);
    assert_int_equal(kin_counted(w, "parent_of", "relations_used"), 6);
    assert_true(kin_is_member(w, child, child, "dependent_child"));
    assert_true(kin_is_member(w, lucky, lucky, "dependent_child"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, kin_setup, kin_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_partner_known_to_an_agency_is_a_partner),
        TEST(who_lives_with_somebody_lives_where_they_do),
        TEST(a_relationship_decides_between_two_addresses),
        TEST(a_child_with_nobody_joins_who_cares_for_it),
        TEST(relationships_that_cannot_be_are_rejected),
        TEST(nobody_is_their_own_ancestor),
        TEST(a_child_of_seven_parents_has_none),
    };
    return cmocka_run_group_tests_name("relations", tests, NULL, NULL);
}
