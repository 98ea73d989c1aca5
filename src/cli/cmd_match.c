#include "cli/command.h"
#include "cli/stages.h"
#include "cli/summary.h"

#include <kith/match.h>

typedef struct match_args {
    const char *spec;
    const char *model;
    const char *passes;
    const char *out;
    kith_opt_shard shard;
} match_args;

#define OFFSET(field) offsetof(match_args, field)

static const kith_opt options[] = {
    {KITH_OPT_TEXT, "passes", "FOLDER", "the passes bundles of all agencies",
     NULL, OFFSET(passes), KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "model", "FILE", "the model that train wrote", NULL,
     OFFSET(model), KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "out", "FOLDER", "where the pairs go", NULL, OFFSET(out),
     KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "spec", "FILE", "linkage spec; by default the shipped one",
     NULL, OFFSET(spec), 0},
    {KITH_OPT_SHARD, "shard", "I/N", "only this part of the key range", "1/1",
     OFFSET(shard), 0},
    {KITH_OPT_END, NULL, NULL, NULL, NULL, 0, 0},
};

static kith_status
run(const void *args, kith_job *job, kith_error *err)
{
    const match_args *a = args;
    kith_status status = KITH_OK;
    kith_spec *spec = NULL;
    kith_model *model = NULL;
    KITH_TRY(kith_cli_spec(&spec, a->spec, err));
    KITH_TRY(kith_model_load(&model, a->model, spec, err));
    kith_match_params params = kith_match_params_default();
    params.spec = spec;
    params.model = model;
    params.passes = a->passes;
    params.out = a->out;
    params.shard = a->shard.index;
    params.n_shards = a->shard.n;
    KITH_TRY(kith_match(&params, job, err));
    kith_summary_counts(stdout, job);
done:
    kith_model_free(model);
    kith_spec_free(spec);
    return status;
}

const kith_command kith_cmd_match = {
    "match",
    "Compare the rows that share a block and write the scored pairs",
    "The matcher needs the passes bundles and the model, and no key. Shards "
    "share nothing: run --shard 1/4 to 4/4 on as many machines.",
    options,
    sizeof(match_args),
    false,
    run,
};
