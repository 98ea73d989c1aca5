#include "criteria/flag_out.h"

#include "base/alloc.h"
#include "base/date.h"
#include "base/job.h"
#include "criteria/changes.h"
#include "criteria/evidence.h"
#include "criteria/level.h"
#include "criteria/previous.h"
#include "io/out.h"

#include <stdio.h>
#include <string.h>

/* Units of one chunk, and chunks buffered before they go to the files. */
enum { CHUNK_UNITS = 512, CHUNKS = 64 };

/* What one chunk of units writes. */
typedef struct chunk_out {
    kith_flag_evidence evidence;
    kith_buffer flags;
    kith_buffer changes;
} chunk_out;

typedef struct writer {
    const kith_flag_writing *w;
    uint32_t cohort;
    uint32_t n_units;
    size_t first_chunk; /* of this round */
    chunk_out chunks[CHUNKS];
    kith_rows_in **people; /* one an agency */
    kith_previous previous;
    kith_out *flags;
    kith_out *evidence;
    kith_buffer lines; /* of changes.csv, until all cohorts are written */
    kith_out *changes;
    char today[16];
} writer;

static bool
is_no(kith_verdict v)
{
    return v == KITH_VERDICT_NO || v == KITH_VERDICT_OUT;
}

/* cohort,version,unit,id,status,tier,since */
static kith_status
write_flag(writer *w, const kith_cohort *c, chunk_out *to, const char *id,
           kith_flagged f, kith_error *err)
{
    const kith_old_flag *old = kith_previous_find(&w->previous, c->name, id);
    const char *status = kith_verdict_name(f.verdict);
    const char *since = w->today;
    if (old != NULL &&
        strcmp(kith_dict_at(&w->previous.words, old->status), status) == 0)
        since = kith_dict_at(&w->previous.words, old->since);
    return kith_buffer_printf(&to->flags, err, "%s,%s,%s,%s,%s,%s,%s\n",
                              c->name, c->version, kith_level_unit(c->level),
                              id, status, kith_tier_name(c, f.tier), since);
}

static kith_status
write_unit(writer *w, kith_eval *e, chunk_out *to, uint32_t unit,
           kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_cohort *c = e->cohort;
    const char *id =
        kith_dict_at(kith_level_ids(w->w->world->people, c->level), unit);
    const kith_flagged f = {
        (kith_verdict)w->w->world->verdicts[w->cohort][unit],
        w->w->tiers[w->cohort][unit]};
    if (is_no(f.verdict) && !w->previous.given)
        return KITH_OK;
    kith_eval_unit(e, unit);
    KITH_TRY(kith_change_add(&to->changes, &w->previous, e, id, f, err));
    if (is_no(f.verdict))
        return KITH_OK;
    KITH_TRY(write_flag(w, c, to, id, f, err));
    KITH_TRY(kith_flag_evidence_add(&to->evidence, e, id, f, err));
done:
    return status;
}

static kith_status
write_chunk(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    kith_status status = KITH_OK;
    writer *w = ctx;
    kith_eval *e = &w->w->evals[worker];
    chunk_out *to = &w->chunks[chunk];
    const size_t first = (w->first_chunk + chunk) * CHUNK_UNITS;
    kith_buffer_clear(&to->flags);
    kith_buffer_clear(&to->changes);
    kith_buffer_clear(&to->evidence.text);
    to->evidence.people = w->people;
    kith_eval_begin(e, w->w->world, w->cohort);
    for (size_t u = first; u < first + CHUNK_UNITS && u < w->n_units; u++)
        KITH_TRY(write_unit(w, e, to, (uint32_t)u, err));
    if (e->status != KITH_OK)
        status = kith_error_memory(err, 1, 1);
done:
    return status;
}

static kith_status
flush(kith_out *to, const kith_buffer *b, kith_error *err)
{
    return to == NULL || b->len == 0 ? KITH_OK
                                     : kith_out_write(to, b->data, b->len, err);
}

static kith_status
write_cohort(writer *w, uint32_t cohort, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_cohort *c = w->w->world->program->cohorts[cohort];
    w->cohort = cohort;
    w->n_units = kith_level_count(w->w->world->people, c->level);
    const size_t n_chunks = (w->n_units + CHUNK_UNITS - 1) / CHUNK_UNITS;
    for (w->first_chunk = 0; w->first_chunk < n_chunks;
         w->first_chunk += CHUNKS) {
        const size_t left = n_chunks - w->first_chunk;
        const size_t n = left < CHUNKS ? left : CHUNKS;
        KITH_TRY(kith_for(kith_job_pool(job), n, write_chunk, w, err));
        for (size_t i = 0; i < n; i++) {
            KITH_TRY(flush(w->flags, &w->chunks[i].flags, err));
            KITH_TRY(flush(w->evidence, &w->chunks[i].evidence.text, err));
            KITH_TRY(kith_buffer_add(&w->lines, w->chunks[i].changes.data,
                                     w->chunks[i].changes.len, err));
        }
    }
done:
    return status;
}

static kith_status
open_file(kith_out **out, const char *folder, const char *name,
          const char *header, kith_error *err)
{
    char *path = NULL;
    kith_status status = kith_path_join(&path, folder, name, err);
    if (status == KITH_OK)
        status = kith_out_open(out, path, false, err);
    if (status == KITH_OK)
        status = kith_out_write(*out, header, strlen(header), err);
    kith_free(path);
    return status;
}

/* Every count and flag must be shown with its definition: what the names in
 * the other tables stand for. */
static kith_status
write_definition(kith_out *to, const kith_cohort *c, const char *criterion,
                 const char *title, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(kith_out_printf(to, err, "%s,%s,%s,%s,", c->name, c->version,
                             kith_level_unit(c->level), criterion));
    KITH_TRY(kith_out_csv(to, kith_str_of(title), ',', err));
    KITH_TRY(kith_out_csv(
        to, kith_str_of(criterion[0] == '\0' ? c->purpose : ""), '\n', err));
done:
    return status;
}

static kith_status
write_definitions(writer *w, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_program *p = w->w->world->program;
    kith_out *to = NULL;
    KITH_TRY(open_file(&to, w->w->out, "cohorts.csv",
                       "cohort,version,unit,criterion,title,purpose\n", err));
    for (uint32_t i = 0; i < p->n_cohorts; i++) {
        const kith_cohort *c = p->cohorts[i];
        if (w->w->world->verdicts[i] == NULL)
            continue;
        KITH_TRY(write_definition(to, c, "", c->title, err));
        for (const kith_criterion *k = c->criteria; k != NULL; k = k->next) {
            if (k->kind != KITH_CRITERION_DEFINE)
                KITH_TRY(write_definition(to, c, k->name, k->title, err));
        }
    }
    status = kith_out_commit(to, job, err);
    to = NULL;
done:
    kith_out_abort(to);
    return status;
}

static kith_status
open_all(writer *w, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_people *p = w->w->world->people;
    const char *out = w->w->out;
    KITH_TRY(KITH_ALLOC(&w->people, p->agencies.n + 1, err));
    for (size_t a = 0; a < p->agencies.n; a++)
        KITH_TRY(kith_rows_open(&w->people[a], p->records[a].people_path,
                                "people", err));
    KITH_TRY(open_file(&w->flags, out, "flags.csv",
                       "cohort,version,unit,id,status,tier,since\n", err));
    KITH_TRY(open_file(&w->evidence, out, "evidence.csv",
                       KITH_FLAG_EVIDENCE_HEADER, err));
    if (w->previous.given)
        KITH_TRY(open_file(&w->changes, out, "changes.csv", KITH_CHANGES_HEADER,
                           err));
done:
    return status;
}

static kith_status
write_changes(writer *w, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_buffer text = {0};
    const kith_changes changes = {.world = w->w->world,
                                  .previous = &w->previous,
                                  .before = w->w->previous,
                                  .now = w->w->results};
    KITH_TRY(kith_changes_finish(&text, &changes, &w->lines, err));
    KITH_TRY(flush(w->changes, &text, err));
done:
    kith_buffer_done(&text);
    return status;
}

static kith_status
commit_all(writer *w, kith_job *job, kith_error *err)
{
    kith_out **files[] = {&w->evidence, &w->changes, &w->flags};
    kith_status status = KITH_OK;
    for (size_t i = 0; i < 3 && status == KITH_OK; i++) {
        if (*files[i] == NULL)
            continue;
        status = kith_out_commit(*files[i], job, err);
        *files[i] = NULL;
    }
    return status;
}

static void
writer_free(writer *w, size_t n_agencies)
{
    for (size_t i = 0; i < CHUNKS; i++) {
        kith_buffer_done(&w->chunks[i].flags);
        kith_buffer_done(&w->chunks[i].changes);
        kith_buffer_done(&w->chunks[i].evidence.text);
        kith_buffer_done(&w->chunks[i].evidence.note);
        kith_trace_done(&w->chunks[i].evidence.trace);
    }
    for (size_t a = 0; w->people != NULL && a < n_agencies; a++)
        kith_rows_close(w->people[a]);
    kith_free(w->people);
    kith_previous_done(&w->previous);
    kith_buffer_done(&w->lines);
    kith_out_abort(w->flags);
    kith_out_abort(w->evidence);
    kith_out_abort(w->changes);
    kith_free(w);
}

kith_status
kith_flags_write(const kith_flag_writing *writing, kith_job *job,
                 kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_world *world = writing->world;
    writer *w = NULL;
    KITH_TRY(KITH_ALLOC(&w, 1, err));
    w->w = writing;
    kith_date_format_iso(w->today, world->day);
    KITH_TRY(kith_previous_load(&w->previous, writing->previous, job, err));
    KITH_TRY(write_definitions(w, job, err));
    KITH_TRY(open_all(w, err));
    for (uint32_t c = 0; c < world->program->n_cohorts; c++) {
        if (world->verdicts[c] != NULL)
            KITH_TRY(write_cohort(w, c, job, err));
    }
    if (w->previous.given)
        KITH_TRY(write_changes(w, err));
    KITH_TRY(commit_all(w, job, err));
done:
    if (w != NULL)
        writer_free(w, world->people->agencies.n);
    return status;
}
