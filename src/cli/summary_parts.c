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
                  kith_summary_number(number, n));
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

void
kith_summary_evaluation(FILE *to, const kith_evaluation *e)
{
    char number[32];
    (void)fprintf(to, "  %-28s %9s %9s %9s\n", "", "precision", "recall", "F1");
    if (e->links.n_found > 0)
        print_scores(to, "links, pair by pair", e->links.precision,
                     e->links.recall, e->links.f1);
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
}

/* One agency's line is gathered from all its counters. */
typedef struct agency_counts {
    const char *agency;
    uint64_t rows, rejected, bad, records, excluded;
    char why[512];
    size_t why_len;
} agency_counts;

static void
add_reason(agency_counts *a, const char *reason, uint64_t n)
{
    char number[32];
    char words[64];
    (void)snprintf(words, sizeof words, "%s", reason);
    for (char *p = words; *p != '\0'; p++)
        *p = *p == '_' ? ' ' : *p;
    const int len = snprintf(a->why + a->why_len, sizeof a->why - a->why_len,
                             "%s%s %s", a->why_len == 0 ? "" : ", ", words,
                             kith_summary_number(number, n));
    if (len > 0 && a->why_len + (size_t)len < sizeof a->why)
        a->why_len += (size_t)len;
}

static void
gather(void *ctx, const char *stage, const char *scope, const char *reason,
       uint64_t n)
{
    agency_counts *a = ctx;
    const size_t len = strlen(a->agency);
    /* A scope is the agency, or a part of it: "gmp events". */
    if (strcmp(stage, "encode") != 0 || strncmp(scope, a->agency, len) != 0 ||
        (scope[len] != '\0' && scope[len] != ' ' && scope[len] != '.' &&
         scope[len] != '/' && scope[len] != ':'))
        return;
    if (strcmp(reason, "rows_read") == 0) {
        a->rows += n;
    } else if (strcmp(reason, "records") == 0) {
        a->records += n;
    } else if (strcmp(reason, "excluded") == 0) {
        a->excluded += n;
    } else if (strncmp(reason, "reject_", strlen("reject_")) == 0 && n > 0) {
        a->rejected += n;
        add_reason(a, reason + strlen("reject_"), n);
    } else if (strncmp(reason, "bad_", strlen("bad_")) == 0 && n > 0) {
        a->bad += n;
        add_reason(a, reason + strlen("bad_"), n);
    }
}

/* The reasons wrap under their own column. */
static void
print_reasons(FILE *to, const char *why)
{
    enum { INDENT = 61, WIDTH = 100 - INDENT };
    while (strlen(why) > WIDTH) {
        size_t cut = WIDTH;
        while (cut > 0 && why[cut - 1] != ',')
            cut--;
        if (cut == 0)
            break;
        (void)fprintf(to, "%.*s\n%*s", (int)cut, why, INDENT, "");
        why += cut + strspn(why + cut, " ");
    }
    (void)fprintf(to, "%s\n", why);
}

void
kith_summary_agencies(FILE *to, const kith_run *run)
{
    char n[5][32];
    uint64_t total[5] = {0};
    (void)fprintf(to, "Rows read\n  %-16s %10s %10s %9s %8s  %s\n", "agency",
                  "rows", "records", "rejected", "nulled", "why");
    for (uint32_t i = 0; i < run->project->n_mappings; i++) {
        agency_counts a = {.agency = run->mappings[i]->agency};
        kith_job_each_count(run->job, gather, &a);
        (void)fprintf(to, "  %-16s %10s %10s %9s %8s  ", a.agency,
                      kith_summary_number(n[0], a.rows),
                      kith_summary_number(n[1], a.records),
                      kith_summary_number(n[2], a.rejected),
                      kith_summary_number(n[3], a.bad));
        print_reasons(to, a.why);
        total[0] += a.rows;
        total[1] += a.records;
        total[2] += a.rejected;
        total[3] += a.bad;
        total[4] += a.excluded;
    }
    (void)fprintf(to, "  %-16s %10s %10s %9s %8s\n", "all",
                  kith_summary_number(n[0], total[0]),
                  kith_summary_number(n[1], total[1]),
                  kith_summary_number(n[2], total[2]),
                  kith_summary_number(n[3], total[3]));
    (void)fputs("  rejected: rows left out; nulled: values left out of a row "
                "that is kept\n",
                to);
    if (total[4] > 0)
        (void)fprintf(to, "  %s records left out at their owners' wish\n",
                      kith_summary_number(n[4], total[4]));
}
