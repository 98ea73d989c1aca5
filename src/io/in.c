#include "io/in.h"

#include "base/alloc.h"
#include "io/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* One read of the file at a time; large enough that zlib dominates. */
enum { IN_CHUNK = 256 * 1024 };

struct kith_in {
    char *path;
    int fd;
    uint64_t size;
    uint64_t consumed; /* bytes read from the file */
    kith_digest *digest;
    unsigned char *raw; /* IN_CHUNK */
    size_t raw_at, raw_len;
    bool at_eof; /* the file has no more bytes */
    bool gzip;
    bool in_member; /* inside a gzip member */
    bool members;   /* at least one member has ended well */
    z_stream z;
};

static kith_status
in_fill(kith_in *in, kith_error *err)
{
    ssize_t got = 0;
    do
        got = read(in->fd, in->raw, IN_CHUNK);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return kith_error_set(err, KITH_ERR_IO, "%s: cannot read: %s", in->path,
                              strerror(errno));
    in->raw_at = 0;
    in->raw_len = (size_t)got;
    in->consumed += (uint64_t)got;
    in->at_eof = got == 0;
    return kith_digest_add(in->digest, in->raw, in->raw_len, err);
}

static kith_status
open_file(kith_in *in, const char *path, kith_error *err)
{
    in->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (in->fd < 0) {
        const int cause = errno;
        kith_error_set(err, KITH_ERR_IO, "%s: cannot open: %s", path,
                       strerror(cause));
        kith_error_hint(err, cause == ENOENT ? "check the name and the folder"
                                             : "check the file's permissions");
        return KITH_ERR_IO;
    }
    struct stat st;
    if (fstat(in->fd, &st) != 0)
        return kith_error_set(err, KITH_ERR_IO, "%s: cannot stat: %s", path,
                              strerror(errno));
    if (S_ISDIR(st.st_mode))
        return kith_error_set(err, KITH_ERR_IO, "%s: is a folder", path);
    in->size = (uint64_t)st.st_size;
    return KITH_OK;
}

kith_status
kith_in_open(kith_in **out, const char *path, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_in *in = NULL;
    *out = NULL;
    KITH_TRY(KITH_ALLOC(&in, 1, err));
    in->fd = -1;
    in->path = kith_strdup(path);
    KITH_TRY(in->path == NULL ? kith_error_memory(err, 1, strlen(path))
                              : KITH_OK);
    KITH_TRY(KITH_ALLOC(&in->raw, IN_CHUNK, err));
    KITH_TRY(kith_digest_new(&in->digest, err));
    KITH_TRY(open_file(in, path, err));
    KITH_TRY(in_fill(in, err));
    in->gzip = in->raw_len >= 2 && in->raw[0] == 0x1f && in->raw[1] == 0x8b;
    /* 15 window bits + 16: gzip format only. */
    if (in->gzip && inflateInit2(&in->z, 15 + 16) != Z_OK) {
        in->gzip = false; /* nothing for close to end */
        KITH_TRY(kith_error_memory(err, 1, sizeof in->z));
    }
    in->in_member = in->gzip;
    *out = in;
    in = NULL;
done:
    kith_in_close(in);
    return status;
}

static kith_status
gzip_error(const kith_in *in, const char *what, kith_error *err)
{
    kith_error_set(
        err, KITH_ERR_DATA, "%s: gzip data %s near byte %llu", in->path, what,
        (unsigned long long)(in->consumed - in->raw_len + in->raw_at));
    kith_error_hint(err, "fetch the file again and check it: gzip -t");
    return KITH_ERR_DATA;
}

/* Between members: another one begins, or the file ends. */
static kith_status
next_member(kith_in *in, bool *end, kith_error *err)
{
    kith_status status = KITH_OK;
    *end = false;
    if (in->raw_at == in->raw_len)
        KITH_TRY(in_fill(in, err));
    if (in->at_eof) {
        *end = true;
        return KITH_OK;
    }
    if (in->raw[in->raw_at] != 0x1f)
        return gzip_error(in, "is followed by other bytes", err);
    if (inflateReset(&in->z) != Z_OK)
        return gzip_error(in, "cannot be continued", err);
    in->in_member = true;
done:
    return status;
}

static kith_status
inflate_some(kith_in *in, kith_error *err)
{
    if (in->raw_at == in->raw_len) {
        kith_status status = in_fill(in, err);
        if (status != KITH_OK)
            return status;
        if (in->at_eof)
            return gzip_error(in, "is truncated", err);
    }
    in->z.next_in = in->raw + in->raw_at;
    in->z.avail_in = (uInt)(in->raw_len - in->raw_at);
    const int rc = inflate(&in->z, Z_NO_FLUSH);
    in->raw_at = in->raw_len - in->z.avail_in;
    if (rc == Z_STREAM_END)
        in->in_member = false;
    else if (rc != Z_OK && rc != Z_BUF_ERROR)
        return gzip_error(in, "is corrupt", err);
    return KITH_OK;
}

static kith_status
read_gzip(kith_in *in, void *buffer, size_t cap, size_t *n, kith_error *err)
{
    kith_status status = KITH_OK;
    const size_t room = cap > UINT32_MAX / 2 ? UINT32_MAX / 2 : cap;
    in->z.next_out = buffer;
    in->z.avail_out = (uInt)room;
    while (in->z.avail_out == room) {
        bool end = false;
        if (!in->in_member)
            KITH_TRY(next_member(in, &end, err));
        if (end)
            break;
        KITH_TRY(inflate_some(in, err));
    }
    *n = room - in->z.avail_out;
done:
    return status;
}

kith_status
kith_in_read(kith_in *in, void *buffer, size_t cap, size_t *n, kith_error *err)
{
    kith_status status = KITH_OK;
    *n = 0;
    if (in->gzip)
        return read_gzip(in, buffer, cap, n, err);
    if (in->raw_at == in->raw_len && !in->at_eof)
        KITH_TRY(in_fill(in, err));
    const size_t left = in->raw_len - in->raw_at;
    *n = left < cap ? left : cap;
    if (*n != 0)
        memcpy(buffer, in->raw + in->raw_at, *n);
    in->raw_at += *n;
done:
    return status;
}

uint64_t
kith_in_size(const kith_in *in)
{
    return in->size;
}

uint64_t
kith_in_consumed(const kith_in *in)
{
    return in->consumed;
}

void
kith_in_record(kith_in *in, kith_job *job)
{
    char hex[KITH_DIGEST_HEX] = "";
    kith_digest_hex(in->digest, hex);
    kith_job_input(job, in->path, hex, in->consumed);
}

void
kith_in_close(kith_in *in)
{
    if (in == NULL)
        return;
    if (in->gzip)
        (void)inflateEnd(&in->z);
    if (in->fd >= 0)
        (void)close(in->fd);
    kith_digest_free(in->digest);
    if (in->raw != NULL) /* it may be an extract */
        OPENSSL_cleanse(in->raw, IN_CHUNK);
    kith_free(in->raw);
    kith_free(in->path);
    kith_free(in);
}

kith_status
kith_in_slurp(char **out, size_t *n, const char *path, size_t max,
              kith_error *err)
{
    kith_status status = KITH_OK;
    kith_in *in = NULL;
    kith_buffer text = {0};
    *out = NULL;
    KITH_TRY(kith_in_open(&in, path, err));
    for (;;) {
        char chunk[4096];
        size_t got = 0;
        KITH_TRY(kith_in_read(in, chunk, sizeof chunk, &got, err));
        if (got == 0)
            break;
        if (text.len + got > max)
            KITH_TRY(kith_error_set(err, KITH_ERR_DATA,
                                    "%s: larger than %zu bytes", path, max));
        KITH_TRY(kith_buffer_add(&text, chunk, got, err));
    }
    KITH_TRY(kith_buffer_add(&text, "", 0, err));
    *out = text.data;
    *n = text.len;
    text = (kith_buffer){0};
done:
    kith_buffer_done(&text);
    kith_in_close(in);
    return status;
}
