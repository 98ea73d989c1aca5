#include "synth/shipped.h"

#include "base/alloc.h"
#include "io/out.h"

#include <string.h>
#include <unistd.h>

/* The folder the running program lies in; empty when the system hides it. */
static void
program_folder(char out[4096])
{
    const ssize_t n = readlink("/proc/self/exe", out, 4095);
    out[n > 0 ? n : 0] = '\0';
    char *slash = strrchr(out, '/');
    if (slash != NULL)
        *slash = '\0';
}

kith_status
kith_shipped_tables(char **out, kith_error *err)
{
    static const char here[] = "fixtures/synth";
    static const char *const beside[] = {"../../fixtures/synth",
                                         "../share/kith/synth"};
    kith_status status = KITH_OK;
    char folder[4096];
    if (access(here, R_OK) == 0) {
        *out = kith_strdup(here);
        return *out != NULL ? KITH_OK : kith_error_memory(err, 1, sizeof here);
    }
    program_folder(folder);
    for (unsigned i = 0; i < 2; i++) {
        status = kith_path_join(out, folder, beside[i], err);
        if (status != KITH_OK || access(*out, R_OK) == 0)
            return status;
        kith_free(*out);
        *out = NULL;
    }
    (void)kith_error_set(err, KITH_ERR_IO,
                         "the tables of names and places are not there");
    kith_error_hint(err, "run in the source folder, or install kith");
    return KITH_ERR_IO;
}
