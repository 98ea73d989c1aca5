/**
 * @file memfile.h
 * @brief A file that lives in memory and has a path, for fuzz targets.
 *
 * Only what a program without cmocka can link; aborts when it cannot work.
 */
#ifndef KITH_TESTS_MEMFILE_H
#define KITH_TESTS_MEMFILE_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/** An anonymous file of @p n bytes; its path in @p path. Close the result. */
static inline int
test_memfile(char path[64], const void *bytes, size_t n)
{
    const char *p = bytes;
    char in_memory[] = "/dev/shm/kith-fuzz-XXXXXX";
    char on_disk[] = "/tmp/kith-fuzz-XXXXXX";
    char *name = in_memory;
    int fd = mkstemp(name);
    if (fd < 0)
        fd = mkstemp(name = on_disk);
    if (fd < 0 || unlink(name) != 0)
        abort();
    for (size_t at = 0; at < n;) {
        const ssize_t put = write(fd, p + at, n - at);
        if (put <= 0)
            abort();
        at += (size_t)put;
    }
    (void)snprintf(path, 64, "/proc/self/fd/%d", fd);
    return fd;
}

static inline void
test_memfile_close(int fd)
{
    (void)close(fd);
}

#endif
