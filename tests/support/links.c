#include "links.h"

#include "base/hex.h"
#include "base/table.h"
#include "files.h"
#include "io/out.h"
#include "io/rowfile.h"
#include "match/pairs.h"
#include "specs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

test_links *
test_links_new(void)
{
    test_links *t = calloc(1, sizeof *t);
    assert_non_null(t);
    test_spec(&t->spec, 512);
    kith_spec *s = &t->spec;
    const kith_spec_field nhs = {"nhs", KITH_FIELD_NHS};
    const kith_spec_field phone = {"phone", KITH_FIELD_PHONE};
    s->identifiers[s->n_identifiers++] =
        (kith_spec_identifier){s->n_fields, true, 0.98, 0.000001};
    s->fields[s->n_fields++] = nhs;
    s->identifiers[s->n_identifiers++] =
        (kith_spec_identifier){s->n_fields, false, 0.75, 0.0001};
    s->fields[s->n_fields++] = phone;
    s->max_cluster = 50;
    s->threshold_bits = 0;
    t->run = "r1";
    return t;
}

unsigned
test_links_agency(test_links *t, const char *name, bool one)
{
    assert_true(t->n_agencies < TEST_AGENCIES);
    t->agencies[t->n_agencies] = name;
    t->one[t->n_agencies] = one;
    return t->n_agencies++;
}

uint32_t
test_links_record(test_links *t, unsigned agency)
{
    assert_true(t->n_records < TEST_RECORDS);
    t->records[t->n_records] =
        (test_record){.agency = agency, .id = t->n_records};
    return t->n_records++;
}

test_pair *
test_links_pair(test_links *t, uint32_t left, uint32_t right, double bits)
{
    assert_true(t->n_pairs < TEST_PAIRS);
    test_pair *p = &t->pairs[t->n_pairs++];
    *p =
        (test_pair){.pass = PASS_D, .left = left, .right = right, .bits = bits};
    return p;
}

static void
big_endian(uint8_t out[8], uint64_t x)
{
    for (int i = 7; i >= 0; i--, x >>= 8)
        out[i] = (uint8_t)x;
}

void
test_pseudonym(uint8_t out[KITH_PSEUDONYM_BYTES], unsigned agency, uint32_t id)
{
    const uint32_t key[2] = {agency, id};
    big_endian(out, kith_hash64(key, sizeof key));
    big_endian(out + 8, id);
}

void
test_record_text(char out[96], const test_links *t, uint32_t record)
{
    const test_record *r = &t->records[record];
    uint8_t pseudonym[KITH_PSEUDONYM_BYTES];
    char hex[2 * KITH_PSEUDONYM_BYTES];
    test_pseudonym(pseudonym, r->agency, r->id);
    kith_hex_write(hex, pseudonym, sizeof pseudonym);
    snprintf(out, 96, "%s,%.*s", t->agencies[r->agency], (int)sizeof hex, hex);
}

static void
make_ref(uint8_t out[8], uint64_t salt, unsigned pass, uint32_t record,
         unsigned variant)
{
    const uint64_t key[4] = {salt, pass, record, variant};
    big_endian(out, kith_hash64(key, sizeof key));
}

static void
common_header(kith_meta *meta, const test_links *t)
{
    kith_error err = KITH_ERROR_INIT;
    const char *const entries[][2] = {
        {"project", "test"},   {"epoch", "e1"},
        {"run", t->run},       {"spec", t->spec.digest},
        {"check", "00112233"}, {"reference_date", "2026-03-31"}};
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
        assert_int_equal(
            kith_meta_add(meta, entries[i][0], entries[i][1], &err), KITH_OK);
}

static int
compare_bytes8(const void *a, const void *b)
{
    return memcmp(a, b, 8);
}

static int
compare_pseudonyms(const void *a, const void *b)
{
    return memcmp(a, b, KITH_PSEUDONYM_BYTES);
}

static void
write_rows(const char *path, const char *kind, size_t row_bytes,
           kith_meta *meta, const void *rows, size_t n)
{
    kith_error err = KITH_ERROR_INIT;
    kith_rows_out *out = NULL;
    assert_int_equal(kith_rows_create(&out, path, kind, row_bytes, meta, &err),
                     KITH_OK);
    assert_int_equal(kith_rows_write(out, rows, n, &err), KITH_OK);
    assert_int_equal(kith_rows_commit(out, NULL, &err), KITH_OK);
    kith_meta_done(meta);
}

enum { RECORD_BYTES = sizeof(kith_record_row) + 2 * KITH_TOKEN_BYTES };

/* The agency's records in file order: returns the place of each of them. */
static void
write_records(const test_links *t, const char *folder, unsigned agency,
              uint32_t *places)
{
    kith_error err = KITH_ERROR_INIT;
    kith_meta meta = {0};
    char path[512], name[64];
    uint8_t *rows = calloc(t->n_records + 1u, RECORD_BYTES);
    size_t n = 0;
    assert_non_null(rows);
    for (uint32_t i = 0; i < t->n_records; i++) {
        const test_record *r = &t->records[i];
        if (r->agency != agency)
            continue;
        uint8_t *row = rows + n++ * RECORD_BYTES;
        kith_record_row head = {.rarity = {r->rarity[0], r->rarity[1]}};
        test_pseudonym(head.pseudonym, agency, r->id);
        memcpy(row, &head, sizeof head);
        for (size_t k = 0; k < TEST_IDENTIFIERS; k++) {
            const uint64_t token[2] = {
                r->tokens[k] == 0 ? 0 : kith_hash64(&r->tokens[k], 4),
                r->tokens[k]};
            memcpy(row + sizeof head + k * KITH_TOKEN_BYTES, token,
                   sizeof token);
        }
    }
    qsort(rows, n, RECORD_BYTES, compare_pseudonyms);
    for (uint32_t i = 0; i < t->n_records; i++) {
        uint8_t pseudonym[KITH_PSEUDONYM_BYTES];
        test_pseudonym(pseudonym, agency, t->records[i].id);
        for (uint32_t k = 0; t->records[i].agency == agency && k < n; k++) {
            if (compare_pseudonyms(rows + k * RECORD_BYTES, pseudonym) == 0)
                places[i] = k;
        }
    }
    common_header(&meta, t);
    assert_int_equal(
        kith_meta_add(&meta, "link", t->one[agency] ? "one" : "many", &err),
        KITH_OK);
    assert_int_equal(kith_meta_add(&meta, "identifier", "nhs", &err), KITH_OK);
    assert_int_equal(kith_meta_add(&meta, "identifier", "phone", &err),
                     KITH_OK);
    for (size_t i = 0; t->rarity != NULL && t->rarity[i] != NULL; i++)
        assert_int_equal(kith_meta_add(&meta, "rarity", t->rarity[i], &err),
                         KITH_OK);
    snprintf(name, sizeof name, "refs/%s.records", t->agencies[agency]);
    test_path(path, folder, name);
    write_rows(path, "records", RECORD_BYTES, &meta, rows, n);
    free(rows);
}

static void
write_map(const test_links *t, const char *folder, unsigned agency,
          unsigned pass, const uint32_t *places, uint64_t salt)
{
    kith_meta meta = {0};
    char path[512], name[96];
    kith_map_row *rows = calloc(2 * t->n_records + 1u, sizeof *rows);
    size_t n = 0;
    assert_non_null(rows);
    for (uint32_t i = 0; i < t->n_records; i++) {
        const unsigned n_variants = t->spec.passes[pass].either ? 2 : 1;
        for (unsigned v = 0; v < n_variants && t->records[i].agency == agency;
             v++) {
            make_ref(rows[n].ref, salt, pass, i, v);
            rows[n].record = places[i];
            rows[n++].variant = (uint8_t)v;
        }
    }
    qsort(rows, n, sizeof *rows, compare_bytes8);
    common_header(&meta, t);
    snprintf(name, sizeof name, "refs/%s.%s.map", t->agencies[agency],
             t->spec.passes[pass].name);
    test_path(path, folder, name);
    write_rows(path, "map", sizeof *rows, &meta, rows, n);
    free(rows);
}

static int
compare_pair_rows(const void *a, const void *b)
{
    return memcmp(a, b, 16);
}

static void
fill_pair(kith_pair_row *row, const test_links *t, const test_pair *p,
          uint64_t salt)
{
    *row = (kith_pair_row){.left_file = (uint16_t)t->records[p->left].agency,
                           .right_file = (uint16_t)t->records[p->right].agency,
                           .states = p->states,
                           .weight = (int16_t)(p->bits * KITH_WEIGHT_PER_BIT)};
    make_ref(row->left, salt, p->pass, p->left, p->left_variant);
    make_ref(row->right, salt, p->pass, p->right, p->right_variant);
    if (memcmp(row->left, row->right, 8) < 0)
        return;
    kith_pair_row turned = *row;
    memcpy(turned.left, row->right, 8);
    memcpy(turned.right, row->left, 8);
    turned.left_file = row->right_file;
    turned.right_file = row->left_file;
    *row = turned;
}

static void
write_pairs(const test_links *t, const char *folder, unsigned pass,
            uint64_t salt)
{
    kith_error err = KITH_ERROR_INIT;
    kith_meta meta = {0};
    char path[512], text[96];
    kith_pair_row *rows = calloc(t->n_pairs + 1, sizeof *rows);
    size_t n = 0;
    assert_non_null(rows);
    for (size_t i = 0; i < t->n_pairs; i++) {
        if (t->pairs[i].pass == pass)
            fill_pair(&rows[n++], t, &t->pairs[i], salt);
    }
    qsort(rows, n, sizeof *rows, compare_pair_rows);
    common_header(&meta, t);
    assert_int_equal(
        kith_meta_add(&meta, "pass", t->spec.passes[pass].name, &err), KITH_OK);
    assert_int_equal(kith_meta_add(&meta, "shard", "1/1", &err), KITH_OK);
    snprintf(text, sizeof text, "%.17g", pass == PASS_D ? t->below_floor : 0.0);
    assert_int_equal(kith_meta_add(&meta, "below_floor", text, &err), KITH_OK);
    for (unsigned a = 0; a < t->n_agencies; a++) {
        snprintf(text, sizeof text, "%s|%s", t->agencies[a],
                 t->one[a] ? "one" : "many");
        assert_int_equal(kith_meta_add(&meta, "file", text, &err), KITH_OK);
    }
    snprintf(text, sizeof text, "pairs/%s.pairs", t->spec.passes[pass].name);
    test_path(path, folder, text);
    write_rows(path, "pairs", sizeof *rows, &meta, rows, n);
    free(rows);
}

void
test_links_write(const test_links *t, const char *folder, uint64_t salt)
{
    kith_error err = KITH_ERROR_INIT;
    char path[512];
    uint32_t *places = calloc(t->n_records + 1u, sizeof *places);
    assert_non_null(places);
    test_path(path, folder, "refs");
    assert_int_equal(kith_make_folder(path, &err), KITH_OK);
    test_path(path, folder, "pairs");
    assert_int_equal(kith_make_folder(path, &err), KITH_OK);
    for (unsigned a = 0; a < t->n_agencies; a++)
        write_records(t, folder, a, places);
    for (unsigned p = 0; p < t->spec.n_passes; p++) {
        for (unsigned a = 0; a < t->n_agencies; a++)
            write_map(t, folder, a, p, places, salt);
        write_pairs(t, folder, p, salt);
    }
    free(places);
}
