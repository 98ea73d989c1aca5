/* The published test vectors, which another program made: what kith makes of
 * the same keys and values is in the file, and nothing else is. */
#include "../support/files.h"
#include "../support/keys.h"

#include "base/hex.h"
#include "encode/encoder.h"
#include "encode/payload.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char spec_text[] =
    "name: vectors\n"
    "extends: default\n"
    "single_site: yes\n"
    "comparisons:\n"
    "  - {name: name, kind: names, values: [surname, forename], similar: "
    "[0.87, 0.76]}\n"
    "  - {name: birth, kind: date, values: [dob]}\n"
    "  - {name: sex, kind: exact, values: [sex]}\n"
    "  - {name: place, kind: nested, values: [uprn, postcode+house, postcode, "
    "postcode.sector, postcode.district]}\n"
    "  - {name: street, kind: text, values: [street], similar: [0.8]}\n"
    "passes:\n"
    "  - {name: P, key: [sex]}\n";

typedef struct vectors {
    char *text;
    unsigned n_lines, n_found;
} vectors;

static void
load(vectors *v)
{
    char path[512];
    size_t n = 0;
    const char *fixtures = getenv("KITH_FIXTURES");
    (void)snprintf(path, sizeof path, "%s/encode/vectors.csv",
                   fixtures == NULL ? "fixtures" : fixtures);
    *v = (vectors){.text = test_read(path, &n)};
    assert_non_null(v->text);
    for (const char *at = v->text; at != NULL && *at != '\0';
         at = strchr(at, '\n') == NULL ? NULL : strchr(at, '\n') + 1)
        v->n_lines += *at != '#';
}

/* The line that begins with @p what ends in these bytes. */
static void
expect(vectors *v, const char *what, const void *bytes, size_t n)
{
    char begin[80], hex[2 * 128 + 3] = "";
    (void)snprintf(begin, sizeof begin, "\n%s,", what);
    const char *line = strstr(v->text, begin);
    if (line == NULL)
        fail_msg("no vector of %s", what);
    const char *end = strchr(line + 1, '\n');
    hex[0] = ',';
    kith_hex_write(hex + 1, bytes, n);
    hex[2 * n + 1] = '\0';
    const size_t length = strlen(hex);
    if ((size_t)(end - line) < length ||
        strncmp(end - length, hex, length) != 0)
        fail_msg("%s: made %s", what, hex + 1);
    v->n_found++;
}

static void
set(const kith_spec *spec, kith_norm *fields, const char *field,
    const char *text)
{
    const int i = kith_spec_field_index(spec, field);
    assert_true(i >= 0);
    kith_norm_set(&fields[i], text, strlen(text));
}

static void
set_record(const kith_spec *spec, kith_norm fields[KITH_MAX_FIELDS])
{
    static const char *const values[][2] = {
        {"surname", "SMITH"},        {"forename", "BILL"},
        {"dob", "19800517"},         {"sex", "M"},
        {"postcode", "M11AE"},       {"house", "12"},
        {"street", "HIGHSTREET"},    {"uprn", "100023336956"},
        {"nhs", "9434765919"},       {"nino", "AB123457"},
        {"upn", "H801200001001"},    {"phone", "07700900123"},
        {"email", "ann@example.org"}};
    for (unsigned i = 0; i < KITH_MAX_FIELDS; i++)
        kith_norm_null(&fields[i], KITH_NORM_EMPTY);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        set(spec, fields, values[i][0], values[i][1]);
}

static void
expect_row(vectors *v, const kith_layout *layout, const uint8_t *row)
{
    static const char *const roles[] = {
        [KITH_COLUMN_EXACT] = "exact",     [KITH_COLUMN_NICK] = "nickname",
        [KITH_COLUMN_INITIAL] = "initial", [KITH_COLUMN_DAY] = "day",
        [KITH_COLUMN_MONTH] = "month",     [KITH_COLUMN_YEAR] = "year",
        [KITH_COLUMN_SORTED] = "sorted",   [KITH_COLUMN_FILTER] = "filter"};
    for (unsigned i = 0; i < layout->n_columns; i++) {
        const kith_column *c = &layout->columns[i];
        const char *digit = layout->digits[c->digit].name;
        char what[80];
        if (c->role == KITH_COLUMN_VALUE)
            (void)snprintf(what, sizeof what, "%s %u", digit, c->value);
        else
            (void)snprintf(what, sizeof what, "%s %s", digit, roles[c->role]);
        expect(v, what, row + c->offset,
               c->role == KITH_COLUMN_FILTER ? layout->filter_bytes : 4);
    }
}

static void
expect_record(vectors *v, const kith_encoder *e, const kith_norm *fields)
{
    kith_error err = KITH_ERROR_INIT;
    kith_encode_worker *w = NULL;
    uint8_t block[KITH_BLOCK_BYTES], row[1024], token[KITH_TOKEN_BYTES];
    uint8_t ref[1][16], pseudonym[KITH_PSEUDONYM_BYTES];
    const size_t n = kith_encoder_block(e, 0, 0, fields, block);
    expect(v, "block", block, n);
    assert_int_equal(kith_encode_worker_new(&w, e, &err), KITH_OK);
    kith_encoder_prepare(w, fields);
    assert_int_equal(kith_encoder_row(w, 0, 0,
                                      (kith_str){(const char *)block, n}, row,
                                      &err),
                     KITH_OK);
    expect(v, "block token", row + KITH_ROW_BLOCK, 8);
    expect_row(v, &e->passes[0].layout, row);
    kith_encoder_pseudonym(e, kith_str_of("A1"), pseudonym);
    expect(v, "pseudonym", pseudonym, sizeof pseudonym);
    kith_encoder_ref_of(ref[0], 0, pseudonym);
    assert_int_equal(kith_encoder_refs(w, 0, ref, 1, &err), KITH_OK);
    expect(v, "ref", ref[0], 8);
    for (unsigned i = 0; i < e->spec->n_identifiers; i++) {
        char what[80];
        (void)snprintf(what, sizeof what, "identifier %s",
                       e->spec->fields[e->spec->identifiers[i].field].name);
        kith_encoder_identifier(e, i, fields, token);
        expect(v, what, token, sizeof token);
    }
    kith_encode_worker_free(w);
}

static void
put_big_endian(uint8_t out[8], uint64_t token)
{
    for (unsigned i = 0; i < 8; i++)
        out[i] = (uint8_t)(token >> (56 - 8 * i));
}

static void
expect_payload(vectors *v, const kith_encoder *e, const kith_norm *fields)
{
    kith_payload payload;
    const kith_areas areas = {.places = NULL};
    const kith_communal communal = {.n_left_out = 0};
    static const uint8_t pseudonym[KITH_PSEUDONYM_BYTES];
    kith_person_row person;
    uint8_t bytes[8];
    kith_payload_init(&payload, e, &areas, &communal, 20543 /* 2026-03-31 */);
    kith_payload_person(&payload, fields, kith_str_of("H7"), 0, pseudonym,
                        &person);
    put_big_endian(bytes, person.door);
    expect(v, "door", bytes, 8);
    put_big_endian(bytes, person.address);
    expect(v, "address", bytes, 8);
    put_big_endian(bytes, person.unit);
    expect(v, "unit", bytes, 8);
    put_big_endian(bytes, (uint64_t)person.surname << 32);
    expect(v, "surname", bytes, 4);
}

static void
published_vectors_hold(void **state)
{
    (void)state;
    vectors v;
    char folder[256], path[512], zeros[65], check[17];
    uint8_t bytes[8];
    kith_error err = KITH_ERROR_INIT;
    kith_spec *spec = NULL;
    kith_encoder *e = NULL;
    kith_norm fields[KITH_MAX_FIELDS];
    load(&v);
    test_folder_make(folder);
    test_path(path, folder, "spec.yaml");
    test_write(path, spec_text, sizeof spec_text - 1);
    if (kith_spec_load(&spec, path, &err) != KITH_OK)
        fail_msg("%s", err.text);
    test_folder_remove(folder);
    kith_key *project = test_key_make("vectors", "e1", NULL, 0);
    kith_key *agency = test_key_make("vectors", "e1", "gmp", 32);
    memset(zeros, '0', 64);
    zeros[64] = '\0';
    assert_int_equal(kith_key_check(check, project, zeros, &err), KITH_OK);
    assert_true(kith_hex_read(bytes, check, 8));
    expect(&v, "check", bytes, 8);
    assert_int_equal(kith_encoder_new(&e, spec, project, agency, "r1", &err),
                     KITH_OK);
    set_record(spec, fields);
    expect_record(&v, e, fields);
    expect_payload(&v, e, fields);
    assert_int_equal(v.n_found, v.n_lines);
    kith_encoder_free(e);
    kith_key_free(project);
    kith_key_free(agency);
    kith_spec_free(spec);
    free(v.text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_vectors_hold),
    };
    return cmocka_run_group_tests_name("vectors", tests, NULL, NULL);
}
