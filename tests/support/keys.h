/**
 * @file keys.h
 * @brief Key files with known bytes, for pinned vectors and repeatable runs.
 */
#ifndef KITH_TESTS_KEYS_H
#define KITH_TESTS_KEYS_H

#include <kith/key.h>

/** Loads a key whose bytes are first, first + 1, ... @param agency NULL: a
 *  project key. Fails the test when it cannot. */
kith_key *test_key_make(const char *project, const char *epoch,
                        const char *agency, uint8_t first);

#endif
