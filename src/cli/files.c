#include "cli/files.h"

#include "cli/command.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

kith_status
kith_files_add(kith_files *l, const char *folder, const char *name,
               kith_error *err)
{
    kith_status status = KITH_OK;
    if (l->n == l->cap) {
        char **more = NULL;
        const size_t cap = 2 * l->cap + 16;
        KITH_TRY(kith_cli_alloc(&more, cap, sizeof *more, err));
        if (l->n > 0)
            memcpy(more, l->files, l->n * sizeof *more);
        free(l->files);
        l->files = more;
        l->cap = cap;
    }
    KITH_TRY(kith_cli_join(&l->files[l->n], folder, name, err));
    l->n++;
done:
    return status;
}

static int
by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

kith_status
kith_files_add_folder(kith_files *l, const char *path, const char *prefix,
                      kith_error *err)
{
    kith_status status = KITH_OK;
    const uint32_t first = l->n;
    DIR *folder = opendir(path);
    if (folder == NULL)
        return kith_error_set(err, KITH_ERR_IO, "%s: %s", path,
                              strerror(errno));
    for (const struct dirent *e = readdir(folder); e != NULL;
         e = readdir(folder)) {
        if (e->d_name[0] != '.' &&
            strncmp(e->d_name, prefix, strlen(prefix)) == 0)
            KITH_TRY(kith_files_add(l, path, e->d_name, err));
    }
    if (l->n > first)
        qsort(l->files + first, l->n - first, sizeof *l->files, by_name);
done:
    (void)closedir(folder);
    return status;
}

void
kith_files_done(kith_files *l)
{
    for (uint32_t i = 0; i < l->n; i++)
        free(l->files[i]);
    free(l->files);
}
