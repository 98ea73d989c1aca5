/**
 * @file digest.h
 * @brief SHA-256 of bytes as they pass by.
 *
 * Source   FIPS 180-4, through OpenSSL's EVP.
 */
#ifndef KITH_IO_DIGEST_H
#define KITH_IO_DIGEST_H

#include <kith/status.h>
#include <stddef.h>

enum { KITH_DIGEST_HEX = 65 };

typedef struct kith_digest kith_digest;

KITH_NODISCARD kith_status kith_digest_new(kith_digest **out, kith_error *err);
KITH_NODISCARD kith_status kith_digest_add(kith_digest *d, const void *data,
                                           size_t n, kith_error *err);
/** The digest so far, in hex; empty when OpenSSL fails. Adding may go on. */
void kith_digest_hex(const kith_digest *d, char out[KITH_DIGEST_HEX]);
void kith_digest_free(kith_digest *d);

#endif
