#include "encode/clk_hash.h"

#include "base/alloc.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>
#include <string.h>

enum { KEYS_PER_FEATURE = 2, BLAKE_BYTES = 64, BLAKE_SHORTS = 32 };

struct kith_clk_hasher {
    const kith_clk_schema *schema; /* borrowed */
    uint8_t *keys;                 /* n_features x 2 x key_bytes, secure */
    size_t n_keys_bytes;
    EVP_MAC_CTX *hmac;
    EVP_MAC_CTX *blake;
    pcre2_code **patterns; /* n_features; NULL: none */
    pcre2_match_data *matches;
    kith_clk_tokens tokens;
    uint8_t *bits; /* (l << folds) / 8 bytes */
};

static kith_status
lacking(const char *digest, kith_error *err)
{
    kith_error_set(err, KITH_ERR_CRYPTO,
                   "this OpenSSL build has no %s, which the schema needs",
                   digest);
    kith_error_hint(err, "FIPS builds leave MD5 and BLAKE2 out; use another "
                         "OpenSSL, or another hash in the schema");
    return KITH_ERR_CRYPTO;
}

static EVP_MAC_CTX *
mac_ctx(const char *name)
{
    EVP_MAC *mac = EVP_MAC_fetch(NULL, name, NULL);
    EVP_MAC_CTX *ctx = mac == NULL ? NULL : EVP_MAC_CTX_new(mac);
    EVP_MAC_free(mac);
    return ctx;
}

static kith_status
derive_keys(kith_clk_hasher *h, kith_str secret, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_clk_schema *s = h->schema;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, NULL);
    size_t n = h->n_keys_bytes;
    const bool good =
        ctx != NULL && EVP_PKEY_derive_init(ctx) == 1 &&
        EVP_PKEY_CTX_set_hkdf_md(ctx, s->sha512 ? EVP_sha512()
                                                : EVP_sha256()) == 1 &&
        EVP_PKEY_CTX_set1_hkdf_key(ctx, (const unsigned char *)secret.data,
                                   (int)secret.len) == 1 &&
        (s->salt_bytes == 0 ||
         EVP_PKEY_CTX_set1_hkdf_salt(ctx, s->salt, (int)s->salt_bytes) == 1) &&
        (s->info_bytes == 0 ||
         EVP_PKEY_CTX_add1_hkdf_info(ctx, s->info, (int)s->info_bytes) == 1) &&
        EVP_PKEY_derive(ctx, h->keys, &n) == 1;
    if (!good)
        status = kith_error_set(err, KITH_ERR_CRYPTO, "HKDF failed");
    EVP_PKEY_CTX_free(ctx);
    return status;
}

/* As Python's re.match: anchored at the start only. */
static kith_status
compile_patterns(kith_clk_hasher *h, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(KITH_ALLOC(&h->patterns, h->schema->n_features, err));
    h->matches = pcre2_match_data_create(1, NULL);
    if (h->matches == NULL)
        KITH_TRY(kith_error_memory(err, 1, 1));
    for (uint32_t i = 0; i < h->schema->n_features; i++) {
        const kith_clk_feature *f = &h->schema->features[i];
        int code = 0;
        size_t at = 0;
        if (f->pattern == NULL)
            continue;
        h->patterns[i] =
            pcre2_compile((PCRE2_SPTR)f->pattern, PCRE2_ZERO_TERMINATED,
                          PCRE2_ANCHORED | PCRE2_UTF, &code, &at, NULL);
        if (h->patterns[i] == NULL)
            KITH_TRY(kith_error_set(err, KITH_ERR_CONFIG,
                                    "feature \"%s\": its pattern is wrong at "
                                    "character %zu",
                                    f->identifier, at + 1));
    }
done:
    return status;
}

static bool
fits_pattern(const kith_clk_hasher *h, uint32_t feature, kith_str value)
{
    const kith_clk_feature *f = &h->schema->features[feature];
    if (h->patterns[feature] == NULL ||
        (f->sentinel != NULL && kith_str_equal(value, f->sentinel)))
        return true;
    return pcre2_match(h->patterns[feature], (PCRE2_SPTR)value.data, value.len,
                       0, 0, h->matches, NULL) > 0;
}

kith_status
kith_clk_hasher_new(kith_clk_hasher **out, const kith_clk_schema *schema,
                    kith_str secret, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_clk_hasher *h = NULL;
    *out = NULL;
    KITH_TRY(KITH_ALLOC(&h, 1, err));
    h->schema = schema;
    h->n_keys_bytes =
        (size_t)schema->n_features * KEYS_PER_FEATURE * schema->key_bytes;
    h->keys = OPENSSL_secure_malloc(h->n_keys_bytes);
    if (h->keys == NULL)
        KITH_TRY(kith_error_memory(err, 1, h->n_keys_bytes));
    KITH_TRY(
        KITH_ALLOC(&h->bits, ((size_t)schema->l << schema->folds) / 8, err));
    h->hmac = mac_ctx("HMAC");
    h->blake = mac_ctx("BLAKE2BMAC");
    if (h->hmac == NULL)
        KITH_TRY(lacking("HMAC", err));
    KITH_TRY(compile_patterns(h, err));
    KITH_TRY(derive_keys(h, secret, err));
    *out = h;
    h = NULL;
done:
    kith_clk_hasher_free(h);
    return status;
}

void
kith_clk_hasher_free(kith_clk_hasher *h)
{
    if (h == NULL)
        return;
    OPENSSL_secure_clear_free(h->keys, h->n_keys_bytes);
    EVP_MAC_CTX_free(h->hmac);
    EVP_MAC_CTX_free(h->blake);
    for (uint32_t i = 0; h->patterns != NULL && i < h->schema->n_features; i++)
        pcre2_code_free(h->patterns[i]);
    kith_free(h->patterns);
    pcre2_match_data_free(h->matches);
    if (h->tokens.value.data != NULL)
        OPENSSL_cleanse(h->tokens.value.data, h->tokens.value.cap);
    if (h->tokens.text.data != NULL)
        OPENSSL_cleanse(h->tokens.text.data, h->tokens.text.cap);
    kith_clk_tokens_done(&h->tokens);
    kith_free(h->bits);
    kith_free(h);
}

static void
set_bit(uint8_t *bits, uint64_t i)
{
    bits[i >> 3] |= (uint8_t)(0x80u >> (i & 7));
}

/* HMAC of data, as a big-endian number modulo l. */
static kith_status
hmac_mod(kith_clk_hasher *h, uint64_t *out, const char *digest,
         const uint8_t *key, kith_str data, kith_error *err)
{
    uint8_t mac[EVP_MAX_MD_SIZE];
    size_t n = 0;
    char name[16];
    (void)snprintf(name, sizeof name, "%s", digest);
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
        OSSL_PARAM_construct_end()};
    if (EVP_MAC_init(h->hmac, key, h->schema->key_bytes, params) != 1)
        return lacking(digest, err);
    if (EVP_MAC_update(h->hmac, (const unsigned char *)data.data, data.len) !=
            1 ||
        EVP_MAC_final(h->hmac, mac, &n, sizeof mac) != 1)
        return kith_error_set(err, KITH_ERR_CRYPTO, "HMAC failed");
    const uint64_t l = (uint64_t)h->schema->l << h->schema->folds;
    uint64_t v = 0;
    for (size_t i = 0; i < n; i++)
        v = (v << 8 | mac[i]) % l;
    *out = v;
    return KITH_OK;
}

/* While the second hash is 0, all positions coincide (clkhash issue 33):
 * hash the token with a counter byte behind it instead. */
static kith_status
avoid_zero(kith_clk_hasher *h, uint64_t *h2, const uint8_t *key, kith_str token,
           kith_error *err)
{
    kith_status status = KITH_OK;
    kith_buffer b = {0};
    for (unsigned c = 0; *h2 == 0 && c < 128; c++) {
        const char byte = (char)c;
        kith_buffer_clear(&b);
        KITH_TRY(kith_buffer_add(&b, token.data, token.len, err));
        KITH_TRY(kith_buffer_add(&b, &byte, 1, err));
        KITH_TRY(hmac_mod(h, h2, "MD5", key, (kith_str){b.data, b.len}, err));
    }
done:
    kith_buffer_done(&b);
    return status;
}

static kith_status
hash_double(kith_clk_hasher *h, const kith_clk_feature *f, const uint8_t *key,
            kith_str token, uint32_t k, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint64_t l = (uint64_t)h->schema->l << h->schema->folds;
    const uint8_t *key2 = key + h->schema->key_bytes;
    uint64_t h1 = 0;
    uint64_t h2 = 0;
    KITH_TRY(hmac_mod(h, &h1, "SHA1", key, token, err));
    KITH_TRY(hmac_mod(h, &h2, "MD5", key2, token, err));
    if (f->prevent_singularity)
        KITH_TRY(avoid_zero(h, &h2, key2, token, err));
    for (uint32_t i = 0; i < k; i++)
        set_bit(h->bits, (h1 + i * h2) % l);
done:
    return status;
}

static kith_status
hash_blake(kith_clk_hasher *h, const uint8_t *key, kith_str token, uint32_t k,
           kith_error *err)
{
    const uint64_t l = (uint64_t)h->schema->l << h->schema->folds;
    if (h->blake == NULL)
        return lacking("BLAKE2b", err);
    for (uint32_t done = 0; done < k; done += BLAKE_SHORTS) {
        char salt[16] = {0};
        uint8_t mac[BLAKE_BYTES];
        size_t size = sizeof mac;
        size_t n = 0;
        (void)snprintf(salt, sizeof salt, "%u", done / BLAKE_SHORTS);
        const OSSL_PARAM params[] = {
            OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &size),
            OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_SALT, salt,
                                              sizeof salt),
            OSSL_PARAM_construct_end()};
        if (EVP_MAC_init(h->blake, key, h->schema->key_bytes, params) != 1 ||
            EVP_MAC_update(h->blake, (const unsigned char *)token.data,
                           token.len) != 1 ||
            EVP_MAC_final(h->blake, mac, &n, sizeof mac) != 1)
            return kith_error_set(err, KITH_ERR_CRYPTO, "BLAKE2b failed");
        for (uint32_t i = 0; i < BLAKE_SHORTS && done + i < k; i++)
            set_bit(h->bits, (mac[2 * i] | (uint64_t)mac[2 * i + 1] << 8) % l);
    }
    return KITH_OK;
}

static kith_status
hash_feature(kith_clk_hasher *h, uint32_t index, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_clk_feature *f = &h->schema->features[index];
    const uint8_t *key =
        h->keys + (size_t)index * KEYS_PER_FEATURE * h->schema->key_bytes;
    const char *at = h->tokens.text.data;
    const uint32_t n = h->tokens.n;
    for (uint32_t i = 0; i < n; i++) {
        const kith_str token = kith_str_of(at);
        const uint32_t k =
            f->per_token ? f->bits : f->bits / n + (i < f->bits % n);
        KITH_TRY(f->double_hash ? hash_double(h, f, key, token, k, err)
                                : hash_blake(h, key, token, k, err));
        at += token.len + 1;
    }
done:
    return status;
}

kith_status
kith_clk_record(kith_clk_hasher *h, uint8_t *clk, uint32_t *bad_feature,
                const kith_str *fields, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_clk_schema *s = h->schema;
    size_t bytes = ((size_t)s->l << s->folds) / 8;
    memset(h->bits, 0, bytes);
    *bad_feature = s->n_features;
    for (uint32_t i = 0; i < s->n_features; i++) {
        bool good = true;
        if (s->features[i].ignored)
            continue;
        KITH_TRY(kith_clk_tokenise(&h->tokens, &good, &s->features[i],
                                   fields[i], err));
        if (!good || !fits_pattern(h, i, fields[i])) {
            *bad_feature = i;
            return KITH_OK;
        }
        KITH_TRY(hash_feature(h, i, err));
    }
    /* Fold: the left half XOR the right. l is a multiple of 8. */
    for (uint32_t fold = 0; fold < s->folds; fold++) {
        bytes /= 2;
        for (size_t i = 0; i < bytes; i++)
            h->bits[i] ^= h->bits[bytes + i];
    }
    memcpy(clk, h->bits, s->l / 8);
done:
    return status;
}
