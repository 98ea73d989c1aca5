/* The best assignment of a small block whose answer is known. */
#include "attack/align.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PEOPLE = 5 };

/* Dice of each pair of five people, all different and far apart. */
static const uint8_t dice[PEOPLE][PEOPLE] = {{0, 20, 50, 80, 110},
                                             {20, 0, 140, 170, 35},
                                             {50, 140, 0, 65, 95},
                                             {80, 170, 65, 0, 125},
                                             {110, 35, 95, 125, 0}};

static kith_edge
edge(unsigned a, unsigned b)
{
    return (kith_edge){{dice[a][b], KITH_EDGE_NULL}, 0};
}

static void
fill(kith_edge_block *block, kith_edge *edges, const unsigned *people)
{
    *block = (kith_edge_block){.n = PEOPLE, .edges = edges};
    for (unsigned i = 0; i < PEOPLE; i++)
        for (unsigned j = 0; j < PEOPLE; j++)
            edges[i * PEOPLE + j] = edge(people[i], people[j]);
}

static kith_edge_scale *
scale_of(const kith_edge_block *block)
{
    kith_edge_scale *scale = calloc(1, sizeof *scale);
    assert_non_null(scale);
    kith_edge_scale_make(scale, block, 1, 1);
    return scale;
}

static void
a_permuted_block_is_put_right(void **state)
{
    (void)state;
    static const unsigned straight[] = {0, 1, 2, 3, 4};
    static const unsigned turned[] = {3, 0, 4, 2, 1};
    kith_edge a[PEOPLE * PEOPLE], b[PEOPLE * PEOPLE];
    kith_edge_block block, other;
    int16_t person[KITH_BLOCK_ROWS];
    fill(&block, a, straight);
    fill(&other, b, turned);
    kith_align_list list = {.block = &other, .n = PEOPLE};
    for (uint8_t i = 0; i < PEOPLE; i++)
        list.rows[i] = i;
    kith_edge_scale *scale = scale_of(&block);
    kith_aligner *aligner = calloc(1, sizeof *aligner);
    assert_non_null(aligner);
    aligner->scale = scale;
    assert_true(kith_align(aligner, &block, &list, UINT32_MAX, person) > 0);
    for (unsigned i = 0; i < PEOPLE; i++)
        assert_int_equal(turned[person[i]], i);
    /* A list that lacks person 0 names the others. */
    list.n = PEOPLE - 1;
    list.rows[1] = PEOPLE - 1;
    (void)kith_align(aligner, &block, &list, UINT32_MAX, person);
    assert_int_equal(person[0], -1);
    for (unsigned i = 1; i < PEOPLE; i++)
        assert_int_equal(turned[list.rows[person[i]]], i);
    free(aligner);
    free(scale);
}

static void
one_row_shows_nothing(void **state)
{
    (void)state;
    kith_edge none = {{0}, 0};
    kith_edge_block block = {.n = 1, .edges = &none};
    const kith_align_list list = {.block = &block, .n = 1};
    int16_t person[KITH_BLOCK_ROWS];
    kith_aligner *aligner = calloc(1, sizeof *aligner);
    assert_non_null(aligner);
    assert_true(kith_align(aligner, &block, &list, 8, person) == 0);
    assert_int_equal(person[0], -1);
    free(aligner);
}

static void
equal_edges_are_likelier_than_others(void **state)
{
    (void)state;
    static const unsigned straight[] = {0, 1, 2, 3, 4};
    kith_edge a[PEOPLE * PEOPLE];
    kith_edge_block block;
    fill(&block, a, straight);
    kith_edge_scale *scale = scale_of(&block);
    const kith_edge e = edge(0, 1), far = edge(1, 3);
    const kith_edge equal = {{KITH_EDGE_DICE, KITH_EDGE_NULL}, 0};
    assert_true(kith_edge_likeness(scale, e, e) > 0);
    assert_true(kith_edge_likeness(scale, e, far) < 0);
    assert_true(kith_edge_likeness(scale, e, equal) < -5);
    free(scale);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_permuted_block_is_put_right),
        cmocka_unit_test(one_row_shows_nothing),
        cmocka_unit_test(equal_edges_are_likelier_than_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
