#include "family/doors.h"

#include "base/alloc.h"

#include <stdlib.h>

kith_status
kith_doors_add(kith_doors *d, const kith_person_row *row, kith_error *err)
{
    kith_status status = KITH_OK;
    if (row->door == 0 || row->address == row->door)
        return KITH_OK;
    KITH_TRY(KITH_GROW(&d->rows, &d->cap, d->n + 1, err));
    KITH_TRY(KITH_GROW(&d->properties, &d->properties_cap, d->n + 1, err));
    d->rows[d->n] = (kith_keyed){row->door, (uint32_t)d->n, 0};
    d->properties[d->n++] = row->address;
done:
    return status;
}

static int
compare_tokens(const void *a, const void *b)
{
    const uint64_t *x = a;
    const uint64_t *y = b;
    return (*x > *y) - (*x < *y);
}

/* The commonest of n tokens; sorts them. */
static uint64_t
commonest(uint64_t *tokens, size_t n)
{
    uint64_t best = tokens[0];
    size_t best_n = 0;
    qsort(tokens, n, sizeof *tokens, compare_tokens);
    for (size_t i = 0, j = 0; i < n; i = j) {
        while (j < n && tokens[j] == tokens[i])
            j++;
        if (j - i > best_n) {
            best = tokens[i];
            best_n = j - i;
        }
    }
    return best;
}

kith_status
kith_doors_settle(kith_doors *d, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_keyed *scratch = NULL;
    uint64_t *ordered = NULL;
    size_t n_doors = 0;
    KITH_TRY(KITH_ALLOC(&scratch, d->n, err));
    KITH_TRY(KITH_ALLOC(&ordered, d->n, err));
    kith_radix_sort(d->rows, scratch, d->n);
    for (size_t i = 0; i < d->n; i++)
        ordered[i] = d->properties[d->rows[i].value];
    for (size_t i = 0, j = 0; i < d->n; i = j) {
        while (j < d->n && d->rows[j].key == d->rows[i].key)
            j++;
        d->properties[n_doors] = commonest(ordered + i, j - i);
        KITH_TRY(
            kith_map64_put(&d->index, d->rows[i].key, (uint32_t)n_doors, err));
        n_doors++;
    }
    kith_free(d->rows);
    d->rows = NULL;
done:
    kith_free(scratch);
    kith_free(ordered);
    return status;
}

uint64_t
kith_doors_home(const kith_doors *d, const kith_person_row *row)
{
    uint32_t place = 0;
    if (row->address == row->door && row->door != 0 &&
        kith_map64_get(&d->index, row->door, &place))
        return d->properties[place];
    return row->address;
}

void
kith_doors_done(kith_doors *d)
{
    kith_free(d->rows);
    kith_free(d->properties);
    kith_map64_done(&d->index);
    *d = (kith_doors){0};
}
