#include "base/alloc.h"
#include "base/hex.h"
#include "encode/acts.h"
#include "encode/seal_format.h"
#include "io/digest.h"
#include "io/out.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One file of the header's list, as it is being written. */
typedef struct member {
    char sha256[KITH_DIGEST_HEX];
    uint64_t left; /* bytes still to come */
    char *path;
    kith_out *out; /* whole, but not yet in place */
    kith_digest *digest;
} member;

typedef struct opening {
    const kith_open_params *params;
    kith_job *job;
    kith_act act;
    kith_seal_key recipient, sender;
    int fd;
    kith_buffer head; /* prefix and header */
    kith_meta meta;
    EVP_CIPHER_CTX *cipher;
    uint8_t key[KITH_SEAL_KEY];
    uint8_t *chunk; /* KITH_SEAL_CHUNK + KITH_SEAL_TAG */
    member *members;
    size_t n_members, members_cap;
    size_t at; /* the member that takes the next byte */
} opening;

static kith_status
refused(const opening *o, const char *what, kith_error *err)
{
    kith_error_set(err, KITH_ERR_DATA, "%s: refused: %s", o->params->sealed,
                   what);
    kith_error_hint(err, "nothing of it was used; ask the sender for it "
                         "again");
    return KITH_ERR_DATA;
}

/* Reads up to n bytes; *got is less only at the end of the file. */
static kith_status
read_up_to(const opening *o, void *bytes, size_t n, size_t *got,
           kith_error *err)
{
    *got = 0;
    while (*got < n) {
        const ssize_t r = read(o->fd, (uint8_t *)bytes + *got, n - *got);
        if (r < 0 && errno == EINTR)
            continue;
        if (r < 0)
            return kith_error_set(err, KITH_ERR_IO, "%s: cannot read: %s",
                                  o->params->sealed, strerror(errno));
        if (r == 0)
            break;
        *got += (size_t)r;
    }
    return KITH_OK;
}

static kith_status
read_header(opening *o, kith_error *err)
{
    kith_status status = KITH_OK;
    size_t got = 0;
    uint32_t header_bytes = 0;
    KITH_TRY(KITH_GROW(&o->head.data, &o->head.cap, KITH_SEAL_PREFIX, err));
    KITH_TRY(read_up_to(o, o->head.data, KITH_SEAL_PREFIX, &got, err));
    if (got != KITH_SEAL_PREFIX ||
        memcmp(o->head.data, KITH_SEAL_MAGIC, 8) != 0)
        KITH_TRY(refused(o, "not a sealed kith file", err));
    memcpy(&header_bytes, o->head.data + 12, sizeof header_bytes);
    if (o->head.data[8] != KITH_SEAL_VERSION ||
        header_bytes > KITH_SEAL_MAX_HEADER)
        KITH_TRY(refused(o, "another version, or damaged", err));
    o->head.len = KITH_SEAL_PREFIX + (size_t)header_bytes;
    KITH_TRY(KITH_GROW(&o->head.data, &o->head.cap, o->head.len, err));
    KITH_TRY(read_up_to(o, o->head.data + KITH_SEAL_PREFIX, header_bytes, &got,
                        err));
    if (got != header_bytes)
        KITH_TRY(refused(o, "truncated", err));
    KITH_TRY(kith_buffer_add(&o->meta.text, o->head.data + KITH_SEAL_PREFIX,
                             header_bytes, err));
done:
    return status;
}

static kith_status
check_signature(const opening *o, kith_error *err)
{
    kith_status status = KITH_OK;
    uint8_t signature[KITH_SEAL_SIGNATURE];
    size_t got = 0;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    KITH_TRY(read_up_to(o, signature, sizeof signature, &got, err));
    if (ctx == NULL ||
        EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, o->sender.pkey) != 1)
        KITH_TRY(kith_error_set(err, KITH_ERR_CRYPTO, "cannot verify"));
    if (got != sizeof signature ||
        EVP_DigestVerify(ctx, signature, sizeof signature,
                         (const unsigned char *)o->head.data, o->head.len) != 1)
        KITH_TRY(refused(o, "not signed by this sender, or changed", err));
done:
    EVP_MD_CTX_free(ctx);
    return status;
}

static kith_status
check_names(const opening *o, kith_error *err)
{
    if (!kith_str_equal(kith_meta_get(&o->meta, "name"),
                        kith_base_name(o->params->sealed)))
        return refused(o, "it was sealed under another name", err);
    if (!kith_str_equal(kith_meta_get(&o->meta, "recipient"),
                        o->recipient.owner))
        return refused(o, "it is for another recipient", err);
    return KITH_OK;
}

static kith_status
derive_key(opening *o, kith_error *err)
{
    kith_status status = KITH_OK;
    uint8_t raw[KITH_SEAL_KEY];
    const kith_str hex = kith_meta_get(&o->meta, "ephemeral");
    EVP_PKEY *ephemeral = NULL;
    if (hex.len != 2 * KITH_SEAL_KEY ||
        !kith_hex_read(raw, hex.data, KITH_SEAL_KEY))
        KITH_TRY(refused(o, "damaged header", err));
    ephemeral =
        EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL, raw, sizeof raw);
    if (ephemeral == NULL)
        KITH_TRY(refused(o, "damaged header", err));
    KITH_TRY(kith_seal_file_key(o->key, o->recipient.pkey, ephemeral, raw,
                                (kith_str){o->head.data, o->head.len}, err));
done:
    EVP_PKEY_free(ephemeral);
    return status;
}

/* "<sha256> <bytes> <base name>": signed, and checked all the same. */
static kith_status
add_member(opening *o, kith_str line, kith_error *err)
{
    kith_status status = KITH_OK;
    char text[512];
    if (line.len >= sizeof text || line.len < 67 || line.data[64] != ' ')
        KITH_TRY(refused(o, "damaged header", err));
    memcpy(text, line.data, line.len);
    text[line.len] = '\0';
    char *name = NULL;
    const unsigned long long bytes = strtoull(text + 65, &name, 10);
    if (*name != ' ' || name[1] == '\0' || name[1] == '.' ||
        strchr(name + 1, '/') != NULL)
        KITH_TRY(refused(o, "a file name it lists is not allowed", err));
    for (size_t i = 0; i < o->n_members; i++)
        if (strcmp(kith_base_name(o->members[i].path), name + 1) == 0)
            KITH_TRY(refused(o, "it lists a file twice", err));
    KITH_TRY(KITH_GROW(&o->members, &o->members_cap, o->n_members + 1, err));
    member *m = &o->members[o->n_members++];
    *m = (member){.left = bytes};
    memcpy(m->sha256, text, KITH_DIGEST_HEX - 1);
    KITH_TRY(kith_path_join(&m->path, o->params->out, name + 1, err));
    KITH_TRY(kith_digest_new(&m->digest, err));
    KITH_TRY(kith_out_open(&m->out, m->path, false, err));
done:
    return status;
}

static kith_status
open_members(opening *o, kith_error *err)
{
    kith_status status = KITH_OK;
    size_t cursor = 0;
    for (;;) {
        const kith_str line = kith_meta_next(&o->meta, "file", &cursor);
        if (line.data == NULL)
            break;
        KITH_TRY(add_member(o, line, err));
    }
done:
    return status;
}

static kith_status
write_plain(opening *o, const uint8_t *plain, size_t n, kith_error *err)
{
    kith_status status = KITH_OK;
    while (n > 0) {
        while (o->at < o->n_members && o->members[o->at].left == 0)
            o->at++;
        if (o->at == o->n_members)
            KITH_TRY(refused(o, "longer than its list of files", err));
        member *m = &o->members[o->at];
        const size_t part = m->left < n ? (size_t)m->left : n;
        KITH_TRY(kith_digest_add(m->digest, plain, part, err));
        KITH_TRY(kith_out_write(m->out, plain, part, err));
        m->left -= part;
        plain += part;
        n -= part;
    }
done:
    return status;
}

static kith_status
open_chunk(opening *o, uint32_t number, size_t n, bool last, kith_error *err)
{
    uint8_t nonce[KITH_SEAL_NONCE];
    int got = 0;
    const size_t n_plain = n - KITH_SEAL_TAG;
    kith_seal_nonce(nonce, number, last);
    if (EVP_DecryptInit_ex(o->cipher, EVP_aes_256_gcm(), NULL, o->key, nonce) !=
            1 ||
        EVP_DecryptUpdate(o->cipher, NULL, &got,
                          (const unsigned char *)o->head.data,
                          (int)o->head.len) != 1 ||
        EVP_DecryptUpdate(o->cipher, o->chunk, &got, o->chunk, (int)n_plain) !=
            1 ||
        EVP_CIPHER_CTX_ctrl(o->cipher, EVP_CTRL_AEAD_SET_TAG, KITH_SEAL_TAG,
                            o->chunk + n_plain) != 1 ||
        EVP_DecryptFinal_ex(o->cipher, o->chunk + got, &got) != 1)
        return refused(o, "changed, reordered or cut short", err);
    kith_job_advance(o->job, n_plain);
    return write_plain(o, o->chunk, n_plain, err);
}

/* A full chunk may be the last: only the file's end tells, so one is held
 * back until it is known. */
static kith_status
open_chunks(opening *o, kith_error *err)
{
    kith_status status = KITH_OK;
    const size_t full = KITH_SEAL_CHUNK + KITH_SEAL_TAG;
    uint8_t next = 0;
    size_t have_next = 0;
    for (uint32_t number = 0;; number++) {
        size_t got = 0;
        if (have_next != 0)
            o->chunk[0] = next;
        KITH_TRY(
            read_up_to(o, o->chunk + have_next, full - have_next, &got, err));
        got += have_next;
        have_next = 0;
        if (got == full)
            KITH_TRY(read_up_to(o, &next, 1, &have_next, err));
        if (got < KITH_SEAL_TAG)
            KITH_TRY(refused(o, "cut short", err));
        KITH_TRY(open_chunk(o, number, got, have_next == 0, err));
        if (have_next == 0)
            break;
    }
done:
    return status;
}

/* All files are whole and as listed: only now are they put in place. */
static kith_status
place_members(opening *o, kith_error *err)
{
    kith_status status = KITH_OK;
    for (size_t i = 0; i < o->n_members; i++) {
        char hex[KITH_DIGEST_HEX];
        kith_digest_hex(o->members[i].digest, hex);
        if (o->members[i].left != 0 || strcmp(hex, o->members[i].sha256) != 0)
            KITH_TRY(refused(o, "a file is not as its list says", err));
    }
    for (size_t i = 0; i < o->n_members; i++) {
        kith_out *out = o->members[i].out;
        o->members[i].out = NULL;
        KITH_TRY(kith_out_commit(out, o->job, err));
    }
    kith_job_count(o->job, "", "files_opened", o->n_members);
done:
    return status;
}

static kith_status
run(opening *o, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_open_params *p = o->params;
    KITH_TRY(kith_seal_key_load(&o->recipient, p->recipient, KITH_SEAL_RECEIVE,
                                true, err));
    KITH_TRY(
        kith_seal_key_load(&o->sender, p->sender, KITH_SEAL_SIGN, false, err));
    KITH_TRY(kith_act_seal_key(&o->act, &o->recipient, err));
    KITH_TRY(kith_act_seal_key(&o->act, &o->sender, err));
    o->fd = open(p->sealed, O_RDONLY | O_CLOEXEC);
    if (o->fd < 0)
        KITH_TRY(kith_error_set(err, KITH_ERR_IO, "%s: cannot open: %s",
                                p->sealed, strerror(errno)));
    KITH_TRY(KITH_ALLOC(&o->chunk, KITH_SEAL_CHUNK + KITH_SEAL_TAG, err));
    o->cipher = EVP_CIPHER_CTX_new();
    if (o->cipher == NULL)
        KITH_TRY(kith_error_memory(err, 1, 1));
    KITH_TRY(read_header(o, err));
    KITH_TRY(check_signature(o, err));
    KITH_TRY(check_names(o, err));
    KITH_TRY(derive_key(o, err));
    KITH_TRY(open_members(o, err));
    KITH_TRY(open_chunks(o, err));
    KITH_TRY(place_members(o, err));
done:
    return status;
}

kith_status
kith_open(const kith_open_params *params, kith_job *job, kith_error *err)
{
    opening o = {.params = params, .job = job, .fd = -1};
    kith_status status = KITH_OK;
    KITH_TRY(kith_act_begin(&o.act, &params->act, "open", job, err));
    kith_job_stage(job, "open", "", 0, "bytes");
    status = run(&o, err);
    kith_job_stage_end(job);
    kith_act_add_seal(&o.act, params->sealed, o.sender.owner, o.recipient.owner,
                      &o.meta);
    status = kith_act_end(&o.act, status, err);
done:
    for (size_t i = 0; i < o.n_members; i++) {
        kith_out_abort(o.members[i].out);
        kith_digest_free(o.members[i].digest);
        kith_free(o.members[i].path);
    }
    kith_free(o.members);
    OPENSSL_cleanse(o.key, sizeof o.key);
    EVP_CIPHER_CTX_free(o.cipher);
    kith_seal_key_done(&o.recipient);
    kith_seal_key_done(&o.sender);
    kith_meta_done(&o.meta);
    kith_buffer_done(&o.head);
    kith_free(o.chunk);
    if (o.fd >= 0)
        (void)close(o.fd);
    return status;
}
