/**
 * @file encoder.h
 * @brief A normalised record becomes pass rows, tokens and pseudonyms.
 *
 * Keys     block token   HMAC(HKDF(run, "block", pass), block) cut to 8 bytes
 *          block keys    HMAC(HKDF(run, "filter", pass, class), block): AES-256
 *                        keys of the classes "B" (the second name) and "A"
 *                        (all else: the first name, and tokens that no
 *                        other kind can equal)
 *          tokens        h = HMAC(HKDF(run, "token", kind), value) cut to 16
 *                        bytes, once a record; AES-256 of h under the block
 *                        key, cut to u32, 0 made 1. kind is the comparison
 *                        and its role: slots A and B share it, so that
 *                        swapped names meet
 *          ref           AES-256 under the agency's HKDF(run, "ref", pass) of
 *                        the pseudonym, its last byte changed by the variant,
 *                        cut to 8 bytes
 *          pseudonym     HMAC(the agency's HKDF("pseudonym"), id) cut to 16
 *                        bytes: the one thing that lasts from run to run
 *          identifier    HMAC(HKDF(run, "identifier", field), value), 16 bytes
 * Block    the key's values, each part with its length, and the length of
 *          all before them (values.h)
 * Threads  the encoder is read-only; one worker a thread
 */
#ifndef KITH_ENCODE_ENCODER_H
#define KITH_ENCODE_ENCODER_H

#include "base/table.h"
#include "compare/layout.h"
#include "encode/aes.h"
#include "encode/bundle.h"
#include "encode/filter.h"
#include "encode/hmac.h"
#include "encode/values.h"

#include <kith/key.h>
#include <kith/spec.h>
#include <kith/status.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    KITH_MAX_SOURCES = 64, /**< different tokens of a record */
    KITH_CLASS_A = 0,
    KITH_CLASS_B,
    KITH_KEY_CLASSES
};

/** One token that is made of each record. */
typedef struct kith_source {
    kith_hmac key;
    kith_value value;
    bool nick; /**< of the formal name that the value is short for */
} kith_source;

/** Where a token or filter of one class goes in the row. */
typedef struct kith_place {
    uint16_t offset;
    uint8_t index; /**< source of a token, text of a filter */
    bool name;     /**< index is of the first name, index + 1 of the other */
} kith_place;

/** What one class of one pass writes. */
typedef struct kith_class_plan {
    kith_hmac key;
    kith_place tokens[KITH_MAX_COLUMNS];
    kith_place filters[KITH_MAX_COMPARISONS + 2];
    uint8_t n_tokens;
    uint8_t n_filters;
} kith_class_plan;

typedef struct kith_pass_plan {
    kith_layout layout;
    kith_hmac block;
    uint8_t ref_key[KITH_KEY_BYTES];
    kith_class_plan classes[KITH_KEY_CLASSES];
} kith_pass_plan;

/** Texts that become filters: 0 and 1 the names, then the text comparisons. */
enum { KITH_MAX_TEXTS = 2 + KITH_MAX_COMPARISONS };

typedef struct kith_encoder {
    const kith_spec *spec;
    kith_pass_plan passes[KITH_MAX_PASSES];
    kith_source sources[KITH_MAX_SOURCES];
    unsigned n_sources;
    kith_value texts[KITH_MAX_TEXTS];
    uint8_t text_kinds[KITH_MAX_TEXTS]; /**< 0: not used */
    bool has_names;
    uint8_t names[2];  /**< fields of the names comparison */
    kith_dict shorts;  /**< shortened names ... */
    uint32_t *formals; /**< ... and their entry in the spec's nicknames */
    kith_hmac pseudonym, unit, address, household_name;
    kith_hmac identifiers[KITH_MAX_IDENTIFIERS];
} kith_encoder;

/** Lives in secure memory. @param agency_key may be the pseudonyms' only */
KITH_NODISCARD kith_status kith_encoder_new(kith_encoder **out,
                                            const kith_spec *spec,
                                            const kith_key *project_key,
                                            const kith_key *agency_key,
                                            const char *run, kith_error *err);
void kith_encoder_free(kith_encoder *e);

/** A token made lately: sex, days, districts and common names come again and
 *  again, and looking one up costs a tenth of making it. */
typedef struct kith_recent {
    uint8_t source; /**< plus 1; 0: empty */
    uint8_t len;
    uint8_t value[30];
    uint8_t hash[KITH_AES_BLOCK];
} kith_recent;

enum { KITH_RECENT = 4096 /**< a power of two */ };

typedef struct kith_encode_worker {
    const kith_encoder *e; /**< borrowed */
    kith_aes *cipher;      /**< re-keyed for every row and class */
    kith_aes *refs[KITH_MAX_PASSES];
    uint8_t hashes[KITH_MAX_SOURCES][KITH_AES_BLOCK];
    bool known[KITH_MAX_SOURCES];
    kith_grams texts[KITH_MAX_TEXTS];
    kith_recent recent[KITH_RECENT];
    uint8_t secret[(KITH_GRAM_BLOCKS + KITH_FILTER_BLOCKS) * KITH_AES_BLOCK];
} kith_encode_worker;

KITH_NODISCARD kith_status kith_encode_worker_new(kith_encode_worker **out,
                                                  const kith_encoder *e,
                                                  kith_error *err);
void kith_encode_worker_free(kith_encode_worker *w);

/** Makes the record's tokens and counter blocks, before its rows. */
void kith_encoder_prepare(kith_encode_worker *w, const kith_norm *fields);

/** Variants of a pass: 2 when it keys either name. */
unsigned kith_encoder_variants(const kith_encoder *e, unsigned pass);

/**
 * Block bytes of a record in a pass; 0: it has no row there.
 */
size_t kith_encoder_block(const kith_encoder *e, unsigned pass,
                          unsigned variant, const kith_norm *fields,
                          uint8_t out[KITH_BLOCK_BYTES]);

/**
 * Writes a row of layout.row_bytes, its ref apart, of the record prepared.
 * @param block from kith_encoder_block
 */
KITH_NODISCARD kith_status kith_encoder_row(kith_encode_worker *w,
                                            unsigned pass, unsigned variant,
                                            kith_str block, uint8_t *row,
                                            kith_error *err);

void kith_encoder_pseudonym(const kith_encoder *e, kith_str id,
                            uint8_t out[KITH_PSEUDONYM_BYTES]);
/** What a row's ref is made of. */
void kith_encoder_ref_of(uint8_t out[KITH_AES_BLOCK], unsigned variant,
                         const uint8_t pseudonym[KITH_PSEUDONYM_BYTES]);
/** Makes refs of what they are made of, many at a time; the first eight bytes
 *  of each are the ref. */
KITH_NODISCARD kith_status kith_encoder_refs(kith_encode_worker *w,
                                             unsigned pass,
                                             uint8_t (*refs)[KITH_AES_BLOCK],
                                             size_t n, kith_error *err);
/** All zero when null. */
void kith_encoder_identifier(const kith_encoder *e, unsigned identifier,
                             const kith_norm *fields,
                             uint8_t out[KITH_TOKEN_BYTES]);

#endif
