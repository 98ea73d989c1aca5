/**
 * @file sounds.h
 * @brief Agreement of names that sound alike, where a pass is keyed on sound.
 *
 * All pairs of a block keyed on a name's sound sound alike, and among these,
 * unlike among random pairs, equal names are common: a start of u that did
 * not say so would take namesakes for matches.
 */
#ifndef KITH_ENCODE_SOUNDS_H
#define KITH_ENCODE_SOUNDS_H

#include "compare/kernel.h"
#include "encode/sample.h"

/** Pairs by digit and level. Zero-initialise. */
typedef struct kith_alike {
    bool keyed[KITH_MAX_DIGITS]; /**< the pass is keyed on this digit's sound */
    uint64_t n[KITH_MAX_DIGITS][KITH_MAX_LEVELS];
} kith_alike;

/** A sample as the rows of one pass and variant. */
typedef struct kith_sample_rows {
    const kith_sample *sample;
    uint32_t *order;   /**< the sample's slots in order of rows */
    uint8_t *rows;     /**< encoded under one block, so that all compare */
    kith_block *block; /**< of the pass, for any rows */
    kith_compare_fn compare; /**< two rows of the block */
} kith_sample_rows;

/** Adds all pairs of the sample that sound alike, for each keyed digit. */
KITH_NODISCARD kith_status kith_alike_count(kith_alike *out,
                                            const kith_sample_rows *s,
                                            const kith_encoder *e,
                                            unsigned pass, unsigned variant,
                                            kith_error *err);

#endif
