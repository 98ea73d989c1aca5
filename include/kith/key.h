/**
 * @file key.h
 * @brief Key files, key derivation and the key-check value.
 *
 * A key is 32 bytes from the operating system's generator, never a
 * passphrase. It lives in OpenSSL's secure memory and is cleansed on free.
 * While a key is held, core dumps are off.
 *
 * Source   HKDF: RFC 5869; HMAC: RFC 2104, FIPS 198-1.
 */
#ifndef KITH_KEY_H
#define KITH_KEY_H

#include <kith/status.h>
#include <stdint.h>

enum { KITH_KEY_BYTES = 32, KITH_CHECK_BYTES = 8 };

typedef enum kith_key_kind {
    KITH_KEY_PROJECT, /**< shared by all agencies of a project and epoch */
    KITH_KEY_AGENCY   /**< one agency's own: pseudonyms and row refs */
} kith_key_kind;

typedef struct kith_key kith_key;

/**
 * Makes a key file, mode 0400; refuses to overwrite one.
 * @param agency short name of the agency, or NULL for a project key
 */
KITH_NODISCARD kith_status kith_key_generate(const char *path,
                                             const char *project,
                                             const char *epoch,
                                             const char *agency,
                                             kith_error *err);

/** The days on which a key may be used, both included; NULL: no limit. */
typedef struct kith_key_dates {
    const char *from;  /**< yyyy-mm-dd */
    const char *until; /**< yyyy-mm-dd */
} kith_key_dates;

/** The same, for a time. */
KITH_NODISCARD kith_status kith_key_generate_dated(
    const char *path, const char *project, const char *epoch,
    const char *agency, const kith_key_dates *dates, kith_error *err);

/** KITH_ERR_KEY, by name, on a day outside the key's dates.
 *  @param today yyyy-mm-dd */
KITH_NODISCARD kith_status kith_key_check_day(const kith_key *key,
                                              const char *today,
                                              kith_error *err);

/** Reads a key file; refuses one that group or others can read. */
KITH_NODISCARD kith_status kith_key_load(kith_key **out, const char *path,
                                         kith_key_kind kind, kith_error *err);
void kith_key_free(kith_key *key);

/** The same secret under another project and epoch, for self-tests: nothing
 *  it derives may equal what @p key derives. */
KITH_NODISCARD kith_status kith_key_sibling(kith_key **out, const kith_key *key,
                                            const char *project,
                                            const char *epoch, kith_error *err);

const char *kith_key_project(const kith_key *key);
const char *kith_key_epoch(const kith_key *key);
const char *kith_key_agency(const kith_key *key);

/**
 * Key-check value, 16 hex characters and a NUL: HMAC(K_kcv, spec digest)
 * cut to 8 bytes. Tells two keys apart; gives nothing of the key away.
 */
KITH_NODISCARD kith_status kith_key_check(char out[2 * KITH_CHECK_BYTES + 1],
                                          const kith_key *key,
                                          const char *spec_digest,
                                          kith_error *err);

/**
 * HKDF-SHA-256 with salt = project and
 * info = "kith/1|epoch|run|purpose|pass|class".
 * @param[out] out 32 bytes, caller's; cleanse after use
 */
KITH_NODISCARD kith_status kith_key_derive(uint8_t out[KITH_KEY_BYTES],
                                           const kith_key *key, const char *run,
                                           const char *purpose,
                                           const char *pass,
                                           const char *class_name,
                                           kith_error *err);

#endif
