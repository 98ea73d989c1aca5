/**
 * @file aes.h
 * @brief AES-256 of whole blocks, re-keyed as often as blocks are encrypted.
 *
 * OpenSSL's cipher, called where EVP would call it: at its provider
 * (provider-cipher(7)). At every change of key EVP_EncryptInit_ex2 asks the
 * provider for the length of the key by name; 14 changes a record make that
 * a tenth of an encode: 100 ns through EVP, 38 ns without.
 *
 * Threads  one cipher a thread
 * Secrets  OpenSSL clears the key schedule when it is freed
 * Source   FIPS 197
 */
#ifndef KITH_ENCODE_AES_H
#define KITH_ENCODE_AES_H

#include <kith/key.h>
#include <kith/status.h>
#include <stddef.h>
#include <stdint.h>

enum { KITH_AES_BLOCK = 16 };

typedef struct kith_aes kith_aes;

/** Has no key yet. */
KITH_NODISCARD kith_status kith_aes_new(kith_aes **out, kith_error *err);
void kith_aes_free(kith_aes *aes);

KITH_NODISCARD kith_status kith_aes_set_key(kith_aes *aes,
                                            const uint8_t key[KITH_KEY_BYTES],
                                            kith_error *err);
/** Each block by itself (ECB). @param out may be @p blocks */
KITH_NODISCARD kith_status kith_aes_encrypt(kith_aes *aes, uint8_t *out,
                                            const uint8_t *blocks, size_t n,
                                            kith_error *err);

#endif
