#include "cli/command.h"
#include "cli/stages.h"
#include "cli/summary.h"

#include <kith/cluster.h>
#include <stdlib.h>

typedef struct link_args {
    const char *spec;
    const char *passes;
    const char *refs;
    const char *model;
    const char *previous;
    const char *out;
    double threshold;
} link_args;

#define OFFSET(field) offsetof(link_args, field)

static const kith_opt options[] = {
    {KITH_OPT_TEXT, "passes", "FOLDER", "the passes bundles of all agencies",
     NULL, OFFSET(passes), KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "refs", "FOLDER", "the refs bundles of all agencies", NULL,
     OFFSET(refs), KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "out", "FOLDER", "model.yaml, pairs/ and results/ go here",
     NULL, OFFSET(out), KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "spec", "FILE", "linkage spec; by default the shipped one",
     NULL, OFFSET(spec), 0},
    {KITH_OPT_TEXT, "model", "FILE", "a frozen model: nothing is trained", NULL,
     OFFSET(model), 0},
    {KITH_OPT_TEXT, "previous", "FOLDER",
     "results of the last run: ids stay the same", NULL, OFFSET(previous), 0},
    {KITH_OPT_REAL, "threshold", "BITS",
     "link at or above this weight; auto: as the spec says, else the model "
     "chooses",
     "auto", OFFSET(threshold), 0},
    {KITH_OPT_END, NULL, NULL, NULL, NULL, 0, 0},
};

/* The bundles are split so that no one holds filters and record refs both:
 * a name's filter would chain from pass to pass. */
static kith_status
require_single_site(const kith_spec *spec, kith_error *err)
{
    if (spec->single_site)
        return KITH_OK;
    const kith_status status = kith_error_set(
        err, KITH_ERR_CONFIG,
        "spec %s: link would hold the passes and the refs bundles in one place",
        spec->name);
    kith_error_hint(err, "run `kith train` and `kith match` where the passes "
                         "are and `kith cluster` where the refs are; or say "
                         "`single_site: yes` in the spec");
    return status;
}

static kith_status
run(const void *args, kith_job *job, kith_error *err)
{
    const link_args *a = args;
    kith_status status = KITH_OK;
    kith_spec *spec = NULL;
    char *trained = NULL;
    char *persons = NULL;
    char *pairs = NULL;
    char *results = NULL;
    KITH_TRY(kith_cli_spec(&spec, a->spec, err));
    KITH_TRY(require_single_site(spec, err));
    KITH_TRY(kith_cli_join(&trained, a->out, "model.yaml", err));
    KITH_TRY(kith_cli_join(&pairs, a->out, "pairs", err));
    KITH_TRY(kith_cli_join(&results, a->out, "results", err));
    if (a->previous != NULL)
        KITH_TRY(kith_cli_join(&persons, a->previous, "persons.csv", err));
    if (a->model == NULL)
        KITH_TRY(kith_stage_train(trained, spec, a->passes, job, err));
    KITH_TRY(kith_stage_match(pairs, a->model == NULL ? trained : a->model,
                              spec, a->passes, job, err));
    kith_cluster_params params = kith_cluster_params_default();
    params.spec = spec;
    params.pairs = pairs;
    params.refs = a->refs;
    params.previous = persons;
    params.out = results;
    params.threshold_bits =
        a->threshold == a->threshold ? a->threshold : spec->threshold_bits;
    KITH_TRY(kith_cluster(&params, job, err));
    kith_summary_counts(stdout, job);
done:
    free(results);
    free(pairs);
    free(trained);
    free(persons);
    kith_spec_free(spec);
    return status;
}

const kith_command kith_cmd_link = {
    "link",
    "Train, match and cluster in one place",
    "For one site that holds everything: the spec must say single_site. Where "
    "matcher and clusterer are apart, run train, match and cluster there.",
    options,
    sizeof(link_args),
    false,
    run,
};
