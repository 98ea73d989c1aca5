/**
 * @file sorter.h
 * @brief External sort of fixed-size rows by their leading bytes.
 *
 * Rows are ordered by memcmp of their first key_bytes; store numbers big
 * endian. Rows with equal keys keep no defined order unless the key makes
 * them distinct: give a key that does.
 * Memory   at most the budget given; spilled runs lie beside the output,
 *          unlinked at once, so that a killed run leaves none behind
 */
#ifndef KITH_IO_SORTER_H
#define KITH_IO_SORTER_H

#include <kith/status.h>
#include <stddef.h>
#include <stdint.h>

typedef struct kith_sorter kith_sorter;

/** Memory that a row takes until it is sorted: to share out a budget. */
uint64_t kith_sorter_row_cost(size_t row_bytes);
KITH_NODISCARD kith_status kith_sorter_new(kith_sorter **out, size_t row_bytes,
                                           size_t key_bytes,
                                           uint64_t memory_bytes,
                                           const char *folder, kith_error *err);
KITH_NODISCARD kith_status kith_sorter_add(kith_sorter *s, const void *rows,
                                           size_t n, kith_error *err);
/** Called with sorted batches, in order. */
typedef kith_status (*kith_sorter_fn)(void *ctx, const void *rows, size_t n,
                                      kith_error *err);
KITH_NODISCARD kith_status kith_sorter_finish(kith_sorter *s, kith_sorter_fn fn,
                                              void *ctx, kith_error *err);
uint64_t kith_sorter_count(const kith_sorter *s);
void kith_sorter_free(kith_sorter *s);

#endif
