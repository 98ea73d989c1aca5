/**
 * @file sample.h
 * @brief A random sample of the extract's records, and how often two of
 *        them agree: the source's own starting point for u.
 *
 * Sample   the records with the smallest pseudonyms, which are the output of
 *          a keyed hash: the same ones whatever the order of the rows
 * Counts   all pairs of a part of the sample, encoded for each pass under one
 *          block value in place of their own and compared as match would; for
 *          names keyed by sound, pairs that sound alike (encode/sounds.h)
 */
#ifndef KITH_ENCODE_SAMPLE_H
#define KITH_ENCODE_SAMPLE_H

#include "encode/encoder.h"
#include "io/meta.h"

#include <kith/job.h>
#include <kith/status.h>

enum {
    KITH_SAMPLE_RECORDS = 2000,
    KITH_SAMPLE_RANDOM = 500 /**< of them: all their pairs are counted */
};

/** A heap: the largest key on top. Zero-initialise; _done cleanses. */
typedef struct kith_sample {
    uint64_t keys[KITH_SAMPLE_RECORDS];
    uint32_t slots[KITH_SAMPLE_RECORDS]; /**< of the key's fields */
    uint32_t n;
    uint32_t n_fields;
    kith_norm *fields; /**< slot x n_fields */
} kith_sample;

KITH_NODISCARD kith_status kith_sample_init(kith_sample *s, uint32_t n_fields,
                                            kith_error *err);
/** No record of a key past it enters the sample, now or later. */
uint64_t kith_sample_limit(const kith_sample *s);
void kith_sample_add(kith_sample *s, uint64_t key, const kith_norm *fields);
void kith_sample_done(kith_sample *s);

/** Adds "stat: <digit>|<level>|<count>" lines of one pass; counts below
 *  min_cell are left out. */
KITH_NODISCARD kith_status kith_sample_stats(const kith_sample *s,
                                             kith_encode_worker *w,
                                             unsigned pass, kith_isa isa,
                                             kith_meta *meta, kith_error *err);

#endif
