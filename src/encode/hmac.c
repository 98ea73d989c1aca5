/* The block functions are the only way to start SHA-256 from a saved state
 * without copying a whole EVP context, which costs more than the hash. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "encode/hmac.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

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

/* Eight words as big-endian bytes. In halves that are read again whole: bytes
 * stored one word at a time would have to reach the cache first. */
static void
put_words(uint8_t out[SHA256_DIGEST_LENGTH], const uint32_t words[8])
{
#if defined(__SSE2__) /* part of x86-64 */
    for (unsigned i = 0; i < 2; i++) {
        __m128i four;
        memcpy(&four, words + 4 * i, sizeof four);
        four = _mm_or_si128(_mm_slli_epi16(four, 8), _mm_srli_epi16(four, 8));
        four = _mm_shufflelo_epi16(four, _MM_SHUFFLE(2, 3, 0, 1));
        four = _mm_shufflehi_epi16(four, _MM_SHUFFLE(2, 3, 0, 1));
        memcpy(out + 16 * i, &four, sizeof four);
    }
#else
    for (unsigned i = 0; i < 8; i++) {
        const uint32_t word = big_endian(words[i]);
        memcpy(out + 4 * i, &word, sizeof word);
    }
#endif
}

/* A message of one block, after the 64 bytes of the pad, with its padding. */
typedef union last_block {
    uint32_t words[SHA256_CBLOCK / 4];
    uint8_t bytes[SHA256_CBLOCK];
} last_block;

static void
close_block(last_block *b, size_t n)
{
    b->bytes[n] = 0x80;
    b->words[SHA256_CBLOCK / 4 - 1] =
        big_endian((uint32_t)(SHA256_CBLOCK + n) * 8);
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
    SHA256_CTX ctx;
    last_block inner = {{0}}, outer = {{0}};
    if (n <= ONE_BLOCK) {
        memcpy(inner.bytes, data, n);
        close_block(&inner, n);
        memcpy(ctx.h, h->inner, sizeof ctx.h);
        SHA256_Transform(&ctx, inner.bytes);
        put_words(outer.bytes, ctx.h);
    } else {
        long_message(h->inner, data, n, outer.bytes);
    }
    close_block(&outer, KITH_HMAC_BYTES);
    memcpy(ctx.h, h->outer, sizeof ctx.h);
    SHA256_Transform(&ctx, outer.bytes);
    put_words(out, ctx.h);
}
