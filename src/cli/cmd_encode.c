#include "cli/command.h"
#include "cli/stages.h"
#include "cli/summary.h"

#include <kith/clk.h>
#include <kith/encode.h>
#include <stdlib.h>

typedef struct encode_args {
    const char *mapping;
    const char *spec;
    const char *key;
    const char *agency_key;
    const char *run;
    kith_opt_date reference_date;
    const char *data;
    const char *areas;
    const char *exclude;
    const char *out;
    uint64_t max_bad_rows;
    const char *clk;
    const char *audit;
    bool outdated_key;
} encode_args;

#define OFFSET(field) offsetof(encode_args, field)

static const kith_opt options[] = {
    {KITH_OPT_TEXT, "MAPPING", NULL, "the agency mapping, <agency>.yaml", NULL,
     OFFSET(mapping), KITH_OPT_REQUIRED | KITH_OPT_POSITIONAL},
    {KITH_OPT_TEXT, "key", "FILE", "project key", NULL, OFFSET(key),
     KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "agency-key", "FILE", "the agency's own key", NULL,
     OFFSET(agency_key), 0},
    {KITH_OPT_TEXT, "out", "FOLDER", "where the bundles go", NULL, OFFSET(out),
     KITH_OPT_REQUIRED},
    {KITH_OPT_DATE, "reference-date", "DATE", "ages are as of this day",
     "today", OFFSET(reference_date), 0},
    {KITH_OPT_TEXT, "run", "ID",
     "run id, the same for all agencies of a night; by default the reference "
     "date",
     NULL, OFFSET(run), 0},
    {KITH_OPT_TEXT, "spec", "FILE", "linkage spec; by default the shipped one",
     NULL, OFFSET(spec), 0},
    {KITH_OPT_TEXT, "data", "FOLDER",
     "folder of the extract; by default the mapping's", NULL, OFFSET(data), 0},
    {KITH_OPT_TEXT, "areas", "FILE", "CSV postcode,neighbourhood,district",
     NULL, OFFSET(areas), 0},
    {KITH_OPT_TEXT, "exclude", "FILE",
     "list of record ids to leave out (opt-outs)", NULL, OFFSET(exclude), 0},
    {KITH_OPT_COUNT, "max-bad-rows", "N", "stop past this many rejected rows",
     "1000", OFFSET(max_bad_rows), 0},
    {KITH_OPT_TEXT, "audit", "FILE",
     "log that gets a line; by default beside the agency key, "
     "<agency>.audit.log",
     NULL, OFFSET(audit), 0},
    {KITH_OPT_FLAG, "outdated-key", NULL,
     "use keys outside their dates; warned of, and logged", NULL,
     OFFSET(outdated_key), 0},
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
    KITH_TRY(kith_clk_schema_load(&schema, a->clk, err));
    const kith_clk_params params = {.schema = schema,
                                    .input = a->mapping,
                                    .secret = a->key,
                                    .out = a->out,
                                    .max_bad_rows = a->max_bad_rows};
    KITH_TRY(kith_clk(&params, job, err));
    kith_summary_counts(stdout, job);
done:
    kith_clk_schema_free(schema);
    return status;
}

static kith_status
run(const void *args, kith_job *job, kith_error *err)
{
    const encode_args *a = args;
    kith_status status = KITH_OK;
    kith_spec *spec = NULL;
    kith_mapping *mapping = NULL;
    kith_key *key = NULL;
    kith_key *agency_key = NULL;
    kith_opt_date today;
    char *audit = NULL;
    if (a->clk != NULL)
        return run_clk(a, job, err);
    if (a->agency_key == NULL)
        return kith_error_set(err, KITH_ERR_USAGE, "--agency-key is missing");
    KITH_TRY(kith_cli_spec(&spec, a->spec, err));
    KITH_TRY(kith_mapping_load(&mapping, a->mapping, spec, err));
    KITH_TRY(kith_key_load(&key, a->key, KITH_KEY_PROJECT, err));
    KITH_TRY(kith_key_load(&agency_key, a->agency_key, KITH_KEY_AGENCY, err));
    KITH_TRY(kith_opt_read_date(&today, "today", err));
    KITH_TRY(kith_cli_audit(&audit, a->audit, a->agency_key, err));
    kith_encode_params params = kith_encode_params_default();
    params.today = today.text;
    params.outdated_key = a->outdated_key;
    params.audit = audit;
    params.spec = spec;
    params.mapping = mapping;
    params.project_key = key;
    params.agency_key = agency_key;
    params.reference_date = a->reference_date.text;
    params.run = a->run == NULL ? a->reference_date.text : a->run;
    params.data = a->data;
    params.areas = a->areas;
    params.exclude = a->exclude;
    params.out = a->out;
    params.max_bad_rows = a->max_bad_rows;
    KITH_TRY(kith_encode(&params, job, err));
    kith_summary_counts(stdout, job);
done:
    free(audit);
    kith_key_free(agency_key);
    kith_key_free(key);
    kith_mapping_free(mapping);
    kith_spec_free(spec);
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
    "No identifier is written anywhere else, in a message or a log.",
    options,
    sizeof(encode_args),
    false,
    run,
};
