/**
 * @file values.h
 * @brief The values of a normalised record that the spec's expressions name.
 *
 * Bytes    every part as u16 length (big endian) and text, one after another:
 *          "11"+"1" and "1"+"11" stay two
 * Null     when any part is null
 */
#ifndef KITH_ENCODE_VALUES_H
#define KITH_ENCODE_VALUES_H

#include "encode/norm.h"

#include <kith/spec.h>
#include <stddef.h>
#include <stdint.h>

enum {
    KITH_PART_BYTES = KITH_NORM_BYTES + 2,
    KITH_VALUE_BYTES = KITH_MAX_PARTS * KITH_PART_BYTES,
    KITH_BLOCK_BYTES = 2 + KITH_MAX_KEY * KITH_VALUE_BYTES
};

/** The fields that stand for KITH_FIELD_EITHER and KITH_FIELD_OTHER. */
typedef struct kith_keyed_names {
    uint8_t either, other;
} kith_keyed_names;

static inline uint8_t
kith_keyed_field(uint8_t field, kith_keyed_names names)
{
    return field == KITH_FIELD_EITHER  ? names.either
           : field == KITH_FIELD_OTHER ? names.other
                                       : field;
}

/** One part's text; empty when null. @p scratch holds what is computed. */
kith_str kith_part_text(char scratch[16], const kith_norm *fields,
                        kith_part part, kith_keyed_names names);

/** A value's bytes. @return their number, 0 when null */
size_t kith_value_bytes(uint8_t out[KITH_VALUE_BYTES], const kith_norm *fields,
                        const kith_value *value, kith_keyed_names names);

/** A value's texts joined without lengths, for filters; 0 when null. */
size_t kith_value_text(char out[KITH_VALUE_BYTES], const kith_norm *fields,
                       const kith_value *value);

/**
 * A pass key's bytes, with the length of the whole before them: what block
 * tokens and block keys are made of. @return their number, 0: no row
 */
size_t kith_block_bytes(uint8_t out[KITH_BLOCK_BYTES], const kith_norm *fields,
                        const kith_spec_pass *pass, kith_keyed_names names);

#endif
