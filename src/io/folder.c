#include "io/folder.h"

#include "base/alloc.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
compare_names(const void *a, const void *b)
{
    const char *x = NULL;
    const char *y = NULL;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return strcmp(x, y);
}

static kith_status
add_name(kith_folder *f, const char *name, size_t n, kith_error *err)
{
    kith_status status = KITH_OK;
    char *copy = NULL;
    KITH_TRY(KITH_GROW(&f->names, &f->cap, f->n + 1, err));
    KITH_TRY(KITH_ALLOC(&copy, n + 1, err));
    memcpy(copy, name, n);
    f->names[f->n++] = copy;
done:
    return status;
}

kith_status
kith_folder_list(kith_folder *out, const char *path, const char *suffix,
                 kith_error *err)
{
    kith_status status = KITH_OK;
    kith_folder found = {0};
    const size_t n_suffix = strlen(suffix);
    DIR *dir = opendir(path);
    if (dir == NULL) {
        status =
            kith_error_set(err, KITH_ERR_IO, "%s: %s", path, strerror(errno));
        goto done;
    }
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(dir);
        if (entry == NULL)
            break;
        const size_t n = strlen(entry->d_name);
        /* Names that begin with a dot are unfinished outputs. */
        if (n > n_suffix && entry->d_name[0] != '.' &&
            strcmp(entry->d_name + n - n_suffix, suffix) == 0)
            KITH_TRY(add_name(&found, entry->d_name, n - n_suffix, err));
    }
    if (errno != 0) {
        status =
            kith_error_set(err, KITH_ERR_IO, "%s: %s", path, strerror(errno));
        goto done;
    }
    if (found.n > 1)
        qsort(found.names, found.n, sizeof *found.names, compare_names);
    *out = found;
    found = (kith_folder){0};
done:
    if (dir != NULL)
        (void)closedir(dir);
    kith_folder_done(&found);
    return status;
}

void
kith_folder_done(kith_folder *f)
{
    for (size_t i = 0; i < f->n; i++)
        kith_free(f->names[i]);
    kith_free(f->names);
    *f = (kith_folder){0};
}

kith_status
kith_folder_file(char **out, const char *path, const char *name,
                 const char *suffix, kith_error *err)
{
    kith_status status = KITH_OK;
    const size_t n = strlen(path) + strlen(name) + strlen(suffix) + 2;
    KITH_TRY(KITH_ALLOC(out, n, err));
    (void)snprintf(*out, n, "%s/%s%s", path, name, suffix);
done:
    return status;
}
