/**
 * @file seal_format.h
 * @brief What sealing and opening agree on.
 *
 * Layout   "KITHSEAL", u32 version, u32 header bytes, header text, Ed25519
 *          signature of all before it, then the chunks: ciphertext (64 KiB,
 *          the last one shorter), 16-byte tag
 * Header   name, sender, recipient (owner names), ephemeral (hex), then
 *          "file: <sha256> <bytes> <base name>" repeated, in order
 * Nonce    7 zero bytes, u32 big-endian chunk number, 1 when the last
 */
#ifndef KITH_ENCODE_SEAL_FORMAT_H
#define KITH_ENCODE_SEAL_FORMAT_H

#include "io/meta.h"

#include <kith/seal.h>
#include <kith/status.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdint.h>

#define KITH_SEAL_MAGIC "KITHSEAL"

enum {
    KITH_SEAL_VERSION = 1,
    KITH_SEAL_PREFIX = 16,
    KITH_SEAL_SIGNATURE = 64,
    KITH_SEAL_CHUNK = 64 * 1024,
    KITH_SEAL_TAG = 16,
    KITH_SEAL_NONCE = 12,
    KITH_SEAL_KEY = 32,
    KITH_SEAL_OWNER = 64,
    KITH_SEAL_DAY = 11,
    KITH_SEAL_MAX_HEADER = 1024 * 1024
};

typedef struct kith_seal_key {
    EVP_PKEY *pkey;
    char owner[KITH_SEAL_OWNER];
    char from[KITH_SEAL_DAY]; /**< yyyy-mm-dd; empty: no limit */
    char until[KITH_SEAL_DAY];
} kith_seal_key;

/** Reads a private (checked for its mode) or public key file. */
KITH_NODISCARD kith_status kith_seal_key_load(kith_seal_key *out,
                                              const char *path,
                                              kith_seal_use use,
                                              bool is_private, kith_error *err);
void kith_seal_key_done(kith_seal_key *key);
/** KITH_ERR_KEY, by its owner's name, on a day outside its dates. */
KITH_NODISCARD kith_status kith_seal_key_check_day(const kith_seal_key *key,
                                                   const char *today,
                                                   kith_error *err);

/**
 * The file key: HKDF of the X25519 secret of @p mine and @p theirs, bound to
 * both public keys and to the header (prefix included).
 */
KITH_NODISCARD kith_status kith_seal_file_key(
    uint8_t out[KITH_SEAL_KEY], EVP_PKEY *mine, EVP_PKEY *theirs,
    const uint8_t ephemeral[KITH_SEAL_KEY], kith_str header, kith_error *err);

void kith_seal_nonce(uint8_t nonce[KITH_SEAL_NONCE], uint32_t chunk, bool last);

/** The part of a path after its last slash. */
const char *kith_base_name(const char *path);

#endif
