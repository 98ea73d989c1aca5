#include "cli/command.h"
#include "cli/summary.h"

#include <kith/family.h>
#include <stdlib.h>

typedef struct family_args {
    const char *results;
    const char *payload;
    const char *out;
    uint64_t max_household;
    uint64_t max_family;
} family_args;

#define OFFSET(field) offsetof(family_args, field)

static const kith_opt options[] = {
    {KITH_OPT_TEXT, "results", "FOLDER", "folder of persons.csv", NULL,
     OFFSET(results), KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "payload", "FOLDER", "the payload bundles of all agencies",
     NULL, OFFSET(payload), KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "out", "FOLDER", "where the results go", NULL, OFFSET(out),
     KITH_OPT_REQUIRED},
    {KITH_OPT_COUNT, "max-household", "N",
     "people at one address before it counts as communal; by default the "
     "stage's own choice",
     NULL, OFFSET(max_household), 0},
    {KITH_OPT_COUNT, "max-family", "N",
     "people in one family before it is refused; by default the stage's own "
     "choice",
     NULL, OFFSET(max_family), 0},
    {KITH_OPT_END, NULL, NULL, NULL, NULL, 0, 0},
};

static kith_status
run(const void *args, kith_job *job, kith_error *err)
{
    const family_args *a = args;
    kith_status status = KITH_OK;
    char *persons = NULL;
    kith_family_params params = kith_family_params_default();
    KITH_TRY(kith_cli_join(&persons, a->results, "persons.csv", err));
    params.persons = persons;
    params.payload = a->payload;
    params.out = a->out;
    if (a->max_household != 0)
        params.max_household = (uint32_t)a->max_household;
    if (a->max_family != 0)
        params.max_family = (uint32_t)a->max_family;
    KITH_TRY(kith_family(&params, job, err));
    kith_summary_counts(stdout, job);
done:
    free(persons);
    return status;
}

const kith_command kith_cmd_family = {
    "family",
    "Group persons into households and into families",
    "A household is who lives together, a family is who belongs together. "
    "Relationships from social care and schools count most, then benefit "
    "units and tenancies, then an address with plausible ages and surname.",
    options,
    sizeof(family_args),
    false,
    run,
};
