#include "cli/command.h"
#include "cli/summary.h"

#include <kith/project.h>
#include <kith/report.h>

typedef struct report_args {
    const char *results;
    const char *payload;
    const char *out;
    const char *region;
    uint64_t smallest;
    uint64_t largest;
    uint64_t suppress_below;
    uint64_t round_to;
} report_args;

#define OFFSET(field) offsetof(report_args, field)

static const kith_opt options[] = {
    {KITH_OPT_TEXT, "results", "FOLDER",
     "folder of flags, persons, families and households", NULL, OFFSET(results),
     KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "payload", "FOLDER", "the payload bundles of all agencies",
     NULL, OFFSET(payload), KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "out", "FOLDER", "where the tables go", NULL, OFFSET(out),
     KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "region", "NAME",
     "what all districts together are called in the tables",
     KITH_PROJECT_REGION, OFFSET(region), 0},
    {KITH_OPT_COUNT, "smallest-neighbourhood", "N",
     "warn of neighbourhoods with fewer residents", "30000", OFFSET(smallest),
     0},
    {KITH_OPT_COUNT, "largest-neighbourhood", "N",
     "warn of neighbourhoods with more residents", "50000", OFFSET(largest), 0},
    {KITH_OPT_COUNT, "suppress-below", "N", "hide counts under N", "10",
     OFFSET(suppress_below), 0},
    {KITH_OPT_COUNT, "round-to", "N", "round the other counts", "5",
     OFFSET(round_to), 0},
    {KITH_OPT_END, NULL, NULL, NULL, NULL, 0, 0},
};

static kith_status
run(const void *args, kith_job *job, kith_error *err)
{
    const report_args *a = args;
    kith_status status = KITH_OK;
    kith_report_params params = kith_report_params_default();
    params.results = a->results;
    params.flags = a->results;
    params.payload = a->payload;
    params.out = a->out;
    params.region = a->region;
    params.smallest_neighbourhood = (uint32_t)a->smallest;
    params.largest_neighbourhood = (uint32_t)a->largest;
    params.suppress_below = (uint32_t)a->suppress_below;
    params.round_to = (uint32_t)a->round_to;
    KITH_TRY(kith_report(&params, job, err));
    kith_summary_counts(stdout, job);
done:
    return status;
}

const kith_command kith_cmd_report = {
    "report",
    "Count the flags by place and overlap",
    "Writes counts.csv and overlap.csv for neighbourhoods, districts and "
    "the region, and bias.csv for groups of people: small numbers are "
    "hidden, with those that would give them away, and the others are rounded.",
    options,
    sizeof(report_args),
    false,
    run,
};
