/**
 * @file alloc.h
 * @brief Checked allocation. Zeroed where not said; overflow is an error.
 */
#ifndef KITH_BASE_ALLOC_H
#define KITH_BASE_ALLOC_H

#include <kith/status.h>
#include <stddef.h>

/** n x size zeroed bytes, or NULL on overflow or lack of memory. */
void *kith_alloc_array(size_t n, size_t size);
/** The same, aligned to 64 bytes; free with kith_free. */
void *kith_alloc_aligned(size_t n, size_t size);
/** Not zeroed, in large pages where the system has them: for what is written
 *  once from front to back and then read everywhere. */
void *kith_alloc_large(size_t n, size_t size);
/** Grows to n x size; the added bytes are not zeroed. NULL keeps @p old. */
void *kith_realloc_array(void *old, size_t n, size_t size);
void kith_free(void *p);
/** An owned copy of a string, or NULL. */
char *kith_strdup(const char *s);
/** Sets the "out of memory" error. */
kith_status kith_error_memory(kith_error *err, size_t n, size_t size);

/** KITH_TRY(KITH_ALLOC(&ptr, n, err)): zeroed array of n elements. */
#define KITH_ALLOC(pp, n, err)                                                 \
    ((*(pp) = kith_alloc_array((n), sizeof **(pp))) != NULL                    \
         ? KITH_OK                                                             \
         : kith_error_memory((err), (n), sizeof **(pp)))

/** Grows *pp, of capacity *cap elements, to hold at least want elements. */
#define KITH_GROW(pp, cap, want, err)                                          \
    kith_grow_check((pp), (cap), (want), sizeof **(pp), (err))
kith_status kith_grow_check(void *pp, size_t *cap, size_t want, size_t size,
                            kith_error *err) KITH_NODISCARD;

#endif
