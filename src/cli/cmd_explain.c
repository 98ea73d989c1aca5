#include "cli/command.h"
#include "cli/stages.h"

#include <kith/explain.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct explain_args {
    const char *first;
    const char *second;
    const char *spec;
    const char *run;
    const char *model;
    bool flag;
} explain_args;

#define OFFSET(field) offsetof(explain_args, field)

static const kith_opt options[] = {
    {KITH_OPT_TEXT, "LEFT", NULL,
     "a record, agency:pseudonym; with --flag a cohort", NULL, OFFSET(first),
     KITH_OPT_REQUIRED | KITH_OPT_POSITIONAL},
    {KITH_OPT_TEXT, "RIGHT", NULL,
     "the other record; with --flag a person or family id", NULL,
     OFFSET(second), KITH_OPT_REQUIRED | KITH_OPT_POSITIONAL},
    {KITH_OPT_TEXT, "run", "FOLDER", "output folder of the run", "out",
     OFFSET(run), 0},
    {KITH_OPT_FLAG, "flag", NULL,
     "explain why a person or family is flagged, or is not", NULL, OFFSET(flag),
     0},
    {KITH_OPT_TEXT, "spec", "FILE", "linkage spec; by default the shipped one",
     NULL, OFFSET(spec), 0},
    {KITH_OPT_TEXT, "model", "FILE", "by default model.yaml of the run", NULL,
     OFFSET(model), 0},
    {KITH_OPT_END, NULL, NULL, NULL, NULL, 0, 0},
};

static kith_status
explain_pair(const explain_args *a, const char *results, kith_job *job,
             kith_error *err)
{
    kith_status status = KITH_OK;
    kith_spec *spec = NULL;
    kith_model *model = NULL;
    char *model_path = NULL;
    char *passes = NULL;
    char *refs = NULL;
    KITH_TRY(kith_cli_spec(&spec, a->spec, err));
    KITH_TRY(kith_cli_join(&model_path, a->run, "model.yaml", err));
    KITH_TRY(kith_cli_join(&passes, a->run, "passes", err));
    KITH_TRY(kith_cli_join(&refs, a->run, "refs", err));
    KITH_TRY(kith_model_load(&model, a->model == NULL ? model_path : a->model,
                             spec, err));
    const kith_explain_params params = {.spec = spec,
                                        .model = model,
                                        .passes = passes,
                                        .refs = refs,
                                        .results = results,
                                        .left = a->first,
                                        .right = a->second};
    KITH_TRY(kith_explain_pair(stdout, &params, job, err));
done:
    free(refs);
    free(passes);
    free(model_path);
    kith_model_free(model);
    kith_spec_free(spec);
    return status;
}

static kith_status
run(const void *args, kith_job *job, kith_error *err)
{
    const explain_args *a = args;
    kith_status status = KITH_OK;
    char *results = NULL;
    char *payload = NULL;
    KITH_TRY(kith_cli_join(&results, a->run, "results", err));
    KITH_TRY(kith_cli_join(&payload, a->run, "payload", err));
    const kith_explain_flag_params flag = {
        .results = results,
        .payload = access(payload, F_OK) == 0 ? payload : NULL,
        .cohort = a->first,
        .unit = a->second};
    if (a->flag)
        KITH_TRY(kith_explain_flag(stdout, &flag, job, err));
    else
        KITH_TRY(explain_pair(a, results, job, err));
done:
    free(payload);
    free(results);
    return status;
}

const kith_command kith_cmd_explain = {
    "explain",
    "Show why two records were linked, or why a flag was set",
    "kith explain gmp:PSEUDONYM dwp:PSEUDONYM shows each comparison with its "
    "level and its weight in bits, the total and the probability.\n"
    "kith explain --flag COHORT ID shows each criterion with the events that "
    "decided it; of who has no flag, with what was looked at.",
    options,
    sizeof(explain_args),
    false,
    run,
};
