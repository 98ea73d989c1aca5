#define _XOPEN_SOURCE 700
#include "tree.h"

#include "files.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

typedef void (*visit_fn)(const char *path, const char *other);

/* Visits every file below @p folder, with its place below @p other. */
static void
walk(const char *folder, const char *other, visit_fn visit)
{
    DIR *d = opendir(folder);
    if (d == NULL)
        fail_msg("%s: cannot open", folder);
    for (struct dirent *e = readdir(d); e != NULL; e = readdir(d)) {
        char path[512], twin[512];
        struct stat st;
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        test_path(path, folder, e->d_name);
        test_path(twin, other, e->d_name);
        assert_int_equal(lstat(path, &st), 0);
        if (S_ISDIR(st.st_mode))
            walk(path, twin, visit);
        else
            visit(path, twin);
    }
    assert_int_equal(closedir(d), 0);
}

static void
expect_same(const char *path, const char *twin)
{
    size_t n = 0, n_twin = 0;
    if (!test_exists(twin))
        fail_msg("%s should not be there", path);
    char *bytes = test_read(path, &n);
    char *want = test_read(twin, &n_twin);
    if (n != n_twin || memcmp(bytes, want, n) != 0)
        fail_msg("%s is not whole", path);
    free(want);
    free(bytes);
}

static void
expect_there(const char *path, const char *twin)
{
    (void)path;
    if (!test_exists(twin))
        fail_msg("%s is missing", twin);
}

void
test_tree_expect(const char *folder, const char *reference, bool all)
{
    walk(folder, reference, expect_same);
    if (all)
        walk(reference, folder, expect_there);
}

void
test_tree_empty(const char *folder)
{
    test_folder_remove(folder);
    assert_int_equal(mkdir(folder, 0700), 0);
}
