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
    uint64_t *residents; /* persons by place */
    uint64_t *of;        /* the cohort's population by place */
    uint64_t *counts;    /* ... its units of each status in turn */
    kith_cell *cells;
    kith_cell *of_cells;
    kith_hidden hidden; /* of the file being written */
    kith_buffer line;
} reporter;

static kith_status
count_residents(reporter *r, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(KITH_ALLOC(&r->residents, r->places.n, err));
    for (uint32_t i = 0; i < r->people->n; i++)
        r->residents[r->places.of_person[i]]++;
    kith_places_sum(&r->places, r->residents);
done:
    return status;
}

/* One line a place; places without anybody of the population are left out. */
static kith_status
write_counts(reporter *r, kith_out *to, const kith_flag_table *t,
             const char *status_word, const uint64_t *counts, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_report_params *p = r->params;
    const uint64_t *of = r->of;
    const kith_decided_cohort *c = t->cohort;
    kith_suppress(r->cells, r->places.parent, counts, r->places.n,
                  p->suppress_below);
    kith_suppress(r->of_cells, r->places.parent, of, r->places.n,
                  p->suppress_below);
    for (uint32_t i = 0; i < r->places.n; i++) {
        if (of[i] == 0)
            continue;
        KITH_TRY(kith_out_printf(to, err, "%s,%s,%s,%s,", c->name, c->version,
                                 kith_level_unit(c->level),
                                 kith_places_level(&r->places, i)));
        KITH_TRY(kith_out_csv(to, kith_str_of(r->places.name[i]), ',', err));
        kith_hidden_add(&r->hidden, r->cells[i]);
        kith_hidden_add(&r->hidden, r->of_cells[i]);
        kith_buffer_clear(&r->line);
        KITH_TRY(kith_buffer_printf(&r->line, err, "%s,", status_word));
        KITH_TRY(kith_cell_write(&r->line, r->cells[i], counts[i],
                                 p->suppress_below, p->round_to, err));
        KITH_TRY(kith_buffer_add(&r->line, ",", 1, err));
        KITH_TRY(kith_cell_write(&r->line, r->of_cells[i], of[i],
                                 p->suppress_below, p->round_to, err));
        KITH_TRY(kith_buffer_add(&r->line, ",", 1, err));
        /* From the rounded numbers: a rate gives no exact count back. */
        const uint64_t k = kith_round_to(counts[i], p->round_to);
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

/* The cohort's population by place, and its units of each status. */
static void
count_units(const reporter *r, const kith_flag_table *t)
{
    const uint32_t *place = kith_places_of(&r->places, t->cohort->level);
    memset(r->of, 0, r->places.n * sizeof *r->of);
    memset(r->counts, 0, r->places.n * KITH_FLAG_STATUSES * sizeof *r->counts);
    for (uint32_t i = 0; i < t->cohort->n_units; i++) {
        r->of[place[i]] += t->status[i] != KITH_FLAG_OUT;
        if (t->status[i] < KITH_FLAG_STATUSES)
            r->counts[(size_t)t->status[i] * r->places.n + place[i]]++;
    }
    kith_places_sum(&r->places, r->of);
}

static kith_status
count_cohort(reporter *r, kith_out *to, const kith_flag_table *t,
             kith_error *err)
{
    static const char *const words[] = {"yes", "near", "unknown"};
    kith_status status = KITH_OK;
    count_units(r, t);
    for (int s = KITH_FLAG_YES; s < KITH_FLAG_STATUSES; s++) {
        uint64_t *counts = r->counts + (size_t)s * r->places.n;
        kith_places_sum(&r->places, counts);
        KITH_TRY(write_counts(r, to, t, words[s], counts, err));
    }
done:
    return status;
}

/* Who is in each cohort: a bit a person, cohort after cohort. */
typedef struct memberships {
    uint64_t *bits;
    size_t n_words; /* of each cohort */
} memberships;

static kith_status
find_memberships(const reporter *r, memberships *m, kith_error *err)
{
    kith_status status = KITH_OK;
    uint8_t *best = NULL;
    const uint32_t n = r->people->n;
    m->n_words = n / 64 + 1;
    KITH_TRY(KITH_ALLOC(&m->bits, r->flags.n * m->n_words + 1, err));
    KITH_TRY(KITH_ALLOC(&best, (size_t)n + 1, err));
    for (uint32_t c = 0; c < r->flags.n; c++) {
        uint64_t *bits = m->bits + c * m->n_words;
        const kith_flag_table *t = &r->flags.all[c];
        kith_flag_best(best, t, n);
        for (uint32_t i = 0; i < n; i++) {
            if (best[i] == KITH_FLAG_YES)
                bits[i / 64] |= (uint64_t)1 << i % 64;
        }
    }
done:
    kith_free(best);
    return status;
}

/* Members of both, by place. */
static void
count_both(reporter *r, const memberships *m, uint32_t a, uint32_t b)
{
    const uint64_t *x = m->bits + a * m->n_words;
    const uint64_t *y = m->bits + b * m->n_words;
    memset(r->counts, 0, r->places.n * sizeof *r->counts);
    for (size_t w = 0; w < m->n_words; w++) {
        for (uint64_t both = x[w] & y[w]; both != 0; both &= both - 1) {
            const size_t i = w * 64 + (size_t)__builtin_ctzll(both);
            r->counts[r->places.of_person[i]]++;
        }
    }
    kith_places_sum(&r->places, r->counts);
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
        if (r->residents[i] == 0)
            continue;
        KITH_TRY(
            kith_out_printf(to, err, "%s,", kith_places_level(&r->places, i)));
        KITH_TRY(kith_out_csv(to, kith_str_of(r->places.name[i]), ',', err));
        kith_hidden_add(&r->hidden, r->cells[i]);
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
    memberships m = {0};
    KITH_TRY(find_memberships(r, &m, err));
    for (uint32_t a = 0; a < r->flags.n; a++) {
        for (uint32_t b = a; b < r->flags.n; b++) {
            count_both(r, &m, a, b);
            KITH_TRY(write_overlap(r, to, r->flags.all[a].cohort->name,
                                   r->flags.all[b].cohort->name, err));
        }
    }
done:
    kith_free(m.bits);
    return status;
}

static kith_status
load(reporter *r, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_decided *decided = r->params->decided;
    if (decided == NULL) {
        KITH_TRY(kith_decided_load(&r->read, r->params->results,
                                   r->params->flags, r->params->payload, job,
                                   err));
        decided = r->read;
    }
    r->people = decided->people;
    KITH_TRY(kith_flag_tables_new(&r->flags, decided, err));
    KITH_TRY(kith_places_new(&r->places, r->people, r->params->region, err));
    KITH_TRY(KITH_ALLOC(&r->of, r->places.n, err));
    KITH_TRY(KITH_ALLOC(&r->counts, r->places.n * KITH_FLAG_STATUSES, err));
    KITH_TRY(KITH_ALLOC(&r->cells, r->places.n, err));
    KITH_TRY(KITH_ALLOC(&r->of_cells, r->places.n, err));
    KITH_TRY(count_residents(r, err));
    KITH_TRY(kith_places_check(&r->places, r->residents, r->params, job, err));
done:
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
    r->hidden = (kith_hidden){0};
    KITH_TRY(fn(r, out, err));
    kith_hidden_count(&r->hidden, name, job);
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
    kith_free(r.residents);
    kith_free(r.of);
    kith_free(r.counts);
    kith_free(r.cells);
    kith_free(r.of_cells);
    kith_buffer_done(&r.line);
    kith_places_done(&r.places);
    kith_flag_tables_done(&r.flags);
    kith_decided_free(r.read);
    return status;
}
