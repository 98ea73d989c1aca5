#include "cli/command.h"
#include "cli/stages.h"
#include "cli/summary.h"

#include <kith/cluster.h>
#include <stdlib.h>

typedef struct cluster_args {
    const char *spec;
    const char *pairs;
    const char *refs;
    const char *previous;
    const char *out;
    double threshold;
} cluster_args;

#define OFFSET(field) offsetof(cluster_args, field)

static const kith_opt options[] = {
    {KITH_OPT_TEXT, "pairs", "FOLDER", "the pairs of all passes", NULL,
     OFFSET(pairs), KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "refs", "FOLDER", "the refs bundles of all agencies", NULL,
     OFFSET(refs), KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "out", "FOLDER", "where the results go", NULL, OFFSET(out),
     KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "spec", "FILE", "linkage spec; by default the shipped one",
     NULL, OFFSET(spec), 0},
    {KITH_OPT_TEXT, "previous", "FOLDER",
     "results of the last run: ids stay the same", NULL, OFFSET(previous), 0},
    {KITH_OPT_REAL, "threshold", "BITS",
     "link at or above this weight; auto: as the spec says, else the model "
     "chooses",
     "auto", OFFSET(threshold), 0},
    {KITH_OPT_END, NULL, NULL, NULL, NULL, 0, 0},
};

static kith_status
run(const void *args, kith_job *job, kith_error *err)
{
    const cluster_args *a = args;
    kith_status status = KITH_OK;
    kith_spec *spec = NULL;
    char *persons = NULL;
    KITH_TRY(kith_cli_spec(&spec, a->spec, err));
    if (a->previous != NULL)
        KITH_TRY(kith_cli_join(&persons, a->previous, "persons.csv", err));
    kith_cluster_params params = kith_cluster_params_default();
    params.spec = spec;
    params.pairs = a->pairs;
    params.refs = a->refs;
    params.previous = persons;
    params.out = a->out;
    params.threshold_bits =
        a->threshold == a->threshold ? a->threshold : spec->threshold_bits;
    KITH_TRY(kith_cluster(&params, job, err));
    kith_summary_counts(stdout, job);
done:
    free(persons);
    kith_spec_free(spec);
    return status;
}

const kith_command kith_cmd_cluster = {
    "cluster",
    "Turn scored pairs into persons, under constraints",
    "Takes pairs strongest first and refuses a union that breaks a "
    "constraint: two different valid NHS numbers, a source that holds each "
    "person once, birth years that cannot be one person's. It needs the pairs "
    "and the refs bundles, never a filter, and no key.",
    options,
    sizeof(cluster_args),
    false,
    run,
};
