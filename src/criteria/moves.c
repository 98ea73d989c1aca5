#include "criteria/moves.h"

#include "base/alloc.h"
#include "base/job.h"
#include "criteria/level.h"
#include "criteria/verdict.h"
#include "io/out.h"

#include <stdlib.h>
#include <string.h>

/* How many bits stricter: from the links a clerk would doubt to those that
 * no single comparison makes. */
static const uint32_t steps[] = {2, 4, 8};
enum { N_STEPS = sizeof steps / sizeof *steps, UNIT_CHUNK = 2048 };

/* A flag that moved. */
typedef struct moved {
    uint32_t step;  /* number in steps */
    uint32_t order; /* of the cohort, in program->order */
    uint32_t unit;
    uint8_t before;
    uint8_t after;
} moved;

struct kith_moves {
    kith_moves_params p;
    uint8_t **was;        /* verdicts of the run, a byte a unit */
    uint8_t *beside;      /* of each person: somebody at home is touched */
    uint8_t *touched;     /* ... or somebody at home with the family */
    uint32_t cohort;      /* of the loop */
    kith_unit_list units; /* of the shard and that cohort */
    uint32_t step;        /* number in steps */
    int32_t weakest;      /* tie in use */
    moved *all;
    size_t n;
    size_t cap;
};

typedef struct kith_moves mover;

static void
touch_family(mover *m, uint32_t person)
{
    const kith_units *f = &m->p.world->people->families;
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
    const kith_units *h = &m->p.world->people->households;
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
    const kith_people *people = m->p.world->people;
    kith_events *e = m->p.events;
    uint64_t to = 0;
    uint64_t from = 0;
    for (uint32_t p = 0; p < people->n; p++) {
        const uint64_t end = e->first[(size_t)p + 1];
        e->first[p] = to;
        for (; from < end; from++) {
            const kith_event *event = &e->all[from];
            if (event->tie < bits)
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
    const kith_units *u = kith_level_units(m->p.world->people, level);
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
    const kith_world *w = m->p.world;
    kith_eval *e = &m->p.evals[worker];
    const size_t first = chunk * UNIT_CHUNK;
    kith_eval_begin(e, w, m->cohort);
    for (size_t i = first; i < first + UNIT_CHUNK && i < m->units.n; i++) {
        const uint32_t u = kith_unit_list_at(&m->units, i);
        if (!unit_touched(m, e->cohort->level, u))
            continue;
        kith_eval_unit(e, u);
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
    const kith_units *u = kith_level_units(m->p.world->people, level);
    for (uint32_t i = u->first[unit]; i < u->first[unit + 1]; i++)
        touch(m, u->members[i]);
}

static kith_status
keep_moved(mover *m, uint32_t order, uint32_t unit, kith_error *err)
{
    const uint8_t before = m->was[m->cohort][unit];
    const uint8_t after = m->p.world->verdicts[m->cohort][unit];
    if (before == after || strcmp(kith_verdict_name((kith_verdict)before),
                                  kith_verdict_name((kith_verdict)after)) == 0)
        return KITH_OK;
    const kith_status status = KITH_GROW(&m->all, &m->cap, m->n + 1, err);
    if (status == KITH_OK)
        m->all[m->n++] = (moved){m->step, order, unit, before, after};
    return status;
}

static kith_status
decide_cohort(mover *m, uint32_t order, uint32_t shard, kith_job *job,
              kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_world *w = m->p.world;
    const uint32_t cohort = w->program->order[order];
    const kith_cohort *c = w->program->cohorts[cohort];
    if (w->verdicts[cohort] == NULL)
        return KITH_OK; /* not in force */
    m->cohort = cohort;
    m->units = kith_shards_units(m->p.shards, w->people, shard, c->level);
    KITH_TRY(kith_for(kith_job_pool(job), m->units.n / UNIT_CHUNK + 1,
                      decide_chunk, m, err));
    for (uint32_t i = 0; i < m->units.n; i++) {
        const uint32_t u = kith_unit_list_at(&m->units, i);
        if (w->verdicts[cohort][u] != m->was[cohort][u])
            touch_unit(m, c->level, u);
        KITH_TRY(keep_moved(m, order, u, err));
    }
done:
    return status;
}

/* Copies verdicts: the run's, beside those that become stricter. */
static void
copy_verdicts(const kith_world *w, uint8_t *const *from, uint8_t *const *to)
{
    for (uint32_t c = 0; c < w->program->n_cohorts; c++) {
        if (from[c] != NULL)
            memcpy(to[c], from[c],
                   kith_level_count(w->people, w->program->cohorts[c]->level));
    }
}

kith_status
kith_moves_new(kith_moves **out, const kith_moves_params *params,
               kith_error *err)
{
    kith_status status = KITH_OK;
    mover *m = NULL;
    const kith_world *w = params->world;
    KITH_TRY(KITH_ALLOC(&m, 1, err));
    m->p = *params;
    m->weakest = weakest_tie(w->people);
    KITH_TRY(KITH_ALLOC(&m->beside, (size_t)w->people->n + 1, err));
    KITH_TRY(KITH_ALLOC(&m->touched, (size_t)w->people->n + 1, err));
    KITH_TRY(KITH_ALLOC(&m->was, (size_t)w->program->n_cohorts + 1, err));
    for (uint32_t c = 0; c < w->program->n_cohorts; c++) {
        const kith_level level = w->program->cohorts[c]->level;
        if (w->verdicts[c] != NULL)
            KITH_TRY(KITH_ALLOC(&m->was[c],
                                (size_t)kith_level_count(w->people, level) + 1,
                                err));
    }
    *out = m;
    m = NULL;
done:
    kith_moves_free(m);
    return status;
}

void
kith_moves_free(kith_moves *m)
{
    if (m == NULL)
        return;
    for (uint32_t c = 0; m->was != NULL && c < m->p.world->program->n_cohorts;
         c++)
        kith_free(m->was[c]);
    kith_free(m->was);
    kith_free(m->beside);
    kith_free(m->touched);
    kith_free(m->all);
    kith_free(m);
}

kith_status
kith_moves_shard(kith_moves *m, uint32_t shard, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_world *w = m->p.world;
    copy_verdicts(w, w->verdicts, m->was);
    for (uint32_t i = 0; i < N_STEPS && m->weakest != KITH_NO_TIE; i++) {
        m->step = i;
        drop_weak(m, m->weakest + 100 * (int32_t)steps[i]);
        for (uint32_t c = 0; c < w->program->n_cohorts; c++)
            KITH_TRY(decide_cohort(m, c, shard, job, err));
    }
done:
    copy_verdicts(w, m->was, w->verdicts);
    return status;
}

/* Steps, cohorts with those referred to first, units as in the files. */
static int
by_place(const void *a, const void *b)
{
    const moved *x = a;
    const moved *y = b;
    if (x->step != y->step)
        return x->step < y->step ? -1 : 1;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    return (x->unit > y->unit) - (x->unit < y->unit);
}

static kith_status
write_moved(const mover *m, kith_out *to, kith_error *err)
{
    static const char header[] = "cohort,unit,id,stricter_by,before,after\n";
    kith_status status = KITH_OK;
    const kith_program *p = m->p.world->program;
    KITH_TRY(kith_out_write(to, header, sizeof header - 1, err));
    for (size_t i = 0; i < m->n; i++) {
        const moved *v = &m->all[i];
        const kith_cohort *c = p->cohorts[p->order[v->order]];
        const kith_dict *ids = kith_level_ids(m->p.world->people, c->level);
        KITH_TRY(kith_out_printf(to, err, "%s,%s,%s,%u,%s,%s\n", c->name,
                                 kith_level_unit(c->level),
                                 kith_dict_at(ids, v->unit), steps[v->step],
                                 kith_verdict_name((kith_verdict)v->before),
                                 kith_verdict_name((kith_verdict)v->after)));
    }
done:
    return status;
}

kith_status
kith_moves_write(kith_moves *m, const char *folder, kith_job *job,
                 kith_error *err)
{
    kith_status status = KITH_OK;
    kith_out *to = NULL;
    char *path = NULL;
    if (m->n > 0)
        qsort(m->all, m->n, sizeof *m->all, by_place);
    KITH_TRY(kith_path_join(&path, folder, "moves.csv", err));
    KITH_TRY(kith_out_open(&to, path, false, err));
    KITH_TRY(write_moved(m, to, err));
    status = kith_out_commit(to, job, err);
    to = NULL;
done:
    kith_out_abort(to);
    kith_free(path);
    return status;
}
