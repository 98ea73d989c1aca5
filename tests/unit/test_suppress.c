/* Which cells are hidden: worked out by hand for each table. */
#include "report/suppress.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define ROOT UINT32_MAX

static void
check(const uint32_t *parent, const uint64_t *counts, const char *want,
      uint32_t n)
{
    kith_cell cells[16];
    char got[17] = "";
    kith_suppress(cells, parent, counts, n, 10);
    for (uint32_t i = 0; i < n; i++)
        got[i] = cells[i] == KITH_CELL_SHOWN   ? '.'
                 : cells[i] == KITH_CELL_SMALL ? '<'
                                               : 'c';
    assert_string_equal(got, want);
}

static void
small_cells_are_hidden(void **state)
{
    (void)state;
    const uint32_t parent[] = {ROOT, 0, 0, 0};
    /* two small children already hide each other */
    check(parent, (const uint64_t[]){48, 9, 1, 38}, ".<<.", 4);
    /* nine is small, ten is not, nothing is no one's secret */
    check(parent, (const uint64_t[]){40, 10, 0, 30}, "....", 4);
}

static void
one_small_cell_takes_the_next_along(void **state)
{
    (void)state;
    const uint32_t parent[] = {ROOT, 0, 0, 0};
    /* 60 - 30 - 25 would give the 5 away */
    check(parent, (const uint64_t[]){60, 5, 30, 25}, ".<.c", 4);
    /* a zero cannot hide anything: the 30 goes */
    check(parent, (const uint64_t[]){35, 5, 30, 0}, ".<c.", 4);
    /* of equals the first */
    check(parent, (const uint64_t[]){45, 20, 5, 20}, ".c<.", 4);
}

static void
a_small_total_hides_what_it_is_made_of(void **state)
{
    (void)state;
    const uint32_t parent[] = {ROOT, 0, 0};
    check(parent, (const uint64_t[]){7, 7, 0}, "<<.", 3);
    check(parent, (const uint64_t[]){7, 4, 3}, "<<<", 3);
}

/* District b (12) is hidden beside the small district a (3). Its own
 * neighbourhoods 6 + 6 are small; those of c stay. But with one shown
 * neighbourhood of 12 the district would be found again. */
static void
a_hidden_district_hides_a_neighbourhood(void **state)
{
    (void)state;
    const uint32_t parent[] = {ROOT, 0, 0, 0, 1, 2, 3, 3};
    check(parent, (const uint64_t[]){55, 3, 12, 40, 3, 12, 20, 20}, ".<c.<c..",
          8);
}

/* In a shown district one hidden neighbourhood is not enough. */
static void
levels_are_treated_alike(void **state)
{
    (void)state;
    const uint32_t parent[] = {ROOT, 0, 0, 1, 1, 2, 2};
    check(parent, (const uint64_t[]){90, 50, 40, 4, 46, 20, 20}, "...<c..", 7);
}

static void
numbers_are_rounded(void **state)
{
    (void)state;
    assert_int_equal(kith_round_to(12, 5), 10);
    assert_int_equal(kith_round_to(13, 5), 15);
    assert_int_equal(kith_round_to(0, 5), 0);
    assert_int_equal(kith_round_to(12, 1), 12);
    assert_int_equal(kith_round_to(12, 0), 12);
    kith_error err = KITH_ERROR_INIT;
    kith_buffer b = {0};
    assert_int_equal(kith_cell_write(&b, KITH_CELL_SMALL, 7, 10, 5, &err),
                     KITH_OK);
    assert_int_equal(kith_cell_write(&b, KITH_CELL_HIDDEN, 70, 10, 5, &err),
                     KITH_OK);
    assert_int_equal(kith_cell_write(&b, KITH_CELL_SHOWN, 72, 10, 5, &err),
                     KITH_OK);
    assert_string_equal(b.data, "<10c70");
    kith_buffer_done(&b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_cells_are_hidden),
        cmocka_unit_test(one_small_cell_takes_the_next_along),
        cmocka_unit_test(a_small_total_hides_what_it_is_made_of),
        cmocka_unit_test(a_hidden_district_hides_a_neighbourhood),
        cmocka_unit_test(levels_are_treated_alike),
        cmocka_unit_test(numbers_are_rounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
