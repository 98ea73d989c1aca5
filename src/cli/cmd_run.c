#include "cli/command.h"
#include "cli/commit.h"
#include "cli/run.h"
#include "cli/summary.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct run_args {
    const char *config;
    const char *out;
    const char *reference_date;
    const char *max_bad_rows;
    bool first_run;
    kith_act_args act;
} run_args;

#define OFFSET(field) offsetof(run_args, field)

static const kith_opt options[] = {
    {KITH_OPT_TEXT, "KITH.YAML", NULL, "the project file", NULL, OFFSET(config),
     KITH_OPT_REQUIRED | KITH_OPT_POSITIONAL},
    {KITH_OPT_TEXT, "out", "FOLDER", "output folder; by default the project's",
     NULL, OFFSET(out), 0},
    {KITH_OPT_TEXT, "reference-date", "DATE",
     "yyyy-mm-dd or today; by default the project's", NULL,
     OFFSET(reference_date), 0},
    {KITH_OPT_TEXT, "max-bad-rows", "N",
     "stop past this many rejected rows of an agency; by default the "
     "project's",
     NULL, OFFSET(max_bad_rows), 0},
    KITH_ACT_OPTIONS(run_args, "each agency's key, <agency>.audit.log"),
    {KITH_OPT_FLAG, "first-run", NULL,
     "the project's previous results are not there yet: person ids begin anew",
     NULL, OFFSET(first_run), 0},
    {KITH_OPT_END, NULL, NULL, NULL, NULL, 0, 0},
};

static kith_status
override(kith_run *run, const run_args *a, kith_error *err)
{
    static const kith_opt bad_rows = {
        KITH_OPT_COUNT, "max-bad-rows", "N", "", NULL, 0, 0};
    if (a->max_bad_rows == NULL)
        return KITH_OK;
    return kith_opt_read(&run->project->max_bad_rows, &bad_rows,
                         a->max_bad_rows, err);
}

/* Without the last results everybody gets a new id and nothing is told of
 * changes: that must not happen because a disk was not mounted one night. */
static kith_status
check_previous(const kith_run *run, bool first_run, kith_error *err)
{
    kith_status status = KITH_OK;
    char *persons = NULL;
    const char *previous = run->project->previous;
    if (previous == NULL || first_run)
        return KITH_OK;
    KITH_TRY(kith_cli_join(&persons, previous, "persons.csv", err));
    if (!kith_cli_exists(persons)) {
        status = kith_error_set(err, KITH_ERR_CONFIG,
                                "%s: previous: %s is not there",
                                run->project->path, persons);
        kith_error_hint(err, "mend `previous:`, or say --first-run when there "
                             "was no run before: person ids then begin anew");
    }
done:
    free(persons);
    return status;
}

/* Too many bad rows: the unfinished run goes, its lists of them stay. */
static void
keep_rejects(const kith_run *run, const char *out, kith_error *err)
{
    kith_error ignored = KITH_ERROR_INIT;
    char *folder = NULL;
    if (kith_cli_join(&folder, out, "rejects", &ignored) == KITH_OK &&
        kith_cli_make_folder(folder, &ignored) == KITH_OK) {
        for (uint32_t i = 0; i < run->project->n_mappings; i++) {
            char from[4096];
            char to[4096];
            const char *agency = run->mappings[i]->agency;
            (void)snprintf(from, sizeof from, "%s/%s.rejects.csv",
                           run->paths.keep, agency);
            (void)snprintf(to, sizeof to, "%s/%s.rejects.csv", folder, agency);
            if (kith_cli_exists(from))
                (void)rename(from, to);
        }
        kith_error_hint(err,
                        "%s says which rows and why: check delimiter and "
                        "columns in the mapping, or allow more with "
                        "--max-bad-rows",
                        folder);
    }
    free(folder);
}

static kith_status
run_all(const void *args, kith_job *job, kith_error *err)
{
    const run_args *a = args;
    kith_status status = KITH_OK;
    kith_run run = {.job = job, .act = a->act};
    kith_commit commit = {.lock = -1};
    KITH_TRY(kith_run_load(&run, a->config, a->reference_date, err));
    KITH_TRY(override(&run, a, err));
    KITH_TRY(check_previous(&run, a->first_run, err));
    const char *out = a->out == NULL ? run.project->out : a->out;
    KITH_TRY(kith_commit_begin(&commit, out, err));
    KITH_TRY(kith_run_stages(&run, commit.next, err));
    KITH_TRY(kith_commit_finish(&commit, err));
    kith_run_paths_done(&run.paths);
    KITH_TRY(kith_run_paths_init(&run.paths, out, err));
    if (!kith_job_quiet(job))
        KITH_TRY(kith_summary_run(stdout, &run, out, err));
done:
    if (status == KITH_ERR_REJECTS)
        keep_rejects(&run, commit.out, err);
    kith_commit_done(&commit);
    kith_run_done(&run);
    return status;
}

const kith_command kith_cmd_run = {
    "run",
    "Do every stage of a project in order: encode to report",
    "Encodes each agency's extract, trains the model (or takes the frozen "
    "one), matches, clusters, forms families, flags cohorts, and scores the "
    "linkage when the project names a truth file. The outputs change all at "
    "once at the end: a run killed at any moment leaves the last good ones, "
    "and running again does the whole run.",
    options,
    sizeof(run_args),
    false,
    run_all,
};
