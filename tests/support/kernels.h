/**
 * @file kernels.h
 * @brief Whether a kernel gives, bit for bit, what kith_compare_rows gives.
 */
#ifndef TESTS_SUPPORT_KERNELS_H
#define TESTS_SUPPORT_KERNELS_H

#include "compare/kernel.h"

/** Asserts it on random blocks of 1 to 70 rows, odd sizes and places, of all
 *  passes and filter widths of test_spec, pruned and not. */
void test_kernel(const kith_kernel *kernel);

#endif
