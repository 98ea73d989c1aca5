/**
 * @file audit.h
 * @brief A log of what was encoded and sent, in which nothing can be changed
 *        or left out without a trace.
 *
 * File     text, 0600, only ever appended to: the line "kith audit 1", then
 *          one line an act: its SHA-256, a tab, and name=value pairs with
 *          tabs between. The hash covers the line before's hash and the pairs,
 *          so each line vouches for all before it. Whoever keeps the last
 *          line's hash can tell that the end was not cut off
 * Values   time, user, host, project, epoch, run, key-check value, digests,
 *          counts, recipient; never a value of a record. The one file that
 *          carries the time of day: it lies outside the outputs
 * Errors   KITH_ERR_DATA: a line does not fit the one before
 * Source   Schneier & Kelsey 1999, doi:10.1145/317087.317089 (hash chains)
 */
#ifndef KITH_AUDIT_H
#define KITH_AUDIT_H

#include <kith/status.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/** What every act with a key keeps to, and where it is told. */
typedef struct kith_act_rules {
    const char *today; /**< yyyy-mm-dd: keys must allow it; NULL: not asked */
    bool outdated_key; /**< use keys outside their dates, and say so */
    const char *audit; /**< log that gets a line; NULL: none */
} kith_act_rules;

typedef struct kith_audit kith_audit;

/** Opens or begins a log and checks that its last line is whole: done before
 *  the act, so that nothing is done that cannot be logged. Waits while another
 *  process has it. */
KITH_NODISCARD kith_status kith_audit_open(kith_audit **out, const char *path,
                                           const char *act, kith_error *err);
/** Adds a pair to the line; tabs and line breaks in it become blanks. */
void kith_audit_add(kith_audit *audit, const char *name, const char *value);
void kith_audit_add_u64(kith_audit *audit, const char *name, uint64_t value);
/** Appends the line, with time, user, host and outcome, and frees. */
KITH_NODISCARD kith_status kith_audit_write(kith_audit *audit,
                                            const char *outcome,
                                            kith_error *err);
/** Frees without a line. */
void kith_audit_abort(kith_audit *audit);

/** True when a file begins as an audit log does. */
bool kith_audit_is(const char *path);
/** Checks every line against the one before; prints acts and the last hash. */
KITH_NODISCARD kith_status kith_audit_verify(FILE *to, const char *path,
                                             kith_error *err);

#endif
