#include "cli/command.h"
#include "cli/summary.h"

#include <kith/evaluate.h>
#include <stdlib.h>

typedef struct evaluate_args {
    const char *results;
    const char *lookup;
    const char *truth;
    const char *out;
} evaluate_args;

#define OFFSET(field) offsetof(evaluate_args, field)

static const kith_opt options[] = {
    {KITH_OPT_TEXT, "results", "FOLDER",
     "folder of persons.csv and, to be scored too, links, families and flags",
     NULL, OFFSET(results), KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "lookup", "FOLDER",
     "the agencies' keep/ folder: pseudonym to own id", NULL, OFFSET(lookup),
     KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "truth", "FILE", "CSV agency,id,person", NULL,
     OFFSET(truth), KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "out", "FILE",
     "the scores; by default evaluation.csv of the results", NULL, OFFSET(out),
     0},
    {KITH_OPT_END, NULL, NULL, NULL, NULL, 0, 0},
};

static kith_status
run(const void *args, kith_job *job, kith_error *err)
{
    const evaluate_args *a = args;
    kith_status status = KITH_OK;
    kith_evaluation result;
    char *persons = NULL;
    char *links = NULL;
    char *out = NULL;
    KITH_TRY(kith_cli_join(&persons, a->results, "persons.csv", err));
    KITH_TRY(kith_cli_join(&links, a->results, "links.csv", err));
    KITH_TRY(kith_cli_join(&out, a->results, "evaluation.csv", err));
    const kith_evaluate_params params = {.persons = persons,
                                         .lookup = a->lookup,
                                         .truth = a->truth,
                                         .links = kith_cli_exists(links) ? links
                                                                         : NULL,
                                         .out = a->out == NULL ? out : a->out};
    KITH_TRY(kith_evaluate(&result, &params, job, err));
    kith_summary_evaluation(stdout, &result);
done:
    free(persons);
    free(links);
    free(out);
    return status;
}

const kith_command kith_cmd_evaluate = {
    "evaluate",
    "Score a linkage against the truth",
    "Precision, recall and F1 on all pairs inside a person (a true pair that "
    "blocking missed is a miss), and B-cubed over records. With flags.csv "
    "beside the results and cohorts.csv beside the truth, precision and "
    "recall of every cohort's flags too, and how many were missed because an "
    "extract was lacking.",
    options,
    sizeof(evaluate_args),
    false,
    run,
};
