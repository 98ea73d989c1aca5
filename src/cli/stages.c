#include "cli/stages.h"

#include "cli/command.h"

#include <kith/match.h>
#include <kith/train.h>

kith_status
kith_cli_spec(kith_spec **out, const char *path, kith_error *err)
{
    return path == NULL ? kith_spec_default(out, err)
                        : kith_spec_load(out, path, err);
}

kith_status
kith_stage_train(const char *model, const kith_spec *spec, const char *passes,
                 kith_job *job, kith_error *err)
{
    kith_train_params params = kith_train_params_default();
    params.spec = spec;
    params.passes = passes;
    params.out = model;
    return kith_train(&params, job, err);
}

kith_status
kith_stage_match(const char *pairs, const char *model_path,
                 const kith_spec *spec, const char *passes, kith_job *job,
                 kith_error *err)
{
    kith_status status = KITH_OK;
    kith_model *model = NULL;
    kith_match_params params = kith_match_params_default();
    KITH_TRY(kith_model_load(&model, model_path, spec, err));
    params.spec = spec;
    params.model = model;
    params.passes = passes;
    params.out = pairs;
    KITH_TRY(kith_match(&params, job, err));
done:
    kith_model_free(model);
    return status;
}
