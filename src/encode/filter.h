/**
 * @file filter.h
 * @brief q-gram Bloom filters with a constant number of insertions, salted
 *        with their block.
 *
 * Input    a text of A-Z and 0-9; "_" is put once before and once after it
 * Tokens   its q-grams; the n-th equal one has occurrence n, from 0
 * Counter  16 bytes: [0] version 1, [1] kind, [2] token length,
 *          [3..9] token, zero padded, [10..11] occurrence u16 big endian,
 *          [12..15] counter u32 big endian, from 0 for each token
 * Bits     AES-256 of the counter blocks under the block's class key; each
 *          ciphertext holds eight big-endian u16, position = u16 mod bits.
 *          B insertions are shared over the tokens, the remainder one each
 *          to the first; a token takes as many blocks as it needs.
 *          Bit i is byte i / 8, mask 1 << (i mod 8).
 * Cost     counter blocks are made once a record, encrypted once a row
 * Source   Schnell et al. 2009, doi:10.1186/1472-6947-9-41
 */
#ifndef KITH_ENCODE_FILTER_H
#define KITH_ENCODE_FILTER_H

#include "encode/aes.h"

#include <stddef.h>
#include <stdint.h>

enum {
    KITH_GRAM_MAX = 7,           /**< a counter block has no room for more */
    KITH_FILTER_BLOCKS = 640,    /**< room for any text and 1024 bits */
    KITH_GRAM_BLOCKS = 48,       /**< the first of a text's own */
    KITH_FILTER_MAX_BYTES = 128, /**< 1024 bits */
    /** Kinds: names are one; each text comparison has its own. */
    KITH_GRAM_NAME = 1,
    KITH_GRAM_TEXT = 16 /**< plus the number of the comparison */
};

/** The counter blocks of one text. */
typedef struct kith_grams {
    uint16_t n_tokens;
    uint16_t insertions;
    uint16_t n_blocks;
    /** From KITH_GRAM_BLOCKS on; before, room for blocks of the caller's that
     *  are to be encrypted in the same call. */
    uint8_t blocks[KITH_GRAM_BLOCKS + KITH_FILTER_BLOCKS][KITH_AES_BLOCK];
} kith_grams;

/** @param q 1 to KITH_GRAM_MAX; an empty text has no tokens */
void kith_grams_make(kith_grams *out, const char *text, size_t n, uint8_t kind,
                     unsigned q, unsigned insertions);

/**
 * Sets the bits that the encrypted blocks name.
 * @param cipher the blocks of @p grams, encrypted
 * @param[out] filter bits / 8 bytes, overwritten
 * @param bits a power of two from 64 to 1024
 */
void kith_filter_fill(uint8_t *filter, unsigned bits, const kith_grams *grams,
                      const uint8_t *cipher);

#endif
