#include "report/bias.h"

#include "base/alloc.h"
#include "io/out.h"
#include "report/groups.h"
#include "report/moves.h"
#include "report/suppress.h"

#include <stdio.h>
#include <string.h>

typedef struct measurer {
    const kith_report_params *params;
    const kith_people *people;
    kith_origins origins;
    kith_groups groups;
    kith_moved moved;
    uint64_t *count; /* of each group */
    uint64_t *of;
    kith_cell *cells;
    kith_cell *of_cells;
    kith_cell *part;       /* a division and its total */
    uint64_t *part_counts; /* ... its counts */
    uint32_t *parent;      /* ... 0 for each, the total */
    uint8_t *best;         /* of each person: best flag in the cohort */
    uint8_t *stricter;     /* ... at a stricter threshold */
    uint8_t *status;       /* of each unit, at a stricter threshold */
    kith_hidden hidden;
    kith_buffer line;
    kith_out *to;
} measurer;

/* Adds to the person's group in each division, and to all. */
static void
add(const measurer *m, uint64_t *counts, uint32_t person, uint64_t n)
{
    counts[0] += n;
    for (int d = 0; d < KITH_DIVISIONS; d++)
        counts[m->groups.of[d][person]] += n;
}

static void
clear(measurer *m)
{
    memset(m->count, 0, m->groups.n * sizeof *m->count);
    memset(m->of, 0, m->groups.n * sizeof *m->of);
}

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
write_group(measurer *m, uint32_t group, bool mean, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_report_params *p = m->params;
    kith_hidden_add(&m->hidden, m->cells[group]);
    kith_hidden_add(&m->hidden, m->of_cells[group]);
    kith_buffer_clear(&m->line);
    KITH_TRY(kith_cell_write(&m->line, m->cells[group], m->count[group],
                             p->suppress_below, p->round_to, err));
    KITH_TRY(kith_buffer_add(&m->line, ",", 1, err));
    KITH_TRY(kith_cell_write(&m->line, m->of_cells[group], m->of[group],
                             p->suppress_below, p->round_to, err));
    KITH_TRY(kith_buffer_add(&m->line, ",", 1, err));
    const uint64_t k = kith_round_to(m->count[group], p->round_to);
    const uint64_t n = kith_round_to(m->of[group], p->round_to);
    if (m->cells[group] == KITH_CELL_SHOWN &&
        m->of_cells[group] == KITH_CELL_SHOWN && n > 0)
        KITH_TRY(kith_buffer_printf(&m->line, err, mean ? "%.2f" : "%.1f",
                                    (mean ? 1 : 100) * (double)k / (double)n));
    KITH_TRY(kith_buffer_add(&m->line, "\n", 1, err));
    KITH_TRY(kith_out_write(m->to, m->line.data, m->line.len, err));
done:
    return status;
}

static kith_status
write_measure(measurer *m, const char *measure, const char *cohort,
              kith_error *err)
{
    kith_status status = KITH_OK;
    const bool mean = strcmp(measure, "records") == 0;
    hide(m, m->cells, m->count);
    hide(m, m->of_cells, m->of);
    for (uint32_t g = 0; g < m->groups.n; g++) {
        if ((m->of[g] == 0 && g != 0) || !kith_groups_shown(&m->groups, g))
            continue;
        KITH_TRY(kith_out_printf(m->to, err, "%s,%s,%s,", measure, cohort,
                                 kith_groups_division(&m->groups, g)));
        KITH_TRY(kith_out_csv(m->to, kith_str_of(m->groups.name[g]), ',', err));
        KITH_TRY(write_group(m, g, mean, err));
    }
done:
    return status;
}

/* A record is linked when its person has a record of another agency. */
static kith_status
measure_links(measurer *m, kith_error *err)
{
    enum { NONE = 0, SEVERAL = UINT16_MAX };
    kith_status status = KITH_OK;
    const kith_people *people = m->people;
    uint16_t *agency = NULL; /* of each person: 1 more than its only one */
    KITH_TRY(KITH_ALLOC(&agency, (size_t)people->n + 1, err));
    clear(m);
    for (size_t a = 0; a < people->agencies.n; a++) {
        for (uint32_t i = 0; i < people->records[a].n; i++) {
            const uint32_t p = people->records[a].person[i];
            if (p == KITH_NO_PERSON)
                continue;
            add(m, m->of, p, 1);
            agency[p] = agency[p] == NONE || agency[p] == a + 1
                            ? (uint16_t)(a + 1)
                            : SEVERAL;
        }
    }
    for (size_t a = 0; a < people->agencies.n; a++) {
        for (uint32_t i = 0; i < people->records[a].n; i++) {
            const uint32_t p = people->records[a].person[i];
            if (p != KITH_NO_PERSON && agency[p] == SEVERAL)
                add(m, m->count, p, 1);
        }
    }
    KITH_TRY(write_measure(m, "linked", "", err));
    memcpy(m->count, m->of, m->groups.n * sizeof *m->count);
    memset(m->of, 0, m->groups.n * sizeof *m->of);
    for (uint32_t p = 0; p < people->n; p++)
        add(m, m->of, p, 1);
    KITH_TRY(write_measure(m, "records", "", err));
done:
    kith_free(agency);
    return status;
}

static kith_status
measure_flags(measurer *m, const kith_flag_table *t, kith_error *err)
{
    static const char *const words[] = {"yes", "near", "unknown"};
    kith_status status = KITH_OK;
    kith_flag_best(m->best, t, t->status, m->people->n);
    for (int s = KITH_FLAG_YES; s < KITH_FLAG_STATUSES; s++) {
        clear(m);
        for (uint32_t p = 0; p < m->people->n; p++) {
            if (m->best[p] != KITH_FLAG_OUT)
                add(m, m->of, p, 1);
            if (m->best[p] == s)
                add(m, m->count, p, 1);
        }
        KITH_TRY(write_measure(m, words[s], t->cohort->name, err));
    }
done:
    return status;
}

/* Persons whose best flag is yes in one table and not in the other. */
static kith_status
measure_moved(measurer *m, const char *word, uint32_t step, const char *cohort,
              kith_error *err)
{
    char measure[32];
    const bool lost = word[0] == 'l';
    const uint8_t *from = lost ? m->best : m->stricter;
    const uint8_t *to = lost ? m->stricter : m->best;
    (void)snprintf(measure, sizeof measure, "%s_%u", word, step);
    clear(m);
    for (uint32_t p = 0; p < m->people->n; p++) {
        if (m->best[p] == KITH_FLAG_YES)
            add(m, m->of, p, 1);
        if (from[p] == KITH_FLAG_YES && to[p] != KITH_FLAG_YES)
            add(m, m->count, p, 1);
    }
    return write_measure(m, measure, cohort, err);
}

static kith_status
measure_cohort(measurer *m, const kith_flag_table *t, uint32_t number,
               kith_error *err)
{
    static const uint32_t steps[] = {2, 4, 8}; /* as in moves.csv */
    kith_status status = KITH_OK;
    KITH_TRY(measure_flags(m, t, err));
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        memcpy(m->status, t->status, t->cohort->n_units);
        kith_moved_apply(&m->moved, number, steps[i], m->status);
        kith_flag_best(m->stricter, t, m->status, m->people->n);
        KITH_TRY(measure_moved(m, "lost", steps[i], t->cohort->name, err));
        KITH_TRY(measure_moved(m, "gained", steps[i], t->cohort->name, err));
    }
done:
    return status;
}

static kith_status
prepare(measurer *m, const kith_flag_tables *flags, kith_job *job,
        kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t most = m->people->n;
    for (uint32_t i = 0; i < flags->n; i++)
        most = flags->all[i].cohort->n_units > most
                   ? flags->all[i].cohort->n_units
                   : most;
    KITH_TRY(
        kith_origins_load(&m->origins, m->people, m->params->payload, err));
    KITH_TRY(kith_groups_new(&m->groups, m->people, &m->origins, err));
    KITH_TRY(kith_moved_load(&m->moved, m->people, flags, m->params->flags, job,
                             err));
    KITH_TRY(KITH_ALLOC(&m->count, m->groups.n, err));
    KITH_TRY(KITH_ALLOC(&m->of, m->groups.n, err));
    KITH_TRY(KITH_ALLOC(&m->cells, m->groups.n, err));
    KITH_TRY(KITH_ALLOC(&m->of_cells, m->groups.n, err));
    KITH_TRY(KITH_ALLOC(&m->part, m->groups.n, err));
    KITH_TRY(KITH_ALLOC(&m->part_counts, m->groups.n, err));
    KITH_TRY(KITH_ALLOC(&m->parent, m->groups.n, err));
    m->parent[0] = UINT32_MAX;
    KITH_TRY(KITH_ALLOC(&m->best, (size_t)most + 1, err));
    KITH_TRY(KITH_ALLOC(&m->stricter, (size_t)most + 1, err));
    KITH_TRY(KITH_ALLOC(&m->status, (size_t)most + 1, err));
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
        KITH_TRY(measure_cohort(m, &flags->all[i], i, err));
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
    kith_free(m.count);
    kith_free(m.of);
    kith_free(m.cells);
    kith_free(m.of_cells);
    kith_free(m.part);
    kith_free(m.part_counts);
    kith_free(m.parent);
    kith_free(m.best);
    kith_free(m.stricter);
    kith_free(m.status);
    kith_buffer_done(&m.line);
    return status;
}
