/**
 * @file meta.h
 * @brief The text header of a row file: ordered "name: value" lines.
 *
 * Repeated names are allowed (dictionaries). Values hold no newline.
 */
#ifndef KITH_IO_META_H
#define KITH_IO_META_H

#include "base/buffer.h"

#include <kith/status.h>
#include <stdint.h>

/** Zero-initialise; _done frees. */
typedef struct kith_meta {
    kith_buffer text; /* the lines, "name: value\n" */
} kith_meta;

void kith_meta_done(kith_meta *m);
KITH_NODISCARD kith_status kith_meta_add(kith_meta *m, const char *name,
                                         const char *value, kith_error *err);
KITH_NODISCARD kith_status kith_meta_add_u64(kith_meta *m, const char *name,
                                             uint64_t value, kith_error *err);
/** First value of a name; {NULL, 0} when absent. */
kith_str kith_meta_get(const kith_meta *m, const char *name);
/** The i-th value of a repeated name; {NULL, 0} past the last. Visits in
 *  order when called with a cursor that starts at 0. */
kith_str kith_meta_next(const kith_meta *m, const char *name, size_t *cursor);
/** A value as an unsigned number. */
KITH_NODISCARD kith_status kith_meta_u64(const kith_meta *m, const char *name,
                                         uint64_t *out, kith_error *err);
/** Copies a value into @p out; KITH_ERR_DATA when absent or too long. */
KITH_NODISCARD kith_status kith_meta_copy(const kith_meta *m, const char *name,
                                          char *out, size_t cap,
                                          kith_error *err);
/**
 * Refuses by name when a value differs: KITH_ERR_MISMATCH, "a and b are of
 * different <name>".
 */
KITH_NODISCARD kith_status kith_meta_same(const kith_meta *a,
                                          const char *a_path,
                                          const kith_meta *b,
                                          const char *b_path, const char *name,
                                          kith_error *err);
/** The same, but an entry that neither has is no difference. */
KITH_NODISCARD kith_status kith_meta_agree(const kith_meta *a,
                                           const char *a_path,
                                           const kith_meta *b,
                                           const char *b_path, const char *name,
                                           kith_error *err);

#endif
