/* The block functions are the only way to start SHA-256 from a saved state
 * without copying a whole EVP context, which costs more than the hash. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "encode/hmac.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <string.h>

static void
pad_state(uint32_t state[8], const uint8_t *key, size_t n, uint8_t pad)
{
    uint8_t block[SHA256_CBLOCK];
    memset(block, pad, sizeof block);
    for (size_t i = 0; i < n; i++)
        block[i] ^= key[i];
    SHA256_CTX ctx;
    SHA256_Init(&ctx);
    SHA256_Update(&ctx, block, sizeof block);
    memcpy(state, ctx.h, sizeof ctx.h);
    OPENSSL_cleanse(&ctx, sizeof ctx);
    OPENSSL_cleanse(block, sizeof block);
}

void
kith_hmac_init(kith_hmac *h, const uint8_t *key, size_t n)
{
    uint8_t hashed[SHA256_DIGEST_LENGTH];
    if (n > SHA256_CBLOCK) {
        SHA256(key, n, hashed);
        key = hashed;
        n = sizeof hashed;
    }
    pad_state(h->inner, key, n, 0x36);
    pad_state(h->outer, key, n, 0x5c);
    OPENSSL_cleanse(hashed, sizeof hashed);
}

enum {
    /* Longest message that fits one block with its padding (FIPS 180-4,
     * 5.1.1): a 1 bit and 64 bits of length. */
    ONE_BLOCK = SHA256_CBLOCK - 9
};

static uint32_t
big_endian(uint32_t word)
{
    const uint8_t bytes[4] = {(uint8_t)(word >> 24), (uint8_t)(word >> 16),
                              (uint8_t)(word >> 8), (uint8_t)word};
    memcpy(&word, bytes, sizeof word);
    return word;
}

/* One compression: n bytes, at most ONE_BLOCK, after the 64 of the pad. */
static void
last_block(const uint32_t state[8], const void *data, size_t n, uint8_t *out)
{
    SHA256_CTX ctx;
    uint32_t words[SHA256_CBLOCK / 4] = {0};
    memcpy(ctx.h, state, sizeof ctx.h);
    memcpy(words, data, n);
    ((uint8_t *)words)[n] = 0x80;
    words[SHA256_CBLOCK / 4 - 1] =
        big_endian((uint32_t)(SHA256_CBLOCK + n) * 8);
    SHA256_Transform(&ctx, (const unsigned char *)words);
    for (unsigned i = 0; i < 8; i++)
        words[i] = big_endian(ctx.h[i]);
    memcpy(out, words, SHA256_DIGEST_LENGTH);
}

/* Any length, going on from the 64 bytes of the pad. */
static void
long_message(const uint32_t state[8], const void *data, size_t n, uint8_t *out)
{
    SHA256_CTX ctx;
    memset(&ctx, 0, sizeof ctx);
    memcpy(ctx.h, state, sizeof ctx.h);
    ctx.Nl = SHA256_CBLOCK * 8;
    ctx.md_len = SHA256_DIGEST_LENGTH;
    SHA256_Update(&ctx, data, n);
    SHA256_Final(out, &ctx);
}

void
kith_hmac_make(const kith_hmac *h, const void *data, size_t n,
               uint8_t out[KITH_HMAC_BYTES])
{
    if (n <= ONE_BLOCK)
        last_block(h->inner, data, n, out);
    else
        long_message(h->inner, data, n, out);
    last_block(h->outer, out, KITH_HMAC_BYTES, out);
}
