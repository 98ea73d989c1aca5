/**
 * @file config.h
 * @brief Linkage specs from YAML texts, and texts that must be refused with
 *        the exact words.
 */
#ifndef KITH_TESTS_CONFIG_H
#define KITH_TESTS_CONFIG_H

#include <kith/spec.h>
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

/** Reads a linkage spec from a text and frees it: a test_loader. */
kith_status test_spec_try(const char *yaml, kith_error *err);
/** Reads one that is right; fails the test otherwise. kith_spec_free it. */
kith_spec *test_spec_must(const char *yaml);

#endif
