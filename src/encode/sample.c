#include "encode/sample.h"

#include "base/alloc.h"
#include "base/job.h"
#include "base/radix.h"
#include "compare/kernel.h"
#include "encode/scrub.h"
#include "encode/sounds.h"

#include <inttypes.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

kith_status
kith_sample_init(kith_sample *s, uint32_t n_fields, kith_error *err)
{
    s->n = 0;
    s->n_fields = n_fields;
    return KITH_ALLOC(&s->fields, (size_t)KITH_SAMPLE_RECORDS * n_fields, err);
}

uint64_t
kith_sample_limit(const kith_sample *s)
{
    return s->n < KITH_SAMPLE_RECORDS ? UINT64_MAX : s->keys[0];
}

static void
swap(kith_sample *s, uint32_t a, uint32_t b)
{
    const uint64_t key = s->keys[a];
    const uint32_t slot = s->slots[a];
    s->keys[a] = s->keys[b];
    s->slots[a] = s->slots[b];
    s->keys[b] = key;
    s->slots[b] = slot;
}

static void
sift_down(kith_sample *s)
{
    for (uint32_t i = 0;;) {
        uint32_t largest = i;
        for (uint32_t child = 2 * i + 1; child <= 2 * i + 2; child++)
            if (child < s->n && s->keys[child] > s->keys[largest])
                largest = child;
        if (largest == i)
            return;
        swap(s, i, largest);
        i = largest;
    }
}

static void
sift_up(kith_sample *s)
{
    for (uint32_t i = s->n - 1; i > 0 && s->keys[i] > s->keys[(i - 1) / 2];
         i = (i - 1) / 2)
        swap(s, i, (i - 1) / 2);
}

void
kith_sample_add(kith_sample *s, uint64_t key, const kith_norm *fields)
{
    const bool full = s->n == KITH_SAMPLE_RECORDS;
    if (full && key >= s->keys[0])
        return;
    const uint32_t at = full ? 0 : s->n++;
    if (!full)
        s->slots[at] = at;
    s->keys[at] = key;
    memcpy(s->fields + (size_t)s->slots[at] * s->n_fields, fields,
           s->n_fields * sizeof *fields);
    if (full)
        sift_down(s);
    else
        sift_up(s);
}

void
kith_sample_done(kith_sample *s)
{
    if (s->fields != NULL)
        OPENSSL_cleanse(s->fields, (size_t)KITH_SAMPLE_RECORDS * s->n_fields *
                                       sizeof *s->fields);
    kith_free(s->fields);
    *s = (kith_sample){0};
}

/* Slots in order of their keys: rows that do not depend on the input's. */
static kith_status
sort_slots(uint32_t **order, const kith_sample *s, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_keyed *items = NULL;
    kith_keyed *scratch = NULL;
    KITH_TRY(KITH_ALLOC(order, s->n, err));
    KITH_TRY(KITH_ALLOC(&items, s->n, err));
    KITH_TRY(KITH_ALLOC(&scratch, s->n, err));
    for (uint32_t i = 0; i < s->n; i++)
        items[i] = (kith_keyed){.key = s->keys[i], .value = s->slots[i]};
    kith_radix_sort(items, scratch, s->n);
    for (uint32_t i = 0; i < s->n; i++)
        (*order)[i] = items[i].value;
done:
    kith_free(items);
    kith_free(scratch);
    return status;
}

/* The sample's rows of one pass and variant, and how often two of them made
 * each agreement pattern, by worker: sums do not depend on who counted. */
typedef struct tally {
    kith_block block;
    kith_kernel kernel;
    size_t n_chunks;
    uint32_t n_patterns;
    uint32_t *counts; /* workers x patterns */
    kith_alike alike;
} tally;

/* Chunk c takes the rows c, c + n_chunks ...: equal work, whatever n. */
static kith_status
count_chunk(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    tally *t = ctx;
    uint32_t patterns[KITH_SAMPLE_RANDOM + KITH_BLOCK_PAD];
    uint32_t *counts = t->counts + (size_t)worker * t->n_patterns;
    const uint32_t n = t->block.n_rows;
    (void)err;
    for (uint32_t i = (uint32_t)chunk; i + 1 < n; i += (uint32_t)t->n_chunks) {
        t->kernel.compare(&t->block, NULL, i, i + 1, n, patterns);
        for (uint32_t k = 0; k < n - i - 1; k++)
            counts[patterns[k]]++;
    }
    return KITH_OK;
}

static kith_status
encode_rows(const kith_sample_rows *r, const kith_encoder *e, unsigned pass,
            unsigned variant, kith_error *err)
{
    /* One block value for all: rows of different blocks do not compare. */
    const kith_str block = {"", 0};
    kith_status status = KITH_OK;
    const kith_sample *s = r->sample;
    kith_encode_worker *w = NULL;
    KITH_TRY(kith_encode_worker_new(&w, e, err));
    for (uint32_t i = 0; i < s->n; i++) {
        kith_encoder_prepare(w, s->fields + (size_t)r->order[i] * s->n_fields);
        KITH_TRY(kith_encoder_row(
            w, pass, variant, block,
            r->rows + (size_t)i * e->passes[pass].layout.row_bytes, err));
    }
done:
    kith_encode_worker_free(w);
    kith_scrub_stack();
    return status;
}

static kith_status
count_variant(tally *t, const kith_sample *s, const uint8_t *rows,
              kith_job *job, kith_error *err)
{
    const uint8_t *at[KITH_SAMPLE_RANDOM];
    const uint32_t n = s->n < KITH_SAMPLE_RANDOM ? s->n : KITH_SAMPLE_RANDOM;
    kith_status status = KITH_OK;
    for (uint32_t i = 0; i < n; i++)
        at[i] = rows + (size_t)i * t->block.layout->row_bytes;
    KITH_TRY(kith_block_fill(&t->block, at, n, err));
    KITH_TRY(kith_for(kith_job_pool(job), t->n_chunks, count_chunk, t, err));
done:
    return status;
}

static kith_status
write_lines(const tally *t, unsigned n_workers, const kith_encoder *e,
            kith_meta *meta, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_layout *layout = t->block.layout;
    uint64_t levels[KITH_MAX_DIGITS][KITH_MAX_LEVELS] = {{0}};
    for (uint32_t p = 0; p < t->n_patterns; p++) {
        uint64_t n = 0;
        for (unsigned w = 0; w < n_workers; w++)
            n += t->counts[(size_t)w * t->n_patterns + p];
        for (unsigned d = 0; n > 0 && d < layout->n_digits; d++)
            levels[d][kith_pattern_level(layout, p, d)] += n;
    }
    for (unsigned d = 0; d < layout->n_digits; d++)
        if (t->alike.keyed[d])
            memcpy(levels[d], t->alike.n[d], sizeof levels[d]);
    for (unsigned d = 0; d < layout->n_digits; d++)
        for (unsigned l = 0; l < layout->digits[d].n_levels; l++) {
            char line[96];
            if (levels[d][l] == 0 || levels[d][l] < e->spec->min_cell)
                continue;
            snprintf(line, sizeof line, "%s|%u|%" PRIu64,
                     layout->digits[d].name, l, levels[d][l]);
            KITH_TRY(kith_meta_add(meta, "stat", line, err));
        }
done:
    return status;
}

kith_status
kith_sample_stats(const kith_sample *s, const kith_encoder *e, unsigned pass,
                  kith_job *job, kith_meta *meta, kith_error *err)
{
    enum { N_CHUNKS = 16 };
    kith_status status = KITH_OK;
    const kith_layout *layout = &e->passes[pass].layout;
    const unsigned n_workers = kith_job_threads(job);
    kith_sample_rows r = {.sample = s};
    tally t = {.n_chunks = N_CHUNKS, .n_patterns = layout->n_patterns};
    kith_block_init(&t.block, layout);
    KITH_TRY(sort_slots(&r.order, s, err));
    KITH_TRY(kith_kernel_choose(&t.kernel, kith_job_isa(job), err));
    KITH_TRY(KITH_ALLOC(&r.rows, (size_t)s->n * layout->row_bytes + 1, err));
    KITH_TRY(KITH_ALLOC(&t.counts, (size_t)n_workers * t.n_patterns, err));
    for (unsigned v = 0; v < kith_encoder_variants(e, pass); v++) {
        KITH_TRY(encode_rows(&r, e, pass, v, err));
        KITH_TRY(kith_alike_count(&t.alike, &r, e, pass, v, err));
        KITH_TRY(count_variant(&t, s, r.rows, job, err));
    }
    KITH_TRY(write_lines(&t, n_workers, e, meta, err));
done:
    kith_block_done(&t.block);
    kith_free(r.order);
    kith_free(r.rows);
    kith_free(t.counts);
    return status;
}
