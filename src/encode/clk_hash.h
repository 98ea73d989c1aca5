/**
 * @file clk_hash.h
 * @brief One record's CLK: values to tokens, tokens to bits.
 *
 * Threads  one hasher per worker; it holds OpenSSL contexts.
 */
#ifndef KITH_ENCODE_CLK_HASH_H
#define KITH_ENCODE_CLK_HASH_H

#include "base/buffer.h"

#include <kith/clk.h>

/** Tokens of one value: text, NUL after each. Zero-initialise. */
typedef struct kith_clk_tokens {
    kith_buffer text;
    kith_buffer value; /* the value as hashed: formatted, padded */
    uint32_t n;
} kith_clk_tokens;

void kith_clk_tokens_done(kith_clk_tokens *t);

/**
 * Checks and formats a value as the feature says and cuts it into tokens.
 * @param[out] good false when the value is not valid: the row is rejected
 */
KITH_NODISCARD kith_status kith_clk_tokenise(kith_clk_tokens *t, bool *good,
                                             const kith_clk_feature *feature,
                                             kith_str value, kith_error *err);

typedef struct kith_clk_hasher kith_clk_hasher;

/** Derives the features' keys from the secret. */
KITH_NODISCARD kith_status kith_clk_hasher_new(kith_clk_hasher **out,
                                               const kith_clk_schema *schema,
                                               kith_str secret,
                                               kith_error *err);
void kith_clk_hasher_free(kith_clk_hasher *h);

/**
 * The CLK of one record.
 * @param fields n_features values
 * @param[out] clk schema->l / 8 bytes
 * @param[out] bad_feature index of the first invalid value, or n_features
 */
KITH_NODISCARD kith_status kith_clk_record(kith_clk_hasher *h, uint8_t *clk,
                                           uint32_t *bad_feature,
                                           const kith_str *fields,
                                           kith_error *err);

#endif
