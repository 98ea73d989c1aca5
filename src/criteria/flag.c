#include <kith/flag.h>

#include "base/alloc.h"
#include "base/date.h"
#include "base/job.h"
#include "criteria/coverage_warn.h"
#include "criteria/decided.h"
#include "criteria/definitions.h"
#include "criteria/evidence.h"
#include "criteria/flag_out.h"
#include "criteria/level.h"
#include "criteria/moves.h"
#include "criteria/parser.h"
#include "criteria/world_load.h"
#include "io/folder.h"
#include "io/rowfile.h"

#include <string.h>

kith_flag_params
kith_flag_params_default(void)
{
    return (kith_flag_params){0};
}

/* The stage's own things, beside what the world holds. */
typedef struct stage {
    const kith_flag_params *params;
    kith_job *job;
    kith_program *program;
    kith_people *people;
    kith_vocabulary *vocabulary;
    kith_agency_types *types;
    kith_events *events;
    kith_world world;
    kith_eval *evals; /* one a worker */
    kith_shards shards;
    uint8_t **tiers; /* of each cohort, a byte a unit */
} stage;

static kith_status
read_criteria(stage *s, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(kith_program_new(&s->program, err));
    for (uint32_t i = 0; i < s->params->n_criteria; i++) {
        KITH_TRY(kith_parse_file(s->program, s->params->criteria[i], err));
        KITH_TRY(kith_job_input_file(s->job, s->params->criteria[i], err));
    }
done:
    return status;
}

kith_status
kith_flag_check(const char *const *criteria, uint32_t n_criteria,
                kith_error *err)
{
    kith_status status = KITH_OK;
    kith_program *program = NULL;
    KITH_TRY(kith_program_new(&program, err));
    for (uint32_t i = 0; i < n_criteria; i++)
        KITH_TRY(kith_parse_file(program, criteria[i], err));
done:
    kith_program_free(program);
    return status;
}

/* The day at which the agencies computed ages, from the first bundle. */
static kith_status
payload_day(char day[16], const char *payload, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_folder folder = {0};
    kith_rows_in *in = NULL;
    char *path = NULL;
    KITH_TRY(kith_folder_list(&folder, payload, ".people", err));
    if (folder.n == 0)
        KITH_TRY(kith_error_set(err, KITH_ERR_IO, "%s: holds no payload bundle",
                                payload));
    KITH_TRY(kith_folder_file(&path, payload, folder.names[0], ".people", err));
    KITH_TRY(kith_rows_open(&in, path, "people", err));
    /* Older bundles do not say; the caller then has to. */
    if (kith_meta_get(kith_rows_meta(in), "reference_date").data != NULL)
        KITH_TRY(
            kith_meta_copy(kith_rows_meta(in), "reference_date", day, 16, err));
done:
    kith_rows_close(in);
    kith_free(path);
    kith_folder_done(&folder);
    return status;
}

static kith_status
find_day(stage *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_flag_params *p = s->params;
    char own[16] = "";
    KITH_TRY(payload_day(own, p->payload, err));
    const char *day = p->reference_date != NULL ? p->reference_date : own;
    if (!kith_date_parse_iso(&s->world.day, day, strlen(day)))
        KITH_TRY(kith_error_set(err, KITH_ERR_USAGE,
                                "the reference date is not yyyy-mm-dd"));
    if (own[0] != '\0' && strcmp(day, own) != 0)
        kith_job_warn(s->job,
                      "flags are as of %s, but the payload's ages are of %s",
                      day, own);
done:
    return status;
}

static kith_status
load(stage *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_flag_params *p = s->params;
    KITH_TRY(find_day(s, err));
    KITH_TRY(read_criteria(s, err));
    KITH_TRY(kith_people_load(&s->people, p->results, p->payload, s->job, err));
    kith_world_parts parts = {
        .program = s->program, .people = s->people, .payload = p->payload};
    status = kith_world_load(&s->world, &parts, s->job, err);
    s->vocabulary = parts.vocabulary;
    s->types = parts.types;
    s->events = parts.events;
    KITH_TRY(status);
    kith_coverage_warn(s->vocabulary, s->people, s->world.day, s->job);
done:
    return status;
}

/* Cohorts of one level that do not refer to another: a unit's events are at
 * hand for all of them at once. One that does refer has a wave of its own. */
typedef struct wave {
    stage *s;
    uint32_t *cohorts;
    uint32_t n;
    kith_unit_list units;
} wave;

enum { UNIT_CHUNK = 256 };

/* In all cohorts of the wave, while it is at hand. */
static void
decide_unit(const wave *l, kith_eval *e, uint32_t unit)
{
    const stage *s = l->s;
    bool known = false;
    for (uint32_t i = 0; i < l->n; i++) {
        const uint32_t cohort = l->cohorts[i];
        if (known) {
            kith_eval_again(e, cohort);
        } else {
            kith_eval_begin(e, &s->world, cohort);
            kith_eval_unit(e, unit);
            known = true;
        }
        const kith_flagged f = kith_decide(e);
        s->world.verdicts[cohort][unit] = (uint8_t)f.verdict;
        s->tiers[cohort][unit] = f.tier;
    }
}

static kith_status
decide_chunk(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    const wave *l = ctx;
    kith_eval *e = &l->s->evals[worker];
    const size_t end = (chunk + 1) * UNIT_CHUNK;
    for (size_t k = chunk * UNIT_CHUNK; k < end && k < l->units.n; k++)
        decide_unit(l, e, kith_unit_list_at(&l->units, k));
    kith_job_advance(l->s->job, UNIT_CHUNK);
    return e->status == KITH_OK ? KITH_OK : kith_error_memory(err, 1, 1);
}

static void
count_flags(const stage *s, uint32_t cohort)
{
    static const char *const reasons[] = {
        "no", "unknown", "near", "near_or_yes", "yes", "not_in_population"};
    const uint8_t *verdicts = s->world.verdicts[cohort];
    const kith_cohort *c = s->program->cohorts[cohort];
    const uint32_t n_units = kith_level_count(s->people, c->level);
    uint64_t n[KITH_VERDICT_OUT + 1] = {0};
    if (verdicts == NULL)
        return; /* not in force */
    for (uint32_t u = 0; u < n_units; u++)
        n[verdicts[u]]++;
    for (int v = KITH_VERDICT_NO; v <= KITH_VERDICT_OUT; v++)
        kith_job_count(s->job, c->name, reasons[v], n[v]);
}

static kith_status
prepare(stage *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const size_t n = s->program->n_cohorts;
    KITH_TRY(KITH_ALLOC(&s->evals, kith_pool_size(kith_job_pool(s->job)), err));
    KITH_TRY(KITH_ALLOC(&s->world.verdicts, n + 1, err));
    KITH_TRY(KITH_ALLOC(&s->tiers, n + 1, err));
    for (size_t i = 0; i < n; i++) {
        const uint32_t number = s->program->order[i];
        const kith_cohort *c = s->program->cohorts[number];
        const size_t n_units = kith_level_count(s->people, c->level);
        if (!kith_cohort_in_force(c, s->world.day)) {
            kith_job_warn(s->job, "cohort %s version %s is not in force",
                          c->name, c->version);
            kith_job_count(s->job, c->name, "not_in_force", 1);
            continue;
        }
        if (c->purpose == NULL || c->purpose[0] == '\0')
            kith_job_warn(s->job,
                          "cohort %s says no purpose: flags of people need "
                          "one, and a legal basis",
                          c->name);
        KITH_TRY(KITH_ALLOC(&s->tiers[number], n_units + 1, err));
        KITH_TRY(KITH_ALLOC(&s->world.verdicts[number], n_units + 1, err));
    }
done:
    return status;
}

static kith_status
decide_wave(wave *w, kith_level level, uint32_t shard, kith_error *err)
{
    stage *s = w->s;
    w->units = kith_shards_units(&s->shards, s->people, shard, level);
    return w->n == 0
               ? KITH_OK
               : kith_for(kith_job_pool(s->job), w->units.n / UNIT_CHUNK + 1,
                          decide_chunk, w, err);
}

/* Those that refer come last, each after those it refers to. */
static kith_status
decide_shard(stage *s, uint32_t shard, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_program *p = s->program;
    wave w = {.s = s};
    KITH_TRY(KITH_ALLOC(&w.cohorts, (size_t)p->n_cohorts + 1, err));
    for (int level = 0; level < KITH_LEVELS; level++) {
        w.n = 0;
        for (uint32_t i = 0; i < p->n_cohorts; i++) {
            const kith_cohort *c = p->cohorts[p->order[i]];
            if (!c->refers && c->level == (kith_level)level &&
                s->world.verdicts[p->order[i]] != NULL)
                w.cohorts[w.n++] = p->order[i];
        }
        KITH_TRY(decide_wave(&w, (kith_level)level, shard, err));
    }
    for (uint32_t i = 0; i < p->n_cohorts; i++) {
        const kith_cohort *c = p->cohorts[p->order[i]];
        w.cohorts[0] = p->order[i];
        w.n = c->refers && s->world.verdicts[p->order[i]] != NULL;
        KITH_TRY(decide_wave(&w, c->level, shard, err));
    }
done:
    kith_free(w.cohorts);
    return status;
}

/* What a run holds beside the events of a shard. */
static uint64_t
bytes_beside(const stage *s)
{
    enum { TEXT = 16 << 20, PER_PERSON = 40, PER_UNIT = 3 };
    const uint64_t text = (uint64_t)s->people->n * 160;
    uint64_t bytes = (text < TEXT ? text : TEXT) +
                     kith_people_bytes(s->people) +
                     (uint64_t)PER_PERSON * s->people->n;
    for (uint32_t i = 0; i < s->program->n_cohorts; i++)
        bytes += (uint64_t)PER_UNIT *
                 kith_level_count(s->people, s->program->cohorts[i]->level);
    return bytes;
}

static kith_status
plan_shards(stage *s, kith_error *err)
{
    enum { LEAST_SHARE = 8 };
    kith_status status = KITH_OK;
    const uint64_t memory = kith_job_memory(s->job);
    const uint64_t beside = bytes_beside(s);
    if (beside + memory / LEAST_SHARE > memory) {
        status = kith_error_set(
            err, KITH_ERR_MEMORY, "%u persons and their families need %llu MiB",
            s->people->n, (unsigned long long)(beside >> 20));
        kith_error_hint(err, "give more --memory");
        goto done;
    }
    KITH_TRY(kith_shards_new(&s->shards, s->people,
                             kith_events_bytes(s->events), memory - beside,
                             err));
    kith_job_count(s->job, "events", "shards", s->shards.n);
done:
    return status;
}

/* Who died, and of these who was seen alive after: a wrong link or date. */
static void
count_deaths(const stage *s, uint32_t shard)
{
    const kith_unit_list people =
        kith_shards_units(&s->shards, s->people, shard, KITH_LEVEL_PERSON);
    uint64_t n_dead = 0;
    uint64_t n_seen = 0;
    for (size_t i = 0; i < people.n; i++) {
        const uint32_t p = kith_unit_list_at(&people, i);
        const int32_t day = kith_world_death(&s->world, p);
        n_dead += day != KITH_NO_DATE;
        n_seen += day != KITH_NO_DATE && s->people->persons[p].updated > day;
    }
    kith_job_count(s->job, "deaths", "persons", n_dead);
    kith_job_count(s->job, "deaths", "with_a_record_after", n_seen);
}

static kith_status
flag_all(stage *s, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_flag_out *out = NULL;
    kith_moves *moves = NULL;
    const kith_flag_writing writing = {.world = &s->world,
                                       .shards = &s->shards,
                                       .tiers = s->tiers,
                                       .evals = s->evals,
                                       .out = s->params->out,
                                       .results = s->params->results,
                                       .previous = s->params->previous};
    const kith_moves_params moving = {.world = &s->world,
                                      .events = s->events,
                                      .shards = &s->shards,
                                      .evals = s->evals};
    KITH_TRY(kith_flag_out_open(&out, &writing, s->job, err));
    KITH_TRY(kith_moves_new(&moves, &moving, err));
    for (uint32_t i = 0; i < s->shards.n; i++) {
        KITH_TRY(kith_events_load(s->events, &s->shards, i, s->job, err));
        count_deaths(s, i);
        KITH_TRY(decide_shard(s, i, err));
        KITH_TRY(kith_flag_out_shard(out, i, s->job, err));
        KITH_TRY(kith_moves_shard(moves, i, s->job, err));
    }
    for (uint32_t i = 0; i < s->program->n_cohorts; i++)
        count_flags(s, i);
    KITH_TRY(kith_flag_out_finish(out, s->job, err));
    KITH_TRY(kith_moves_write(moves, s->params->out, s->job, err));
done:
    kith_flag_out_free(out);
    kith_moves_free(moves);
    return status;
}

static void
release_events(stage *s)
{
    kith_events_free(s->events);
    s->events = NULL;
    if (s->types != NULL)
        kith_events_headers_free(s->types, s->people);
    s->types = NULL;
}

static void
stage_done(stage *s)
{
    const uint32_t n = s->program != NULL ? s->program->n_cohorts : 0;
    if (s->world.program != NULL)
        kith_world_done(&s->world);
    for (uint32_t i = 0; i < n; i++) {
        if (s->world.verdicts != NULL)
            kith_free(s->world.verdicts[i]);
        if (s->tiers != NULL)
            kith_free(s->tiers[i]);
    }
    for (unsigned i = 0;
         s->evals != NULL && i < kith_pool_size(kith_job_pool(s->job)); i++)
        kith_eval_done(&s->evals[i]);
    kith_free(s->world.verdicts);
    kith_free(s->tiers);
    kith_free(s->evals);
    kith_shards_done(&s->shards);
    release_events(s);
    kith_vocabulary_free(s->vocabulary);
    kith_people_free(s->people);
    kith_program_free(s->program);
}

kith_status
kith_flag(kith_decided **decided, const kith_flag_params *params, kith_job *job,
          kith_error *err)
{
    kith_status status = KITH_OK;
    kith_decided *d = NULL;
    stage s = {.params = params, .job = job};
    kith_job_stage(job, "flag", "", 0, "units");
    KITH_TRY(load(&s, err));
    KITH_TRY(plan_shards(&s, err));
    KITH_TRY(prepare(&s, err));
    KITH_TRY(flag_all(&s, err));
    release_events(&s); /* they point to the people that are handed on */
    KITH_TRY(kith_decided_new(&d, &s.world, &s.people, err));
    KITH_TRY(kith_decided_save(d, params->out, job, err));
    KITH_TRY(
        kith_definitions_write(s.program, s.world.day, params->out, job, err));
    if (decided != NULL) {
        *decided = d;
        d = NULL;
    }
done:
    kith_decided_free(d);
    stage_done(&s);
    kith_job_stage_end(job);
    return status;
}
