#include "fault.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <cmocka.h>

/* Calls left until the one that fails; 0: none will. */
static atomic_ulong countdown;
static atomic_bool fired;
static atomic_bool short_writes;

void
fault_arm(unsigned long n)
{
    atomic_store(&fired, false);
    atomic_store(&countdown, n);
}

bool
fault_disarm(void)
{
    atomic_store(&countdown, 0);
    return atomic_load(&fired);
}

void
fault_short_writes(bool on)
{
    atomic_store(&short_writes, on);
}

/* Is this call the one? */
static bool
fails(void)
{
    unsigned long n = atomic_load(&countdown);
    do
        if (n == 0)
            return false;
    while (!atomic_compare_exchange_weak(&countdown, &n, n - 1));
    if (n == 1)
        atomic_store(&fired, true);
    return n == 1;
}

void
fault_loop(const fault_case *c)
{
    /* More calls than any case makes: a loop that never ends is a failure. */
    enum { MOST = 100000 };
    for (unsigned long n = 1; n < MOST; n++) {
        kith_error err = KITH_ERROR_INIT;
        fault_arm(n);
        const kith_status status = c->run(&err);
        const bool met = fault_disarm();
        if (status != KITH_OK && !met)
            fail_msg("%s: failed by itself: %s", c->name, err.text);
        if (status != KITH_OK && (err.status != status || err.text[0] == '\0'))
            fail_msg("%s: call %lu failed, and nothing says so", c->name, n);
        c->check(status == KITH_OK);
        if (!met) {
            assert_true(n > 1);
            return;
        }
    }
    fail_msg("%s: never gets through", c->name);
}

/* The linker's names for the two sides of a wrapped function. */
void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
int __real_posix_memalign(void **p, size_t alignment, size_t n);
int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
                          void *(*fn)(void *), void *arg);
ssize_t __real_write(int fd, const void *bytes, size_t n);
int __real_fsync(int fd);
int __real_rename(const char *from, const char *to);
int __real_open(const char *path, int flags, ...);

void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
int __wrap_posix_memalign(void **p, size_t alignment, size_t n);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
                          void *(*fn)(void *), void *arg);
ssize_t __wrap_write(int fd, const void *bytes, size_t n);
int __wrap_fsync(int fd);
int __wrap_rename(const char *from, const char *to);
int __wrap_open(const char *path, int flags, ...);

void *
__wrap_malloc(size_t n)
{
    return fails() ? NULL : __real_malloc(n);
}

void *
__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *
__wrap_realloc(void *p, size_t n)
{
    return fails() ? NULL : __real_realloc(p, n);
}

int
__wrap_posix_memalign(void **p, size_t alignment, size_t n)
{
    return fails() ? ENOMEM : __real_posix_memalign(p, alignment, n);
}

int
__wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
                      void *(*fn)(void *), void *arg)
{
    return fails() ? EAGAIN : __real_pthread_create(thread, attr, fn, arg);
}

ssize_t
__wrap_write(int fd, const void *bytes, size_t n)
{
    if (fails()) {
        errno = ENOSPC;
        return -1;
    }
    const bool one = n > 1 && atomic_load(&short_writes);
    return __real_write(fd, bytes, one ? 1 : n);
}

int
__wrap_fsync(int fd)
{
    if (fails()) {
        errno = EIO;
        return -1;
    }
    return __real_fsync(fd);
}

int
__wrap_rename(const char *from, const char *to)
{
    if (fails()) {
        errno = EACCES;
        return -1;
    }
    return __real_rename(from, to);
}

int
__wrap_open(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    const int mode = (flags & O_CREAT) != 0 ? va_arg(args, int) : 0;
    va_end(args);
    if (fails()) {
        errno = EMFILE;
        return -1;
    }
    return __real_open(path, flags, mode);
}
