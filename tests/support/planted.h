/**
 * @file planted.h
 * @brief A project of two agencies with unmistakable values in every
 *        identifier column, in good rows and in every kind of bad one.
 */
#ifndef KITH_TESTS_PLANTED_H
#define KITH_TESTS_PLANTED_H

enum { TEST_PLANTED = 24 };

/** The values, as the extracts have them and as they are normalised. */
extern const char *const test_planted[TEST_PLANTED];

/** Extracts (one gzipped), mappings, kith.yaml, opt-outs, a CSV for CLKs with
 *  its secret, into an empty folder; no keys. */
void test_planted_make(const char *folder);

#endif
