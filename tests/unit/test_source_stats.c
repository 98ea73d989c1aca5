/* What a source tells of its records as a whole: sums, and none of few. */
#include "../support/encoded.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct cells {
    unsigned n;
    uint64_t least, sum;
} cells;

/* Counts of all "stat: digit|level|count" or "rarity: field bucket records
 * ..." lines of a file. */
static cells
read_cells(const test_encoded *t, const char *file, const char *entry)
{
    char path[768];
    kith_error err = KITH_ERROR_INIT;
    kith_rows_in *in = NULL;
    cells c = {0, UINT64_MAX, 0};
    size_t cursor = 0;
    (void)snprintf(path, sizeof path, "%s/%s", t->params.out, file);
    assert_int_equal(kith_rows_open(&in, path, NULL, &err), KITH_OK);
    for (;;) {
        char line[128];
        uint64_t n = 0;
        const kith_str text =
            kith_meta_next(kith_rows_meta(in), entry, &cursor);
        if (text.data == NULL)
            break;
        (void)snprintf(line, sizeof line, "%.*s", (int)text.len, text.data);
        assert_int_equal(strcmp(entry, "stat") == 0
                             ? sscanf(line, "%*[^|]|%*u|%" SCNu64, &n)
                             : sscanf(line, "%*s %*u %" SCNu64, &n),
                         1);
        c.n++;
        c.sum += n;
        c.least = n < c.least ? n : c.least;
    }
    kith_rows_close(in);
    return c;
}

/* The extract of 12 records makes cells of 1 and of many: at each least size
 * all smaller ones are missing, and only those. */
static void
small_cells_are_left_out(void **state)
{
    (void)state;
    static const uint32_t least[] = {1, 2, 5, 10, 1000};
    static const char *const files[][2] = {{"passes/police.D.pass", "stat"},
                                           {"passes/police.N.pass", "stat"},
                                           {"refs/police.records", "rarity"}};
    for (size_t f = 0; f < 3; f++) {
        cells before = {0, 0, 0};
        for (size_t i = 0; i < sizeof least / sizeof *least; i++) {
            test_encoded t;
            test_encoded_init(&t, 1);
            t.spec->min_cell = least[i];
            assert_int_equal(test_encode(&t), KITH_OK);
            const cells c = read_cells(&t, files[f][0], files[f][1]);
            test_encoded_done(&t);
            assert_true(c.n == 0 || c.least >= least[i]);
            if (i == 0)
                assert_true(c.n > 1 && c.least < 10);
            else
                assert_true(c.n <= before.n && c.sum <= before.sum);
            if (least[i] == 1000)
                assert_int_equal(c.n, 0);
            before = c;
        }
    }
}

static void
ten_is_the_least_by_default(void **state)
{
    (void)state;
    test_encoded t;
    test_encoded_well(&t, 1);
    assert_int_equal(t.spec->min_cell, 10);
    test_encoded_done(&t);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_cells_are_left_out),
        cmocka_unit_test(ten_is_the_least_by_default),
    };
    return cmocka_run_group_tests_name("source_stats", tests, NULL, NULL);
}
