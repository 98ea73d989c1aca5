#include "cli/command.h"
#include "cli/stages.h"
#include "cli/summary.h"

#include <kith/train.h>

typedef struct train_args {
    const char *spec;
    const char *passes;
    const char *out;
    uint64_t max_pairs;
    uint64_t max_iterations;
    double tolerance;
} train_args;

#define OFFSET(field) offsetof(train_args, field)

static const kith_opt options[] = {
    {KITH_OPT_TEXT, "passes", "FOLDER", "the passes bundles of all agencies",
     NULL, OFFSET(passes), KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "out", "FILE", "the model, model.yaml", NULL, OFFSET(out),
     KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "spec", "FILE", "linkage spec; by default the shipped one",
     NULL, OFFSET(spec), 0},
    {KITH_OPT_COUNT, "max-pairs", "N",
     "pairs sampled in each pass; by default the stage's own choice", NULL,
     OFFSET(max_pairs), 0},
    {KITH_OPT_COUNT, "max-iterations", "N",
     "EM stops after so many rounds; by default the stage's own choice", NULL,
     OFFSET(max_iterations), 0},
    {KITH_OPT_REAL, "tolerance", "X", "EM stops when no probability moves more",
     NULL, OFFSET(tolerance), 0},
    {KITH_OPT_END, NULL, NULL, NULL, NULL, 0, 0},
};

static kith_status
run(const void *args, kith_job *job, kith_error *err)
{
    const train_args *a = args;
    kith_status status = KITH_OK;
    kith_spec *spec = NULL;
    KITH_TRY(kith_cli_spec(&spec, a->spec, err));
    kith_train_params params = kith_train_params_default();
    params.spec = spec;
    params.passes = a->passes;
    params.out = a->out;
    if (a->max_pairs != 0)
        params.max_pairs = a->max_pairs;
    if (a->max_iterations != 0)
        params.max_iterations = (uint32_t)a->max_iterations;
    if (a->tolerance > 0)
        params.tolerance = a->tolerance;
    KITH_TRY(kith_train(&params, job, err));
    kith_summary_counts(stdout, job);
done:
    kith_spec_free(spec);
    return status;
}

const kith_command kith_cmd_train = {
    "train",
    "Estimate the match model from the encoded passes",
    "Finds m and u probabilities for each pass by EM on counts of agreement "
    "patterns, without any known matches. The model is a text file that can be "
    "read, compared and frozen.",
    options,
    sizeof(train_args),
    false,
    run,
};
