#include "criteria/spill.h"

#include "base/alloc.h"
#include "io/out.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct kith_spill {
    FILE *file;
    bool reading;
};

void
kith_spill_free(kith_spill *s)
{
    if (s != NULL && s->file != NULL)
        (void)fclose(s->file);
    kith_free(s);
}

static kith_status
failed(const char *what, kith_error *err)
{
    return kith_error_set(err, KITH_ERR_IO, "cannot %s a temporary file: %s",
                          what, strerror(errno));
}

kith_status
kith_spill_new(kith_spill **out, const char *folder, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_spill *s = NULL;
    char *path = NULL;
    KITH_TRY(kith_make_folder(folder, err));
    KITH_TRY(kith_path_join(&path, folder, ".spill-XXXXXX", err));
    KITH_TRY(KITH_ALLOC(&s, 1, err));
    const int fd = mkstemp(path);
    if (fd < 0) {
        status = failed("make", err);
        goto done;
    }
    (void)unlink(path);
    s->file = fdopen(fd, "w+b");
    if (s->file == NULL) {
        status = failed("open", err);
        (void)close(fd);
        goto done;
    }
    *out = s;
    s = NULL;
done:
    kith_free(path);
    kith_spill_free(s);
    return status;
}

kith_status
kith_spill_add(kith_spill *s, const void *data, size_t n, kith_error *err)
{
    if (n > 0 && fwrite(data, 1, n, s->file) != n)
        return failed("write", err);
    return KITH_OK;
}

kith_status
kith_spill_read(kith_spill *s, void *data, size_t n, size_t *got,
                kith_error *err)
{
    if (!s->reading &&
        (fflush(s->file) != 0 || fseek(s->file, 0, SEEK_SET) != 0))
        return failed("rewind", err);
    s->reading = true;
    *got = n > 0 ? fread(data, 1, n, s->file) : 0;
    if (ferror(s->file) != 0 || (*got != n && *got != 0))
        return failed("read", err);
    return KITH_OK;
}
