/* The stage on fixtures/encode, where every row has a reason to be there;
 * what is expected was worked out by hand from the fixture. */
#include "../support/encoded.h"
#include "../support/files.h"

#include "compare/layout.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void
every_row_is_accounted_for(void **state)
{
    (void)state;
    static const struct {
        const char *reason;
        uint64_t n;
    } want[] = {
        {"rows_read", 16},
        {"records", 12},
        {"excluded", 1},
        {"reject_ragged_row", 1},
        {"reject_missing_id", 1},
        {"reject_repeated_id", 1},
        {"bad_updated_not_a_date", 1},
        {"bad_dob_not_a_date", 1},
        {"bad_dob_future_date", 1},
        {"null_dob_placeholder", 1},
        {"null_dob_first_of_january", 1},
        {"null_dob_partial", 1},
        {"null_surname_placeholder", 1},
        {"null_surname_not_latin", 1},
        {"null_forename_placeholder", 1},
        {"null_forename_not_latin", 1},
        {"null_sex_unknown", 1},
        {"null_postcode_placeholder", 1},
        {"null_postcode_partial", 1},
        {"null_house_empty", 2},
        {"null_nhs_bad_check", 1},
        {"null_nhs_placeholder", 1},
        {"null_nhs_empty", 7},
        {"null_nino_temporary", 1},
        {"pass_D_rows", 12},
        {"pass_A_rows", 20},
        {"pass_Y_rows", 7},
        {"pass_N_rows", 8},
        {"pass_M_rows", 6},
        {"event_rows_read", 32},
        {"events", 8},
        {"event_excluded", 1},
        {"reject_event_end_before_start", 1},
        {"reject_event_future_date", 1},
        {"reject_event_not_a_date", 1},
        {"reject_event_missing_date", 1},
        {"reject_event_unknown_id", 1},
        {"reject_event_not_a_number", 1},
        {"relations", 2},
        {"relation_excluded", 1},
        {"reject_relation_same_id", 1},
        {"reject_relation_unknown_id", 1},
        {"reject_relation_future_date", 1},
    };
    test_encoded t;
    test_encoded_well(&t, 1);
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        if (test_encoded_count(&t, want[i].reason) != want[i].n)
            fail_msg("%s: %llu, want %llu", want[i].reason,
                     (unsigned long long)test_encoded_count(&t, want[i].reason),
                     (unsigned long long)want[i].n);
    test_encoded_done(&t);
}

static void
rejects_name_rows_and_no_values(void **state)
{
    (void)state;
    test_encoded t;
    char path[512];
    size_t n = 0;
    test_encoded_well(&t, 2);
    test_path(path, t.folder, "keep/police.rejects.csv");
    char *text = test_read(path, &n);
    const char *const want = "file,row,line,column,reason\n"
                             "persons.csv,14,15,,ragged_row\n"
                             "persons.csv,9,10,1,missing_id\n"
                             "persons.csv,10,11,1,repeated_id\n"
                             "persons.csv,7,8,3,dob_not_a_date\n"
                             "persons.csv,8,9,3,dob_future_date\n"
                             "persons.csv,11,12,9,updated_not_a_date\n"
                             "events.csv,8,9,3,event_future_date\n"
                             "events.csv,9,10,3,event_not_a_date\n"
                             "events.csv,10,11,3,event_missing_date\n"
                             "events.csv,11,12,1,event_unknown_id\n"
                             "events.csv,14,15,6,event_not_a_number\n"
                             "events.csv,7,8,4,event_end_before_start\n"
                             "relations.csv,3,4,2,relation_same_id\n"
                             "relations.csv,4,5,2,relation_unknown_id\n"
                             "relations.csv,5,6,3,relation_future_date\n";
    assert_int_equal(n, strlen(want));
    assert_memory_equal(text, want, n);
    free(text);
    test_encoded_done(&t);
}

/* Every row of a pass file leads to its record by the map of that pass. */
static void
maps_lead_from_rows_to_records(void **state)
{
    (void)state;
    test_encoded t;
    test_encoded_well(&t, 1);
    for (unsigned p = 0; p < t.spec->n_passes; p++) {
        char name[128];
        size_t n = 0, n_map = 0, row_bytes = 0, map_bytes = 0;
        snprintf(name, sizeof name, "passes/police.%s.pass",
                 t.spec->passes[p].name);
        uint8_t *rows = test_encoded_rows(&t, name, "pass", &n, &row_bytes);
        snprintf(name, sizeof name, "refs/police.%s.map",
                 t.spec->passes[p].name);
        kith_map_row *map =
            test_encoded_rows(&t, name, "map", &n_map, &map_bytes);
        assert_int_equal(map_bytes, sizeof *map);
        assert_int_equal(n, n_map);
        for (size_t i = 1; i < n; i++) {
            assert_true(memcmp(rows + (i - 1) * row_bytes, rows + i * row_bytes,
                               KITH_ROW_HEAD) < 0);
            assert_true(memcmp(map[i - 1].ref, map[i].ref, 8) < 0);
        }
        for (size_t i = 0; i < n; i++) {
            size_t k = 0;
            while (k < n && memcmp(rows + i * row_bytes + KITH_ROW_REF,
                                   map[k].ref, 8) != 0)
                k++;
            assert_true(k < n);
            assert_in_range(map[k].record, 0, 11);
            assert_in_range(map[k].variant, 0, t.spec->passes[p].either);
        }
        free(rows);
        free(map);
    }
    test_encoded_done(&t);
}

/* R02 and R03 are one woman: name in two spellings, day and month swapped. */
static void
rows_of_one_person_agree(void **state)
{
    (void)state;
    test_encoded t;
    kith_layout layout;
    size_t n = 0, n_map = 0, row_bytes = 0;
    test_encoded_well(&t, 1);
    const uint32_t r02 = test_encoded_record(&t, "R02"),
                   r03 = test_encoded_record(&t, "R03");
    const unsigned pass = (unsigned)kith_spec_pass_index(t.spec, "D");
    assert_int_equal(kith_layout_build(&layout, t.spec, pass, &t.err), KITH_OK);
    uint8_t *rows =
        test_encoded_rows(&t, "passes/police.D.pass", "pass", &n, &row_bytes);
    kith_map_row *map =
        test_encoded_rows(&t, "refs/police.D.map", "map", &n_map, &row_bytes);
    const uint8_t *found[2] = {NULL, NULL};
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) {
            const uint8_t *row = rows + i * layout.row_bytes;
            if (memcmp(row + KITH_ROW_REF, map[k].ref, 8) != 0 ||
                map[k].variant != 0)
                continue;
            if (map[k].record == r02)
                found[0] = row;
            if (map[k].record == r03)
                found[1] = row;
        }
    assert_true(found[0] != NULL && found[1] != NULL);
    assert_memory_equal(found[0], found[1], 8); /* one block */
    const uint32_t pattern = kith_compare_rows(&layout, found[0], found[1]);
    static const uint8_t want[] = {1, 1, KITH_DATE_SWAPPED, 1};
    for (unsigned d = 0; d < sizeof want; d++)
        assert_int_equal(kith_pattern_level(&layout, pattern, d), want[d]);
    /* No UPRN on either side; postcode and house agree: the second level. */
    assert_int_equal(kith_pattern_level(&layout, pattern, 4), 2);
    free(rows);
    free(map);
    test_encoded_done(&t);
}

static void
headers_say_what_a_file_is(void **state)
{
    (void)state;
    static const char *const files[] = {
        "passes/police.D.pass",  "refs/police.records",
        "refs/police.D.map",     "payload/police.people",
        "payload/police.events", "payload/police.relations"};
    static const char *const entries[][2] = {
        {"agency", "police"},   {"link", "many"},
        {"project", "vectors"}, {"epoch", "e1"},
        {"run", "r1"},          {"reference_date", "2026-03-31"},
        {"normaliser", "2"},
    };
    test_encoded t;
    char text[128], check[17];
    test_encoded_well(&t, 1);
    assert_int_equal(kith_key_check(check, t.project, t.spec->digest, &t.err),
                     KITH_OK);
    for (size_t f = 0; f < sizeof files / sizeof *files; f++) {
        for (size_t e = 0; e < sizeof entries / sizeof *entries; e++) {
            test_encoded_meta(&t, files[f], entries[e][0], text);
            assert_string_equal(text, entries[e][1]);
        }
        test_encoded_meta(&t, files[f], "spec", text);
        assert_string_equal(text, t.spec->digest);
        test_encoded_meta(&t, files[f], "check", text);
        assert_string_equal(text, check);
    }
    test_encoded_meta(&t, "passes/police.D.pass", "pass", text);
    assert_string_equal(text, "D");
    test_encoded_done(&t);
}

static void
same_bytes_at_any_thread_count(void **state)
{
    (void)state;
    static const unsigned counts[] = {2, 7};
    test_encoded one;
    size_t n = 0;
    test_encoded_well(&one, 1);
    char **names = test_encoded_files(&one, &n);
    /* 5 passes, 5 maps, records, people, events, relations, 2 kept. */
    assert_int_equal(n, 16);
    for (size_t c = 0; c < 2; c++) {
        test_encoded other;
        test_encoded_well(&other, counts[c]);
        for (size_t i = 0; i < n; i++) {
            char a[512], b[512];
            size_t n_a = 0, n_b = 0;
            test_path(a, one.folder, names[i]);
            test_path(b, other.folder, names[i]);
            char *x = test_read(a, &n_a), *y = test_read(b, &n_b);
            assert_int_equal(n_a, n_b);
            assert_memory_equal(x, y, n_a);
            free(x);
            free(y);
        }
        test_encoded_done(&other);
    }
    for (size_t i = 0; i < n; i++)
        free(names[i]);
    free(names);
    test_encoded_done(&one);
}

static void
wide_block_is_refused(void **state)
{
    (void)state;
    test_encoded t;
    size_t n = 0;
    test_encoded_init(&t, 1);
    t.spec->max_block_mean = 1.5; /* postcode and sound: 1.9 here */
    assert_int_equal(test_encode(&t), KITH_ERR_CONFIG);
    assert_non_null(strstr(t.err.text, "pass \"A\""));
    assert_non_null(strstr(t.err.hint, "single_site"));
    char **names = test_encoded_files(&t, &n);
    assert_int_equal(n, 0);
    free(names);
    test_encoded_done(&t);
    test_encoded_init(&t, 1);
    t.spec->max_block_mean = 1.5;
    t.spec->single_site = true;
    assert_int_equal(test_encode(&t), KITH_OK);
    test_encoded_done(&t);
}

/* Puts an extract of ids, surnames and dates of birth in place of the
 * police's. */
static void
set_extract(test_encoded *t, const char *csv)
{
    static const char mapping[] =
        "agency: police\npersons:\n  file: dates.csv\n  id: id\n  columns:\n"
        "    - {field: surname, column: LAST}\n"
        "    - {field: dob, column: BORN}\n";
    char path[512];
    test_path(path, t->folder, "dates.csv");
    test_write(path, csv, strlen(csv));
    test_path(path, t->folder, "dates.yaml");
    test_write(path, mapping, strlen(mapping));
    kith_mapping_free(t->mapping);
    assert_int_equal(kith_mapping_load(&t->mapping, path, t->spec, &t->err),
                     KITH_OK);
    t->params.mapping = t->mapping;
}

/* Ten of twelve dates are not written as the mapping, by saying nothing, says:
 * yyyy-mm-dd. */
static void
column_of_another_format(void **state)
{
    (void)state;
    test_encoded t;
    char csv[1024] = "id,LAST,BORN\nA,,1961-02-03\nB,,1962-03-04\n";
    test_encoded_init(&t, 1);
    for (unsigned i = 0; i < 10; i++)
        (void)snprintf(csv + strlen(csv), sizeof csv - strlen(csv),
                       "N%u,,%02u/05/1970\n", i, 13 + i);
    set_extract(&t, csv);
    assert_int_equal(test_encode(&t), KITH_OK);
    assert_int_equal(test_encoded_count(&t, "bad_dob_not_a_date"), 10);
    assert_int_equal(test_encoded_count(&t, "mostly_null_dob"), 1);
    t.params.max_null_share = 0.84; /* 10 of 12 are less */
    assert_int_equal(test_encode(&t), KITH_OK);
    t.params.max_null_share = 0.83;
    assert_int_equal(test_encode(&t), KITH_ERR_REJECTS);
    assert_non_null(strstr(t.err.text, "dates.csv: column \"BORN\": 83 %"));
    assert_non_null(strstr(t.err.hint, "format"));
    test_encoded_done(&t);
}

static void
too_many_bad_rows(void **state)
{
    (void)state;
    test_encoded t;
    size_t n = 0;
    test_encoded_init(&t, 2);
    t.params.max_bad_rows = 2;
    assert_int_equal(test_encode(&t), KITH_ERR_REJECTS);
    char **names = test_encoded_files(&t, &n);
    /* Nothing but the list of what was bad. */
    assert_int_equal(n, 1);
    assert_string_equal(names[0], "keep/police.rejects.csv");
    free(names[0]);
    free(names);
    test_encoded_done(&t);
    test_encoded_init(&t, 2);
    /* Three persons, six events, three relations. */
    t.params.max_bad_rows = 11;
    assert_int_equal(test_encode(&t), KITH_ERR_REJECTS);
    test_encoded_done(&t);
    test_encoded_init(&t, 2);
    t.params.max_bad_rows = 12;
    assert_int_equal(test_encode(&t), KITH_OK);
    test_encoded_done(&t);
}

static void
keys_must_fit(void **state)
{
    (void)state;
    test_encoded t;
    test_encoded_init(&t, 1);
    t.params.agency_key = t.project;
    assert_int_equal(test_encode(&t), KITH_ERR_KEY);
    t.params.agency_key = t.agency;
    free(t.mapping->agency);
    t.mapping->agency = strdup("council");
    assert_int_equal(test_encode(&t), KITH_ERR_MISMATCH);
    assert_non_null(strstr(t.err.text, "council"));
    test_encoded_done(&t);
}

static bool
contains(const char *text, size_t n, const char *value)
{
    const size_t length = strlen(value);
    for (size_t i = 0; i + length <= n; i++)
        if (memcmp(text + i, value, length) == 0)
            return true;
    return false;
}

/* Unmistakable values of the fixture, in no file that leaves the agency, and
 * in what it keeps only its own ids. */
static void
no_value_leaves(void **state)
{
    (void)state;
    static const char *const values[] = {
        "QUILLFEATHER", "Quill",      "ZEBEDEE",    "OBRIEN",   "O'Brien",
        "SMITH",        "9434765919", "AB123457",   "M1 1AE",   "M11AE",
        "m1 1ae",       "BL11A",      "17/05/1980", "19800517", "1980-05-17",
        "KHAN",         "Flat 2",     "R01",        "R15",
    };
    test_encoded t;
    size_t n = 0;
    test_encoded_well(&t, 1);
    char **names = test_encoded_files(&t, &n);
    for (size_t i = 0; i < n; i++) {
        char path[512];
        size_t n_text = 0;
        struct stat st;
        test_path(path, t.folder, names[i]);
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
        char *text = test_read(path, &n_text);
        for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
            const bool own_id = values[v][0] == 'R' && values[v][1] < 'A' &&
                                strstr(names[i], "lookup") != NULL &&
                                strcmp(values[v], "R15") != 0;
            if (!own_id && contains(text, n_text, values[v]))
                fail_msg("%s holds %s", names[i], values[v]);
        }
        free(text);
        free(names[i]);
    }
    free(names);
    test_encoded_done(&t);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_accounted_for),
        cmocka_unit_test(rejects_name_rows_and_no_values),
        cmocka_unit_test(maps_lead_from_rows_to_records),
        cmocka_unit_test(rows_of_one_person_agree),
        cmocka_unit_test(headers_say_what_a_file_is),
        cmocka_unit_test(same_bytes_at_any_thread_count),
        cmocka_unit_test(wide_block_is_refused),
        cmocka_unit_test(column_of_another_format),
        cmocka_unit_test(too_many_bad_rows),
        cmocka_unit_test(keys_must_fit),
        cmocka_unit_test(no_value_leaves),
    };
    return cmocka_run_group_tests_name("encode", tests, NULL, NULL);
}
