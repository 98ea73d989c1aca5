#include "cli/command.h"
#include "cli/summary.h"

#include <kith/evaluate.h>

typedef struct evaluate_args {
    const char *persons;
    const char *lookup;
    const char *truth;
    const char *links;
    const char *out;
} evaluate_args;

#define OFFSET(field) offsetof(evaluate_args, field)

static const kith_opt options[] = {
    {KITH_OPT_TEXT, "persons", "FILE", "persons.csv", NULL, OFFSET(persons),
     KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "lookup", "FOLDER",
     "the agencies' keep/ folder: pseudonym to own id", NULL, OFFSET(lookup),
     KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "truth", "FILE", "CSV agency,id,person", NULL,
     OFFSET(truth), KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "out", "FILE", "evaluation.csv", NULL, OFFSET(out),
     KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "links", "FILE", "links.csv: scores the accepted pairs too",
     NULL, OFFSET(links), 0},
    {KITH_OPT_END, NULL, NULL, NULL, NULL, 0, 0},
};

static kith_status
run(const void *args, kith_job *job, kith_error *err)
{
    const evaluate_args *a = args;
    kith_status status = KITH_OK;
    kith_evaluation result;
    const kith_evaluate_params params = {.persons = a->persons,
                                         .lookup = a->lookup,
                                         .truth = a->truth,
                                         .links = a->links,
                                         .out = a->out};
    KITH_TRY(kith_evaluate(&result, &params, job, err));
    kith_summary_evaluation(stdout, &result);
done:
    return status;
}

const kith_command kith_cmd_evaluate = {
    "evaluate",
    "Score a linkage against the truth",
    "Precision, recall and F1 on all pairs inside a person (a true pair that "
    "blocking missed is a miss), and B-cubed over records.",
    options,
    sizeof(evaluate_args),
    false,
    run,
};
