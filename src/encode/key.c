/*
 * A key file is text, so that an officer can see what it is for:
 *
 *   kith key 1
 *   kind: project
 *   project: gm-demo
 *   epoch: 2026-q1
 *   agency: gmp            (agency keys only)
 *   from: 2026-01-01       (optional: the first day it may be used)
 *   until: 2026-06-30      (optional: the last)
 *   key: <64 hex characters>
 *   check: <16 hex characters>
 *
 * check is the start of the SHA-256 of all lines before it: it tells a
 * damaged file from a good one.
 */
#include <kith/key.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/hex.h"
#include "encode/key_dates.h"
#include "io/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    MAX_WORD = 64,         /* project, epoch, agency */
    MAX_FILE_BYTES = 1024, /* a key file is far smaller */
    CHECK_HEX = 16
};

static const char first_line[] = "kith key 1\n";

struct kith_key {
    uint8_t bytes[KITH_KEY_BYTES];
    kith_key_kind kind;
    char project[MAX_WORD];
    char epoch[MAX_WORD];
    char agency[MAX_WORD];
    char from[MAX_WORD]; /* yyyy-mm-dd; empty: no limit */
    char until[MAX_WORD];
};

const char *
kith_key_project(const kith_key *key)
{
    return key->project;
}

const char *
kith_key_epoch(const kith_key *key)
{
    return key->epoch;
}

const char *
kith_key_agency(const kith_key *key)
{
    return key->kind == KITH_KEY_AGENCY ? key->agency : NULL;
}

static bool
word_good(const char *word)
{
    const size_t n = strlen(word);
    if (n == 0 || n >= MAX_WORD)
        return false;
    for (size_t i = 0; i < n; i++)
        if (word[i] <= ' ' || word[i] > '~' || word[i] == '|')
            return false;
    return true;
}

static kith_status
check_words(const char *project, const char *epoch, const char *agency,
            kith_error *err)
{
    const char *const names[] = {"project", "epoch", "agency"};
    const char *const words[] = {project, epoch, agency};
    for (unsigned i = 0; i < 3; i++) {
        if (i == 2 && agency == NULL)
            continue;
        if (words[i] == NULL || !word_good(words[i])) {
            kith_error_set(err, KITH_ERR_USAGE, "not a good name for the %s",
                           names[i]);
            kith_error_hint(err, "1 to %d characters, no blanks and no \"|\"",
                            MAX_WORD - 1);
            return KITH_ERR_USAGE;
        }
    }
    return KITH_OK;
}

kith_status
kith_key_sibling(kith_key **out, const kith_key *key, const char *project,
                 const char *epoch, kith_error *err)
{
    *out = NULL;
    const kith_status status = check_words(project, epoch, NULL, err);
    if (status != KITH_OK)
        return status;
    kith_key *sibling = OPENSSL_secure_malloc(sizeof *sibling);
    if (sibling == NULL)
        return kith_error_memory(err, 1, sizeof *sibling);
    *sibling = *key;
    (void)snprintf(sibling->project, sizeof sibling->project, "%s", project);
    (void)snprintf(sibling->epoch, sizeof sibling->epoch, "%s", epoch);
    *out = sibling;
    return KITH_OK;
}

static kith_status
file_check(char out[CHECK_HEX + 1], const char *text, size_t n, kith_error *err)
{
    uint8_t md[EVP_MAX_MD_SIZE];
    size_t len = 0;
    if (EVP_Q_digest(NULL, "SHA256", NULL, text, n, md, &len) != 1)
        return kith_error_set(err, KITH_ERR_CRYPTO, "SHA-256 failed");
    kith_hex_write(out, md, CHECK_HEX / 2);
    out[CHECK_HEX] = '\0';
    OPENSSL_cleanse(md, sizeof md);
    return KITH_OK;
}

static kith_status
write_all(int fd, const char *path, const char *text, size_t n, kith_error *err)
{
    size_t done = 0;
    while (done < n) {
        const ssize_t put = write(fd, text + done, n - done);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return kith_error_set(err, KITH_ERR_IO, "%s: cannot write: %s",
                                  path, strerror(errno));
        done += (size_t)put;
    }
    if (fsync(fd) != 0)
        return kith_error_set(err, KITH_ERR_IO, "%s: cannot write: %s", path,
                              strerror(errno));
    return KITH_OK;
}

/* O_EXCL: a key that encoded anything must never be overwritten. */
static kith_status
create_file(const char *path, const char *text, size_t n, kith_error *err)
{
    const int fd =
        open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0400);
    if (fd < 0) {
        kith_error_set(err, KITH_ERR_IO, "%s: cannot make the key file: %s",
                       path, strerror(errno));
        if (errno == EEXIST)
            kith_error_hint(err, "a key is never overwritten; move it away "
                                 "first if it is no longer wanted");
        return KITH_ERR_IO;
    }
    kith_status status = write_all(fd, path, text, n, err);
    if (close(fd) != 0 && status == KITH_OK)
        status = kith_error_set(err, KITH_ERR_IO, "%s: cannot write: %s", path,
                                strerror(errno));
    if (status != KITH_OK)
        (void)unlink(path);
    return status;
}

/* The lines before the key's own. */
static int
write_lines(char *text, size_t cap, const char *project, const char *epoch,
            const char *agency, const kith_key_dates *dates)
{
    const char *const lines[][2] = {
        {"kind", agency == NULL ? "project" : "agency"},
        {"project", project},
        {"epoch", epoch},
        {"agency", agency},
        {"from", dates->from},
        {"until", dates->until}};
    int n = snprintf(text, cap, "%s", first_line);
    for (unsigned i = 0; i < sizeof lines / sizeof *lines; i++)
        if (lines[i][1] != NULL)
            n += snprintf(text + n, cap - (size_t)n, "%s: %s\n", lines[i][0],
                          lines[i][1]);
    return n;
}

kith_status
kith_key_generate(const char *path, const char *project, const char *epoch,
                  const char *agency, kith_error *err)
{
    return kith_key_generate_dated(path, project, epoch, agency,
                                   &(kith_key_dates){NULL, NULL}, err);
}

kith_status
kith_key_generate_dated(const char *path, const char *project,
                        const char *epoch, const char *agency,
                        const kith_key_dates *dates, kith_error *err)
{
    kith_status status = KITH_OK;
    uint8_t bytes[KITH_KEY_BYTES];
    char hex[2 * KITH_KEY_BYTES + 1] = {0};
    char check[CHECK_HEX + 1];
    char text[MAX_FILE_BYTES];
    kith_secret_guard();
    KITH_TRY(check_words(project, epoch, agency, err));
    KITH_TRY(kith_key_dates_check(dates, err));
    if (RAND_priv_bytes(bytes, sizeof bytes) != 1) {
        status = kith_error_set(err, KITH_ERR_CRYPTO,
                                "the system has no random numbers to give");
        goto done;
    }
    kith_hex_write(hex, bytes, sizeof bytes);
    int n = write_lines(text, sizeof text, project, epoch, agency, dates);
    n += snprintf(text + n, sizeof text - (size_t)n, "key: %s\n", hex);
    KITH_TRY(file_check(check, text, (size_t)n, err));
    n += snprintf(text + n, sizeof text - (size_t)n, "check: %s\n", check);
    KITH_TRY(create_file(path, text, (size_t)n, err));
done:
    OPENSSL_cleanse(bytes, sizeof bytes);
    OPENSSL_cleanse(hex, sizeof hex);
    OPENSSL_cleanse(text, sizeof text);
    return status;
}

/* Takes "name: value\n" off the front of @p rest; empty when it is not next. */
static kith_str
take_line(kith_str *rest, const char *name)
{
    const size_t n = strlen(name);
    if (rest->len <= n + 2 || memcmp(rest->data, name, n) != 0 ||
        memcmp(rest->data + n, ": ", 2) != 0)
        return (kith_str){NULL, 0};
    const char *end = memchr(rest->data, '\n', rest->len);
    if (end == NULL)
        return (kith_str){NULL, 0};
    const kith_str value = {rest->data + n + 2,
                            (size_t)(end - rest->data) - n - 2};
    rest->len -= (size_t)(end + 1 - rest->data);
    rest->data = end + 1;
    return value;
}

static bool
take_word(kith_str *rest, const char *name, char out[MAX_WORD])
{
    const kith_str value = take_line(rest, name);
    if (value.len == 0 || value.len >= MAX_WORD)
        return false;
    memcpy(out, value.data, value.len);
    out[value.len] = '\0';
    return word_good(out);
}

/* All but the last line, whose check has been compared already. */
static bool
parse_lines(kith_key *key, kith_str rest)
{
    const size_t n_first = sizeof first_line - 1;
    if (rest.len < n_first || memcmp(rest.data, first_line, n_first) != 0)
        return false;
    rest.data += n_first;
    rest.len -= n_first;
    const kith_str kind = take_line(&rest, "kind");
    if (kith_str_equal(kind, "agency"))
        key->kind = KITH_KEY_AGENCY;
    else if (kith_str_equal(kind, "project"))
        key->kind = KITH_KEY_PROJECT;
    else
        return false;
    if (!take_word(&rest, "project", key->project) ||
        !take_word(&rest, "epoch", key->epoch))
        return false;
    if (key->kind == KITH_KEY_AGENCY &&
        !take_word(&rest, "agency", key->agency))
        return false;
    (void)take_word(&rest, "from", key->from);
    (void)take_word(&rest, "until", key->until);
    const kith_str hex = take_line(&rest, "key");
    return hex.len == 2 * KITH_KEY_BYTES && rest.len == 0 &&
           kith_hex_read(key->bytes, hex.data, KITH_KEY_BYTES);
}

static kith_status
parse_file(kith_key *key, const char *path, const char *text, size_t n,
           kith_error *err)
{
    enum { LAST_LINE = 7 + CHECK_HEX + 1 }; /* "check: ", value, newline */
    char check[CHECK_HEX + 1];
    if (n < sizeof first_line + LAST_LINE || memcmp(text, first_line, 5) != 0)
        return kith_error_set(err, KITH_ERR_KEY, "%s: not a kith key file",
                              path);
    kith_status status = file_check(check, text, n - LAST_LINE, err);
    if (status != KITH_OK)
        return status;
    kith_str last = {text + n - LAST_LINE, LAST_LINE};
    const kith_str stored = take_line(&last, "check");
    if (!kith_str_equal(stored, check) ||
        !parse_lines(key, (kith_str){text, n - LAST_LINE})) {
        kith_error_set(err, KITH_ERR_KEY, "%s: the key file is damaged", path);
        kith_error_hint(err, "take the copy from the key officer again");
        return KITH_ERR_KEY;
    }
    return KITH_OK;
}

kith_status
kith_key_load(kith_key **out, const char *path, kith_key_kind kind,
              kith_error *err)
{
    kith_status status = KITH_OK;
    kith_key *key = NULL;
    char text[MAX_FILE_BYTES];
    size_t n = 0;
    *out = NULL;
    kith_secret_guard();
    KITH_TRY(kith_secret_read(text, sizeof text, &n, path, err));
    key = OPENSSL_secure_zalloc(sizeof *key);
    if (key == NULL) {
        status = kith_error_memory(err, 1, sizeof *key);
        goto done;
    }
    KITH_TRY(parse_file(key, path, text, n, err));
    if (key->kind != kind) {
        status = kith_error_set(
            err, KITH_ERR_KEY, "%s: this is %s key, %s key is wanted", path,
            key->kind == KITH_KEY_AGENCY ? "an agency" : "a project",
            kind == KITH_KEY_AGENCY ? "an agency" : "a project");
        goto done;
    }
    *out = key;
    key = NULL;
done:
    kith_key_free(key);
    OPENSSL_cleanse(text, sizeof text);
    return status;
}

kith_status
kith_key_check_day(const kith_key *key, const char *today, kith_error *err)
{
    const kith_key_dates dates = {
        .from = key->from[0] == '\0' ? NULL : key->from,
        .until = key->until[0] == '\0' ? NULL : key->until};
    char whose[4 * MAX_WORD];
    (void)snprintf(whose, sizeof whose, "the key of %s, project %s, epoch %s",
                   key->kind == KITH_KEY_AGENCY ? key->agency : "the project",
                   key->project, key->epoch);
    return kith_key_dates_allow(&dates, whose, today, err);
}

void
kith_key_free(kith_key *key)
{
    if (key != NULL)
        OPENSSL_secure_clear_free(key, sizeof *key);
}

static kith_status
hkdf(uint8_t out[KITH_KEY_BYTES], const kith_key *key, const char *info,
     size_t n_info, kith_error *err)
{
    /* The parameter list takes non-const pointers and changes nothing. */
    kith_key local = *key;
    char text[512];
    memcpy(text, info, n_info);
    char digest[] = "SHA256";
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, local.bytes,
                                          sizeof local.bytes),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, local.project,
                                          strlen(local.project)),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, text, n_info),
        OSSL_PARAM_construct_end()};
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    EVP_KDF_CTX *ctx = kdf == NULL ? NULL : EVP_KDF_CTX_new(kdf);
    const bool good =
        ctx != NULL && EVP_KDF_derive(ctx, out, KITH_KEY_BYTES, params) == 1;
    EVP_KDF_CTX_free(ctx);
    EVP_KDF_free(kdf);
    OPENSSL_cleanse(&local, sizeof local);
    return good ? KITH_OK
                : kith_error_set(err, KITH_ERR_CRYPTO, "HKDF-SHA-256 failed");
}

kith_status
kith_key_derive(uint8_t out[KITH_KEY_BYTES], const kith_key *key,
                const char *run, const char *purpose, const char *pass,
                const char *class_name, kith_error *err)
{
    const char *const words[] = {run, purpose, pass, class_name};
    for (unsigned i = 0; i < 4; i++)
        if (strchr(words[i], '|') != NULL)
            return kith_error_set(err, KITH_ERR_CONFIG,
                                  "run ids and names must not hold \"|\"");
    char info[512];
    const int n = snprintf(info, sizeof info, "kith/1|%s|%s|%s|%s|%s",
                           key->epoch, run, purpose, pass, class_name);
    if (n < 0 || (size_t)n >= sizeof info)
        return kith_error_set(err, KITH_ERR_CONFIG,
                              "run ids and names are too long");
    return hkdf(out, key, info, (size_t)n, err);
}

kith_status
kith_key_check(char out[2 * KITH_CHECK_BYTES + 1], const kith_key *key,
               const char *spec_digest, kith_error *err)
{
    uint8_t check_key[KITH_KEY_BYTES];
    uint8_t md[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    kith_status status =
        kith_key_derive(check_key, key, "", "check", "", "", err);
    if (status == KITH_OK && HMAC(EVP_sha256(), check_key, sizeof check_key,
                                  (const unsigned char *)spec_digest,
                                  strlen(spec_digest), md, &n) == NULL)
        status = kith_error_set(err, KITH_ERR_CRYPTO, "HMAC failed");
    OPENSSL_cleanse(check_key, sizeof check_key);
    if (status != KITH_OK)
        return status;
    kith_hex_write(out, md, KITH_CHECK_BYTES);
    out[2 * KITH_CHECK_BYTES] = '\0';
    return KITH_OK;
}
