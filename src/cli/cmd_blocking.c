#include "cli/blocking_report.h"
#include "cli/command.h"
#include "cli/stages.h"

#include <kith/blocking.h>

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct blocking_args {
    const char *run;
    const char *spec;
    const char *truth;
    const char *out;
} blocking_args;

#define OFFSET(field) offsetof(blocking_args, field)

static const kith_opt options[] = {
    {KITH_OPT_TEXT, "RUN", NULL,
     "output folder of a run: passes, refs, pairs, results", NULL, OFFSET(run),
     KITH_OPT_REQUIRED | KITH_OPT_POSITIONAL},
    {KITH_OPT_TEXT, "spec", "FILE", "linkage spec; by default the shipped one",
     NULL, OFFSET(spec), 0},
    {KITH_OPT_TEXT, "truth", "FILE",
     "CSV agency,id,person: shows the real recall too", NULL, OFFSET(truth), 0},
    {KITH_OPT_TEXT, "out", "FILE",
     "the report; by default results/blocking.csv of the run", NULL,
     OFFSET(out), 0},
    {KITH_OPT_END, NULL, NULL, NULL, NULL, 0, 0},
};

enum { PASSES, REFS, PAIRS, LOOKUP, PERSONS, REPORT, N_PATHS };

static kith_status
run(const void *args, kith_job *job, kith_error *err)
{
    static const char *const names[N_PATHS] = {"passes",
                                               "refs",
                                               "pairs",
                                               "keep",
                                               "results/persons.csv",
                                               "results/blocking.csv"};
    const blocking_args *a = args;
    kith_status status = KITH_OK;
    kith_spec *spec = NULL;
    char *paths[N_PATHS] = {NULL};
    KITH_TRY(kith_cli_spec(&spec, a->spec, err));
    for (size_t i = 0; i < N_PATHS; i++)
        KITH_TRY(kith_cli_join(&paths[i], a->run, names[i], err));
    const kith_blocking_params params = {.spec = spec,
                                         .passes = paths[PASSES],
                                         .refs = paths[REFS],
                                         .pairs = paths[PAIRS],
                                         .persons = paths[PERSONS],
                                         .truth = a->truth,
                                         .lookup = paths[LOOKUP],
                                         .out = a->out == NULL ? paths[REPORT]
                                                               : a->out};
    KITH_TRY(kith_blocking(&params, job, err));
    if (!kith_job_quiet(job))
        KITH_TRY(kith_blocking_report(stdout, params.out, spec, err));
done:
    for (size_t i = 0; i < N_PATHS; i++)
        free(paths[i]);
    kith_spec_free(spec);
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
