/* The same extract for another run: nothing encoded is comparable. What lasts
 * is the pseudonym, for the clusterer and the payload alone. */
#include "../support/encoded.h"

#include "compare/layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Words of @p width bytes from @p offset of each row that are not all zero
 * and are in both files. */
static size_t
shared_words(const test_encoded *a, const test_encoded *b, const char *name,
             size_t offset, size_t width)
{
    static const uint8_t zero[64];
    size_t n_a = 0, n_b = 0, row_bytes = 0, shared = 0;
    uint8_t *x = test_encoded_rows(a, name, NULL, &n_a, &row_bytes);
    uint8_t *y = test_encoded_rows(b, name, NULL, &n_b, &row_bytes);
    for (size_t i = 0; i < n_a; i++)
        for (size_t p = offset; p + width <= row_bytes; p += width) {
            const uint8_t *word = x + i * row_bytes + p;
            if (memcmp(word, zero, width) == 0)
                continue;
            for (size_t k = 0; k < n_b; k++)
                for (size_t q = offset; q + width <= row_bytes; q += width)
                    shared += memcmp(word, y + k * row_bytes + q, width) == 0;
        }
    free(x);
    free(y);
    return shared;
}

static void
another_run_shares_nothing(void **state)
{
    (void)state;
    test_encoded a, b;
    test_encoded_well(&a, 1);
    test_encoded_init(&b, 1);
    b.params.run = "r2";
    assert_int_equal(test_encode(&b), KITH_OK);
    for (unsigned p = 0; p < a.spec->n_passes; p++) {
        char name[128];
        snprintf(name, sizeof name, "passes/police.%s.pass",
                 a.spec->passes[p].name);
        assert_int_equal(shared_words(&a, &b, name, 0, 4), 0);
    }
    /* Behind the pseudonym, which lasts, the identifiers' tokens. */
    assert_int_equal(
        shared_words(&a, &b, "refs/police.records", sizeof(kith_record_row), 8),
        0);
    size_t n = 0, row_bytes = 0;
    kith_person_row *x = test_encoded_rows(&a, "payload/police.people",
                                           "people", &n, &row_bytes);
    kith_person_row *y = test_encoded_rows(&b, "payload/police.people",
                                           "people", &n, &row_bytes);
    for (size_t i = 0; i < n; i++) {
        assert_memory_equal(x[i].pseudonym, y[i].pseudonym,
                            KITH_PSEUDONYM_BYTES);
        assert_true(x[i].address == 0 || x[i].address != y[i].address);
        assert_true(x[i].unit == 0 || x[i].unit != y[i].unit);
        assert_true(x[i].surname == 0 || x[i].surname != y[i].surname);
    }
    free(x);
    free(y);
    test_encoded_done(&a);
    test_encoded_done(&b);
}

/* Rows of one pass in file order, told by record: another run, another order.
 */
static void
another_run_has_another_order(void **state)
{
    (void)state;
    test_encoded a, b;
    test_encoded_well(&a, 1);
    test_encoded_init(&b, 1);
    b.params.run = "r2";
    assert_int_equal(test_encode(&b), KITH_OK);
    size_t n = 0, m = 0, row_bytes = 0;
    /* Maps are in the order of refs, which orders rows inside a block. */
    kith_map_row *x =
        test_encoded_rows(&a, "refs/police.A.map", "map", &n, &row_bytes);
    kith_map_row *y =
        test_encoded_rows(&b, "refs/police.A.map", "map", &m, &row_bytes);
    assert_int_equal(n, m);
    size_t same = 0;
    for (size_t i = 0; i < n; i++)
        same += x[i].record == y[i].record && x[i].variant == y[i].variant;
    assert_true(n >= 10 && same <= n / 2);
    free(x);
    free(y);
    test_encoded_done(&a);
    test_encoded_done(&b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_run_shares_nothing),
        cmocka_unit_test(another_run_has_another_order),
    };
    return cmocka_run_group_tests_name("other_run", tests, NULL, NULL);
}
