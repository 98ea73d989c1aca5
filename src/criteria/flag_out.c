#include "criteria/flag_out.h"

#include "base/alloc.h"
#include "base/date.h"
#include "base/job.h"
#include "criteria/changes.h"
#include "criteria/cohorts_out.h"
#include "criteria/evidence.h"
#include "criteria/level.h"
#include "criteria/previous.h"
#include "criteria/spill.h"
#include "io/out.h"

#include <stdio.h>
#include <string.h>

/* Units of one chunk, and chunks of a round: while one round is formatted, the
 * one before goes to the files. */
enum { CHUNK_UNITS = 512, CHUNKS = 32 };

/* What a unit writes, to be put aside: bytes that follow in this order. */
typedef struct mark {
    uint32_t cohort;
    uint32_t unit;
    uint64_t flags;
    uint64_t evidence;
    uint64_t changes;
} mark;

/* What one chunk of units writes. */
typedef struct chunk_out {
    kith_flag_evidence evidence;
    kith_buffer flags;
    kith_buffer changes;
    mark *marks; /* with more than one shard: of each unit that writes */
    size_t n_marks;
    size_t marks_cap;
} chunk_out;

/* One shard's texts, put aside until all shards are done. */
typedef struct aside {
    kith_spill *spill;
    mark next; /* while reading; unit UINT32_MAX: at the end */
} aside;

struct kith_flag_out {
    kith_flag_writing w;
    uint32_t cohort;
    kith_unit_list units;
    aside *asides; /* one a shard; NULL: there is one shard */
    kith_buffer text;
    size_t first_chunk; /* of this round */
    uint32_t shard;
    chunk_out rounds[2][CHUNKS];
    chunk_out *fresh; /* the one of these being formatted */
    chunk_out *ready; /* ... and the other */
    size_t n_ready;
    kith_rows_in **people; /* one an agency */
    kith_previous previous;
    kith_out *flags;
    kith_out *evidence;
    kith_buffer lines; /* of changes.csv, until all cohorts are written */
    kith_out *changes;
    char today[16];
};

typedef kith_flag_out writer;

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
write_lines(writer *w, kith_eval *e, chunk_out *to, uint32_t unit,
            kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_cohort *c = e->cohort;
    const char *id =
        kith_dict_at(kith_level_ids(w->w.world->people, c->level), unit);
    const kith_flagged f = {(kith_verdict)w->w.world->verdicts[w->cohort][unit],
                            w->w.tiers[w->cohort][unit]};
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
write_unit(writer *w, kith_eval *e, chunk_out *to, uint32_t unit,
           kith_error *err)
{
    kith_status status = KITH_OK;
    const size_t flags = to->flags.len;
    const size_t evidence = to->evidence.text.len;
    const size_t changes = to->changes.len;
    KITH_TRY(write_lines(w, e, to, unit, err));
    const mark m = {w->cohort, unit, to->flags.len - flags,
                    to->evidence.text.len - evidence,
                    to->changes.len - changes};
    if (w->asides == NULL || m.flags + m.evidence + m.changes == 0)
        return KITH_OK;
    KITH_TRY(KITH_GROW(&to->marks, &to->marks_cap, to->n_marks + 1, err));
    to->marks[to->n_marks++] = m;
done:
    return status;
}

static kith_status
write_chunk(writer *w, size_t chunk, unsigned worker, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_eval *e = &w->w.evals[worker];
    chunk_out *to = &w->fresh[chunk];
    const size_t first = (w->first_chunk + chunk) * CHUNK_UNITS;
    kith_buffer_clear(&to->flags);
    kith_buffer_clear(&to->changes);
    kith_buffer_clear(&to->evidence.text);
    to->n_marks = 0;
    to->evidence.people = w->people;
    kith_eval_begin(e, w->w.world, w->cohort);
    for (size_t i = first; i < first + CHUNK_UNITS && i < w->units.n; i++)
        KITH_TRY(write_unit(w, e, to, kith_unit_list_at(&w->units, i), err));
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
put_out(writer *w, const chunk_out *from, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(flush(w->flags, &from->flags, err));
    KITH_TRY(flush(w->evidence, &from->evidence.text, err));
    KITH_TRY(
        kith_buffer_add(&w->lines, from->changes.data, from->changes.len, err));
done:
    return status;
}

static kith_status
put_aside(aside *to, const chunk_out *from, kith_error *err)
{
    kith_status status = KITH_OK;
    const char *flags = from->flags.data;
    const char *evidence = from->evidence.text.data;
    const char *changes = from->changes.data;
    for (size_t i = 0; i < from->n_marks; i++) {
        const mark *m = &from->marks[i];
        KITH_TRY(kith_spill_add(to->spill, m, sizeof *m, err));
        KITH_TRY(kith_spill_add(to->spill, flags, m->flags, err));
        KITH_TRY(kith_spill_add(to->spill, evidence, m->evidence, err));
        KITH_TRY(kith_spill_add(to->spill, changes, m->changes, err));
        flags += m->flags;
        evidence += m->evidence;
        changes += m->changes;
    }
done:
    return status;
}

static kith_status
put_ready(writer *w, kith_error *err)
{
    kith_status status = KITH_OK;
    for (size_t i = 0; i < w->n_ready; i++)
        KITH_TRY(w->asides == NULL
                     ? put_out(w, &w->ready[i], err)
                     : put_aside(&w->asides[w->shard], &w->ready[i], err));
done:
    return status;
}

/* Item 0 puts, the others format. */
static kith_status
write_item(void *ctx, size_t item, unsigned worker, kith_error *err)
{
    return item == 0 ? put_ready(ctx, err)
                     : write_chunk(ctx, item - 1, worker, err);
}

static kith_status
write_cohort(writer *w, uint32_t cohort, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_world *world = w->w.world;
    w->cohort = cohort;
    w->units = kith_shards_units(w->w.shards, world->people, w->shard,
                                 world->program->cohorts[cohort]->level);
    const size_t n_chunks = (w->units.n + CHUNK_UNITS - 1) / CHUNK_UNITS;
    for (w->first_chunk = 0; w->first_chunk < n_chunks;
         w->first_chunk += CHUNKS) {
        const size_t left = n_chunks - w->first_chunk;
        const size_t n = left < CHUNKS ? left : CHUNKS;
        KITH_TRY(kith_for(kith_job_pool(job), n + 1, write_item, w, err));
        chunk_out *put = w->ready;
        w->ready = w->fresh;
        w->fresh = put;
        w->n_ready = n;
    }
done:
    return status;
}

static kith_status
read_text(writer *w, kith_spill *from, uint64_t n, kith_error *err)
{
    kith_status status = KITH_OK;
    size_t got = 0;
    KITH_TRY(KITH_GROW(&w->text.data, &w->text.cap, (size_t)n + 1, err));
    KITH_TRY(kith_spill_read(from, w->text.data, (size_t)n, &got, err));
    if (got != n)
        KITH_TRY(
            kith_error_set(err, KITH_ERR_IO, "a temporary file is cut short"));
    w->text.len = got;
done:
    return status;
}

static kith_status
next_mark(aside *a, kith_error *err)
{
    size_t got = 0;
    const kith_status status =
        kith_spill_read(a->spill, &a->next, sizeof a->next, &got, err);
    if (status == KITH_OK && got == 0)
        a->next.unit = UINT32_MAX;
    return status;
}

/* What one unit had put aside goes to the files. */
static kith_status
fetch_unit(writer *w, aside *a, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(read_text(w, a->spill, a->next.flags, err));
    KITH_TRY(flush(w->flags, &w->text, err));
    KITH_TRY(read_text(w, a->spill, a->next.evidence, err));
    KITH_TRY(flush(w->evidence, &w->text, err));
    KITH_TRY(read_text(w, a->spill, a->next.changes, err));
    KITH_TRY(kith_buffer_add(&w->lines, w->text.data, w->text.len, err));
    KITH_TRY(next_mark(a, err));
done:
    return status;
}

/* Each shard has put aside its units in the order of the files. */
static kith_status
fetch_all(writer *w, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_world *world = w->w.world;
    for (uint32_t i = 0; i < w->w.shards->n; i++)
        KITH_TRY(next_mark(&w->asides[i], err));
    for (uint32_t c = 0; c < world->program->n_cohorts; c++) {
        const kith_level level = world->program->cohorts[c]->level;
        const uint32_t n = kith_level_count(world->people, level);
        for (uint32_t u = 0; u < n; u++) {
            aside *a = &w->asides[kith_shards_of(w->w.shards, world->people,
                                                 level, u)];
            if (a->next.cohort == c && a->next.unit == u)
                KITH_TRY(fetch_unit(w, a, err));
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

static kith_status
open_all(writer *w, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_people *p = w->w.world->people;
    const char *out = w->w.out;
    KITH_TRY(KITH_ALLOC(&w->people, p->agencies.n + 1, err));
    if (w->w.shards->n > 1)
        KITH_TRY(KITH_ALLOC(&w->asides, w->w.shards->n, err));
    for (uint32_t i = 0; w->asides != NULL && i < w->w.shards->n; i++)
        KITH_TRY(kith_spill_new(&w->asides[i].spill, out, err));
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
    const kith_changes changes = {.world = w->w.world,
                                  .previous = &w->previous,
                                  .before = w->w.previous,
                                  .now = w->w.results};
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
count_left_out(const writer *w, kith_job *job)
{
    uint64_t n = 0;
    for (size_t i = 0; i < 2 * (size_t)CHUNKS; i++)
        n += w->rounds[i / CHUNKS][i % CHUNKS].evidence.n_left_out;
    if (n > 0)
        kith_job_count(job, "evidence", "events_left_out", n);
}

static void
chunk_done(chunk_out *c)
{
    kith_buffer_done(&c->flags);
    kith_buffer_done(&c->changes);
    kith_flag_evidence_done(&c->evidence);
    kith_free(c->marks);
}

void
kith_flag_out_free(kith_flag_out *w)
{
    if (w == NULL)
        return;
    for (size_t i = 0; i < 2 * (size_t)CHUNKS; i++)
        chunk_done(&w->rounds[i / CHUNKS][i % CHUNKS]);
    for (size_t a = 0; w->people != NULL && a < w->w.world->people->agencies.n;
         a++)
        kith_rows_close(w->people[a]);
    for (uint32_t i = 0; w->asides != NULL && i < w->w.shards->n; i++)
        kith_spill_free(w->asides[i].spill);
    kith_free(w->asides);
    kith_free(w->people);
    kith_previous_done(&w->previous);
    kith_buffer_done(&w->lines);
    kith_buffer_done(&w->text);
    kith_out_abort(w->flags);
    kith_out_abort(w->evidence);
    kith_out_abort(w->changes);
    kith_free(w);
}

kith_status
kith_flag_out_open(kith_flag_out **out, const kith_flag_writing *writing,
                   kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    writer *w = NULL;
    KITH_TRY(KITH_ALLOC(&w, 1, err));
    w->w = *writing;
    w->fresh = w->rounds[0];
    w->ready = w->rounds[1];
    kith_date_format_iso(w->today, writing->world->day);
    KITH_TRY(kith_previous_load(&w->previous, writing->previous, job, err));
    KITH_TRY(kith_cohorts_write(w->w.world, w->w.out, job, err));
    KITH_TRY(open_all(w, err));
    *out = w;
    w = NULL;
done:
    kith_flag_out_free(w);
    return status;
}

kith_status
kith_flag_out_shard(kith_flag_out *w, uint32_t shard, kith_job *job,
                    kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_world *world = w->w.world;
    w->shard = shard;
    for (uint32_t c = 0; c < world->program->n_cohorts; c++) {
        if (world->verdicts[c] != NULL)
            KITH_TRY(write_cohort(w, c, job, err));
    }
    KITH_TRY(put_ready(w, err));
    w->n_ready = 0;
done:
    return status;
}

kith_status
kith_flag_out_finish(kith_flag_out *w, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    if (w->asides != NULL)
        KITH_TRY(fetch_all(w, err));
    if (w->previous.given)
        KITH_TRY(write_changes(w, err));
    KITH_TRY(commit_all(w, job, err));
    count_left_out(w, job);
done:
    return status;
}
