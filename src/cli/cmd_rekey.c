#include "cli/command.h"
#include "cli/source.h"
#include "cli/stages.h"
#include "cli/summary.h"

#include <kith/rekey.h>

typedef struct rekey_args {
    const char *folder;
    const char *key;
    const char *spec;
    const char *out;
    kith_act_args act;
} rekey_args;

#define OFFSET(field) offsetof(rekey_args, field)

static const kith_opt options[] = {
    {KITH_OPT_TEXT, "FOLDER", NULL, "a passes or refs bundle as it was sent",
     NULL, OFFSET(folder), KITH_OPT_REQUIRED | KITH_OPT_POSITIONAL},
    {KITH_OPT_TEXT, "key", "FILE", "the linkage unit's own key", NULL,
     OFFSET(key), KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "out", "FOLDER", "another folder", NULL, OFFSET(out),
     KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "spec", "FILE", "linkage spec; by default the shipped one",
     NULL, OFFSET(spec), 0},
    KITH_ACT_OPTIONS(rekey_args, "the key, <key>.audit.log"),
    {KITH_OPT_END, NULL, NULL, NULL, NULL, 0, 0},
};

static kith_status
run(const void *args, kith_job *job, kith_error *err)
{
    const rekey_args *a = args;
    kith_status status = KITH_OK;
    kith_spec *spec = NULL;
    kith_key *key = NULL;
    kith_cli_act act = {.log = NULL};
    KITH_TRY(kith_cli_spec(&spec, a->spec, err));
    KITH_TRY(kith_key_load(&key, a->key, KITH_KEY_AGENCY, err));
    KITH_TRY(kith_cli_act_init(&act, &a->act, a->key, err));
    const kith_rekey_params params = {.spec = spec,
                                      .key = key,
                                      .in = a->folder,
                                      .out = a->out,
                                      .act = act.rules};
    KITH_TRY(kith_rekey(&params, job, err));
    kith_summary_counts(stdout, job);
done:
    kith_cli_act_done(&act);
    kith_key_free(key);
    kith_spec_free(spec);
    return status;
}

const kith_command kith_cmd_rekey = {
    "rekey",
    "Put the linkage unit's second key over a bundle on its arrival",
    "Every comparison gives what it gave before, and a leaked project key "
    "opens nothing of what the unit stores. The key is one of the unit's own: "
    "kith keygen unit.key --project P --epoch E --agency unit.",
    options,
    sizeof(rekey_args),
    false,
    run,
};
