/* The streaming merge sees exactly the blocks that a naive join finds. */
#include "../support/files.h"
#include "../support/passes.h"
#include "base/alloc.h"
#include "pass/pass.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct seen {
    uint64_t pairs, rows, last_block;
    bool any;
    size_t row_bytes;
} seen;

static uint64_t
block_of(const uint8_t *row)
{
    uint64_t x = 0;
    for (unsigned i = 0; i < 8; i++)
        x = x << 8 | row[i];
    return x;
}

static kith_status
visit(void *ctx, const kith_group *g, kith_error *err)
{
    (void)err;
    seen *s = ctx;
    uint64_t pairs = 0;
    const uint64_t block = block_of(g->rows[0]);
    assert_true(!s->any || block > s->last_block);
    s->any = true;
    s->last_block = block;
    s->rows += g->n_rows;
    for (uint32_t d = 0; d < g->n_distinct; d++) {
        assert_ptr_equal(g->firsts[d], g->rows[g->begin[d]]);
        for (uint32_t i = g->begin[d]; i < g->begin[d + 1]; i++) {
            assert_int_equal(block_of(g->rows[i]), block);
            assert_memory_equal(g->rows[i] + 16, g->firsts[d] + 16,
                                s->row_bytes - 16);
            assert_true(memcmp(g->firsts[d] + 8, g->rows[i] + 8, 8) <= 0);
        }
        for (uint32_t e = d; e < g->n_distinct; e++) {
            pairs += kith_group_pairs(g, d, e);
            if (e > d)
                assert_memory_not_equal(g->firsts[d] + 16, g->firsts[e] + 16,
                                        s->row_bytes - 16);
        }
    }
    assert_int_equal(pairs, g->n_pairs);
    s->pairs += pairs;
    return KITH_OK;
}

static uint64_t
naive_pairs(const test_rows *rows)
{
    uint64_t n = 0;
    for (size_t i = 0; i < rows->n; i++)
        for (size_t j = i + 1; j < rows->n; j++)
            n += test_candidates(rows, i, j);
    return n;
}

static void
check_merge(uint64_t seed, size_t n, size_t n_blocks, unsigned n_files,
            unsigned ones)
{
    kith_error err = KITH_ERROR_INIT;
    char folder[256];
    kith_spec spec;
    test_rows rows;
    kith_pass *pass = NULL;
    kith_pass_reader *reader = NULL;
    kith_pass_counts counts = {0};
    test_folder_make(folder);
    test_spec(&spec, 256);
    test_rows_make(&rows, folder, &spec, PASS_A, seed, n, n_blocks, n_files,
                   ones);
    assert_int_equal(kith_pass_open(&pass, &spec, PASS_A, folder, &err),
                     KITH_OK);
    assert_int_equal(pass->n_files, n_files);
    assert_int_equal(kith_pass_reader_new(&reader, pass, &err), KITH_OK);
    seen s = {.row_bytes = rows.layout.row_bytes};
    for (uint32_t r = 0; r < pass->n_ranges; r++)
        assert_int_equal(kith_pass_read(reader, r, visit, &s, &counts, &err),
                         KITH_OK);
    assert_int_equal(counts.rows, n);
    assert_int_equal(s.pairs, naive_pairs(&rows));
    kith_pass_reader_free(reader);
    kith_pass_close(pass);
    test_rows_done(&rows);
    test_folder_remove(folder);
}

static void
test_many_small_blocks(void **state)
{
    (void)state;
    check_merge(1, 3000, 900, 5, 0);
}

static void
test_deduplicated_sources(void **state)
{
    (void)state;
    check_merge(2, 3000, 900, 5, 2);
    check_merge(3, 2000, 100, 2, 2);
}

static void
test_one_giant_block(void **state)
{
    (void)state;
    check_merge(4, 4000, 1, 3, 1);
}

static void
test_one_file(void **state)
{
    (void)state;
    check_merge(5, 500, 100, 1, 0);
    check_merge(6, 500, 100, 1, 1);
}

static void
test_few_rows(void **state)
{
    (void)state;
    check_merge(7, 0, 1, 2, 0);
    check_merge(8, 1, 1, 2, 0);
    check_merge(9, 3, 1, 8, 0);
}

static void
test_several_ranges(void **state)
{
    (void)state;
    /* Over 2 x 2^14 rows: more than one range, frames that ranges share. */
    kith_error err = KITH_ERROR_INIT;
    char folder[256];
    kith_spec spec;
    test_rows rows;
    kith_pass *pass = NULL;
    kith_pass_reader *reader = NULL;
    kith_pass_counts counts = {0};
    test_folder_make(folder);
    test_spec(&spec, 256);
    test_rows_make(&rows, folder, &spec, PASS_Y, 11, 50000, 30000, 3, 0);
    assert_int_equal(kith_pass_open(&pass, &spec, PASS_Y, folder, &err),
                     KITH_OK);
    assert_true(pass->n_ranges > 2);
    assert_int_equal(kith_pass_reader_new(&reader, pass, &err), KITH_OK);
    seen s = {.row_bytes = rows.layout.row_bytes};
    for (uint32_t r = 0; r < pass->n_ranges; r++)
        assert_int_equal(kith_pass_read(reader, r, visit, &s, &counts, &err),
                         KITH_OK);
    assert_int_equal(counts.rows, 50000);
    kith_pass_reader_free(reader);
    kith_pass_close(pass);
    test_rows_done(&rows);
    test_folder_remove(folder);
}

static void
test_refusals(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    char folder[256];
    kith_spec spec;
    test_rows rows;
    kith_pass *pass = NULL;
    test_folder_make(folder);
    test_spec(&spec, 256);
    assert_int_equal(kith_pass_open(&pass, &spec, PASS_A, folder, &err),
                     KITH_ERR_IO);
    test_rows_make(&rows, folder, &spec, PASS_A, 1, 30, 9, 2, 0);
    spec.digest[0] = 'b';
    assert_int_equal(kith_pass_open(&pass, &spec, PASS_A, folder, &err),
                     KITH_ERR_MISMATCH);
    assert_non_null(strstr(err.text, "another linkage spec"));
    /* A third file of yet another spec digest, beside the two. */
    test_write_pass(folder, "zz", "many", &spec, PASS_A, rows.bytes, 1);
    spec.digest[0] = 'a';
    assert_int_equal(kith_pass_open(&pass, &spec, PASS_A, folder, &err),
                     KITH_ERR_MISMATCH);
    test_rows_done(&rows);
    test_folder_remove(folder);
}

static void
test_same_agency_twice(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    char folder[256], from[512], to[512];
    kith_spec spec;
    test_rows rows;
    kith_pass *pass = NULL;
    size_t n = 0;
    test_folder_make(folder);
    test_spec(&spec, 256);
    test_rows_make(&rows, folder, &spec, PASS_A, 1, 30, 9, 1, 0);
    test_path(from, folder, "agency0.A.pass");
    test_path(to, folder, "copy.A.pass");
    void *bytes = test_read(from, &n);
    test_write(to, bytes, n);
    free(bytes);
    assert_int_equal(kith_pass_open(&pass, &spec, PASS_A, folder, &err),
                     KITH_ERR_MISMATCH);
    assert_non_null(strstr(err.text, "both of agency \"agency0\""));
    test_rows_done(&rows);
    test_folder_remove(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_many_small_blocks),
        cmocka_unit_test(test_deduplicated_sources),
        cmocka_unit_test(test_one_giant_block),
        cmocka_unit_test(test_one_file),
        cmocka_unit_test(test_few_rows),
        cmocka_unit_test(test_several_ranges),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_same_agency_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
