/**
 * @file tracee.h
 * @brief Runs the real program and looks at its memory: the core image that
 *        a crash would leave, at its end or with its keys in hand.
 *
 * Linux only, by ptrace. An image is every readable and writable mapping; at
 * a stop before the end those that the program keeps out of core files
 * (MADV_DONTDUMP) are left out, as the kernel would.
 */
#ifndef KITH_TESTS_TRACEE_H
#define KITH_TESTS_TRACEE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct test_image {
    uint8_t *bytes;
    size_t n;
    size_t cap;
} test_image;

/** Zero-initialise what is not said. */
typedef struct test_tracee {
    const char *const *args; /**< the command's, NULL at the end */
    const char *folder;      /**< where it runs */
    const char *output;      /**< file that gets stdout and stderr */
    bool with_keys; /**< image at the first rename: outputs are whole, keys
                         are held; else when it exits */
    bool whole;     /**< with what is kept out of core files */
    bool abort;     /**< then SIGABRT */

    test_image image;         /**< of the stop */
    bool stopped;             /**< the stop was reached */
    unsigned long core_limit; /**< RLIMIT_CORE at the stop */
    int exit_code;            /**< -1: a signal */
    bool dumped;              /**< the kernel says it wrote a core file */
} test_tracee;

/** False when the system does not allow ptrace. */
bool test_tracee_run(test_tracee *t);
void test_image_done(test_image *image);
bool test_image_has(const test_image *image, const void *bytes, size_t n);

#endif
