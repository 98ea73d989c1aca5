/**
 * @file norm.h
 * @brief Table-driven checks of the normalisers under the shipped spec.
 */
#ifndef KITH_TESTS_NORM_H
#define KITH_TESTS_NORM_H

#include "encode/norm.h"

/** The day that test rules take for today: 31 March 2026. */
#define TEST_REFERENCE "2026-03-31"

typedef struct test_norm_case {
    const char *raw;
    const char *text;        /* NULL: null */
    kith_norm_reason reason; /* why null, or why partial */
} test_norm_case;

/** Rules of the shipped spec. */
void test_rules_make(kith_norm_rules *rules);
void test_rules_done(kith_norm_rules *rules);

typedef void (*test_norm_fn)(kith_norm *out, const kith_norm_rules *rules,
                             kith_str raw);

/** Fails, naming the case, at the first one that differs. */
void test_norm_cases(test_norm_fn fn, const test_norm_case *cases, size_t n);

#define TEST_NORM(fn, cases)                                                   \
    test_norm_cases((fn), (cases), sizeof(cases) / sizeof *(cases))

#endif
