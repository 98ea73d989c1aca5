/* Sorted rows become pass files; blocks are measured on the way. */
#include "encode/stage.h"

#include "base/alloc.h"
#include "base/job.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_WIDTH = 1024 /* wider blocks count as this wide */ };
enum { WRITE_AT_ONCE = 1024 /* rows, at least */ };

typedef struct pass_writer {
    kith_stage *s;
    unsigned pass;
    size_t row_bytes;
    kith_rows_out *out;
    uint8_t block[8]; /* the block being read */
    uint64_t *people; /* of each of its rows: who, as far as it says */
    size_t n_people, people_cap;
    /* Where the pass leaves wide blocks out: rows of blocks that are sent and,
     * behind them, those of the block being read. */
    uint8_t *kept;
    size_t n_kept, n_closed, kept_cap; /* rows; the last one bytes */
    uint64_t n_left_out;
    uint64_t rows_by_width[MAX_WIDTH + 1];
    uint64_t n_blocks;
    uint16_t who[KITH_MAX_COLUMNS]; /* offsets of names and birth */
    unsigned n_who;
} pass_writer;

static int
by_value(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* Names and birth tell who a row is about: the same person may be there with
 * another address, or twice in a source that holds events. */
static void
find_who(pass_writer *w)
{
    const kith_layout *layout = &w->s->encoder->passes[w->pass].layout;
    for (unsigned i = 0; i < layout->n_columns; i++) {
        const kith_column *c = &layout->columns[i];
        const kith_compare_kind kind = layout->digits[c->digit].kind;
        if (c->role == KITH_COLUMN_EXACT || kind == KITH_COMPARE_DATE)
            w->who[w->n_who++] = c->offset;
    }
}

static uint64_t
who_is(const pass_writer *w, const uint8_t *row)
{
    uint8_t tokens[4 * KITH_MAX_COLUMNS];
    for (unsigned i = 0; i < w->n_who; i++)
        memcpy(tokens + 4 * i, row + w->who[i], 4);
    return w->n_who == 0
               ? kith_hash64(row + KITH_ROW_HEAD, w->row_bytes - KITH_ROW_HEAD)
               : kith_hash64(tokens, 4 * w->n_who);
}

/* A single site sends nothing anywhere. */
static unsigned
widest_of(const pass_writer *w)
{
    return w->s->spec->single_site ? 0 : w->s->spec->passes[w->pass].widest;
}

/* A block's people: rows that say the same are taken for one person. */
static void
close_block(pass_writer *w)
{
    if (w->n_people == 0)
        return;
    qsort(w->people, w->n_people, sizeof *w->people, by_value);
    size_t width = 1;
    for (size_t i = 1; i < w->n_people; i++)
        width += w->people[i] != w->people[i - 1];
    const unsigned widest = widest_of(w);
    if (widest != 0 && width > widest) {
        w->n_left_out += w->n_people;
        w->n_kept = w->n_closed;
    } else {
        w->rows_by_width[width < MAX_WIDTH ? width : MAX_WIDTH] += w->n_people;
        w->n_blocks++;
        w->n_closed = w->n_kept;
    }
    w->n_people = 0;
}

static kith_status
keep_row(pass_writer *w, const uint8_t *row, kith_error *err)
{
    kith_status status = KITH_OK;
    const size_t bytes = w->row_bytes;
    KITH_TRY(KITH_GROW(&w->kept, &w->kept_cap, (w->n_kept + 1) * bytes, err));
    memcpy(w->kept + w->n_kept * bytes, row, bytes);
    w->n_kept++;
done:
    return status;
}

/* Writes the rows of closed blocks, when they are worth a call. */
static kith_status
write_closed(pass_writer *w, size_t at_least, kith_error *err)
{
    kith_status status = KITH_OK;
    const size_t bytes = w->row_bytes;
    if (w->n_closed < at_least || w->n_closed == 0)
        return KITH_OK;
    KITH_TRY(kith_rows_write(w->out, w->kept, w->n_closed, err));
    memmove(w->kept, w->kept + w->n_closed * bytes,
            (w->n_kept - w->n_closed) * bytes);
    w->n_kept -= w->n_closed;
    w->n_closed = 0;
done:
    return status;
}

static kith_status
take_rows(void *ctx, const void *rows, size_t n, kith_error *err)
{
    pass_writer *w = ctx;
    kith_status status = KITH_OK;
    const bool limited = widest_of(w) != 0;
    for (size_t i = 0; i < n; i++) {
        const uint8_t *row = (const uint8_t *)rows + i * w->row_bytes;
        if (memcmp(row, w->block, sizeof w->block) != 0)
            close_block(w);
        memcpy(w->block, row, sizeof w->block);
        KITH_TRY(KITH_GROW(&w->people, &w->people_cap, w->n_people + 1, err));
        w->people[w->n_people++] = who_is(w, row);
        if (limited)
            KITH_TRY(keep_row(w, row, err));
    }
    if (limited)
        KITH_TRY(write_closed(w, WRITE_AT_ONCE, err));
    else
        KITH_TRY(kith_rows_write(w->out, rows, n, err));
done:
    return status;
}

typedef struct width {
    double mean;  /* people a block, weighted by rows */
    unsigned p99; /* 99 % of the rows lie in blocks no wider */
} width;

static width
measure(const pass_writer *w)
{
    width out = {0};
    uint64_t n_rows = 0, sum = 0, below = 0;
    for (unsigned i = 1; i <= MAX_WIDTH; i++) {
        n_rows += w->rows_by_width[i];
        sum += w->rows_by_width[i] * i;
    }
    if (n_rows == 0)
        return out;
    out.mean = (double)sum / (double)n_rows;
    for (unsigned i = 1; i <= MAX_WIDTH && out.p99 == 0; i++) {
        below += w->rows_by_width[i];
        if (below * 100 >= n_rows * 99)
            out.p99 = i;
    }
    return out;
}

/* Wide blocks show their similarity graph to whoever holds a name list. */
static kith_status
judge(const pass_writer *w, kith_error *err)
{
    const kith_stage *s = w->s;
    const char *name = s->spec->passes[w->pass].name;
    const width found = measure(w);
    char fact[2 * KITH_NAME_BYTES + 32], value[64];
    snprintf(fact, sizeof fact, "block_width.%s.%s", s->mapping->agency, name);
    snprintf(value, sizeof value, "mean %.2f p99 %u", found.mean, found.p99);
    kith_job_fact(s->job, fact, value);
    if (s->spec->single_site || (found.mean <= s->spec->max_block_mean &&
                                 found.p99 <= s->spec->max_block_p99))
        return KITH_OK;
    kith_error_set(err, KITH_ERR_CONFIG,
                   "pass \"%s\": a block of %s holds %.2f people on average "
                   "and %u at the 99th percentile; at most %.2f and %.0f are "
                   "safe to send",
                   name, s->mapping->agency, found.mean, found.p99,
                   s->spec->max_block_mean, s->spec->max_block_p99);
    kith_error_hint(err, "give the pass a second key, or say single_site: yes "
                         "when one organisation holds everything anyway");
    return KITH_ERR_CONFIG;
}

static kith_status
make_meta(const kith_stage *s, unsigned pass, unsigned worker, kith_meta *meta,
          kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(
        kith_buffer_add(&meta->text, s->meta.text.data, s->meta.text.len, err));
    KITH_TRY(kith_meta_add(meta, "pass", s->spec->passes[pass].name, err));
    KITH_TRY(kith_sample_stats(&s->sample, s->workers[worker], pass,
                               kith_job_isa(s->job), meta, err));
done:
    return status;
}

static kith_status
open_pass(pass_writer *w, unsigned worker, kith_error *err)
{
    kith_stage *s = w->s;
    kith_status status = KITH_OK;
    kith_meta meta = {{0}};
    char *path = NULL;
    char suffix[KITH_NAME_BYTES + 16];
    snprintf(suffix, sizeof suffix, ".%s.pass", s->spec->passes[w->pass].name);
    KITH_TRY(kith_stage_path(s, &path, "passes", suffix, err));
    KITH_TRY(make_meta(s, w->pass, worker, &meta, err));
    KITH_TRY(kith_rows_create(&s->pass_files[w->pass], path, "pass",
                              w->row_bytes, &meta, err));
    w->out = s->pass_files[w->pass];
    find_who(w);
done:
    kith_meta_done(&meta);
    kith_free(path);
    return status;
}

static kith_status
write_pass(pass_writer *w, unsigned worker, kith_error *err)
{
    kith_stage *s = w->s;
    const unsigned pass = w->pass;
    kith_status status = KITH_OK;
    KITH_TRY(open_pass(w, worker, err));
    KITH_TRY(kith_sorter_finish(s->passes[pass], take_rows, w, err));
    close_block(w);
    KITH_TRY(write_closed(w, 1, err));
done:
    kith_sorter_free(s->passes[pass]);
    s->passes[pass] = NULL;
    return status;
}

/* Passes are summed up, sorted and written side by side; the records, which
 * take longest, begin first. */
static kith_status
write_part(void *ctx, size_t part, unsigned worker, kith_error *err)
{
    pass_writer *writers = ctx;
    return part == 0 ? kith_stage_records(writers->s, worker, err)
                     : write_pass(&writers[part - 1], worker, err);
}

static void
free_writer(pass_writer *w)
{
    kith_free(w->people);
    kith_free(w->kept);
}

kith_status
kith_stage_passes(kith_stage *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const unsigned n = s->spec->n_passes;
    pass_writer *writers = NULL;
    KITH_TRY(KITH_ALLOC(&writers, n, err));
    for (unsigned pass = 0; pass < n; pass++) {
        pass_writer *w = &writers[pass];
        w->s = s;
        w->pass = pass;
        w->row_bytes = s->encoder->passes[pass].layout.row_bytes;
    }
    KITH_TRY(kith_for(kith_job_pool(s->job), 1 + n, write_part, writers, err));
    for (unsigned pass = 0; pass < n; pass++) {
        s->counts.blocks[pass] = writers[pass].n_blocks;
        s->counts.in_wide_blocks[pass] = writers[pass].n_left_out;
        s->counts.rows[pass] -= writers[pass].n_left_out;
        KITH_TRY(judge(&writers[pass], err));
    }
done:
    for (unsigned pass = 0; writers != NULL && pass < n; pass++)
        free_writer(&writers[pass]);
    kith_free(writers);
    return status;
}
