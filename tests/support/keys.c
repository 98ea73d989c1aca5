#include "keys.h"

#include "base/hex.h"
#include "files.h"

#include <openssl/evp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

/* The key file's form, written out again from its description. */
kith_key *
test_key_make(const char *project, const char *epoch, const char *agency,
              uint8_t first)
{
    char folder[256], path[512], text[1024], hex[65] = "", check[17] = "";
    uint8_t bytes[KITH_KEY_BYTES], md[32];
    size_t n_md = 0;
    kith_key *key = NULL;
    kith_error err = KITH_ERROR_INIT;
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(first + i);
    kith_hex_write(hex, bytes, sizeof bytes);
    int n =
        snprintf(text, sizeof text,
                 "kith key 1\nkind: %s\nproject: %s\nepoch: %s\n%s%s%s"
                 "key: %s\n",
                 agency == NULL ? "project" : "agency", project, epoch,
                 agency == NULL ? "" : "agency: ", agency == NULL ? "" : agency,
                 agency == NULL ? "" : "\n", hex);
    assert_int_equal(
        EVP_Q_digest(NULL, "SHA256", NULL, text, (size_t)n, md, &n_md), 1);
    kith_hex_write(check, md, 8);
    n += snprintf(text + n, sizeof text - (size_t)n, "check: %s\n", check);
    test_folder_make(folder);
    test_path(path, folder, "test.key");
    test_write(path, text, (size_t)n);
    assert_int_equal(chmod(path, 0400), 0);
    assert_int_equal(
        kith_key_load(&key, path,
                      agency == NULL ? KITH_KEY_PROJECT : KITH_KEY_AGENCY,
                      &err),
        KITH_OK);
    test_folder_remove(folder);
    return key;
}
