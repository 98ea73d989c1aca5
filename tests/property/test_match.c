/* What the matcher writes, against comparing everything with everything; and
 * the same bytes at any thread count and in any number of shards. */
#include "../support/files.h"
#include "../support/passes.h"
#include "base/alloc.h"
#include "compare/kernel.h"
#include "io/rowfile.h"
#include "match/pairs.h"
#include "match/score.h"

#include <kith/match.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct bench {
    char passes[256];
    char out[256];
    kith_spec spec;
    kith_model *model;
    test_rows rows;
} bench;

static kith_job *
new_job_within(unsigned threads, kith_isa isa, uint64_t memory_bytes)
{
    kith_error err = KITH_ERROR_INIT;
    kith_job_params params = kith_job_params_default();
    kith_job *job = NULL;
    params.n_threads = threads;
    params.quiet = true;
    params.isa = isa;
    params.memory_bytes = memory_bytes;
    assert_int_equal(kith_job_new(&job, &params, &err), KITH_OK);
    return job;
}

static kith_job *
new_job(unsigned threads, kith_isa isa)
{
    return new_job_within(threads, isa, 0);
}

/* A model by hand: exact .9 / .1, else the rest evenly / .6. */
static kith_model *
make_model(const kith_spec *spec)
{
    kith_error err = KITH_ERROR_INIT;
    kith_model *model = kith_alloc_array(1, sizeof *model);
    kith_layout layout;
    assert_non_null(model);
    model->n_passes = spec->n_passes;
    for (unsigned p = 0; p < spec->n_passes; p++) {
        kith_pass_model *pass = &model->passes[p];
        assert_int_equal(kith_layout_build(&layout, spec, p, &err), KITH_OK);
        memcpy(pass->name, spec->passes[p].name, sizeof pass->name);
        pass->share[KITH_MATCH] = 0.2;
        pass->share[KITH_KIN] = 0.1;
        pass->share[KITH_STRANGER] = 0.7;
        pass->n_digits = layout.n_digits;
        for (unsigned d = 0; d < layout.n_digits; d++) {
            const unsigned last = layout.digits[d].n_levels - 1u;
            pass->digits[d].n_levels = (uint8_t)(last + 1);
            for (unsigned l = 1; l <= last; l++) {
                double *const m = &pass->digits[d].p[KITH_MATCH][l];
                double *const u = &pass->digits[d].p[KITH_STRANGER][l];
                *m = l == 1 ? 0.9 : 0.1 / (last - 1);
                *u = l == last ? 0.6 : l == 1 ? 0.1 : 0.3 / (last - 2);
                pass->digits[d].p[KITH_KIN][l] = (*m + *u) / 2;
            }
        }
    }
    return model;
}

/* The test spec with one pass only: rows are made for that one. */
static void
setup(bench *b, unsigned pass, uint64_t seed, size_t n, size_t n_blocks,
      unsigned ones)
{
    test_folder_make(b->passes);
    test_folder_make(b->out);
    test_spec(&b->spec, 256);
    b->spec.passes[0] = b->spec.passes[pass];
    b->spec.n_passes = 1;
    test_rows_make(&b->rows, b->passes, &b->spec, 0, seed, n, n_blocks, 4,
                   ones);
    b->model = make_model(&b->spec);
}

static void
teardown(bench *b)
{
    test_rows_done(&b->rows);
    kith_model_free(b->model);
    test_folder_remove(b->passes);
    test_folder_remove(b->out);
}

static void
run(bench *b, kith_job *job, uint32_t shard, uint32_t n_shards)
{
    kith_error err = KITH_ERROR_INIT;
    kith_match_params params = kith_match_params_default();
    params.spec = &b->spec;
    params.model = b->model;
    params.passes = b->passes;
    params.out = b->out;
    params.shard = shard;
    params.n_shards = n_shards;
    assert_int_equal(kith_match(&params, job, &err), KITH_OK);
}

static void *
read_pairs(const bench *b, size_t *n)
{
    char path[512], name[64];
    snprintf(name, sizeof name, "%s.pairs", b->spec.passes[0].name);
    test_path(path, b->out, name);
    return test_read(path, n);
}

/* Rows of the pairs file and its header value of below_floor. */
static kith_pair_row *
load_pairs(const bench *b, size_t *n, double *below)
{
    kith_error err = KITH_ERROR_INIT;
    char path[512], name[64], text[64];
    kith_rows_in *in = NULL;
    snprintf(name, sizeof name, "%s.pairs", b->spec.passes[0].name);
    test_path(path, b->out, name);
    assert_int_equal(kith_rows_open(&in, path, "pairs", &err), KITH_OK);
    *n = (size_t)kith_rows_count(in);
    kith_pair_row *pairs = kith_alloc_array(*n + 1, sizeof *pairs);
    assert_non_null(pairs);
    assert_int_equal(kith_rows_read(in, 0, *n, pairs, &err), KITH_OK);
    assert_int_equal(kith_meta_copy(kith_rows_meta(in), "below_floor", text,
                                    sizeof text, &err),
                     KITH_OK);
    *below = strtod(text, NULL);
    kith_rows_close(in);
    return pairs;
}

static size_t
find_row(const test_rows *rows, const uint8_t ref[8])
{
    for (size_t i = 0; i < rows->n; i++)
        if (memcmp(test_row(rows, i) + KITH_ROW_REF, ref, 8) == 0)
            return i;
    fail_msg("a ref that no row has");
    return 0;
}

static size_t
root(size_t *parent, size_t i)
{
    while (parent[i] != i)
        i = parent[i] = parent[parent[i]];
    return i;
}

/* Each written pair is a candidate with its own weight; joins them. */
static void
check_written(const bench *b, const kith_pair_row *pairs, size_t n,
              size_t *parent)
{
    const kith_layout *layout = &b->rows.layout;
    for (size_t k = 0; k < n; k++) {
        const kith_pair_row *p = &pairs[k];
        assert_true(memcmp(p->left, p->right, 8) < 0);
        assert_true(k == 0 || memcmp(&pairs[k - 1], p, 16) < 0);
        const size_t i = find_row(&b->rows, p->left);
        const size_t j = find_row(&b->rows, p->right);
        kith_weight w;
        assert_true(test_candidates(&b->rows, i, j));
        assert_int_equal(p->left_file, b->rows.files[i]);
        assert_int_equal(p->right_file, b->rows.files[j]);
        const uint32_t pattern = kith_compare_rows(
            layout, test_row(&b->rows, i), test_row(&b->rows, j));
        kith_weigh(&w, &b->model->passes[0], layout, pattern);
        assert_true(fabs(w.total * 256 - p->weight) <= 0.5 + 1e-6);
        assert_true(p->weight >= -6 * 256);
        for (unsigned d = 0; d < layout->n_digits; d++)
            assert_int_equal(
                p->states >> (2 * d) & 3,
                kith_level_state(layout, d,
                                 kith_pattern_level(layout, pattern, d)));
        parent[root(parent, i)] = root(parent, j);
    }
}

/* Every pair above the floor is connected by what was written; the ones
 * below add up to the header's figure. */
static void
check_complete(const bench *b, size_t *parent, double below)
{
    double missed = 0;
    size_t n_above = 0;
    for (size_t i = 0; i < b->rows.n; i++)
        for (size_t j = i + 1; j < b->rows.n; j++) {
            kith_weight w;
            if (!test_candidates(&b->rows, i, j))
                continue;
            kith_weigh(&w, &b->model->passes[0], &b->rows.layout,
                       kith_compare_rows(&b->rows.layout, test_row(&b->rows, i),
                                         test_row(&b->rows, j)));
            if (round(w.total * 256) < -6 * 256) {
                missed += kith_probability(w.total);
                continue;
            }
            n_above++;
            assert_int_equal(root(parent, i), root(parent, j));
        }
    assert_true(n_above > 100);
    /* Pairs that no filter could save count at what their tokens said. */
    print_message("# below the floor: %.3f, compared in full %.3f\n", below,
                  missed);
    assert_true(below <= missed * (1 + 1e-6) && below > 0.5 * missed);
}

static void
check_exhaustive(unsigned pass, uint64_t seed, size_t n_blocks, unsigned ones)
{
    bench b;
    size_t n = 0;
    double below = 0;
    setup(&b, pass, seed, 1200, n_blocks, ones);
    kith_job *job = new_job(2, KITH_ISA_AUTO);
    run(&b, job, 0, 1);
    kith_pair_row *pairs = load_pairs(&b, &n, &below);
    size_t *parent = kith_alloc_array(b.rows.n, sizeof *parent);
    assert_non_null(parent);
    for (size_t i = 0; i < b.rows.n; i++)
        parent[i] = i;
    check_written(&b, pairs, n, parent);
    check_complete(&b, parent, below);
    assert_int_equal(n, kith_job_counted(job, "match", b.spec.passes[0].name,
                                         "pairs_emitted"));
    uint64_t candidates = 0;
    for (size_t i = 0; i < b.rows.n; i++)
        for (size_t j = i + 1; j < b.rows.n; j++)
            candidates += test_candidates(&b.rows, i, j);
    assert_int_equal(
        candidates,
        kith_job_counted(job, "match", b.spec.passes[0].name, "pairs"));
    kith_free(parent);
    kith_free(pairs);
    kith_job_free(job);
    teardown(&b);
}

static void
test_narrow(void **state)
{
    (void)state;
    check_exhaustive(PASS_D, 1, 300, 0);
    check_exhaustive(PASS_Y, 2, 300, 0);
}

static void
test_wide(void **state)
{
    (void)state;
    check_exhaustive(PASS_W, 3, 8, 0);
}

static void
test_deduplicated(void **state)
{
    (void)state;
    check_exhaustive(PASS_A, 4, 200, 2);
    check_exhaustive(PASS_N, 5, 200, 4);
}

/* Runs with other threads and kernels write the same bytes. */
static void
test_same_bytes(void **state)
{
    (void)state;
    static const unsigned threads[] = {1, 2, 7};
    bench b;
    size_t n_first = 0;
    setup(&b, PASS_D, 6, 60000, 20000, 1);
    void *first = NULL;
    for (unsigned t = 0; t < 3; t++)
        for (int isa = KITH_ISA_AUTO; isa <= KITH_ISA_AVX2; isa++) {
            if (!kith_kernel_supported((kith_isa)isa))
                continue;
            size_t n = 0;
            kith_job *job = new_job(threads[t], (kith_isa)isa);
            run(&b, job, 0, 1);
            void *bytes = read_pairs(&b, &n);
            if (first == NULL) {
                first = bytes;
                n_first = n;
            } else {
                assert_int_equal(n, n_first);
                assert_memory_equal(bytes, first, n);
                free(bytes);
            }
            kith_job_free(job);
        }
    assert_true(n_first > 100000);
    free(first);
    teardown(&b);
}

/* Budgets that hold a part of the pairs, or next to none: lanes go to disk
 * many times, and buckets are larger than what is left to sort them. */
static void
test_small_memory(void **state)
{
    (void)state;
    static const uint64_t budgets[] = {8 << 20, 1 << 20, 1};
    bench b;
    size_t n_first = 0;
    setup(&b, PASS_D, 9, 60000, 20000, 0);
    kith_job *job = new_job(2, KITH_ISA_AUTO);
    run(&b, job, 0, 1);
    void *first = read_pairs(&b, &n_first);
    kith_job_free(job);
    for (unsigned i = 0; i < sizeof budgets / sizeof *budgets; i++)
        for (unsigned threads = 1; threads <= 3; threads++) {
            size_t n = 0;
            job = new_job_within(threads, KITH_ISA_AUTO, budgets[i]);
            run(&b, job, 0, 1);
            void *bytes = read_pairs(&b, &n);
            assert_int_equal(n, n_first);
            assert_memory_equal(bytes, first, n);
            free(bytes);
            kith_job_free(job);
        }
    free(first);
    teardown(&b);
}

/* One block of everything: shared out among the workers, to the same bytes
 * and counts as one worker alone gives; left alone where memory is too short
 * for it, and counted. */
static void
test_giant_block(void **state)
{
    (void)state;
    bench b;
    size_t n_first = 0, n = 0;
    uint64_t compared = 0;
    double below = 0;
    void *first = NULL;
    setup(&b, PASS_W, 10, 3000, 1, 1);
    /* At 16 MiB a worker of eight may keep some 1,000 rows to itself. */
    for (unsigned threads = 1; threads <= 8; threads *= 8) {
        kith_job *job = new_job_within(threads, KITH_ISA_AUTO, 16 << 20);
        run(&b, job, 0, 1);
        void *bytes = read_pairs(&b, &n);
        const uint64_t pairs =
            kith_job_counted(job, "match", "W", "pairs_compared");
        if (first == NULL) {
            first = bytes;
            n_first = n;
            compared = pairs;
        } else {
            assert_int_equal(n, n_first);
            assert_memory_equal(bytes, first, n);
            assert_int_equal(pairs, compared);
            free(bytes);
        }
        assert_int_equal(kith_job_counted(job, "match", "W", "rows"), 3000);
        assert_int_equal(kith_job_counted(job, "match", "W", "largest_block"),
                         3000);
        kith_job_free(job);
    }
    assert_true(compared > 1000000);
    kith_job *job = new_job_within(2, KITH_ISA_AUTO, 1 << 20);
    run(&b, job, 0, 1);
    free(load_pairs(&b, &n, &below));
    assert_int_equal(n, 0);
    assert_int_equal(kith_job_counted(job, "match", "W", "oversized_blocks"),
                     1);
    assert_int_equal(kith_job_counted(job, "match", "W", "oversized_rows"),
                     3000);
    kith_job_free(job);
    free(first);
    teardown(&b);
}

static void
test_shards(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    bench b;
    size_t n_whole = 0, n_joined = 0;
    setup(&b, PASS_D, 7, 60000, 20000, 0);
    kith_job *job = new_job(2, KITH_ISA_AUTO);
    run(&b, job, 0, 1);
    void *whole = read_pairs(&b, &n_whole);
    kith_match_params params = kith_match_params_default();
    params.spec = &b.spec;
    params.out = b.out;
    params.n_shards = 3;
    run(&b, job, 2, 3);
    run(&b, job, 0, 3);
    /* One is missing. */
    assert_int_equal(kith_match_join(&params, job, &err), KITH_ERR_IO);
    run(&b, job, 1, 3);
    run(&b, job, 1, 3); /* again: the same file again */
    assert_int_equal(kith_match_join(&params, job, &err), KITH_OK);
    void *joined = read_pairs(&b, &n_joined);
    assert_int_equal(n_joined, n_whole);
    assert_memory_equal(joined, whole, n_whole);
    free(joined);
    free(whole);
    kith_job_free(job);
    teardown(&b);
}

static void
test_more_shards_than_ranges(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    bench b;
    size_t n_whole = 0, n_joined = 0;
    setup(&b, PASS_D, 8, 200, 50, 0);
    kith_job *job = new_job(1, KITH_ISA_AUTO);
    run(&b, job, 0, 1);
    void *whole = read_pairs(&b, &n_whole);
    for (uint32_t s = 0; s < 5; s++)
        run(&b, job, s, 5);
    kith_match_params params = kith_match_params_default();
    params.spec = &b.spec;
    params.out = b.out;
    params.n_shards = 5;
    assert_int_equal(kith_match_join(&params, job, &err), KITH_OK);
    void *joined = read_pairs(&b, &n_joined);
    assert_int_equal(n_joined, n_whole);
    assert_memory_equal(joined, whole, n_whole);
    free(joined);
    free(whole);
    kith_job_free(job);
    teardown(&b);
}

static void
test_bad_shard(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    kith_match_params params = kith_match_params_default();
    kith_job *job = new_job(1, KITH_ISA_AUTO);
    params.shard = 3;
    params.n_shards = 3;
    assert_int_equal(kith_match(&params, job, &err), KITH_ERR_USAGE);
    kith_job_free(job);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_narrow),
        cmocka_unit_test(test_wide),
        cmocka_unit_test(test_deduplicated),
        cmocka_unit_test(test_same_bytes),
        cmocka_unit_test(test_small_memory),
        cmocka_unit_test(test_giant_block),
        cmocka_unit_test(test_shards),
        cmocka_unit_test(test_more_shards_than_ranges),
        cmocka_unit_test(test_bad_shard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
