#include "cli/bundles.h"

#include "cli/command.h"
#include "cli/files.h"

#include <kith/seal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[KITH_BUNDLES] = {"passes", "refs", "payload"};

/* The "key: " line of a public key file; empty when it has none. */
static void
read_public(char out[128], const char *path)
{
    FILE *f = fopen(path, "r");
    out[0] = '\0';
    while (f != NULL && fgets(out, 128, f) != NULL)
        if (strncmp(out, "key: ", 5) == 0)
            break;
    if (strncmp(out, "key: ", 5) != 0)
        out[0] = '\0'; /* kith_seal says what is wrong with it */
    if (f != NULL)
        (void)fclose(f);
}

kith_status
kith_bundles_check(const kith_bundles_args *args, bool single_site,
                   kith_error *err)
{
    char keys[KITH_BUNDLES][128] = {""};
    unsigned n = 0;
    for (unsigned i = 0; i < KITH_BUNDLES; i++) {
        if (args->to[i] == NULL)
            continue;
        n++;
        read_public(keys[i], args->to[i]);
        for (unsigned j = 0; j < i; j++)
            if (!single_site && keys[i][0] != '\0' &&
                strcmp(keys[i], keys[j]) == 0) {
                kith_error_set(err, KITH_ERR_CONFIG,
                               "%s and %s would go to one recipient", names[j],
                               names[i]);
                kith_error_hint(err, "whoever holds two bundles can undo what "
                                     "keeps them apart; only a spec with "
                                     "single_site: yes allows it");
                return KITH_ERR_CONFIG;
            }
    }
    if ((n > 0) != (args->sign != NULL))
        return kith_error_set(err, KITH_ERR_USAGE,
                              n > 0 ? "--sign is missing: sealed files are "
                                      "signed"
                                    : "--sign seals nothing without "
                                      "--passes-to, --refs-to or --payload-to");
    return KITH_OK;
}

static kith_status
seal_one(const kith_bundles_args *args, unsigned bundle,
         const kith_source *source, const kith_act_rules *rules,
         const char *out, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_files files = {.n = 0};
    char *folder = NULL, *sealed = NULL;
    char name[512];
    KITH_TRY(kith_cli_join(&folder, out, names[bundle], err));
    (void)snprintf(name, sizeof name, "%s.", source->mapping->agency);
    KITH_TRY(kith_files_add_folder(&files, folder, name, err));
    (void)snprintf(name, sizeof name, "sealed/%s.%s.%s.sealed",
                   source->mapping->agency, source->run, names[bundle]);
    KITH_TRY(kith_cli_join(&sealed, out, name, err));
    const kith_seal_params params = {.files = (const char *const *)files.files,
                                     .n_files = files.n,
                                     .recipient = args->to[bundle],
                                     .sender = args->sign,
                                     .out = sealed,
                                     .act = *rules};
    KITH_TRY(kith_seal(&params, job, err));
done:
    kith_files_done(&files);
    free(folder);
    free(sealed);
    return status;
}

kith_status
kith_bundles_seal(const kith_bundles_args *args, const kith_source *source,
                  const kith_act_args *act, const char *out, kith_job *job,
                  kith_error *err)
{
    kith_status status = KITH_OK;
    kith_cli_act rules = {.log = NULL};
    char *folder = NULL;
    if (args->sign == NULL)
        return KITH_OK;
    KITH_TRY(kith_cli_act_init(&rules, act, args->sign, err));
    KITH_TRY(kith_cli_join(&folder, out, "sealed", err));
    KITH_TRY(kith_cli_make_folder(folder, err));
    for (unsigned i = 0; i < KITH_BUNDLES; i++)
        if (args->to[i] != NULL)
            KITH_TRY(seal_one(args, i, source, &rules.rules, out, job, err));
done:
    free(folder);
    kith_cli_act_done(&rules);
    return status;
}
