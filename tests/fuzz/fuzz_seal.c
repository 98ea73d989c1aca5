/*
 * Any bytes as a sealed file: as they are; behind a sender's own signature,
 * so that a header that lies is met too; and with chunks that decrypt, so that
 * lists and contents that differ are. A file is opened whole or leaves
 * nothing.
 *
 * The first byte says which: 0 as it is; 1 the rest is the header's lines; 2
 * lines, a blank line, and what lies in the chunks.
 */
#include "../support/memfile.h"
#include "base/buffer.h"
#include "base/hex.h"
#include "encode/seal_format.h"

#include <dirent.h>
#include <openssl/rand.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check(int fact)
{
    if (!fact)
        abort();
}

/* Removes the files of a folder. @return how many there were */
static unsigned
empty_folder(const char *folder)
{
    unsigned n = 0;
    DIR *d = opendir(folder);
    if (d == NULL)
        return 0;
    for (struct dirent *e = readdir(d); e != NULL; e = readdir(d)) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        check(unlinkat(dirfd(d), e->d_name, 0) == 0);
        n++;
    }
    (void)closedir(d);
    return n;
}

typedef struct room {
    char folder[64];
    char receive[128], receive_pub[128], sign[128], sign_pub[128], out[128];
    kith_seal_key recipient, sender;
    EVP_PKEY *ephemeral;
    uint8_t ephemeral_pub[KITH_SEAL_KEY];
    kith_job *job;
} room;

static room here;

static void
leave(void)
{
    kith_seal_key_done(&here.recipient);
    kith_seal_key_done(&here.sender);
    EVP_PKEY_free(here.ephemeral);
    kith_job_free(here.job);
    (void)empty_folder(here.out);
    (void)rmdir(here.out);
    (void)empty_folder(here.folder);
    (void)rmdir(here.folder);
}

static void
enter(room *r)
{
    const kith_job_params jp = {.n_threads = 1, .quiet = true};
    kith_error err = KITH_ERROR_INIT;
    size_t n = KITH_SEAL_KEY;
    uint8_t any[1];
    /* Before there is a secure heap, in which LeakSanitizer cannot see what
     * the generator still holds. */
    check(RAND_bytes(any, 1) == 1 && RAND_priv_bytes(any, 1) == 1);
    (void)snprintf(r->folder, sizeof r->folder, "/dev/shm/kith-seal-XXXXXX");
    check(mkdtemp(r->folder) != NULL);
    const struct {
        char *path;
        const char *name;
    } paths[] = {{r->receive, "unit"},
                 {r->receive_pub, "unit.pub"},
                 {r->sign, "police"},
                 {r->sign_pub, "police.pub"},
                 {r->out, "opened"}};
    for (unsigned i = 0; i < sizeof paths / sizeof *paths; i++)
        (void)snprintf(paths[i].path, sizeof r->out, "%s/%s", r->folder,
                       paths[i].name);
    check(kith_seal_keygen(r->receive, KITH_SEAL_RECEIVE, "unit", NULL, &err) ==
          KITH_OK);
    check(kith_seal_keygen(r->sign, KITH_SEAL_SIGN, "police", NULL, &err) ==
          KITH_OK);
    check(kith_seal_key_load(&r->recipient, r->receive_pub, KITH_SEAL_RECEIVE,
                             false, &err) == KITH_OK);
    check(kith_seal_key_load(&r->sender, r->sign, KITH_SEAL_SIGN, true, &err) ==
          KITH_OK);
    r->ephemeral = EVP_PKEY_Q_keygen(NULL, NULL, "X25519");
    check(r->ephemeral != NULL &&
          EVP_PKEY_get_raw_public_key(r->ephemeral, r->ephemeral_pub, &n) == 1);
    check(kith_job_new(&r->job, &jp, &err) == KITH_OK);
    (void)atexit(leave);
}

static void
add(kith_buffer *b, const void *bytes, size_t n)
{
    kith_error err = KITH_ERROR_INIT;
    check(kith_buffer_add(b, bytes, n, &err) == KITH_OK);
}

/* The four lines that a file must have to be looked at, then the input's. */
static void
add_header(kith_buffer *b, const room *r, const char *path,
           const uint8_t *lines, size_t n)
{
    char hex[2 * KITH_SEAL_KEY + 1] = "";
    kith_buffer text = {0};
    kith_error err = KITH_ERROR_INIT;
    kith_hex_write(hex, r->ephemeral_pub, KITH_SEAL_KEY);
    check(kith_buffer_printf(&text, &err,
                             "name: %s\nsender: police\nrecipient: unit\n"
                             "ephemeral: %.64s\n",
                             kith_base_name(path), hex) == KITH_OK);
    add(&text, lines, n);
    const uint32_t head[2] = {KITH_SEAL_VERSION, (uint32_t)text.len};
    add(b, KITH_SEAL_MAGIC, 8);
    add(b, head, sizeof head);
    add(b, text.data, text.len);
    kith_buffer_done(&text);
}

static void
sign(kith_buffer *b, const room *r)
{
    uint8_t signature[KITH_SEAL_SIGNATURE];
    size_t n = sizeof signature;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    check(ctx != NULL &&
          EVP_DigestSignInit(ctx, NULL, NULL, NULL, r->sender.pkey) == 1 &&
          EVP_DigestSign(ctx, signature, &n, (const uint8_t *)b->data,
                         b->len) == 1);
    EVP_MD_CTX_free(ctx);
    add(b, signature, n);
}

static void
add_chunk(kith_buffer *b, const uint8_t *key, kith_str header,
          const uint8_t *plain, size_t n, uint32_t number, bool last)
{
    uint8_t nonce[KITH_SEAL_NONCE], tag[KITH_SEAL_TAG];
    uint8_t *secret = malloc(n + 16);
    int got = 0, end = 0;
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    kith_seal_nonce(nonce, number, last);
    check(secret != NULL && ctx != NULL &&
          EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, nonce) == 1 &&
          EVP_EncryptUpdate(ctx, NULL, &got, (const uint8_t *)header.data,
                            (int)header.len) == 1 &&
          EVP_EncryptUpdate(ctx, secret, &got, plain, (int)n) == 1 &&
          EVP_EncryptFinal_ex(ctx, secret + got, &end) == 1 &&
          EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, sizeof tag, tag) ==
              1);
    add(b, secret, n);
    add(b, tag, sizeof tag);
    EVP_CIPHER_CTX_free(ctx);
    free(secret);
}

static void
add_chunks(kith_buffer *b, const room *r, size_t n_head, const uint8_t *plain,
           size_t n)
{
    uint8_t key[KITH_SEAL_KEY];
    kith_error err = KITH_ERROR_INIT;
    kith_buffer head = {0};
    add(&head, b->data, n_head); /* b moves as it grows */
    const kith_str header = {head.data, head.len};
    check(kith_seal_file_key(key, r->ephemeral, r->recipient.pkey,
                             r->ephemeral_pub, header, &err) == KITH_OK);
    for (uint32_t number = 0;; number++) {
        const bool last = n <= KITH_SEAL_CHUNK;
        const size_t part = last ? n : KITH_SEAL_CHUNK;
        add_chunk(b, key, header, plain, part, number, last);
        plain += part;
        n -= part;
        if (last)
            break;
    }
    kith_buffer_done(&head);
}

/* Opens it, and looks at what it left. */
static void
open_sealed(const room *r, const char *path)
{
    const kith_open_params params = {.sealed = path,
                                     .recipient = r->receive,
                                     .sender = r->sign_pub,
                                     .out = r->out};
    kith_error err = KITH_ERROR_INIT;
    const kith_status status = kith_open(&params, r->job, &err);
    const unsigned left = empty_folder(r->out);
    check(status == KITH_OK || (err.text[0] != '\0' && left == 0));
}

static void
make_and_open(const room *r, int mode, const uint8_t *data, size_t n)
{
    char path[64];
    kith_buffer b = {0};
    const int fd = test_memfile(path, "", 0);
    const uint8_t *blank = NULL;
    for (size_t i = 0; i + 1 < n && blank == NULL; i++)
        if (data[i] == '\n' && data[i + 1] == '\n')
            blank = data + i;
    const size_t n_lines =
        mode == 1 || blank == NULL ? n : (size_t)(blank - data) + 1;
    add_header(&b, r, path, data, n_lines);
    const size_t n_head = b.len;
    sign(&b, r);
    if (mode == 2 && blank != NULL)
        add_chunks(&b, r, n_head, blank + 2, n - n_lines - 1);
    check(write(fd, b.data, b.len) == (ssize_t)b.len);
    open_sealed(r, path);
    kith_buffer_done(&b);
    test_memfile_close(fd);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (here.job == NULL)
        enter(&here);
    if (n > 0 && (data[0] == 1 || data[0] == 2)) {
        make_and_open(&here, data[0], data + 1, n - 1);
        return 0;
    }
    char path[64];
    const size_t skip = n > 0;
    const int fd = test_memfile(path, data + skip, n - skip);
    open_sealed(&here, path);
    test_memfile_close(fd);
    return 0;
}
