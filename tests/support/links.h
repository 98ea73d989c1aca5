/**
 * @file links.h
 * @brief Refs bundles, maps and pairs files made by hand: what cluster reads.
 *
 * Build a scenario in memory, then write it. The salt decides the row refs,
 * and with them the order of every file: another run of the same data.
 */
#ifndef KITH_TESTS_LINKS_H
#define KITH_TESTS_LINKS_H

#include "encode/bundle.h"

#include <kith/spec.h>
#include <stddef.h>
#include <stdint.h>

enum { TEST_AGENCIES = 6, TEST_RECORDS = 4096, TEST_PAIRS = 65536 };

/** Identifiers of the scenario's spec, by index. */
enum { TEST_NHS, TEST_PHONE, TEST_IDENTIFIERS };

typedef struct test_record {
    unsigned agency;
    uint32_t id; /* the agency's own; decides the pseudonym */
    uint8_t rarity[2];
    uint32_t tokens[TEST_IDENTIFIERS]; /* 0 null */
} test_record;

typedef struct test_pair {
    unsigned pass;        /* PASS_* of specs.h */
    uint32_t left, right; /* indexes of records */
    double bits;
    uint32_t states;
    uint8_t left_variant, right_variant;
} test_pair;

typedef struct test_links {
    kith_spec spec;
    const char *agencies[TEST_AGENCIES];
    bool one[TEST_AGENCIES];
    unsigned n_agencies;
    test_record records[TEST_RECORDS];
    uint32_t n_records;
    test_pair pairs[TEST_PAIRS];
    size_t n_pairs;
    const char *run;           /* header entry, "r1" */
    const char *const *rarity; /* header lines of every agency; NULL ends */
    double below_floor;        /* of pass D */
} test_links;

/** An empty scenario on the heap: test_spec with NHS number and phone. */
test_links *test_links_new(void);
unsigned test_links_agency(test_links *t, const char *name, bool one);
/** Index of a new record; its agency's id is its index. */
uint32_t test_links_record(test_links *t, unsigned agency);
test_pair *test_links_pair(test_links *t, uint32_t left, uint32_t right,
                           double bits);
void test_pseudonym(uint8_t out[KITH_PSEUDONYM_BYTES], unsigned agency,
                    uint32_t id);
/** "agency,hex" as CSV files have it. */
void test_record_text(char out[96], const test_links *t, uint32_t record);
/** Writes <folder>/refs and <folder>/pairs. */
void test_links_write(const test_links *t, const char *folder, uint64_t salt);

#endif
