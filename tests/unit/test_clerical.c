#include "evaluate/clerical.h"

#include "../support/files.h"
#include "../support/links.h"

#include <kith/cluster.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct world {
    test_links *links;
    char folder[256];
    char refs[512], pairs[512], sample[512], scores[512], persons[512];
    char truth[512];
    kith_job *job;
    kith_error err;
} world;

static int
setup(void **state)
{
    world *w = calloc(1, sizeof *w);
    if (w == NULL)
        return -1;
    test_folder_make(w->folder);
    w->links = test_links_new();
    test_links_agency(w->links, "ahs", false);
    test_links_agency(w->links, "gmp", false);
    test_path(w->refs, w->folder, "refs");
    test_path(w->pairs, w->folder, "pairs");
    test_path(w->sample, w->folder, "sample.csv");
    test_path(w->scores, w->folder, "scores.csv");
    test_path(w->persons, w->folder, "persons.csv");
    test_path(w->truth, w->folder, "records.csv");
    kith_job_params params = kith_job_params_default();
    params.n_threads = 2;
    params.quiet = true;
    *state = w;
    return kith_job_new(&w->job, &params, &w->err) == KITH_OK ? 0 : -1;
}

static int
teardown(void **state)
{
    world *w = *state;
    kith_job_free(w->job);
    test_folder_remove(w->folder);
    free(w->links);
    free(w);
    return 0;
}

/* Pairs of two records each, of agencies 0 and 1. */
static void
add_pairs(world *w, unsigned n, double bits)
{
    for (unsigned i = 0; i < n; i++) {
        const uint32_t a = test_links_record(w->links, 0);
        const uint32_t b = test_links_record(w->links, 1);
        test_links_pair(w->links, a, b, bits);
    }
}

static char *
text_of(const char *path)
{
    size_t n = 0;
    char *bytes = test_read(path, &n);
    char *text = calloc(1, n + 1);
    assert_non_null(text);
    memcpy(text, bytes, n);
    free(bytes);
    return text;
}

static unsigned
count(const char *text, const char *what)
{
    unsigned n = 0;
    for (const char *at = text; (at = strstr(at, what)) != NULL; at++)
        n++;
    return n;
}

static kith_clerical_params
params_of(const world *w, uint64_t n, uint64_t seed)
{
    return (kith_clerical_params){.spec = &w->links->spec,
                                  .pairs = w->pairs,
                                  .refs = w->refs,
                                  .persons = w->persons,
                                  .lookup = w->folder,
                                  .n_pairs = n,
                                  .seed = seed,
                                  .around_bits = 2,
                                  .out = w->sample,
                                  .scores = w->scores};
}

static char *
sample(world *w, uint64_t n, uint64_t seed)
{
    const kith_clerical_params params = params_of(w, n, seed);
    if (kith_clerical(&params, w->job, &w->err) != KITH_OK)
        fail_msg("%s", w->err.text);
    return text_of(w->sample);
}

static void
strata_share_evenly_as_far_as_they_go(void **state)
{
    (void)state;
    uint64_t share[KITH_STRATA];
    uint64_t pairs[KITH_STRATA] = {0};
    pairs[0] = 2;
    pairs[8] = 100;
    pairs[15] = 100;
    kith_strata_share(share, pairs, 20);
    assert_int_equal(share[0], 2);
    assert_int_equal(share[8], 9);
    assert_int_equal(share[15], 9);
    kith_strata_share(share, pairs, 2); /* the nearest to the threshold */
    assert_int_equal(share[0], 0);
    assert_int_equal(share[8], 1);
    assert_int_equal(share[15], 1);
    kith_strata_share(share, pairs, 1000);
    assert_int_equal(share[0] + share[8] + share[15], 202);
}

/* Around 2 bits: 2.5 lies in the stratum from 2, 1.5 in the one from 1; -7 is
 * 9 bits below and 11 is 9 above, too far. */
static void
each_bit_gives_as_many(void **state)
{
    world *w = *state;
    add_pairs(w, 40, 2.5);
    add_pairs(w, 30, 1.5);
    add_pairs(w, 3, 9.5);
    add_pairs(w, 20, -7);
    add_pairs(w, 20, 11);
    test_links_write(w->links, w->folder, 1);
    char *text = sample(w, 23, 1);
    assert_int_equal(count(text, "\n"), 1 + 23);
    assert_int_equal(count(text, ",2.50,D,nnnnn,0.00,0.00,,2.00,40,10,\n"), 10);
    assert_int_equal(count(text, ",1.50,D,nnnnn,0.00,0.00,,1.00,30,10,\n"), 10);
    assert_int_equal(count(text, ",9.50,D,nnnnn,0.00,0.00,,9.00,3,3,\n"), 3);
    free(text);
}

static void
the_seed_alone_decides(void **state)
{
    world *w = *state;
    add_pairs(w, 200, 2.5);
    test_links_write(w->links, w->folder, 1);
    char *first = sample(w, 20, 1);
    char *other = sample(w, 20, 2);
    /* Another salt: the same night's files in another order. */
    test_links_write(w->links, w->folder, 77);
    char *again = sample(w, 20, 1);
    assert_string_equal(first, again);
    assert_string_not_equal(first, other);
    free(first);
    free(other);
    free(again);
}

/* Every record's own id is its number in the scenario. */
static void
write_truth(world *w, const unsigned *person)
{
    FILE *truth = fopen(w->truth, "w");
    assert_non_null(truth);
    fputs("agency,id,person\n", truth);
    for (unsigned a = 0; a < w->links->n_agencies; a++) {
        char path[512], name[64];
        snprintf(name, sizeof name, "%s.lookup.csv", w->links->agencies[a]);
        test_path(path, w->folder, name);
        FILE *lookup = fopen(path, "w");
        assert_non_null(lookup);
        fputs("pseudonym,id\n", lookup);
        for (uint32_t r = 0; r < w->links->n_records; r++) {
            char text[96];
            if (w->links->records[r].agency != a)
                continue;
            test_record_text(text, w->links, r);
            fprintf(lookup, "%s,%u\n", strchr(text, ',') + 1, r);
            fprintf(truth, "%s,%u,P%u\n", w->links->agencies[a], r, person[r]);
        }
        fclose(lookup);
    }
    fclose(truth);
}

/*
 * Pairs of 9, 4 and 1 bits; the middle one is wrong. The truth has a third
 * pair that no pass found, so three in all: at 1 bit 3 links, 2 right; at 4
 * bits 2 and 1; at 9 bits 1 and 1.
 */
static void
scores_by_threshold_count_what_no_pass_found(void **state)
{
    world *w = *state;
    add_pairs(w, 1, 9);                   /* records 0, 1 */
    add_pairs(w, 1, 4);                   /* 2, 3 */
    add_pairs(w, 1, 1);                   /* 4, 5 */
    (void)test_links_record(w->links, 0); /* 6, 7: no pair */
    (void)test_links_record(w->links, 1);
    test_links_write(w->links, w->folder, 1);
    write_truth(w, (const unsigned[]){1, 1, 2, 3, 4, 4, 5, 5});
    kith_cluster_params cluster = kith_cluster_params_default();
    cluster.spec = &w->links->spec;
    cluster.refs = w->refs;
    cluster.pairs = w->pairs;
    cluster.out = w->folder;
    assert_int_equal(kith_cluster(&cluster, w->job, &w->err), KITH_OK);
    kith_clerical_params params = params_of(w, 1, 1);
    params.truth = w->truth;
    if (kith_clerical(&params, w->job, &w->err) != KITH_OK)
        fail_msg("%s", w->err.text);
    char *text = text_of(w->scores);
    assert_int_equal(count(text, ",3,2,0.666667,0.666667,0.666667\n"), 1);
    assert_int_equal(count(text, "1.5,2,1,0.500000,0.333333,0.400000\n"), 1);
    assert_int_equal(count(text, "4.5,1,1,1.000000,0.333333,0.500000\n"), 1);
    free(text);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(strata_share_evenly_as_far_as_they_go),
        TEST(each_bit_gives_as_many),
        TEST(the_seed_alone_decides),
        TEST(scores_by_threshold_count_what_no_pass_found),
    };
    return cmocka_run_group_tests_name("clerical", tests, NULL, NULL);
}
