#include "encode/aes.h"

#include "base/alloc.h"

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/provider.h>
#include <string.h>

#define AES_NAME "AES-256-ECB"

struct kith_aes {
    EVP_CIPHER *cipher; /* keeps its provider loaded */
    const OSSL_ALGORITHM *algorithms;
    void *ctx; /* the provider's */
    OSSL_FUNC_cipher_newctx_fn *new_ctx;
    OSSL_FUNC_cipher_freectx_fn *free_ctx;
    OSSL_FUNC_cipher_encrypt_init_fn *init;
    OSSL_FUNC_cipher_cipher_fn *encrypt;
};

static kith_status
aes_failed(kith_error *err)
{
    return kith_error_set(err, KITH_ERR_CRYPTO, "AES-256 failed");
}

/* The algorithm's names are a list: "AES-256-ECB:2.16.840.1.101.3.4.1.41". */
static const OSSL_DISPATCH *
find_functions(const OSSL_ALGORITHM *a)
{
    const size_t n = strlen(AES_NAME);
    for (; a != NULL && a->algorithm_names != NULL; a++)
        if (strncmp(a->algorithm_names, AES_NAME, n) == 0 &&
            (a->algorithm_names[n] == ':' || a->algorithm_names[n] == '\0'))
            return a->implementation;
    return NULL;
}

static void
take_functions(kith_aes *aes, const OSSL_DISPATCH *f)
{
    for (; f != NULL && f->function_id != 0; f++) {
        if (f->function_id == OSSL_FUNC_CIPHER_NEWCTX)
            aes->new_ctx = OSSL_FUNC_cipher_newctx(f);
        else if (f->function_id == OSSL_FUNC_CIPHER_FREECTX)
            aes->free_ctx = OSSL_FUNC_cipher_freectx(f);
        else if (f->function_id == OSSL_FUNC_CIPHER_ENCRYPT_INIT)
            aes->init = OSSL_FUNC_cipher_encrypt_init(f);
        else if (f->function_id == OSSL_FUNC_CIPHER_CIPHER)
            aes->encrypt = OSSL_FUNC_cipher_cipher(f);
    }
}

static const OSSL_PROVIDER *
provider_of(const kith_aes *aes)
{
    return EVP_CIPHER_get0_provider(aes->cipher);
}

kith_status
kith_aes_new(kith_aes **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_aes *aes = NULL;
    int no_cache = 0; /* algorithms come and go: for those who keep them */
    *out = NULL;
    KITH_TRY(KITH_ALLOC(&aes, 1, err));
    aes->cipher = EVP_CIPHER_fetch(NULL, AES_NAME, NULL);
    if (aes->cipher == NULL)
        KITH_TRY(aes_failed(err));
    aes->algorithms = OSSL_PROVIDER_query_operation(provider_of(aes),
                                                    OSSL_OP_CIPHER, &no_cache);
    take_functions(aes, find_functions(aes->algorithms));
    if (aes->new_ctx == NULL || aes->free_ctx == NULL || aes->init == NULL ||
        aes->encrypt == NULL)
        KITH_TRY(aes_failed(err));
    aes->ctx = aes->new_ctx(OSSL_PROVIDER_get0_provider_ctx(provider_of(aes)));
    if (aes->ctx == NULL)
        KITH_TRY(aes_failed(err));
    *out = aes;
    aes = NULL;
done:
    kith_aes_free(aes);
    return status;
}

void
kith_aes_free(kith_aes *aes)
{
    if (aes == NULL)
        return;
    if (aes->ctx != NULL)
        aes->free_ctx(aes->ctx);
    if (aes->algorithms != NULL)
        OSSL_PROVIDER_unquery_operation(provider_of(aes), OSSL_OP_CIPHER,
                                        aes->algorithms);
    EVP_CIPHER_free(aes->cipher);
    kith_free(aes);
}

kith_status
kith_aes_set_key(kith_aes *aes, const uint8_t key[KITH_KEY_BYTES],
                 kith_error *err)
{
    return aes->init(aes->ctx, key, KITH_KEY_BYTES, NULL, 0, NULL) == 1
               ? KITH_OK
               : aes_failed(err);
}

kith_status
kith_aes_encrypt(kith_aes *aes, uint8_t *out, const uint8_t *blocks, size_t n,
                 kith_error *err)
{
    const size_t bytes = n * KITH_AES_BLOCK;
    size_t written = 0;
    if (n == 0)
        return KITH_OK;
    return aes->encrypt(aes->ctx, out, &written, bytes, blocks, bytes) == 1 &&
                   written == bytes
               ? KITH_OK
               : aes_failed(err);
}
