/* By which link a record hangs on its person: worked out by hand. */
#include "cluster/ties.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { N_RECORDS = 8 };

/* Edges in order of (left, right), with their index. */
static void
find(kith_ties *t, kith_edge *edges, size_t n_edges, const uint32_t *members,
     uint32_t n, int32_t threshold)
{
    uint32_t begins[N_RECORDS + 1] = {0};
    kith_error err = KITH_ERROR_INIT;
    for (size_t i = 0; i < n_edges; i++) {
        for (uint32_t r = edges[i].left + 1; r <= N_RECORDS; r++)
            begins[r]++;
    }
    const kith_edges all = {.items = edges, .n = n_edges, .begins = begins};
    assert_int_equal(kith_ties_find(t, &all, members, n, threshold, &err),
                     KITH_OK);
}

/* 0-1 at 9 and 1-2 at 8 make three; 3-4 at 7 two, that hang on 2-3 at 5. The
 * chord 0-3 at 4 ties nothing that is not tied. */
static void
a_pair_hangs_on_the_link_to_the_rest(void **state)
{
    (void)state;
    kith_ties t = {0};
    kith_edge edges[] = {
        {.left = 0, .right = 1, .weight = 9},
        {.left = 0, .right = 3, .weight = 4},
        {.left = 1, .right = 2, .weight = 8},
        {.left = 2, .right = 3, .weight = 5},
        {.left = 3, .right = 4, .weight = 7},
    };
    const uint32_t members[] = {0, 1, 2, 3, 4};
    find(&t, edges, 5, members, 5, 0);
    const int16_t want[] = {9, 9, 8, 5, 5};
    assert_memory_equal(t.weight, want, sizeof want);
    kith_ties_done(&t);
}

/* Two pairs and one link between them: neither is the larger part. */
static void
halves_hang_on_each_other(void **state)
{
    (void)state;
    kith_ties t = {0};
    kith_edge edges[] = {{.left = 1, .right = 3, .weight = 20},
                         {.left = 3, .right = 6, .weight = 3},
                         {.left = 6, .right = 7, .weight = 30}};
    const uint32_t members[] = {1, 3, 6, 7};
    find(&t, edges, 3, members, 4, 0);
    const int16_t want[] = {3, 3, 3, 3};
    assert_memory_equal(t.weight, want, sizeof want);
    kith_ties_done(&t);
}

/* What is below the threshold, or leads to another person, is no link. */
static void
other_edges_are_no_links(void **state)
{
    (void)state;
    kith_ties t = {0};
    kith_edge edges[] = {{.left = 0, .right = 1, .weight = 6},
                         {.left = 0, .right = 2, .weight = 90},
                         {.left = 1, .right = 5, .weight = 5}};
    const uint32_t members[] = {0, 1, 5};
    find(&t, edges, 3, members, 3, 6);
    const int16_t want[] = {6, 6, INT16_MAX};
    assert_memory_equal(t.weight, want, sizeof want);
    const uint32_t alone[] = {4};
    find(&t, edges, 3, alone, 1, 6);
    assert_int_equal(t.weight[0], INT16_MAX);
    kith_ties_done(&t);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pair_hangs_on_the_link_to_the_rest),
        cmocka_unit_test(halves_hang_on_each_other),
        cmocka_unit_test(other_edges_are_no_links),
    };
    return cmocka_run_group_tests_name("ties", tests, NULL, NULL);
}
