/**
 * @file slice.h
 * @brief A slice of a batch of rows, normalised and encoded by one worker.
 *
 * Slices are filled side by side and appended in input order, so that what
 * comes out does not depend on who did which.
 */
#ifndef KITH_ENCODE_SLICE_H
#define KITH_ENCODE_SLICE_H

#include "encode/stage.h"

/** No worker waits long for another at the end of a batch. */
enum { KITH_SLICE_ROWS = 64 };

typedef enum kith_row_state {
    KITH_ROW_WANTED,
    KITH_ROW_MISSING_ID,
    KITH_ROW_EXCLUDED,
    KITH_ROW_REPEATED
} kith_row_state;

/** A batch of the persons file, and what is known of each of its rows. */
typedef struct kith_row_batch {
    kith_csv_batch csv;
    uint8_t (*pseudonyms)[KITH_PSEUDONYM_BYTES];
    uint8_t *states; /**< kith_row_state */
    uint32_t *sequences;
    size_t pseudonyms_cap, states_cap, sequences_cap;
    uint64_t sample_limit; /**< records past it cannot enter the sample */
} kith_row_batch;

/** A value that is none. */
typedef struct kith_value_reject {
    uint32_t row; /**< of the batch */
    uint32_t column;
    uint8_t field; /**< KITH_MAX_FIELDS: the updated column */
    uint8_t reason;
} kith_value_reject;

/** A name of a record, to be counted. */
typedef struct kith_slice_name {
    uint8_t len; /**< 0: null */
    char text[KITH_NORM_BYTES];
} kith_slice_name;

/** What one slice came to; its buffers serve every batch. */
typedef struct kith_slice {
    uint8_t *rows[KITH_MAX_PASSES];
    uint8_t (*refs[KITH_MAX_PASSES])[KITH_AES_BLOCK]; /**< of these rows */
    size_t n_rows[KITH_MAX_PASSES];
    uint8_t *records; /**< sorted records with their tokens */
    size_t n_records;
    kith_slice_name names[KITH_SLICE_ROWS][2];
    int32_t born[KITH_SLICE_ROWS];
    kith_norm *fields;  /**< of the record at work */
    kith_norm *sampled; /**< n_sampled x fields, of records for the sample */
    uint64_t sampled_keys[KITH_SLICE_ROWS];
    size_t n_sampled, sampled_cap;
    kith_value_reject *rejects;
    size_t n_rejects, rejects_cap;
    uint64_t values[KITH_MAX_FIELDS][KITH_NORM_REASONS];
} kith_slice;

KITH_NODISCARD kith_status kith_slice_init(kith_slice *slice,
                                           const kith_stage *s,
                                           kith_error *err);
void kith_slice_done(kith_slice *slice, const kith_stage *s);

/** Encodes the wanted rows among [begin, end) of the batch. */
KITH_NODISCARD kith_status kith_slice_encode(
    kith_slice *slice, const kith_stage *s, kith_encode_worker *w,
    const kith_row_batch *batch, size_t begin, size_t end, kith_error *err);

/** Bytes of a sorted record with its identifier tokens. */
size_t kith_slice_record_bytes(const kith_spec *spec);

#endif
