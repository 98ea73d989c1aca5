#include "cli/command.h"
#include "cli/finished.h"

#include <kith/clerical.h>

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct sample_args {
    kith_finished_args finished;
    uint64_t pairs;
    uint64_t seed;
    double around;
} sample_args;

#define OFFSET(field) offsetof(sample_args, field)

static const kith_opt options[] = {
    KITH_FINISHED_OPTIONS(
        sample_args, "refs, pairs, results",
        "writes results/scores.csv, the scores by threshold, too",
        "the pairs; by default results/sample.csv"),
    {KITH_OPT_COUNT, "pairs", "N", "how many pairs to draw", "200",
     OFFSET(pairs), 0},
    {KITH_OPT_COUNT, "seed", "S", "another seed draws other pairs", "1",
     OFFSET(seed), 0},
    {KITH_OPT_REAL, "around", "BITS",
     "the threshold to draw around; 0 is evens", "0", OFFSET(around), 0},
    {KITH_OPT_END, NULL, NULL, NULL, NULL, 0, 0},
};

static kith_status
run(const void *args, kith_job *job, kith_error *err)
{
    const sample_args *a = args;
    kith_status status = KITH_OK;
    char *scores = NULL;
    kith_finished f = {.spec = NULL};
    KITH_TRY(kith_finished_load(&f, &a->finished, "sample.csv", err));
    KITH_TRY(kith_cli_join(&scores, f.paths.results, "scores.csv", err));
    const kith_clerical_params params = {.spec = f.spec,
                                         .pairs = f.paths.pairs,
                                         .refs = f.paths.refs,
                                         .persons = f.paths.persons,
                                         .lookup = f.paths.keep,
                                         .truth = a->finished.truth,
                                         .n_pairs = a->pairs,
                                         .seed = a->seed,
                                         .around_bits = a->around,
                                         .out = f.out,
                                         .scores = scores};
    KITH_TRY(kith_clerical(&params, job, err));
    (void)printf("made  %s\n", params.out);
    if (a->finished.truth != NULL)
        (void)printf("made  %s\n", params.scores);
done:
    free(scores);
    kith_finished_done(&f);
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
