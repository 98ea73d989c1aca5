#include "../support/files.h"
#include "../support/links.h"

#include "base/date.h"
#include "base/hex.h"
#include "encode/bundle.h"
#include "io/out.h"
#include "io/rowfile.h"

#include <kith/family.h>
#include <kith/job.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/*
 * One agency, one record a person unless said otherwise. Person i has the id
 * i + 1, so the first person of a group names it.
 */
enum { MOST = 6000, TODAY = 20543 /* 2026-03-31 */, MAN = 1, WOMAN = 2 };

typedef struct record {
    kith_person_row row;
    uint32_t person;
} record;

typedef struct world {
    char folder[256];
    kith_job *job;
    kith_error err;
    record records[MOST];
    uint32_t n, n_persons;
    kith_relation_row relations[MOST];
    uint32_t n_relations;
    char *families, *households;
    const char *run;
} world;

static int
setup(void **state)
{
    world *w = calloc(1, sizeof *w);
    kith_job_params params = kith_job_params_default();
    if (w == NULL)
        return -1;
    params.n_threads = 2;
    params.quiet = true;
    test_folder_make(w->folder);
    w->run = "r1";
    *state = w;
    return kith_job_new(&w->job, &params, &w->err) == KITH_OK ? 0 : -1;
}

static int
teardown(void **state)
{
    world *w = *state;
    kith_job_free(w->job);
    test_folder_remove(w->folder);
    free(w->families);
    free(w->households);
    free(w);
    return 0;
}

/* A record of a person; returns its index. */
static uint32_t
add_record(world *w, uint32_t person, uint64_t home, uint32_t surname, int age,
           int sex)
{
    assert_true(w->n < MOST);
    record *r = &w->records[w->n];
    *r = (record){.person = person};
    r->row = (kith_person_row){.address = home,
                               .door = home,
                               .surname = surname,
                               .born_month = KITH_NO_DATE,
                               .updated = TODAY - 30,
                               .age = (int16_t)age,
                               .sex = (uint8_t)sex,
                               .neighbourhood = UINT32_MAX,
                               .district = UINT32_MAX};
    test_pseudonym(r->row.pseudonym, 0, w->n);
    return w->n++;
}

static uint32_t
add(world *w, uint64_t home, uint32_t surname, int age, int sex)
{
    const uint32_t person = w->n_persons++;
    add_record(w, person, home, surname, age, sex);
    return person;
}

/* Between records; for single-record persons that is between persons. */
static void
relate(world *w, uint32_t record_a, uint16_t kind, uint32_t record_b)
{
    w->relations[w->n_relations++] = (kith_relation_row){.record = record_a,
                                                         .other = record_b,
                                                         .kind = kind,
                                                         .start = KITH_NO_DATE,
                                                         .end = KITH_OPEN_END};
}

static int
compare_rows(const void *a, const void *b)
{
    return memcmp(a, b, KITH_PSEUDONYM_BYTES);
}

static void
ok(const world *w, kith_status status)
{
    if (status != KITH_OK)
        print_error("%s\n", w->err.text);
    assert_int_equal(status, KITH_OK);
}

static void
write_rows(world *w, const char *name, const char *kind, const void *rows,
           size_t row_bytes, size_t n)
{
    kith_meta meta = {0};
    kith_rows_out *out = NULL;
    char path[512];
    test_path(path, w->folder, name);
    ok(w, kith_buffer_printf(&meta.text, &w->err,
                             "project: test\nepoch: e\nrun: %s\n"
                             "reference_date: 2026-03-31\n",
                             w->run));
    ok(w, kith_rows_create(&out, path, kind, row_bytes, &meta, &w->err));
    ok(w, kith_rows_write(out, rows, n, &w->err));
    ok(w, kith_rows_commit(out, NULL, &w->err));
    kith_meta_done(&meta);
}

static void
write_payload(world *w)
{
    kith_person_row *rows = calloc(w->n + 1u, sizeof *rows);
    uint32_t *places = calloc(w->n + 1u, sizeof *places);
    assert_non_null(rows);
    assert_non_null(places);
    for (uint32_t i = 0; i < w->n; i++)
        rows[i] = w->records[i].row;
    qsort(rows, w->n, sizeof *rows, compare_rows);
    for (uint32_t i = 0; i < w->n; i++) {
        const kith_person_row *found =
            bsearch(&w->records[i].row, rows, w->n, sizeof *rows, compare_rows);
        places[i] = (uint32_t)(found - rows);
    }
    for (uint32_t i = 0; i < w->n_relations; i++) {
        w->relations[i].record = places[w->relations[i].record];
        w->relations[i].other = places[w->relations[i].other];
    }
    write_rows(w, "payload/ahs.people", "people", rows, sizeof *rows, w->n);
    write_rows(w, "payload/ahs.relations", "relations", w->relations,
               sizeof *w->relations, w->n_relations);
    free(rows);
    free(places);
}

static void
write_persons(world *w)
{
    kith_out *out = NULL;
    char path[512], hex[2 * KITH_PSEUDONYM_BYTES];
    test_path(path, w->folder, "persons.csv");
    ok(w, kith_out_open(&out, path, false, &w->err));
    ok(w, kith_out_printf(out, &w->err, "person,agency,record\n"));
    for (uint32_t p = 0; p < w->n_persons; p++) {
        for (uint32_t i = 0; i < w->n; i++) {
            if (w->records[i].person != p)
                continue;
            kith_hex_write(hex, w->records[i].row.pseudonym,
                           KITH_PSEUDONYM_BYTES);
            ok(w, kith_out_printf(out, &w->err, "p%016x,ahs,%.*s\n", p + 1,
                                  (int)sizeof hex, hex));
        }
    }
    ok(w, kith_out_commit(out, NULL, &w->err));
}

static char *
result(const world *w, const char *name)
{
    char path[512];
    size_t n = 0;
    test_path(path, w->folder, name);
    return test_read(path, &n);
}

static kith_status
try_run(world *w)
{
    kith_family_params params = kith_family_params_default();
    char persons[512], payload[512];
    test_path(persons, w->folder, "persons.csv");
    test_path(payload, w->folder, "payload");
    params.persons = persons;
    params.payload = payload;
    params.out = w->folder;
    return kith_family(&params, w->job, &w->err);
}

static void
run(world *w)
{
    write_payload(w);
    write_persons(w);
    ok(w, try_run(w));
    w->families = result(w, "families.csv");
    w->households = result(w, "households.csv");
}

/* "f<family>,p<person>,<role>," is a row of families.csv. */
static bool
is_member(const world *w, uint32_t family, uint32_t person, const char *role)
{
    char row[96];
    snprintf(row, sizeof row, "\nf%016x,p%016x,%s,", family + 1, person + 1,
             role);
    return strstr(w->families, row) != NULL;
}

static bool
lives_at(const world *w, uint32_t household, uint32_t person)
{
    char row[96];
    snprintf(row, sizeof row, "\nh%016x,p%016x,", household + 1, person + 1);
    return strstr(w->households, row) != NULL;
}

static uint64_t
counted(const world *w, const char *scope, const char *reason)
{
    return kith_job_counted(w->job, "family", scope, reason);
}

static void
a_couple_and_their_children(void **state)
{
    world *w = *state;
    const uint32_t mother = add(w, 100, 1, 38, WOMAN);
    const uint32_t father = add(w, 100, 2, 41, MAN);
    const uint32_t child = add(w, 100, 2, 9, WOMAN);
    const uint32_t baby = add(w, 100, 2, 0, MAN);
    const uint32_t teenager = add(w, 100, 1, 17, MAN);
    run(w);
    assert_true(is_member(w, mother, mother, "parent"));
    assert_true(is_member(w, mother, father, "parent"));
    assert_true(is_member(w, mother, child, "dependent_child"));
    assert_true(is_member(w, mother, baby, "dependent_child"));
    assert_true(is_member(w, mother, teenager, "dependent_child"));
    assert_int_equal(counted(w, "", "families"), 1);
    assert_int_equal(counted(w, "", "households"), 1);
    assert_true(lives_at(w, mother, baby));
}

static void
a_lone_parent(void **state)
{
    world *w = *state;
    const uint32_t mother = add(w, 100, 1, 29, WOMAN);
    const uint32_t child = add(w, 100, 7, 4, MAN);
    run(w);
    assert_true(is_member(w, mother, mother, "parent"));
    assert_true(is_member(w, mother, child, "dependent_child"));
    assert_int_equal(counted(w, "", "families"), 1);
}

static void
grandparents_are_a_family_of_their_own(void **state)
{
    world *w = *state;
    const uint32_t grandmother = add(w, 100, 1, 66, WOMAN);
    const uint32_t grandfather = add(w, 100, 1, 68, MAN);
    const uint32_t father = add(w, 100, 1, 37, MAN);
    const uint32_t mother = add(w, 100, 1, 35, WOMAN);
    const uint32_t child = add(w, 100, 1, 8, WOMAN);
    run(w);
    assert_true(is_member(w, grandmother, grandmother, "partner"));
    assert_true(is_member(w, grandmother, grandfather, "partner"));
    assert_true(is_member(w, father, father, "parent"));
    assert_true(is_member(w, father, mother, "parent"));
    assert_true(is_member(w, father, child, "dependent_child"));
    assert_int_equal(counted(w, "", "families"), 2);
    assert_int_equal(counted(w, "", "households"), 1);
}

/* A young mother at her own mother's: the baby is hers. */
static void
a_daughter_with_a_child_is_its_mother(void **state)
{
    world *w = *state;
    const uint32_t grandmother = add(w, 100, 1, 45, WOMAN);
    const uint32_t mother = add(w, 100, 1, 19, WOMAN);
    const uint32_t baby = add(w, 100, 1, 1, MAN);
    run(w);
    assert_true(is_member(w, grandmother, grandmother, "adult"));
    assert_true(is_member(w, mother, mother, "parent"));
    assert_true(is_member(w, mother, baby, "dependent_child"));
}

static void
brothers_and_sisters_are_no_couple(void **state)
{
    world *w = *state;
    const uint32_t mother = add(w, 100, 1, 52, WOMAN);
    const uint32_t father = add(w, 100, 2, 54, MAN);
    const uint32_t son = add(w, 100, 2, 23, MAN);
    const uint32_t daughter = add(w, 100, 2, 21, WOMAN);
    for (uint32_t i = 0; i < w->n; i++)
        w->records[i].row.unit = 5; /* one tenancy */
    run(w);
    assert_true(is_member(w, mother, mother, "partner"));
    assert_true(is_member(w, mother, father, "partner"));
    assert_true(is_member(w, mother, son, "adult"));
    assert_true(is_member(w, mother, daughter, "adult"));
}

static void
flat_sharers_are_single(void **state)
{
    world *w = *state;
    for (uint32_t i = 0; i < 4; i++)
        add(w, 100, 10 + i, 24 + (int)i, i % 2 ? MAN : WOMAN);
    run(w);
    for (uint32_t i = 0; i < 4; i++)
        assert_true(is_member(w, i, i, "adult"));
    assert_int_equal(counted(w, "", "households"), 1);
}

/* A hostel: no household and no family, but a mother and her child that
 * social care knows of stay together. */
static void
a_hostel_is_no_family(void **state)
{
    world *w = *state;
    for (uint32_t i = 0; i < 12; i++)
        add(w, 100, 1 + i % 3, 20 + (int)i, MAN);
    const uint32_t mother = add(w, 100, 50, 30, WOMAN);
    const uint32_t child = add(w, 100, 50, 5, WOMAN);
    relate(w, mother, KITH_RELATION_PARENT_OF, child);
    run(w);
    assert_int_equal(counted(w, "", "households"), 0);
    assert_int_equal(counted(w, "communal", "people"), 14);
    assert_true(is_member(w, 0, 0, "adult"));
    assert_true(is_member(w, mother, mother, "parent"));
    assert_true(is_member(w, mother, child, "dependent_child"));
    assert_int_equal(counted(w, "", "families"), 13);
    char *communal = result(w, "communal.csv");
    assert_string_equal(communal, "address,people,children,reason\n"
                                  "h0000000000000001,14,1,too_many_people\n");
    free(communal);
}

/* Six grown-ups of six surnames; with a child among them it is a home. */
static void
six_unrelated_adults_are_communal(void **state)
{
    world *w = *state;
    for (uint32_t i = 0; i < 6; i++)
        add(w, 100, 1 + i, 30 + (int)i, MAN);
    for (uint32_t i = 0; i < 6; i++)
        add(w, 200, 1 + i, i == 0 ? 6 : 30 + (int)i, MAN);
    run(w);
    assert_int_equal(counted(w, "communal", "unrelated_adults"), 1);
    assert_int_equal(counted(w, "", "households"), 1);
    assert_true(lives_at(w, 6, 11));
}

/* The school has the mother's address, the surgery the father's. */
static void
a_child_may_live_in_two_homes(void **state)
{
    world *w = *state;
    const uint32_t mother = add(w, 100, 1, 34, WOMAN);
    const uint32_t father = add(w, 200, 2, 36, MAN);
    const uint32_t child = add(w, 100, 2, 7, MAN);
    const uint32_t other = add_record(w, child, 200, 2, 7, MAN);
    w->records[other].row.updated = TODAY - 90;
    relate(w, mother, KITH_RELATION_PARENT_OF, child);
    relate(w, father, KITH_RELATION_PARENT_OF, child);
    run(w);
    assert_true(is_member(w, mother, child, "dependent_child"));
    assert_true(is_member(w, father, child, "dependent_child"));
    assert_true(is_member(w, father, father, "adult"));
    assert_true(lives_at(w, mother, child));
    assert_true(lives_at(w, father, child));
}

static void
a_parent_elsewhere_is_listed_as_such(void **state)
{
    world *w = *state;
    const uint32_t mother = add(w, 100, 1, 34, WOMAN);
    const uint32_t father = add(w, 200, 2, 36, MAN);
    const uint32_t child = add(w, 100, 2, 7, MAN);
    relate(w, mother, KITH_RELATION_PARENT_OF, child);
    relate(w, father, KITH_RELATION_PARENT_OF, child);
    run(w);
    assert_true(is_member(w, mother, child, "dependent_child"));
    assert_true(is_member(w, mother, father, "non_resident_parent"));
    assert_true(is_member(w, father, father, "adult"));
    assert_false(is_member(w, father, child, "dependent_child"));
    assert_false(lives_at(w, father, child));
}

static void
a_child_of_no_address_joins_its_mother(void **state)
{
    world *w = *state;
    const uint32_t mother = add(w, 100, 1, 34, WOMAN);
    const uint32_t child = add(w, 0, 0, 3, MAN);
    relate(w, mother, KITH_RELATION_PARENT_OF, child);
    run(w);
    assert_true(is_member(w, mother, mother, "parent"));
    assert_true(is_member(w, mother, child, "dependent_child"));
    assert_int_equal(counted(w, "", "persons_without_address"), 1);
}

static void
a_partner_known_to_an_agency_is_a_partner(void **state)
{
    world *w = *state;
    const uint32_t a = add(w, 100, 1, 30, WOMAN);
    const uint32_t b = add(w, 100, 2, 55, WOMAN); /* no ages to guess from */
    relate(w, a, KITH_RELATION_PARTNER_OF, b);
    run(w);
    assert_true(is_member(w, a, a, "partner"));
    assert_true(is_member(w, a, b, "partner"));
    assert_non_null(strstr(w->families, ",partner,relation,0.95\n"));
}

static void
relationships_that_cannot_be_are_counted(void **state)
{
    world *w = *state;
    const uint32_t a = add(w, 100, 1, 30, WOMAN);
    const uint32_t b = add(w, 200, 2, 25, WOMAN);
    const uint32_t again = add_record(w, a, 100, 1, 30, WOMAN);
    relate(w, 0, KITH_RELATION_PARENT_OF, again); /* her own mother */
    relate(w, b, KITH_RELATION_PARENT_OF, a);     /* younger */
    relate(w, a, KITH_RELATION_PARTNER_OF, b);
    w->relations[2].end = TODAY - 400; /* over */
    relate(w, a, 99, b);
    run(w);
    assert_int_equal(counted(w, "ahs", "relations_of_one_person"), 1);
    assert_int_equal(counted(w, "ahs", "relations_with_impossible_ages"), 1);
    assert_int_equal(counted(w, "ahs", "relations_not_in_force"), 1);
    assert_int_equal(counted(w, "ahs", "relations_of_unknown_kind"), 1);
    assert_int_equal(counted(w, "", "families"), 2);
}

/* Sixteen at most: the mother and fifteen children. */
static void
a_family_of_five_thousand_is_refused(void **state)
{
    world *w = *state;
    const uint32_t mother = add(w, 100, 1, 40, WOMAN);
    for (uint32_t i = 0; i < 5000; i++)
        relate(w, mother, KITH_RELATION_PARENT_OF,
               add(w, 0, 0, (int)(i % 16), MAN));
    run(w);
    assert_int_equal(counted(w, "", "children_refused_family_too_large"), 4985);
    assert_true(is_member(w, mother, 15, "dependent_child"));
    assert_false(is_member(w, mother, 16, "dependent_child"));
}

/* A tenant whose record has no address lives where the tenancy is. */
static void
a_unit_gives_an_address(void **state)
{
    world *w = *state;
    const uint32_t a = add(w, 100, 1, 40, WOMAN);
    const uint32_t b = add(w, 0, 0, 41, MAN);
    w->records[a].row.unit = w->records[b].row.unit = 77;
    run(w);
    assert_true(lives_at(w, a, b));
    assert_non_null(strstr(w->households, ",unit,0.70\n"));
    assert_true(is_member(w, a, b, "partner"));
}

/* Property 900 is door 100: one row says so; others name one of the two. */
static void
a_property_and_its_door_are_one_home(void **state)
{
    world *w = *state;
    const uint32_t a = add(w, 900, 1, 40, WOMAN);
    const uint32_t b = add(w, 100, 1, 41, MAN);
    const uint32_t c = add(w, 900, 1, 12, MAN);
    w->records[a].row.door = 100;
    w->records[c].row.door = 0; /* property number only */
    run(w);
    assert_true(lives_at(w, a, b));
    assert_true(lives_at(w, a, c));
    assert_int_equal(counted(w, "", "households"), 1);
}

/* Three records of last year outvote one of last month. */
static void
one_stray_record_moves_nobody(void **state)
{
    world *w = *state;
    const uint32_t a = add(w, 100, 1, 40, WOMAN);
    for (int i = 0; i < 3; i++)
        w->records[add_record(w, a, 200, 1, 40, WOMAN)].row.updated =
            TODAY - 300;
    const uint32_t there = add(w, 200, 9, 80, MAN);
    run(w);
    assert_true(lives_at(w, a, there));
}

static void
damaged_inputs_are_refused(void **state)
{
    world *w = *state;
    char path[512];
    add(w, 100, 1, 40, WOMAN);
    write_payload(w);
    write_persons(w);
    test_path(path, w->folder, "persons.csv");
    const char unsorted[] =
        "person,agency,record\n"
        "p0000000000000002,ahs,00000000000000000000000000000001\n"
        "p0000000000000001,ahs,00000000000000000000000000000002\n";
    test_write(path, unsorted, sizeof unsorted - 1);
    assert_int_equal(try_run(w), KITH_ERR_DATA);
    assert_non_null(strstr(w->err.text, "persons.csv:3: "));
    const char wrong[] = "person,agency,record\nsomebody,ahs,1\n";
    test_write(path, wrong, sizeof wrong - 1);
    assert_int_equal(try_run(w), KITH_ERR_DATA);
    assert_null(strstr(w->err.text, "somebody"));
    test_path(path, w->folder, "families.csv");
    assert_false(test_exists(path));
}

static void
bundles_of_two_runs_are_refused(void **state)
{
    world *w = *state;
    add(w, 100, 1, 40, WOMAN);
    write_payload(w);
    write_persons(w);
    w->run = "r2";
    write_rows(w, "payload/zzz.people", "people", &w->records[0].row,
               sizeof w->records[0].row, 1);
    assert_int_equal(try_run(w), KITH_ERR_MISMATCH);
    assert_non_null(strstr(w->err.text, "zzz.people are of different run"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_couple_and_their_children),
        TEST(a_lone_parent),
        TEST(grandparents_are_a_family_of_their_own),
        TEST(a_daughter_with_a_child_is_its_mother),
        TEST(brothers_and_sisters_are_no_couple),
        TEST(flat_sharers_are_single),
        TEST(a_hostel_is_no_family),
        TEST(six_unrelated_adults_are_communal),
        TEST(a_child_may_live_in_two_homes),
        TEST(a_parent_elsewhere_is_listed_as_such),
        TEST(a_child_of_no_address_joins_its_mother),
        TEST(a_partner_known_to_an_agency_is_a_partner),
        TEST(relationships_that_cannot_be_are_counted),
        TEST(a_family_of_five_thousand_is_refused),
        TEST(a_unit_gives_an_address),
        TEST(a_property_and_its_door_are_one_home),
        TEST(one_stray_record_moves_nobody),
        TEST(damaged_inputs_are_refused),
        TEST(bundles_of_two_runs_are_refused),
    };
    return cmocka_run_group_tests_name("family", tests, NULL, NULL);
}
