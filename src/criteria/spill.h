/**
 * @file spill.h
 * @brief Bytes put aside on disk and read back once, in the same order.
 *
 * The file lies beside the outputs, mode 0600, and is unlinked at once: a
 * killed run leaves none behind.
 */
#ifndef KITH_CRITERIA_SPILL_H
#define KITH_CRITERIA_SPILL_H

#include <kith/status.h>
#include <stddef.h>

typedef struct kith_spill kith_spill;

KITH_NODISCARD kith_status kith_spill_new(kith_spill **out, const char *folder,
                                          kith_error *err);
KITH_NODISCARD kith_status kith_spill_add(kith_spill *s, const void *data,
                                          size_t n, kith_error *err);
/** The next @p n bytes, from the first on. @param[out] got 0 at the end */
KITH_NODISCARD kith_status kith_spill_read(kith_spill *s, void *data, size_t n,
                                           size_t *got, kith_error *err);
void kith_spill_free(kith_spill *s);

#endif
