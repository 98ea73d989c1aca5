/**
 * @file status.h
 * @brief How every kith function says that it failed, and why.
 *
 * Every fallible function returns a kith_status and takes a kith_error as
 * its last parameter. The text names file, line, column and reason; it never
 * holds a value read from a record. Nothing here is global.
 */
#ifndef KITH_STATUS_H
#define KITH_STATUS_H

#include <stddef.h>

#if defined(__GNUC__)
#define KITH_NODISCARD    __attribute__((warn_unused_result))
#define KITH_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define KITH_NODISCARD
#define KITH_PRINTF(f, a)
#endif

/** What went wrong, coarse enough to choose an exit code. */
typedef enum kith_status {
    KITH_OK = 0,
    KITH_ERR_MEMORY,   /**< an allocation failed, or the budget is too small */
    KITH_ERR_IO,       /**< a file could not be opened, read or written */
    KITH_ERR_THREAD,   /**< a thread could not be started */
    KITH_ERR_USAGE,    /**< the command line is wrong */
    KITH_ERR_CONFIG,   /**< a YAML or criteria file is wrong */
    KITH_ERR_DATA,     /**< an input file is damaged or not what it should be */
    KITH_ERR_MISMATCH, /**< inputs of different keys, epochs, runs or specs */
    KITH_ERR_KEY,      /**< a key file is missing, damaged or too open */
    KITH_ERR_REJECTS,  /**< more bad rows than --max-bad-rows allows */
    KITH_ERR_CRYPTO,   /**< OpenSSL refused an operation */
    KITH_ERR_INTERNAL  /**< a broken invariant: a bug */
} kith_status;

/** One error: caller's storage, initialised with KITH_ERROR_INIT. */
typedef struct kith_error {
    kith_status status;
    char text[512]; /**< "file:line: column "dob": reason", no values */
    char hint[256]; /**< what to do about it, or empty */
} kith_error;

#define KITH_ERROR_INIT                                                        \
    {                                                                          \
        KITH_OK, {0},                                                          \
        {                                                                      \
            0                                                                  \
        }                                                                      \
    }

/**
 * Sets status and text; clears the hint. @p err may be NULL.
 * @return @p status, so that `return kith_error_set(...)` reads well
 */
kith_status kith_error_set(kith_error *err, kith_status status,
                           const char *format, ...) KITH_PRINTF(3, 4);

/** Adds the hint line to an error already set. @p err may be NULL. */
void kith_error_hint(kith_error *err, const char *format, ...)
    KITH_PRINTF(2, 3);

/** Puts "file:line: " or any other context before the text. */
void kith_error_prefix(kith_error *err, const char *format, ...)
    KITH_PRINTF(2, 3);

/** 0 ok, 1 run failed, 2 usage or config, 3 too many bad rows. */
int kith_exit_code(kith_status status);

/** Short name of a status: "io", "config" ... */
const char *kith_status_name(kith_status status);

/**
 * The one control-flow macro: needs a local `status` and a label `done`.
 */
#define KITH_TRY(expr)                                                         \
    do {                                                                       \
        status = (expr);                                                       \
        if (status != KITH_OK)                                                 \
            goto done;                                                         \
    } while (0)

#endif
