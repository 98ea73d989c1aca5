/* Sets of rows joined by equal names, and what their ranks give away. */
#include "attack/chain.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Adds @p n names. */
static void
add(kith_chain *c, const uint32_t *names, uint32_t n)
{
    kith_error err = KITH_ERROR_INIT;
    for (uint32_t i = 0; i < n; i++)
        assert_int_equal(kith_chain_add(c, names[i], &err), KITH_OK);
}

static kith_chain_named
rank(kith_chain *c)
{
    kith_error err = KITH_ERROR_INIT;
    kith_chain_named named;
    assert_int_equal(kith_chain_rank(&named, c, &err), KITH_OK);
    return named;
}

/* Five of name 0, three of name 1, one of name 2: once each name is one set,
 * the ranks of sets are the ranks of names. */
static void
whole_names_are_named(void **state)
{
    (void)state;
    static const uint32_t names[] = {0, 1, 0, 2, 0, 1, 0, 1, 0};
    kith_chain c = {.n = 0};
    add(&c, names, 9);
    kith_chain_join(&c, 0, 2);
    kith_chain_join(&c, 8, 6);
    kith_chain_join(&c, 4, 2);
    kith_chain_join(&c, 6, 4); /* the two halves meet */
    kith_chain_join(&c, 1, 5);
    kith_chain_join(&c, 7, 1);
    kith_chain_join(&c, 1, 7); /* again: nothing changes */
    const kith_chain_named named = rank(&c);
    assert_true(fabs(named.named - 1) < 1e-12);
    assert_true(fabs(named.mode - 5.0 / 9) < 1e-12);
    assert_int_equal(named.n_sets, 2);
    assert_int_equal(named.most, 5);
    kith_chain_done(&c);
}

/* The commoner name falls apart: the greatest set is the other's, and every
 * guess by rank is wrong. */
static void
fragments_mislead(void **state)
{
    (void)state;
    static const uint32_t names[] = {0, 0, 0, 0, 1, 1, 1};
    kith_chain c = {.n = 0};
    add(&c, names, 7);
    kith_chain_join(&c, 4, 5);
    kith_chain_join(&c, 5, 6);
    const kith_chain_named named = rank(&c);
    assert_true(named.named <= 0);
    assert_true(fabs(named.mode - 4.0 / 7) < 1e-12);
    assert_int_equal(named.n_sets, 1);
    assert_int_equal(named.most, 3);
    kith_chain_done(&c);
}

/* Who has no name is neither right nor wrong. */
static void
the_nameless_do_not_count(void **state)
{
    (void)state;
    static const uint32_t names[] = {KITH_DICT_NONE, 3, 3, KITH_DICT_NONE};
    kith_chain c = {.n = 0};
    kith_chain_named named = rank(&c);
    assert_true(named.named <= 0 && named.mode <= 0);
    assert_int_equal(named.most, 0);
    add(&c, names, 4);
    kith_chain_join(&c, 1, 2);
    named = rank(&c);
    assert_true(fabs(named.named - 1) < 1e-12);
    assert_true(fabs(named.mode - 1) < 1e-12);
    assert_int_equal(named.most, 2);
    kith_chain_done(&c);
}

/* Filters are equal where the block and the name are: rows of one block with
 * one name are joined, those of two blocks are not. */
static void
a_block_joins_its_equals(void **state)
{
    (void)state;
    uint32_t numbers[] = {0, 0, 1, 0};
    uint32_t records[] = {0, 1, 2, 3};
    uint8_t variants[4] = {0};
    uint32_t begin[] = {0, 3, 4};
    kith_error err = KITH_ERROR_INIT;
    kith_people people = {.n = 4, .numbers = {numbers}};
    kith_encoder encoder = {.names = {0, 1}};
    people.values[0].n = 2;
    const kith_target t = {.params = {.people = &people, .encoder = &encoder},
                           .n_rows = 4,
                           .n_blocks = 2,
                           .records = records,
                           .variants = variants,
                           .begin = begin,
                           .n_slots = 1};
    kith_chains c = {.rows = {.n = 0}};
    for (unsigned r = 0; r < 4; r++)
        assert_int_equal(kith_chain_add(&c.records, numbers[r], &err), KITH_OK);
    assert_int_equal(kith_chains_pass(&c, &t, &err), KITH_OK);
    const kith_chain_named named = rank(&c.rows);
    assert_int_equal(c.rows.n, 4);
    assert_int_equal(named.most, 2); /* rows 0 and 1; row 3 is elsewhere */
    assert_int_equal(named.n_sets, 1);
    assert_int_equal(rank(&c.records).most, 2);
    /* The same rows in another pass: their refs are others, their records
     * would not be. */
    assert_int_equal(kith_chains_pass(&c, &t, &err), KITH_OK);
    assert_int_equal(c.rows.n, 8);
    assert_int_equal(rank(&c.rows).n_sets, 2);
    assert_int_equal(rank(&c.records).n_sets, 1);
    kith_chains_done(&c);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_names_are_named),
        cmocka_unit_test(fragments_mislead),
        cmocka_unit_test(the_nameless_do_not_count),
        cmocka_unit_test(a_block_joins_its_equals),
    };
    return cmocka_run_group_tests_name("chain", tests, NULL, NULL);
}
