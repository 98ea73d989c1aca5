/**
 * @file buffer.h
 * @brief A growable run of bytes, always NUL-terminated.
 */
#ifndef KITH_BASE_BUFFER_H
#define KITH_BASE_BUFFER_H

#include <kith/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/** A borrowed slice of text; not NUL-terminated. */
typedef struct kith_str {
    const char *data;
    size_t len;
} kith_str;

/** Zero-initialise; kith_buffer_done frees. */
typedef struct kith_buffer {
    char *data;
    size_t len;
    size_t cap;
    bool secret; /**< storage is overwritten before it is given back */
} kith_buffer;

void kith_buffer_done(kith_buffer *b);
/** Empties, keeps the storage. */
void kith_buffer_clear(kith_buffer *b);
KITH_NODISCARD kith_status kith_buffer_add(kith_buffer *b, const void *data,
                                           size_t n, kith_error *err);
/** Adds the parts one after the other: much cheaper than formatting. */
KITH_NODISCARD kith_status kith_buffer_join(kith_buffer *b,
                                            const kith_str *parts,
                                            size_t n_parts, kith_error *err);
/** Room for @p n more bytes, to be filled by _put. */
KITH_NODISCARD kith_status kith_buffer_reserve(kith_buffer *b, size_t n,
                                               kith_error *err);
/** Appends within what was reserved; for writers of many small pieces. */
static inline void
kith_buffer_put(kith_buffer *b, const void *data, size_t n)
{
    memcpy(b->data + b->len, data, n);
    b->len += n;
    b->data[b->len] = '\0';
}
KITH_NODISCARD kith_status kith_buffer_printf(kith_buffer *b, kith_error *err,
                                              const char *format, ...)
    KITH_PRINTF(3, 4);

kith_str kith_str_of(const char *s);
int kith_str_equal(kith_str a, const char *b);
/** Without leading and trailing blanks. */
kith_str kith_str_trim(kith_str s);

#endif
