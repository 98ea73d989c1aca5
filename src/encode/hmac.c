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

/* Goes on from a saved state: one 64-byte block has been hashed. */
static void
resume(SHA256_CTX *ctx, const uint32_t state[8])
{
    memcpy(ctx->h, state, sizeof ctx->h);
    ctx->Nl = SHA256_CBLOCK * 8;
    ctx->Nh = 0;
    ctx->num = 0;
    ctx->md_len = SHA256_DIGEST_LENGTH;
}

void
kith_hmac_make(const kith_hmac *h, const void *data, size_t n,
               uint8_t out[KITH_HMAC_BYTES])
{
    SHA256_CTX ctx;
    resume(&ctx, h->inner);
    SHA256_Update(&ctx, data, n);
    SHA256_Final(out, &ctx);
    resume(&ctx, h->outer);
    SHA256_Update(&ctx, out, KITH_HMAC_BYTES);
    SHA256_Final(out, &ctx);
}
