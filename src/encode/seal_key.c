#include "base/hex.h"
#include "encode/key_dates.h"
#include "encode/seal_format.h"
#include "io/in.h"
#include "io/out.h"
#include "io/secret.h"

#include "base/alloc.h"

#include <openssl/crypto.h>
#include <openssl/kdf.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_KEY_FILE = 1024 };

static const char first_line[] = "kith transport key 1";

static kith_status
crypto_error(const char *what, kith_error *err)
{
    return kith_error_set(err, KITH_ERR_CRYPTO, "%s failed", what);
}

static const char *
use_name(kith_seal_use use)
{
    return use == KITH_SEAL_SIGN ? "sign" : "receive";
}

static int
key_type(kith_seal_use use)
{
    return use == KITH_SEAL_SIGN ? EVP_PKEY_ED25519 : EVP_PKEY_X25519;
}

static bool
owner_good(const char *owner)
{
    const size_t n = strlen(owner);
    for (size_t i = 0; i < n; i++) {
        if (owner[i] <= ' ' || owner[i] > '~')
            return false;
    }
    return n > 0 && n < KITH_SEAL_OWNER;
}

typedef struct key_text {
    kith_seal_use use;
    bool is_private;
    const char *owner;
    const kith_key_dates *dates;
    const uint8_t *key;
} key_text;

/* New file only; the private one read-only for its owner. */
static kith_status
write_key(const char *path, const key_text *k, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_out *out = NULL;
    char hex[2 * KITH_SEAL_KEY + 1] = "";
    if (access(path, F_OK) == 0) {
        kith_error_set(err, KITH_ERR_KEY, "%s: exists already", path);
        kith_error_hint(err, "a lost key cannot be made again: move the old "
                             "one away by hand first");
        return KITH_ERR_KEY;
    }
    kith_hex_write(hex, k->key, KITH_SEAL_KEY);
    KITH_TRY(kith_out_open(&out, path, false, err));
    KITH_TRY(kith_out_printf(out, err, "%s\nuse: %s\nkind: %s\nowner: %s\n",
                             first_line, use_name(k->use),
                             k->is_private ? "private" : "public", k->owner));
    if (k->dates->from != NULL)
        KITH_TRY(kith_out_printf(out, err, "from: %s\n", k->dates->from));
    if (k->dates->until != NULL)
        KITH_TRY(kith_out_printf(out, err, "until: %s\n", k->dates->until));
    KITH_TRY(kith_out_printf(out, err, "key: %s\n", hex));
    kith_out *done_with = out;
    out = NULL;
    KITH_TRY(kith_out_commit(done_with, NULL, err));
    if (chmod(path, k->is_private ? 0400 : 0644) != 0)
        KITH_TRY(
            kith_error_set(err, KITH_ERR_IO, "%s: cannot set its mode", path));
done:
    kith_out_abort(out);
    OPENSSL_cleanse(hex, sizeof hex);
    return status;
}

kith_status
kith_seal_keygen(const char *path, kith_seal_use use, const char *owner,
                 const kith_key_dates *dates, kith_error *err)
{
    static const kith_key_dates always = {NULL, NULL};
    kith_status status = KITH_OK;
    kith_buffer public_path = {0};
    uint8_t secret[KITH_SEAL_KEY];
    uint8_t public[KITH_SEAL_KEY];
    size_t n = sizeof secret;
    size_t m = sizeof public;
    kith_secret_guard();
    EVP_PKEY *pkey = EVP_PKEY_Q_keygen(
        NULL, NULL, use == KITH_SEAL_SIGN ? "ED25519" : "X25519");
    if (!owner_good(owner))
        KITH_TRY(kith_error_set(err, KITH_ERR_USAGE,
                                "an owner is 1 to 63 characters, no blanks"));
    dates = dates == NULL ? &always : dates;
    KITH_TRY(kith_key_dates_check(dates, err));
    if (pkey == NULL || EVP_PKEY_get_raw_private_key(pkey, secret, &n) != 1 ||
        EVP_PKEY_get_raw_public_key(pkey, public, &m) != 1)
        KITH_TRY(crypto_error("making a key pair", err));
    KITH_TRY(kith_buffer_printf(&public_path, err, "%s.pub", path));
    KITH_TRY(
        write_key(path, &(key_text){use, true, owner, dates, secret}, err));
    KITH_TRY(write_key(public_path.data,
                       &(key_text){use, false, owner, dates, public}, err));
done:
    OPENSSL_cleanse(secret, sizeof secret);
    EVP_PKEY_free(pkey);
    kith_buffer_done(&public_path);
    return status;
}

/* The value of "name: value" on the next line of @p rest. */
static bool
take(const char **rest, const char *name, char *value, size_t cap)
{
    const size_t n = strlen(name);
    const char *end = strchr(*rest, '\n');
    if (end == NULL || strncmp(*rest, name, n) != 0 ||
        (size_t)(end - *rest) - n >= cap)
        return false;
    const size_t len = (size_t)(end - *rest) - n;
    memcpy(value, *rest + n, len);
    value[len] = '\0';
    *rest = end + 1;
    return true;
}

/* Both days are optional; a text that is no date would be one for ever. */
static bool
take_days(const char **rest, kith_seal_key *key)
{
    kith_error ignored = KITH_ERROR_INIT;
    kith_key_dates dates = {NULL, NULL};
    if (take(rest, "from: ", key->from, sizeof key->from))
        dates.from = key->from;
    if (take(rest, "until: ", key->until, sizeof key->until))
        dates.until = key->until;
    return kith_key_dates_check(&dates, &ignored) == KITH_OK;
}

static kith_status
parse_key(kith_seal_key *out, const char *path, const char *text,
          kith_seal_use use, bool is_private, kith_error *err)
{
    kith_status status = KITH_OK;
    char line[32], used[16], kind[16], hex[2 * KITH_SEAL_KEY + 1];
    uint8_t raw[KITH_SEAL_KEY];
    const char *rest = text;
    if (!take(&rest, "", line, sizeof line) || strcmp(line, first_line) != 0 ||
        !take(&rest, "use: ", used, sizeof used) ||
        !take(&rest, "kind: ", kind, sizeof kind) ||
        !take(&rest, "owner: ", out->owner, sizeof out->owner) ||
        !take_days(&rest, out) || !take(&rest, "key: ", hex, sizeof hex) ||
        *rest != '\0' || strlen(hex) != 2 * KITH_SEAL_KEY ||
        !kith_hex_read(raw, hex, KITH_SEAL_KEY))
        KITH_TRY(kith_error_set(err, KITH_ERR_KEY,
                                "%s: not a transport key, or damaged", path));
    const char *want = is_private ? "private" : "public";
    if (strcmp(used, use_name(use)) != 0 || strcmp(kind, want) != 0) {
        kith_error_set(err, KITH_ERR_KEY,
                       "%s: a %s key to %s; a %s key to %s is wanted", path,
                       kind, used, want, use_name(use));
        KITH_TRY(KITH_ERR_KEY);
    }
    out->pkey =
        is_private
            ? EVP_PKEY_new_raw_private_key(key_type(use), NULL, raw, sizeof raw)
            : EVP_PKEY_new_raw_public_key(key_type(use), NULL, raw, sizeof raw);
    if (out->pkey == NULL)
        KITH_TRY(crypto_error("reading a key", err));
done:
    OPENSSL_cleanse(raw, sizeof raw);
    OPENSSL_cleanse(hex, sizeof hex);
    return status;
}

kith_status
kith_seal_key_load(kith_seal_key *out, const char *path, kith_seal_use use,
                   bool is_private, kith_error *err)
{
    kith_status status = KITH_OK;
    char text[MAX_KEY_FILE + 1];
    char *public_text = NULL;
    size_t n = 0;
    if (is_private) {
        kith_secret_guard();
        KITH_TRY(kith_secret_read(text, MAX_KEY_FILE, &n, path, err));
        text[n] = '\0';
        KITH_TRY(parse_key(out, path, text, use, true, err));
    } else {
        KITH_TRY(kith_in_slurp(&public_text, &n, path, MAX_KEY_FILE, err));
        KITH_TRY(parse_key(out, path, public_text, use, false, err));
    }
done:
    OPENSSL_cleanse(text, sizeof text);
    kith_free(public_text);
    return status;
}

void
kith_seal_key_done(kith_seal_key *key)
{
    EVP_PKEY_free(key->pkey);
    key->pkey = NULL;
}

kith_status
kith_seal_key_check_day(const kith_seal_key *key, const char *today,
                        kith_error *err)
{
    const kith_key_dates dates = {
        .from = key->from[0] == '\0' ? NULL : key->from,
        .until = key->until[0] == '\0' ? NULL : key->until};
    char whose[KITH_SEAL_OWNER + 32];
    (void)snprintf(whose, sizeof whose, "the transport key of %s", key->owner);
    return kith_key_dates_allow(&dates, whose, today, err);
}

kith_status
kith_seal_file_key(uint8_t out[KITH_SEAL_KEY], EVP_PKEY *mine, EVP_PKEY *theirs,
                   const uint8_t ephemeral[KITH_SEAL_KEY], kith_str header,
                   kith_error *err)
{
    uint8_t shared[KITH_SEAL_KEY];
    uint8_t info[16 + EVP_MAX_MD_SIZE] = "kith/1|seal|";
    size_t n = sizeof shared;
    size_t n_out = KITH_SEAL_KEY;
    unsigned n_digest = 0;
    EVP_PKEY_CTX *dh = EVP_PKEY_CTX_new(mine, NULL);
    EVP_PKEY_CTX *kdf = EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, NULL);
    const bool good =
        dh != NULL && kdf != NULL && EVP_PKEY_derive_init(dh) == 1 &&
        EVP_PKEY_derive_set_peer(dh, theirs) == 1 &&
        EVP_PKEY_derive(dh, shared, &n) == 1 &&
        EVP_Digest(header.data, header.len, info + 12, &n_digest, EVP_sha256(),
                   NULL) == 1 &&
        EVP_PKEY_derive_init(kdf) == 1 &&
        EVP_PKEY_CTX_set_hkdf_md(kdf, EVP_sha256()) == 1 &&
        EVP_PKEY_CTX_set1_hkdf_salt(kdf, ephemeral, KITH_SEAL_KEY) == 1 &&
        EVP_PKEY_CTX_set1_hkdf_key(kdf, shared, (int)n) == 1 &&
        EVP_PKEY_CTX_add1_hkdf_info(kdf, info, 12 + (int)n_digest) == 1 &&
        EVP_PKEY_derive(kdf, out, &n_out) == 1;
    OPENSSL_cleanse(shared, sizeof shared);
    EVP_PKEY_CTX_free(dh);
    EVP_PKEY_CTX_free(kdf);
    return good ? KITH_OK : crypto_error("key agreement", err);
}

void
kith_seal_nonce(uint8_t nonce[KITH_SEAL_NONCE], uint32_t chunk, bool last)
{
    memset(nonce, 0, KITH_SEAL_NONCE);
    for (unsigned i = 0; i < 4; i++)
        nonce[7 + i] = (uint8_t)(chunk >> (24 - 8 * i));
    nonce[11] = last;
}

const char *
kith_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}
