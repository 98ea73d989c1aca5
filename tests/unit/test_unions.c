#include "cluster/unions.h"

#include "cluster/gather.h"
#include "match/pairs.h"

#include <kith/job.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/*
 * Records 0..9 of three agencies: a (0-3), b (4-6), c (7-9); c is already
 * deduplicated. Tokens of one unique identifier, 0 unknown.
 */
enum { N_RECORDS = 10 };

/* Columns of the marks. */
enum { NHS = 1, NINO, IDENTIFIERS = 2 };

typedef struct world {
    kith_job *job;
    kith_refs refs;
    kith_ref_agency agencies[3];
    kith_ref_record records[N_RECORDS];
    uint32_t marks[N_RECORDS][1 + IDENTIFIERS];
    kith_spec spec;
    kith_unions_params params;
    kith_edge edges[64];
    size_t n_edges;
    kith_clusters clusters;
} world;

static int
setup(void **state)
{
    world *w = calloc(1, sizeof *w);
    kith_error err = KITH_ERROR_INIT;
    kith_job_params params = kith_job_params_default();
    params.n_threads = 1;
    params.quiet = true;
    if (w == NULL || kith_job_new(&w->job, &params, &err) != KITH_OK)
        return -1;
    const uint16_t agency_of[N_RECORDS] = {0, 0, 0, 0, 1, 1, 1, 2, 2, 2};
    for (uint32_t r = 0; r < N_RECORDS; r++)
        w->records[r].agency = agency_of[r];
    w->agencies[2].one = true;
    w->refs = (kith_refs){.agencies = w->agencies,
                          .n_agencies = 3,
                          .n_records = N_RECORDS,
                          .records = w->records,
                          .n_identifiers = IDENTIFIERS,
                          .marks = w->marks[0]};
    w->spec.n_identifiers = 2;
    w->spec.identifiers[0].unique = true;
    w->spec.identifiers[1].unique = true;
    w->params = (kith_unions_params){.threshold = 0, .max_cluster = 50};
    *state = w;
    return 0;
}

static int
teardown(void **state)
{
    world *w = *state;
    kith_clusters_done(&w->clusters);
    kith_job_free(w->job);
    free(w);
    return 0;
}

static void
edge(world *w, uint32_t left, uint32_t right, int bits)
{
    w->edges[w->n_edges++] =
        (kith_edge){.left = left,
                    .right = right,
                    .weight = (int16_t)(bits * KITH_WEIGHT_PER_BIT)};
}

static void
run(world *w)
{
    kith_error err = KITH_ERROR_INIT;
    kith_edges edges = {0};
    assert_int_equal(
        kith_edges_merge(&edges, w->edges, w->n_edges, N_RECORDS, w->job, &err),
        KITH_OK);
    assert_int_equal(kith_unions_run(&w->clusters, &edges, &w->refs, &w->spec,
                                     &w->params, w->job, &err),
                     KITH_OK);
    kith_edges_done(&edges);
}

static bool
together(const world *w, uint32_t a, uint32_t b)
{
    return w->clusters.cluster_of[a] == w->clusters.cluster_of[b];
}

static void
no_pairs_leave_everyone_alone(void **state)
{
    world *w = *state;
    run(w);
    assert_int_equal(w->clusters.n, N_RECORDS);
    for (uint32_t r = 0; r < N_RECORDS; r++) {
        assert_int_equal(w->clusters.cluster_of[r], r);
        assert_int_equal(w->clusters.weakest[r], INT16_MAX);
    }
}

static void
links_below_the_threshold_do_not_join(void **state)
{
    world *w = *state;
    edge(w, 0, 4, 6);
    edge(w, 1, 5, 4);
    w->params.threshold = 5 * KITH_WEIGHT_PER_BIT;
    run(w);
    assert_true(together(w, 0, 4));
    assert_false(together(w, 1, 5));
    assert_int_equal(w->clusters.n_refusals, 0);
    assert_int_equal(w->clusters.weakest[0], 6 * KITH_WEIGHT_PER_BIT);
}

static void
a_deduplicated_source_is_never_twice_in_a_person(void **state)
{
    world *w = *state;
    edge(w, 0, 7, 12);
    edge(w, 0, 8, 11);
    run(w);
    assert_true(together(w, 0, 7));
    assert_false(together(w, 0, 8));
    assert_int_equal(w->clusters.n_refusals, 1);
    assert_int_equal(w->clusters.refusals[0].reason, KITH_REFUSED_ONE_SOURCE);
    assert_int_equal(w->clusters.refusals[0].left_size, 2);
    assert_int_equal(w->clusters.refusals[0].right_size, 1);
}

/* Two NHS numbers, no other identifier: two people, unless all else agrees
 * at odds of 4,096 even so. */
static void
different_unique_identifiers_are_kept_apart(void **state)
{
    world *w = *state;
    w->marks[0][NHS] = 1;
    w->marks[4][NHS] = 2;
    edge(w, 0, 4, 11);
    w->marks[1][NHS] = 3;
    w->marks[5][NHS] = 4;
    edge(w, 1, 5, 13);
    run(w);
    assert_false(together(w, 0, 4));
    assert_true(together(w, 1, 5));
    assert_int_equal(w->clusters.refusals[0].reason, KITH_REFUSED_IDENTIFIERS);
}

/* A wrong NHS number exists: an agreeing NINO speaks for the person. */
static void
an_agreeing_identifier_overrules_a_conflict(void **state)
{
    world *w = *state;
    w->marks[0][NHS] = 1;
    w->marks[4][NHS] = 2;
    w->marks[0][NINO] = w->marks[4][NINO] = 9;
    edge(w, 0, 4, 6);
    run(w);
    assert_true(together(w, 0, 4));
}

/* The conflict is between components: 5 has no number of its own. */
static void
a_conflict_is_seen_through_a_record_without_a_number(void **state)
{
    world *w = *state;
    w->marks[0][NHS] = 1;
    w->marks[1][NHS] = 2;
    edge(w, 0, 5, 11);
    edge(w, 1, 5, 10);
    run(w);
    assert_true(together(w, 0, 5));
    assert_false(together(w, 1, 5));
    assert_int_equal(w->clusters.refusals[0].reason, KITH_REFUSED_IDENTIFIERS);
}

static void
a_person_may_not_grow_without_end(void **state)
{
    world *w = *state;
    w->params.max_cluster = 3;
    edge(w, 0, 1, 20);
    edge(w, 0, 2, 19);
    edge(w, 1, 2, 19);
    edge(w, 0, 3, 18);
    edge(w, 1, 3, 18);
    edge(w, 2, 3, 18);
    run(w);
    assert_true(together(w, 0, 2));
    assert_false(together(w, 0, 3));
    assert_int_equal(w->clusters.n_refusals, 3);
    assert_int_equal(w->clusters.refusals[0].reason, KITH_REFUSED_TOO_LARGE);
}

/*
 * Twins: {0, 4, 7} and {1, 5, 8} are certain; the pairs across agree on all
 * but the forename and stay under evens. 2 has an initial only and fits both:
 * it goes to the one it fits better, and the twins stay two.
 */
static void
twins_stay_two(void **state)
{
    world *w = *state;
    const uint32_t one[3] = {0, 4, 7}, two[3] = {1, 5, 8};
    for (int i = 0; i < 3; i++)
        for (int j = i + 1; j < 3; j++) {
            edge(w, one[i], one[j], 18);
            edge(w, two[i], two[j], 18);
        }
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            edge(w, one[i], two[j], -4);
    edge(w, 0, 2, 8);
    edge(w, 2, 4, 8);
    edge(w, 1, 2, 5);
    w->agencies[2].one = false; /* nothing but the average may decide */
    run(w);
    assert_true(together(w, 0, 2));
    assert_false(together(w, 1, 2));
    assert_false(together(w, 0, 1));
    assert_int_equal(w->clusters.n_refusals, 1);
    assert_int_equal(w->clusters.refusals[0].reason, KITH_REFUSED_AVERAGE_LINK);
}

/*
 * Father and son, same name and address: 0, 4 the father's, 1, 5 the son's,
 * dates of birth apart; 9 without a date links to all four, weakly. By hand:
 * 9 joins the father (sum 6 + 5 over two pairs), then the son's cluster has
 * cross sum 4 + 4 - 4 * 3 = -4 and is refused: no pair weighs under -3.
 */
static void
namesakes_stay_two(void **state)
{
    world *w = *state;
    edge(w, 0, 4, 20);
    edge(w, 1, 5, 20);
    edge(w, 0, 1, -6);
    edge(w, 0, 5, -6);
    edge(w, 1, 4, -6);
    edge(w, 4, 5, -6);
    edge(w, 0, 9, 6);
    edge(w, 4, 9, 5);
    edge(w, 1, 9, 4);
    edge(w, 5, 9, 4);
    run(w);
    assert_true(together(w, 0, 9));
    assert_true(together(w, 1, 5));
    assert_false(together(w, 0, 1));
    assert_int_equal(w->clusters.n_refusals, 2);
}

/* A weak link between two persons, three more pairs that nobody saw: 1 - 2 is
 * against; 3 - 2 is for. */
static void
a_weak_link_does_not_chain_two_people(void **state)
{
    world *w = *state;
    edge(w, 0, 4, 20);
    edge(w, 1, 5, 20);
    edge(w, 4, 5, 1);
    edge(w, 2, 6, 20);
    edge(w, 3, 8, 20);
    edge(w, 2, 3, 3);
    run(w);
    assert_false(together(w, 0, 1));
    assert_true(together(w, 6, 8));
    assert_int_equal(w->clusters.refusals[0].reason, KITH_REFUSED_AVERAGE_LINK);
}

/* A link of 2 bits and three pairs that nobody saw: in narrow blocks few pairs
 * of one person meet; in those of a single site the three are against. */
static void
unseen_pairs_count_where_blocks_are_wide(void **state)
{
    world *w = *state;
    edge(w, 2, 6, 20);
    edge(w, 3, 8, 20);
    edge(w, 2, 3, 2);
    run(w);
    assert_true(together(w, 6, 8));
    kith_clusters_done(&w->clusters);
    w->spec.single_site = true;
    run(w);
    assert_false(together(w, 6, 8));
    assert_int_equal(w->clusters.refusals[0].reason, KITH_REFUSED_AVERAGE_LINK);
}

/* Refused while small, accepted once the evidence across has grown. */
static void
a_refusal_is_reconsidered_when_clusters_grow(void **state)
{
    world *w = *state;
    edge(w, 0, 1, 20);
    edge(w, 0, 2, 20);
    edge(w, 1, 2, 20);
    edge(w, 2, 4, 4);
    edge(w, 0, 4, -3);
    edge(w, 1, 4, -3); /* 4 alone: 4 - 3 - 3 < 0, refused */
    edge(w, 4, 5, 3);  /* {4, 5}: 4 - 3 - 3 + 2 + 2 + 2 >= 0 */
    edge(w, 0, 5, 2);
    edge(w, 1, 5, 2);
    edge(w, 2, 5, 2);
    run(w);
    assert_true(together(w, 2, 4));
    assert_true(together(w, 0, 5));
    assert_int_equal(w->clusters.n_refusals, 0);
}

static void
the_strongest_pass_speaks(void **state)
{
    world *w = *state;
    edge(w, 0, 4, -2);
    edge(w, 0, 4, 7);
    edge(w, 0, 4, 3);
    run(w);
    assert_true(together(w, 0, 4));
    assert_int_equal(w->clusters.weakest[0], 7 * KITH_WEIGHT_PER_BIT);
}

static const kith_spec_rule same = {.name = "same", .verdict = KITH_ACCEPT};
static const kith_spec_rule other = {.name = "other", .verdict = KITH_REFUSE};

/* kith_edge.rule of the two. */
enum { RULE_SAME = 1, RULE_OTHER = 2 };

static void
give_rules(world *w)
{
    w->spec.rules[0] = same;
    w->spec.rules[1] = other;
    w->spec.n_rules = 2;
}

static void
an_accepted_pair_joins_below_the_threshold(void **state)
{
    world *w = *state;
    give_rules(w);
    edge(w, 0, 4, -9);
    w->edges[0].rule = RULE_SAME;
    w->marks[0][NHS] = 1;
    w->marks[4][NHS] = 2;
    edge(w, 1, 5, -9);
    run(w);
    assert_true(together(w, 0, 4));
    assert_false(together(w, 1, 5));
}

static void
a_refused_pair_never_joins_nor_do_those_beside_it(void **state)
{
    world *w = *state;
    give_rules(w);
    edge(w, 0, 4, 30);
    w->edges[0].rule = RULE_OTHER;
    edge(w, 0, 1, 20);
    edge(w, 4, 5, 20);
    edge(w, 1, 5, 10); /* {0, 1} and {4, 5} */
    run(w);
    assert_true(together(w, 0, 1));
    assert_true(together(w, 4, 5));
    assert_false(together(w, 0, 4));
    assert_int_equal(w->clusters.n_refusals, 2);
    assert_int_equal(w->clusters.refusals[0].reason, KITH_REFUSED_RULE);
    assert_int_equal(w->clusters.refusals[1].reason, KITH_REFUSED_RULE);
}

/* A refusal below the threshold, where no link would have been tried. */
static void
a_refusal_outweighs_an_acceptance_beside_it(void **state)
{
    world *w = *state;
    give_rules(w);
    edge(w, 0, 1, 5);
    w->edges[0].rule = RULE_SAME;
    edge(w, 1, 4, 5);
    w->edges[1].rule = RULE_SAME;
    edge(w, 0, 4, -9);
    w->edges[2].rule = RULE_OTHER;
    run(w);
    assert_true(together(w, 0, 1));
    assert_false(together(w, 0, 4));
    assert_int_equal(w->clusters.n_refusals, 1);
    assert_int_equal(w->clusters.refusals[0].reason, KITH_REFUSED_RULE);
}

static void
a_deduplicated_source_stays_so_whatever_is_accepted(void **state)
{
    world *w = *state;
    give_rules(w);
    edge(w, 0, 7, 20);
    edge(w, 0, 8, 20);
    w->edges[1].rule = RULE_SAME;
    run(w);
    assert_true(together(w, 0, 8)); /* accepted: before the stronger one */
    assert_false(together(w, 0, 7));
    assert_int_equal(w->clusters.refusals[0].reason, KITH_REFUSED_ONE_SOURCE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(no_pairs_leave_everyone_alone, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(links_below_the_threshold_do_not_join,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_deduplicated_source_is_never_twice_in_a_person, setup, teardown),
        cmocka_unit_test_setup_teardown(
            different_unique_identifiers_are_kept_apart, setup, teardown),
        cmocka_unit_test_setup_teardown(
            an_agreeing_identifier_overrules_a_conflict, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_conflict_is_seen_through_a_record_without_a_number, setup,
            teardown),
        cmocka_unit_test_setup_teardown(a_person_may_not_grow_without_end,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(twins_stay_two, setup, teardown),
        cmocka_unit_test_setup_teardown(namesakes_stay_two, setup, teardown),
        cmocka_unit_test_setup_teardown(
            unseen_pairs_count_where_blocks_are_wide, setup, teardown),
        cmocka_unit_test_setup_teardown(a_weak_link_does_not_chain_two_people,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_refusal_is_reconsidered_when_clusters_grow, setup, teardown),
        cmocka_unit_test_setup_teardown(the_strongest_pass_speaks, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(
            an_accepted_pair_joins_below_the_threshold, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_refused_pair_never_joins_nor_do_those_beside_it, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_refusal_outweighs_an_acceptance_beside_it, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_deduplicated_source_stays_so_whatever_is_accepted, setup,
            teardown),
    };
    return cmocka_run_group_tests_name("unions", tests, NULL, NULL);
}
