/**
 * @file fault.h
 * @brief Makes the n-th call of a function that may fail, fail.
 *
 * Fault tests are linked so that kith's calls of malloc, calloc, realloc,
 * posix_memalign, pthread_create, open, write, fsync and rename come here
 * first; calls from other libraries do not. A test arms the n-th call for
 * n = 1, 2, 3 ... until a run gets through without meeting it.
 *
 * Source   SQLite's out-of-memory testing, sqlite.org/testing.html, 3.1
 */
#ifndef KITH_TESTS_FAULT_H
#define KITH_TESTS_FAULT_H

#include <kith/status.h>
#include <stdbool.h>

/** The @p n-th wrapped call from now fails, once. */
void fault_arm(unsigned long n);
/** No call fails any more. @return whether the armed one did */
bool fault_disarm(void);
/** While on, every write takes at most one byte, as a pipe may. */
void fault_short_writes(bool on);

typedef struct fault_case {
    const char *name;
    kith_status (*run)(kith_error *err);
    /** After a run: what it left is whole, or as it was before. */
    void (*check)(bool succeeded);
} fault_case;

/**
 * Runs the case with call 1, 2, 3 ... failing, until none does. A run that
 * fails must say why; one that succeeds in spite of the fault is checked as
 * a success. Fails the test (cmocka) otherwise.
 */
void fault_loop(const fault_case *c);

#endif
