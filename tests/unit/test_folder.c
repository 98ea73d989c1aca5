#include "io/folder.h"

#include "base/alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void
touch(const char *dir, const char *name)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fclose(f), 0);
}

static void
names_are_filtered_and_sorted(void **state)
{
    (void)state;
    char dir[] = "/tmp/kith-folder-XXXXXX";
    const char *const all[] = {"b.records", "a.records",  "B.records",
                               "a.map",     ".c.records", ".records"};
    kith_error err = KITH_ERROR_INIT;
    kith_folder f = {0};
    assert_non_null(mkdtemp(dir));
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        touch(dir, all[i]);
    assert_int_equal(kith_folder_list(&f, dir, ".records", &err), KITH_OK);
    assert_int_equal(f.n, 3);
    assert_string_equal(f.names[0], "B");
    assert_string_equal(f.names[1], "a");
    assert_string_equal(f.names[2], "b");
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char path[256];
        (void)snprintf(path, sizeof path, "%s/%s", dir, all[i]);
        (void)unlink(path);
    }
    (void)rmdir(dir);
    kith_folder_done(&f);
}

static void
a_missing_folder_is_an_error(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    kith_folder f = {0};
    assert_int_equal(kith_folder_list(&f, "/nowhere/at/all", ".map", &err),
                     KITH_ERR_IO);
    assert_non_null(strstr(err.text, "/nowhere/at/all"));
}

static void
paths_are_joined(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    char *path = NULL;
    assert_int_equal(kith_folder_file(&path, "refs", "gmp", ".records", &err),
                     KITH_OK);
    assert_string_equal(path, "refs/gmp.records");
    kith_free(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_filtered_and_sorted),
        cmocka_unit_test(a_missing_folder_is_an_error),
        cmocka_unit_test(paths_are_joined),
    };
    return cmocka_run_group_tests_name("folder", tests, NULL, NULL);
}
