/*
 * Any bytes as a clkhash schema: read or refused with a reason; and what is
 * read hashes two records of odd values, or says which feature is bad.
 */
#include "../support/memfile.h"
#include "encode/clk_hash.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check(int fact)
{
    if (!fact)
        abort();
}

static void
hash(kith_clk_hasher *h, const kith_clk_schema *schema,
     const char *const *values, size_t n_values)
{
    kith_error err = KITH_ERROR_INIT;
    kith_str fields[KITH_CLK_MAX_FEATURES];
    uint32_t bad = 0;
    check(schema->n_features <= KITH_CLK_MAX_FEATURES && schema->l % 8 == 0);
    for (uint32_t i = 0; i < schema->n_features; i++)
        fields[i] = kith_str_of(values[i % n_values]);
    uint8_t *clk = malloc(schema->l / 8 + 1);
    check(clk != NULL);
    if (kith_clk_record(h, clk, &bad, fields, &err) == KITH_OK)
        check(bad <= schema->n_features);
    else
        check(err.text[0] != '\0');
    free(clk);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char *const words[] = {"SMITH", "1980-02-29", "M",
                                        "42",    "-7.25",      "O'Neil"};
    static const char *const odd[] = {"", "\xC5\x81U\xC4\x86", "99999999999999",
                                      "29/02/1981", "  "};
    kith_clk_schema *schema = NULL;
    kith_clk_hasher *h = NULL;
    kith_error err = KITH_ERROR_INIT;
    char path[64];
    const int fd = test_memfile(path, data, n);
    if (kith_clk_schema_load(&schema, path, &err) != KITH_OK) {
        check(err.text[0] != '\0');
    } else if (kith_clk_hasher_new(&h, schema, kith_str_of("secret"), &err) ==
               KITH_OK) {
        hash(h, schema, words, sizeof words / sizeof *words);
        hash(h, schema, odd, sizeof odd / sizeof *odd);
    }
    kith_clk_hasher_free(h);
    kith_clk_schema_free(schema);
    test_memfile_close(fd);
    return 0;
}
