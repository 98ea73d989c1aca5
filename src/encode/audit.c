#include <kith/audit.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/hex.h"
#include "io/in.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <kith/version.h>
#include <openssl/evp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char first_line[] = "kith audit 1\n";

enum {
    HASH_HEX = 64,
    MAX_LOG = 1 << 28 /* a line an act: more is no log of ours */
};

struct kith_audit {
    char *path;
    int fd;
    char last[HASH_HEX + 1]; /* hash of the last line, or of the first */
    kith_buffer pairs;
    kith_error error; /* the first that an _add met */
};

static kith_status
failed(const char *path, const char *what, int cause, kith_error *err)
{
    kith_error_set(err, KITH_ERR_IO, "%s: cannot %s the audit log: %s", path,
                   what, strerror(cause));
    kith_error_hint(err, "name another with --audit; nothing is encoded or "
                         "sealed without a log");
    return KITH_ERR_IO;
}

static kith_status
broken(const char *path, uint64_t line, kith_error *err)
{
    kith_error_set(err, KITH_ERR_DATA,
                   "%s:%" PRIu64 ": the audit log was changed here, or before",
                   path, line);
    kith_error_hint(err, "keep it as it is, and tell who answers for it");
    return KITH_ERR_DATA;
}

static kith_status
link_hash(char out[HASH_HEX + 1], const char *last, kith_str pairs,
          kith_error *err)
{
    uint8_t md[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    const bool good = ctx != NULL &&
                      EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1 &&
                      EVP_DigestUpdate(ctx, last, strlen(last)) == 1 &&
                      EVP_DigestUpdate(ctx, "\t", 1) == 1 &&
                      EVP_DigestUpdate(ctx, pairs.data, pairs.len) == 1 &&
                      EVP_DigestFinal_ex(ctx, md, &n) == 1;
    EVP_MD_CTX_free(ctx);
    if (!good)
        return kith_error_set(err, KITH_ERR_CRYPTO, "SHA-256 failed");
    kith_hex_write(out, md, HASH_HEX / 2);
    out[HASH_HEX] = '\0';
    return KITH_OK;
}

/* The lines of a log, checked one by one. */
typedef struct walk {
    const char *path;
    kith_str rest;
    uint64_t line;
    char last[HASH_HEX + 1];
    kith_str pairs; /* of the line just read */
} walk;

static kith_status
walk_start(walk *w, const char *path, const char *text, size_t n,
           kith_error *err)
{
    const size_t n_first = sizeof first_line - 1;
    *w = (walk){.path = path, .line = 1};
    if (n < n_first || memcmp(text, first_line, n_first) != 0)
        return kith_error_set(err, KITH_ERR_DATA, "%s: not an audit log", path);
    w->rest = (kith_str){text + n_first, n - n_first};
    return link_hash(w->last, "", kith_str_of("kith audit 1"), err);
}

static kith_status
walk_next(walk *w, kith_error *err)
{
    char hash[HASH_HEX + 1];
    const char *end = memchr(w->rest.data, '\n', w->rest.len);
    w->line++;
    if (end == NULL || (size_t)(end - w->rest.data) < HASH_HEX + 1)
        return broken(w->path, w->line, err);
    const size_t n = (size_t)(end - w->rest.data);
    w->pairs = (kith_str){w->rest.data + HASH_HEX + 1, n - HASH_HEX - 1};
    const kith_status status = link_hash(hash, w->last, w->pairs, err);
    if (status != KITH_OK)
        return status;
    if (memcmp(hash, w->rest.data, HASH_HEX) != 0 ||
        w->rest.data[HASH_HEX] != '\t')
        return broken(w->path, w->line, err);
    memcpy(w->last, hash, sizeof hash);
    w->rest.data = end + 1;
    w->rest.len -= n + 1;
    return KITH_OK;
}

/* The whole log is read: it has a line an act, and an act takes seconds. */
static kith_status
find_last(kith_audit *a, kith_error *err)
{
    kith_status status = KITH_OK;
    struct stat st;
    char *text = NULL;
    size_t n = 0;
    walk w;
    if (fstat(a->fd, &st) != 0)
        return failed(a->path, "read", errno, err);
    if (st.st_size == 0) {
        if (write(a->fd, first_line, sizeof first_line - 1) !=
            (ssize_t)sizeof first_line - 1)
            return failed(a->path, "write", errno, err);
        return link_hash(a->last, "", kith_str_of("kith audit 1"), err);
    }
    KITH_TRY(kith_in_slurp(&text, &n, a->path, MAX_LOG, err));
    KITH_TRY(walk_start(&w, a->path, text, n, err));
    while (w.rest.len > 0)
        KITH_TRY(walk_next(&w, err));
    memcpy(a->last, w.last, sizeof w.last);
done:
    kith_free(text);
    return status;
}

kith_status
kith_audit_open(kith_audit **out, const char *path, const char *act,
                kith_error *err)
{
    kith_status status = KITH_OK;
    kith_audit *a = NULL;
    *out = NULL;
    KITH_TRY(KITH_ALLOC(&a, 1, err));
    a->fd = -1;
    a->path = kith_strdup(path);
    KITH_TRY(a->path == NULL ? kith_error_memory(err, 1, strlen(path))
                             : KITH_OK);
    a->fd =
        open(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (a->fd < 0)
        KITH_TRY(failed(path, "open", errno, err));
    while (flock(a->fd, LOCK_EX) != 0)
        if (errno != EINTR)
            KITH_TRY(failed(path, "lock", errno, err));
    KITH_TRY(find_last(a, err));
    kith_audit_add(a, "act", act);
    *out = a;
    a = NULL;
done:
    kith_audit_abort(a);
    return status;
}

void
kith_audit_add(kith_audit *a, const char *name, const char *value)
{
    if (a == NULL || a->error.status != KITH_OK)
        return;
    const size_t begin = a->pairs.len;
    const kith_status status = kith_buffer_printf(
        &a->pairs, &a->error, "%s%s=%s", begin == 0 ? "" : "\t", name, value);
    a->error.status = status;
    for (size_t i = begin + 1; status == KITH_OK && i < a->pairs.len; i++)
        if ((unsigned char)a->pairs.data[i] < ' ')
            a->pairs.data[i] = ' ';
}

void
kith_audit_add_u64(kith_audit *a, const char *name, uint64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, value);
    kith_audit_add(a, name, text);
}

static void
add_who_and_when(kith_audit *a)
{
    char text[256] = "";
    const time_t now = time(NULL);
    struct tm utc;
    struct passwd user, *found = NULL;
    char scratch[4096];
    if (gmtime_r(&now, &utc) != NULL)
        (void)strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    kith_audit_add(a, "time", text);
    (void)getpwuid_r(getuid(), &user, scratch, sizeof scratch, &found);
    kith_audit_add(a, "user", found == NULL ? "" : found->pw_name);
    kith_audit_add_u64(a, "uid", getuid());
    text[0] = '\0';
    (void)gethostname(text, sizeof text - 1);
    kith_audit_add(a, "host", text);
    kith_audit_add(a, "tool", kith_version());
}

static kith_status
append(kith_audit *a, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_buffer line = {0};
    char hash[HASH_HEX + 1];
    size_t put = 0;
    ssize_t n = 0;
    const off_t end = lseek(a->fd, 0, SEEK_END);
    KITH_TRY(
        link_hash(hash, a->last, (kith_str){a->pairs.data, a->pairs.len}, err));
    KITH_TRY(kith_buffer_printf(&line, err, "%s\t%s\n", hash, a->pairs.data));
    for (; put < line.len; put += n < 0 ? 0 : (size_t)n) {
        n = write(a->fd, line.data + put, line.len - put);
        if (n < 0 && errno != EINTR)
            KITH_TRY(failed(a->path, "write", errno, err));
    }
    if (fsync(a->fd) != 0)
        KITH_TRY(failed(a->path, "write", errno, err));
done:
    /* Half a line (a full disk) would be taken for a change for ever. */
    if (status != KITH_OK && end >= 0)
        (void)!ftruncate(a->fd, end);
    kith_buffer_done(&line);
    return status;
}

kith_status
kith_audit_write(kith_audit *a, const char *outcome, kith_error *err)
{
    kith_status status = KITH_OK;
    if (a == NULL)
        return KITH_OK;
    kith_audit_add(a, "outcome", outcome);
    add_who_and_when(a);
    if (a->error.status != KITH_OK) {
        status = a->error.status;
        if (err != NULL)
            *err = a->error;
    } else {
        status = append(a, err);
    }
    kith_audit_abort(a);
    return status;
}

void
kith_audit_abort(kith_audit *a)
{
    if (a == NULL)
        return;
    if (a->fd >= 0)
        (void)close(a->fd);
    kith_buffer_done(&a->pairs);
    kith_free(a->path);
    kith_free(a);
}

bool
kith_audit_is(const char *path)
{
    char begin[sizeof first_line] = "";
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        return false;
    const size_t n = fread(begin, 1, sizeof first_line - 1, f);
    (void)fclose(f);
    return n == sizeof first_line - 1 && strcmp(begin, first_line) == 0;
}

kith_status
kith_audit_verify(FILE *to, const char *path, kith_error *err)
{
    kith_status status = KITH_OK;
    char *text = NULL;
    size_t n = 0;
    walk w;
    KITH_TRY(kith_in_slurp(&text, &n, path, MAX_LOG, err));
    KITH_TRY(walk_start(&w, path, text, n, err));
    while (w.rest.len > 0) {
        KITH_TRY(walk_next(&w, err));
        fprintf(to, "%.*s\n", (int)w.pairs.len, w.pairs.data);
    }
    fprintf(to, "%" PRIu64 " acts, each fits the one before; the last is %s\n",
            w.line - 1, w.last);
done:
    kith_free(text);
    return status;
}
