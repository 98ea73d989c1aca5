#include "cli/source.h"

#include "cli/command.h"
#include "cli/stages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

kith_status
kith_cli_act_init(kith_cli_act *out, const kith_act_args *args, const char *key,
                  kith_error *err)
{
    static const char end[] = ".key", suffix[] = ".audit.log";
    kith_status status = KITH_OK;
    const char *from = args->audit == NULL ? key : args->audit;
    size_t n = strlen(from);
    KITH_TRY(kith_opt_read_date(&out->today, "today", err));
    KITH_TRY(kith_cli_alloc(&out->log, n + sizeof suffix, 1, err));
    if (args->audit == NULL && n > strlen(end) &&
        strcmp(key + n - strlen(end), end) == 0)
        n -= strlen(end);
    (void)snprintf(out->log, n + sizeof suffix, "%.*s%s", (int)n, from,
                   args->audit == NULL ? suffix : "");
    out->rules = (kith_act_rules){.today = out->today.text,
                                  .outdated_key = args->outdated_key,
                                  .audit = out->log};
done:
    return status;
}

void
kith_cli_act_done(kith_cli_act *act)
{
    free(act->log);
}

kith_status
kith_source_load(kith_source *out, const kith_source_args *args,
                 const kith_act_args *act, kith_error *err)
{
    kith_status status = KITH_OK;
    if (args->agency_key == NULL)
        return kith_error_set(err, KITH_ERR_USAGE, "--agency-key is missing");
    KITH_TRY(kith_cli_spec(&out->spec, args->spec, err));
    KITH_TRY(kith_mapping_load(&out->mapping, args->mapping, out->spec, err));
    KITH_TRY(kith_key_load(&out->key, args->key, KITH_KEY_PROJECT, err));
    KITH_TRY(kith_key_load(&out->agency_key, args->agency_key, KITH_KEY_AGENCY,
                           err));
    KITH_TRY(kith_cli_act_init(&out->act, act, args->agency_key, err));
    out->run = args->run == NULL ? args->reference_date.text : args->run;
done:
    return status;
}

void
kith_source_done(kith_source *source)
{
    kith_cli_act_done(&source->act);
    kith_key_free(source->agency_key);
    kith_key_free(source->key);
    kith_mapping_free(source->mapping);
    kith_spec_free(source->spec);
}
