#include "cli/bundles.h"
#include "cli/command.h"
#include "cli/summary.h"

#include <kith/clk.h>
#include <kith/encode.h>

typedef struct encode_args {
    kith_source_args source;
    kith_act_args act;
    const char *areas;
    const char *communal;
    const char *out;
    uint64_t max_bad_rows;
    const char *clk;
    kith_bundles_args bundles;
} encode_args;

#define OFFSET(field) offsetof(encode_args, field)

static const kith_opt options[] = {
    KITH_SOURCE_OPTIONS(encode_args),
    {KITH_OPT_TEXT, "out", "FOLDER", "where the bundles go", NULL, OFFSET(out),
     KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "areas", "FILE", "CSV postcode,neighbourhood,district",
     NULL, OFFSET(areas), 0},
    {KITH_OPT_TEXT, "communal", "FILE",
     "CSV of hostels, refuges, care homes ...: kind,uprn,postcode,house", NULL,
     OFFSET(communal), 0},
    {KITH_OPT_COUNT, "max-bad-rows", "N", "stop past this many rejected rows",
     "1000", OFFSET(max_bad_rows), 0},
    KITH_ACT_OPTIONS(encode_args, "the agency key, <agency>.audit.log"),
    KITH_BUNDLES_OPTIONS(encode_args),
    {KITH_OPT_TEXT, "clk", "SCHEMA",
     "write CLKs as clkhash does instead: MAPPING is the CSV, --key the shared "
     "secret, --out the JSON",
     NULL, OFFSET(clk), 0},
    {KITH_OPT_END, NULL, NULL, NULL, NULL, 0, 0},
};

static kith_status
run_clk(const encode_args *a, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_clk_schema *schema = NULL;
    kith_cli_act act = {.log = NULL};
    KITH_TRY(kith_clk_schema_load(&schema, a->clk, err));
    KITH_TRY(kith_cli_act_init(&act, &a->act, a->source.key, err));
    const kith_clk_params params = {.schema = schema,
                                    .input = a->source.mapping,
                                    .secret = a->source.key,
                                    .out = a->out,
                                    .max_bad_rows = a->max_bad_rows,
                                    .act = act.rules};
    KITH_TRY(kith_clk(&params, job, err));
    kith_summary_counts(stdout, job);
done:
    kith_cli_act_done(&act);
    kith_clk_schema_free(schema);
    return status;
}

static kith_status
run(const void *args, kith_job *job, kith_error *err)
{
    const encode_args *a = args;
    kith_status status = KITH_OK;
    kith_source source = {.spec = NULL};
    if (a->clk != NULL)
        return run_clk(a, job, err);
    KITH_TRY(kith_source_load(&source, &a->source, &a->act, err));
    KITH_TRY(kith_bundles_check(&a->bundles, source.spec->single_site, err));
    kith_encode_params params = kith_encode_params_default();
    params.spec = source.spec;
    params.mapping = source.mapping;
    params.project_key = source.key;
    params.agency_key = source.agency_key;
    params.reference_date = a->source.reference_date.text;
    params.run = source.run;
    params.data = a->source.data;
    params.exclude = a->source.exclude;
    params.act = source.act.rules;
    params.areas = a->areas;
    params.communal = a->communal;
    params.out = a->out;
    params.max_bad_rows = a->max_bad_rows;
    KITH_TRY(kith_encode(&params, job, err));
    KITH_TRY(
        kith_bundles_seal(&a->bundles, &source, &a->act, a->out, job, err));
    kith_summary_counts(stdout, job);
done:
    kith_source_done(&source);
    return status;
}

const kith_command kith_cmd_encode = {
    "encode",
    "Turn one agency's CSV extract into its three encoded bundles",
    "Reads the extract as the agency mapping says, normalises and checks every "
    "value, and writes passes/ for the matcher, refs/ for the clusterer and "
    "payload/ for family and flag. keep/ stays at the agency: it turns "
    "pseudonyms back into the agency's own record ids, and lists the rejected "
    "rows by number and reason.\n"
    "With --sign, each bundle that has a recipient is sealed to it, in "
    "sealed/.\n"
    "No identifier is written anywhere else, in a message or a log.",
    options,
    sizeof(encode_args),
    false,
    run,
};
