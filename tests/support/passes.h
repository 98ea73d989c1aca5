/**
 * @file passes.h
 * @brief Random pass files of several agencies, and the rows behind them.
 */
#ifndef KITH_TEST_PASSES_H
#define KITH_TEST_PASSES_H

#include "specs.h"

typedef struct test_rows {
    kith_layout layout;
    uint8_t *bytes;   /**< n rows, in no order */
    uint16_t *files;  /**< agency of each */
    bool link_one[8]; /**< by agency */
    size_t n;
    unsigned n_files;
} test_rows;

/**
 * Draws rows in n_blocks blocks and writes them as the agencies' files of
 * one pass. About a third of the rows repeat another row of their block.
 * @param ones agencies, from the last, that say `link: one`
 */
void test_rows_make(test_rows *out, const char *folder, const kith_spec *spec,
                    unsigned pass, uint64_t seed, size_t n, size_t n_blocks,
                    unsigned n_files, unsigned ones);
void test_rows_done(test_rows *rows);

const uint8_t *test_row(const test_rows *rows, size_t i);
/** Same block, and not both of one deduplicated source. */
bool test_candidates(const test_rows *rows, size_t i, size_t j);

#endif
