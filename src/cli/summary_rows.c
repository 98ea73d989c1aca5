#include "cli/summary.h"

#include <kith/project.h>
#include <string.h>

enum { LIST = 1024, MAX_REASONS = 96, WIDTH = 100 };

/* One agency's line is gathered from all its counters. */
typedef struct agency_counts {
    const char *agency;
    uint64_t rows, records, rejected, nulled, excluded;
    char why[LIST];
} agency_counts;

/* How often each value was nulled, over all agencies. */
typedef struct null_counts {
    struct {
        char reason[64];
        uint64_t n;
    } rows[MAX_REASONS];
    size_t n_rows;
} null_counts;

/* "dob not a date 12", after what the list holds already. */
static void
add_reason(char list[LIST], const char *reason, uint64_t n)
{
    char number[32];
    char words[64];
    const size_t end = strlen(list);
    (void)snprintf(words, sizeof words, "%s", reason);
    for (char *p = words; *p != '\0'; p++)
        *p = *p == '_' ? ' ' : *p;
    (void)snprintf(list + end, LIST - end, "%s%s %s", end == 0 ? "" : ", ",
                   words, kith_summary_number(number, n));
}

/* A reason without its prefix, or NULL when it begins with another. */
static const char *
after(const char *reason, const char *prefix)
{
    const size_t n = strlen(prefix);
    return strncmp(reason, prefix, n) == 0 ? reason + n : NULL;
}

/* Why a value is null although something stood there; NULL for any other
 * counter. What was never there is no finding: the manifest counts it. */
static const char *
null_reason(const char *reason)
{
    const char *rest = after(reason, "bad_");
    if (rest == NULL)
        rest = after(reason, "null_");
    if (rest == NULL)
        return NULL;
    const size_t n = strlen(rest);
    const size_t tail = strlen("_empty");
    return n > tail && strcmp(rest + n - tail, "_empty") == 0 ? NULL : rest;
}

static void
gather_agency(void *ctx, const char *stage, const char *scope,
              const char *reason, uint64_t n)
{
    agency_counts *a = ctx;
    if (strcmp(stage, "encode") != 0 || strcmp(scope, a->agency) != 0)
        return;
    if (strcmp(reason, "rows_read") == 0) {
        a->rows += n;
    } else if (strcmp(reason, "records") == 0) {
        a->records += n;
    } else if (strcmp(reason, "excluded") == 0) {
        a->excluded += n;
    } else if (after(reason, "reject_") != NULL && n > 0) {
        a->rejected += n;
        add_reason(a->why, after(reason, "reject_"), n);
    } else if (null_reason(reason) != NULL) {
        a->nulled += n;
    }
}

static void
gather_nulls(void *ctx, const char *stage, const char *scope,
             const char *reason, uint64_t n)
{
    null_counts *c = ctx;
    const char *why = null_reason(reason);
    (void)scope;
    if (strcmp(stage, "encode") != 0 || why == NULL || n == 0)
        return;
    size_t i = 0;
    while (i < c->n_rows && strcmp(c->rows[i].reason, why) != 0)
        i++;
    if (i == MAX_REASONS)
        return;
    if (i == c->n_rows) {
        c->n_rows++;
        (void)snprintf(c->rows[i].reason, sizeof c->rows[i].reason, "%s", why);
    }
    c->rows[i].n += n;
}

/* A list wraps at its commas, under its first word. */
static void
print_list(FILE *to, const char *list, int indent)
{
    const size_t width = (size_t)(WIDTH - indent);
    while (strlen(list) > width) {
        size_t cut = width;
        while (cut > 0 && list[cut - 1] != ',')
            cut--;
        if (cut == 0)
            break;
        (void)fprintf(to, "%.*s\n%*s", (int)cut, list, indent, "");
        list += cut + strspn(list + cut, " ");
    }
    (void)fprintf(to, "%s\n", list);
}

static void
print_agency(FILE *to, const agency_counts *a)
{
    char n[4][32];
    (void)fprintf(to, "  %-16s %10s %10s %9s %8s", a->agency,
                  kith_summary_number(n[0], a->rows),
                  kith_summary_number(n[1], a->records),
                  kith_summary_number(n[2], a->rejected),
                  kith_summary_number(n[3], a->nulled));
    if (a->why[0] != '\0')
        (void)fputs("  ", to);
    print_list(to, a->why, 61);
}

void
kith_summary_agencies(FILE *to, const kith_run *run)
{
    char number[32];
    char list[LIST] = "";
    agency_counts all = {.agency = "all"};
    null_counts nulls = {.n_rows = 0};
    (void)fprintf(to, "Rows read\n  %-16s %10s %10s %9s %8s  %s\n", "agency",
                  "rows", "records", "rejected", "nulled", "rejected because");
    for (uint32_t i = 0; i < run->project->n_mappings; i++) {
        agency_counts a = {.agency = run->mappings[i]->agency};
        kith_job_each_count(run->job, gather_agency, &a);
        print_agency(to, &a);
        all.rows += a.rows;
        all.records += a.records;
        all.rejected += a.rejected;
        all.nulled += a.nulled;
        all.excluded += a.excluded;
    }
    print_agency(to, &all);
    kith_job_each_count(run->job, gather_nulls, &nulls);
    for (size_t i = 0; i < nulls.n_rows; i++)
        add_reason(list, nulls.rows[i].reason, nulls.rows[i].n);
    if (list[0] != '\0') {
        (void)fputs("  values nulled, their rows kept: ", to);
        print_list(to, list, 34);
    }
    if (all.excluded > 0)
        (void)fprintf(to, "  %s records left out at their owners' wish\n",
                      kith_summary_number(number, all.excluded));
}
