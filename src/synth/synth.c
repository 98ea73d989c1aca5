#include <kith/synth.h>

#include "base/alloc.h"
#include "base/job.h"
#include "synth/fidelity.h"
#include "synth/files.h"
#include "synth/mappings.h"
#include "synth/places.h"
#include "synth/shipped.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* Cells made before their text is written: enough for any pool, little
 * memory (a cell of 1,000 people is about 2 MB of text). */
enum { WAVE = 32, MIN_PEOPLE = 2 };

kith_synth_params
kith_synth_params_default(void)
{
    return (kith_synth_params){
        .seed = 1, .n_people = 20000, .reference_date = "2026-03-31"};
}

typedef struct synth {
    kith_synth_params params; /* out and reference date: the night's */
    kith_world world;
    kith_tables *tables;
    kith_out *outs[KITH_FILES];
    kith_cell *cells;      /* one a worker */
    kith_events *events;   /* one a worker */
    kith_cell_text *texts; /* one a cell of the wave */
    unsigned n_workers;
    kith_tally *tally; /* of everything; NULL without a report */
    uint32_t first;    /* cell of the wave */
    uint64_t n_records, n_events;
    uint64_t errors[KITH_SYNTH_AGENCIES][KITH_ERRORS];
    uint64_t records[KITH_SYNTH_AGENCIES];
    uint64_t planted[KITH_SYNTH_AGENCIES][KITH_PLANTED];
    uint64_t changes[KITH_SYNTH_AGENCIES][KITH_CHANGES];
} synth;

static kith_status
check_params(synth *s, kith_error *err)
{
    const kith_synth_params *p = &s->params;
    if (p->n_people < MIN_PEOPLE) {
        (void)kith_error_set(err, KITH_ERR_USAGE,
                             "a population of %llu has nobody to link",
                             (unsigned long long)p->n_people);
        kith_error_hint(err, "give at least %d people", MIN_PEOPLE);
        return KITH_ERR_USAGE;
    }
    if (p->n_people > KITH_SYNTH_MOST_PEOPLE) {
        (void)kith_error_set(err, KITH_ERR_USAGE,
                             "%llu people are more than there are numbers for",
                             (unsigned long long)p->n_people);
        kith_error_hint(err, "at most %d: then NHS numbers would be shared",
                        KITH_SYNTH_MOST_PEOPLE);
        return KITH_ERR_USAGE;
    }
    if (p->n_nights > KITH_NIGHTS) {
        (void)kith_error_set(err, KITH_ERR_USAGE, "too many nights");
        kith_error_hint(err, "at most %d are foreseen", KITH_NIGHTS);
        return KITH_ERR_USAGE;
    }
    if (p->out == NULL)
        return kith_error_set(err, KITH_ERR_USAGE, "no output folder");
    if (p->reference_date == NULL ||
        !kith_date_parse_iso(&s->world.reference, p->reference_date,
                             strlen(p->reference_date)))
        return kith_error_set(err, KITH_ERR_USAGE,
                              "the reference date is not a date "
                              "(want yyyy-mm-dd)");
    return KITH_OK;
}

static kith_status
make_cell(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    synth *s = ctx;
    kith_cell *cell = &s->cells[worker];
    kith_events *events = &s->events[worker];
    kith_cell_text *text = &s->texts[chunk];
    kith_status status = KITH_OK;
    kith_cell_text_clear(text);
    KITH_TRY(kith_cell_make(cell, &s->world, s->first + (uint32_t)chunk, err));
    KITH_TRY(kith_events_make(events, cell, err));
    KITH_TRY(kith_cell_extract(text, cell, events, err));
done:
    return status;
}

static kith_status
write_file(void *ctx, size_t file, unsigned worker, kith_error *err)
{
    synth *s = ctx;
    (void)worker;
    kith_status status = KITH_OK;
    if (s->outs[file] == NULL)
        return KITH_OK;
    const uint32_t left = s->world.n_cells - s->first;
    const uint32_t n = left < WAVE ? left : WAVE;
    for (uint32_t i = 0; i < n; i++) {
        const kith_buffer *b = &s->texts[i].files[file];
        KITH_TRY(kith_out_write(s->outs[file], b->data, b->len, err));
    }
done:
    return status;
}

static void
count_wave(synth *s, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        const kith_cell_text *t = &s->texts[i];
        s->n_records += t->n_records;
        s->n_events += t->n_events;
        if (s->tally != NULL)
            kith_tally_sum(s->tally, t->tally);
        for (unsigned a = 0; a < KITH_SYNTH_AGENCIES; a++) {
            s->records[a] += t->records[a];
            for (unsigned k = 0; k < KITH_ERRORS; k++)
                s->errors[a][k] += t->errors[a][k];
            for (unsigned k = 0; k < KITH_PLANTED; k++)
                s->planted[a][k] += t->planted[a][k];
            for (unsigned k = 0; k < KITH_CHANGES; k++)
                s->changes[a][k] += t->changes[a][k];
        }
    }
}

static kith_status
open_files(synth *s, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_buffer header = {0};
    char *path = NULL;
    for (unsigned f = 0; f < KITH_FILES; f++) {
        char name[128];
        const bool gzip = s->params.gzip && f < KITH_FILE_RECORDS;
        if (!kith_file_name(name, f, gzip))
            continue;
        KITH_TRY(kith_path_join(&path, s->params.out, name, err));
        KITH_TRY(kith_out_open(&s->outs[f], path, gzip, err));
        kith_free(path);
        path = NULL;
        kith_buffer_clear(&header);
        KITH_TRY(kith_text_reserve(&header, err));
        kith_file_header(&header, f);
        KITH_TRY(kith_out_write(s->outs[f], header.data, header.len, err));
    }
done:
    kith_free(path);
    kith_buffer_done(&header);
    return status;
}

static kith_status
make_waves(synth *s, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_pool *pool = kith_job_pool(job);
    for (s->first = 0; s->first < s->world.n_cells; s->first += WAVE) {
        const uint32_t left = s->world.n_cells - s->first;
        const uint32_t n = left < WAVE ? left : WAVE;
        KITH_TRY(kith_for(pool, n, make_cell, s, err));
        KITH_TRY(kith_for(pool, KITH_FILES, write_file, s, err));
        count_wave(s, n);
        uint64_t people = 0;
        for (uint32_t i = 0; i < n; i++)
            people += kith_world_people(&s->world, s->first + i);
        kith_job_advance(job, people);
    }
done:
    return status;
}

static kith_status
commit_files(synth *s, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    for (unsigned f = 0; f < KITH_FILES; f++) {
        if (s->outs[f] == NULL)
            continue;
        kith_out *o = s->outs[f];
        s->outs[f] = NULL;
        KITH_TRY(kith_out_commit(o, job, err));
    }
done:
    return status;
}

static kith_status
open_truth(kith_out **o, const synth *s, const char *name, kith_error *err)
{
    char *path = NULL;
    kith_status status = kith_path_join(&path, s->params.out, name, err);
    if (status == KITH_OK)
        status = kith_out_open(o, path, false, err);
    kith_free(path);
    return status;
}

static kith_status
write_planted(const synth *s, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_out *o = NULL;
    KITH_TRY(open_truth(&o, s, "truth/planted.csv", err));
    KITH_TRY(kith_out_printf(o, err, "agency,reason,n\n"));
    for (unsigned a = 0; a < KITH_SYNTH_AGENCIES; a++)
        for (unsigned k = 0; k < KITH_PLANTED; k++)
            KITH_TRY(kith_out_printf(o, err, "%s,%s,%llu\n",
                                     kith_agency_at(a)->name,
                                     kith_planted_name((kith_planted)k),
                                     (unsigned long long)s->planted[a][k]));
    status = kith_out_commit(o, job, err);
    o = NULL;
done:
    kith_out_abort(o);
    return status;
}

static kith_status
write_changes(const synth *s, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_out *o = NULL;
    KITH_TRY(open_truth(&o, s, "truth/changes.csv", err));
    KITH_TRY(kith_out_printf(o, err, "agency,new,changed,withdrawn\n"));
    for (unsigned a = 0; a < KITH_SYNTH_AGENCIES; a++) {
        const uint64_t *n = s->changes[a];
        KITH_TRY(kith_out_printf(o, err, "%s,%llu,%llu,%llu\n",
                                 kith_agency_at(a)->name,
                                 (unsigned long long)n[KITH_CHANGE_NEW],
                                 (unsigned long long)n[KITH_CHANGE_CHANGED],
                                 (unsigned long long)n[KITH_CHANGE_WITHDRAWN]));
    }
    status = kith_out_commit(o, job, err);
    o = NULL;
done:
    kith_out_abort(o);
    return status;
}

static kith_status
write_fidelity(const synth *s, kith_job *job, kith_error *err)
{
    char *path = NULL;
    const kith_fidelity_errors made = {
        s->records, (const uint64_t(*)[KITH_ERRORS])s->errors};
    if (s->tally == NULL)
        return KITH_OK;
    kith_status status =
        kith_path_join(&path, s->params.out, "truth/fidelity.csv", err);
    if (status == KITH_OK)
        status =
            kith_fidelity_write(path, s->tally, &made, &s->world, job, err);
    kith_free(path);
    return status;
}

static void
report_counts(const synth *s, kith_job *job)
{
    kith_job_count(job, "", "people", s->params.n_people);
    kith_job_count(job, "", "records", s->n_records);
    kith_job_count(job, "", "events", s->n_events);
    for (unsigned a = 0; a < KITH_SYNTH_AGENCIES; a++) {
        const char *name = kith_agency_at(a)->name;
        kith_job_count(job, name, "records", s->records[a]);
        for (unsigned k = 0; k < KITH_ERRORS; k++)
            if (s->errors[a][k] != 0)
                kith_job_count(job, name,
                               kith_error_kind_name((kith_error_kind)k),
                               s->errors[a][k]);
    }
}

static kith_status
start(synth *s, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    char *shipped = NULL;
    const kith_synth_params *p = &s->params;
    KITH_TRY(check_params(s, err));
    if (p->shipped == NULL)
        KITH_TRY(kith_shipped_tables(&shipped, err));
    KITH_TRY(kith_tables_load(
        &s->tables, p->shipped != NULL ? p->shipped : shipped, p->tables, err));
    s->world.tables = s->tables;
    s->world.today = s->world.reference;
    s->world.seed = p->seed;
    s->world.n_people = p->n_people;
    kith_world_plan(&s->world);
    KITH_TRY(kith_places_plan(&s->world, err));
    s->n_workers = kith_job_threads(job);
    KITH_TRY(KITH_ALLOC(&s->cells, s->n_workers, err));
    KITH_TRY(KITH_ALLOC(&s->events, s->n_workers, err));
    KITH_TRY(KITH_ALLOC(&s->texts, WAVE, err));
    if (p->report)
        KITH_TRY(kith_tally_new(&s->tally, s->tables, err));
    for (unsigned i = 0; i < WAVE && p->report; i++)
        KITH_TRY(kith_tally_new(&s->texts[i].tally, s->tables, err));
done:
    kith_free(shipped);
    return status;
}

static void
stop_tally(synth *s)
{
    kith_tally_free(s->tally);
    s->tally = NULL;
    for (unsigned i = 0; i < WAVE && s->texts != NULL; i++) {
        kith_tally_free(s->texts[i].tally);
        s->texts[i].tally = NULL;
    }
}

static void
stop(synth *s)
{
    stop_tally(s);
    for (unsigned f = 0; f < KITH_FILES; f++)
        kith_out_abort(s->outs[f]);
    for (unsigned i = 0; i < s->n_workers && s->cells != NULL; i++)
        kith_cell_done(&s->cells[i]);
    for (unsigned i = 0; i < s->n_workers && s->events != NULL; i++)
        kith_events_done(&s->events[i]);
    for (unsigned i = 0; i < WAVE && s->texts != NULL; i++)
        kith_cell_text_done(&s->texts[i]);
    kith_free(s->cells);
    kith_free(s->events);
    kith_free(s->texts);
    kith_tables_free(s->tables);
}

/* The extracts of one day, and all that goes with them. */
static kith_status
make_day(synth *s, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    s->n_records = 0;
    s->n_events = 0;
    memset(s->errors, 0, sizeof s->errors);
    memset(s->records, 0, sizeof s->records);
    memset(s->planted, 0, sizeof s->planted);
    memset(s->changes, 0, sizeof s->changes);
    KITH_TRY(open_files(s, err));
    KITH_TRY(make_waves(s, job, err));
    KITH_TRY(commit_files(s, job, err));
    KITH_TRY(write_planted(s, job, err));
    KITH_TRY(kith_mappings_write(&s->params, &s->world, s->records, job, err));
done:
    return status;
}

/* One night after another, each a whole project beside the first. */
static kith_status
make_nights(synth *s, const kith_synth_params *params, kith_job *job,
            kith_error *err)
{
    kith_status status = KITH_OK;
    char *out = NULL;
    char date[16];
    char name[32];
    for (uint32_t night = 1; night <= params->n_nights; night++) {
        s->world.today = s->world.reference + (int32_t)night;
        kith_date_format_iso(date, s->world.today);
        (void)snprintf(name, sizeof name, "nights/%s", date);
        KITH_TRY(kith_path_join(&out, params->out, name, err));
        s->params.out = out;
        s->params.reference_date = date;
        kith_job_stage(job, "synth", name, params->n_people, "people");
        KITH_TRY(make_day(s, job, err));
        KITH_TRY(write_changes(s, job, err));
        report_counts(s, job);
        kith_job_stage_end(job);
        kith_free(out);
        out = NULL;
    }
done:
    kith_free(out);
    return status;
}

kith_status
kith_synth(const kith_synth_params *params, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    synth *s = NULL;
    bool open = true;
    KITH_TRY(KITH_ALLOC(&s, 1, err));
    s->params = *params;
    kith_job_stage(job, "synth", "", params->n_people, "people");
    KITH_TRY(start(s, job, err));
    KITH_TRY(make_day(s, job, err));
    KITH_TRY(write_fidelity(s, job, err));
    report_counts(s, job);
    kith_job_stage_end(job);
    open = false;
    stop_tally(s);
    KITH_TRY(make_nights(s, params, job, err));
done:
    if (s != NULL && open)
        kith_job_stage_end(job);
    if (s != NULL)
        stop(s);
    kith_free(s);
    return status;
}
