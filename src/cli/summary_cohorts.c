#include "cli/command.h"
#include "cli/results.h"
#include "cli/summary.h"

#include <kith/project.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_COHORTS = 200, CELL = 12, NAME = 64, N_STATUSES = 3 };

/* Columns of counts.csv. */
enum { COHORT, VERSION, UNIT, LEVEL, AREA, STATUS, COUNT, OF, PER_1000 };
enum { N_FIELDS = PER_1000 + 1 };

/* A cohort in the whole region. */
typedef struct cohort_row {
    char name[NAME];
    char unit[NAME];
    char of[CELL];
    char counts[N_STATUSES][CELL]; /* yes, near, unknown */
    char per_1000[CELL];           /* of yes */
} cohort_row;

typedef struct cohort_table {
    cohort_row rows[MAX_COHORTS];
    size_t n_rows;
    bool cut;
} cohort_table;

/* The row of a cohort, a new one when it is the first; NULL when full. */
static cohort_row *
find_row(cohort_table *t, char **fields)
{
    for (size_t i = 0; i < t->n_rows; i++) {
        if (strcmp(t->rows[i].name, fields[COHORT]) == 0)
            return &t->rows[i];
    }
    if (t->n_rows == MAX_COHORTS)
        return NULL;
    cohort_row *row = &t->rows[t->n_rows++];
    (void)snprintf(row->name, NAME, "%s", fields[COHORT]);
    (void)snprintf(row->unit, NAME, "%s", fields[UNIT]);
    (void)snprintf(row->of, CELL, "%s", fields[OF]);
    return row;
}

static kith_status
take_row(void *ctx, char **fields, size_t n, kith_error *err)
{
    static const char *const words[N_STATUSES] = {"yes", "near", "unknown"};
    cohort_table *t = ctx;
    (void)err;
    if (n < N_FIELDS || strcmp(fields[LEVEL], "region") != 0)
        return KITH_OK;
    cohort_row *row = find_row(t, fields);
    t->cut = t->cut || row == NULL;
    for (int s = 0; row != NULL && s < N_STATUSES; s++) {
        if (strcmp(fields[STATUS], words[s]) == 0)
            (void)snprintf(row->counts[s], CELL, "%s", fields[COUNT]);
    }
    if (row != NULL && strcmp(fields[STATUS], "yes") == 0)
        (void)snprintf(row->per_1000, CELL, "%s", fields[PER_1000]);
    return KITH_OK;
}

static void
print_table(FILE *to, const cohort_table *t)
{
    int width = 6;
    for (size_t i = 0; i < t->n_rows; i++) {
        const int n = (int)strlen(t->rows[i].name);
        width = n > width ? n : width;
    }
    (void)fprintf(to, "  %-*s  %-9s %9s %9s %9s %9s %9s\n", width, "cohort",
                  "of", "all", "yes", "per 1,000", "near", "unknown");
    for (size_t i = 0; i < t->n_rows; i++) {
        const cohort_row *r = &t->rows[i];
        (void)fprintf(to, "  %-*s  %-9s %9s %9s %9s %9s %9s\n", width, r->name,
                      r->unit, r->of, r->counts[0], r->per_1000, r->counts[1],
                      r->counts[2]);
    }
    if (t->cut)
        (void)fputs("  more is in counts.csv\n", to);
}

kith_status
kith_summary_cohorts(FILE *to, const kith_run *run, kith_error *err)
{
    kith_status status = KITH_OK;
    cohort_table *table = NULL;
    char *path = NULL;
    KITH_TRY(kith_cli_alloc(&table, 1, sizeof *table, err));
    KITH_TRY(kith_cli_join(&path, run->paths.results, "counts.csv", err));
    KITH_TRY(kith_result_each(path, take_row, table, err));
    (void)fputs("\nFlagged (<10: fewer than ten; others rounded to 5; unknown: "
                "an extract that would decide is missing)\n",
                to);
    print_table(to, table);
done:
    free(path);
    free(table);
    return status;
}
