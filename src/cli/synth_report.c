#include "cli/synth_report.h"

#include "cli/command.h"
#include "cli/commit.h"
#include "cli/results.h"
#include "cli/run.h"
#include "cli/stages.h"

#include <stdlib.h>
#include <string.h>

/* Columns of fidelity.csv. */
enum { MEASURE, GROUP, WANTED, OBSERVED, OF, N_FIELDS };

enum { NAME = 64, MANY = 64, OTHERS = 4, BANDS = 5 };

/* Agencies beside which all are put, to show how they overlap. */
static const char *const OTHER[OTHERS] = {"gp", "dwp", "gmp", "council_tax"};

typedef struct agency_row {
    char name[NAME];
    double known, exact, in[OTHERS];
} agency_row;

typedef struct kind_row {
    char name[NAME];
    double rate, exact, n_pairs;
} kind_row;

/* What is gathered from the file; rows that are printed as they come are. */
typedef struct gathered {
    FILE *to;
    agency_row agencies[MANY];
    size_t n_agencies;
    kind_row kinds[MANY];
    size_t n_kinds;
    double bands[BANDS]; /* people by number of records */
    double mean_records;
} gathered;

static agency_row *
agency_of(gathered *g, const char *name)
{
    for (size_t i = 0; i < g->n_agencies; i++)
        if (strcmp(g->agencies[i].name, name) == 0)
            return &g->agencies[i];
    return NULL;
}

static kind_row *
kind_of(gathered *g, const char *name)
{
    for (size_t i = 0; i < g->n_kinds; i++)
        if (strcmp(g->kinds[i].name, name) == 0)
            return &g->kinds[i];
    return NULL;
}

static void
begin_row(char *out, const char *name)
{
    (void)snprintf(out, NAME, "%s", name);
}

/* "fire in gp": the share of the first that the second knows too. */
static void
take_overlap(gathered *g, const char *group, double share)
{
    const char *in = strstr(group, " in ");
    char name[NAME];
    if (in == NULL)
        return;
    (void)snprintf(name, sizeof name, "%.*s", (int)(in - group), group);
    agency_row *row = agency_of(g, name);
    for (size_t i = 0; row != NULL && i < OTHERS; i++)
        if (strcmp(in + 4, OTHER[i]) == 0)
            row->in[i] = share;
}

static void
take_records(gathered *g, const char *group, double share)
{
    static const unsigned most[BANDS] = {0, 2, 5, 10, 1000};
    const unsigned n = (unsigned)strtoul(group, NULL, 10);
    unsigned band = 0;
    while (n > most[band])
        band++;
    g->bands[band] += share;
    g->mean_records += n * share;
}

static void
take_measure(gathered *g, const char *measure, const char *group, double x,
             double n)
{
    agency_row *agency = agency_of(g, group);
    kind_row *kind = kind_of(g, group);
    if (strcmp(measure, "known_to") == 0 && g->n_agencies < MANY) {
        agency = &g->agencies[g->n_agencies++];
        begin_row(agency->name, group);
        agency->known = x;
    } else if (strcmp(measure, "error_rate") == 0 && g->n_kinds < MANY) {
        kind = &g->kinds[g->n_kinds++];
        begin_row(kind->name, group);
        kind->rate = x;
    } else if (strcmp(measure, "exact_to_register") == 0 && agency != NULL) {
        agency->exact = x;
    } else if (strcmp(measure, "exact_of_all_pairs") == 0 && kind != NULL) {
        kind->exact = x;
        kind->n_pairs = n;
    } else if (strcmp(measure, "overlap") == 0) {
        take_overlap(g, group, x);
    } else if (strcmp(measure, "records_per_person") == 0) {
        take_records(g, group, x);
    }
}

/* What has a wanted value, the curve of surnames, and what exact matching
 * finds, are printed as they come. */
static kith_status
take_row(void *ctx, char **fields, size_t n, kith_error *err)
{
    gathered *g = ctx;
    (void)err;
    if (n < N_FIELDS || strcmp(fields[MEASURE], "measure") == 0)
        return KITH_OK;
    const double x = strtod(fields[OBSERVED], NULL);
    const bool by_agency = strcmp(fields[MEASURE], "error_rate_of_agency") == 0;
    const bool whole = strncmp(fields[GROUP], "agencies ", 9) == 0 ||
                       (strcmp(fields[GROUP], "all") == 0 &&
                        strncmp(fields[MEASURE], "exact", 5) == 0);
    take_measure(g, fields[MEASURE], fields[GROUP], x,
                 strtod(fields[OF], NULL));
    if (!by_agency && (fields[WANTED][0] != '\0' || whole ||
                       strcmp(fields[MEASURE], "surnames") == 0))
        (void)fprintf(g->to, "  %-28s %-32s %9s %9.5f %12s\n", fields[MEASURE],
                      fields[GROUP], fields[WANTED], x, fields[OF]);
    return KITH_OK;
}

/* What the shares of exact matching are shares of. */
static void
print_definitions(const gathered *g)
{
    (void)fprintf(
        g->to,
        "\nexact_to_register: of an agency's records about people whom a "
        "general practice\nholds, those whose names, birth date and postcode "
        "are also in a record of the\nsame person there, former addresses "
        "included; number_or_exact_to_register: or\nwhose NHS number is. "
        "Deterministic linkage with the number finds 95.9 %% (HESID,\n"
        "PMC4550723), without it far less (ambulance records: 18 %%, "
        "PMC9583284).\nexact_of_all_pairs: of the pairs of a person's records "
        "with two agencies.\n");
}

static void
print_agencies(const gathered *g)
{
    (void)fprintf(g->to,
                  "\nAgencies: share of people known, of those also known to "
                  "others, and of records\nwhose names, birth date and "
                  "postcode are on the register of patients\n  %-18s %9s",
                  "", "known");
    for (size_t i = 0; i < OTHERS; i++)
        (void)fprintf(g->to, " %11s", OTHER[i]);
    (void)fprintf(g->to, " %12s\n", "on register");
    for (size_t k = 0; k < g->n_agencies; k++) {
        const agency_row *a = &g->agencies[k];
        (void)fprintf(g->to, "  %-18s %9.4f", a->name, a->known);
        for (size_t i = 0; i < OTHERS; i++)
            if (strcmp(a->name, OTHER[i]) == 0)
                (void)fprintf(g->to, " %11s", "");
            else
                (void)fprintf(g->to, " %11.4f", a->in[i]);
        if (strcmp(a->name, OTHER[0]) == 0)
            (void)fputs("\n", g->to); /* it is the register */
        else
            (void)fprintf(g->to, " %12.4f\n", a->exact);
    }
    (void)fprintf(g->to,
                  "\nRecords a person: %.1f; people with none %.4f, 1 or 2 "
                  "%.4f, 3 to 5 %.4f,\n6 to 10 %.4f, more %.4f\n",
                  g->mean_records, g->bands[0], g->bands[1], g->bands[2],
                  g->bands[3], g->bands[4]);
}

static void
print_difficulty(const gathered *g, const kith_evaluation *e)
{
    (void)fprintf(g->to,
                  "\nHow hard it is: of pairs of one person's records, one of "
                  "which has the error,\nthose that exact names, birth date "
                  "and postcode join, and those that kith finds\n"
                  "  %-18s %12s %12s %12s %12s\n",
                  "", "of records", "exact", "kith", "kith of");
    (void)fprintf(g->to, "  %-18s %12s %12s %12.4f %12llu\n", "(any pair)", "",
                  "", e->closed.recall, (unsigned long long)e->closed.n_true);
    (void)fprintf(g->to, "  %-18s %12s %12s %12.4f\n", "(no error)", "", "",
                  e->clean_recall);
    for (size_t k = 0; k < g->n_kinds; k++) {
        const kind_row *kind = &g->kinds[k];
        (void)fprintf(g->to, "  %-18s %12.5f %12.4f", kind->name, kind->rate,
                      kind->exact);
        for (uint32_t i = 0; i < e->n_kinds; i++)
            if (strcmp(e->kinds[i].kind, kind->name) == 0)
                (void)fprintf(g->to, " %12.4f %12llu", e->kinds[i].recall,
                              (unsigned long long)e->kinds[i].n_true);
        (void)fputs("\n", g->to);
    }
    (void)fprintf(g->to,
                  "  kith: precision %.4f, F1 %.4f on a sample of the same "
                  "making, in report/\n",
                  e->closed.precision, e->closed.f1);
}

kith_status
kith_synth_print_report(FILE *to, const char *folder, const kith_evaluation *e,
                        kith_error *err)
{
    kith_status status = KITH_OK;
    char *path = NULL;
    gathered *g = NULL;
    KITH_TRY(kith_cli_alloc(&g, 1, sizeof *g, err));
    g->to = to;
    KITH_TRY(kith_cli_join(&path, folder, "truth/fidelity.csv", err));
    (void)fprintf(to, "%s\n  %-28s %-32s %9s %9s %12s\n", path, "measure",
                  "group", "wanted", "observed", "of");
    KITH_TRY(kith_result_each(path, take_row, g, err));
    print_definitions(g);
    print_agencies(g);
    print_difficulty(g, e);
done:
    free(path);
    free(g);
    return status;
}

static kith_status
link_project(kith_evaluation *out, const char *config, kith_job *job,
             kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_key_dates no_dates = {NULL, NULL};
    kith_run run = {.job = job};
    kith_commit commit = {.lock = -1};
    KITH_TRY(kith_cli_make_keys(config, &no_dates, false, err));
    KITH_TRY(kith_run_load(&run, config, NULL, err));
    KITH_TRY(kith_commit_begin(&commit, run.project->out, err));
    KITH_TRY(kith_run_stages(&run, commit.next, err));
    KITH_TRY(kith_commit_finish(&commit, err));
    *out = run.evaluation;
done:
    kith_commit_done(&commit);
    kith_run_done(&run);
    return status;
}

/* Its counts are not those of the population: a job of its own keeps them
 * apart. */
static kith_status
new_job(kith_job **out, const kith_job *job, kith_error *err)
{
    kith_job_params params = kith_job_params_default();
    params.n_threads = kith_job_threads(job);
    params.memory_bytes = kith_job_memory(job);
    params.isa = kith_job_isa(job);
    params.quiet = true;
    return kith_job_new(out, &params, err);
}

kith_status
kith_synth_link_sample(kith_evaluation *out, const kith_synth_params *params,
                       kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_synth_params sample = *params;
    kith_job *apart = NULL;
    char *folder = NULL;
    char *config = NULL;
    KITH_TRY(kith_cli_join(&folder, params->out, "report", err));
    KITH_TRY(kith_cli_join(&config, folder, "kith.yaml", err));
    sample.out = folder;
    sample.criteria = NULL;
    sample.n_nights = 0;
    sample.gzip = false;
    sample.report = false;
    sample.n_people = KITH_SYNTH_SAMPLE;
    KITH_TRY(new_job(&apart, job, err));
    KITH_TRY(kith_synth(&sample, apart, err));
    KITH_TRY(link_project(out, config, apart, err));
done:
    kith_job_free(apart);
    free(folder);
    free(config);
    return status;
}
