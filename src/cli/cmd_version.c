#include "cli/command.h"

#include <kith/version.h>

static const kith_opt options[] = {
    {KITH_OPT_END, NULL, NULL, NULL, NULL, 0, 0},
};

static kith_status
run(const void *args, kith_job *job, kith_error *err)
{
    (void)args;
    (void)job;
    (void)err;
    (void)printf("kith %s\nformat %d, normaliser %s\n%s\n", kith_version(),
                 KITH_FORMAT_VERSION, KITH_NORMALISER_VERSION,
                 kith_build_flags());
    return KITH_OK;
}

const kith_command kith_cmd_version = {
    "version", "Print the version and how it was built", "", options, 0, true,
    run,
};
