#include "encode/sample.h"

#include "base/alloc.h"
#include "base/job.h"

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

bool
kith_sample_wants(const kith_sample *s, uint64_t key)
{
    return s->n < KITH_SAMPLE_RECORDS || key < s->keys[0];
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
    if (!kith_sample_wants(s, key))
        return;
    const bool full = s->n == KITH_SAMPLE_RECORDS;
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

/* The sample's rows of one pass and variant, and the counts of each chunk. */
typedef struct tally {
    const kith_layout *layout;
    const uint8_t *rows;
    size_t n_rows;
    size_t n_chunks;
    uint64_t (*counts)[KITH_MAX_DIGITS][KITH_MAX_LEVELS]; /* by chunk */
} tally;

/* Chunk c takes the rows c, c + n_chunks ...: equal work, whatever n. */
static kith_status
count_chunk(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    const tally *t = ctx;
    const size_t row_bytes = t->layout->row_bytes;
    (void)worker;
    (void)err;
    for (size_t i = chunk; i < t->n_rows; i += t->n_chunks)
        for (size_t j = i + 1; j < t->n_rows; j++) {
            const uint32_t pattern = kith_compare_rows(
                t->layout, t->rows + i * row_bytes, t->rows + j * row_bytes);
            for (unsigned d = 0; d < t->layout->n_digits; d++)
                t->counts[chunk][d]
                         [kith_pattern_level(t->layout, pattern, d)]++;
        }
    return KITH_OK;
}

static kith_status
encode_rows(const kith_sample *s, const kith_encoder *e, unsigned pass,
            unsigned variant, uint8_t *rows, kith_error *err)
{
    /* One block value for all: rows of different blocks do not compare. */
    const kith_str block = {"", 0};
    kith_status status = KITH_OK;
    kith_encode_worker *w = NULL;
    KITH_TRY(kith_encode_worker_new(&w, e, err));
    for (uint32_t i = 0; i < s->n; i++) {
        kith_encoder_prepare(e, w, s->fields + (size_t)i * s->n_fields);
        KITH_TRY(kith_encoder_row(
            e, w, pass, variant, block,
            rows + (size_t)i * e->passes[pass].layout.row_bytes, err));
    }
done:
    kith_encode_worker_free(w);
    return status;
}

static kith_status
write_lines(const tally *t, const kith_encoder *e, kith_meta *meta,
            kith_error *err)
{
    kith_status status = KITH_OK;
    for (unsigned d = 0; d < t->layout->n_digits; d++)
        for (unsigned l = 0; l < t->layout->digits[d].n_levels; l++) {
            char line[96];
            uint64_t n = 0;
            for (size_t c = 0; c < t->n_chunks; c++)
                n += t->counts[c][d][l];
            if (n == 0 || n < e->spec->min_cell)
                continue;
            snprintf(line, sizeof line, "%s|%u|%" PRIu64,
                     t->layout->digits[d].name, l, n);
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
    uint8_t *rows = NULL;
    tally t = {.layout = &e->passes[pass].layout,
               .n_rows = s->n,
               .n_chunks = N_CHUNKS};
    KITH_TRY(KITH_ALLOC(&rows, (size_t)s->n * t.layout->row_bytes + 1, err));
    KITH_TRY(KITH_ALLOC(&t.counts, N_CHUNKS, err));
    t.rows = rows;
    for (unsigned v = 0; v < kith_encoder_variants(e, pass); v++) {
        KITH_TRY(encode_rows(s, e, pass, v, rows, err));
        KITH_TRY(kith_for(kith_job_pool(job), N_CHUNKS, count_chunk, &t, err));
    }
    KITH_TRY(write_lines(&t, e, meta, err));
done:
    kith_free(rows);
    kith_free(t.counts);
    return status;
}
