#include "cli/blocking_report.h"
#include "cli/command.h"
#include "cli/finished.h"

#include <kith/blocking.h>

#include <stddef.h>
#include <stdio.h>

typedef struct blocking_args {
    kith_finished_args finished;
} blocking_args;

static const kith_opt options[] = {
    KITH_FINISHED_OPTIONS(blocking_args, "passes, refs, pairs, results",
                          "shows the real recall too",
                          "the report; by default results/blocking.csv"),
    {KITH_OPT_END, NULL, NULL, NULL, NULL, 0, 0},
};

static kith_status
run(const void *args, kith_job *job, kith_error *err)
{
    const blocking_args *a = args;
    kith_status status = KITH_OK;
    kith_finished f = {.spec = NULL};
    KITH_TRY(kith_finished_load(&f, &a->finished, "blocking.csv", err));
    const kith_blocking_params params = {.spec = f.spec,
                                         .passes = f.paths.passes,
                                         .refs = f.paths.refs,
                                         .pairs = f.paths.pairs,
                                         .persons = f.paths.persons,
                                         .truth = a->finished.truth,
                                         .lookup = f.paths.keep,
                                         .out = f.out};
    KITH_TRY(kith_blocking(&params, job, err));
    if (!kith_job_quiet(job))
        KITH_TRY(kith_blocking_report(stdout, params.out, f.spec, err));
done:
    kith_finished_done(&f);
    return status;
}

const kith_command kith_cmd_blocking = {
    "blocking",
    "Say what each blocking pass earns and what all of them miss",
    "For each pass: rows, blocks, candidate pairs, linked pairs it covers and "
    "those that hang on it alone. For all: an estimate of the pairs that "
    "none covers, and the keys of further passes that would find most of them. "
    "Needs the passes and refs of one run: a single site has both.",
    options,
    sizeof(blocking_args),
    false,
    run,
};
