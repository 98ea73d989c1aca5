#include "io/sorter.h"

#include "../support/files.h"
#include "base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char folder[256];

static int
setup(void **state)
{
    (void)state;
    test_folder_make(folder);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    test_folder_remove(folder);
    return 0;
}

typedef struct collected {
    unsigned char *rows;
    size_t n, cap, row_bytes;
    size_t fail_after; /* rows; 0: never */
} collected;

static kith_status
collect(void *ctx, const void *rows, size_t n, kith_error *err)
{
    collected *c = ctx;
    assert_true(n > 0 && c->n + n <= c->cap);
    memcpy(c->rows + c->n * c->row_bytes, rows, n * c->row_bytes);
    c->n += n;
    if (c->fail_after != 0 && c->n >= c->fail_after)
        return kith_error_set(err, KITH_ERR_IO, "enough");
    return KITH_OK;
}

typedef struct shape {
    size_t row_bytes, key_bytes, n;
    uint64_t memory;
    unsigned char mask; /* of the key's bytes: fewer bits, more ties */
} shape;

/* qsort has no context: the row is compared whole, as keys are distinct. */
static size_t compared_bytes;

static int
compare(const void *a, const void *b)
{
    return memcmp(a, b, compared_bytes);
}

/* Random rows; the last four bytes of the key are the row's number. */
static unsigned char *
make_rows(const shape *s, kith_rng *rng)
{
    unsigned char *rows = malloc(s->n * s->row_bytes + 1);
    assert_non_null(rows);
    for (size_t i = 0; i < s->n; i++) {
        unsigned char *row = rows + i * s->row_bytes;
        for (size_t k = 0; k < s->row_bytes; k++)
            row[k] = (unsigned char)(kith_rng_next(rng) & s->mask);
        const size_t shuffled = i * 7919 % s->n;
        for (size_t k = 0; k < 4; k++)
            row[s->key_bytes - 1 - k] = (unsigned char)(shuffled >> (8 * k));
    }
    return rows;
}

static void
check(const shape *s, uint64_t stream)
{
    kith_rng rng = kith_rng_at(17, stream);
    kith_sorter *sorter = NULL;
    kith_error err = KITH_ERROR_INIT;
    unsigned char *rows = make_rows(s, &rng);
    collected c = {.cap = s->n, .row_bytes = s->row_bytes};
    c.rows = malloc(s->n * s->row_bytes + 1);
    assert_non_null(c.rows);
    assert_int_equal(kith_sorter_new(&sorter, s->row_bytes, s->key_bytes,
                                     s->memory, folder, &err),
                     KITH_OK);
    for (size_t at = 0, step = 1; at < s->n; at += step) {
        step = 1 + (size_t)kith_rng_below(&rng, 3000);
        if (step > s->n - at)
            step = s->n - at;
        assert_int_equal(
            kith_sorter_add(sorter, rows + at * s->row_bytes, step, &err),
            KITH_OK);
    }
    assert_int_equal(kith_sorter_count(sorter), s->n);
    /* A spilled run has no name, so that nothing can be left behind. */
    assert_int_equal(test_folder_count(folder), 0);
    assert_int_equal(kith_sorter_finish(sorter, collect, &c, &err), KITH_OK);
    compared_bytes = s->row_bytes;
    qsort(rows, s->n, s->row_bytes, compare);
    assert_int_equal(c.n, s->n);
    assert_memory_equal(c.rows, rows, s->n * s->row_bytes);
    kith_sorter_free(sorter);
    free(c.rows);
    free(rows);
}

static void
test_against_qsort(void **state)
{
    static const shape shapes[] = {
        {24, 12, 0, 0, 0xFF},          {24, 12, 1, 0, 0xFF},
        {24, 12, 1000, 1 << 20, 0xFF}, {24, 12, 50000, 1 << 24, 0xFF},
        {24, 12, 50000, 0, 0xFF}, /* spills every 1,024 rows */
        {24, 12, 50000, 0, 0x01},      {16, 16, 50000, 200000, 0x03},
        {4, 4, 20000, 0, 0xFF},        {8, 8, 20000, 0, 0},
        {100, 20, 20000, 100000, 0},   {5, 5, 3000, 0, 0xFF},
        {5000, 8, 3000, 0, 0xFF},
    };
    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        check(&shapes[i], i);
}

static void
test_receiver_may_fail(void **state)
{
    enum { N = 5000 };
    static const uint64_t memory[] = {0, 1 << 24};
    const shape s = {.row_bytes = 16, .key_bytes = 8, .n = N, .mask = 0xFF};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        kith_rng rng = kith_rng_at(1, 1);
        kith_sorter *sorter = NULL;
        kith_error err = KITH_ERROR_INIT;
        unsigned char *rows = make_rows(&s, &rng);
        collected c = {.cap = N, .row_bytes = 16, .fail_after = 2000};
        c.rows = malloc(N * 16);
        assert_non_null(c.rows);
        assert_int_equal(
            kith_sorter_new(&sorter, 16, 8, memory[i], folder, &err), KITH_OK);
        assert_int_equal(kith_sorter_add(sorter, rows, N, &err), KITH_OK);
        assert_int_equal(kith_sorter_finish(sorter, collect, &c, &err),
                         KITH_ERR_IO);
        assert_string_equal(err.text, "enough");
        kith_sorter_free(sorter);
        free(c.rows);
        free(rows);
    }
}

static void
test_no_folder_to_spill_to(void **state)
{
    enum { N = 5000 };
    kith_sorter *sorter = NULL;
    kith_error err = KITH_ERROR_INIT;
    char gone[512];
    unsigned char *rows = calloc(N, 8);
    (void)state;
    assert_non_null(rows);
    test_path(gone, folder, "no-such-folder");
    assert_int_equal(kith_sorter_new(&sorter, 8, 8, 0, gone, &err), KITH_OK);
    assert_int_equal(kith_sorter_add(sorter, rows, N, &err), KITH_ERR_IO);
    assert_non_null(strstr(err.text, gone));
    kith_sorter_free(sorter);
    kith_sorter_free(NULL);
    free(rows);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_qsort),
        cmocka_unit_test(test_receiver_may_fail),
        cmocka_unit_test(test_no_folder_to_spill_to),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
