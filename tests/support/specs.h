/**
 * @file specs.h
 * @brief A linkage spec for tests, built in C, and pass files made by hand.
 */
#ifndef KITH_TEST_SPECS_H
#define KITH_TEST_SPECS_H

#include "base/rng.h"
#include "compare/layout.h"

#include <kith/spec.h>

/** Passes of test_spec, by index. */
enum { PASS_D, PASS_A, PASS_Y, PASS_N, PASS_M, PASS_W, TEST_PASSES };

/** Fields of test_spec, by index. */
enum {
    FIELD_SURNAME,
    FIELD_FORENAME,
    FIELD_DOB,
    FIELD_SEX,
    FIELD_POSTCODE,
    FIELD_HOUSE,
    FIELD_UPRN
};

/**
 * The usual comparisons of persons (name, birth, sex, place) and passes:
 * D dob.sorted + either.soundex, A postcode + either.soundex,
 * Y postcode + dob.year, N both Soundex + dob.year, M both Soundex +
 * dob.daymonth, W dob.
 */
void test_spec(kith_spec *out, uint16_t filter_bits);

/** Fills the columns of @p row with few distinct tokens, some null, and
 *  filters near one of four; the head stays as it is. */
void test_random_row(uint8_t *row, const kith_layout *layout, kith_rng *rng);

void test_put_head(uint8_t *row, uint64_t block, uint64_t ref);
void test_put_token(uint8_t *row, uint16_t offset, uint32_t token);

/** Writes <folder>/<agency>.<pass>.pass; rows are sorted first. Fails the
 *  test on error. @param link "one" or "many" */
void test_write_pass(const char *folder, const char *agency, const char *link,
                     const kith_spec *spec, unsigned pass, uint8_t *rows,
                     size_t n);

#endif
