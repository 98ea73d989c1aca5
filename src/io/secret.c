#include "io/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    SECURE_HEAP = 1 << 20, /* locked pages for keys and derived states */
    SECURE_MIN = 32        /* smallest piece of it */
};

void
kith_secret_guard(void)
{
    /* Neither by limit nor by the kernel's leave may a core be written. */
    const struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    if (!CRYPTO_secure_malloc_initialized())
        (void)CRYPTO_secure_malloc_init(SECURE_HEAP, SECURE_MIN);
}

static kith_status
check_mode(int fd, const char *path, kith_error *err)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return kith_error_set(err, KITH_ERR_KEY, "%s: cannot read: %s", path,
                              strerror(errno));
    if (!S_ISREG(st.st_mode))
        return kith_error_set(err, KITH_ERR_KEY, "%s: not a file", path);
    if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        kith_error_set(err, KITH_ERR_KEY,
                       "%s: others than the owner can use this key", path);
        kith_error_hint(err, "chmod 400 %s", path);
        return KITH_ERR_KEY;
    }
    return KITH_OK;
}

kith_status
kith_secret_read(char *text, size_t cap, size_t *n, const char *path,
                 kith_error *err)
{
    const int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) {
        const int cause = errno;
        kith_error_set(err, KITH_ERR_KEY, "%s: cannot open the key file: %s",
                       path, strerror(cause));
        if (cause == ENOENT)
            kith_error_hint(err, "kith keygen makes one");
        return KITH_ERR_KEY;
    }
    kith_status status = check_mode(fd, path, err);
    *n = 0;
    while (status == KITH_OK && *n < cap) {
        const ssize_t got = read(fd, text + *n, cap - *n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            status = kith_error_set(err, KITH_ERR_KEY, "%s: cannot read: %s",
                                    path, strerror(errno));
        if (got <= 0)
            break;
        *n += (size_t)got;
    }
    (void)close(fd);
    if (status == KITH_OK && *n == cap)
        status = kith_error_set(err, KITH_ERR_KEY,
                                "%s: too large for a key file", path);
    return status;
}
