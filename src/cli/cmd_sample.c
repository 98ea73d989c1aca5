#include "cli/command.h"
#include "cli/stages.h"

#include <kith/clerical.h>

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct sample_args {
    const char *run;
    const char *spec;
    const char *truth;
    uint64_t pairs;
    uint64_t seed;
    double around;
    const char *out;
} sample_args;

#define OFFSET(field) offsetof(sample_args, field)

static const kith_opt options[] = {
    {KITH_OPT_TEXT, "RUN", NULL, "output folder of a run: refs, pairs, results",
     NULL, OFFSET(run), KITH_OPT_REQUIRED | KITH_OPT_POSITIONAL},
    {KITH_OPT_COUNT, "pairs", "N", "how many pairs to draw", "200",
     OFFSET(pairs), 0},
    {KITH_OPT_COUNT, "seed", "S", "another seed draws other pairs", "1",
     OFFSET(seed), 0},
    {KITH_OPT_REAL, "around", "BITS",
     "the threshold to draw around; 0 is evens", "0", OFFSET(around), 0},
    {KITH_OPT_TEXT, "spec", "FILE", "linkage spec; by default the shipped one",
     NULL, OFFSET(spec), 0},
    {KITH_OPT_TEXT, "truth", "FILE",
     "CSV agency,id,person: writes results/scores.csv, the scores by "
     "threshold, too",
     NULL, OFFSET(truth), 0},
    {KITH_OPT_TEXT, "out", "FILE",
     "the pairs; by default results/sample.csv of the run", NULL, OFFSET(out),
     0},
    {KITH_OPT_END, NULL, NULL, NULL, NULL, 0, 0},
};

enum { REFS, PAIRS, LOOKUP, PERSONS, SAMPLE, SCORES, N_PATHS };

static kith_status
run(const void *args, kith_job *job, kith_error *err)
{
    static const char *const names[N_PATHS] = {"refs",
                                               "pairs",
                                               "keep",
                                               "results/persons.csv",
                                               "results/sample.csv",
                                               "results/scores.csv"};
    const sample_args *a = args;
    kith_status status = KITH_OK;
    kith_spec *spec = NULL;
    char *paths[N_PATHS] = {NULL};
    KITH_TRY(kith_cli_spec(&spec, a->spec, err));
    for (size_t i = 0; i < N_PATHS; i++)
        KITH_TRY(kith_cli_join(&paths[i], a->run, names[i], err));
    const kith_clerical_params params = {.spec = spec,
                                         .pairs = paths[PAIRS],
                                         .refs = paths[REFS],
                                         .persons = paths[PERSONS],
                                         .lookup = paths[LOOKUP],
                                         .truth = a->truth,
                                         .n_pairs = a->pairs,
                                         .seed = a->seed,
                                         .around_bits = a->around,
                                         .out = a->out == NULL ? paths[SAMPLE]
                                                               : a->out,
                                         .scores = paths[SCORES]};
    KITH_TRY(kith_clerical(&params, job, err));
    (void)printf("made  %s\n", params.out);
    if (a->truth != NULL)
        (void)printf("made  %s\n", params.scores);
done:
    for (size_t i = 0; i < N_PATHS; i++)
        free(paths[i]);
    kith_spec_free(spec);
    return status;
}

const kith_command kith_cmd_sample = {
    "sample",
    "Draw pairs near the threshold for people to judge",
    "Pairs from 8 bits of weight below the threshold to 8 above, as many from "
    "each bit, with an empty column for the verdict. Each line says how many "
    "pairs it stands for, so that verdicts add up to an estimate of precision "
    "and of what a higher or lower threshold would do.",
    options,
    sizeof(sample_args),
    false,
    run,
};
