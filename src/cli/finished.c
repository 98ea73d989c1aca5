#include "cli/finished.h"

#include "cli/command.h"
#include "cli/stages.h"

#include <stdlib.h>
#include <string.h>

kith_status
kith_finished_load(kith_finished *f, const kith_finished_args *args,
                   const char *name, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(kith_cli_spec(&f->spec, args->spec, err));
    KITH_TRY(kith_run_paths_init(&f->paths, args->run, err));
    if (args->out == NULL) {
        KITH_TRY(kith_cli_join(&f->out, f->paths.results, name, err));
    } else {
        KITH_TRY(kith_cli_alloc(&f->out, strlen(args->out) + 1, 1, err));
        memcpy(f->out, args->out, strlen(args->out));
    }
done:
    return status;
}

void
kith_finished_done(kith_finished *f)
{
    free(f->out);
    kith_run_paths_done(&f->paths);
    kith_spec_free(f->spec);
}
