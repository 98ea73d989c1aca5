#include "cluster/linked.h"

#include "base/alloc.h"
#include "io/in.h"
#include "io/out.h"

#include <string.h>
#include <unistd.h>

enum { MOST_BYTES = 1 << 16 };

static const char *const entries[] = {"project", "epoch", "run"};
enum { N_ENTRIES = sizeof entries / sizeof *entries };

kith_status
kith_linked_write(const kith_meta *meta, const char *folder, kith_job *job,
                  kith_error *err)
{
    kith_status status = KITH_OK;
    kith_out *out = NULL;
    char *path = NULL;
    KITH_TRY(kith_path_join(&path, folder, "run.txt", err));
    KITH_TRY(kith_out_open(&out, path, false, err));
    for (size_t i = 0; i < N_ENTRIES; i++) {
        const kith_str value = kith_meta_get(meta, entries[i]);
        KITH_TRY(kith_out_printf(out, err, "%s: %.*s\n", entries[i],
                                 (int)value.len, value.data));
    }
    const kith_str check = kith_meta_get(meta, "check");
    if (check.data != NULL && kith_meta_get(meta, "rekeyed").data == NULL)
        KITH_TRY(kith_out_printf(out, err, "check: %.*s\n", (int)check.len,
                                 check.data));
    kith_out *whole = out;
    out = NULL;
    KITH_TRY(kith_out_commit(whole, job, err));
done:
    kith_out_abort(out);
    kith_free(path);
    return status;
}

static kith_status
beside(char **out, const char *persons, kith_error *err)
{
    kith_status status = KITH_OK;
    char *folder = kith_strdup(persons);
    if (folder == NULL)
        return kith_error_memory(err, 1, strlen(persons));
    char *slash = strrchr(folder, '/');
    if (slash != NULL)
        *slash = '\0';
    status = kith_path_join(out, slash == NULL ? "." : folder, "run.txt", err);
    kith_free(folder);
    return status;
}

kith_status
kith_linked_check(const char *persons, const kith_meta *meta, const char *path,
                  kith_error *err)
{
    kith_status status = KITH_OK;
    kith_meta run = {0};
    char *run_path = NULL, *text = NULL;
    size_t n = 0;
    KITH_TRY(beside(&run_path, persons, err));
    if (access(run_path, R_OK) != 0)
        goto done;
    KITH_TRY(kith_in_slurp(&text, &n, run_path, MOST_BYTES, err));
    KITH_TRY(kith_buffer_add(&run.text, text, n, err));
    for (size_t i = 0; i < N_ENTRIES; i++)
        KITH_TRY(kith_meta_same(&run, run_path, meta, path, entries[i], err));
    if (kith_meta_get(&run, "check").data != NULL)
        KITH_TRY(kith_meta_same(&run, run_path, meta, path, "check", err));
done:
    kith_meta_done(&run);
    kith_free(run_path);
    kith_free(text);
    return status;
}
