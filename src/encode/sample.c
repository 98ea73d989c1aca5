#include "encode/sample.h"

#include "base/alloc.h"
#include "base/radix.h"
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

/* How often two rows of the sample made each agreement pattern. */
typedef struct tally {
    uint32_t *counts; /* by pattern */
    kith_alike alike;
} tally;

/* Rows of all variants: a record is prepared once. */
static kith_status
encode_rows(const kith_sample_rows *r, kith_encode_worker *w, unsigned pass,
            uint8_t *const *rows, kith_error *err)
{
    /* One block value for all: rows of different blocks do not compare. */
    const kith_str block = {"", 0};
    kith_status status = KITH_OK;
    const kith_sample *s = r->sample;
    const size_t row_bytes = w->e->passes[pass].layout.row_bytes;
    for (uint32_t i = 0; i < s->n; i++) {
        kith_encoder_prepare(w, s->fields + (size_t)r->order[i] * s->n_fields);
        for (unsigned v = 0; v < kith_encoder_variants(w->e, pass); v++)
            KITH_TRY(kith_encoder_row(w, pass, v, block,
                                      rows[v] + (size_t)i * row_bytes, err));
    }
done:
    kith_scrub_stack();
    return status;
}

/* All pairs of the first rows. */
static kith_status
count_random(tally *t, const kith_sample_rows *r, kith_error *err)
{
    const uint8_t *at[KITH_SAMPLE_RANDOM];
    uint32_t patterns[KITH_SAMPLE_RANDOM + KITH_BLOCK_PAD];
    kith_status status = KITH_OK;
    uint32_t n = r->sample->n;
    n = n < KITH_SAMPLE_RANDOM ? n : KITH_SAMPLE_RANDOM;
    for (uint32_t i = 0; i < n; i++)
        at[i] = r->rows + (size_t)i * r->block->layout->row_bytes;
    KITH_TRY(kith_block_fill(r->block, at, n, err));
    for (uint32_t i = 0; i + 1 < n; i++) {
        r->compare(r->block, NULL, i, i + 1, n, patterns);
        for (uint32_t k = 0; k < n - i - 1; k++)
            t->counts[patterns[k]]++;
    }
done:
    return status;
}

static kith_status
write_lines(const tally *t, const kith_layout *layout, uint64_t min_cell,
            kith_meta *meta, kith_error *err)
{
    kith_status status = KITH_OK;
    uint64_t levels[KITH_MAX_DIGITS][KITH_MAX_LEVELS] = {{0}};
    for (uint32_t p = 0; p < layout->n_patterns; p++) {
        const uint64_t n = t->counts[p];
        for (unsigned d = 0; n > 0 && d < layout->n_digits; d++)
            levels[d][kith_pattern_level(layout, p, d)] += n;
    }
    for (unsigned d = 0; d < layout->n_digits; d++)
        if (t->alike.keyed[d])
            memcpy(levels[d], t->alike.n[d], sizeof levels[d]);
    for (unsigned d = 0; d < layout->n_digits; d++)
        for (unsigned l = 0; l < layout->digits[d].n_levels; l++) {
            char line[96];
            if (levels[d][l] == 0 || levels[d][l] < min_cell)
                continue;
            snprintf(line, sizeof line, "%s|%u|%" PRIu64,
                     layout->digits[d].name, l, levels[d][l]);
            KITH_TRY(kith_meta_add(meta, "stat", line, err));
        }
done:
    return status;
}

kith_status
kith_sample_stats(const kith_sample *s, kith_encode_worker *w, unsigned pass,
                  kith_isa isa, kith_meta *meta, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_layout *layout = &w->e->passes[pass].layout;
    const unsigned n_variants = kith_encoder_variants(w->e, pass);
    uint8_t *rows[2] = {NULL, NULL};
    kith_block block;
    kith_kernel kernel;
    kith_sample_rows r = {.sample = s, .block = &block};
    tally t = {0};
    kith_block_init(&block, layout);
    KITH_TRY(kith_kernel_choose(&kernel, isa, err));
    r.compare = kernel.compare;
    KITH_TRY(sort_slots(&r.order, s, err));
    KITH_TRY(KITH_ALLOC(&t.counts, layout->n_patterns, err));
    for (unsigned v = 0; v < n_variants; v++)
        KITH_TRY(
            KITH_ALLOC(&rows[v], (size_t)s->n * layout->row_bytes + 1, err));
    KITH_TRY(encode_rows(&r, w, pass, rows, err));
    for (unsigned v = 0; v < n_variants; v++) {
        r.rows = rows[v];
        KITH_TRY(kith_alike_count(&t.alike, &r, w->e, pass, v, err));
        KITH_TRY(count_random(&t, &r, err));
    }
    KITH_TRY(write_lines(&t, layout, w->e->spec->min_cell, meta, err));
done:
    kith_block_done(&block);
    kith_free(r.order);
    kith_free(rows[0]);
    kith_free(rows[1]);
    kith_free(t.counts);
    return status;
}
