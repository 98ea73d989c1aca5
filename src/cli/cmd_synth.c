#include "cli/command.h"
#include "cli/summary.h"
#include "cli/synth_report.h"

#include <kith/synth.h>

typedef struct synth_args {
    uint64_t seed;
    uint64_t people;
    kith_opt_date reference_date;
    const char *tables;
    const char *criteria;
    const char *spec;
    const char *out;
    bool gzip;
    bool report;
    uint64_t days;
} synth_args;

#define OFFSET(field) offsetof(synth_args, field)

static const kith_opt options[] = {
    {KITH_OPT_TEXT, "out", "FOLDER", "where the extracts and the truth go",
     NULL, OFFSET(out), KITH_OPT_REQUIRED},
    {KITH_OPT_COUNT, "people", "N", "residents", "20000", OFFSET(people), 0},
    {KITH_OPT_COUNT, "seed", "N", "the same seed gives the same bytes", "1",
     OFFSET(seed), 0},
    {KITH_OPT_DATE, "reference-date", "DATE", "the extracts end here",
     "2026-03-31", OFFSET(reference_date), 0},
    {KITH_OPT_TEXT, "tables", "FOLDER",
     "tables of names and places that replace those that ship with kith", NULL,
     OFFSET(tables), 0},
    {KITH_OPT_TEXT, "criteria", "FOLDER",
     "folder of *.criteria files that kith.yaml lists", NULL, OFFSET(criteria),
     0},
    {KITH_OPT_TEXT, "spec", "FILE",
     "linkage spec that kith.yaml names; by default the shipped one", NULL,
     OFFSET(spec), 0},
    {KITH_OPT_FLAG, "gzip", NULL, "compress the extracts", NULL, OFFSET(gzip),
     0},
    {KITH_OPT_COUNT, "days", "N",
     "nightly extracts after the first, in nights/<date>", "0", OFFSET(days),
     0},
    {KITH_OPT_FLAG, "report", NULL,
     "write and show truth/fidelity.csv, rates wanted and got, overlap and "
     "difficulty; link a sample, in report/, to show what kith finds of it",
     NULL, OFFSET(report), 0},
    {KITH_OPT_END, NULL, NULL, NULL, NULL, 0, 0},
};

static kith_status
run(const void *args, kith_job *job, kith_error *err)
{
    const synth_args *a = args;
    kith_status status = KITH_OK;
    kith_synth_params params = kith_synth_params_default();
    params.seed = a->seed;
    params.n_people = a->people;
    params.reference_date = a->reference_date.text;
    params.tables = a->tables;
    params.criteria = a->criteria;
    params.spec = a->spec;
    params.out = a->out;
    params.gzip = a->gzip;
    params.report = a->report;
    params.n_nights = (uint32_t)(a->days < UINT32_MAX ? a->days : UINT32_MAX);
    KITH_TRY(kith_synth(&params, job, err));
    kith_summary_counts(stdout, job);
    if (a->report) {
        kith_evaluation sample = {0};
        KITH_TRY(kith_synth_link_sample(&sample, &params, job, err));
        if (!kith_job_quiet(job))
            KITH_TRY(kith_synth_print_report(stdout, a->out, &sample, err));
    }
done:
    return status;
}

const kith_command kith_cmd_synth = {
    "synth",
    "Make up a population, its agencies' extracts and the truth",
    "Writes extracts, agency mappings, kith.yaml and, in truth/, who is who: "
    "a Greater Manchester to try, test and measure on. Nobody in it exists.",
    options,
    sizeof(synth_args),
    false,
    run,
};
