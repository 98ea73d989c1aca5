/*
 * Filters and tokens against vectors that another program made: Python's hmac
 * and hashlib and `openssl enc -aes-256-ecb`, written from the description in
 * encoder.h and filter.h, not from the code. The shipped spec, with pass Y
 * keyed by postcode and year of birth as the vectors are; project key 00 01 ..
 * 1f ("vectors", "e1"), agency key 20 21 .. 3f ("gmp"), run "r1"; record "A1":
 * SMITH, BILL, 17.5.1980, M, M1 1AE, house 12, NHS 9434765919.
 */
#include "../support/keys.h"

#include "base/hex.h"
#include "encode/encoder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

typedef struct fixture {
    kith_spec *spec;
    kith_key *project, *agency;
    kith_encoder *e;
    kith_encode_worker *w;
    kith_norm fields[KITH_MAX_FIELDS];
} fixture;

static void
set(fixture *f, const char *field, const char *text)
{
    const int i = kith_spec_field_index(f->spec, field);
    assert_true(i >= 0);
    kith_norm_set(&f->fields[i], text, strlen(text));
}

static int
make(void **state)
{
    static fixture f;
    kith_error err = KITH_ERROR_INIT;
    assert_int_equal(kith_spec_default(&f.spec, &err), KITH_OK);
    const int y = kith_spec_pass_index(f.spec, "Y");
    assert_true(y >= 0);
    f.spec->passes[y].n_key = 2;
    f.project = test_key_make("vectors", "e1", NULL, 0);
    f.agency = test_key_make("vectors", "e1", "gmp", 32);
    assert_int_equal(
        kith_encoder_new(&f.e, f.spec, f.project, f.agency, "r1", &err),
        KITH_OK);
    assert_int_equal(kith_encode_worker_new(&f.w, f.e, &err), KITH_OK);
    for (unsigned i = 0; i < KITH_MAX_FIELDS; i++)
        kith_norm_null(&f.fields[i], KITH_NORM_EMPTY);
    set(&f, "surname", "SMITH");
    set(&f, "forename", "BILL");
    set(&f, "dob", "19800517");
    set(&f, "sex", "M");
    set(&f, "postcode", "M11AE");
    set(&f, "house", "12");
    set(&f, "nhs", "9434765919");
    *state = &f;
    return 0;
}

static int
drop(void **state)
{
    fixture *f = *state;
    kith_encode_worker_free(f->w);
    kith_encoder_free(f->e);
    kith_key_free(f->project);
    kith_key_free(f->agency);
    kith_spec_free(f->spec);
    return 0;
}

static void
expect_hex(const uint8_t *bytes, size_t n, const char *hex)
{
    char text[257] = "";
    kith_hex_write(text, bytes, n);
    assert_string_equal(text, hex);
}

static uint32_t
token(const uint8_t *row, uint16_t offset)
{
    assert_true(offset >= KITH_ROW_HEAD);
    return (uint32_t)row[offset] | (uint32_t)row[offset + 1] << 8 |
           (uint32_t)row[offset + 2] << 16 | (uint32_t)row[offset + 3] << 24;
}

static const kith_digit *
digit(const fixture *f, unsigned pass, const char *name)
{
    const kith_layout *layout = &f->e->passes[pass].layout;
    unsigned d = 0;
    while (d < layout->n_digits && strcmp(layout->digits[d].name, name) != 0)
        d++;
    assert_true(d < layout->n_digits);
    return &layout->digits[d];
}

static void
encode(fixture *f, unsigned pass, unsigned variant, const char *block_hex,
       uint8_t row[1024])
{
    kith_error err = KITH_ERROR_INIT;
    uint8_t block[KITH_BLOCK_BYTES], pseudonym[KITH_PSEUDONYM_BYTES];
    uint8_t ref[1][KITH_AES_BLOCK];
    const size_t n = kith_encoder_block(f->e, pass, variant, f->fields, block);
    assert_int_equal(2 * n, strlen(block_hex));
    expect_hex(block, n, block_hex);
    kith_encoder_prepare(f->w, f->fields);
    assert_int_equal(kith_encoder_row(f->w, pass, variant,
                                      (kith_str){(const char *)block, n}, row,
                                      &err),
                     KITH_OK);
    kith_encoder_pseudonym(f->e, kith_str_of("A1"), pseudonym);
    kith_encoder_ref_of(ref[0], variant, pseudonym);
    assert_int_equal(kith_encoder_refs(f->w, pass, ref, 1, &err), KITH_OK);
    memcpy(row + KITH_ROW_REF, ref, 8);
}

static void
names_and_identifiers(void **state)
{
    fixture *f = *state;
    uint8_t out[16];
    kith_encoder_pseudonym(f->e, kith_str_of("A1"), out);
    expect_hex(out, 16, "ab80309bd554f66ac5f9cc47af3aabf2");
    for (unsigned i = 0; i < f->spec->n_identifiers; i++) {
        static const uint8_t null[16];
        const char *field = f->spec->fields[f->spec->identifiers[i].field].name;
        kith_encoder_identifier(f->e, i, f->fields, out);
        if (strcmp(field, "nhs") == 0)
            expect_hex(out, 16, "6eb151e395f2a766da5610e778369bf0");
        else
            assert_memory_equal(out, null, 16);
    }
}

static void
row_of_one_name_order(void **state)
{
    fixture *f = *state;
    const int pass = kith_spec_pass_index(f->spec, "Y");
    uint8_t row[1024];
    assert_true(pass >= 0);
    encode(f, (unsigned)pass, 0, "000d00054d31314145000431393830", row);
    expect_hex(row, 8, "449d58aacf722a3f");
    expect_hex(row + KITH_ROW_REF, 8, "2e1dc885264d3b62");
    const kith_digit *a = digit(f, (unsigned)pass, "name A");
    const kith_digit *b = digit(f, (unsigned)pass, "name B");
    assert_int_equal(token(row, a->exact_offset), 0xb7d284e5);
    assert_int_equal(token(row, a->nick_offset), 0x159d849f);
    assert_int_equal(token(row, b->exact_offset), 0x8bde8683);
    /* BILL is short for WILLIAM. */
    assert_int_equal(token(row, b->nick_offset), 0xd2c1f7e3);
    expect_hex(row + a->filter_offset, 32,
               "acc89f5a860222f970dd212c135fed623c0c3599c67022494f5cd7f9ef5a"
               "d16c");
    expect_hex(row + b->filter_offset, 32,
               "affa2b16445c622b0446020a249a63e6ff0c1267e1c0bf3e9a4d96fa90e1"
               "bc73");
    const kith_digit *birth = digit(f, (unsigned)pass, "birth");
    assert_int_equal(token(row, birth->day_offset), 0x6b44db48);
    assert_int_equal(token(row, birth->sorted_offset), 0xb28682);
    assert_int_equal(birth->year_offset, KITH_IMPLIED);
    const kith_digit *sex = digit(f, (unsigned)pass, "sex");
    assert_int_equal(token(row, sex->value_offsets[0]), 0x80ebb7df);
    const kith_digit *place = digit(f, (unsigned)pass, "place");
    assert_int_equal(token(row, place->value_offsets[0]), 0); /* no UPRN */
    assert_int_equal(token(row, place->value_offsets[1]), 0x5383a02f);
}

static void
row_keyed_by_the_second_name(void **state)
{
    fixture *f = *state;
    const int pass = kith_spec_pass_index(f->spec, "D");
    uint8_t row[1024];
    assert_true(pass >= 0);
    assert_int_equal(kith_encoder_variants(f->e, (unsigned)pass), 2);
    encode(f, (unsigned)pass, 1, "001000083139383030353137000442343030", row);
    expect_hex(row, 8, "a8b40f73d8dbf26e");
    expect_hex(row + KITH_ROW_REF, 8, "cf103fcf1bad985d");
    const kith_digit *a = digit(f, (unsigned)pass, "name A");
    const kith_digit *b = digit(f, (unsigned)pass, "name B");
    assert_int_equal(token(row, a->exact_offset), 0xef8cac25);
    expect_hex(row + b->filter_offset, 32,
               "ca77fce979c66f88a9581eea2daacf2acacb830fe75615ec77761ba021da"
               "fa20");
}

/* Lengths, then M11AE, the sound of one name, the initial of the other. */
static void
key_of_either_and_other(void **state)
{
    fixture *f = *state;
    const unsigned pass = (unsigned)kith_spec_pass_index(f->spec, "A");
    uint8_t block[KITH_BLOCK_BYTES];
    assert_int_equal(kith_encoder_block(f->e, pass, 0, f->fields, block), 18);
    expect_hex(block, 18, "001000054d31314145000453353330000142");
    assert_int_equal(kith_encoder_block(f->e, pass, 1, f->fields, block), 18);
    expect_hex(block, 18, "001000054d31314145000442343030000153");
}

/* The fields of a row that a pass goes without: no column, and no level. */
static void
pass_without_values(void **state)
{
    fixture *f = *state;
    const unsigned pass = (unsigned)kith_spec_pass_index(f->spec, "D");
    const kith_digit *place = digit(f, pass, "place");
    uint8_t row[1024], block[KITH_BLOCK_BYTES];
    kith_error err = KITH_ERROR_INIT;
    assert_int_not_equal(place->value_offsets[2], KITH_ABSENT);
    assert_int_equal(place->value_offsets[3], KITH_ABSENT);
    assert_int_equal(place->value_offsets[4], KITH_ABSENT);
    const size_t n = kith_encoder_block(f->e, pass, 0, f->fields, block);
    kith_encoder_prepare(f->w, f->fields);
    assert_int_equal(kith_encoder_row(f->w, pass, 0,
                                      (kith_str){(const char *)block, n}, row,
                                      &err),
                     KITH_OK);
    const kith_layout *layout = &f->e->passes[pass].layout;
    const unsigned index = (unsigned)(place - layout->digits);
    uint8_t other[1024];
    memcpy(other, row, sizeof row);
    assert_int_equal(kith_pattern_level(
                         layout, kith_compare_rows(layout, row, other), index),
                     2); /* no UPRN; postcode and house */
    for (unsigned v = 1; v < 3; v++)
        other[place->value_offsets[v]] ^= 1;
    assert_int_equal(kith_pattern_level(
                         layout, kith_compare_rows(layout, row, other), index),
                     6); /* else: sector and district say nothing */
}

/* The same text in twice as many bits. */
static void
filter_of_512_bits(void **state)
{
    fixture *f = *state;
    const unsigned pass = (unsigned)kith_spec_pass_index(f->spec, "Y");
    static const char block[] = "\0\x0d\0\x05M11AE\0\0041980";
    uint8_t row[1024];
    kith_error err = KITH_ERROR_INIT;
    kith_encoder *e = NULL;
    kith_encode_worker *w = NULL;
    kith_spec *spec = f->spec;
    spec->filter_bits = 512;
    spec->filter_insertions = 355;
    assert_int_equal(
        kith_encoder_new(&e, spec, f->project, f->agency, "r1", &err), KITH_OK);
    assert_int_equal(kith_encode_worker_new(&w, e, &err), KITH_OK);
    kith_encoder_prepare(w, f->fields);
    assert_int_equal(kith_encoder_row(w, pass, 0,
                                      (kith_str){block, sizeof block - 1}, row,
                                      &err),
                     KITH_OK);
    const kith_layout *layout = &e->passes[pass].layout;
    for (unsigned d = 0; d < layout->n_digits; d++)
        if (strcmp(layout->digits[d].name, "name A") == 0)
            expect_hex(row + layout->digits[d].filter_offset, 64,
                       "3dd08f18da0a84fd3499052d9b0f6d660d9c75bbf61a3063d6"
                       "4afdf1e554952c91289ada8d08aab9425634069359ed323585"
                       "b83d15e3fb5a2b9597d96e1e5142");
    kith_encode_worker_free(w);
    kith_encoder_free(e);
    spec->filter_bits = 256;
    spec->filter_insertions = 178;
}

/* HA and AH come three times and twice: occurrences are told apart. */
static void
repeated_grams(void **state)
{
    fixture *f = *state;
    const int pass = kith_spec_pass_index(f->spec, "Y");
    uint8_t row[1024];
    set(f, "surname", "HAHAHA");
    encode(f, (unsigned)pass, 0, "000d00054d31314145000431393830", row);
    set(f, "surname", "SMITH");
    expect_hex(row + digit(f, (unsigned)pass, "name A")->filter_offset, 32,
               "4c01f1b72d2c7d2db94b977ab5e7567a987a5324cf08584e45ab379599aa"
               "eaf2");
}

static void
null_key_has_no_row(void **state)
{
    fixture *f = *state;
    uint8_t block[KITH_BLOCK_BYTES];
    const int postcode = kith_spec_field_index(f->spec, "postcode");
    const unsigned pass = (unsigned)kith_spec_pass_index(f->spec, "Y");
    const kith_norm kept = f->fields[postcode];
    kith_norm_null(&f->fields[postcode], KITH_NORM_EMPTY);
    assert_int_equal(kith_encoder_block(f->e, pass, 0, f->fields, block), 0);
    f->fields[postcode] = kept;
}

static unsigned
ones(const uint8_t *bytes, size_t n)
{
    unsigned count = 0;
    for (size_t i = 0; i < n; i++)
        for (unsigned b = 0; b < 8; b++)
            count += bytes[i] >> b & 1u;
    return count;
}

/* A filter's weight must not tell the length of what is in it. */
static void
constant_insertions(void **state)
{
    (void)state;
    static kith_grams g;
    static uint8_t cipher[KITH_FILTER_BLOCKS * KITH_AES_BLOCK];
    uint8_t filter[64];
    uint32_t x = 1;
    for (size_t i = 0; i < sizeof cipher; i++) {
        x = x * 1664525u + 1013904223u;
        cipher[i] = (uint8_t)(x >> 24);
    }
    char text[100];
    memset(text, 'A', sizeof text);
    for (size_t n = 1; n <= sizeof text; n++) {
        kith_grams_make(&g, text, n, KITH_GRAM_NAME, 2, 355);
        assert_int_equal(g.n_tokens, n + 1);
        kith_filter_fill(filter, 512, &g, cipher);
        /* 512 (1 - (1 - 1/512)^355) = 256.3, six standard deviations. */
        assert_in_range(ones(filter, sizeof filter), 206, 306);
    }
}

static void
grams_at_the_edges(void **state)
{
    (void)state;
    static kith_grams g;
    kith_grams_make(&g, "", 0, KITH_GRAM_NAME, 2, 355);
    assert_int_equal(g.n_tokens, 0);
    assert_int_equal(g.n_blocks, 0);
    /* "_A_" with q = 4: one gram, the whole of it. */
    kith_grams_make(&g, "A", 1, KITH_GRAM_NAME, 4, 16);
    assert_int_equal(g.n_tokens, 1);
    assert_int_equal(g.n_blocks, 2);
    static const uint8_t want[16] = {1, 1, 3, '_', 'A', '_', 0, 0,
                                     0, 0, 0, 0,   0,   0,   0, 1};
    assert_memory_equal(g.blocks[KITH_GRAM_BLOCKS + 1], want, 16);
    /* Far more grams than insertions. */
    char text[456];
    memset(text, 'B', sizeof text);
    kith_grams_make(&g, text, sizeof text, KITH_GRAM_TEXT, 2, 710);
    assert_int_equal(g.n_tokens, 457);
    assert_in_range(g.n_blocks, 457, KITH_FILTER_BLOCKS);
    /* The 300th B after B: occurrence 299 = 0x012b. */
    assert_int_equal(g.blocks[KITH_GRAM_BLOCKS + 300][10], 0x01);
    assert_int_equal(g.blocks[KITH_GRAM_BLOCKS + 300][11], 0x2b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_identifiers),
        cmocka_unit_test(row_of_one_name_order),
        cmocka_unit_test(row_keyed_by_the_second_name),
        cmocka_unit_test(key_of_either_and_other),
        cmocka_unit_test(pass_without_values),
        cmocka_unit_test(filter_of_512_bits),
        cmocka_unit_test(repeated_grams),
        cmocka_unit_test(null_key_has_no_row),
        cmocka_unit_test(constant_insertions),
        cmocka_unit_test(grams_at_the_edges),
    };
    return cmocka_run_group_tests_name("filter", tests, make, drop);
}
