#include "cluster/stable_ids.h"

#include "base/alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Six records of one agency, pseudonyms 0..5. */
enum { N = 6 };

typedef struct world {
    char name[4];
    kith_ref_agency agency;
    kith_ref_record records[N];
    kith_refs refs;
    uint32_t cluster_of[N];
    kith_clusters clusters;
    kith_person_list previous;
    uint64_t previous_ids[N];
    uint32_t previous_person[N];
    uint16_t previous_agency[N];
    uint8_t previous_pseudonyms[N][KITH_PSEUDONYM_BYTES];
    uint64_t *ids;
    kith_id_counts counts;
} world;

static int
setup(void **state)
{
    world *w = calloc(1, sizeof *w);
    if (w == NULL)
        return -1;
    memcpy(w->name, "ahs", 4);
    w->agency = (kith_ref_agency){.name = w->name, .n = N};
    for (uint8_t r = 0; r < N; r++)
        w->records[r].pseudonym[0] = r;
    w->refs = (kith_refs){.agencies = &w->agency,
                          .n_agencies = 1,
                          .n_records = N,
                          .records = w->records};
    w->clusters = (kith_clusters){.cluster_of = w->cluster_of, .n_records = N};
    w->previous = (kith_person_list){.ids = w->previous_ids,
                                     .person_of = w->previous_person,
                                     .agency_of = w->previous_agency,
                                     .pseudonyms = w->previous_pseudonyms};
    *state = w;
    return 0;
}

static int
teardown(void **state)
{
    world *w = *state;
    kith_dict_done(&w->previous.agencies);
    kith_free(w->ids);
    free(w);
    return 0;
}

/* "001122": the cluster of each record, one digit each. */
static void
tonight(world *w, const char *clusters)
{
    w->clusters.n = 0;
    for (int r = 0; r < N; r++) {
        w->cluster_of[r] = (uint32_t)(clusters[r] - '0');
        if (w->cluster_of[r] >= w->clusters.n)
            w->clusters.n = w->cluster_of[r] + 1;
    }
}

/* Last night record r was in the person of digit r, "-" for absent. */
static void
last_night(world *w, const char *persons, const uint64_t *ids)
{
    kith_error err = KITH_ERROR_INIT;
    uint32_t agency = 0;
    kith_person_list *p = &w->previous;
    assert_int_equal(
        kith_dict_add(&p->agencies, kith_str_of("ahs"), &agency, &err),
        KITH_OK);
    for (uint32_t k = 0; k < N; k++) {
        for (uint8_t r = 0; r < N; r++) {
            if (persons[r] != (char)('0' + k))
                continue;
            p->person_of[p->n_records] = k;
            p->pseudonyms[p->n_records++][0] = r;
            p->n_persons = k + 1;
        }
        p->ids[k] = ids[k];
    }
}

static void
name(world *w, bool first_night)
{
    kith_error err = KITH_ERROR_INIT;
    assert_int_equal(kith_stable_ids(&w->ids, &w->counts, &w->clusters,
                                     &w->refs,
                                     first_night ? NULL : &w->previous, &err),
                     KITH_OK);
}

static const uint64_t ids[N] = {10, 20, 30, 40, 50, 60};

static void
the_larger_part_keeps_the_id_after_a_split(void **state)
{
    world *w = *state;
    last_night(w, "000001", ids);
    tonight(w, "011112");
    name(w, false);
    assert_int_equal(w->ids[1], 10);
    assert_int_equal(w->ids[2], 20);
    assert_int_not_equal(w->ids[0], 10);
    assert_int_equal(w->counts.kept, 2);
    assert_int_equal(w->counts.fresh, 1);
}

static void
the_larger_persons_id_survives_a_merge(void **state)
{
    world *w = *state;
    last_night(w, "001112", ids);
    tonight(w, "000001");
    name(w, false);
    assert_int_equal(w->ids[0], 20);
    assert_int_equal(w->ids[1], 30);
    assert_int_equal(w->counts.merged, 1);
    assert_int_equal(w->counts.gone, 0);
}

/* Records change sides: each id stays with most of its records. */
static void
each_id_goes_to_one_person(void **state)
{
    world *w = *state;
    last_night(w, "000111", ids);
    tonight(w, "001110");
    name(w, false);
    assert_int_equal(w->ids[0], 10);
    assert_int_equal(w->ids[1], 20);
    assert_int_equal(w->counts.kept, 2);
}

/* Halves: the smaller id chooses first, then the cluster with the smaller
 * record. */
static void
ties_go_to_the_smaller(void **state)
{
    world *w = *state;
    last_night(w, "001122", ids);
    tonight(w, "010101");
    name(w, false);
    assert_int_equal(w->ids[0], 10);
    assert_int_equal(w->ids[1], 20);
    assert_int_equal(w->counts.merged, 1); /* 30 */
}

static void
ids_of_records_that_left_are_gone(void **state)
{
    world *w = *state;
    const uint64_t old[N] = {10, 20};
    last_night(w, "0-1---", old);
    w->previous_pseudonyms[1][0] = 99; /* sent last night, not tonight */
    tonight(w, "012345");
    name(w, false);
    assert_int_equal(w->ids[0], 10);
    assert_int_equal(w->counts.kept, 1);
    assert_int_equal(w->counts.gone, 1);
    assert_int_equal(w->counts.fresh, 5);
}

/*
 * Record 0 named the first night's person {0, 1, 2}; when it leaves, {1, 2}
 * keeps that id and record 0, whose own hash it is, must get another.
 */
static void
a_split_never_makes_two_of_one_id(void **state)
{
    world *w = *state;
    tonight(w, "000123");
    name(w, true);
    uint64_t first[N] = {0};
    memcpy(first, w->ids, 4 * sizeof *first);
    kith_free(w->ids);
    last_night(w, "000123", first);
    tonight(w, "011234");
    name(w, false);
    assert_true(w->ids[1] == first[0]);
    assert_true(w->ids[0] != first[0]);
    for (int i = 0; i < 5; i++)
        for (int k = 0; k < i; k++)
            assert_true(w->ids[i] != w->ids[k]);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_larger_part_keeps_the_id_after_a_split),
        TEST(the_larger_persons_id_survives_a_merge),
        TEST(each_id_goes_to_one_person),
        TEST(ties_go_to_the_smaller),
        TEST(ids_of_records_that_left_are_gone),
        TEST(a_split_never_makes_two_of_one_id),
    };
    return cmocka_run_group_tests_name("stable ids", tests, NULL, NULL);
}
