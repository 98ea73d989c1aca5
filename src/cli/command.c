#include "cli/command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define OFFSET(field) offsetof(kith_common, field)

const kith_opt kith_common_options[] = {
    {KITH_OPT_COUNT, "threads", "N", "worker threads; 0: one per core", "0",
     OFFSET(threads), 0},
    {KITH_OPT_SIZE, "memory", "SIZE", "memory budget of the buffers", "2G",
     OFFSET(memory), 0},
    {KITH_OPT_ISA, "isa", "NAME",
     "comparison kernels: auto, scalar, popcnt, avx2, avx512, neon", "auto",
     OFFSET(isa), 0},
    {KITH_OPT_TEXT, "manifest", "FILE",
     "write what was read, counted and written, as JSON", NULL,
     OFFSET(manifest), 0},
    {KITH_OPT_FLAG, "quiet", NULL, "print errors only", NULL, OFFSET(quiet), 0},
    {KITH_OPT_FLAG, "verbose", NULL, "print each step", NULL, OFFSET(verbose),
     0},
    {KITH_OPT_END, NULL, NULL, NULL, NULL, 0, 0},
};

kith_status
kith_cli_alloc(void *out, size_t n, size_t size, kith_error *err)
{
    void *p = calloc(n == 0 ? 1 : n, size);
    if (p == NULL)
        return kith_error_set(err, KITH_ERR_MEMORY, "out of memory");
    memcpy(out, &p, sizeof p);
    return KITH_OK;
}

kith_status
kith_cli_join(char **out, const char *folder, const char *name, kith_error *err)
{
    kith_status status = KITH_OK;
    const size_t n = strlen(folder) + strlen(name) + 2;
    KITH_TRY(kith_cli_alloc(out, n, 1, err));
    const size_t end = strlen(folder);
    const bool slash = end > 0 && folder[end - 1] == '/';
    (void)snprintf(*out, n, "%s%s%s", folder, slash ? "" : "/", name);
done:
    return status;
}

bool
kith_cli_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

static kith_status
cannot(const char *path, kith_error *err)
{
    return kith_error_set(err, KITH_ERR_IO, "%s: %s", path, strerror(errno));
}

kith_status
kith_cli_make_folder(const char *path, kith_error *err)
{
    char copy[4096];
    if ((size_t)snprintf(copy, sizeof copy, "%s", path) >= sizeof copy)
        return kith_error_set(err, KITH_ERR_USAGE,
                              "output folder: name too "
                              "long");
    for (char *p = copy + 1; *p != '\0'; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        if (mkdir(copy, 0700) != 0 && errno != EEXIST)
            return cannot(copy, err);
        *p = '/';
    }
    if (mkdir(copy, 0700) != 0 && errno != EEXIST)
        return cannot(copy, err);
    return KITH_OK;
}

kith_status
kith_cli_copy(const char *to, const char *from, kith_error *err)
{
    kith_status status = KITH_OK;
    char block[4096];
    size_t n = 0;
    FILE *out = NULL;
    FILE *in = fopen(from, "rb");
    if (in == NULL)
        KITH_TRY(
            kith_error_set(err, KITH_ERR_IO, "%s: %s", from, strerror(errno)));
    out = fopen(to, "wb");
    if (out == NULL)
        KITH_TRY(cannot(to, err));
    while ((n = fread(block, 1, sizeof block, in)) > 0 &&
           fwrite(block, 1, n, out) == n) {
    }
    if (ferror(in) != 0 || ferror(out) != 0)
        status = kith_error_set(err, KITH_ERR_IO, "%s: copy failed", to);
done:
    if (in != NULL)
        (void)fclose(in);
    if (out != NULL && fclose(out) != 0 && status == KITH_OK)
        status = cannot(to, err);
    return status;
}
