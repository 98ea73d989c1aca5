#include "cli/command.h"
#include "cli/run.h"
#include "cli/stages.h"

#include <kith/flag.h>
#include <stdlib.h>
#include <string.h>

static kith_status
load_dates(kith_run *run, const char *given, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_project *p = run->project;
    const char *date = given != NULL ? given : p->reference_date;
    KITH_TRY(kith_opt_read_date(&run->reference_date, date, err));
    /* The run id follows the date unless the project names one of its own. */
    const char *id = run->reference_date.text;
    if (p->run != NULL && strcmp(p->run, "today") != 0 &&
        strcmp(p->run, p->reference_date) != 0)
        id = p->run;
    if ((size_t)snprintf(run->run_id, sizeof run->run_id, "%s", id) >=
        sizeof run->run_id)
        status = kith_error_set(err, KITH_ERR_CONFIG, "run: too long");
done:
    if (status == KITH_ERR_USAGE) {
        status = KITH_ERR_CONFIG;
        kith_error_prefix(err, "%s: reference_date: ", p->path);
    }
    return status;
}

static kith_status
load_mappings(kith_run *run, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_project *p = run->project;
    if (p->n_mappings == 0) {
        status =
            kith_error_set(err, KITH_ERR_CONFIG, "%s: no agencies", p->path);
        kith_error_hint(err, "list the mappings under `agencies:`");
        return status;
    }
    KITH_TRY(kith_cli_alloc(&run->mappings, p->n_mappings,
                            sizeof *run->mappings, err));
    for (uint32_t i = 0; i < p->n_mappings; i++) {
        KITH_TRY(kith_mapping_load(&run->mappings[i], p->mappings[i], run->spec,
                                   err));
        KITH_TRY(kith_job_input_file(run->job, p->mappings[i], err));
    }
    KITH_TRY(kith_mappings_check(run->mappings, p->n_mappings, err));
done:
    return status;
}

static kith_status
load_key(kith_run *run, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_project *p = run->project;
    char check[2 * KITH_CHECK_BYTES + 1];
    KITH_TRY(kith_key_load(&run->key, p->key, KITH_KEY_PROJECT, err));
    if (strcmp(kith_key_project(run->key), p->name) != 0 ||
        strcmp(kith_key_epoch(run->key), p->epoch) != 0) {
        status = kith_error_set(
            err, KITH_ERR_KEY,
            "%s: key is of project %s, epoch %s; %s says %s, %s", p->key,
            kith_key_project(run->key), kith_key_epoch(run->key), p->path,
            p->name, p->epoch);
        kith_error_hint(err,
                        "name the key of this project and epoch, or make "
                        "one: kith keygen --for %s",
                        p->path);
        goto done;
    }
    KITH_TRY(kith_key_check(check, run->key, run->spec->digest, err));
    kith_job_fact(run->job, "key_check", check);
done:
    return status;
}

static kith_status
record_configs(kith_run *run, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_project *p = run->project;
    KITH_TRY(kith_job_input_file(run->job, p->path, err));
    if (p->spec != NULL)
        KITH_TRY(kith_job_input_file(run->job, p->spec, err));
    if (p->model != NULL)
        KITH_TRY(kith_job_input_file(run->job, p->model, err));
    kith_job_fact(run->job, "project", p->name);
    kith_job_fact(run->job, "epoch", p->epoch);
    kith_job_fact(run->job, "run", run->run_id);
    kith_job_fact(run->job, "reference_date", run->reference_date.text);
    kith_job_fact(run->job, "spec", run->spec->name);
    kith_job_fact(run->job, "spec_digest", run->spec->digest);
done:
    return status;
}

kith_status
kith_run_load(kith_run *run, const char *config, const char *reference_date,
              kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(kith_project_load(&run->project, config, err));
    KITH_TRY(load_dates(run, reference_date, err));
    KITH_TRY(kith_cli_spec(&run->spec, run->project->spec, err));
    KITH_TRY(load_mappings(run, err));
    KITH_TRY(kith_flag_check((const char *const *)run->project->criteria,
                             run->project->n_criteria, err));
    KITH_TRY(record_configs(run, err));
    KITH_TRY(load_key(run, err));
done:
    return status;
}

/* Where each path lies in the struct, and below the root. */
static const struct {
    size_t offset;
    const char *name;
} path_table[] = {
    {offsetof(kith_run_paths, passes), "passes"},
    {offsetof(kith_run_paths, refs), "refs"},
    {offsetof(kith_run_paths, payload), "payload"},
    {offsetof(kith_run_paths, keep), "keep"},
    {offsetof(kith_run_paths, pairs), "pairs"},
    {offsetof(kith_run_paths, results), "results"},
    {offsetof(kith_run_paths, model), "model.yaml"},
    {offsetof(kith_run_paths, persons), "results/persons.csv"},
    {offsetof(kith_run_paths, links), "results/links.csv"},
    {offsetof(kith_run_paths, evaluation), "results/evaluation.csv"},
    {offsetof(kith_run_paths, manifest), "manifest.json"},
};
enum { N_PATHS = sizeof path_table / sizeof path_table[0] };

static char **
path_at(kith_run_paths *paths, size_t i)
{
    return (char **)(void *)((char *)paths + path_table[i].offset);
}

kith_status
kith_run_paths_init(kith_run_paths *paths, const char *root, kith_error *err)
{
    kith_status status = KITH_OK;
    *paths = (kith_run_paths){0};
    for (size_t i = 0; i < N_PATHS; i++)
        KITH_TRY(
            kith_cli_join(path_at(paths, i), root, path_table[i].name, err));
done:
    return status;
}

void
kith_run_paths_done(kith_run_paths *paths)
{
    for (size_t i = 0; i < N_PATHS; i++)
        free(*path_at(paths, i));
    *paths = (kith_run_paths){0};
}

void
kith_run_done(kith_run *run)
{
    kith_run_paths_done(&run->paths);
    kith_key_free(run->key);
    for (uint32_t i = 0; run->mappings != NULL && i < run->project->n_mappings;
         i++)
        kith_mapping_free(run->mappings[i]);
    free(run->mappings);
    kith_spec_free(run->spec);
    kith_project_free(run->project);
}
