/**
 * @file clk.h
 * @brief Cryptographic longterm keys (CLKs) byte for byte as clkhash makes
 *        them, for exchange with anonlink users. Interoperability only: one
 *        unsalted composite filter a record gives more away than kith's own
 *        passes.
 *
 * Input    a CSV whose header names the schema's features in order, a linkage
 *          schema (JSON, version 3), a secret in a private file
 * Output   JSON: {"clks": ["<base64>", ...]}, one a good row, in row order
 * Errors   KITH_ERR_CONFIG: the schema, by feature; KITH_ERR_CRYPTO: the
 *          OpenSSL build lacks a digest (MD5 and BLAKE2 under FIPS);
 *          KITH_ERR_REJECTS past max_bad_rows
 * Source   clkhash 0.18.3; Schnell, Bachteler & Reiher 2011
 */
#ifndef KITH_CLK_H
#define KITH_CLK_H

#include <kith/audit.h>
#include <kith/job.h>
#include <kith/status.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    KITH_CLK_MAX_FEATURES = 63, /**< HKDF's output limit: 2 keys each */
    KITH_CLK_MAX_BITS = 1 << 20 /**< longest filter before folding */
};

typedef enum kith_clk_format {
    KITH_CLK_STRING,
    KITH_CLK_INTEGER,
    KITH_CLK_DATE,
    KITH_CLK_ENUM
} kith_clk_format;

typedef enum kith_clk_compare {
    KITH_CLK_NGRAM,
    KITH_CLK_EXACT,
    KITH_CLK_NUMERIC
} kith_clk_compare;

typedef enum kith_clk_case {
    KITH_CLK_MIXED,
    KITH_CLK_UPPER,
    KITH_CLK_LOWER
} kith_clk_case;

typedef struct kith_clk_feature {
    char *identifier;
    bool ignored;
    kith_clk_format format;
    bool ascii; /**< string: ASCII only, else UTF-8 */
    kith_clk_case casing;
    int64_t minimum; /**< string: characters; integer: value */
    int64_t maximum;
    char *pattern;     /**< string: regular expression at the start, or NULL */
    char *date_format; /**< strptime format */
    char **values;     /**< enum */
    uint32_t n_values;
    kith_clk_compare compare;
    uint32_t n; /**< n-gram length */
    bool positional;
    int64_t interval; /**< numeric: threshold x 10^precision */
    int64_t resolution;
    uint32_t precision;
    bool double_hash; /**< else BLAKE2b */
    bool prevent_singularity;
    bool per_token; /**< bits are per token, else per feature */
    uint32_t bits;
    char *sentinel;    /**< stands for a missing value; NULL: none */
    char *replacement; /**< hashed in its place; NULL: the sentinel itself */
} kith_clk_feature;

typedef struct kith_clk_schema {
    uint32_t l; /**< bits after folding */
    uint32_t folds;
    bool sha512;   /**< HKDF's hash, else SHA-256 */
    uint8_t *salt; /**< HKDF; NULL: none */
    size_t salt_bytes;
    uint8_t *info;
    size_t info_bytes;
    uint32_t key_bytes;
    kith_clk_feature *features;
    uint32_t n_features;
} kith_clk_schema;

KITH_NODISCARD kith_status kith_clk_schema_load(kith_clk_schema **out,
                                                const char *path,
                                                kith_error *err);
void kith_clk_schema_free(kith_clk_schema *schema);

typedef struct kith_clk_params {
    const kith_clk_schema *schema;
    const char *input;  /**< CSV, plain or gzip */
    const char *secret; /**< file with the shared secret, 0400 or 0600 */
    const char *out;    /**< JSON */
    uint64_t max_bad_rows;
    kith_act_rules act; /**< the secret has no dates: only its log */
} kith_clk_params;

KITH_NODISCARD kith_status kith_clk(const kith_clk_params *params,
                                    kith_job *job, kith_error *err);

#endif
