#include "cli/command.h"
#include "cli/stages.h"

#include <kith/key.h>
#include <kith/mapping.h>
#include <kith/project.h>
#include <kith/seal.h>
#include <stdlib.h>
#include <string.h>

typedef struct keygen_args {
    const char *file;
    const char *project;
    const char *epoch;
    const char *agency;
    const char *config;
    const char *receive;
    const char *sign;
    kith_opt_date from;
    kith_opt_date until;
} keygen_args;

#define OFFSET(field) offsetof(keygen_args, field)

static const kith_opt options[] = {
    {KITH_OPT_TEXT, "FILE", NULL, "the key file to make", NULL, OFFSET(file),
     KITH_OPT_POSITIONAL},
    {KITH_OPT_TEXT, "project", "NAME", "project that the key is for", NULL,
     OFFSET(project), 0},
    {KITH_OPT_TEXT, "epoch", "EPOCH", "key epoch, such as 2026-q1", NULL,
     OFFSET(epoch), 0},
    {KITH_OPT_TEXT, "agency", "NAME",
     "make this agency's own key, not the project's", NULL, OFFSET(agency), 0},
    {KITH_OPT_DATE, "from", "DATE", "first day the key may be used", NULL,
     OFFSET(from), 0},
    {KITH_OPT_DATE, "until", "DATE", "last day the key may be used", NULL,
     OFFSET(until), 0},
    {KITH_OPT_TEXT, "for", "KITH.YAML",
     "make every key of this project that does not exist yet", NULL,
     OFFSET(config), 0},
    {KITH_OPT_TEXT, "receive", "OWNER",
     "make a key pair that files are sealed to", NULL, OFFSET(receive), 0},
    {KITH_OPT_TEXT, "sign", "OWNER", "make a key pair that signs sealed files",
     NULL, OFFSET(sign), 0},
    {KITH_OPT_END, NULL, NULL, NULL, NULL, 0, 0},
};

static kith_status
make_parent(const char *path, kith_error *err)
{
    const char *slash = strrchr(path, '/');
    char folder[4096];
    if (slash == NULL || slash == path)
        return KITH_OK;
    (void)snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
    return kith_cli_make_folder(folder, err);
}

static kith_key_dates
given(const keygen_args *a)
{
    return (kith_key_dates){
        .from = a->from.text[0] == '\0' ? NULL : a->from.text,
        .until = a->until.text[0] == '\0' ? NULL : a->until.text};
}

static kith_status
make_missing(const char *path, const kith_project *project, const char *agency,
             const kith_key_dates *dates, bool say, kith_error *err)
{
    kith_status status = KITH_OK;
    const bool there = kith_cli_exists(path);
    if (say && there)
        (void)printf("kept  %s\n", path);
    if (there)
        return KITH_OK;
    KITH_TRY(make_parent(path, err));
    KITH_TRY(kith_key_generate_dated(path, project->name, project->epoch,
                                     agency, dates, err));
    if (say)
        (void)printf("made  %s\n", path);
done:
    return status;
}

static kith_status
make_agency(const kith_project *project, const kith_spec *spec,
            const char *mapping_path, const kith_key_dates *dates, bool say,
            kith_error *err)
{
    kith_status status = KITH_OK;
    kith_mapping *mapping = NULL;
    char *path = NULL;
    char name[256];
    KITH_TRY(kith_mapping_load(&mapping, mapping_path, spec, err));
    (void)snprintf(name, sizeof name, "%s.key", mapping->agency);
    KITH_TRY(kith_cli_join(&path, project->agency_keys, name, err));
    KITH_TRY(make_missing(path, project, mapping->agency, dates, say, err));
done:
    free(path);
    kith_mapping_free(mapping);
    return status;
}

kith_status
kith_cli_make_keys(const char *config, const kith_key_dates *dates, bool say,
                   kith_error *err)
{
    kith_status status = KITH_OK;
    kith_project *project = NULL;
    kith_spec *spec = NULL;
    KITH_TRY(kith_project_load(&project, config, err));
    KITH_TRY(kith_cli_spec(&spec, project->spec, err));
    KITH_TRY(make_missing(project->key, project, NULL, dates, say, err));
    for (uint32_t i = 0; i < project->n_mappings; i++)
        KITH_TRY(
            make_agency(project, spec, project->mappings[i], dates, say, err));
done:
    kith_spec_free(spec);
    kith_project_free(project);
    return status;
}

static kith_status
run(const void *args, kith_job *job, kith_error *err)
{
    const keygen_args *a = args;
    (void)job;
    const kith_key_dates dates = given(a);
    if (a->config != NULL)
        return kith_cli_make_keys(a->config, &dates, true, err);
    if (a->file != NULL && a->receive != NULL)
        return kith_seal_keygen(a->file, KITH_SEAL_RECEIVE, a->receive, &dates,
                                err);
    if (a->file != NULL && a->sign != NULL)
        return kith_seal_keygen(a->file, KITH_SEAL_SIGN, a->sign, &dates, err);
    if (a->file == NULL || a->project == NULL || a->epoch == NULL)
        return kith_error_set(err, KITH_ERR_USAGE,
                              "want FILE, --project and --epoch, or --for; "
                              "or FILE and --receive or --sign");
    return kith_key_generate_dated(a->file, a->project, a->epoch, a->agency,
                                   &dates, err);
}

const kith_command kith_cmd_keygen = {
    "keygen",
    "Make a project key, an agency's own key or a key pair",
    "32 bytes from the operating system's generator, in a file that only its "
    "owner can read. An existing file is never overwritten.\n"
    "The agencies of a project share the project key; the linkage unit must "
    "not have it. An agency's own key makes its pseudonyms and never leaves "
    "it.",
    options,
    sizeof(keygen_args),
    true,
    run,
};
