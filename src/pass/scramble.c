#include "pass/scramble.h"

#include "base/alloc.h"

#include <kith/spec.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

/* Four rounds of a Feistel network on 16-bit halves, each with a random
 * function of its own, make a permutation that an observer of fewer than
 * 2^16 pairs cannot tell from a random one (Luby & Rackoff 1988). */
enum { ROUNDS = 4, HALF = 1 << 16, MAX_BITS = 1024 };

struct kith_scramble {
    uint16_t functions[ROUNDS][HALF];
    uint16_t position[MAX_BITS]; /* where each bit goes */
    unsigned n_bits;
};

/* Keyed bytes: AES-256 in counter mode over zeros. */
static kith_status
keyed_stream(uint8_t *out, size_t n, const uint8_t key[KITH_KEY_BYTES],
             uint8_t stream, kith_error *err)
{
    const uint8_t counter[16] = {stream};
    int got = 0;
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    memset(out, 0, n);
    const int good =
        ctx != NULL &&
        EVP_EncryptInit_ex(ctx, EVP_aes_256_ctr(), NULL, key, counter) == 1 &&
        EVP_EncryptUpdate(ctx, out, &got, out, (int)n) == 1;
    EVP_CIPHER_CTX_free(ctx);
    return good ? KITH_OK
                : kith_error_set(err, KITH_ERR_CRYPTO, "AES-256-CTR failed");
}

/* Fisher-Yates; 32 random bits a step leave a bias below 2^-22. */
static kith_status
permute_positions(kith_scramble *s, const uint8_t key[KITH_KEY_BYTES],
                  kith_error *err)
{
    uint32_t draws[MAX_BITS];
    kith_status status =
        keyed_stream((uint8_t *)draws, sizeof draws, key, 1, err);
    for (unsigned i = 0; i < s->n_bits; i++)
        s->position[i] = (uint16_t)i;
    for (unsigned i = s->n_bits; status == KITH_OK && i > 1; i--) {
        const unsigned j = draws[i - 1] % i;
        const uint16_t swap = s->position[i - 1];
        s->position[i - 1] = s->position[j];
        s->position[j] = swap;
    }
    OPENSSL_cleanse(draws, sizeof draws);
    return status;
}

kith_status
kith_scramble_new(kith_scramble **out, const kith_key *key, const char *run,
                  const char *pass, const char *class_name, unsigned n_bits,
                  kith_error *err)
{
    kith_status status = KITH_OK;
    uint8_t derived[KITH_KEY_BYTES] = {0};
    kith_scramble *s = NULL;
    *out = NULL;
    if (n_bits > MAX_BITS)
        KITH_TRY(kith_error_set(err, KITH_ERR_INTERNAL, "filter too long"));
    KITH_TRY(KITH_ALLOC(&s, 1, err));
    s->n_bits = n_bits;
    KITH_TRY(
        kith_key_derive(derived, key, run, "rekey", pass, class_name, err));
    KITH_TRY(keyed_stream((uint8_t *)s->functions, sizeof s->functions, derived,
                          0, err));
    KITH_TRY(permute_positions(s, derived, err));
    *out = s;
    s = NULL;
done:
    OPENSSL_cleanse(derived, sizeof derived);
    kith_scramble_free(s);
    return status;
}

void
kith_scramble_free(kith_scramble *s)
{
    if (s == NULL)
        return;
    OPENSSL_cleanse(s, sizeof *s);
    kith_free(s);
}

static uint32_t
feistel(const kith_scramble *s, uint32_t token)
{
    uint16_t left = (uint16_t)(token >> 16);
    uint16_t right = (uint16_t)token;
    for (unsigned i = 0; i < ROUNDS; i++) {
        const uint16_t next = left ^ s->functions[i][right];
        left = right;
        right = next;
    }
    return (uint32_t)left << 16 | right;
}

uint32_t
kith_scramble_token(const kith_scramble *s, uint32_t token)
{
    if (token == 0)
        return 0;
    /* Walk the cycle past 0: still a permutation of the other words. */
    uint32_t t = feistel(s, token);
    if (t == 0)
        t = feistel(s, t);
    return t;
}

void
kith_scramble_filter(const kith_scramble *s, uint8_t *filter)
{
    uint8_t moved[MAX_BITS / 8] = {0};
    for (unsigned i = 0; i < s->n_bits; i++) {
        const unsigned to = s->position[i];
        const unsigned bit = (unsigned)(filter[i >> 3] >> (i & 7)) & 1u;
        moved[to >> 3] |= (uint8_t)(bit << (to & 7));
    }
    memcpy(filter, moved, s->n_bits / 8);
}
