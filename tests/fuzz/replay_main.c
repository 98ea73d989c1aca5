/*
 * Runs a fuzz target over every file of a folder, and over nothing at all:
 * what a fuzzer once found stays found, without a fuzzer.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static int
replay(const char *path)
{
    int rc = -1;
    uint8_t *data = NULL;
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        return -1;
    if (fseek(f, 0, SEEK_END) != 0)
        goto done;
    const long size = ftell(f);
    if (size < 0 || fseek(f, 0, SEEK_SET) != 0)
        goto done;
    /* Exactly as long as the input, so that ASan sees a read past it. */
    data = malloc(size == 0 ? 1 : (size_t)size);
    if (data == NULL || fread(data, 1, (size_t)size, f) != (size_t)size)
        goto done;
    (void)LLVMFuzzerTestOneInput(data, (size_t)size);
    rc = 0;
done:
    free(data);
    (void)fclose(f);
    return rc;
}

int
main(int argc, char **argv)
{
    size_t n = 0;
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    if (folder == NULL) {
        (void)fprintf(stderr, "usage: %s FOLDER-OF-INPUTS\n", argv[0]);
        return 1;
    }
    (void)LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    for (struct dirent *e = readdir(folder); e != NULL; e = readdir(folder)) {
        char path[4096];
        if (e->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", argv[1], e->d_name);
        if (replay(path) != 0) {
            (void)fprintf(stderr, "%s: cannot read\n", path);
            (void)closedir(folder);
            return 1;
        }
        n++;
    }
    (void)closedir(folder);
    (void)printf("%zu inputs replayed\n", n);
    return n == 0;
}
