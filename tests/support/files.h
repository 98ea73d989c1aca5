/**
 * @file files.h
 * @brief Files of one test: a fresh folder, and what lies in it.
 *
 * Every function fails the test (cmocka assert) when it cannot do its job.
 */
#ifndef KITH_TESTS_FILES_H
#define KITH_TESTS_FILES_H

#include <stdbool.h>
#include <stddef.h>

/** A fresh empty folder; its path in @p path. */
void test_folder_make(char path[256]);
/** Removes the folder with all that is in it. */
void test_folder_remove(const char *path);
/** How many files and folders lie in it, hidden ones included. */
size_t test_folder_count(const char *path);
/** folder/name in @p path. */
void test_path(char path[512], const char *folder, const char *name);
void test_write(const char *path, const void *bytes, size_t n);
/** The bytes of a file, and a NUL after them; free() them. */
void *test_read(const char *path, size_t *n);
bool test_exists(const char *path);

#endif
