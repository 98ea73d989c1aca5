#include "../support/files.h"
#include "../support/links.h"
#include "../support/specs.h"

#include "base/job.h"
#include "compare/layout.h"

#include <kith/cluster.h>
#include <kith/job.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* States of name A, name B, birth, sex, place, from the lowest bits up. */
enum { E = KITH_STATE_EXACT, F = KITH_STATE_FUZZY, D = KITH_STATE_DIFFERS };
#define STATES(a, b, birth, sex, place)                                        \
    ((uint32_t)((a) | (b) << 2 | (birth) << 4 | (sex) << 6 | (place) << 8))

typedef struct world {
    test_links *links;
    char folder[256];
    char refs[512], pairs[512], out[512];
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
    test_path(w->refs, w->folder, "refs");
    test_path(w->pairs, w->folder, "pairs");
    test_path(w->out, w->folder, "out");
    test_links_agency(w->links, "ahs", false);
    test_links_agency(w->links, "gmp", false);
    test_links_agency(w->links, "nhs", true);
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

static kith_status
try_run(world *w, const char *previous)
{
    kith_cluster_params params = kith_cluster_params_default();
    params.spec = &w->links->spec;
    params.refs = w->refs;
    params.pairs = w->pairs;
    params.out = w->out;
    params.previous = previous;
    return kith_cluster(&params, w->job, &w->err);
}

static void
run(world *w, const char *previous)
{
    test_links_write(w->links, w->folder, 1);
    const kith_status status = try_run(w, previous);
    if (status != KITH_OK)
        print_error("%s\n", w->err.text);
    assert_int_equal(status, KITH_OK);
}

/* A file of the results; free it. */
static char *
result(const world *w, const char *name)
{
    char path[512];
    size_t n = 0;
    test_path(path, w->out, name);
    return test_read(path, &n);
}

/* The person of a record, 17 characters. */
static void
person_of(const world *w, uint32_t record, char out[18])
{
    char text[96];
    char *persons = result(w, "persons.csv");
    test_record_text(text, w->links, record);
    const char *at = strstr(persons, text);
    assert_non_null(at);
    assert_true(at - persons >= 18 && at[-1] == ',');
    memcpy(out, at - 18, 17);
    out[17] = '\0';
    free(persons);
}

static void
assert_together(const world *w, uint32_t a, uint32_t b, bool together)
{
    char x[18], y[18];
    person_of(w, a, x);
    person_of(w, b, y);
    if (together)
        assert_string_equal(x, y);
    else
        assert_string_not_equal(x, y);
}

static uint64_t
counted(const world *w, const char *scope, const char *reason)
{
    return kith_job_counted(w->job, "cluster", scope, reason);
}

/* persons.csv: by which link the record hangs on its person. */
static void
assert_tie(const world *w, uint32_t record, const char *bits)
{
    char text[128];
    char *persons = result(w, "persons.csv");
    test_record_text(text, w->links, record);
    strcat(text, bits);
    assert_non_null(strstr(persons, text));
    free(persons);
}

static void
pairs_of_all_passes_become_persons(void **state)
{
    world *w = *state;
    const uint32_t a = test_links_record(w->links, 0);
    const uint32_t b = test_links_record(w->links, 1);
    const uint32_t c = test_links_record(w->links, 2);
    const uint32_t alone = test_links_record(w->links, 2);
    test_links_pair(w->links, a, b, 9.5);
    test_links_pair(w->links, b, c, 8)->pass = PASS_Y;
    run(w, NULL);
    assert_together(w, a, b, true);
    assert_together(w, a, c, true);
    assert_together(w, a, alone, false);
    assert_int_equal(counted(w, "", "records"), 4);
    assert_int_equal(counted(w, "", "persons"), 2);
    assert_int_equal(counted(w, "", "links"), 2);
    assert_int_equal(counted(w, "sizes", "persons_of_1_record"), 1);
    assert_int_equal(counted(w, "sizes", "persons_of_3_to_5_records"), 1);
    char *links = result(w, "links.csv");
    assert_non_null(strstr(links, ",9.50,D,nnnnn,0.00,0.00,\n"));
    assert_non_null(strstr(links, ",8.00,Y,nnnnn,0.00,0.00,\n"));
    free(links);
    assert_tie(w, a, ",9.50\n");
    assert_tie(w, b, ",9.50\n");
    assert_tie(w, c, ",8.00\n");
    assert_tie(w, alone, ",\n");
}

/* The two rows of one record in an either-pass, and two records of a source
 * that is already deduplicated. */
static void
what_is_no_pair_is_counted(void **state)
{
    world *w = *state;
    const uint32_t a = test_links_record(w->links, 0);
    const uint32_t b = test_links_record(w->links, 2);
    const uint32_t c = test_links_record(w->links, 2);
    test_links_pair(w->links, a, a, 5)->right_variant = 1;
    test_links_pair(w->links, b, c, 20);
    run(w, NULL);
    assert_together(w, b, c, false);
    assert_int_equal(counted(w, "D", "pairs_read"), 2);
    assert_int_equal(counted(w, "D", "pairs_of_one_record"), 1);
    assert_int_equal(counted(w, "D", "pairs_inside_a_deduplicated_source"), 1);
    assert_int_equal(counted(w, "", "pairs"), 0);
}

/*
 * Surnames: common ones p = 0.01 each (ten of them), rare p = 0.001 (hundred):
 * S1 = 0.1 + 0.1, S2 = 0.001 + 0.0001; mean frequency 0.0011 / 0.2 = 0.0055.
 * Common: log2(0.0055 / 0.01) = -0.86; rare: log2(0.0055 / 0.001) = +2.46.
 */
static const char *const surname_rarity[] = {"surname 1 100 0.1 0.001",
                                             "surname 3 100 0.1 0.0001", NULL};

static void
rare_names_add_and_common_names_take_away(void **state)
{
    world *w = *state;
    w->links->rarity = surname_rarity;
    uint32_t r[4];
    for (int i = 0; i < 4; i++) {
        r[i] = test_links_record(w->links, (unsigned)i % 2);
        w->links->records[r[i]].rarity[0] =
            i < 2 ? KITH_RARITY_COMMON : KITH_RARITY_RARE;
    }
    const uint32_t states = STATES(E, E, E, E, D);
    test_links_pair(w->links, r[0], r[1], 5)->states = states;
    test_links_pair(w->links, r[2], r[3], 5)->states = states;
    run(w, NULL);
    char *links = result(w, "links.csv");
    assert_non_null(strstr(links, ",4.14,D,eeeed,-0.86,0.00,\n"));
    assert_non_null(strstr(links, ",7.46,D,eeeed,2.46,0.00,\n"));
    free(links);
}

/* No bonus: names swapped, or shared at one address by kin; similar ones take
 * half of the 2.46 bits. */
static void
rarity_is_for_agreement_of_strangers_names(void **state)
{
    world *w = *state;
    w->links->rarity = surname_rarity;
    uint32_t r[6];
    for (int i = 0; i < 6; i++) {
        r[i] = test_links_record(w->links, (unsigned)i % 2);
        w->links->records[r[i]].rarity[0] = KITH_RARITY_RARE;
    }
    test_pair *swapped = test_links_pair(w->links, r[0], r[1], 5);
    swapped->states = STATES(E, E, E, E, D);
    swapped->right_variant = 1;
    test_links_pair(w->links, r[2], r[3], 6)->states = STATES(F, E, E, E, D);
    test_links_pair(w->links, r[4], r[5], 7)->states = STATES(E, E, E, E, E);
    run(w, NULL);
    char *links = result(w, "links.csv");
    assert_non_null(strstr(links, ",5.00,D,eeeed,0.00,0.00,\n"));
    assert_non_null(strstr(links, ",7.23,D,feeed,1.23,0.00,\n"));
    assert_non_null(strstr(links, ",7.00,D,eeeee,0.00,0.00,\n"));
    free(links);
}

/* In the row keyed by the second name, slot A is the forename. */
static void
the_variant_says_which_name_is_keyed(void **state)
{
    world *w = *state;
    w->links->rarity = surname_rarity;
    uint32_t r[2];
    for (int i = 0; i < 2; i++) {
        r[i] = test_links_record(w->links, (unsigned)i);
        w->links->records[r[i]].rarity[0] = KITH_RARITY_RARE;
    }
    test_pair *p = test_links_pair(w->links, r[0], r[1], 5);
    p->left_variant = p->right_variant = 1;
    p->states = STATES(F, E, E, E, D); /* forename fuzzy, surname exact */
    run(w, NULL);
    char *links = result(w, "links.csv");
    assert_non_null(strstr(links, ",7.46,D,feeed,2.46,0.00,\n"));
    free(links);
}

/* Equal NHS number: log2(.98 / 1e-6) = 19.9, capped at 12; equal phone:
 * log2(.75 / 1e-4) = 12.87, capped; unequal phone: log2(.25) = -2. */
static void
identifiers_add_and_take_away(void **state)
{
    world *w = *state;
    uint32_t r[6];
    for (int i = 0; i < 6; i++)
        r[i] = test_links_record(w->links, (unsigned)i % 2);
    w->links->records[r[0]].tokens[TEST_NHS] = 7;
    w->links->records[r[1]].tokens[TEST_NHS] = 7;
    w->links->records[r[2]].tokens[TEST_PHONE] = 8;
    w->links->records[r[3]].tokens[TEST_PHONE] = 9;
    w->links->records[r[4]].tokens[TEST_NHS] = 10; /* known on one side */
    test_links_pair(w->links, r[0], r[1], -4);
    test_links_pair(w->links, r[2], r[3], 6);
    test_links_pair(w->links, r[4], r[5], 3);
    run(w, NULL);
    char *links = result(w, "links.csv");
    assert_non_null(strstr(links, ",8.00,D,nnnnn,0.00,12.00,\n"));
    assert_non_null(strstr(links, ",4.00,D,nnnnn,0.00,-2.00,\n"));
    assert_non_null(strstr(links, ",3.00,D,nnnnn,0.00,0.00,\n"));
    free(links);
}

/*
 * accept: NHS number equal and birth exact; refuse: NHS number different and
 * one of the names too. The first pair is far below the threshold, the second
 * far above; the third has too little for either rule.
 */
static void
rules_decide_whatever_the_weight(void **state)
{
    world *w = *state;
    kith_spec *spec = &w->links->spec;
    spec->rules[0] = (kith_spec_rule){.name = "same_nhs",
                                      .verdict = KITH_ACCEPT,
                                      .equal_identifiers = 1 << TEST_NHS,
                                      .exact = 1 << 1};
    spec->rules[1] = (kith_spec_rule){.name = "two_numbers",
                                      .verdict = KITH_REFUSE,
                                      .unequal_identifiers = 1 << TEST_NHS,
                                      .differs = 1 << 0};
    spec->n_rules = 2;
    uint32_t r[6];
    for (int i = 0; i < 6; i++)
        r[i] = test_links_record(w->links, (unsigned)i % 2);
    w->links->records[r[0]].tokens[TEST_NHS] = 7;
    w->links->records[r[1]].tokens[TEST_NHS] = 7;
    w->links->records[r[2]].tokens[TEST_NHS] = 8;
    w->links->records[r[3]].tokens[TEST_NHS] = 9;
    w->links->records[r[4]].tokens[TEST_NHS] = 8;
    test_links_pair(w->links, r[0], r[1], -40)->states = STATES(D, D, E, D, D);
    test_links_pair(w->links, r[2], r[3], 40)->states = STATES(E, D, E, E, E);
    test_links_pair(w->links, r[4], r[5], 3)->states = STATES(E, D, E, E, E);
    run(w, NULL);
    assert_together(w, r[0], r[1], true);
    assert_together(w, r[2], r[3], false);
    assert_together(w, r[4], r[5], true);
    assert_int_equal(counted(w, "refused", "rule"), 1);
    char *links = result(w, "links.csv");
    assert_non_null(strstr(links, ",-28.00,D,ddedd,0.00,12.00,same_nhs\n"));
    assert_non_null(strstr(links, ",3.00,D,edeee,0.00,0.00,\n"));
    free(links);
    char *refused = result(w, "refused.csv");
    assert_non_null(strstr(refused, ",two_numbers,rule,1,1\n"));
    free(refused);
}

/* Seven records with one phone: a switchboard, not seven people's own. */
static void
a_shared_phone_says_nothing(void **state)
{
    world *w = *state;
    uint32_t r[7];
    for (int i = 0; i < 7; i++) {
        r[i] = test_links_record(w->links, (unsigned)i % 2);
        w->links->records[r[i]].tokens[TEST_PHONE] = 5;
    }
    test_links_pair(w->links, r[0], r[1], -1);
    run(w, NULL);
    assert_together(w, r[0], r[1], false);
    assert_int_equal(counted(w, "phone", "identifier_shared_by_too_many"), 7);
}

static void
refusals_are_listed_with_their_reason(void **state)
{
    world *w = *state;
    const uint32_t a = test_links_record(w->links, 0);
    const uint32_t b = test_links_record(w->links, 2);
    const uint32_t c = test_links_record(w->links, 2);
    test_links_pair(w->links, a, b, 12);
    test_links_pair(w->links, a, c, 10);
    run(w, NULL);
    assert_together(w, a, b, true);
    assert_together(w, a, c, false);
    assert_int_equal(counted(w, "refused", "one_source"), 1);
    assert_int_equal(counted(w, "refused", "average_link"), 0);
    char *refused = result(w, "refused.csv");
    assert_non_null(strstr(refused, ",10.00,D,nnnnn,0.00,0.00,,one_source,"));
    free(refused);
    char *review = result(w, "review.csv");
    assert_non_null(strstr(review, ",2,1,1.000,12.00,refused_union\n"));
    assert_non_null(strstr(review, ",1,0,1.000,,refused_union\n"));
    free(review);
}

/*
 * The threshold of the best expected F1: among weights 10, 8, -8 linking the
 * first two expects F1 near 1; the third would add a false link.
 */
static void
the_threshold_comes_from_the_pairs(void **state)
{
    world *w = *state;
    uint32_t r[6];
    w->links->spec.threshold_bits = (double)NAN;
    for (int i = 0; i < 6; i++)
        r[i] = test_links_record(w->links, (unsigned)i % 2);
    test_links_pair(w->links, r[0], r[1], 10);
    test_links_pair(w->links, r[2], r[3], 8);
    test_links_pair(w->links, r[4], r[5], -8);
    run(w, NULL);
    assert_together(w, r[0], r[1], true);
    assert_together(w, r[2], r[3], true);
    assert_together(w, r[4], r[5], false);
    char *rows = result(w, "thresholds.csv");
    /* At 8 bits: 2 links, expected false 1/1025 + 1/257 = 0.0049, missed
     * 1/257 = 0.0039. */
    assert_non_null(strstr(rows, "\n-7.5,2,0.0,0.0,0.99757,0.99805\n"));
    free(rows);
}

static double
fact(const world *w, const char *name)
{
    size_t n = 0;
    const kith_job_pair *facts = kith_job_facts(w->job, &n);
    for (size_t i = n; i-- > 0;)
        if (strcmp(facts[i].name, name) == 0)
            return atof(facts[i].value);
    fail_msg("no such fact");
    return 0;
}

/*
 * Three records of one person, of whose pairs one says -1: it lies inside all
 * the same; the pair across, of 2 bits, is refused by its numbers.
 */
static void
expectations_look_at_whole_persons(void **state)
{
    world *w = *state;
    uint32_t r[5];
    for (int i = 0; i < 5; i++)
        r[i] = test_links_record(w->links, (unsigned)i % 2);
    w->links->records[r[3]].tokens[TEST_NHS] = 8;
    w->links->records[r[4]].tokens[TEST_NHS] = 9;
    test_links_pair(w->links, r[0], r[1], 10);
    test_links_pair(w->links, r[1], r[2], 10);
    test_links_pair(w->links, r[0], r[2], -1);
    test_links_pair(w->links, r[3], r[4], 8);
    run(w, NULL);
    assert_together(w, r[0], r[2], true);
    assert_together(w, r[3], r[4], false);
    /* (2 x 1024/1025 + 1/3) / 3. The two numbers take log2(.02 / (1 - 1e-6)) =
     * -5.64 of the 8 bits: p is .8366 of 2.3314 + .8366. */
    assert_true(fabs(fact(w, "expected_person_precision") - 0.7771) < 0.0002);
    assert_true(fabs(fact(w, "expected_person_recall") - 0.7359) < 0.0005);
}

static void
ids_last_from_night_to_night(void **state)
{
    world *w = *state;
    char before[18], after[18], previous[512];
    uint32_t r[5];
    for (int i = 0; i < 5; i++)
        r[i] = test_links_record(w->links, (unsigned)i % 2);
    test_links_pair(w->links, r[0], r[1], 10);
    test_links_pair(w->links, r[2], r[3], 10);
    run(w, NULL);
    assert_int_equal(counted(w, "", "ids_new"), 3);
    person_of(w, r[2], before);
    test_path(previous, w->out, "persons.csv");
    /* Tonight a new record joins; all other persons keep their ids. */
    const uint32_t fresh = test_links_record(w->links, 0);
    test_links_pair(w->links, r[3], fresh, 12);
    test_links_pair(w->links, r[2], fresh, 12);
    run(w, previous);
    person_of(w, fresh, after);
    assert_string_equal(before, after);
    assert_int_equal(counted(w, "", "ids_kept"), 3);
    assert_int_equal(counted(w, "", "ids_new"), 3); /* the first night's */
}

static void
inputs_of_two_runs_are_refused(void **state)
{
    world *w = *state;
    const uint32_t a = test_links_record(w->links, 0);
    const uint32_t b = test_links_record(w->links, 1);
    test_links_pair(w->links, a, b, 10);
    test_links_write(w->links, w->folder, 1);
    char keep[512], pairs[512];
    test_path(keep, w->folder, "kept");
    test_path(pairs, w->folder, "pairs");
    assert_int_equal(rename(pairs, keep), 0);
    w->links->run = "r2";
    test_links_write(w->links, w->folder, 1);
    kith_cluster_params params = kith_cluster_params_default();
    params.spec = &w->links->spec;
    params.refs = w->refs;
    params.pairs = keep;
    params.out = w->out;
    assert_int_equal(kith_cluster(&params, w->job, &w->err), KITH_ERR_MISMATCH);
    assert_non_null(strstr(w->err.text, "different run"));
    assert_false(test_exists(w->out));
}

static void
another_spec_is_refused(void **state)
{
    world *w = *state;
    test_links_record(w->links, 0);
    test_links_write(w->links, w->folder, 1);
    w->links->spec.digest[0] = 'b';
    assert_int_equal(try_run(w, NULL), KITH_ERR_MISMATCH);
    assert_non_null(strstr(w->err.text, "another linkage spec"));
}

static void
a_missing_map_and_a_missing_folder_are_errors(void **state)
{
    world *w = *state;
    char path[512];
    const uint32_t a = test_links_record(w->links, 0);
    const uint32_t b = test_links_record(w->links, 1);
    test_links_pair(w->links, a, b, 10);
    test_links_write(w->links, w->folder, 1);
    test_path(path, w->refs, "gmp.D.map");
    assert_int_equal(remove(path), 0);
    assert_int_equal(try_run(w, NULL), KITH_ERR_IO);
    assert_non_null(strstr(w->err.text, "gmp.D.map"));
    snprintf(w->pairs, sizeof w->pairs, "%s/nowhere", w->folder);
    assert_int_equal(try_run(w, NULL), KITH_ERR_IO);
    assert_non_null(strstr(w->err.text, "nowhere"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(pairs_of_all_passes_become_persons),
        TEST(what_is_no_pair_is_counted),
        TEST(rare_names_add_and_common_names_take_away),
        TEST(rarity_is_for_agreement_of_strangers_names),
        TEST(the_variant_says_which_name_is_keyed),
        TEST(identifiers_add_and_take_away),
        TEST(rules_decide_whatever_the_weight),
        TEST(a_shared_phone_says_nothing),
        TEST(refusals_are_listed_with_their_reason),
        TEST(the_threshold_comes_from_the_pairs),
        TEST(expectations_look_at_whole_persons),
        TEST(ids_last_from_night_to_night),
        TEST(inputs_of_two_runs_are_refused),
        TEST(another_spec_is_refused),
        TEST(a_missing_map_and_a_missing_folder_are_errors),
    };
    return cmocka_run_group_tests_name("cluster", tests, NULL, NULL);
}
