#include "cli/command.h"
#include "cli/summary.h"

#include <kith/flag.h>

typedef struct flag_args {
    kith_opt_list criteria;
    const char *results;
    const char *payload;
    kith_opt_date reference_date;
    const char *previous;
    const char *out;
} flag_args;

#define OFFSET(field) offsetof(flag_args, field)

static const kith_opt options[] = {
    {KITH_OPT_LIST, "CRITERIA", NULL, "criteria files", NULL, OFFSET(criteria),
     KITH_OPT_REQUIRED | KITH_OPT_POSITIONAL},
    {KITH_OPT_TEXT, "results", "FOLDER",
     "folder of persons, families and households", NULL, OFFSET(results),
     KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "payload", "FOLDER", "the payload bundles of all agencies",
     NULL, OFFSET(payload), KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "out", "FOLDER", "where the results go", NULL, OFFSET(out),
     KITH_OPT_REQUIRED},
    {KITH_OPT_DATE, "reference-date", "DATE",
     "windows such as `last 12 months` end here; by default the payload's own "
     "reference date",
     NULL, OFFSET(reference_date), 0},
    {KITH_OPT_TEXT, "previous", "FOLDER", "results of the last run", NULL,
     OFFSET(previous), 0},
    {KITH_OPT_END, NULL, NULL, NULL, NULL, 0, 0},
};

static kith_status
run(const void *args, kith_job *job, kith_error *err)
{
    const flag_args *a = args;
    kith_status status = KITH_OK;
    kith_flag_params params = kith_flag_params_default();
    params.results = a->results;
    params.payload = a->payload;
    params.criteria = a->criteria.items;
    params.n_criteria = a->criteria.n;
    params.reference_date =
        a->reference_date.text[0] != '\0' ? a->reference_date.text : NULL;
    params.previous = a->previous;
    params.out = a->out;
    KITH_TRY(kith_flag(NULL, &params, job, err));
    kith_summary_counts(stdout, job);
done:
    return status;
}

const kith_command kith_cmd_flag = {
    "flag",
    "Say which persons and families are in which cohort, and why",
    "Evaluates criteria files over the events of linked people in three-valued "
    "logic: what no agency sent data about is unknown, not false. Every flag "
    "carries its evidence. kith report then counts the flags by place.",
    options,
    sizeof(flag_args),
    false,
    run,
};
