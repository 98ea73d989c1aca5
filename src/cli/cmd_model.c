#include "cli/command.h"
#include "cli/stages.h"

#include <kith/train.h>
#include <string.h>

typedef struct model_args {
    const char *action;
    const char *old;
    const char *new;
    const char *spec;
} model_args;

#define OFFSET(field) offsetof(model_args, field)

static const kith_opt options[] = {
    {KITH_OPT_TEXT, "ACTION", NULL, "diff", NULL, OFFSET(action),
     KITH_OPT_REQUIRED | KITH_OPT_POSITIONAL},
    {KITH_OPT_TEXT, "OLD", NULL, "a model.yaml", NULL, OFFSET(old),
     KITH_OPT_REQUIRED | KITH_OPT_POSITIONAL},
    {KITH_OPT_TEXT, "NEW", NULL, "another, of the same spec", NULL, OFFSET(new),
     KITH_OPT_REQUIRED | KITH_OPT_POSITIONAL},
    {KITH_OPT_TEXT, "spec", "FILE", "linkage spec; by default the shipped one",
     NULL, OFFSET(spec), 0},
    {KITH_OPT_END, NULL, NULL, NULL, NULL, 0, 0},
};

static kith_status
run(const void *args, kith_job *job, kith_error *err)
{
    (void)job;
    const model_args *a = args;
    kith_status status = KITH_OK;
    kith_spec *spec = NULL;
    kith_model *old = NULL;
    kith_model *new = NULL;
    uint64_t n = 0;
    if (strcmp(a->action, "diff") != 0)
        KITH_TRY(kith_error_set(err, KITH_ERR_USAGE,
                                "model can only \"diff\" two models"));
    KITH_TRY(kith_cli_spec(&spec, a->spec, err));
    KITH_TRY(kith_model_load(&old, a->old, spec, err));
    KITH_TRY(kith_model_load(&new, a->new, spec, err));
    KITH_TRY(kith_model_diff(stdout, old, new, &n, err));
    if (n == 0)
        (void)printf("the two models weigh every level alike\n");
done:
    kith_model_free(old);
    kith_model_free(new);
    kith_spec_free(spec);
    return status;
}

const kith_command kith_cmd_model = {
    "model",
    "Compare two match models: kith model diff OLD NEW",
    "Lists each prior and each level whose weight differs, in bits: what a "
    "new training would change before it is let into production.",
    options,
    sizeof(model_args),
    true,
    run,
};
