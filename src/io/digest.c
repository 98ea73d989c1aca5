#include "io/digest.h"

#include "base/alloc.h"

#include <openssl/evp.h>
#include <stdio.h>

struct kith_digest {
    EVP_MD_CTX *ctx;
};

kith_status
kith_digest_new(kith_digest **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_digest *d = NULL;
    *out = NULL;
    KITH_TRY(KITH_ALLOC(&d, 1, err));
    d->ctx = EVP_MD_CTX_new();
    if (d->ctx == NULL || EVP_DigestInit_ex(d->ctx, EVP_sha256(), NULL) != 1)
        KITH_TRY(kith_error_set(err, KITH_ERR_CRYPTO, "SHA-256 unavailable"));
    *out = d;
    d = NULL;
done:
    kith_digest_free(d);
    return status;
}

kith_status
kith_digest_add(kith_digest *d, const void *data, size_t n, kith_error *err)
{
    if (EVP_DigestUpdate(d->ctx, data, n) != 1)
        return kith_error_set(err, KITH_ERR_CRYPTO, "SHA-256 failed");
    return KITH_OK;
}

void
kith_digest_hex(const kith_digest *d, char out[KITH_DIGEST_HEX])
{
    unsigned char raw[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    EVP_MD_CTX *copy = EVP_MD_CTX_new();
    out[0] = '\0';
    if (copy != NULL && EVP_MD_CTX_copy_ex(copy, d->ctx) == 1 &&
        EVP_DigestFinal_ex(copy, raw, &n) == 1) {
        for (unsigned i = 0; i < n && 2 * i + 2 < KITH_DIGEST_HEX; i++)
            (void)snprintf(out + 2 * (size_t)i, 3, "%02x", raw[i]);
    }
    EVP_MD_CTX_free(copy);
}

void
kith_digest_free(kith_digest *d)
{
    if (d == NULL)
        return;
    EVP_MD_CTX_free(d->ctx);
    kith_free(d);
}
