#include "io/out.h"

#include "base/alloc.h"
#include "io/behind.h"
#include "io/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* Pieces from OUT_DIRECT on are written as they come: copying them would cost
 * more than a call saves. */
enum { OUT_BUFFER = 256 * 1024, OUT_DIRECT = 32 * 1024 };
/* Asked of the disk at a time: enough for it to work in one go. */
enum { OUT_BEHIND = 8 * 1024 * 1024 };

struct kith_out {
    char *path;
    char *temporary;
    int fd;
    kith_digest *digest;
    kith_buffer pending; /* bytes of the file not yet written */
    uint64_t n_bytes;    /* bytes of the file, written */
    uint64_t n_asked;    /* of them, asked of the disk */
    bool gzip;
    z_stream z;
};

static kith_status
out_error(const kith_out *o, const char *what, int cause, kith_error *err)
{
    kith_error_set(err, KITH_ERR_IO, "%s: cannot %s: %s", o->path, what,
                   strerror(cause));
    if (cause == ENOSPC || cause == EDQUOT)
        kith_error_hint(err, "free some space and run again; the last good "
                             "output is untouched");
    else if (cause == EACCES || cause == EPERM || cause == EROFS)
        kith_error_hint(err, "check the folder's owner and permissions");
    return KITH_ERR_IO;
}

kith_status
kith_make_folder(const char *path, kith_error *err)
{
    kith_status status = KITH_OK;
    char *copy = kith_strdup(path);
    if (copy == NULL)
        return kith_error_memory(err, 1, strlen(path));
    for (char *p = copy + 1; status == KITH_OK; p++) {
        if (*p != '/' && *p != '\0')
            continue;
        const char end = *p;
        *p = '\0';
        if (mkdir(copy, 0700) != 0 && errno != EEXIST) {
            status = kith_error_set(err, KITH_ERR_IO,
                                    "%s: cannot make the folder: %s", copy,
                                    strerror(errno));
            kith_error_hint(err, "check the folder's owner and permissions");
        }
        *p = end;
        if (end == '\0')
            break;
    }
    kith_free(copy);
    return status;
}

kith_status
kith_path_join(char **out, const char *dir, const char *name, kith_error *err)
{
    kith_buffer b = {0};
    kith_status status = KITH_OK;
    const size_t n = strlen(dir);
    *out = NULL;
    if (name[0] == '/' || n == 0)
        status = kith_buffer_printf(&b, err, "%s", name);
    else
        status = kith_buffer_printf(&b, err, "%s%s%s", dir,
                                    dir[n - 1] == '/' ? "" : "/", name);
    if (status == KITH_OK)
        *out = b.data;
    else
        kith_buffer_done(&b);
    return status;
}

/* "<folder>/.<name>.tmp": one fixed name, so that what a killed run left is
 * overwritten by the next. */
static kith_status
temporary_name(char **out, const char *path, kith_error *err)
{
    kith_buffer b = {0};
    const char *slash = strrchr(path, '/');
    const size_t folder = slash == NULL ? 0 : (size_t)(slash - path) + 1;
    kith_status status = kith_buffer_printf(&b, err, "%.*s.%s.tmp", (int)folder,
                                            path, path + folder);
    *out = b.data;
    return status;
}

static kith_status
make_parent(const char *path, kith_error *err)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL || slash == path)
        return KITH_OK;
    char *folder = kith_strdup(path);
    if (folder == NULL)
        return kith_error_memory(err, 1, strlen(path));
    folder[slash - path] = '\0';
    kith_status status = kith_make_folder(folder, err);
    kith_free(folder);
    return status;
}

kith_status
kith_out_open(kith_out **out, const char *path, bool gzip, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_out *o = NULL;
    *out = NULL;
    KITH_TRY(KITH_ALLOC(&o, 1, err));
    o->pending.secret = true; /* it may be keep/, or a key */
    o->fd = -1;
    o->path = kith_strdup(path);
    KITH_TRY(o->path == NULL ? kith_error_memory(err, 1, strlen(path))
                             : KITH_OK);
    KITH_TRY(kith_digest_new(&o->digest, err));
    KITH_TRY(make_parent(path, err));
    KITH_TRY(temporary_name(&o->temporary, path, err));
    /* Level 1: the extracts are read once, soon. 15 + 16: gzip format. */
    if (gzip && deflateInit2(&o->z, 1, Z_DEFLATED, 15 + 16, 8,
                             Z_DEFAULT_STRATEGY) != Z_OK)
        KITH_TRY(kith_error_memory(err, 1, sizeof o->z));
    o->gzip = gzip;
    /* What a killed run left, or somebody laid there, may be open to others:
     * the file is ours from its first byte, or not made. */
    (void)unlink(o->temporary);
    o->fd = open(o->temporary,
                 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (o->fd < 0)
        KITH_TRY(out_error(o, "create", errno, err));
    *out = o;
    o = NULL;
done:
    kith_out_abort(o);
    return status;
}

static kith_status
write_all(kith_out *o, const void *data, size_t n, kith_error *err)
{
    const char *p = data;
    for (size_t left = n; left > 0;) {
        const ssize_t put = write(o->fd, p, left);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return out_error(o, "write", errno, err);
        p += put;
        left -= (size_t)put;
    }
    o->n_bytes += n;
    if (o->n_bytes - o->n_asked >= OUT_BEHIND) {
        kith_write_behind(o->fd, o->n_asked, o->n_bytes);
        o->n_asked = o->n_bytes;
    }
    return kith_digest_add(o->digest, data, n, err);
}

static kith_status
out_flush(kith_out *o, kith_error *err)
{
    kith_status status = KITH_OK;
    if (o->pending.len > 0)
        status = write_all(o, o->pending.data, o->pending.len, err);
    kith_buffer_clear(&o->pending);
    return status;
}

static kith_status
out_raw(kith_out *o, const void *data, size_t n, kith_error *err)
{
    kith_status status = KITH_OK;
    if (o->pending.len + n > OUT_BUFFER || n >= OUT_DIRECT)
        KITH_TRY(out_flush(o, err));
    if (n >= OUT_DIRECT)
        KITH_TRY(write_all(o, data, n, err));
    else
        KITH_TRY(kith_buffer_add(&o->pending, data, n, err));
done:
    return status;
}

static kith_status
out_deflate(kith_out *o, const void *data, size_t n, int flush, kith_error *err)
{
    kith_status status = KITH_OK;
    unsigned char chunk[16 * 1024];
    const unsigned char *from = data;
    int rc = Z_OK;
    do {
        const size_t part = n > UINT32_MAX / 2 ? UINT32_MAX / 2 : n;
        /* zlib does not write through next_in; the cast is its interface. */
        memcpy(&o->z.next_in, &from, sizeof from);
        o->z.avail_in = (uInt)part;
        do {
            o->z.next_out = chunk;
            o->z.avail_out = sizeof chunk;
            rc = deflate(&o->z, flush);
            if (rc == Z_STREAM_ERROR)
                KITH_TRY(kith_error_set(err, KITH_ERR_INTERNAL,
                                        "%s: deflate failed", o->path));
            KITH_TRY(out_raw(o, chunk, sizeof chunk - o->z.avail_out, err));
        } while (o->z.avail_out == 0);
        from += part;
        n -= part;
    } while (n > 0);
done:
    return status;
}

kith_status
kith_out_write(kith_out *o, const void *data, size_t n, kith_error *err)
{
    if (n == 0)
        return KITH_OK;
    return o->gzip ? out_deflate(o, data, n, Z_NO_FLUSH, err)
                   : out_raw(o, data, n, err);
}

kith_status
kith_out_printf(kith_out *o, kith_error *err, const char *format, ...)
{
    char text[2048];
    va_list args;
    va_start(args, format);
    const int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (n < 0 || (size_t)n >= sizeof text)
        return kith_error_set(err, KITH_ERR_INTERNAL,
                              "%s: a line is too long to write", o->path);
    return kith_out_write(o, text, (size_t)n, err);
}

static kith_status
write_quoted(kith_out *o, kith_str field, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(kith_out_write(o, "\"", 1, err));
    size_t begin = 0;
    for (size_t i = 0; i < field.len; i++) {
        if (field.data[i] == '"') {
            /* Up to and with the quote; it is written again with the rest. */
            KITH_TRY(kith_out_write(o, field.data + begin, i + 1 - begin, err));
            begin = i;
        }
    }
    KITH_TRY(kith_out_write(o, field.data + begin, field.len - begin, err));
    KITH_TRY(kith_out_write(o, "\"", 1, err));
done:
    return status;
}

kith_status
kith_out_csv(kith_out *o, kith_str field, char sep, kith_error *err)
{
    kith_status status = KITH_OK;
    bool quote = false;
    for (size_t i = 0; i < field.len && !quote; i++) {
        const char c = field.data[i];
        quote = c == '"' || c == ',' || c == ';' || c == '\n' || c == '\r' ||
                c == '\t' || c == '|' ||
                ((i == 0 || i + 1 == field.len) && c == ' ');
    }
    KITH_TRY(quote ? write_quoted(o, field, err)
                   : kith_out_write(o, field.data, field.len, err));
    KITH_TRY(kith_out_write(o, &sep, 1, err));
done:
    return status;
}

static void
out_free(kith_out *o)
{
    if (o->gzip)
        (void)deflateEnd(&o->z);
    if (o->fd >= 0)
        (void)close(o->fd);
    kith_digest_free(o->digest);
    kith_buffer_done(&o->pending);
    kith_free(o->temporary);
    kith_free(o->path);
    kith_free(o);
}

kith_status
kith_out_commit(kith_out *o, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    if (o->gzip)
        KITH_TRY(out_deflate(o, "", 0, Z_FINISH, err));
    KITH_TRY(out_flush(o, err));
    if (fsync(o->fd) != 0 && errno != EINVAL)
        KITH_TRY(out_error(o, "flush", errno, err));
    const int fd = o->fd;
    o->fd = -1;
    if (close(fd) != 0)
        KITH_TRY(out_error(o, "close", errno, err));
    if (rename(o->temporary, o->path) != 0)
        KITH_TRY(out_error(o, "rename", errno, err));
    if (job != NULL) {
        char hex[KITH_DIGEST_HEX] = "";
        kith_digest_hex(o->digest, hex);
        kith_job_output(job, o->path, hex, o->n_bytes);
    }
    out_free(o);
    return KITH_OK;
done:
    kith_out_abort(o);
    return status;
}

void
kith_out_abort(kith_out *o)
{
    if (o == NULL)
        return;
    if (o->temporary != NULL)
        (void)unlink(o->temporary);
    out_free(o);
}
