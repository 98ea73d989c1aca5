#include "base/alloc.h"
#include "train/count.h"
#include "train/fit.h"

#include <string.h>

kith_train_params
kith_train_params_default(void)
{
    /* Five million pairs fix even a level of one in ten thousand to one part
     * in twenty, a fifteenth of a bit. On a million records a sample of one
     * million linked as well as all (F1 .9922 and .9921). EM itself works on
     * patterns and does not care. */
    return (kith_train_params){
        .max_pairs = 5000000, .max_iterations = 2000, .tolerance = 1e-7};
}

void
kith_model_free(kith_model *model)
{
    kith_free(model);
}

static kith_status
train_pass(kith_pass_model *out, const kith_train_params *params,
           unsigned index, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_pass *pass = NULL;
    uint64_t *counts = NULL;
    kith_patterns patterns = {0};
    kith_source_counts sources;
    const kith_fit_params fit = {.spec = params->spec,
                                 .pass = index,
                                 .max_iterations = params->max_iterations,
                                 .tolerance = params->tolerance};
    KITH_TRY(kith_pass_open(&pass, params->spec, index, params->passes, err));
    KITH_TRY(KITH_ALLOC(&counts, pass->layout.n_patterns, err));
    KITH_TRY(kith_source_counts_read(&sources, pass, err));
    KITH_TRY(kith_count_patterns(counts, pass, params->max_pairs, job, err));
    KITH_TRY(kith_patterns_init(&patterns, &pass->layout, counts, err));
    KITH_TRY(kith_fit(out, &fit, &pass->layout, &sources, &patterns, job, err));
done:
    kith_patterns_done(&patterns);
    kith_free(counts);
    kith_pass_close(pass);
    return status;
}

kith_status
kith_train(const kith_train_params *params, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_model *model = NULL;
    const kith_spec *spec = params->spec;
    kith_job_stage(job, "train", spec->name, 0, "rows");
    KITH_TRY(KITH_ALLOC(&model, 1, err));
    memcpy(model->spec_name, spec->name, sizeof model->spec_name);
    memcpy(model->digest, spec->digest, sizeof model->digest);
    for (; model->n_passes < spec->n_passes; model->n_passes++)
        KITH_TRY(train_pass(&model->passes[model->n_passes], params,
                            model->n_passes, job, err));
    KITH_TRY(kith_model_save(model, spec, params->out, job, err));
done:
    kith_job_stage_end(job);
    kith_model_free(model);
    return status;
}
