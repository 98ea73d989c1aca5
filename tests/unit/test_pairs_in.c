/*
 * Pairs files to edges, past what fits one range of refs: the same edges as
 * merging the pairs by hand, at any number of threads and of walks.
 */
#include "../support/files.h"

#include "base/radix.h"
#include "base/rng.h"
#include "base/table.h"
#include "cluster/pairs_in.h"
#include "encode/bundle.h"
#include "match/pairs.h"

// clang-format off
#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Two maps of 150,000 rows: 64 parts, four groups of them. */
enum { AGENCIES = 2, PER_AGENCY = 150000, PAIRS = 200000 };
enum { RECORDS = AGENCIES * PER_AGENCY };

static kith_error err = KITH_ERROR_INIT;

typedef struct world {
    char folder[256];
    kith_spec *spec;
    kith_ref_agency agencies[AGENCIES];
    char names[AGENCIES][4];
    kith_refs refs;
    kith_pair_row *rows;
    kith_edge *edges; /* the same pairs by record */
} world;

static void
must(kith_status status)
{
    if (status != KITH_OK)
        fail_msg("%s", err.text);
}

static uint64_t
ref_of(uint32_t record)
{
    return kith_hash64(&record, sizeof record);
}

static void
big_endian(uint8_t out[8], uint64_t x)
{
    for (int i = 7; i >= 0; i--, x >>= 8)
        out[i] = (uint8_t)x;
}

static void
header(kith_meta *meta, const char *more)
{
    must(kith_buffer_printf(&meta->text, &err,
                            "project: t\nepoch: e\nrun: r\nspec: s\n"
                            "check: c\n%s",
                            more));
}

static void
write_rows(const char *path, const char *kind, const char *more,
           const void *rows, size_t row_bytes, size_t n)
{
    kith_rows_out *out = NULL;
    kith_meta meta = {0};
    header(&meta, more);
    must(kith_rows_create(&out, path, kind, row_bytes, &meta, &err));
    must(kith_rows_write(out, rows, n, &err));
    must(kith_rows_commit(out, NULL, &err));
    kith_meta_done(&meta);
}

/* @p swapped exchanges two rows in the middle. */
static void
write_map(world *w, uint32_t agency, bool swapped)
{
    char path[512];
    kith_keyed *keys = calloc(PER_AGENCY, sizeof *keys);
    kith_keyed *scratch = calloc(PER_AGENCY, sizeof *scratch);
    kith_map_row *rows = calloc(PER_AGENCY, sizeof *rows);
    assert_true(keys != NULL && scratch != NULL && rows != NULL);
    for (uint32_t i = 0; i < PER_AGENCY; i++)
        keys[i] = (kith_keyed){ref_of(agency * PER_AGENCY + i), i, 0};
    kith_radix_sort(keys, scratch, PER_AGENCY);
    for (uint32_t i = 0; i < PER_AGENCY; i++) {
        big_endian(rows[i].ref, keys[i].key);
        rows[i].record = keys[i].value;
        rows[i].variant = keys[i].value % 3 == 0;
    }
    if (swapped) {
        const kith_map_row row = rows[PER_AGENCY / 2];
        rows[PER_AGENCY / 2] = rows[PER_AGENCY / 2 + 1];
        rows[PER_AGENCY / 2 + 1] = row;
    }
    (void)snprintf(path, sizeof path, "%s/%s.%s.map", w->folder,
                   w->names[agency], w->spec->passes[0].name);
    write_rows(path, "map", "", rows, sizeof *rows, PER_AGENCY);
    free(keys);
    free(scratch);
    free(rows);
}

static int
compare_rows(const void *a, const void *b)
{
    return memcmp(a, b, 16);
}

static void
make_pairs(world *w)
{
    kith_rng rng = kith_rng_at(7, 0);
    for (uint32_t i = 0; i < PAIRS; i++) {
        const uint32_t x = (uint32_t)kith_rng_below(&rng, RECORDS - 1);
        const uint32_t y =
            x + 1 + (uint32_t)kith_rng_below(&rng, RECORDS - 1 - x);
        const int16_t weight = (int16_t)kith_rng_below(&rng, 5000);
        const bool turn = ref_of(x) > ref_of(y);
        const uint32_t left = turn ? y : x, right = turn ? x : y;
        kith_pair_row *row = &w->rows[i];
        *row = (kith_pair_row){.left_file = (uint16_t)(left / PER_AGENCY),
                               .right_file = (uint16_t)(right / PER_AGENCY),
                               .states = i,
                               .weight = weight};
        big_endian(row->left, ref_of(left));
        big_endian(row->right, ref_of(right));
        const unsigned a = x % PER_AGENCY % 3 == 0;
        const unsigned b = y % PER_AGENCY % 3 == 0;
        w->edges[i] = (kith_edge){.left = x,
                                  .right = y,
                                  .states = i,
                                  .weight = weight,
                                  .variants = (a | b << 1) & 3u};
    }
    qsort(w->rows, PAIRS, sizeof *w->rows, compare_rows);
}

static void
write_pairs(const world *w, char path[512])
{
    (void)snprintf(path, 512, "%s/p.pairs", w->folder);
    write_rows(path, "pairs", "file: a|many\nfile: b|many\n", w->rows,
               sizeof *w->rows, PAIRS);
}

static int
setup(void **state)
{
    world *w = calloc(1, sizeof *w);
    if (w == NULL)
        return -1;
    test_folder_make(w->folder);
    must(kith_spec_default(&w->spec, &err));
    w->rows = calloc(PAIRS, sizeof *w->rows);
    w->edges = calloc(PAIRS, sizeof *w->edges);
    assert_true(w->rows != NULL && w->edges != NULL);
    w->refs = (kith_refs){
        .agencies = w->agencies, .n_agencies = AGENCIES, .n_records = RECORDS};
    header(&w->refs.meta, "");
    for (uint32_t a = 0; a < AGENCIES; a++) {
        w->names[a][0] = (char)('a' + a);
        w->agencies[a] = (kith_ref_agency){
            .name = w->names[a], .first = a * PER_AGENCY, .n = PER_AGENCY};
        write_map(w, a, false);
    }
    make_pairs(w);
    *state = w;
    return 0;
}

static int
teardown(void **state)
{
    world *w = *state;
    test_folder_remove(w->folder);
    kith_meta_done(&w->refs.meta);
    kith_spec_free(w->spec);
    free(w->rows);
    free(w->edges);
    free(w);
    return 0;
}

static kith_status
read_pairs(const world *w, kith_edges *out, unsigned n_threads,
           uint64_t limit_bytes, bool spill)
{
    kith_status status = KITH_OK;
    char path[512];
    kith_job *job = NULL;
    kith_gather *gather = NULL;
    kith_rows_in *in = NULL;
    kith_job_params params = kith_job_params_default();
    params.n_threads = n_threads;
    params.quiet = true;
    must(kith_job_new(&job, &params, &err));
    must(kith_gather_new(&gather, RECORDS, n_threads, limit_bytes, &err));
    if (spill)
        kith_gather_spill(gather, w->folder);
    write_pairs(w, path);
    must(kith_rows_open(&in, path, "pairs", &err));
    const kith_pairs_in p = {.refs = &w->refs,
                             .spec = w->spec,
                             .refs_folder = w->folder,
                             .limit_bytes = limit_bytes,
                             .job = job};
    KITH_TRY(kith_pairs_read(gather, &p, in, &err));
    KITH_TRY(kith_gather_finish(out, gather, job, &err));
done:
    kith_rows_close(in);
    kith_gather_free(gather);
    kith_job_free(job);
    return status;
}

static void
expect_same(const kith_edges *a, const kith_edges *b)
{
    assert_int_equal(a->n, b->n);
    for (size_t i = 0; i < a->n; i++) {
        const kith_edge *x = &a->items[i], *y = &b->items[i];
        if (x->left != y->left || x->right != y->right ||
            x->weight != y->weight || x->states != y->states ||
            x->variants != y->variants)
            fail_msg("edge %zu differs", i);
    }
    assert_memory_equal(a->begins, b->begins,
                        ((size_t)RECORDS + 1) * sizeof *a->begins);
}

static void
every_pair_becomes_the_edge_of_its_records(void **state)
{
    static const struct {
        unsigned n_threads;
        uint64_t limit_bytes; /* a walk waits for 2.4 MB of pairs */
        bool spill;           /* merged edges lie in files */
    } runs[] = {{1, UINT64_MAX / 2, false},
                {3, UINT64_MAX / 2, false},
                {2, 1 << 20, false},
                {1, 1, true},
                {3, 1 << 20, true}};
    const world *w = *state;
    kith_job *job = NULL;
    kith_edges want = {0};
    kith_job_params params = kith_job_params_default();
    params.n_threads = 1;
    params.quiet = true;
    must(kith_job_new(&job, &params, &err));
    must(kith_edges_merge(&want, w->edges, PAIRS, RECORDS, job, &err));
    /* The edges themselves are right: each record's in its own place. */
    for (uint32_t r = 0; r < RECORDS; r++)
        for (uint32_t i = want.begins[r]; i < want.begins[r + 1]; i++)
            assert_int_equal(want.items[i].left, r);
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        kith_edges got = {0};
        must(read_pairs(w, &got, runs[i].n_threads, runs[i].limit_bytes,
                        runs[i].spill));
        expect_same(&got, &want);
        kith_edges_done(&got);
    }
    kith_edges_done(&want);
    kith_job_free(job);
}

static void
expect_refused(const world *w, const char *why)
{
    kith_edges got = {0};
    assert_int_equal(read_pairs(w, &got, 2, UINT64_MAX / 2, false),
                     KITH_ERR_DATA);
    assert_non_null(strstr(err.text, why));
    kith_edges_done(&got);
    err = (kith_error)KITH_ERROR_INIT;
}

static void
pairs_out_of_order_are_refused(void **state)
{
    world *w = *state;
    const kith_pair_row first = w->rows[0];
    w->rows[0] = w->rows[PAIRS - 1];
    w->rows[PAIRS - 1] = first;
    expect_refused(w, "pairs are out of order");
}

static void
a_ref_that_no_map_has_is_refused(void **state)
{
    world *w = *state;
    w->rows[PAIRS / 2].right[7] ^= 1;
    expect_refused(w, "a row ref of agency");
}

static void
an_agency_that_is_not_listed_is_refused(void **state)
{
    world *w = *state;
    w->rows[PAIRS / 2].right_file = AGENCIES;
    expect_refused(w, "an agency that is not listed");
}

static void
a_map_out_of_order_is_refused(void **state)
{
    world *w = *state;
    write_map(w, 1, true);
    expect_refused(w, "row 75002: out of order or of no record");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            every_pair_becomes_the_edge_of_its_records, setup, teardown),
        cmocka_unit_test_setup_teardown(pairs_out_of_order_are_refused, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_ref_that_no_map_has_is_refused, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(an_agency_that_is_not_listed_is_refused,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_map_out_of_order_is_refused, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
