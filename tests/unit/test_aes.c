/* AES-256 at OpenSSL's provider: against FIPS 197, and against EVP. */
#include "base/rng.h"
#include "encode/aes.h"

#include <openssl/evp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static kith_aes *
new_aes(void)
{
    kith_error err = KITH_ERROR_INIT;
    kith_aes *aes = NULL;
    assert_int_equal(kith_aes_new(&aes, &err), KITH_OK);
    return aes;
}

/* FIPS 197, appendix C.3. */
static void
published_vector(void **state)
{
    static const uint8_t want[KITH_AES_BLOCK] = {
        0x8e, 0xa2, 0xb7, 0xca, 0x51, 0x67, 0x45, 0xbf,
        0xea, 0xfc, 0x49, 0x90, 0x4b, 0x49, 0x60, 0x89};
    uint8_t key[KITH_KEY_BYTES], block[KITH_AES_BLOCK];
    kith_error err = KITH_ERROR_INIT;
    kith_aes *aes = new_aes();
    (void)state;
    for (unsigned i = 0; i < sizeof key; i++)
        key[i] = (uint8_t)i;
    for (unsigned i = 0; i < sizeof block; i++)
        block[i] = (uint8_t)(i * 0x11);
    assert_int_equal(kith_aes_set_key(aes, key, &err), KITH_OK);
    assert_int_equal(kith_aes_encrypt(aes, block, block, 1, &err), KITH_OK);
    assert_memory_equal(block, want, sizeof want);
    kith_aes_free(aes);
}

/* Every number of blocks round the eight that are encrypted side by side, a
 * new key each time, in place and not. */
static void
as_evp_does(void **state)
{
    enum { MOST = 40 };
    uint8_t key[KITH_KEY_BYTES], plain[MOST * KITH_AES_BLOCK];
    uint8_t got[sizeof plain], want[sizeof plain + KITH_AES_BLOCK];
    kith_error err = KITH_ERROR_INIT;
    kith_rng rng = kith_rng_at(7, 0);
    kith_aes *aes = new_aes();
    EVP_CIPHER_CTX *evp = EVP_CIPHER_CTX_new();
    (void)state;
    for (unsigned n = 0; n <= MOST; n++) {
        int written = 0;
        for (unsigned i = 0; i < sizeof key; i++)
            key[i] = (uint8_t)kith_rng_below(&rng, 256);
        for (unsigned i = 0; i < sizeof plain; i++)
            plain[i] = (uint8_t)kith_rng_below(&rng, 256);
        assert_int_equal(
            EVP_EncryptInit_ex(evp, EVP_aes_256_ecb(), NULL, key, NULL), 1);
        assert_int_equal(EVP_EncryptUpdate(evp, want, &written, plain,
                                           (int)n * KITH_AES_BLOCK),
                         1);
        assert_int_equal(kith_aes_set_key(aes, key, &err), KITH_OK);
        assert_int_equal(kith_aes_encrypt(aes, got, plain, n, &err), KITH_OK);
        assert_memory_equal(got, want, n * KITH_AES_BLOCK);
        assert_int_equal(kith_aes_encrypt(aes, plain, plain, n, &err), KITH_OK);
        assert_memory_equal(plain, want, n * KITH_AES_BLOCK);
    }
    EVP_CIPHER_CTX_free(evp);
    kith_aes_free(aes);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_vector),
        cmocka_unit_test(as_evp_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
