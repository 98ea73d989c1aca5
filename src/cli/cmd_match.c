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
    uint64_t join;
} match_args;

#define OFFSET(field) offsetof(match_args, field)

static const kith_opt options[] = {
    {KITH_OPT_TEXT, "passes", "FOLDER", "the passes bundles of all agencies",
     NULL, OFFSET(passes), 0},
    {KITH_OPT_TEXT, "model", "FILE", "the model that train wrote", NULL,
     OFFSET(model), 0},
    {KITH_OPT_TEXT, "out", "FOLDER", "where the pairs go", NULL, OFFSET(out),
     KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "spec", "FILE", "linkage spec; by default the shipped one",
     NULL, OFFSET(spec), 0},
    {KITH_OPT_SHARD, "shard", "I/N", "only this part of the key range", "1/1",
     OFFSET(shard), 0},
    {KITH_OPT_COUNT, "join", "N",
     "join the N shards in --out, made here or brought there, into the files "
     "of one run, and match nothing",
     "0", OFFSET(join), 0},
    {KITH_OPT_END, NULL, NULL, NULL, NULL, 0, 0},
};

static kith_status
missing(const char *option, kith_error *err)
{
    kith_error_set(err, KITH_ERR_USAGE, "--%s is missing", option);
    kith_error_hint(err, "only --join does without");
    return KITH_ERR_USAGE;
}

static kith_status
match(kith_match_params *params, const match_args *a, kith_job *job,
      kith_error *err)
{
    kith_status status = KITH_OK;
    kith_model *model = NULL;
    if (a->passes == NULL)
        return missing("passes", err);
    if (a->model == NULL)
        return missing("model", err);
    KITH_TRY(kith_model_load(&model, a->model, params->spec, err));
    params->model = model;
    params->passes = a->passes;
    params->shard = a->shard.index;
    params->n_shards = a->shard.n;
    KITH_TRY(kith_match(params, job, err));
done:
    kith_model_free(model);
    return status;
}

static kith_status
run(const void *args, kith_job *job, kith_error *err)
{
    const match_args *a = args;
    kith_status status = KITH_OK;
    kith_spec *spec = NULL;
    kith_match_params params = kith_match_params_default();
    if (a->join > UINT32_MAX || (a->join > 0 && a->shard.n > 1))
        return kith_error_set(err, KITH_ERR_USAGE,
                              "--join: wants a number of shards, and no "
                              "--shard");
    KITH_TRY(kith_cli_spec(&spec, a->spec, err));
    params.spec = spec;
    params.out = a->out;
    params.n_shards = (uint32_t)a->join;
    KITH_TRY(a->join > 0 ? kith_match_join(&params, job, err)
                         : match(&params, a, job, err));
    kith_summary_counts(stdout, job);
done:
    kith_spec_free(spec);
    return status;
}

const kith_command kith_cmd_match = {
    "match",
    "Compare the rows that share a block and write the scored pairs",
    "The matcher needs the passes bundles and the model, and no key. Shards "
    "share nothing: run --shard 1/4 to 4/4 on as many machines, bring their "
    "files together and --join 4 them, or let cluster read them as they are.",
    options,
    sizeof(match_args),
    false,
    run,
};
