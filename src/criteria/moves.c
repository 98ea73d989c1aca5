#include "criteria/moves.h"

#include "base/alloc.h"
#include "base/job.h"
#include "criteria/level.h"
#include "criteria/verdict.h"
#include "io/out.h"

#include <string.h>

/* How many bits stricter: from the links a clerk would doubt to those that
 * no single comparison makes. */
static const uint32_t steps[] = {2, 4, 8};
enum { N_STEPS = sizeof steps / sizeof *steps, UNIT_CHUNK = 2048 };

typedef struct mover {
    const kith_moves_params *params;
    uint8_t **was;    /* verdicts of the run, a byte a unit */
    uint8_t *beside;  /* of each person: somebody at home is touched */
    uint8_t *touched; /* ... or somebody at home with the family */
    uint32_t cohort;  /* of the loop */
    uint32_t n_units; /* of that cohort */
    uint32_t step;
    kith_out *to;
} mover;

static void
touch_family(mover *m, uint32_t person)
{
    const kith_units *f = &m->params->world->people->families;
    if (m->beside[person] != 0)
        return;
    m->beside[person] = 1;
    m->touched[person] = 1;
    for (uint32_t i = f->of_first[person]; i < f->of_first[person + 1]; i++) {
        const uint32_t family = f->of[i];
        for (uint32_t k = f->first[family]; k < f->first[family + 1]; k++)
            m->touched[f->members[k]] = 1;
    }
}

/* A condition reads the members of a family and who lives with them: what
 * happens to one person reaches their homes, and the families in these. */
static void
touch(mover *m, uint32_t person)
{
    const kith_units *h = &m->params->world->people->households;
    touch_family(m, person);
    for (uint32_t i = h->of_first[person]; i < h->of_first[person + 1]; i++) {
        const uint32_t home = h->of[i];
        for (uint32_t k = h->first[home]; k < h->first[home + 1]; k++)
            touch_family(m, h->members[k]);
    }
}

/* The weakest tie in use: at or just above the link threshold. */
static int32_t
weakest_tie(const kith_people *people)
{
    int32_t weakest = KITH_NO_TIE;
    for (size_t a = 0; a < people->agencies.n; a++) {
        const kith_agency_records *r = &people->records[a];
        for (uint32_t i = 0; i < r->n; i++)
            weakest = r->tie[i] < weakest ? r->tie[i] : weakest;
    }
    return weakest;
}

/* Leaves out the events of records tied by less than @p bits hundredths. */
static void
drop_weak(mover *m, int32_t bits)
{
    const kith_people *people = m->params->world->people;
    kith_events *e = m->params->events;
    uint64_t to = 0;
    uint64_t from = 0;
    for (uint32_t p = 0; p < people->n; p++) {
        const uint64_t end = e->first[(size_t)p + 1];
        e->first[p] = to;
        for (; from < end; from++) {
            const kith_event *event = &e->all[from];
            if (people->records[event->agency].tie[event->record] < bits)
                touch(m, p);
            else
                e->all[to++] = *event;
        }
    }
    e->first[people->n] = to;
    e->n = to;
}

static bool
unit_touched(const mover *m, kith_level level, uint32_t unit)
{
    if (level == KITH_LEVEL_PERSON)
        return m->touched[unit] != 0;
    const kith_units *u = kith_level_units(m->params->world->people, level);
    for (uint32_t i = u->first[unit]; i < u->first[unit + 1]; i++) {
        if (m->touched[u->members[i]] != 0)
            return true;
    }
    return false;
}

static kith_status
decide_chunk(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    const mover *m = ctx;
    const kith_world *w = m->params->world;
    kith_eval *e = &m->params->evals[worker];
    const size_t first = chunk * UNIT_CHUNK;
    kith_eval_begin(e, w, m->cohort);
    for (size_t u = first; u < first + UNIT_CHUNK && u < m->n_units; u++) {
        if (!unit_touched(m, e->cohort->level, (uint32_t)u))
            continue;
        kith_eval_unit(e, (uint32_t)u);
        w->verdicts[m->cohort][u] = (uint8_t)kith_decide(e).verdict;
    }
    return e->status == KITH_OK ? KITH_OK : kith_error_memory(err, 1, 1);
}

/* A flag that moved is read by the cohorts that refer to this one. */
static void
touch_unit(mover *m, kith_level level, uint32_t unit)
{
    if (level == KITH_LEVEL_PERSON) {
        touch(m, unit);
        return;
    }
    const kith_units *u = kith_level_units(m->params->world->people, level);
    for (uint32_t i = u->first[unit]; i < u->first[unit + 1]; i++)
        touch(m, u->members[i]);
}

static kith_status
write_moved(mover *m, const kith_cohort *c, uint32_t unit, kith_error *err)
{
    const kith_people *people = m->params->world->people;
    const kith_dict *ids = kith_level_ids(people, c->level);
    const char *before =
        kith_verdict_name((kith_verdict)m->was[m->cohort][unit]);
    const char *after = kith_verdict_name(
        (kith_verdict)m->params->world->verdicts[m->cohort][unit]);
    if (strcmp(before, after) == 0)
        return KITH_OK;
    return kith_out_printf(m->to, err, "%s,%s,%s,%u,%s,%s\n", c->name,
                           kith_level_unit(c->level), kith_dict_at(ids, unit),
                           m->step, before, after);
}

static kith_status
decide_cohort(mover *m, uint32_t cohort, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_world *w = m->params->world;
    const kith_cohort *c = w->program->cohorts[cohort];
    if (w->verdicts[cohort] == NULL)
        return KITH_OK; /* not in force */
    m->cohort = cohort;
    m->n_units = kith_level_count(w->people, c->level);
    KITH_TRY(kith_for(kith_job_pool(job), m->n_units / UNIT_CHUNK + 1,
                      decide_chunk, m, err));
    for (uint32_t u = 0; u < m->n_units; u++) {
        if (w->verdicts[cohort][u] != m->was[cohort][u])
            touch_unit(m, c->level, u);
        KITH_TRY(write_moved(m, c, u, err));
    }
done:
    return status;
}

static kith_status
keep_verdicts(mover *m, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_world *w = m->params->world;
    KITH_TRY(KITH_ALLOC(&m->was, (size_t)w->program->n_cohorts + 1, err));
    for (uint32_t c = 0; c < w->program->n_cohorts; c++) {
        const uint32_t n =
            kith_level_count(w->people, w->program->cohorts[c]->level);
        if (w->verdicts[c] == NULL)
            continue;
        KITH_TRY(KITH_ALLOC(&m->was[c], (size_t)n + 1, err));
        memcpy(m->was[c], w->verdicts[c], n);
    }
done:
    return status;
}

static kith_status
open_moves(mover *m, kith_error *err)
{
    static const char header[] = "cohort,unit,id,stricter_by,before,after\n";
    char *path = NULL;
    kith_status status =
        kith_path_join(&path, m->params->out, "moves.csv", err);
    if (status == KITH_OK)
        status = kith_out_open(&m->to, path, false, err);
    if (status == KITH_OK)
        status = kith_out_write(m->to, header, sizeof header - 1, err);
    kith_free(path);
    return status;
}

kith_status
kith_moves_write(const kith_moves_params *params, kith_job *job,
                 kith_error *err)
{
    kith_status status = KITH_OK;
    mover m = {.params = params};
    const kith_world *w = params->world;
    const int32_t weakest = weakest_tie(w->people);
    KITH_TRY(KITH_ALLOC(&m.beside, (size_t)w->people->n + 1, err));
    KITH_TRY(KITH_ALLOC(&m.touched, (size_t)w->people->n + 1, err));
    KITH_TRY(keep_verdicts(&m, err));
    KITH_TRY(open_moves(&m, err));
    for (size_t i = 0; i < N_STEPS && weakest != KITH_NO_TIE; i++) {
        m.step = steps[i];
        drop_weak(&m, weakest + 100 * (int32_t)steps[i]);
        for (uint32_t c = 0; c < w->program->n_cohorts; c++)
            KITH_TRY(decide_cohort(&m, w->program->order[c], job, err));
    }
    status = kith_out_commit(m.to, job, err);
    m.to = NULL;
done:
    kith_out_abort(m.to);
    for (uint32_t c = 0; m.was != NULL && c < w->program->n_cohorts; c++) {
        if (m.was[c] != NULL)
            memcpy(w->verdicts[c], m.was[c],
                   kith_level_count(w->people, w->program->cohorts[c]->level));
        kith_free(m.was[c]);
    }
    kith_free(m.was);
    kith_free(m.beside);
    kith_free(m.touched);
    return status;
}
