#include "cli/command.h"
#include "cli/results.h"
#include "cli/summary.h"

#include <kith/project.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_COHORTS = 8, /* columns of the table; more are in counts.csv */
    MAX_AREAS = 64,
    CELL = 8,
    NAME = 48
};

/* Columns of counts.csv. */
enum { COHORT, VERSION, UNIT, LEVEL, AREA, STATUS, COUNT, N_FIELDS = 9 };

typedef struct cohort_table {
    char cohorts[MAX_COHORTS][NAME];
    char titles[MAX_COHORTS][2 * NAME];
    char areas[MAX_AREAS][NAME];
    char cells[MAX_AREAS][MAX_COHORTS][CELL];
    size_t n_cohorts, n_areas, n_left_out;
} cohort_table;

/* The place of @p name among the rows so far, or after them. */
static size_t
find(char (*names)[NAME], size_t n, const char *name)
{
    size_t i = 0;
    while (i < n && strcmp(names[i], name) != 0)
        i++;
    return i;
}

static kith_status
take_row(void *ctx, char **fields, size_t n, kith_error *err)
{
    cohort_table *t = ctx;
    (void)err;
    if (n < N_FIELDS || strcmp(fields[STATUS], "yes") != 0 ||
        strcmp(fields[LEVEL], "neighbourhood") == 0)
        return KITH_OK;
    const size_t c = find(t->cohorts, t->n_cohorts, fields[COHORT]);
    const size_t a = find(t->areas, t->n_areas, fields[AREA]);
    if (c == MAX_COHORTS || a == MAX_AREAS) {
        t->n_left_out++;
        return KITH_OK;
    }
    if (c == t->n_cohorts) {
        t->n_cohorts++;
        (void)snprintf(t->cohorts[c], NAME, "%s", fields[COHORT]);
        (void)snprintf(t->titles[c], sizeof t->titles[c], "%s %s, by %s",
                       fields[COHORT], fields[VERSION], fields[UNIT]);
    }
    if (a == t->n_areas) {
        t->n_areas++;
        (void)snprintf(t->areas[a], NAME, "%s", fields[AREA]);
    }
    (void)snprintf(t->cells[a][c], CELL, "%s", fields[COUNT]);
    return KITH_OK;
}

static void
print_table(FILE *to, const cohort_table *t)
{
    for (size_t c = 0; c < t->n_cohorts; c++)
        (void)fprintf(to, "  (%zu) %s\n", c + 1, t->titles[c]);
    (void)fprintf(to, "  %-24s", "");
    for (size_t c = 0; c < t->n_cohorts; c++)
        (void)fprintf(to, "      (%zu)", c + 1);
    (void)fputc('\n', to);
    for (size_t a = 0; a < t->n_areas; a++) {
        (void)fprintf(to, "  %-24.24s", t->areas[a]);
        for (size_t c = 0; c < t->n_cohorts; c++)
            (void)fprintf(to, " %8s", t->cells[a][c]);
        (void)fputc('\n', to);
    }
    if (t->n_left_out > 0)
        (void)fputs("  more cohorts or areas are in counts.csv\n", to);
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
    (void)fputs("\nFlagged yes (<10: under ten, c: hidden so that no such "
                "count follows, others rounded)\n",
                to);
    print_table(to, table);
done:
    free(path);
    free(table);
    return status;
}
