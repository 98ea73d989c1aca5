/**
 * @file tree.h
 * @brief Folders with all that is below them, compared and emptied.
 */
#ifndef KITH_TESTS_TREE_H
#define KITH_TESTS_TREE_H

#include <stdbool.h>

/** Removes everything below @p folder, which stays. */
void test_tree_empty(const char *folder);
/**
 * Fails the test unless every file below @p folder lies below @p reference
 * too, with the same bytes: nothing half written, no temporary file.
 * @param all the other way round as well
 */
void test_tree_expect(const char *folder, const char *reference, bool all);

#endif
