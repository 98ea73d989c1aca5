/* The second key changes every token and keeps every comparison's level. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../support/files.h"
#include "base/alloc.h"
#include "base/rng.h"
#include "compare/layout.h"
#include "io/rowfile.h"
#include "pass/scramble.h"

#include <kith/rekey.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_ROWS = 600, N_BLOCKS = 150 };

static kith_value
whole(uint8_t field)
{
    return (kith_value){.parts = {{field, KITH_PART_WHOLE}}, .n_parts = 1};
}

static void
add_comparison(kith_spec *s, const char *name, kith_compare_kind kind,
               uint8_t first, uint8_t second)
{
    kith_spec_comparison *c = &s->comparisons[s->n_comparisons++];
    (void)snprintf(c->name, sizeof c->name, "%s", name);
    c->kind = kind;
    c->values[0] = whole(first);
    c->values[1] = whole(second);
    c->n_values = first == second ? 1 : 2;
}

/* Every kind of comparison; one pass keyed by year. */
static void
make_spec(kith_spec *s)
{
    static const kith_field_kind kinds[] = {
        KITH_FIELD_NAME, KITH_FIELD_NAME,     KITH_FIELD_DATE, KITH_FIELD_SEX,
        KITH_FIELD_UPRN, KITH_FIELD_POSTCODE, KITH_FIELD_TEXT};
    *s = (kith_spec){.filter_bits = 256, .n_fields = 7, .n_passes = 1};
    (void)snprintf(s->digest, sizeof s->digest, "%064d", 7);
    for (unsigned i = 0; i < 7; i++) {
        s->fields[i].kind = kinds[i];
        (void)snprintf(s->fields[i].name, KITH_NAME_BYTES, "f%u", i);
    }
    add_comparison(s, "name", KITH_COMPARE_NAMES, 0, 1);
    s->comparisons[0].thresholds[0] = 870;
    s->comparisons[0].thresholds[1] = 760;
    s->comparisons[0].n_thresholds = 2;
    add_comparison(s, "birth", KITH_COMPARE_DATE, 2, 2);
    add_comparison(s, "sex", KITH_COMPARE_EXACT, 3, 3);
    add_comparison(s, "place", KITH_COMPARE_NESTED, 4, 5);
    add_comparison(s, "street", KITH_COMPARE_TEXT, 6, 6);
    s->comparisons[4].thresholds[0] = 870;
    s->comparisons[4].n_thresholds = 1;
    s->passes[0] = (kith_spec_pass){.name = "P", .n_key = 1};
    s->passes[0].key[0] =
        (kith_value){.parts = {{2, KITH_PART_YEAR}}, .n_parts = 1};
}

static void
put_big_endian(uint8_t *to, uint64_t v)
{
    for (unsigned i = 0; i < 8; i++)
        to[i] = (uint8_t)(v >> (56 - 8 * i));
}

/* Few distinct tokens, and filters that share bits, so that every level
 * turns up. */
static void
make_row(uint8_t *row, const kith_layout *l, kith_rng *rng, uint64_t i)
{
    memset(row, 0, l->row_bytes);
    put_big_endian(row + KITH_ROW_BLOCK, i * N_BLOCKS / N_ROWS + 1);
    put_big_endian(row + KITH_ROW_REF, i + 1);
    for (unsigned c = 0; c < l->n_columns; c++) {
        uint8_t *at = row + l->columns[c].offset;
        if (l->columns[c].role != KITH_COLUMN_FILTER) {
            const uint32_t token =
                (uint32_t)kith_rng_below(rng, 4) * 0x9E3779B9u;
            memcpy(at, &token, sizeof token);
            continue;
        }
        const uint64_t noise = kith_rng_below(rng, 3);
        for (unsigned b = 0; b < l->filter_bytes; b++) {
            at[b] = 0x5A;
            if (noise > 0 && b % (4 / noise) == 0)
                at[b] = (uint8_t)kith_rng_next(rng);
        }
    }
}

static void
write_pass(const char *path, const kith_spec *spec, const kith_layout *l)
{
    static const char *const header[][2] = {{"agency", "a"},
                                            {"run", "r1"},
                                            {"pass", "P"},
                                            {"check", "0011223344556677"}};
    kith_error err = KITH_ERROR_INIT;
    kith_rows_out *out = NULL;
    kith_meta meta = {{0}};
    kith_rng rng = kith_rng_at(11, 0);
    uint8_t *row = kith_alloc_array(1, l->row_bytes);
    assert_non_null(row);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(kith_meta_add(&meta, header[i][0], header[i][1], &err),
                         KITH_OK);
    assert_int_equal(kith_meta_add(&meta, "spec", spec->digest, &err), KITH_OK);
    assert_int_equal(
        kith_rows_create(&out, path, "pass", l->row_bytes, &meta, &err),
        KITH_OK);
    for (uint64_t i = 0; i < N_ROWS; i++) {
        make_row(row, l, &rng, i);
        assert_int_equal(kith_rows_write(out, row, 1, &err), KITH_OK);
    }
    assert_int_equal(kith_rows_commit(out, NULL, &err), KITH_OK);
    kith_meta_done(&meta);
    kith_free(row);
}

static uint8_t *
read_rows(const char *path, kith_meta *meta)
{
    kith_error err = KITH_ERROR_INIT;
    kith_rows_in *in = NULL;
    assert_int_equal(kith_rows_open(&in, path, "pass", &err), KITH_OK);
    assert_int_equal(kith_rows_count(in), N_ROWS);
    uint8_t *rows = malloc(N_ROWS * kith_rows_bytes(in));
    assert_non_null(rows);
    assert_int_equal(kith_rows_read(in, 0, N_ROWS, rows, &err), KITH_OK);
    const kith_buffer *text = &kith_rows_meta(in)->text;
    assert_int_equal(kith_buffer_add(&meta->text, text->data, text->len, &err),
                     KITH_OK);
    kith_rows_close(in);
    return rows;
}

static unsigned
ref_of(const uint8_t *row)
{
    return (unsigned)row[KITH_ROW_REF + 6] << 8 | row[KITH_ROW_REF + 7];
}

/* Columns that are not null and the same before and after: tokens by a
 * chance of 2^-32, filters not at all. */
static unsigned
count_unchanged(const kith_layout *l, const uint8_t *before,
                const uint8_t *after)
{
    static const uint8_t null[64];
    unsigned n = 0;
    for (unsigned c = 0; c < l->n_columns; c++) {
        const size_t bytes =
            l->columns[c].role == KITH_COLUMN_FILTER ? l->filter_bytes : 4;
        const uint8_t *at = before + l->columns[c].offset;
        n += memcmp(at, null, bytes) != 0 &&
             memcmp(at, after + l->columns[c].offset, bytes) == 0;
    }
    return n;
}

/* Every pair of a block of @p before, and the same two rows of @p after. */
static void
compare_all(const kith_layout *l, const uint8_t *before, const uint8_t *after)
{
    size_t n_pairs = 0;
    uint8_t seen[KITH_MAX_DIGITS][KITH_MAX_LEVELS] = {{0}};
    const uint8_t *at[N_ROWS + 1] = {NULL};
    for (size_t i = 0; i < N_ROWS; i++)
        at[ref_of(after + i * l->row_bytes)] = after + i * l->row_bytes;
    for (size_t i = 0; i < N_ROWS; i++) {
        const uint8_t *a = before + i * l->row_bytes;
        assert_memory_not_equal(a, at[ref_of(a)], 8);
        assert_int_equal(count_unchanged(l, a, at[ref_of(a)]), 0);
        for (size_t j = i + 1; j < N_ROWS; j++) {
            const uint8_t *b = before + j * l->row_bytes;
            if (memcmp(a, b, 8) != 0)
                break;
            assert_memory_equal(at[ref_of(a)], at[ref_of(b)], 8);
            const uint32_t pattern = kith_compare_rows(l, a, b);
            assert_int_equal(
                pattern, kith_compare_rows(l, at[ref_of(a)], at[ref_of(b)]));
            for (unsigned d = 0; d < l->n_digits; d++)
                seen[d][kith_pattern_level(l, pattern, d)] = 1;
            n_pairs++;
        }
    }
    assert_int_equal(n_pairs, N_BLOCKS * 6); /* blocks of four rows */
    /* The rows were varied enough to mean something: both name slots show
     * null, exact, nickname, a similar level and else. */
    for (unsigned d = 0; d < 2; d++)
        assert_true(seen[d][0] && seen[d][1] && seen[d][2] && seen[d][3] &&
                    seen[d][l->digits[d].n_levels - 1]);
}

static void
assert_sorted(const kith_layout *l, const uint8_t *rows)
{
    for (size_t i = 1; i < N_ROWS; i++)
        assert_true(memcmp(rows + (i - 1) * l->row_bytes,
                           rows + i * l->row_bytes, KITH_ROW_HEAD) < 0);
}

static kith_key *
make_key(const char *folder)
{
    kith_error err = KITH_ERROR_INIT;
    char path[512];
    kith_key *key = NULL;
    test_path(path, folder, "intake.key");
    assert_int_equal(kith_key_generate(path, "p", "e", "intake", &err),
                     KITH_OK);
    assert_int_equal(kith_key_load(&key, path, KITH_KEY_AGENCY, &err), KITH_OK);
    return key;
}

static void
test_levels_are_kept(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    kith_spec spec;
    kith_layout layout;
    char folder[256], in[512], out[512], from[512], to[512];
    kith_job *job = NULL;
    const kith_job_params jp = {.n_threads = 1, .quiet = true};
    make_spec(&spec);
    assert_int_equal(kith_layout_build(&layout, &spec, 0, &err), KITH_OK);
    test_folder_make(folder);
    test_path(in, folder, "in");
    test_path(out, folder, "out");
    test_path(from, in, "a.P.pass");
    test_path(to, out, "a.P.pass");
    write_pass(from, &spec, &layout);
    kith_key *key = make_key(folder);
    assert_int_equal(kith_job_new(&job, &jp, &err), KITH_OK);
    const kith_rekey_params params = {
        .spec = &spec, .key = key, .in = in, .out = out};
    assert_int_equal(kith_rekey(&params, job, &err), KITH_OK);

    kith_meta old = {{0}};
    kith_meta new = {{0}};
    uint8_t *before = read_rows(from, &old);
    uint8_t *after = read_rows(to, &new);
    compare_all(&layout, before, after);
    assert_sorted(&layout, after);
    assert_int_equal(kith_meta_same(&old, "old", &new, "new", "agency", &err),
                     KITH_OK);
    assert_int_equal(kith_meta_same(&old, "old", &new, "new", "check", &err),
                     KITH_ERR_MISMATCH);
    free(before);
    free(after);
    kith_meta_done(&old);
    kith_meta_done(&new);
    kith_job_free(job);
    kith_key_free(key);
    test_folder_remove(folder);
}

static void
test_scramble_is_a_permutation(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    char folder[256];
    kith_scramble *s = NULL;
    enum { N = 1 << 20 };
    test_folder_make(folder);
    kith_key *key = make_key(folder);
    assert_int_equal(kith_scramble_new(&s, key, "r", "P", "c", 512, &err),
                     KITH_OK);
    assert_int_equal(kith_scramble_token(s, 0), 0);
    /* No collision among 2^20 words, all marked in a bitmap of 2^32 bits:
     * a random function would collide some 128 times. */
    uint8_t *seen = calloc(1u << 29, 1);
    assert_non_null(seen);
    for (uint32_t t = 1; t <= N; t++) {
        const uint32_t to = kith_scramble_token(s, t);
        assert_int_not_equal(to, 0);
        assert_int_equal(seen[to >> 3] >> (to & 7) & 1, 0);
        seen[to >> 3] |= (uint8_t)(1u << (to & 7));
    }
    free(seen);
    uint8_t hit[64] = {0};
    for (unsigned i = 0; i < 512; i++) {
        uint8_t f[64] = {0};
        f[i >> 3] = (uint8_t)(1u << (i & 7));
        kith_scramble_filter(s, f);
        for (unsigned b = 0; b < 64; b++) {
            assert_int_equal(hit[b] & f[b], 0);
            hit[b] |= f[b];
        }
    }
    for (unsigned b = 0; b < 64; b++)
        assert_int_equal(hit[b], 0xFF);
    kith_scramble_free(s);
    kith_key_free(key);
    test_folder_remove(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scramble_is_a_permutation),
        cmocka_unit_test(test_levels_are_kept)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
