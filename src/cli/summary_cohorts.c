#include "cli/command.h"
#include "cli/results.h"
#include "cli/summary.h"

#include <kith/project.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_COHORTS = 200,
    MAX_AREAS = 12, /* columns of the table; the rest is in counts.csv */
    CELL = 8,
    NAME = 48
};

/* Columns of counts.csv. */
enum { COHORT, VERSION, UNIT, LEVEL, AREA, STATUS, COUNT, N_FIELDS = 9 };

typedef struct cohort_row {
    char name[NAME];
    char unit[NAME];
    char cells[MAX_AREAS][CELL];
} cohort_row;

typedef struct cohort_table {
    cohort_row rows[MAX_COHORTS];
    char areas[MAX_AREAS][NAME];
    bool counted[MAX_AREAS]; /* some cohort has somebody there */
    size_t n_rows, n_areas;
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
    return row;
}

static size_t
find_area(cohort_table *t, const char *name)
{
    size_t i = 0;
    while (i < t->n_areas && strcmp(t->areas[i], name) != 0)
        i++;
    if (i == t->n_areas && i < MAX_AREAS)
        (void)snprintf(t->areas[t->n_areas++], NAME, "%s", name);
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
    cohort_row *row = find_row(t, fields);
    const size_t area = find_area(t, fields[AREA]);
    if (row == NULL || area == MAX_AREAS) {
        t->cut = true;
        return KITH_OK;
    }
    (void)snprintf(row->cells[area], CELL, "%s", fields[COUNT]);
    t->counted[area] |= strcmp(fields[COUNT], "0") != 0;
    return KITH_OK;
}

/* The whole place is the first row of each cohort. */
static const char *
area_heading(const cohort_table *t, size_t area)
{
    return area == 0 ? "all" : t->areas[area];
}

static void
print_table(FILE *to, const cohort_table *t)
{
    (void)fprintf(to, "  %-22s %-6s", "cohort", "of");
    for (size_t a = 0; a < t->n_areas; a++) {
        if (a == 0 || t->counted[a])
            (void)fprintf(to, " %5.5s", area_heading(t, a));
    }
    (void)fputc('\n', to);
    for (size_t i = 0; i < t->n_rows; i++) {
        const cohort_row *row = &t->rows[i];
        (void)fprintf(to, "  %-22.22s %-6.6s", row->name, row->unit);
        for (size_t a = 0; a < t->n_areas; a++) {
            if (a == 0 || t->counted[a])
                (void)fprintf(to, " %5s", row->cells[a]);
        }
        (void)fputc('\n', to);
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
    (void)fputs("\nFlagged, by district (<10: under ten; c: hidden, or such a "
                "count would follow; others rounded)\n",
                to);
    print_table(to, table);
done:
    free(path);
    free(table);
    return status;
}
