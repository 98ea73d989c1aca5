/* The list of communal addresses: which records it marks, and what of it is
 * refused or left out. */
#include "../support/encoded.h"
#include "../support/files.h"
#include "../support/norm.h"

#include "base/job.h"
#include "encode/communal.h"
#include "encode/payload.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct list {
    kith_norm_rules rules;
    kith_job *job;
    kith_communal communal;
    kith_error err;
} list;

static int
set_up(void **state)
{
    list *l = calloc(1, sizeof *l);
    kith_job_params params = kith_job_params_default();
    if (l == NULL)
        return -1;
    params.n_threads = 1;
    params.quiet = true;
    test_rules_make(&l->rules);
    *state = l;
    return kith_job_new(&l->job, &params, &l->err) == KITH_OK ? 0 : -1;
}

static int
tear_down(void **state)
{
    list *l = *state;
    kith_communal_done(&l->communal);
    kith_job_free(l->job);
    test_rules_done(&l->rules);
    free(l);
    return 0;
}

static kith_status
load(list *l, const char *text)
{
    char folder[256], path[512];
    test_folder_make(folder);
    test_path(path, folder, "communal.csv");
    test_write(path, text, strlen(text));
    const kith_status status =
        kith_communal_load(&l->communal, path, &l->rules, l->job, &l->err);
    test_folder_remove(folder);
    return status;
}

static bool
has(const list *l, const char *uprn, const char *postcode, const char *house)
{
    kith_norm u, p, h;
    kith_norm_uprn(&u, kith_str_of(uprn));
    kith_norm_postcode(&p, &l->rules, kith_str_of(postcode));
    kith_norm_house(&h, &l->rules, kith_str_of(house));
    return kith_communal_has(&l->communal, &u, &p, &h);
}

/* Both sides are normalised, so that the ways of writing meet. */
static void
addresses_match_by_either_part(void **state)
{
    list *l = *state;
    assert_int_equal(load(l, "house,kind,postcode,uprn\n"
                             ",Hostel,,0100023336956\n"
                             "Flat 2,care_home,m1 1ae,\n"
                             "7,hmo,BL1 1AA,100023336957\n"),
                     KITH_OK);
    assert_true(has(l, "100023336956", "", ""));
    assert_true(has(l, "100023336956", "OL1 1AA", "99"));
    assert_true(has(l, "", "M11AE", "FLAT 2"));
    assert_true(has(l, "100023336957", "", ""));
    assert_true(has(l, "", "BL1 1AA", "7"));
    assert_false(has(l, "", "M1 1AE", "2"));
    assert_false(has(l, "", "M1 1AE", ""));
    assert_false(has(l, "", "M1", "Flat 2"));
    assert_false(has(l, "100023336958", "BL1 1AA", "8"));
    assert_false(has(l, "", "", ""));
    assert_int_equal(l->communal.n_left_out, 0);
}

static void
no_list_marks_nobody(void **state)
{
    list *l = *state;
    assert_int_equal(
        kith_communal_load(&l->communal, NULL, &l->rules, l->job, &l->err),
        KITH_OK);
    assert_false(has(l, "100023336956", "M1 1AE", "2"));
}

/* A postcode alone would mark a whole street. */
static void
rows_without_an_address_are_said_by_line(void **state)
{
    list *l = *state;
    assert_int_equal(load(l, "kind,uprn,postcode,house\n"
                             "refuge,,M1 1AE,\n"
                             "refuge,,M1 1AE,4\n"
                             "prison,12x,M1,5\n"),
                     KITH_OK);
    assert_int_equal(l->communal.n_left_out, 2);
    assert_int_equal(l->communal.lines[0], 2);
    assert_int_equal(l->communal.lines[1], 4);
    assert_true(has(l, "", "M1 1AE", "4"));
    assert_false(has(l, "", "M1 1AE", "5"));
}

static void
refused(list *l, const char *text, const char *message, const char *hint)
{
    assert_int_equal(load(l, text), KITH_ERR_CONFIG);
    assert_non_null(strstr(l->err.text, message));
    assert_non_null(strstr(l->err.hint, hint));
    assert_null(strstr(l->err.text, "SECRETPLACE"));
    kith_communal_done(&l->communal);
    l->err = (kith_error)KITH_ERROR_INIT;
}

static void
other_kinds_and_columns_are_refused(void **state)
{
    list *l = *state;
    static const char kinds[] = "hostel, refuge, care_home, prison, "
                                "student_hall, hmo or other";
    refused(l, "kind,uprn\nhostel,100023336956\nSECRETPLACE,100023336957\n",
            "communal.csv:3: column \"kind\": not a kind of communal address",
            kinds);
    refused(l, "kind,uprn\n,100023336957\n", "communal.csv:2: column \"kind\"",
            kinds);
    refused(l, "kind,postcode\nhostel,M1 1AE\n",
            "communal.csv:1: no column for an address",
            "it needs uprn, or postcode and house");
}

/* R07 and R08 live at the one, R11, R12 and R13 at the other. */
static void
records_there_are_marked_and_counted(void **state)
{
    static const char *const there[] = {"R07", "R08", "R11", "R12", "R13"};
    static const char *const elsewhere[] = {"R01", "R04", "R06", "R16"};
    static const char text[] = "kind,postcode,house\n"
                               "hostel,bl1 1aa,14\n"
                               "refuge,BL1 1AB,5\n";
    (void)state;
    test_encoded t;
    char path[512];
    size_t n = 0, row_bytes = 0;
    test_encoded_init(&t, 2);
    test_path(path, t.folder, "communal.csv");
    test_write(path, text, sizeof text - 1);
    t.params.communal = path;
    assert_int_equal(test_encode(&t), KITH_OK);
    kith_person_row *people = test_encoded_rows(&t, "payload/police.people",
                                                "people", &n, &row_bytes);
    /* Neither postcode has a decile: hostel and refuge are one byte. */
    for (size_t i = 0; i < sizeof there / sizeof *there; i++)
        assert_int_equal(people[test_encoded_record(&t, there[i])].place,
                         KITH_PLACE_COMMUNAL);
    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++)
        assert_int_equal(people[test_encoded_record(&t, elsewhere[i])].place &
                             KITH_PLACE_COMMUNAL,
                         0);
    assert_int_equal(people[test_encoded_record(&t, "R01")].place, 3);
    assert_int_equal(test_encoded_count(&t, "communal"), 5);
    free(people);
    test_encoded_done(&t);
}

static uint8_t
place_of(const list *l, const kith_encoder *e, const char *uprn)
{
    static const uint8_t pseudonym[KITH_PSEUDONYM_BYTES];
    const kith_areas areas = {.places = NULL};
    kith_payload payload;
    kith_person_row row;
    kith_norm fields[KITH_MAX_FIELDS];
    for (unsigned i = 0; i < KITH_MAX_FIELDS; i++)
        kith_norm_null(&fields[i], KITH_NORM_EMPTY);
    kith_payload_init(&payload, e, &areas, &l->communal, l->rules.reference);
    assert_true(payload.uprn >= 0);
    kith_norm_uprn(&fields[payload.uprn], kith_str_of(uprn));
    kith_payload_person(&payload, fields, kith_str_of(""), 0, pseudonym, &row);
    return row.place;
}

static void
a_property_number_marks_too(void **state)
{
    list *l = *state;
    test_encoded t;
    kith_encoder *e = NULL;
    test_encoded_init(&t, 1);
    assert_int_equal(
        kith_encoder_new(&e, t.spec, t.project, t.agency, "r1", &t.err),
        KITH_OK);
    assert_int_equal(load(l, "kind,uprn\nrefuge,100023336956\n"), KITH_OK);
    assert_int_equal(place_of(l, e, "100023336956"), KITH_PLACE_COMMUNAL);
    assert_int_equal(place_of(l, e, "100023336957"), 0);
    kith_encoder_free(e);
    test_encoded_done(&t);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(addresses_match_by_either_part),
        TEST(no_list_marks_nobody),
        TEST(rows_without_an_address_are_said_by_line),
        TEST(other_kinds_and_columns_are_refused),
        cmocka_unit_test(records_there_are_marked_and_counted),
        TEST(a_property_number_marks_too),
    };
    return cmocka_run_group_tests_name("communal", tests, NULL, NULL);
}
