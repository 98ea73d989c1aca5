/* As encode judges it, but counted on the clear values: who lives in a block
 * is known here. */
#include "attack/bits.h"
#include "attack/measures.h"

#include "base/alloc.h"

#include <stdlib.h>

/* Names and dates tell people apart; an address may be written twice. */
static uint64_t
who_is(const kith_target *t, uint32_t row)
{
    const kith_people *p = t->params.people;
    uint32_t numbers[KITH_MAX_FIELDS] = {0};
    for (unsigned f = 0; f < p->spec->n_fields; f++) {
        const kith_field_kind kind = p->spec->fields[f].kind;
        if (kind == KITH_FIELD_NAME || kind == KITH_FIELD_DATE)
            numbers[f] = p->numbers[f][t->records[row]];
    }
    return kith_hash64(numbers, sizeof numbers);
}

static uint32_t
people_of(const kith_target *t, uint32_t block, uint64_t *who)
{
    const uint32_t from = t->begin[block], n = t->begin[block + 1] - from;
    uint32_t width = n > 0;
    for (uint32_t i = 0; i < n; i++)
        who[i] = who_is(t, from + i);
    qsort(who, n, sizeof *who, kith_by_u64);
    for (uint32_t i = 1; i < n; i++)
        width += who[i] != who[i - 1];
    return width;
}

static kith_status
count_people(double *mean, uint32_t *p99, const kith_target *t, kith_error *err)
{
    kith_status status = KITH_OK;
    uint64_t *who = NULL;
    uint64_t *rows_by_width = NULL;
    uint64_t below = 0;
    double sum = 0;
    KITH_TRY(KITH_ALLOC(&who, t->n_rows + 1u, err));
    KITH_TRY(KITH_ALLOC(&rows_by_width, t->n_rows + 1u, err));
    for (uint32_t b = 0; b < t->n_blocks; b++) {
        const uint32_t rows = t->begin[b + 1] - t->begin[b];
        const uint32_t width = people_of(t, b, who);
        rows_by_width[width] += rows;
        sum += (double)rows * width;
    }
    *mean = t->n_rows == 0 ? 0 : sum / t->n_rows;
    *p99 = 0;
    while (*p99 < t->n_rows && below * 100 < (uint64_t)t->n_rows * 99)
        below += rows_by_width[++*p99];
done:
    kith_free(who);
    kith_free(rows_by_width);
    return status;
}

kith_status
kith_width_mean(double *out, const kith_target *t, kith_error *err)
{
    uint32_t p99 = 0;
    return count_people(out, &p99, t, err);
}

kith_status
kith_measure_width(const kith_subject *s, const kith_target *t, kith_error *err)
{
    const kith_spec *spec = t->params.people->spec;
    kith_status status = KITH_OK;
    double mean = 0;
    uint32_t p99 = 0;
    KITH_TRY(count_people(&mean, &p99, t, err));
    KITH_TRY(kith_report_add(
        s, "people a block, mean", mean, kith_gate_most(spec->max_block_mean),
        err, "weighted by rows; %u rows, %u blocks", t->n_rows, t->n_blocks));
    KITH_TRY(kith_report_add(s, "people a block, 99th percentile", p99,
                             kith_gate_most(spec->max_block_p99), err,
                             "of rows"));
done:
    return status;
}
