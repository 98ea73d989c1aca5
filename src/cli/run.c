#include "cli/run.h"

#include "cli/command.h"
#include "cli/stages.h"

#include <kith/cluster.h>
#include <kith/encode.h>
#include <kith/family.h>
#include <kith/flag.h>
#include <kith/report.h>
#include <stdlib.h>
#include <string.h>

static kith_status
load_agency_key(kith_key **out, kith_cli_act *act, const kith_run *run,
                const kith_mapping *m, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_project *p = run->project;
    char *path = NULL;
    char name[256];
    (void)snprintf(name, sizeof name, "%s.key", m->agency);
    KITH_TRY(kith_cli_join(&path, p->agency_keys, name, err));
    KITH_TRY(kith_cli_act_init(act, &run->act, path, err));
    KITH_TRY(kith_key_load(out, path, KITH_KEY_AGENCY, err));
    if (strcmp(kith_key_project(*out), p->name) != 0 ||
        strcmp(kith_key_epoch(*out), p->epoch) != 0 ||
        strcmp(kith_key_agency(*out), m->agency) != 0)
        status = kith_error_set(
            err, KITH_ERR_KEY,
            "%s: key is of project %s, epoch %s, agency %s; want %s, %s, %s",
            path, kith_key_project(*out), kith_key_epoch(*out),
            kith_key_agency(*out), p->name, p->epoch, m->agency);
done:
    if (status == KITH_ERR_KEY && err->hint[0] == '\0')
        kith_error_hint(err, "make the missing keys: kith keygen --for %s",
                        p->path);
    free(path);
    return status;
}

static kith_status
encode(const kith_run *run, const char *root, const kith_mapping *m,
       kith_error *err)
{
    kith_status status = KITH_OK;
    kith_key *agency_key = NULL;
    kith_cli_act act = {.log = NULL};
    const kith_project *p = run->project;
    KITH_TRY(load_agency_key(&agency_key, &act, run, m, err));
    kith_encode_params params = kith_encode_params_default();
    params.act = act.rules;
    params.spec = run->spec;
    params.mapping = m;
    params.project_key = run->key;
    params.agency_key = agency_key;
    params.run = run->run_id;
    params.reference_date = run->reference_date.text;
    params.data = p->data;
    params.areas = p->areas;
    params.communal = p->communal;
    params.exclude = p->exclude;
    params.out = root;
    params.max_bad_rows = p->max_bad_rows;
    params.max_null_share = p->max_null_share;
    KITH_TRY(kith_encode(&params, run->job, err));
done:
    kith_cli_act_done(&act);
    kith_key_free(agency_key);
    return status;
}

/* The first night, which says so, has no results of the night before. */
static const char *
previous_results(const kith_run *run)
{
    const char *previous = run->project->previous;
    return previous == NULL || kith_cli_exists(previous) ? previous : NULL;
}

static kith_status
cluster(const kith_run *run, const char *previous, kith_error *err)
{
    kith_status status = KITH_OK;
    char *persons = NULL;
    kith_cluster_params params = kith_cluster_params_default();
    if (previous != NULL)
        KITH_TRY(kith_cli_join(&persons, previous, "persons.csv", err));
    params.spec = run->spec;
    params.pairs = run->paths.pairs;
    params.refs = run->paths.refs;
    params.previous = persons;
    params.out = run->paths.results;
    params.threshold_bits = run->spec->threshold_bits;
    KITH_TRY(kith_cluster(&params, run->job, err));
done:
    free(persons);
    return status;
}

static kith_status
family(const kith_run *run, kith_error *err)
{
    kith_family_params params = kith_family_params_default();
    params.persons = run->paths.persons;
    params.payload = run->paths.payload;
    params.out = run->paths.results;
    return kith_family(&params, run->job, err);
}

static kith_status
flag(kith_decided **decided, const kith_run *run, const char *previous,
     kith_error *err)
{
    kith_flag_params params = kith_flag_params_default();
    params.results = run->paths.results;
    params.payload = run->paths.payload;
    params.criteria = (const char *const *)run->project->criteria;
    params.n_criteria = run->project->n_criteria;
    params.reference_date = run->reference_date.text;
    params.previous = previous;
    params.out = run->paths.results;
    return kith_flag(decided, &params, run->job, err);
}

static kith_status
report(const kith_run *run, const kith_decided *decided, kith_error *err)
{
    kith_report_params params = kith_report_params_default();
    params.results = run->paths.results;
    params.flags = run->paths.results;
    params.decided = decided;
    params.payload = run->paths.payload;
    params.out = run->paths.results;
    params.region = run->project->region;
    params.smallest_neighbourhood = run->project->smallest_neighbourhood;
    params.largest_neighbourhood = run->project->largest_neighbourhood;
    return kith_report(&params, run->job, err);
}

static kith_status
evaluate(kith_run *run, kith_error *err)
{
    const kith_evaluate_params params = {.persons = run->paths.persons,
                                         .lookup = run->paths.keep,
                                         .truth = run->project->truth,
                                         .links = run->paths.links,
                                         .out = run->paths.evaluation};
    run->evaluated = true;
    return kith_evaluate(&run->evaluation, &params, run->job, err);
}

/* A frozen model is copied, so that the outputs explain themselves. */
static kith_status
link_records(const kith_run *run, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_run_paths *paths = &run->paths;
    if (run->project->model == NULL)
        KITH_TRY(kith_stage_train(paths->model, run->spec, paths->passes,
                                  run->job, err));
    else
        KITH_TRY(kith_cli_copy(paths->model, run->project->model, err));
    KITH_TRY(kith_stage_match(paths->pairs, paths->model, run->spec,
                              paths->passes, run->job, err));
done:
    return status;
}

kith_status
kith_run_stages(kith_run *run, const char *root, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_decided *decided = NULL;
    const char *previous = previous_results(run);
    KITH_TRY(kith_run_paths_init(&run->paths, root, err));
    for (uint32_t i = 0; i < run->project->n_mappings; i++)
        KITH_TRY(encode(run, root, run->mappings[i], err));
    KITH_TRY(link_records(run, err));
    KITH_TRY(cluster(run, previous, err));
    KITH_TRY(family(run, err));
    if (run->project->n_criteria > 0) {
        KITH_TRY(flag(&decided, run, previous, err));
        KITH_TRY(report(run, decided, err));
        kith_decided_free(decided);
        decided = NULL;
    }
    if (run->project->truth != NULL)
        KITH_TRY(evaluate(run, err));
    KITH_TRY(kith_job_manifest(run->job, run->paths.manifest, err));
done:
    kith_decided_free(decided);
    return status;
}
