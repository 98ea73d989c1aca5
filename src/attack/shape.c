/* What the rows show by themselves, without any list of names. */
#include "attack/bits.h"
#include "attack/measures.h"

#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_BITS = 8 * KITH_FILTER_MAX_BYTES,
    SMALL_ROWS = 3000,  /* of a small agency: a mask is rarest there */
    SMALL_AGENCIES = 10 /* cut out of this one */
};

typedef struct moments {
    double n, x, y, xx, yy, xy;
} moments;

static void
add_point(moments *m, double x, double y)
{
    m->n++;
    m->x += x;
    m->y += y;
    m->xx += x * x;
    m->yy += y * y;
    m->xy += x * y;
}

static double
correlation(const moments *m)
{
    const double a = m->n * m->xx - m->x * m->x;
    const double b = m->n * m->yy - m->y * m->y;
    return a > 0 && b > 0 ? (m->n * m->xy - m->x * m->y) / sqrt(a * b) : 0;
}

typedef struct filters {
    moments weight_length;
    uint64_t bits[MAX_BITS]; /* how often each is set */
    uint64_t n;
} filters;

static void
add_filter(filters *f, const uint8_t *filter, size_t n_bytes, size_t length)
{
    for (size_t i = 0; i < 8 * n_bytes; i++)
        f->bits[i] += (unsigned)filter[i / 8] >> (i % 8) & 1u;
    add_point(&f->weight_length, kith_popcount(filter, n_bytes),
              (double)length);
    f->n++;
}

static void
add_filters(filters *f, const kith_target *t)
{
    for (uint32_t i = 0; i < t->n_rows; i++)
        for (unsigned s = 0; s < t->n_slots; s++) {
            const uint32_t name = kith_target_name(t, i, s);
            if (name != KITH_DICT_NONE)
                add_filter(f, kith_target_filter(t, i, s),
                           t->layout->filter_bytes,
                           strlen(kith_target_text(t, name)));
        }
}

/* 0: every bit is set as often as any other. */
static double
gini(uint64_t *counts, size_t n)
{
    double sum = 0, ranked = 0;
    qsort(counts, n, sizeof *counts, kith_by_u64);
    for (size_t i = 0; i < n; i++) {
        sum += (double)counts[i];
        ranked += (double)(i + 1) * (double)counts[i];
    }
    return sum > 0 ? (2 * ranked - ((double)n + 1) * sum) / ((double)n * sum)
                   : 0;
}

/* Of one bit, on average. */
static double
entropy(const filters *f, size_t n_bits)
{
    double sum = 0;
    for (size_t i = 0; i < n_bits; i++) {
        const double p = (double)f->bits[i] / (double)f->n;
        if (p > 0 && p < 1)
            sum -= p * log2(p) + (1 - p) * log2(1 - p);
    }
    return sum / (double)n_bits;
}

static kith_status
report_filters(const kith_subject *s, filters *f, size_t n_bits,
               kith_error *err)
{
    kith_status status = KITH_OK;
    unsigned constant = 0;
    if (f->n == 0)
        return KITH_OK;
    for (size_t i = 0; i < n_bits; i++)
        constant += f->bits[i] == 0 || f->bits[i] == f->n;
    KITH_TRY(kith_report_add(
        s, "fill", f->weight_length.x / (double)(f->n * n_bits),
        (kith_gate){.45, .55}, err, "%llu filters", (unsigned long long)f->n));
    KITH_TRY(kith_report_add(
        s, "weight against name length, r", correlation(&f->weight_length),
        (kith_gate){-.05, .05}, err, "longer names must not set more bits"));
    KITH_TRY(kith_report_add(s, "constant bits", constant, kith_gate_most(0),
                             err, "of %zu", n_bits));
    KITH_TRY(kith_report_add(s, "bit frequency, Gini", gini(f->bits, n_bits),
                             kith_gate_none(), err, "0: all bits alike"));
    KITH_TRY(kith_report_add(s, "bit frequency, entropy", entropy(f, n_bits),
                             kith_gate_none(), err,
                             "mean of bits; 1: set as often as not"));
done:
    return status;
}

static uint64_t
content(const kith_target *t, uint32_t row)
{
    const uint8_t *bytes = kith_target_at(t, row);
    return kith_hash64(bytes + KITH_ROW_HEAD, t->row_bytes - KITH_ROW_HEAD) ^
           kith_hash64(bytes, 8);
}

/* Which columns of a row are null. */
static uint64_t
null_mask(const kith_target *t, uint32_t row)
{
    static const uint8_t none[KITH_FILTER_MAX_BYTES];
    const uint8_t *bytes = kith_target_at(t, row);
    uint64_t mask = 0;
    for (unsigned c = 0; c < t->layout->n_columns; c++) {
        const kith_column *column = &t->layout->columns[c];
        const size_t n =
            column->role == KITH_COLUMN_FILTER ? t->layout->filter_bytes : 4;
        if (column->offset != KITH_IMPLIED &&
            memcmp(bytes + column->offset, none, n) == 0)
            mask |= UINT64_C(1) << c;
    }
    return mask;
}

typedef struct repeats {
    uint32_t distinct; /* different values */
    uint32_t most;     /* rows of the commonest */
    uint32_t once;     /* values of one row */
} repeats;

static repeats
count_repeats(uint64_t *values, uint32_t n)
{
    repeats r = {0};
    uint32_t run = 0;
    qsort(values, n, sizeof *values, kith_by_u64);
    for (uint32_t i = 0; i < n; i++) {
        run = i > 0 && values[i] == values[i - 1] ? run + 1 : 1;
        r.distinct += run == 1;
        r.most = run > r.most ? run : r.most;
        r.once += run == 1 && (i + 1 == n || values[i + 1] != values[i]);
    }
    return r;
}

/* The extract as small agencies, each with other records: the greatest share
 * of rows in one of them whose null mask nobody else's row there has. A mask
 * is all of a row that is not salted. */
static kith_status
report_labels(const kith_subject *s, const kith_target *t, uint64_t seed,
              kith_error *err)
{
    kith_status status = KITH_OK;
    uint64_t *masks = NULL;
    double most = 0;
    uint32_t n_masks = 0, n_least = UINT32_MAX;
    const uint32_t n_people = t->params.people->n;
    const double rows_a_record = 1.0 * t->n_rows / (n_people + 1u);
    uint64_t n_agencies = (uint64_t)(n_people * rows_a_record / SMALL_ROWS);
    n_agencies = n_agencies == 0 ? 1 : n_agencies;
    KITH_TRY(KITH_ALLOC(&masks, t->n_rows + 1u, err));
    for (uint64_t a = 0; a < n_agencies && a < SMALL_AGENCIES; a++) {
        uint32_t n = 0;
        for (uint32_t i = 0; i < t->n_rows; i++) {
            const uint64_t who[2] = {seed, t->records[i]};
            if (kith_hash64(who, sizeof who) % n_agencies == a)
                masks[n++] = null_mask(t, i);
        }
        const repeats labels = count_repeats(masks, n);
        n_least = n < n_least ? n : n_least;
        if (n > 0 && 1.0 * labels.once / n >= most) {
            most = 1.0 * labels.once / n;
            n_masks = labels.distinct;
        }
    }
    KITH_TRY(kith_report_add(
        s, "rows with a null mask of their own", most, kith_gate_most(.05), err,
        "worst agency of %u rows or more; %u masks", n_least, n_masks));
done:
    kith_free(masks);
    return status;
}

static kith_status
report_rows(const kith_subject *s, const kith_target *t, kith_error *err)
{
    kith_status status = KITH_OK;
    uint64_t *values = NULL;
    KITH_TRY(KITH_ALLOC(&values, t->n_rows + 1u, err));
    for (uint32_t i = 0; i < t->n_rows; i++)
        values[i] = content(t, i);
    const repeats rows = count_repeats(values, t->n_rows);
    KITH_TRY(kith_report_add(
        s, "distinct rows", 1.0 * rows.distinct / t->n_rows,
        kith_gate_least(.9), err, "block and content, without the ref"));
    KITH_TRY(
        kith_report_add(s, "greatest multiplicity of a row", rows.most,
                        kith_gate_most(t->params.people->spec->max_cluster),
                        err, "rows with the same bytes"));
done:
    kith_free(values);
    return status;
}

kith_status
kith_measure_shape(const kith_subject *s, const kith_target *t, uint64_t seed,
                   kith_error *err)
{
    kith_status status = KITH_OK;
    filters *f = NULL;
    if (t->n_rows == 0)
        return KITH_OK;
    KITH_TRY(KITH_ALLOC(&f, 1, err));
    add_filters(f, t);
    KITH_TRY(report_filters(s, f, 8u * t->layout->filter_bytes, err));
    KITH_TRY(report_rows(s, t, err));
    KITH_TRY(report_labels(s, t, seed, err));
done:
    kith_free(f);
    return status;
}
