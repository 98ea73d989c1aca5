/* What the search for values in clear finds, and what it must not take for
 * one. */
#include "../support/files.h"

#include "attack/scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct room {
    char folder[256];
    kith_spec *spec;
    kith_people people;
    kith_scan scan;
} room;

static void
set(kith_norm *fields, const kith_spec *spec, const char *field,
    const char *text)
{
    kith_norm *f = &fields[kith_spec_field_index(spec, field)];
    f->len = (uint8_t)strlen(text);
    memcpy(f->text, text, f->len);
}

static void
room_make(room *r)
{
    kith_error err = KITH_ERROR_INIT;
    kith_norm fields[KITH_MAX_FIELDS];
    uint32_t index = 0;
    *r = (room){.spec = NULL};
    memset(fields, 0, sizeof fields);
    test_folder_make(r->folder);
    assert_int_equal(kith_spec_default(&r->spec, &err), KITH_OK);
    r->people.spec = r->spec;
    set(fields, r->spec, "surname", "QUAXLEBURY");
    set(fields, r->spec, "forename", "ANN"); /* too short to look for */
    set(fields, r->spec, "dob", "19800517");
    set(fields, r->spec, "postcode", "OL16AB7"); /* of seven characters */
    set(fields, r->spec, "nhs", "9434765919");
    assert_int_equal(kith_people_add(&r->people, fields, &err), KITH_OK);
    assert_int_equal(
        kith_dict_add(&r->people.ids, kith_str_of("REF-00017"), &index, &err),
        KITH_OK);
    assert_int_equal(
        kith_scan_init(&r->scan, &r->people, "2026-03-31", "2026-03-31", &err),
        KITH_OK);
    assert_int_equal(r->scan.n_ids, 1);
}

static void
room_done(room *r)
{
    kith_scan_done(&r->scan);
    kith_people_done(&r->people);
    kith_spec_free(r->spec);
    test_folder_remove(r->folder);
}

static uint64_t
places(const room *r, const void *bytes, size_t n, bool numbers)
{
    kith_error err = KITH_ERROR_INIT;
    kith_scan_found found = {0};
    char path[512];
    test_path(path, r->folder, "sent");
    test_write(path, bytes, n);
    assert_int_equal(kith_scan_file(&found, &r->scan, path, numbers, &err),
                     KITH_OK);
    assert_int_equal(found.bytes, n);
    assert_int_equal(found.files, 1);
    return found.places;
}

static void
values_are_found_and_others_are_not(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t anything, numbers;
    } cases[] = {
        {"", 0, 0},
        {"QUAXLEBURY", 1, 0},
        {"xx quaxlebury yy Quaxlebury", 2, 0},
        {"QUAXLEBUR", 0, 0},
        {"ANN", 0, 0},
        {"19800517", 1, 0},
        {"17/05/1980 1980-05-17", 2, 0},
        {"born 17/05/1981", 0, 0},
        {"NHS 9434765919.", 1, 1},
        {"9434765919", 1, 1},
        {"19434765919", 0, 0}, /* inside a longer number */
        {"94347659190", 0, 0},
        {"0.9434765919", 0, 0}, /* the digits of a fraction */
        {"OL16AB7", 1, 1},
        {"ol16ab7", 0, 0}, /* so short, only as it is */
        {"ref-00017,REF-00017", 2, 2},
        {"REF-00018", 0, 0},
        {"run: 2026-03-31", 0, 0},
    };
    room r;
    room_make(&r);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const size_t n = strlen(cases[i].text);
        if (places(&r, cases[i].text, n, false) != cases[i].anything ||
            places(&r, cases[i].text, n, true) != cases[i].numbers)
            fail_msg("case %zu: %s", i, cases[i].text);
    }
    room_done(&r);
}

/* A file is read in pieces of 1 MiB: a value at any place near their borders
 * is found once. */
static void
a_value_across_two_reads(void **state)
{
    (void)state;
    enum { MIB = 1 << 20, N = 2 * MIB + 1000 };
    static const int around[] = {-300, -256, -255, -10, -5, -1, 0, 1, 250};
    room r;
    char *bytes = malloc(N);
    assert_non_null(bytes);
    room_make(&r);
    for (size_t i = 0; i < sizeof around / sizeof *around; i++)
        for (unsigned piece = 1; piece <= 2; piece++) {
            memset(bytes, '.', N);
            memcpy(bytes + (long)piece * MIB + around[i], "QUAXLEBURY", 10);
            assert_int_equal(places(&r, bytes, N, false), 1);
        }
    memset(bytes, '.', N);
    memcpy(bytes + N - 10, "QUAXLEBURY", 10);
    assert_int_equal(places(&r, bytes, N, false), 1);
    free(bytes);
    room_done(&r);
}

/* Binary files hold text too. */
static void
between_other_bytes(void **state)
{
    (void)state;
    static const char bytes[] = "\0\1\xFFQUAXLEBURY\0\0"
                                "9434765919\0QUAX\0LEBURY";
    room r;
    room_make(&r);
    assert_int_equal(places(&r, bytes, sizeof bytes, false), 2);
    room_done(&r);
}

static void
every_file_of_a_folder(void **state)
{
    (void)state;
    room r;
    char path[512];
    kith_scan_found found = {0};
    kith_error err = KITH_ERROR_INIT;
    room_make(&r);
    test_path(path, r.folder, "a.pass");
    test_write(path, "QUAXLEBURY", 10);
    test_path(path, r.folder, "b.records");
    test_write(path, "9434765919", 10);
    assert_int_equal(kith_scan_folder(&found, &r.scan, r.folder, false, &err),
                     KITH_OK);
    assert_int_equal(found.files, 2);
    assert_int_equal(found.places, 2);
    test_path(path, r.folder, "none");
    assert_int_equal(kith_scan_file(&found, &r.scan, path, false, &err),
                     KITH_ERR_IO);
    room_done(&r);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_found_and_others_are_not),
        cmocka_unit_test(a_value_across_two_reads),
        cmocka_unit_test(between_other_bytes),
        cmocka_unit_test(every_file_of_a_folder),
    };
    return cmocka_run_group_tests_name("scan", tests, NULL, NULL);
}
