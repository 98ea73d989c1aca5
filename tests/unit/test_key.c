/* Keys: file modes, damage, HMAC and HKDF against the RFCs' vectors. */
#include "base/hex.h"
#include "encode/hmac.h"

#include <fcntl.h>
#include <kith/key.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64];
static char path[128];

static int
make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/kith-key-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/project.key", folder);
    return 0;
}

static int
remove_folder(void **state)
{
    (void)state;
    (void)unlink(path);
    return rmdir(folder);
}

static void
expect_hex(const uint8_t *bytes, size_t n, const char *hex)
{
    uint8_t want[128];
    assert_true(kith_hex_read(want, hex, n));
    assert_memory_equal(bytes, want, n);
}

/* RFC 4231, test cases 1, 2 and 6 (a key longer than a block). */
static void
hmac_rfc4231(void **state)
{
    (void)state;
    kith_hmac h;
    uint8_t key[131], out[KITH_HMAC_BYTES];
    memset(key, 0x0b, 20);
    kith_hmac_init(&h, key, 20);
    kith_hmac_make(&h, "Hi There", 8, out);
    expect_hex(out, sizeof out,
               "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c"
               "2e32cff7");
    kith_hmac_init(&h, (const uint8_t *)"Jefe", 4);
    kith_hmac_make(&h, "what do ya want for nothing?", 28, out);
    expect_hex(out, sizeof out,
               "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b9"
               "64ec3843");
    memset(key, 0xaa, sizeof key);
    kith_hmac_init(&h, key, sizeof key);
    const char *text = "Test Using Larger Than Block-Size Key - "
                       "Hash Key First";
    kith_hmac_make(&h, text, strlen(text), out);
    expect_hex(out, sizeof out,
               "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f"
               "0ee37f54");
}

/* HKDF written out from RFC 5869 on our HMAC; at most two blocks. */
static void
plain_hkdf(uint8_t out[64], kith_hmac *salted, const uint8_t *ikm, size_t n,
           const uint8_t *info, size_t n_info)
{
    uint8_t prk[32], text[300];
    kith_hmac h;
    kith_hmac_make(salted, ikm, n, prk);
    kith_hmac_init(&h, prk, sizeof prk);
    memcpy(text, info, n_info);
    text[n_info] = 1;
    kith_hmac_make(&h, text, n_info + 1, out);
    memcpy(text, out, 32);
    memcpy(text + 32, info, n_info);
    text[32 + n_info] = 2;
    kith_hmac_make(&h, text, n_info + 33, out + 32);
}

static void
hkdf_rfc5869(void **state)
{
    (void)state;
    uint8_t ikm[22], salt[13], info[10], out[64];
    memset(ikm, 0x0b, sizeof ikm);
    assert_true(kith_hex_read(salt, "000102030405060708090a0b0c", 13));
    assert_true(kith_hex_read(info, "f0f1f2f3f4f5f6f7f8f9", 10));
    kith_hmac salted;
    kith_hmac_init(&salted, salt, sizeof salt);
    plain_hkdf(out, &salted, ikm, sizeof ikm, info, sizeof info);
    expect_hex(out, 42,
               "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56"
               "ecc4c5bf34007208d5b887185865");
}

static void
write_file(const char *text, mode_t mode)
{
    (void)unlink(path);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    assert_int_equal(chmod(path, mode), 0);
}

static void
read_back(char *text, size_t cap)
{
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    text[fread(text, 1, cap - 1, f)] = '\0';
    fclose(f);
}

static void
generated_key_loads(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    assert_int_equal(kith_key_generate(path, "gm", "2026-q1", NULL, &err),
                     KITH_OK);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0400);
    kith_key *key = NULL;
    assert_int_equal(kith_key_load(&key, path, KITH_KEY_PROJECT, &err),
                     KITH_OK);
    assert_string_equal(kith_key_project(key), "gm");
    assert_string_equal(kith_key_epoch(key), "2026-q1");
    assert_null(kith_key_agency(key));
    struct rlimit cores;
    assert_int_equal(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
    assert_int_equal(getrlimit(RLIMIT_CORE, &cores), 0);
    assert_int_equal(cores.rlim_cur, 0);
    kith_key_free(key);
    /* A second one is refused and the first stays as it is. */
    char before[1024], after[1024];
    read_back(before, sizeof before);
    assert_int_equal(kith_key_generate(path, "gm", "2026-q1", NULL, &err),
                     KITH_ERR_IO);
    read_back(after, sizeof after);
    assert_string_equal(before, after);
}

static void
derivation_follows_the_rfc(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    assert_int_equal(kith_key_generate(path, "gm", "2026-q1", NULL, &err),
                     KITH_OK);
    char text[1024];
    read_back(text, sizeof text);
    uint8_t master[32], out[32], other[32], want[64];
    const char *line = strstr(text, "\nkey: ");
    assert_non_null(line);
    assert_true(kith_hex_read(master, line + 6, 32));
    kith_key *key = NULL;
    assert_int_equal(kith_key_load(&key, path, KITH_KEY_PROJECT, &err),
                     KITH_OK);
    assert_int_equal(kith_key_derive(out, key, "r1", "filter", "D", "A", &err),
                     KITH_OK);
    const char *info = "kith/1|2026-q1|r1|filter|D|A";
    kith_hmac salted;
    kith_hmac_init(&salted, (const uint8_t *)"gm", 2);
    plain_hkdf(want, &salted, master, 32, (const uint8_t *)info, strlen(info));
    assert_memory_equal(out, want, 32);
    assert_int_equal(
        kith_key_derive(other, key, "r2", "filter", "D", "A", &err), KITH_OK);
    assert_memory_not_equal(out, other, 32);
    /* A bar in a name would let two infos collide. */
    assert_int_equal(kith_key_derive(other, key, "r1|x", "f", "D", "A", &err),
                     KITH_ERR_CONFIG);
    char check[17], check2[17];
    assert_int_equal(kith_key_check(check, key, "spec one", &err), KITH_OK);
    assert_int_equal(kith_key_check(check2, key, "spec two", &err), KITH_OK);
    assert_int_equal(strlen(check), 16);
    assert_string_not_equal(check, check2);
    kith_key_free(key);
}

static void
expect_refused(kith_key_kind kind, const char *part)
{
    kith_error err = KITH_ERROR_INIT;
    kith_key *key = NULL;
    assert_int_equal(kith_key_load(&key, path, kind, &err), KITH_ERR_KEY);
    assert_null(key);
    assert_non_null(strstr(err.text, part));
}

static void
bad_files_are_refused(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    expect_refused(KITH_KEY_PROJECT, "cannot open");
    assert_int_equal(kith_key_generate(path, "gm", "e1", "gmp", &err), KITH_OK);
    char good[1024], bad[1100];
    read_back(good, sizeof good);
    expect_refused(KITH_KEY_PROJECT, "an agency key");
    const mode_t loose[] = {0440, 0404, 0420, 0600 | 0010, 0644};
    for (size_t i = 0; i < sizeof loose / sizeof *loose; i++) {
        assert_int_equal(chmod(path, loose[i]), 0);
        expect_refused(KITH_KEY_AGENCY, "others");
    }
    write_file("", 0400);
    expect_refused(KITH_KEY_AGENCY, "not a kith key");
    /* Every shortening and every changed byte is seen. */
    const size_t n = strlen(good);
    for (size_t i = 0; i < n; i++) {
        memcpy(bad, good, n + 1);
        bad[i] = '\0';
        write_file(bad, 0400);
        expect_refused(KITH_KEY_AGENCY, i < 5 ? "not a" : "");
        memcpy(bad, good, n + 1);
        bad[i] = bad[i] == 'x' ? 'y' : 'x';
        write_file(bad, 0400);
        expect_refused(KITH_KEY_AGENCY, "");
    }
    snprintf(bad, sizeof bad, "%s%s", good, "more\n");
    write_file(bad, 0400);
    expect_refused(KITH_KEY_AGENCY, "damaged");
    write_file(good, 0400);
    kith_key *key = NULL;
    assert_int_equal(kith_key_load(&key, path, KITH_KEY_AGENCY, &err), KITH_OK);
    assert_string_equal(kith_key_agency(key), "gmp");
    kith_key_free(key);
}

static void
bad_names_are_refused(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    const char *const bad[] = {"", "a b", "a|b", "a\nb"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(kith_key_generate(path, bad[i], "e", NULL, &err),
                         KITH_ERR_USAGE);
        assert_int_equal(access(path, F_OK), -1);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hmac_rfc4231),
        cmocka_unit_test(hkdf_rfc5869),
        cmocka_unit_test_setup_teardown(generated_key_loads, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(derivation_follows_the_rfc, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(bad_files_are_refused, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(bad_names_are_refused, make_folder,
                                        remove_folder),
    };
    return cmocka_run_group_tests_name("key", tests, NULL, NULL);
}
