#include "cli/summary.h"

#include <kith/project.h>
#include <string.h>

enum { LIST = 2048, MAX_REASONS = 96, WIDTH = 100 };

/* One agency's line is gathered from all its counters. Of the persons file
 * rows = records + rejected + opted out; of the others, events and relations,
 * rows = kept + rejected + left out. */
typedef struct agency_counts {
    const char *agency; /* NULL: all */
    uint64_t rows, records, rejected, excluded;
    uint64_t side_rows, side_kept, side_rejected, side_left_out;
} agency_counts;

/* Why rows were rejected, values nulled or relations not used. */
typedef struct reason_counts {
    struct {
        char reason[64];
        uint64_t n;
    } rows[MAX_REASONS];
    size_t n_rows;
} reason_counts;

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

/* Counters of events and relations begin with the kind of file. */
static const char *
after_kind(const char *reason)
{
    const char *rest = after(reason, "event_");
    return rest != NULL ? rest : after(reason, "relation_");
}

static void
gather_side(agency_counts *a, const char *reason, uint64_t n)
{
    const char *rest = after_kind(reason);
    if (strcmp(reason, "events") == 0 || strcmp(reason, "relations") == 0)
        a->side_kept += n;
    else if (rest != NULL && strcmp(rest, "rows_read") == 0)
        a->side_rows += n;
    else if (rest != NULL &&
             (strcmp(rest, "filtered") == 0 || strcmp(rest, "excluded") == 0))
        a->side_left_out += n;
}

static void
gather_agency(void *ctx, const char *stage, const char *scope,
              const char *reason, uint64_t n)
{
    agency_counts *a = ctx;
    if (strcmp(stage, "encode") != 0 ||
        (a->agency != NULL && strcmp(scope, a->agency) != 0))
        return;
    const char *rejected = after(reason, "reject_");
    if (strcmp(reason, "rows_read") == 0)
        a->rows += n;
    else if (strcmp(reason, "records") == 0)
        a->records += n;
    else if (strcmp(reason, "excluded") == 0)
        a->excluded += n;
    else if (rejected != NULL)
        *(after_kind(rejected) != NULL ? &a->side_rejected : &a->rejected) += n;
    else
        gather_side(a, reason, n);
}

static void
add_count(reason_counts *c, const char *why, uint64_t n)
{
    size_t i = 0;
    while (i < c->n_rows && strcmp(c->rows[i].reason, why) != 0)
        i++;
    if (n == 0 || i == MAX_REASONS)
        return;
    if (i == c->n_rows) {
        c->n_rows++;
        (void)snprintf(c->rows[i].reason, sizeof c->rows[i].reason, "%s", why);
    }
    c->rows[i].n += n;
}

static void
gather_rejects(void *ctx, const char *stage, const char *scope,
               const char *reason, uint64_t n)
{
    (void)scope;
    if (strcmp(stage, "encode") == 0 && after(reason, "reject_") != NULL)
        add_count(ctx, after(reason, "reject_"), n);
}

static void
gather_nulls(void *ctx, const char *stage, const char *scope,
             const char *reason, uint64_t n)
{
    (void)scope;
    if (strcmp(stage, "encode") == 0 && null_reason(reason) != NULL)
        add_count(ctx, null_reason(reason), n);
}

/* Relations that were read and told the family stage nothing. */
static void
gather_unused(void *ctx, const char *stage, const char *scope,
              const char *reason, uint64_t n)
{
    const char *why = after(reason, "relations_");
    (void)scope;
    if (strcmp(stage, "family") != 0 || why == NULL ||
        strcmp(why, "read") == 0 || strcmp(why, "used") == 0)
        return;
    const char *unused = after(why, "unused_");
    add_count(ctx, unused != NULL ? unused : why, n);
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
print_agency(FILE *to, const agency_counts *a, int width)
{
    const uint64_t numbers[] = {a->rows,          a->records,      a->rejected,
                                a->excluded,      a->side_rows,    a->side_kept,
                                a->side_rejected, a->side_left_out};
    (void)fprintf(to, "  %-*s", width, a->agency == NULL ? "all" : a->agency);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char n[32];
        (void)fprintf(to, "%s%*s", i == 4 ? "  " : "", i % 4 < 2 ? 11 : 9,
                      kith_summary_number(n, numbers[i]));
    }
    (void)fputc('\n', to);
}

static void
print_reasons(FILE *to, const char *heading, const kith_run *run,
              kith_job_count_fn gather)
{
    char list[LIST] = "";
    reason_counts counts = {.n_rows = 0};
    kith_job_each_count(run->job, gather, &counts);
    for (size_t i = 0; i < counts.n_rows; i++)
        add_reason(list, counts.rows[i].reason, counts.rows[i].n);
    if (list[0] == '\0')
        return;
    (void)fprintf(to, "  %s: ", heading);
    print_list(to, list, (int)strlen(heading) + 4);
}

void
kith_summary_agencies(FILE *to, const kith_run *run)
{
    agency_counts all = {.agency = NULL};
    int width = 6;
    for (uint32_t i = 0; i < run->project->n_mappings; i++) {
        const int n = (int)strlen(run->mappings[i]->agency);
        width = n > width ? n : width;
    }
    (void)fprintf(to, "Rows read\n  %-*s%11s%11s%9s%9s  %11s%11s%9s%9s\n",
                  width, "agency", "persons", "= records", "+ reject",
                  "+ optout", "events", "= kept", "+ reject", "+ other");
    for (uint32_t i = 0; i < run->project->n_mappings; i++) {
        agency_counts a = {.agency = run->mappings[i]->agency};
        kith_job_each_count(run->job, gather_agency, &a);
        print_agency(to, &a, width);
    }
    kith_job_each_count(run->job, gather_agency, &all);
    print_agency(to, &all, width);
    if (all.side_left_out > 0)
        (void)fputs("  other: rows that the mapping's `where` leaves out, and "
                    "those of people who opted out\n",
                    to);
    print_reasons(to, "rejected", run, gather_rejects);
    print_reasons(to, "values nulled, their rows kept", run, gather_nulls);
    print_reasons(to, "relations not used", run, gather_unused);
}
