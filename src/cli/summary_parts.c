#include "cli/summary.h"

#include <string.h>

const char *
kith_summary_number(char out[32], uint64_t n)
{
    char digits[24];
    const int len =
        snprintf(digits, sizeof digits, "%llu", (unsigned long long)n);
    char *p = out;
    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            *p++ = ',';
        *p++ = digits[i];
    }
    *p = '\0';
    return out;
}

/* How many are flagged goes where output goes, to a terminal or a mail: small
 * numbers must not, and others only rounded, as in counts.csv. */
static const char *
public_number(char out[32], const char *stage, uint64_t n)
{
    enum { SUPPRESS_BELOW = 10, ROUND_TO = 5 };
    if (strcmp(stage, "flag") != 0)
        return kith_summary_number(out, n);
    if (n > 0 && n < SUPPRESS_BELOW)
        return "<10";
    return kith_summary_number(out, (n + ROUND_TO / 2) / ROUND_TO * ROUND_TO);
}

static void
print_count(void *ctx, const char *stage, const char *scope, const char *reason,
            uint64_t n)
{
    FILE *to = ctx;
    char number[32];
    char words[64];
    (void)snprintf(words, sizeof words, "%s", reason);
    for (char *p = words; *p != '\0'; p++)
        *p = *p == '_' ? ' ' : *p;
    (void)fprintf(to, "%-9s %-24s %-40s %14s\n", stage, scope, words,
                  public_number(number, stage, n));
}

void
kith_summary_counts(FILE *to, const kith_job *job)
{
    if (!kith_job_quiet(job))
        kith_job_each_count(job, print_count, to);
}

static void
print_scores(FILE *to, const char *name, double p, double r, double f1)
{
    (void)fprintf(to, "  %-28s %9.4f %9.4f %9.4f\n", name, p, r, f1);
}

/* As the results suppress small cells, so does what is shown of them. */
static const char *
cell(char out[32], uint64_t n)
{
    enum { SMALL = 10 };
    (void)snprintf(out, 32, "<%d", SMALL);
    return n > 0 && n < SMALL ? out : kith_summary_number(out, n);
}

/* Who was flagged, against who is in a cohort by the truth. */
static void
print_cohorts(FILE *to, const kith_evaluation *e)
{
    if (e->n_cohorts == 0)
        return;
    (void)fprintf(to, "  %-28s %9s %9s %9s %9s %9s\n", "flags", "precision",
                  "recall", "flagged", "in it", "unknown");
    for (uint32_t i = 0; i < e->n_cohorts; i++) {
        const kith_cohort_recall *c = &e->cohorts[i];
        char found[32];
        char in[32];
        char unknown[32];
        (void)fprintf(to, "  %-28s %9.4f %9.4f %9s %9s %9s\n", c->cohort,
                      c->precision, c->recall, cell(found, c->n_found),
                      cell(in, c->n_true), cell(unknown, c->n_unknown));
    }
}

void
kith_summary_evaluation(FILE *to, const kith_evaluation *e)
{
    char number[32];
    (void)fprintf(to, "  %-28s %9s %9s %9s\n", "", "precision", "recall", "F1");
    print_scores(to, "all pairs inside a person", e->closed.precision,
                 e->closed.recall, e->closed.f1);
    print_scores(to, "B-cubed, record by record", e->bcubed_precision,
                 e->bcubed_recall, e->bcubed_f1);
    (void)fprintf(to, "  true pairs %s",
                  kith_summary_number(number, e->closed.n_true));
    (void)fprintf(to, ", found %s",
                  kith_summary_number(number, e->closed.n_found));
    (void)fprintf(to, ", of them right %s\n",
                  kith_summary_number(number, e->closed.n_both));
    print_cohorts(to, e);
    if (e->n_hardest == 0)
        return;
    (void)fprintf(to, "  recall of clean pairs %.4f; least with",
                  e->clean_recall);
    for (uint32_t i = 0; i < e->n_hardest; i++)
        (void)fprintf(to, "%s %s %.4f", i == 0 ? "" : ",", e->hardest[i].kind,
                      e->hardest[i].recall);
    (void)fputs("\n", to);
}
