#include "base/alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/*
 * Large arrays are mostly looked into at random, and then a lookup costs more
 * for finding its page than for its bytes: pages of 2 MiB where the system
 * has them. Advice only, so a refusal does not matter.
 */
enum { HUGE_FROM = 8 << 20, HUGE_PAGE = 2 << 20, PAGE = 4096 };

static void
advise_huge(void *p, size_t n_bytes, size_t from)
{
    const uintptr_t first = ((uintptr_t)p + PAGE - 1) & ~(uintptr_t)(PAGE - 1);
    const uintptr_t end = ((uintptr_t)p + n_bytes) & ~(uintptr_t)(PAGE - 1);
    if (n_bytes >= from)
        (void)madvise((void *)first, end - first, MADV_HUGEPAGE);
}

void *
kith_alloc_array(size_t n, size_t size)
{
    if (n == 0 || size == 0)
        n = size = 1;
    void *p = calloc(n, size);
    if (p != NULL)
        advise_huge(p, n * size, HUGE_FROM);
    return p;
}

void *
kith_alloc_aligned(size_t n, size_t size)
{
    if (size != 0 && n > (SIZE_MAX - 64) / size)
        return NULL;
    size_t bytes = (n * size + 63) & ~(size_t)63;
    if (bytes == 0)
        bytes = 64;
    void *p = NULL;
    if (posix_memalign(&p, 64, bytes) != 0)
        return NULL;
    memset(p, 0, bytes);
    return p;
}

void *
kith_alloc_large(size_t n, size_t size)
{
    void *p = NULL;
    if (size != 0 && n > SIZE_MAX / size)
        return NULL;
    const size_t bytes = n * size;
    if (bytes < HUGE_PAGE)
        return malloc(bytes == 0 ? 1 : bytes);
    if (posix_memalign(&p, HUGE_PAGE, bytes) != 0)
        return NULL;
    advise_huge(p, bytes, HUGE_PAGE);
    return p;
}

void *
kith_realloc_array(void *old, size_t n, size_t size)
{
    if (size != 0 && n > SIZE_MAX / size)
        return NULL;
    size_t bytes = n * size;
    return realloc(old, bytes == 0 ? 1 : bytes);
}

void
kith_free(void *p)
{
    free(p);
}

char *
kith_strdup(const char *s)
{
    size_t n = strlen(s) + 1;
    char *copy = kith_alloc_array(n, 1);
    if (copy != NULL)
        memcpy(copy, s, n);
    return copy;
}

kith_status
kith_error_memory(kith_error *err, size_t n, size_t size)
{
    kith_error_set(err, KITH_ERR_MEMORY,
                   "out of memory: %zu items of %zu bytes", n, size);
    kith_error_hint(err, "give the job less --memory or the machine more");
    return KITH_ERR_MEMORY;
}

kith_status
kith_grow_check(void *pp, size_t *cap, size_t want, size_t size,
                kith_error *err)
{
    if (want <= *cap)
        return KITH_OK;
    size_t next = *cap < 16 ? 16 : *cap;
    while (next < want) {
        if (next > SIZE_MAX / 2)
            return kith_error_memory(err, want, size);
        next *= 2;
    }
    /* pp is a T **; it is copied as bytes to stay within aliasing rules. */
    void *old = NULL;
    memcpy(&old, pp, sizeof old);
    void *grown = kith_realloc_array(old, next, size);
    if (grown == NULL)
        return kith_error_memory(err, next, size);
    memcpy(pp, &grown, sizeof grown);
    *cap = next;
    return KITH_OK;
}
