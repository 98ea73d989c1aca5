#include "report/bias.h"

#include "base/alloc.h"
#include "io/out.h"
#include "report/bias_count.h"
#include "report/suppress.h"

#include <stdio.h>
#include <string.h>

typedef struct measurer {
    const kith_report_params *params;
    const kith_people *people;
    kith_origins origins;
    kith_groups groups;
    kith_moved moved;
    kith_bias_counts counts;
    kith_cell *cells; /* of each group */
    kith_cell *of_cells;
    kith_cell *part;       /* a division and its total */
    uint64_t *part_counts; /* ... its counts */
    uint32_t *parent;      /* ... 0 for each, the total */
    kith_hidden hidden;
    kith_buffer line;
    kith_out *to;
} measurer;

/* A measure: how many of how many, of each group. */
typedef struct measure {
    const char *name;
    const char *cohort;
    const uint64_t *count;
    const uint64_t *of;
    bool mean; /* a number each, no share */
} measure;

/* A division is a table of its own, with the whole as its total: hidden cells
 * are looked for in each by itself. */
static void
hide(const measurer *m, kith_cell *cells, const uint64_t *counts)
{
    const kith_groups *g = &m->groups;
    for (int d = 0; d < KITH_DIVISIONS; d++) {
        const uint32_t size = g->first[d + 1] - g->first[d];
        m->part_counts[0] = counts[0];
        memcpy(m->part_counts + 1, counts + g->first[d], size * sizeof *counts);
        kith_suppress(m->part, m->parent, m->part_counts, size + 1,
                      m->params->suppress_below);
        cells[0] = m->part[0];
        memcpy(cells + g->first[d], m->part + 1, size * sizeof *cells);
    }
}

static kith_status
write_group(measurer *m, const measure *x, uint32_t group, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_report_params *p = m->params;
    kith_hidden_add(&m->hidden, m->cells[group]);
    kith_hidden_add(&m->hidden, m->of_cells[group]);
    kith_buffer_clear(&m->line);
    KITH_TRY(kith_cell_write(&m->line, m->cells[group], x->count[group],
                             p->suppress_below, p->round_to, err));
    KITH_TRY(kith_buffer_add(&m->line, ",", 1, err));
    KITH_TRY(kith_cell_write(&m->line, m->of_cells[group], x->of[group],
                             p->suppress_below, p->round_to, err));
    KITH_TRY(kith_buffer_add(&m->line, ",", 1, err));
    const uint64_t k = kith_round_to(x->count[group], p->round_to);
    const uint64_t n = kith_round_to(x->of[group], p->round_to);
    if (m->cells[group] == KITH_CELL_SHOWN &&
        m->of_cells[group] == KITH_CELL_SHOWN && n > 0)
        KITH_TRY(
            kith_buffer_printf(&m->line, err, x->mean ? "%.2f" : "%.1f",
                               (x->mean ? 1 : 100) * (double)k / (double)n));
    KITH_TRY(kith_buffer_add(&m->line, "\n", 1, err));
    KITH_TRY(kith_out_write(m->to, m->line.data, m->line.len, err));
done:
    return status;
}

static kith_status
write_measure(measurer *m, const measure *x, kith_error *err)
{
    kith_status status = KITH_OK;
    hide(m, m->cells, x->count);
    hide(m, m->of_cells, x->of);
    for (uint32_t g = 0; g < m->groups.n; g++) {
        if ((x->of[g] == 0 && g != 0) || !kith_groups_shown(&m->groups, g))
            continue;
        KITH_TRY(kith_out_printf(m->to, err, "%s,%s,%s,", x->name, x->cohort,
                                 kith_groups_division(&m->groups, g)));
        KITH_TRY(kith_out_csv(m->to, kith_str_of(m->groups.name[g]), ',', err));
        KITH_TRY(write_group(m, x, g, err));
    }
done:
    return status;
}

static kith_status
measure_links(measurer *m, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint64_t *records =
        kith_bias_row_of_all(&m->counts, KITH_BIAS_RECORDS);
    const measure linked = {"linked", "",
                            kith_bias_row_of_all(&m->counts, KITH_BIAS_LINKED),
                            records, false};
    const measure each = {"records", "", records,
                          kith_bias_row_of_all(&m->counts, KITH_BIAS_PERSONS),
                          true};
    KITH_TRY(write_measure(m, &linked, err));
    KITH_TRY(write_measure(m, &each, err));
done:
    return status;
}

/* Persons by their best flag; then those whose best flag is yes in one table
 * and not in the other. */
static kith_status
measure_cohort(measurer *m, const char *cohort, uint32_t table, kith_error *err)
{
    static const char *const words[] = {"yes", "near", "unknown"};
    kith_status status = KITH_OK;
    const kith_bias_counts *c = &m->counts;
    for (uint32_t s = KITH_FLAG_YES; s < KITH_FLAG_STATUSES; s++) {
        const measure flags = {
            words[s], cohort, kith_bias_row(c, table, KITH_BIAS_FLAGS + s),
            kith_bias_row(c, table, KITH_BIAS_POPULATION), false};
        KITH_TRY(write_measure(m, &flags, err));
    }
    for (uint32_t i = 0; i < 2 * KITH_BIAS_STEPS; i++) {
        char name[32];
        const bool lost = i % 2 == 0;
        const uint32_t row = (lost ? KITH_BIAS_LOST : KITH_BIAS_GAINED) + i / 2;
        (void)snprintf(name, sizeof name, "%s_%u", lost ? "lost" : "gained",
                       kith_bias_steps[i / 2]);
        const measure moved = {
            name, cohort, kith_bias_row(c, table, row),
            kith_bias_row(c, table, KITH_BIAS_FLAGS + KITH_FLAG_YES), false};
        KITH_TRY(write_measure(m, &moved, err));
    }
done:
    return status;
}

static kith_status
prepare(measurer *m, const kith_flag_tables *flags, kith_job *job,
        kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(
        kith_origins_load(&m->origins, m->people, m->params->payload, err));
    KITH_TRY(kith_groups_new(&m->groups, m->people, &m->origins, err));
    KITH_TRY(kith_moved_load(&m->moved, m->people, flags, m->params->flags, job,
                             err));
    const kith_bias_input input = {m->people, &m->groups, flags, &m->moved};
    KITH_TRY(kith_bias_count(&m->counts, &input, job, err));
    KITH_TRY(KITH_ALLOC(&m->cells, m->groups.n, err));
    KITH_TRY(KITH_ALLOC(&m->of_cells, m->groups.n, err));
    KITH_TRY(KITH_ALLOC(&m->part, m->groups.n, err));
    KITH_TRY(KITH_ALLOC(&m->part_counts, m->groups.n, err));
    KITH_TRY(KITH_ALLOC(&m->parent, m->groups.n, err));
    m->parent[0] = UINT32_MAX;
done:
    return status;
}

static kith_status
write_all(measurer *m, const kith_flag_tables *flags, kith_error *err)
{
    static const char header[] = "measure,cohort,group,value,count,of,share\n";
    kith_status status = KITH_OK;
    char *path = NULL;
    KITH_TRY(kith_path_join(&path, m->params->out, "bias.csv", err));
    KITH_TRY(kith_out_open(&m->to, path, false, err));
    KITH_TRY(kith_out_write(m->to, header, sizeof header - 1, err));
    KITH_TRY(measure_links(m, err));
    for (uint32_t i = 0; i < flags->n; i++)
        KITH_TRY(measure_cohort(m, flags->all[i].cohort->name, i, err));
done:
    kith_free(path);
    return status;
}

kith_status
kith_bias_write(const kith_report_params *params, const kith_people *people,
                const kith_flag_tables *flags, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    measurer m = {.params = params, .people = people};
    KITH_TRY(prepare(&m, flags, job, err));
    KITH_TRY(write_all(&m, flags, err));
    kith_hidden_count(&m.hidden, "bias.csv", job);
    status = kith_out_commit(m.to, job, err);
    m.to = NULL;
done:
    kith_out_abort(m.to);
    kith_groups_done(&m.groups);
    kith_origins_done(&m.origins);
    kith_moved_done(&m.moved);
    kith_bias_counts_done(&m.counts);
    kith_free(m.cells);
    kith_free(m.of_cells);
    kith_free(m.part);
    kith_free(m.part_counts);
    kith_free(m.parent);
    kith_buffer_done(&m.line);
    return status;
}
