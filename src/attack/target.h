/**
 * @file target.h
 * @brief One pass of the extract, encoded in memory, beside the truth.
 *
 * Rows     sorted by block, inside a block in an order that says nothing
 * Salt     without it all rows are encoded as of one block: the control
 */
#ifndef KITH_ATTACK_TARGET_H
#define KITH_ATTACK_TARGET_H

#include "attack/people.h"
#include "encode/encoder.h"

#include <kith/job.h>

enum { KITH_TARGET_SLOTS = 2 };

/** A name filter of the pass. */
typedef struct kith_target_slot {
    uint16_t offset;
    uint8_t slot; /**< 0 the keyed name, 1 the other */
} kith_target_slot;

typedef struct kith_target_params {
    const kith_people *people;
    const kith_encoder *encoder;
    unsigned pass;
    bool unsalted;
    uint64_t seed; /**< of the order inside a block */
} kith_target_params;

/** Zero-initialise; _done frees. */
typedef struct kith_target {
    kith_target_params params;
    const kith_layout *layout;
    uint8_t *rows;
    size_t row_bytes;
    uint32_t n_rows;
    uint32_t *records; /**< of each row */
    uint8_t *variants; /**< of each row */
    uint32_t *begin;   /**< n_blocks + 1 */
    uint32_t n_blocks;
    kith_target_slot slots[KITH_TARGET_SLOTS];
    unsigned n_slots;
} kith_target;

KITH_NODISCARD kith_status kith_target_make(kith_target *out,
                                            const kith_target_params *params,
                                            kith_job *job, kith_error *err);
void kith_target_done(kith_target *t);

/** Encodes one row, of a worker of any encoder of the same spec.
 *  @param[out] there false when the record has no such row */
KITH_NODISCARD kith_status kith_target_row(kith_encode_worker *w,
                                           const kith_target_params *params,
                                           uint32_t record, unsigned variant,
                                           uint8_t *row, bool *there,
                                           kith_error *err);

static inline const uint8_t *
kith_target_at(const kith_target *t, uint32_t row)
{
    return t->rows + (size_t)row * t->row_bytes;
}

/** The name behind a slot of a row: 2 x its number + which of the two names;
 *  KITH_DICT_NONE null. */
uint32_t kith_target_name(const kith_target *t, uint32_t row, unsigned slot);
const char *kith_target_text(const kith_target *t, uint32_t name);
/** One more than the greatest kith_target_name. */
uint32_t kith_target_names(const kith_target *t);
const uint8_t *kith_target_filter(const kith_target *t, uint32_t row,
                                  unsigned slot);

#endif
