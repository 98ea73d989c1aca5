#include "specs.h"

#include "base/alloc.h"
#include "io/rowfile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static kith_value
value1(uint8_t field, kith_part_kind kind, const char *text)
{
    kith_value v = {.parts = {{field, kind}}, .n_parts = 1};
    snprintf(v.text, sizeof v.text, "%s", text);
    return v;
}

static void
add_field(kith_spec *spec, const char *name, kith_field_kind kind)
{
    kith_spec_field *f = &spec->fields[spec->n_fields++];
    snprintf(f->name, sizeof f->name, "%s", name);
    f->kind = kind;
}

static kith_spec_comparison *
add_comparison(kith_spec *spec, const char *name, kith_compare_kind kind)
{
    kith_spec_comparison *c = &spec->comparisons[spec->n_comparisons++];
    snprintf(c->name, sizeof c->name, "%s", name);
    c->kind = kind;
    return c;
}

static void
add_comparisons(kith_spec *spec)
{
    kith_spec_comparison *c = add_comparison(spec, "name", KITH_COMPARE_NAMES);
    c->values[0] = value1(FIELD_SURNAME, KITH_PART_WHOLE, "surname");
    c->values[1] = value1(FIELD_FORENAME, KITH_PART_WHOLE, "forename");
    c->n_values = 2;
    c->thresholds[0] = 870;
    c->thresholds[1] = 760;
    c->n_thresholds = 2;
    c = add_comparison(spec, "birth", KITH_COMPARE_DATE);
    c->values[0] = value1(FIELD_DOB, KITH_PART_WHOLE, "dob");
    c->n_values = 1;
    c = add_comparison(spec, "sex", KITH_COMPARE_EXACT);
    c->values[0] = value1(FIELD_SEX, KITH_PART_WHOLE, "sex");
    c->n_values = 1;
    c = add_comparison(spec, "place", KITH_COMPARE_NESTED);
    c->values[0] = value1(FIELD_UPRN, KITH_PART_WHOLE, "uprn");
    c->values[1] = value1(FIELD_POSTCODE, KITH_PART_WHOLE, "postcode+house");
    c->values[1].parts[1] = (kith_part){FIELD_HOUSE, KITH_PART_WHOLE};
    c->values[1].n_parts = 2;
    c->values[2] = value1(FIELD_POSTCODE, KITH_PART_WHOLE, "postcode");
    c->values[3] = value1(FIELD_POSTCODE, KITH_PART_SECTOR, "postcode.sector");
    c->values[4] =
        value1(FIELD_POSTCODE, KITH_PART_DISTRICT, "postcode.district");
    c->n_values = 5;
}

static void
add_pass(kith_spec *spec, const char *name, kith_value a, kith_value b,
         kith_value c)
{
    kith_spec_pass *p = &spec->passes[spec->n_passes++];
    snprintf(p->name, sizeof p->name, "%s", name);
    const kith_value key[3] = {a, b, c};
    for (unsigned i = 0; i < 3 && key[i].n_parts > 0; i++) {
        p->key[p->n_key++] = key[i];
        p->either = p->either || key[i].parts[0].field == KITH_FIELD_EITHER;
    }
}

static void
add_passes(kith_spec *spec)
{
    const kith_value none = {.n_parts = 0};
    const kith_value either =
        value1(KITH_FIELD_EITHER, KITH_PART_SOUNDEX, "either.soundex");
    const kith_value surname =
        value1(FIELD_SURNAME, KITH_PART_SOUNDEX, "surname.soundex");
    const kith_value forename =
        value1(FIELD_FORENAME, KITH_PART_SOUNDEX, "forename.soundex");
    const kith_value postcode =
        value1(FIELD_POSTCODE, KITH_PART_WHOLE, "postcode");
    const kith_value year = value1(FIELD_DOB, KITH_PART_YEAR, "dob.year");
    add_pass(spec, "D", value1(FIELD_DOB, KITH_PART_SORTED, "dob.sorted"),
             either, none);
    add_pass(spec, "A", postcode, either, none);
    add_pass(spec, "Y", postcode, year, none);
    add_pass(spec, "N", surname, forename, year);
    add_pass(spec, "M", surname, forename,
             value1(FIELD_DOB, KITH_PART_DAYMONTH, "dob.daymonth"));
    add_pass(spec, "W", value1(FIELD_DOB, KITH_PART_WHOLE, "dob"), none, none);
}

void
test_spec(kith_spec *out, uint16_t filter_bits)
{
    *out = (kith_spec){.name = "test",
                       .filter_bits = filter_bits,
                       .filter_q = 2,
                       .assumed_recall = 0.8};
    memset(out->digest, 'a', 64);
    add_field(out, "surname", KITH_FIELD_NAME);
    add_field(out, "forename", KITH_FIELD_NAME);
    add_field(out, "dob", KITH_FIELD_DATE);
    add_field(out, "sex", KITH_FIELD_SEX);
    add_field(out, "postcode", KITH_FIELD_POSTCODE);
    add_field(out, "house", KITH_FIELD_HOUSE);
    add_field(out, "uprn", KITH_FIELD_UPRN);
    add_comparisons(out);
    add_passes(out);
}

void
test_put_token(uint8_t *row, uint16_t offset, uint32_t token)
{
    memcpy(row + offset, &token, sizeof token);
}

static void
put_big_endian(uint8_t *out, uint64_t x)
{
    for (int i = 7; i >= 0; i--, x >>= 8)
        out[i] = (uint8_t)x;
}

void
test_put_head(uint8_t *row, uint64_t block, uint64_t ref)
{
    put_big_endian(row + KITH_ROW_BLOCK, block);
    put_big_endian(row + KITH_ROW_REF, ref);
}

/* One of four filters, half full, with some bits flipped. */
static void
random_filter(uint8_t *out, unsigned n, kith_rng *rng)
{
    kith_rng base = kith_rng_at(99, kith_rng_below(rng, 4));
    for (unsigned i = 0; i < n; i++)
        out[i] = (uint8_t)kith_rng_next(&base);
    const uint64_t flips = kith_rng_below(rng, 4 * n);
    for (uint64_t i = 0; i < flips; i++) {
        const uint64_t bit = kith_rng_below(rng, 8 * n);
        out[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

void
test_random_row(uint8_t *row, const kith_layout *layout, kith_rng *rng)
{
    for (unsigned c = 0; c < layout->n_columns; c++) {
        const kith_column *column = &layout->columns[c];
        if (column->role == KITH_COLUMN_FILTER)
            random_filter(row + column->offset, layout->filter_bytes, rng);
        else
            test_put_token(row, column->offset,
                           (uint32_t)kith_rng_below(rng, 5) * 0x30000001u);
    }
}

static size_t compared_bytes; /* of one row: qsort takes no context */

static int
compare_rows(const void *a, const void *b)
{
    return memcmp(a, b, compared_bytes);
}

void
test_write_pass(const char *folder, const char *agency, const char *link,
                const kith_spec *spec, unsigned pass, uint8_t *rows, size_t n)
{
    kith_error err = KITH_ERROR_INIT;
    kith_layout layout;
    kith_rows_out *out = NULL;
    kith_meta meta = {0};
    char path[512];
    const char *const common[][2] = {{"agency", agency},
                                     {"link", link},
                                     {"project", "p"},
                                     {"epoch", "e"},
                                     {"run", "r"},
                                     {"spec", spec->digest},
                                     {"check", "c0ffee"},
                                     {"normaliser", "2"},
                                     {"reference_date", "2026-03-31"}};
    snprintf(path, sizeof path, "%s/%s.%s.pass", folder, agency,
             spec->passes[pass].name);
    assert_int_equal(kith_layout_build(&layout, spec, pass, &err), KITH_OK);
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        assert_int_equal(kith_meta_add(&meta, common[i][0], common[i][1], &err),
                         KITH_OK);
    compared_bytes = layout.row_bytes;
    if (n > 0)
        qsort(rows, n, layout.row_bytes, compare_rows);
    assert_int_equal(
        kith_rows_create(&out, path, "pass", layout.row_bytes, &meta, &err),
        KITH_OK);
    assert_int_equal(kith_rows_write(out, rows, n, &err), KITH_OK);
    assert_int_equal(kith_rows_commit(out, NULL, &err), KITH_OK);
    kith_meta_done(&meta);
}
