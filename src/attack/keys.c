/* The same records under the right key, and under another run, key or pass:
 * equal bytes in the one case, nothing in common in the others. */
#include "attack/bits.h"
#include "attack/measures.h"

#include "base/alloc.h"
#include "base/rng.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    SAMPLE = 2000,  /* rows encoded again */
    PAIRS = 20000,  /* of filters of one name */
    NAME_PAIRS = 50 /* of each name: the commonest must not be all */
};

/* Two rows of one record and layout. */
typedef struct likeness {
    uint32_t equal_tokens; /* block token, columns, filters */
    uint32_t equal_rows;
    uint32_t rows;
    kith_phi phi;
} likeness;

static bool
both_set(const uint8_t *a, const uint8_t *b, size_t n)
{
    static const uint8_t none[KITH_FILTER_MAX_BYTES];
    return memcmp(a, none, n) != 0 && memcmp(b, none, n) != 0;
}

static void
compare(likeness *l, const kith_layout *layout, const uint8_t *a,
        const uint8_t *b)
{
    l->rows++;
    l->equal_rows += memcmp(a, b, 8) == 0 &&
                     memcmp(a + KITH_ROW_HEAD, b + KITH_ROW_HEAD,
                            layout->row_bytes - (size_t)KITH_ROW_HEAD) == 0;
    l->equal_tokens += memcmp(a, b, 8) == 0;
    for (unsigned c = 0; c < layout->n_columns; c++) {
        const kith_column *column = &layout->columns[c];
        const bool filter = column->role == KITH_COLUMN_FILTER;
        const size_t n = filter ? layout->filter_bytes : 4;
        const uint8_t *x = a + column->offset, *y = b + column->offset;
        if (column->offset == KITH_IMPLIED || !both_set(x, y, n))
            continue;
        l->equal_tokens += memcmp(x, y, n) == 0;
        if (filter)
            kith_phi_add(&l->phi, x, y, n);
    }
}

static kith_status
encode_again(likeness *out, const kith_target *t, const kith_encoder *encoder,
             kith_error *err)
{
    kith_status status = KITH_OK;
    kith_encode_worker *w = NULL;
    uint8_t *row = NULL;
    bool there = false;
    kith_rng rng = kith_rng_at(t->params.seed, 4);
    KITH_TRY(kith_encode_worker_new(&w, encoder, err));
    KITH_TRY(KITH_ALLOC(&row, t->row_bytes, err));
    for (unsigned i = 0; i < SAMPLE && t->n_rows > 0; i++) {
        const uint32_t r = (uint32_t)kith_rng_below(&rng, t->n_rows);
        KITH_TRY(kith_target_row(w, &t->params, t->records[r], t->variants[r],
                                 row, &there, err));
        compare(out, t->layout, kith_target_at(t, r), row);
    }
done:
    kith_encode_worker_free(w);
    kith_free(row);
    return status;
}

kith_status
kith_measure_keys(const kith_subject *s, const kith_target *t,
                  const kith_other *others, unsigned n_others, kith_error *err)
{
    kith_status status = KITH_OK;
    char name[48];
    likeness right = {0};
    KITH_TRY(encode_again(&right, t, t->params.encoder, err));
    if (right.rows == 0)
        return KITH_OK;
    KITH_TRY(kith_report_add(
        s, "dictionary with the right key", 1.0 * right.equal_rows / right.rows,
        (kith_gate){1, 1}, err, "of %u rows met byte for byte", right.rows));
    for (unsigned o = 0; o < n_others; o++) {
        likeness l = {0};
        KITH_TRY(encode_again(&l, t, others[o].encoder, err));
        snprintf(name, sizeof name, "dictionary, another %s", others[o].what);
        KITH_TRY(kith_report_add(s, name, l.equal_tokens, (kith_gate){0, 0},
                                 err, "equal tokens or filters in %u rows",
                                 l.rows));
        if (l.phi.pairs == 0)
            continue;
        snprintf(name, sizeof name, "bits under another %s, r", others[o].what);
        KITH_TRY(kith_report_add(s, name, kith_phi_value(&l.phi),
                                 (kith_gate){-.05, .05}, err,
                                 "%llu pairs of filters of one name",
                                 (unsigned long long)l.phi.pairs));
    }
done:
    return status;
}

typedef struct bearer {
    uint32_t row; /* the last seen */
    uint32_t pairs;
    bool seen;
} bearer;

kith_status
kith_measure_blocks(const kith_subject *s, const kith_target *t,
                    kith_error *err)
{
    kith_status status = KITH_OK;
    bearer *last = NULL;
    kith_phi phi = {0};
    uint32_t equal = 0;
    const size_t n = t->layout->filter_bytes;
    KITH_TRY(KITH_ALLOC(&last, (size_t)kith_target_names(t) + 1, err));
    for (uint32_t i = 0; t->n_slots > 0 && i < t->n_rows && phi.pairs < PAIRS;
         i++) {
        const uint32_t name = kith_target_name(t, i, 0);
        if (name == KITH_DICT_NONE || last[name].pairs >= NAME_PAIRS)
            continue;
        bearer *b = &last[name];
        if (b->seen &&
            memcmp(kith_target_at(t, b->row), kith_target_at(t, i), 8) != 0) {
            const uint8_t *x = kith_target_filter(t, b->row, 0);
            const uint8_t *y = kith_target_filter(t, i, 0);
            equal += memcmp(x, y, n) == 0;
            kith_phi_add(&phi, x, y, n);
            b->pairs++;
        }
        b->row = i;
        b->seen = true;
    }
    if (phi.pairs > 0)
        KITH_TRY(kith_report_add(s, "bits of a name in two blocks, r",
                                 kith_phi_value(&phi), (kith_gate){-.05, .05},
                                 err, "%llu pairs of filters, %u equal",
                                 (unsigned long long)phi.pairs, equal));
done:
    kith_free(last);
    return status;
}

/* A record's row in another pass: by record, its first variant. */
static kith_status
rows_of_records(uint32_t **out, const kith_target *t, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint32_t n = t->params.people->n;
    KITH_TRY(KITH_ALLOC(out, (size_t)n + 1, err));
    for (uint32_t r = 0; r < n; r++)
        (*out)[r] = KITH_DICT_NONE;
    for (uint32_t i = 0; i < t->n_rows; i++)
        if (t->variants[i] == 0)
            (*out)[t->records[i]] = i;
done:
    return status;
}

kith_status
kith_measure_passes(const kith_subject *s, const kith_target *a,
                    const kith_target *b, kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t *other = NULL;
    kith_phi phi = {0};
    uint32_t equal = 0;
    const size_t n = a->layout->filter_bytes;
    if (a->n_slots == 0 || b->n_slots == 0)
        return KITH_OK;
    KITH_TRY(rows_of_records(&other, b, err));
    for (uint32_t i = 0; i < a->n_rows && phi.pairs < PAIRS; i++) {
        const uint32_t j = other[a->records[i]];
        if (a->variants[i] != 0 || j == KITH_DICT_NONE ||
            kith_target_name(a, i, 0) == KITH_DICT_NONE ||
            kith_target_name(a, i, 0) != kith_target_name(b, j, 0))
            continue;
        const uint8_t *x = kith_target_filter(a, i, 0);
        const uint8_t *y = kith_target_filter(b, j, 0);
        equal += memcmp(x, y, n) == 0;
        kith_phi_add(&phi, x, y, n);
    }
    if (phi.pairs > 0)
        KITH_TRY(kith_report_add(s, "bits of a name in two passes, r",
                                 kith_phi_value(&phi), (kith_gate){-.05, .05},
                                 err, "%llu pairs of filters, %u equal",
                                 (unsigned long long)phi.pairs, equal));
done:
    kith_free(other);
    return status;
}
