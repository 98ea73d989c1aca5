#include <kith/report.h>

#include "base/alloc.h"
#include "criteria/decided.h"
#include "io/out.h"
#include "report/bias.h"
#include "report/flags.h"
#include "report/suppress.h"

#include <kith/project.h>
#include <string.h>

kith_report_params
kith_report_params_default(void)
{
    return (kith_report_params){
        .region = KITH_PROJECT_REGION,
        .smallest_neighbourhood = KITH_PROJECT_SMALLEST_NEIGHBOURHOOD,
        .largest_neighbourhood = KITH_PROJECT_LARGEST_NEIGHBOURHOOD,
        .suppress_below = 10,
        .round_to = 5};
}

typedef struct reporter {
    const kith_report_params *params;
    kith_decided *read; /* when the caller has nothing decided at hand */
    const kith_people *people;
    kith_flag_tables flags;
    kith_places places;
    uint64_t *of[3]; /* persons, families, households by place */
    uint64_t *counts;
    kith_cell *cells;
    kith_cell *of_cells;
    kith_buffer line;
} reporter;

static int
unit_number(const char *unit)
{
    return strcmp(unit, "person") == 0   ? 0
           : strcmp(unit, "family") == 0 ? 1
                                         : 2;
}

static const kith_units *
units_of(const reporter *r, int unit)
{
    return unit == 1 ? &r->people->families : &r->people->households;
}

static uint32_t
place_of(const reporter *r, int unit, uint32_t number)
{
    return unit == 0
               ? r->places.of_person[number]
               : kith_places_of_unit(&r->places, units_of(r, unit), number);
}

/* How many persons, families and households live where. */
static kith_status
count_residents(reporter *r, kith_error *err)
{
    kith_status status = KITH_OK;
    for (int unit = 0; unit < 3; unit++) {
        KITH_TRY(KITH_ALLOC(&r->of[unit], r->places.n, err));
        const uint32_t n = unit == 0 ? r->people->n : units_of(r, unit)->n;
        for (uint32_t i = 0; i < n; i++)
            r->of[unit][place_of(r, unit, i)]++;
        kith_places_sum(&r->places, r->of[unit]);
    }
done:
    return status;
}

/* One line a place; places without residents are left out. */
static kith_status
write_counts(reporter *r, kith_out *to, const kith_flag_table *t,
             const char *status_word, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_report_params *p = r->params;
    const uint64_t *of = r->of[unit_number(t->unit)];
    kith_suppress(r->cells, r->places.parent, r->counts, r->places.n,
                  p->suppress_below);
    kith_suppress(r->of_cells, r->places.parent, of, r->places.n,
                  p->suppress_below);
    for (uint32_t i = 0; i < r->places.n; i++) {
        if (of[i] == 0)
            continue;
        KITH_TRY(kith_out_printf(to, err, "%s,%s,%s,%s,", t->name, t->version,
                                 t->unit, kith_places_level(&r->places, i)));
        KITH_TRY(kith_out_csv(to, kith_str_of(r->places.name[i]), ',', err));
        kith_buffer_clear(&r->line);
        KITH_TRY(kith_buffer_printf(&r->line, err, "%s,", status_word));
        KITH_TRY(kith_cell_write(&r->line, r->cells[i], r->counts[i],
                                 p->suppress_below, p->round_to, err));
        KITH_TRY(kith_buffer_add(&r->line, ",", 1, err));
        KITH_TRY(kith_cell_write(&r->line, r->of_cells[i], of[i],
                                 p->suppress_below, p->round_to, err));
        KITH_TRY(kith_buffer_add(&r->line, ",", 1, err));
        /* From the rounded numbers: a rate gives no exact count back. */
        const uint64_t k = kith_round_to(r->counts[i], p->round_to);
        const uint64_t n = kith_round_to(of[i], p->round_to);
        if (r->cells[i] == KITH_CELL_SHOWN &&
            r->of_cells[i] == KITH_CELL_SHOWN && n > 0)
            KITH_TRY(kith_buffer_printf(&r->line, err, "%.1f",
                                        1000.0 * (double)k / (double)n));
        KITH_TRY(kith_buffer_add(&r->line, "\n", 1, err));
        KITH_TRY(kith_out_write(to, r->line.data, r->line.len, err));
    }
done:
    return status;
}

static kith_status
count_cohort(reporter *r, kith_out *to, const kith_flag_table *t,
             kith_error *err)
{
    static const char *const words[] = {"yes", "near", "unknown"};
    kith_status status = KITH_OK;
    const int unit = unit_number(t->unit);
    for (int s = KITH_FLAG_YES; s < KITH_FLAG_STATUSES; s++) {
        memset(r->counts, 0, r->places.n * sizeof *r->counts);
        for (uint32_t i = 0; i < t->n_units; i++) {
            if (t->status[i] == s)
                r->counts[place_of(r, unit, i)]++;
        }
        kith_places_sum(&r->places, r->counts);
        KITH_TRY(write_counts(r, to, t, words[s], err));
    }
done:
    return status;
}

/* Is the person flagged yes, or in a family or household that is? */
static bool
is_in(const reporter *r, const kith_flag_table *t, uint32_t person)
{
    const int unit = unit_number(t->unit);
    if (unit == 0)
        return t->status[person] == KITH_FLAG_YES;
    const kith_units *u = units_of(r, unit);
    for (uint32_t i = u->of_first[person]; i < u->of_first[person + 1]; i++) {
        if (t->status[u->of[i]] == KITH_FLAG_YES)
            return true;
    }
    return false;
}

/* One bit a cohort for each person. */
static kith_status
find_memberships(const reporter *r, uint64_t **out, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(KITH_ALLOC(out, (size_t)r->people->n + 1, err));
    for (uint32_t c = 0; c < r->flags.n && c < 64; c++) {
        for (uint32_t i = 0; i < r->people->n; i++) {
            if (is_in(r, &r->flags.all[c], i))
                (*out)[i] |= (uint64_t)1 << c;
        }
    }
done:
    return status;
}

/* The region and districts only: overlaps are small numbers. */
static kith_status
write_overlap(reporter *r, kith_out *to, const char *a, const char *b,
              kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_report_params *p = r->params;
    const uint32_t n = r->places.n_districts + 2;
    kith_suppress(r->cells, r->places.parent, r->counts, n, p->suppress_below);
    for (uint32_t i = 0; i < n; i++) {
        if (r->of[0][i] == 0)
            continue;
        KITH_TRY(
            kith_out_printf(to, err, "%s,", kith_places_level(&r->places, i)));
        KITH_TRY(kith_out_csv(to, kith_str_of(r->places.name[i]), ',', err));
        kith_buffer_clear(&r->line);
        KITH_TRY(kith_buffer_printf(&r->line, err, "%s,%s,", a, b));
        KITH_TRY(kith_cell_write(&r->line, r->cells[i], r->counts[i],
                                 p->suppress_below, p->round_to, err));
        KITH_TRY(kith_buffer_add(&r->line, "\n", 1, err));
        KITH_TRY(kith_out_write(to, r->line.data, r->line.len, err));
    }
done:
    return status;
}

static kith_status
count_overlaps(reporter *r, kith_out *to, kith_error *err)
{
    kith_status status = KITH_OK;
    uint64_t *in = NULL;
    const uint32_t n = r->flags.n < 64 ? r->flags.n : 64;
    KITH_TRY(find_memberships(r, &in, err));
    for (uint32_t a = 0; a < n; a++) {
        for (uint32_t b = a; b < n; b++) {
            const uint64_t both = (uint64_t)1 << a | (uint64_t)1 << b;
            memset(r->counts, 0, r->places.n * sizeof *r->counts);
            for (uint32_t i = 0; i < r->people->n; i++) {
                if ((in[i] & both) == both)
                    r->counts[r->places.of_person[i]]++;
            }
            kith_places_sum(&r->places, r->counts);
            KITH_TRY(write_overlap(r, to, r->flags.all[a].name,
                                   r->flags.all[b].name, err));
        }
    }
done:
    kith_free(in);
    return status;
}

static kith_status
load(reporter *r, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    char *path = NULL;
    if (r->params->decided == NULL)
        KITH_TRY(kith_decided_load(&r->read, r->params->results,
                                   r->params->flags, r->params->payload, job,
                                   err));
    r->people = r->read != NULL ? r->read->people : r->params->decided->people;
    KITH_TRY(kith_path_join(&path, r->params->flags, "flags.csv", err));
    KITH_TRY(kith_flag_tables_load(&r->flags, r->people, path, job, err));
    KITH_TRY(kith_places_new(&r->places, r->people, r->params->region, err));
    KITH_TRY(KITH_ALLOC(&r->counts, r->places.n, err));
    KITH_TRY(KITH_ALLOC(&r->cells, r->places.n, err));
    KITH_TRY(KITH_ALLOC(&r->of_cells, r->places.n, err));
    KITH_TRY(count_residents(r, err));
    KITH_TRY(kith_places_check(&r->places, r->of[0], r->params, job, err));
done:
    kith_free(path);
    return status;
}

typedef kith_status (*table_fn)(reporter *r, kith_out *to, kith_error *err);

static kith_status
count_all(reporter *r, kith_out *to, kith_error *err)
{
    kith_status status = KITH_OK;
    for (uint32_t i = 0; i < r->flags.n; i++)
        KITH_TRY(count_cohort(r, to, &r->flags.all[i], err));
done:
    return status;
}

static kith_status
write_table(reporter *r, const char *name, const char *header, table_fn fn,
            kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_out *out = NULL;
    char *path = NULL;
    KITH_TRY(kith_path_join(&path, r->params->out, name, err));
    KITH_TRY(kith_out_open(&out, path, false, err));
    KITH_TRY(kith_out_write(out, header, strlen(header), err));
    KITH_TRY(fn(r, out, err));
    status = kith_out_commit(out, job, err);
    out = NULL;
done:
    kith_out_abort(out);
    kith_free(path);
    return status;
}

kith_status
kith_report(const kith_report_params *params, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    reporter r = {.params = params};
    kith_job_stage(job, "report", "", 0, "cohorts");
    KITH_TRY(load(&r, job, err));
    KITH_TRY(write_table(&r, "counts.csv",
                         "cohort,version,unit,area_level,area,status,count,of,"
                         "per_1000\n",
                         count_all, job, err));
    KITH_TRY(write_table(&r, "overlap.csv",
                         "area_level,area,cohort,other,persons\n",
                         count_overlaps, job, err));
    KITH_TRY(kith_bias_write(params, r.people, &r.flags, job, err));
done:
    kith_job_stage_end(job);
    for (int i = 0; i < 3; i++)
        kith_free(r.of[i]);
    kith_free(r.counts);
    kith_free(r.cells);
    kith_free(r.of_cells);
    kith_buffer_done(&r.line);
    kith_places_done(&r.places);
    kith_flag_tables_done(&r.flags);
    kith_decided_free(r.read);
    return status;
}
