#include "../support/files.h"
#include "../support/links.h"
#include "../support/specs.h"

#include "base/rng.h"
#include "compare/layout.h"

#include <kith/cluster.h>
#include <kith/job.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { AGENCIES = 4, RECORDS = 400, PEOPLE = 120, TRIALS = 6 };

static const char *const outputs[] = {"persons.csv", "links.csv", "refused.csv",
                                      "review.csv", "thresholds.csv"};
enum { N_OUTPUTS = sizeof outputs / sizeof *outputs };

/* People with a few records each; pairs of one person mostly strong, of two
 * mostly weak, some of both kinds wrong, several passes, few weights, so that
 * ties abound. */
static test_links *
draw(uint64_t trial)
{
    static const char *const names[AGENCIES] = {"ahs", "dwp", "gmp", "nhs"};
    kith_rng rng = kith_rng_at(5, trial);
    test_links *t = test_links_new();
    uint32_t person[RECORDS];
    t->spec.max_cluster = 12;
    for (unsigned a = 0; a < AGENCIES; a++)
        test_links_agency(t, names[a], a == AGENCIES - 1);
    for (uint32_t r = 0; r < RECORDS; r++) {
        test_links_record(t, (unsigned)kith_rng_below(&rng, AGENCIES));
        person[r] = (uint32_t)kith_rng_below(&rng, PEOPLE);
        if (kith_rng_below(&rng, 2) == 0)
            t->records[r].tokens[TEST_NHS] =
                kith_rng_below(&rng, 20) == 0
                    ? 1000 + (uint32_t)kith_rng_below(&rng, PEOPLE)
                    : 1000 + person[r];
        t->records[r].tokens[TEST_PHONE] =
            (uint32_t)kith_rng_below(&rng, 3) * (5000 + person[r] / 3);
    }
    for (uint32_t i = 0; i < RECORDS; i++) {
        for (uint32_t k = i + 1; k < RECORDS; k++) {
            const bool same = person[i] == person[k];
            if (kith_rng_below(&rng, same ? 10 : 300) > (same ? 7u : 0u))
                continue;
            const double bits = same ? (double)kith_rng_below(&rng, 12) - 1
                                     : (double)kith_rng_below(&rng, 8) - 5.5;
            test_pair *p = test_links_pair(t, i, k, bits);
            p->pass = (unsigned)kith_rng_below(&rng, TEST_PASSES);
            p->states = (uint32_t)kith_rng_below(&rng, 1024);
            if (kith_rng_below(&rng, 5) == 0) {
                test_pair *again = test_links_pair(t, i, k, bits - 1);
                again->pass = (p->pass + 1) % TEST_PASSES;
            }
        }
    }
    return t;
}

static void
run(const test_links *t, const char *folder, unsigned n_threads,
    const char *previous)
{
    kith_error err = KITH_ERROR_INIT;
    kith_job *job = NULL;
    char refs[512], pairs[512], out[512];
    kith_job_params jp = kith_job_params_default();
    jp.n_threads = n_threads;
    jp.quiet = true;
    assert_int_equal(kith_job_new(&job, &jp, &err), KITH_OK);
    test_path(refs, folder, "refs");
    test_path(pairs, folder, "pairs");
    test_path(out, folder, "out");
    kith_cluster_params params = kith_cluster_params_default();
    params.spec = &t->spec;
    params.refs = refs;
    params.pairs = pairs;
    params.out = out;
    params.previous = previous;
    const kith_status status = kith_cluster(&params, job, &err);
    if (status != KITH_OK)
        print_error("%s\n", err.text);
    assert_int_equal(status, KITH_OK);
    kith_job_free(job);
}

static void *
output(const char *folder, const char *name, size_t *n)
{
    char out[512], path[1024];
    test_path(out, folder, "out");
    snprintf(path, sizeof path, "%s/%s", out, name);
    return test_read(path, n);
}

/* Another salt gives every row another ref, and so every file another order
 * and every pair another side. */
static void
order_and_threads_do_not_matter(void **state)
{
    static const unsigned threads[] = {1, 2, 7};
    (void)state;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        test_links *t = draw(trial);
        void *first[N_OUTPUTS] = {NULL};
        size_t n_first[N_OUTPUTS] = {0};
        for (unsigned v = 0; v < 3; v++) {
            char folder[256];
            test_folder_make(folder);
            test_links_write(t, folder, 77 + v);
            run(t, folder, threads[v], NULL);
            for (int i = 0; i < N_OUTPUTS; i++) {
                size_t n = 0;
                void *bytes = output(folder, outputs[i], &n);
                assert_true(n > 150); /* more than a header */
                if (v == 0) {
                    first[i] = bytes;
                    n_first[i] = n;
                    continue;
                }
                assert_int_equal(n, n_first[i]);
                assert_memory_equal(bytes, first[i], n);
                free(bytes);
            }
            test_folder_remove(folder);
        }
        for (int i = 0; i < N_OUTPUTS; i++)
            free(first[i]);
        free(t);
    }
}

/* Person of each record, read back from persons.csv. */
static void
read_persons(const test_links *t, const char *folder, char persons[RECORDS][18])
{
    size_t n = 0;
    char *text = output(folder, "persons.csv", &n);
    size_t n_lines = 0;
    for (size_t i = 0; i < n; i++)
        n_lines += text[i] == '\n';
    assert_int_equal(n_lines, RECORDS + 1);
    for (uint32_t r = 0; r < RECORDS; r++) {
        char want[96];
        test_record_text(want, t, r);
        const char *at = strstr(text, want);
        assert_non_null(at);
        assert_null(strstr(at + 1, want)); /* once: a partition */
        memcpy(persons[r], at - 18, 17);
        persons[r][17] = '\0';
    }
    free(text);
}

static void
constraints_hold_in_every_person(void **state)
{
    (void)state;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        test_links *t = draw(100 + trial);
        char folder[256];
        char persons[RECORDS][18];
        test_folder_make(folder);
        test_links_write(t, folder, 3);
        run(t, folder, 2, NULL);
        read_persons(t, folder, persons);
        for (uint32_t i = 0; i < RECORDS; i++) {
            unsigned size = 0;
            for (uint32_t k = 0; k < RECORDS; k++) {
                const bool same = strcmp(persons[i], persons[k]) == 0;
                size += same;
                if (same && i != k)
                    assert_false(t->records[i].agency == AGENCIES - 1 &&
                                 t->records[k].agency == AGENCIES - 1);
            }
            assert_in_range(size, 1, t->spec.max_cluster);
        }
        test_folder_remove(folder);
        free(t);
    }
}

/* The same data on another night: the same ids, whatever the refs; and ids
 * do not depend on which of them were inherited. */
static void
the_next_night_keeps_every_id(void **state)
{
    (void)state;
    test_links *t = draw(7);
    char folder[256], previous[512];
    char before[RECORDS][18], after[RECORDS][18];
    test_folder_make(folder);
    test_links_write(t, folder, 1);
    run(t, folder, 2, NULL);
    read_persons(t, folder, before);
    test_path(previous, folder, "out/persons.csv");
    test_links_write(t, folder, 2);
    run(t, folder, 2, previous);
    read_persons(t, folder, after);
    for (uint32_t r = 0; r < RECORDS; r++)
        assert_string_equal(before[r], after[r]);
    test_folder_remove(folder);
    free(t);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_and_threads_do_not_matter),
        cmocka_unit_test(constraints_hold_in_every_person),
        cmocka_unit_test(the_next_night_keeps_every_id),
    };
    return cmocka_run_group_tests_name("cluster invariants", tests, NULL, NULL);
}
