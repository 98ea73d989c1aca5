#include "criteria/retell.h"

#include "base/alloc.h"
#include "criteria/decided.h"
#include "criteria/definitions.h"
#include "criteria/evidence.h"
#include "criteria/shards.h"
#include "criteria/verdict.h"
#include "criteria/world_load.h"
#include "io/rowfile.h"

#include <string.h>

typedef struct teller {
    const kith_retell_params *params;
    kith_program *program;
    kith_decided *decided; /* its people are the world's */
    kith_world_parts parts;
    kith_world world;
    kith_shards shards;
    kith_eval eval;
    kith_flag_evidence evidence;
    uint32_t cohort; /* number in program */
    uint32_t unit;
    kith_verdict was;
} teller;

/* What the run decided about every cohort in force, for those that refer to
 * another; and which of them is asked about. */
static kith_status
take_verdicts(teller *t, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_program *p = t->program;
    const kith_decided *d = t->decided;
    t->cohort = UINT32_MAX;
    KITH_TRY(KITH_ALLOC(&t->world.verdicts, (size_t)p->n_cohorts + 1, err));
    for (uint32_t i = 0; i < p->n_cohorts; i++) {
        for (uint32_t k = 0; k < d->n; k++) {
            if (strcmp(d->all[k].name, p->cohorts[i]->name) == 0 &&
                strcmp(d->all[k].version, p->cohorts[i]->version) == 0)
                t->world.verdicts[i] = d->all[k].verdicts;
        }
        if (t->world.verdicts[i] != NULL &&
            strcmp(p->cohorts[i]->name, t->params->cohort) == 0)
            t->cohort = i;
    }
    if (t->cohort != UINT32_MAX)
        t->unit = kith_dict_find(
            kith_level_ids(t->parts.people, p->cohorts[t->cohort]->level),
            kith_str_of(t->params->unit));
    if (t->cohort == UINT32_MAX || t->unit == KITH_DICT_NONE) {
        status = kith_error_set(err, KITH_ERR_MISMATCH,
                                "%s: definitions.criteria and population.rows "
                                "are of two runs",
                                t->params->results);
        goto done;
    }
    t->was = (kith_verdict)t->world.verdicts[t->cohort][t->unit];
done:
    return status;
}

/* The events of everybody that a condition on the unit reads. */
static kith_status
hold_events(teller *t, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_people *people = t->parts.people;
    const uint64_t beside = kith_people_bytes(people);
    const uint64_t memory = kith_job_memory(job);
    if (memory <= 2 * beside)
        KITH_TRY(kith_error_set(err, KITH_ERR_MEMORY,
                                "%u persons need %llu MiB", people->n,
                                (unsigned long long)(2 * beside >> 20)));
    KITH_TRY(kith_shards_new(&t->shards, people,
                             kith_events_bytes(t->parts.events),
                             memory - beside, err));
    KITH_TRY(kith_events_load(
        t->parts.events, &t->shards,
        kith_shards_of(&t->shards, people,
                       t->program->cohorts[t->cohort]->level, t->unit),
        job, err));
done:
    return status;
}

static kith_status
open_records(teller *t, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_people *p = t->parts.people;
    KITH_TRY(KITH_ALLOC(&t->evidence.people, p->agencies.n + 1, err));
    for (size_t a = 0; a < p->agencies.n; a++)
        KITH_TRY(kith_rows_open(&t->evidence.people[a],
                                p->records[a].people_path, "people", err));
done:
    return status;
}

static kith_status
decide_again(teller *t, kith_retold *out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_eval *e = &t->eval;
    const char *id = t->params->unit;
    kith_eval_begin(e, &t->world, t->cohort);
    kith_eval_unit(e, t->unit);
    out->gone = kith_eval_is_gone(e);
    const kith_flagged f = kith_decide(e);
    if (f.verdict != t->was) {
        status = kith_error_set(err, KITH_ERR_MISMATCH,
                                "%s: of another payload than %s",
                                t->params->results, t->params->payload);
        kith_error_hint(err, "run kith flag again, then explain");
        goto done;
    }
    out->left_out = f.verdict == KITH_VERDICT_OUT;
    if (out->gone)
        goto done;
    if (!out->left_out) {
        KITH_TRY(kith_flag_evidence_add(&t->evidence, e, id, f, err));
        goto done;
    }
    const kith_cohort *c = e->cohort;
    if (c->include != NULL)
        KITH_TRY(kith_flag_evidence_cond(&t->evidence, e, id, "include",
                                         c->include, err));
    if (c->exclude != NULL)
        KITH_TRY(kith_flag_evidence_cond(&t->evidence, e, id, "exclude",
                                         c->exclude, err));
done:
    return e->status == KITH_OK ? status : kith_error_memory(err, 1, 1);
}

static void
teller_done(teller *t)
{
    for (size_t a = 0;
         t->evidence.people != NULL && a < t->parts.people->agencies.n; a++)
        kith_rows_close(t->evidence.people[a]);
    kith_free(t->evidence.people);
    kith_flag_evidence_done(&t->evidence);
    kith_eval_done(&t->eval);
    if (t->world.program != NULL)
        kith_world_done(&t->world);
    kith_free(t->world.verdicts);
    kith_shards_done(&t->shards);
    kith_world_parts_done(&t->parts);
    kith_decided_free(t->decided);
    kith_program_free(t->program);
}

kith_status
kith_retell(kith_retold *out, const kith_retell_params *params, kith_job *job,
            kith_error *err)
{
    kith_status status = KITH_OK;
    teller t = {.params = params};
    KITH_TRY(kith_program_new(&t.program, err));
    KITH_TRY(kith_definitions_read(t.program, &t.world.day, &out->there,
                                   params->results, err));
    if (!out->there)
        goto done;
    KITH_TRY(kith_decided_load(&t.decided, params->results, params->results,
                               params->payload, job, err));
    t.parts = (kith_world_parts){.program = t.program,
                                 .people = t.decided->people,
                                 .payload = params->payload};
    KITH_TRY(kith_world_load(&t.world, &t.parts, job, err));
    KITH_TRY(take_verdicts(&t, err));
    KITH_TRY(hold_events(&t, job, err));
    KITH_TRY(open_records(&t, err));
    KITH_TRY(decide_again(&t, out, err));
    out->text = t.evidence.text;
    t.evidence.text = (kith_buffer){0};
done:
    teller_done(&t);
    return status;
}

void
kith_retold_done(kith_retold *r)
{
    kith_buffer_done(&r->text);
    *r = (kith_retold){0};
}
