#include "cli/summary.h"

#include "cli/command.h"
#include "cli/results.h"

#include <kith/version.h>
#include <stdlib.h>
#include <string.h>

static void
print_line(FILE *to, const char *what, uint64_t n, const char *where)
{
    char number[32];
    (void)fprintf(to, "  %-12s %12s  %s\n", what,
                  kith_summary_number(number, n), where);
}

static kith_status
print_people(FILE *to, const kith_run *run, kith_error *err)
{
    kith_status status = KITH_OK;
    static const struct {
        const char *file, *what, *note;
    } tables[] = {
        {"households.csv", "households", "who lives together"},
        {"families.csv", "families", "who belongs together"},
        {"refused.csv", "refused", "unions that broke a constraint"},
        {"review.csv", "to review", "borderline persons, for a human"},
    };
    uint64_t rows = 0;
    uint64_t groups = 0;
    KITH_TRY(kith_result_count(run->paths.persons, &rows, &groups, err));
    (void)fputs("\nPeople\n", to);
    print_line(to, "records", rows, "encoded and linked");
    print_line(to, "persons", groups, "people behind the records");
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        char *path = NULL;
        KITH_TRY(kith_cli_join(&path, run->paths.results, tables[i].file, err));
        status = kith_result_count(path, &rows, &groups, err);
        free(path);
        KITH_TRY(status);
        print_line(to, tables[i].what, i < 2 ? groups : rows, tables[i].note);
    }
done:
    return status;
}

/* The stages of one name (encode runs once an agency) as one line. */
typedef struct stage_line {
    FILE *to;
    char stage[64];
    double seconds, total;
    uint64_t peak_bytes;
} stage_line;

static void
flush_stage(stage_line *l)
{
    if (l->stage[0] != '\0')
        (void)fprintf(l->to, "  %-12s %9.2f s %9.0f MiB\n", l->stage,
                      l->seconds, (double)l->peak_bytes / 1048576.0);
    l->total += l->seconds;
    l->seconds = 0;
    l->peak_bytes = 0;
    l->stage[0] = '\0';
}

static void
print_stage(void *ctx, const char *stage, const char *detail, double seconds,
            uint64_t peak_bytes)
{
    stage_line *l = ctx;
    (void)detail;
    if (strcmp(l->stage, stage) != 0)
        flush_stage(l);
    (void)snprintf(l->stage, sizeof l->stage, "%s", stage);
    l->seconds += seconds;
    if (peak_bytes > l->peak_bytes)
        l->peak_bytes = peak_bytes;
}

static void
print_stages(FILE *to, const kith_job *job)
{
    stage_line l = {.to = to};
    (void)fprintf(to,
                  "\nStages         wall time   peak memory (%s%u threads)\n",
                  kith_job_peaks_by_stage(job) ? "" : "of the run so far, ",
                  kith_job_threads(job));
    kith_job_each_stage(job, print_stage, &l);
    flush_stage(&l);
    (void)fprintf(to, "  %-12s %9.2f s\n", "all", l.total);
}

static void
print_outputs(FILE *to, const kith_run *run, const char *out)
{
    static const struct {
        const char *name, *what;
        bool flags, truth;
    } outputs[] = {
        {"results/persons.csv", "which records are one person", false, false},
        {"results/households.csv", "who lives together", false, false},
        {"results/families.csv", "who belongs together, and as what", false,
         false},
        {"results/flags.csv", "who is in which cohort", true, false},
        {"results/evidence.csv", "why: criterion, agency, event, date", true,
         false},
        {"results/counts.csv", "the same by district and neighbourhood", true,
         false},
        {"results/bias.csv",
         "links and flags by sex, age, district, deprivation", true, false},
        {"results/links.csv", "accepted links with their weights", false,
         false},
        {"results/thresholds.csv",
         "expected false links and misses by threshold", false, false},
        {"results/evaluation.csv", "the figures above, and by agency pair",
         false, true},
        {"model.yaml", "m and u probabilities, to read or to freeze", false,
         false},
        {"keep/", "pseudonym to own id: each agency's alone", false, false},
        {"manifest.json", "inputs, counts, warnings, outputs with SHA-256",
         false, false},
    };
    (void)fprintf(to, "\nOutputs, in %s/\n", out);
    for (size_t i = 0; i < sizeof outputs / sizeof *outputs; i++) {
        if ((outputs[i].flags && run->project->n_criteria == 0) ||
            (outputs[i].truth && !run->evaluated))
            continue;
        (void)fprintf(to, "  %-24s %s\n", outputs[i].name, outputs[i].what);
    }
    const bool flags = run->project->n_criteria > 0;
    (void)fprintf(to, "\nLook first at %s/results/%s.\n", out,
                  flags ? "flags.csv, then evidence.csv for the reasons"
                        : "persons.csv, then review.csv for the doubtful");
    if (flags)
        (void)fprintf(
            to, "To see why:   kith explain --run %s --flag COHORT ID\n", out);
    (void)fprintf(to,
                  "Why linked:   kith explain --run %s AGENCY:PSEUDONYM "
                  "AGENCY:PSEUDONYM\n",
                  out);
}

kith_status
kith_summary_run(FILE *to, const kith_run *run, const char *out,
                 kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_project *p = run->project;
    (void)fprintf(
        to, "kith %s: project %s, epoch %s, run %s, as of %s, spec %s\n\n",
        kith_version(), p->name, p->epoch, run->run_id,
        run->reference_date.text, run->spec->name);
    kith_summary_agencies(to, run);
    KITH_TRY(print_people(to, run, err));
    if (run->evaluated) {
        (void)fputs("\nAgainst the truth\n", to);
        kith_summary_evaluation(to, &run->evaluation);
    }
    if (p->n_criteria > 0)
        KITH_TRY(kith_summary_cohorts(to, run, err));
    print_stages(to, run->job);
    print_outputs(to, run, out);
done:
    return status;
}
