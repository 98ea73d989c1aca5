#include "base/alloc.h"
#include "base/hex.h"
#include "encode/acts.h"
#include "encode/seal_format.h"
#include "io/digest.h"
#include "io/out.h"
#include "io/rowfile.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Plain bytes of the files, one after the other, in chunks. */
typedef struct sealing {
    const kith_seal_params *params;
    kith_job *job;
    kith_act act;
    kith_seal_key recipient, sender;
    EVP_PKEY *ephemeral;
    uint8_t ephemeral_public[KITH_SEAL_KEY];
    kith_buffer head; /* prefix and header: signed, and associated data */
    EVP_CIPHER_CTX *cipher;
    uint8_t key[KITH_SEAL_KEY];
    kith_out *out;
    uint8_t *plain; /* KITH_SEAL_CHUNK */
    size_t n_plain;
    uint32_t chunk;
} sealing;

static kith_status
crypto_error(kith_error *err)
{
    return kith_error_set(err, KITH_ERR_CRYPTO, "sealing failed");
}

/* Reads a file in pieces and hands each to fn. */
typedef kith_status (*piece_fn)(void *ctx, const void *data, size_t n,
                                kith_error *err);

static kith_status
each_piece(const char *path, piece_fn fn, void *ctx, kith_error *err)
{
    kith_status status = KITH_OK;
    uint8_t piece[16 * 1024];
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return kith_error_set(err, KITH_ERR_IO, "%s: cannot open: %s", path,
                              strerror(errno));
    for (;;) {
        const ssize_t n = read(fd, piece, sizeof piece);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            KITH_TRY(kith_error_set(err, KITH_ERR_IO, "%s: cannot read: %s",
                                    path, strerror(errno)));
        if (n == 0)
            break;
        KITH_TRY(fn(ctx, piece, (size_t)n, err));
    }
done:
    (void)close(fd);
    return status;
}

typedef struct measure {
    kith_digest *digest;
    uint64_t n;
} measure;

static kith_status
measure_piece(void *ctx, const void *data, size_t n, kith_error *err)
{
    measure *m = ctx;
    m->n += n;
    return kith_digest_add(m->digest, data, n, err);
}

/* Adds the header's line of one file. */
static kith_status
list_file(kith_meta *meta, const char *path, kith_error *err)
{
    kith_status status = KITH_OK;
    measure m = {0};
    char hex[KITH_DIGEST_HEX];
    kith_buffer line = {0};
    KITH_TRY(kith_digest_new(&m.digest, err));
    KITH_TRY(each_piece(path, measure_piece, &m, err));
    kith_digest_hex(m.digest, hex);
    KITH_TRY(kith_buffer_printf(&line, err, "%s %llu %s", hex,
                                (unsigned long long)m.n, kith_base_name(path)));
    KITH_TRY(kith_meta_add(meta, "file", line.data, err));
done:
    kith_buffer_done(&line);
    kith_digest_free(m.digest);
    return status;
}

static kith_status
check_names(const kith_seal_params *params, kith_error *err)
{
    for (uint32_t i = 0; i < params->n_files; i++) {
        for (uint32_t j = 0; j < i; j++) {
            if (strcmp(kith_base_name(params->files[i]),
                       kith_base_name(params->files[j])) == 0)
                return kith_error_set(err, KITH_ERR_USAGE,
                                      "%s and %s have the same name",
                                      params->files[j], params->files[i]);
        }
    }
    if (params->n_files == 0)
        return kith_error_set(err, KITH_ERR_USAGE, "no files to seal");
    return KITH_OK;
}

/* The bundle that an encoded file is part of; NULL: of none. */
static const char *
bundle_of(kith_str kind)
{
    static const char *const kinds[][2] = {
        {"pass", "passes"},      {"records", "refs"},   {"map", "refs"},
        {"people", "payload"},   {"events", "payload"}, {"pairs", "pairs"},
        {"relations", "payload"}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (kith_str_equal(kind, kinds[i][0]))
            return kinds[i][1];
    }
    return NULL;
}

/* Each bundle has its own recipient, and nothing else leaves a site. */
static kith_status
check_bundle(const kith_seal_params *params, kith_error *err)
{
    kith_status status = KITH_OK;
    const char *first = NULL;
    for (uint32_t i = 0; i < params->n_files; i++) {
        kith_rows_in *in = NULL;
        const char *bundle = NULL;
        if (kith_rows_open(&in, params->files[i], NULL, err) == KITH_OK)
            bundle = bundle_of(kith_meta_get(kith_rows_meta(in), "kind"));
        kith_rows_close(in);
        first = first == NULL ? bundle : first;
        if (bundle == NULL || bundle != first) {
            kith_error_set(err, KITH_ERR_USAGE, "%s: %s", params->files[i],
                           bundle == NULL ? "no encoded file of a bundle"
                                          : "of another bundle than the first");
            kith_error_hint(err, "passes, refs and payload each go to their "
                                 "own recipient; keys, keep/ and extracts "
                                 "never go");
            KITH_TRY(KITH_ERR_USAGE);
        }
    }
done:
    return status;
}

static kith_status
make_header(sealing *s, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_meta meta = {{0}};
    char hex[2 * KITH_SEAL_KEY + 1] = "";
    size_t n = sizeof s->ephemeral_public;
    s->ephemeral = EVP_PKEY_Q_keygen(NULL, NULL, "X25519");
    if (s->ephemeral == NULL ||
        EVP_PKEY_get_raw_public_key(s->ephemeral, s->ephemeral_public, &n) != 1)
        KITH_TRY(crypto_error(err));
    kith_hex_write(hex, s->ephemeral_public, KITH_SEAL_KEY);
    KITH_TRY(kith_meta_add(&meta, "name", kith_base_name(s->params->out), err));
    KITH_TRY(kith_meta_add(&meta, "sender", s->sender.owner, err));
    KITH_TRY(kith_meta_add(&meta, "recipient", s->recipient.owner, err));
    KITH_TRY(kith_meta_add(&meta, "ephemeral", hex, err));
    for (uint32_t i = 0; i < s->params->n_files; i++)
        KITH_TRY(list_file(&meta, s->params->files[i], err));
    const uint32_t prefix[2] = {KITH_SEAL_VERSION, (uint32_t)meta.text.len};
    KITH_TRY(kith_buffer_add(&s->head, KITH_SEAL_MAGIC, 8, err));
    KITH_TRY(kith_buffer_add(&s->head, prefix, sizeof prefix, err));
    KITH_TRY(kith_buffer_add(&s->head, meta.text.data, meta.text.len, err));
done:
    kith_meta_done(&meta);
    return status;
}

static kith_status
write_signature(sealing *s, kith_error *err)
{
    kith_status status = KITH_OK;
    uint8_t signature[KITH_SEAL_SIGNATURE];
    size_t n = sizeof signature;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    if (ctx == NULL ||
        EVP_DigestSignInit(ctx, NULL, NULL, NULL, s->sender.pkey) != 1 ||
        EVP_DigestSign(ctx, signature, &n, (const unsigned char *)s->head.data,
                       s->head.len) != 1)
        KITH_TRY(crypto_error(err));
    KITH_TRY(kith_out_write(s->out, s->head.data, s->head.len, err));
    KITH_TRY(kith_out_write(s->out, signature, sizeof signature, err));
done:
    EVP_MD_CTX_free(ctx);
    return status;
}

static kith_status
write_chunk(sealing *s, bool last, kith_error *err)
{
    kith_status status = KITH_OK;
    uint8_t nonce[KITH_SEAL_NONCE];
    uint8_t tag[KITH_SEAL_TAG];
    int n = 0;
    if (s->chunk == UINT32_MAX)
        return kith_error_set(err, KITH_ERR_DATA, "too much for one file");
    kith_seal_nonce(nonce, s->chunk++, last);
    if (EVP_EncryptInit_ex(s->cipher, EVP_aes_256_gcm(), NULL, s->key, nonce) !=
            1 ||
        EVP_EncryptUpdate(s->cipher, NULL, &n,
                          (const unsigned char *)s->head.data,
                          (int)s->head.len) != 1 ||
        EVP_EncryptUpdate(s->cipher, s->plain, &n, s->plain, (int)s->n_plain) !=
            1 ||
        EVP_EncryptFinal_ex(s->cipher, s->plain + n, &n) != 1 ||
        EVP_CIPHER_CTX_ctrl(s->cipher, EVP_CTRL_AEAD_GET_TAG, KITH_SEAL_TAG,
                            tag) != 1)
        KITH_TRY(crypto_error(err));
    KITH_TRY(kith_out_write(s->out, s->plain, s->n_plain, err));
    KITH_TRY(kith_out_write(s->out, tag, sizeof tag, err));
    kith_job_advance(s->job, s->n_plain);
    s->n_plain = 0;
done:
    return status;
}

static kith_status
seal_piece(void *ctx, const void *data, size_t n, kith_error *err)
{
    kith_status status = KITH_OK;
    sealing *s = ctx;
    const uint8_t *from = data;
    while (n > 0) {
        if (s->n_plain == KITH_SEAL_CHUNK)
            KITH_TRY(write_chunk(s, false, err));
        const size_t room = KITH_SEAL_CHUNK - s->n_plain;
        const size_t part = n < room ? n : room;
        memcpy(s->plain + s->n_plain, from, part);
        s->n_plain += part;
        from += part;
        n -= part;
    }
done:
    return status;
}

static kith_status
run(sealing *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_seal_params *p = s->params;
    KITH_TRY(check_names(p, err));
    if (!p->any_file)
        KITH_TRY(check_bundle(p, err));
    KITH_TRY(
        kith_seal_key_load(&s->sender, p->sender, KITH_SEAL_SIGN, true, err));
    KITH_TRY(kith_seal_key_load(&s->recipient, p->recipient, KITH_SEAL_RECEIVE,
                                false, err));
    KITH_TRY(kith_act_seal_key(&s->act, &s->sender, err));
    KITH_TRY(kith_act_seal_key(&s->act, &s->recipient, err));
    KITH_TRY(KITH_ALLOC(&s->plain, KITH_SEAL_CHUNK, err));
    s->cipher = EVP_CIPHER_CTX_new();
    if (s->cipher == NULL)
        KITH_TRY(crypto_error(err));
    KITH_TRY(make_header(s, err));
    KITH_TRY(kith_seal_file_key(s->key, s->ephemeral, s->recipient.pkey,
                                s->ephemeral_public,
                                (kith_str){s->head.data, s->head.len}, err));
    KITH_TRY(kith_out_open(&s->out, p->out, false, err));
    KITH_TRY(write_signature(s, err));
    for (uint32_t i = 0; i < p->n_files; i++)
        KITH_TRY(each_piece(p->files[i], seal_piece, s, err));
    KITH_TRY(write_chunk(s, true, err));
    kith_out *out = s->out;
    s->out = NULL;
    KITH_TRY(kith_out_commit(out, s->job, err));
    kith_job_count(s->job, "", "files_sealed", p->n_files);
done:
    return status;
}

kith_status
kith_seal(const kith_seal_params *params, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    sealing s = {.params = params, .job = job};
    KITH_TRY(kith_act_begin(&s.act, &params->act, "seal", job, err));
    kith_job_stage(job, "seal", "", 0, "bytes");
    status = run(&s, err);
    kith_job_stage_end(job);
    const size_t skip = s.head.len < KITH_SEAL_PREFIX ? 0 : KITH_SEAL_PREFIX;
    const kith_meta header = {
        {.data = s.head.data == NULL ? NULL : s.head.data + skip,
         .len = s.head.len - skip}};
    kith_act_add_seal(&s.act, params->out, s.sender.owner, s.recipient.owner,
                      &header);
    status = kith_act_end(&s.act, status, err);
done:
    kith_out_abort(s.out);
    OPENSSL_cleanse(s.key, sizeof s.key);
    EVP_CIPHER_CTX_free(s.cipher);
    EVP_PKEY_free(s.ephemeral);
    kith_seal_key_done(&s.recipient);
    kith_seal_key_done(&s.sender);
    kith_buffer_done(&s.head);
    kith_free(s.plain);
    return status;
}
