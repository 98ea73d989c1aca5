#include "passes.h"

#include "base/alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

const uint8_t *
test_row(const test_rows *rows, size_t i)
{
    return rows->bytes + i * rows->layout.row_bytes;
}

bool
test_candidates(const test_rows *rows, size_t i, size_t j)
{
    return memcmp(test_row(rows, i), test_row(rows, j), KITH_ROW_REF) == 0 &&
           (rows->files[i] != rows->files[j] ||
            !rows->link_one[rows->files[i]]);
}

static void
draw_rows(test_rows *out, uint64_t seed, size_t n_blocks)
{
    kith_rng rng = kith_rng_at(seed, 0);
    for (size_t i = 0; i < out->n; i++) {
        uint8_t *row = out->bytes + i * out->layout.row_bytes;
        kith_rng key = kith_rng_at(seed, 1 + kith_rng_below(&rng, n_blocks));
        test_put_head(row, kith_rng_next(&key), kith_rng_next(&rng));
        test_random_row(row, &out->layout, &rng);
        if (i > 0 && kith_rng_below(&rng, 3) == 0) {
            /* A copy of an earlier row, block and all, under its own ref. */
            const uint8_t *from = test_row(out, kith_rng_below(&rng, i));
            memcpy(row, from, KITH_ROW_REF);
            memcpy(row + KITH_ROW_HEAD, from + KITH_ROW_HEAD,
                   out->layout.row_bytes - (size_t)KITH_ROW_HEAD);
        }
        out->files[i] = (uint16_t)kith_rng_below(&rng, out->n_files);
    }
}

void
test_rows_make(test_rows *out, const char *folder, const kith_spec *spec,
               unsigned pass, uint64_t seed, size_t n, size_t n_blocks,
               unsigned n_files, unsigned ones)
{
    kith_error err = KITH_ERROR_INIT;
    *out = (test_rows){.n = n, .n_files = n_files};
    assert_int_equal(kith_layout_build(&out->layout, spec, pass, &err),
                     KITH_OK);
    const size_t width = out->layout.row_bytes;
    out->bytes = kith_alloc_array(n, width);
    out->files = kith_alloc_array(n, sizeof *out->files);
    uint8_t *own = kith_alloc_array(n, width);
    assert_true(out->bytes != NULL && out->files != NULL && own != NULL);
    draw_rows(out, seed, n_blocks);
    for (unsigned f = 0; f < n_files; f++) {
        char agency[32];
        size_t n_own = 0;
        out->link_one[f] = f + ones >= n_files;
        snprintf(agency, sizeof agency, "agency%u", f);
        for (size_t i = 0; i < n; i++)
            if (out->files[i] == f)
                memcpy(own + width * n_own++, test_row(out, i), width);
        test_write_pass(folder, agency, out->link_one[f] ? "one" : "many", spec,
                        pass, own, n_own);
    }
    kith_free(own);
}

void
test_rows_done(test_rows *rows)
{
    kith_free(rows->bytes);
    kith_free(rows->files);
}
