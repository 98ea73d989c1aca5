/* The expected CLKs were printed by clkhash 0.18.3 for fixtures/clk; the
 * single-value vectors by clkhash and an independent program. */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "encode/clk_hash.h"
#include "io/in.h"

#include <dlfcn.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *
fixture(const char *name)
{
    static char path[512];
    const char *folder = getenv("KITH_FIXTURES");
    (void)snprintf(path, sizeof path, "%s/clk/%s",
                   folder == NULL ? "fixtures" : folder, name);
    return path;
}

typedef struct vector {
    const char *value;
    kith_clk_feature feature;
    uint32_t l;
    const char *clk;
} vector;

static void
test_single_values(void **state)
{
    (void)state;
    static char name[] = "v";
    static char f[] = "F";
    static char *sexes[] = {f};
    const kith_clk_feature bigram = {.identifier = name,
                                     .maximum = 99,
                                     .compare = KITH_CLK_NGRAM,
                                     .n = 2,
                                     .per_token = true,
                                     .bits = 5};
    vector v[] = {
        {"SMITH", bigram, 64, "BhNRbKwgqjU="},
        {"SMITH", bigram, 64, "Mg8ID46KsmI="},
        {"SMITH", bigram, 128, "BghQfCAAIrECExEErCCIJQ=="},
        {"M11AE", bigram, 128, "ABQgACBQUEABARIwGIqhBA=="},
        {"F", bigram, 128, "ZqCBhojzQBSCiQREVAAmAA=="},
    };
    v[1].feature.double_hash = true;
    v[2].feature.per_token = false;
    v[2].feature.bits = 40;
    v[3].feature.n = 1;
    v[3].feature.positional = true;
    v[4].feature.format = KITH_CLK_ENUM;
    v[4].feature.values = sexes;
    v[4].feature.n_values = 1;
    v[4].feature.compare = KITH_CLK_EXACT;
    v[4].feature.bits = 40;
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        const kith_clk_schema schema = {.l = v[i].l,
                                        .key_bytes = 64,
                                        .features = &v[i].feature,
                                        .n_features = 1};
        kith_error err = KITH_ERROR_INIT;
        kith_clk_hasher *h = NULL;
        uint8_t clk[16];
        char text[32];
        uint32_t bad = 9;
        const kith_str field = kith_str_of(v[i].value);
        assert_int_equal(
            kith_clk_hasher_new(&h, &schema, kith_str_of("secret"), &err),
            KITH_OK);
        assert_int_equal(kith_clk_record(h, clk, &bad, &field, &err), KITH_OK);
        assert_int_equal(bad, 1);
        (void)EVP_EncodeBlock((unsigned char *)text, clk, (int)v[i].l / 8);
        assert_string_equal(text, v[i].clk);
        kith_clk_hasher_free(h);
    }
}

/* Runs the stage over the fixture (or other input); text of the output. */
static kith_status
run_clk(char **text, kith_job **job, const char *input, kith_error *err)
{
    char secret[] = "/tmp/kith_clk_secret_XXXXXX";
    const int fd = mkstemp(secret);
    FILE *f = fdopen(fd, "w");
    assert_non_null(f);
    (void)fputs("kith interop secret\n", f);
    (void)fclose(f);
    const kith_job_params jp = {.n_threads = 2, .quiet = true};
    kith_clk_schema *schema = NULL;
    kith_status status = KITH_OK;
    size_t n = 0;
    char out[] = "/tmp/kith_clk_out_XXXXXX";
    (void)close(mkstemp(out));
    *text = NULL;
    KITH_TRY(kith_job_new(job, &jp, err));
    KITH_TRY(kith_clk_schema_load(&schema, fixture("schema.json"), err));
    const kith_clk_params params = {.schema = schema,
                                    .input = input,
                                    .secret = secret,
                                    .out = out,
                                    .max_bad_rows = 1};
    KITH_TRY(kith_clk(&params, *job, err));
    KITH_TRY(kith_in_slurp(text, &n, out, 1 << 20, err));
done:
    (void)remove(out);
    (void)remove(secret);
    kith_clk_schema_free(schema);
    return status;
}

static void
test_records(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    kith_job *job = NULL;
    char *text = NULL;
    char input[512];
    (void)snprintf(input, sizeof input, "%s", fixture("people.csv"));
    assert_int_equal(run_clk(&text, &job, input, &err), KITH_OK);
    assert_string_equal(
        text,
        "{\"clks\": [\"IIBj5FOX0JZRgir57PTM6yX65K6SFmlhN1Gy2WEgEbogIHPWgNLz"
        "M1oXV/Pu2u0VBcx20VBpvF6MU5VUHZ6StA==\",\n"
        "\"pKAi5d6UVxZxCCC56HaQSQTapCwzBmnpD3EywWEkWVIgovPRgIrzknqWV37E6441"
        "BFgvaeRh/HocQ5eRnrKzQQ==\",\n"
        "\"Q00+CRuZaw47gFelre8IKO+I9JUyvyNY0AK7BEfjEXvYsHB0FMIxcU7Yk5AQRWMe"
        "hjYxVcmrHVNhu9LFRvAKsw==\",\n"
        "\"iCLkgo8TGgISvoN9jfXPl7Z1spjwoAqwQ7VYUk0I0rDdIxXj3ruLhkuk8wLn8DnA"
        "JFibwU9cuH3uAoT+yBuEcA==\"]}\n");
    kith_free(text);
    kith_job_free(job);
}

/* One value each that its feature refuses: a lower-case name, a digit in
 * the family name, 30 February, a height over the maximum. */
static void
test_bad_values(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "1,maeve,O'HARE,29/02/1984,OL1,F,171,3.14\n",
        "1,MAEVE,O'HARE2,29/02/1984,OL1,F,171,3.14\n",
        "1,MAEVE,O'HARE,30/02/1984,OL1,F,171,3.14\n",
        "1,MAEVE,O'HARE,29/02/1984,OL1,F,251,3.14\n"};
    static const char *const scopes[] = {"given", "family", "born", "height"};
    for (size_t i = 0; i < 4; i++) {
        kith_error err = KITH_ERROR_INIT;
        kith_job *job = NULL;
        char *text = NULL;
        char input[] = "/tmp/kith_clk_in_XXXXXX";
        FILE *f = fdopen(mkstemp(input), "w");
        assert_non_null(f);
        (void)fprintf(f, "id,given,family,born,district,sex,height,score\n%s",
                      rows[i]);
        (void)fclose(f);
        assert_int_equal(run_clk(&text, &job, input, &err), KITH_OK);
        assert_string_equal(text, "{\"clks\": []}\n");
        assert_int_equal(
            kith_job_counted(job, "clk", scopes[i], "reject_invalid_value"), 1);
        (void)remove(input);
        kith_free(text);
        kith_job_free(job);
    }
}

static void
test_bad_schemas(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{",
        "[]",
        "{\"version\": 2}",
        "{\"version\": 3, \"clkConfig\": {\"l\": 7, \"kdf\": {\"type\": "
        "\"HKDF\"}}, \"features\": []}",
        "{\"version\": 3, \"clkConfig\": {\"l\": 64, \"kdf\": {\"type\": "
        "\"HKDF\", \"salt\": \"%%%\"}}, \"features\": []}",
        "{\"version\": 3, \"clkConfig\": {\"l\": 64, \"kdf\": {\"type\": "
        "\"HKDF\"}}, \"features\": [{\"identifier\": \"a\"}]}"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        kith_error err = KITH_ERROR_INIT;
        kith_clk_schema *schema = NULL;
        char path[] = "/tmp/kith_clk_schema_XXXXXX";
        FILE *f = fdopen(mkstemp(path), "w");
        assert_non_null(f);
        (void)fputs(texts[i], f);
        (void)fclose(f);
        assert_int_equal(kith_clk_schema_load(&schema, path, &err),
                         KITH_ERR_CONFIG);
        assert_null(schema);
        assert_non_null(strstr(err.text, path));
        (void)remove(path);
    }
}

/* A digest that "this build" lacks: the library's own functions, but for it. */
static const char *lacking;

EVP_MAC *
EVP_MAC_fetch(OSSL_LIB_CTX *ctx, const char *name, const char *properties)
{
    EVP_MAC *(*fetch)(OSSL_LIB_CTX *, const char *, const char *) = NULL;
    void *found = dlsym(RTLD_NEXT, "EVP_MAC_fetch");
    memcpy(&fetch, &found, sizeof fetch);
    return lacking != NULL && strcmp(name, lacking) == 0
               ? NULL
               : fetch(ctx, name, properties);
}

int
EVP_MAC_init(EVP_MAC_CTX *ctx, const unsigned char *key, size_t n,
             const OSSL_PARAM params[])
{
    int (*init)(EVP_MAC_CTX *, const unsigned char *, size_t,
                const OSSL_PARAM *) = NULL;
    void *found = dlsym(RTLD_NEXT, "EVP_MAC_init");
    const OSSL_PARAM *digest =
        params == NULL ? NULL : OSSL_PARAM_locate_const(params, "digest");
    memcpy(&init, &found, sizeof init);
    return digest != NULL && lacking != NULL &&
                   strcmp(digest->data, lacking) == 0
               ? 0
               : init(ctx, key, n, params);
}

/* FIPS builds have neither: the message says which one is missing. */
static void
test_missing_digests(void **state)
{
    (void)state;
    static const char *const hidden[][2] = {
        {"BLAKE2BMAC", "no BLAKE2b"}, {"MD5", "no MD5"}, {"SHA1", "no SHA1"}};
    for (size_t i = 0; i < 3; i++) {
        kith_error err = KITH_ERROR_INIT;
        kith_job *job = NULL;
        char *text = NULL;
        char input[512];
        (void)snprintf(input, sizeof input, "%s", fixture("people.csv"));
        lacking = hidden[i][0];
        const kith_status status = run_clk(&text, &job, input, &err);
        lacking = NULL;
        assert_int_equal(status, KITH_ERR_CRYPTO);
        assert_non_null(strstr(err.text, hidden[i][1]));
        assert_non_null(strstr(err.hint, "FIPS"));
        assert_null(text);
        kith_job_free(job);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_single_values), cmocka_unit_test(test_records),
        cmocka_unit_test(test_bad_values), cmocka_unit_test(test_bad_schemas),
        cmocka_unit_test(test_missing_digests)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
