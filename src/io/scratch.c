#define _GNU_SOURCE /* mremap; NOLINT(bugprone-reserved-identifier) */

#include "io/scratch.h"

#include "base/buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PAGE = 4096 };

static kith_status
scratch_error(const char *what, int cause, kith_error *err)
{
    kith_error_set(err, KITH_ERR_IO, "a temporary file: cannot %s: %s", what,
                   strerror(cause));
    if (cause == ENOSPC || cause == EDQUOT)
        kith_error_hint(err, "free some space, or give more --memory");
    return KITH_ERR_IO;
}

kith_status
kith_scratch_open(kith_scratch *s, const char *folder, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_buffer name = {0};
    KITH_TRY(kith_buffer_printf(&name, err, "%s/.scratch.XXXXXX", folder));
    s->fd = mkstemp(name.data);
    if (s->fd < 0)
        KITH_TRY(scratch_error("make it", errno, err));
    (void)unlink(name.data);
    s->open = true;
done:
    kith_buffer_done(&name);
    return status;
}

kith_status
kith_scratch_room(kith_scratch *s, size_t n_bytes, kith_error *err)
{
    if (n_bytes <= s->n_bytes)
        return KITH_OK;
    /* Blocks and not only a length: a full disk is an error here, and not a
     * signal at the write that does not fit. */
    const int cause = posix_fallocate(s->fd, (off_t)s->n_bytes,
                                      (off_t)(n_bytes - s->n_bytes));
    if (cause != 0)
        return scratch_error("grow it", cause, err);
    void *data =
        s->data == NULL
            ? mmap(NULL, n_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, s->fd, 0)
            : mremap(s->data, s->n_bytes, n_bytes, MREMAP_MAYMOVE);
    if (data == MAP_FAILED)
        return scratch_error("map it", errno, err);
    s->data = data;
    s->n_bytes = n_bytes;
    return KITH_OK;
}

void
kith_scratch_rest(const kith_scratch *s, size_t first, size_t end)
{
    /* Whole pages only; of a shared file mapping this drops no bytes. */
    first = (first + PAGE - 1) / PAGE * PAGE;
    end = end / PAGE * PAGE;
    if (s->data != NULL && first < end && end <= s->n_bytes)
        (void)madvise((unsigned char *)s->data + first, end - first,
                      MADV_DONTNEED);
}

void
kith_scratch_done(kith_scratch *s)
{
    if (s->data != NULL)
        (void)munmap(s->data, s->n_bytes);
    if (s->open)
        (void)close(s->fd);
    *s = (kith_scratch){0};
}
