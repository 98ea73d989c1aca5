#include "attack/jaro.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static double
similar(const char *a, const char *b)
{
    return kith_jaro_winkler(a, strlen(a), b, strlen(b));
}

/* Winkler 1990, table of examples, to three places. */
static void
published_examples(void **state)
{
    (void)state;
    assert_true(fabs(similar("MARTHA", "MARHTA") - 0.961) < 0.0005);
    assert_true(fabs(similar("DIXON", "DICKSONX") - 0.813) < 0.0005);
    assert_true(fabs(similar("DWAYNE", "DUANE") - 0.840) < 0.0005);
}

static void
bounds_and_symmetry(void **state)
{
    (void)state;
    assert_true(fabs(similar("SMITH", "SMITH") - 1) < 1e-12);
    assert_true(similar("ABC", "XYZ") <= 0);
    assert_true(similar("", "SMITH") <= 0);
    assert_true(similar("", "") <= 0);
    assert_true(fabs(similar("JELLYFISH", "SMELLYFISH") -
                     similar("SMELLYFISH", "JELLYFISH")) < 1e-12);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(published_examples),
                                       cmocka_unit_test(bounds_and_symmetry)};
    return cmocka_run_group_tests_name("jaro", tests, NULL, NULL);
}
