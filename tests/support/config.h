/**
 * @file config.h
 * @brief A YAML text that must be refused, with the exact words.
 */
#ifndef KITH_TESTS_CONFIG_H
#define KITH_TESTS_CONFIG_H

#include <kith/status.h>

typedef struct test_refusal {
    const char *yaml;
    const char *text; /* "x.yaml:3:5: ..." */
    const char *hint; /* exact; NULL: none */
} test_refusal;

/** Loads a text under the name x.yaml; frees what comes of it. */
typedef kith_status (*test_loader)(const char *yaml, kith_error *err);

/** Every case is refused with KITH_ERR_CONFIG and exactly these words. */
void test_refusals(const test_refusal *cases, size_t n, test_loader load);

#endif
