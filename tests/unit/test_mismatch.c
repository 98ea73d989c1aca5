/* Files that do not belong together are refused by the name of what differs,
 * before a row is read: passes at the matcher. */
#include "../support/files.h"

#include "compare/layout.h"
#include "io/rowfile.h"
#include "pass/pass.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ENTRIES = 6 };

static const char *const entries[ENTRIES][3] = {
    {"project", "trial", "of different projects"},
    {"epoch", "2026-q1", "of different epochs"},
    {"run", "2026-03-31", "of different runs"},
    {"spec", "", "of different linkage specs"},
    {"check", "00112233", "of different keys"},
    {"normaliser", "2", "of different versions of the normaliser"}};

/* A file without rows whose header differs in @p other, if that is one. */
static void
write_pass(const char *folder, const char *agency, const kith_spec *spec,
           unsigned other)
{
    kith_error err = KITH_ERROR_INIT;
    kith_layout layout;
    kith_rows_out *out = NULL;
    kith_meta meta = {{0}};
    char path[512], name[64];
    assert_int_equal(kith_layout_build(&layout, spec, 0, &err), KITH_OK);
    (void)snprintf(name, sizeof name, "%s.%s.pass", agency,
                   spec->passes[0].name);
    test_path(path, folder, name);
    assert_int_equal(kith_meta_add(&meta, "agency", agency, &err), KITH_OK);
    assert_int_equal(kith_meta_add(&meta, "link", "many", &err), KITH_OK);
    for (unsigned i = 0; i < ENTRIES; i++) {
        char value[80];
        (void)snprintf(value, sizeof value, "%s",
                       strcmp(entries[i][0], "spec") == 0 ? spec->digest
                                                          : entries[i][1]);
        if (i == other)
            value[0] = value[0] == '7' ? '8' : '7';
        assert_int_equal(kith_meta_add(&meta, entries[i][0], value, &err),
                         KITH_OK);
    }
    assert_int_equal(
        kith_rows_create(&out, path, "pass", layout.row_bytes, &meta, &err),
        KITH_OK);
    assert_int_equal(kith_rows_commit(out, NULL, &err), KITH_OK);
    kith_meta_done(&meta);
}

static kith_status
open_both(unsigned other, kith_error *err)
{
    char folder[256];
    kith_spec *spec = NULL;
    kith_pass *pass = NULL;
    test_folder_make(folder);
    assert_int_equal(kith_spec_default(&spec, err), KITH_OK);
    write_pass(folder, "north", spec, ENTRIES);
    write_pass(folder, "south", spec, other);
    const kith_status status = kith_pass_open(&pass, spec, 0, folder, err);
    kith_pass_close(pass);
    kith_spec_free(spec);
    test_folder_remove(folder);
    return status;
}

static void
each_difference_is_named(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ENTRIES; i++) {
        kith_error err = KITH_ERROR_INIT;
        assert_int_equal(open_both(i, &err), KITH_ERR_MISMATCH);
        if (strstr(err.text, "north.D.pass") == NULL ||
            strstr(err.text, "south.D.pass") == NULL ||
            strstr(err.text, entries[i][2]) == NULL)
            fail_msg("%s: %s", entries[i][0], err.text);
    }
}

static void
what_agrees_is_opened(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    assert_int_equal(open_both(ENTRIES, &err), KITH_OK);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_difference_is_named),
        cmocka_unit_test(what_agrees_is_opened),
    };
    return cmocka_run_group_tests_name("mismatch", tests, NULL, NULL);
}
