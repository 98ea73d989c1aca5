/* Benefit units, tenancies and cases: which are believed, and whose. */
#include "family/members.h"

#include "base/alloc.h"
#include "base/radix.h"

#include <stdlib.h>
#include <string.h>

/* Larger agency units are caseloads or blocks of flats: they say nothing of
 * who lives or belongs together. */
enum { MAX_UNIT = 20, CHILD_UNTIL = 16 };

static int
by_value(const void *a, const void *b)
{
    const kith_keyed *x = a;
    const kith_keyed *y = b;
    return (x->value > y->value) - (x->value < y->value);
}

/* Of several records of a person in one unit the first; what is left. */
static size_t
drop_repeated(kith_keyed *unit, size_t n)
{
    size_t kept = 0;
    qsort(unit, n, sizeof *unit, by_value);
    for (size_t i = 0; i < n; i++) {
        if (kept == 0 || unit[kept - 1].value != unit[i].value)
            unit[kept++] = unit[i];
    }
    return kept;
}

static kith_status
reject_unit(const kith_members *m, const kith_keyed *unit, size_t n,
            kith_family_rejects *rejects, kith_error *err)
{
    kith_crowd crowd = {.id = UINT64_MAX,
                        .n_people = (uint32_t)n,
                        .source = "unit",
                        .reason = "unit_too_large"};
    for (size_t i = 0; i < n; i++) {
        const int16_t age = m->people[unit[i].value].age;
        const uint64_t id = m->list.ids[unit[i].value];
        crowd.n_children += age >= 0 && age < CHILD_UNTIL;
        crowd.id = id < crowd.id ? id : crowd.id;
    }
    return kith_family_reject(rejects, crowd, err);
}

/* Drops those of @p rows, sorted by unit, that are too large. */
static kith_status
drop_large_units(const kith_members *m, kith_keyed *rows, size_t *n,
                 kith_family_rejects *rejects, kith_error *err)
{
    kith_status status = KITH_OK;
    size_t kept = 0;
    for (size_t i = 0, j = 0; i < *n; i = j) {
        while (j < *n && rows[j].key == rows[i].key)
            j++;
        size_t size = j - i;
        if (size > MAX_UNIT)
            size = drop_repeated(rows + i, size);
        if (size > MAX_UNIT) {
            KITH_TRY(reject_unit(m, rows + i, size, rejects, err));
            continue;
        }
        memmove(rows + kept, rows + i, size * sizeof *rows);
        kept += size;
    }
    *n = kept;
done:
    return status;
}

/* By unit, then dealt out by person in that order. */
kith_status
kith_members_order_units(kith_members *m, kith_family_rejects *rejects,
                         kith_error *err)
{
    kith_status status = KITH_OK;
    const uint32_t n = m->list.n_persons;
    kith_keyed *rows = NULL, *scratch = NULL;
    KITH_TRY(KITH_ALLOC(&rows, m->n_units, err));
    KITH_TRY(KITH_ALLOC(&scratch, m->n_units, err));
    KITH_TRY(KITH_ALLOC(&m->unit_begins, (size_t)n + 2, err));
    for (size_t i = 0; i < m->n_units; i++)
        rows[i] = (kith_keyed){m->units[i].unit, m->units[i].person, 0};
    kith_radix_sort(rows, scratch, m->n_units);
    KITH_TRY(drop_large_units(m, rows, &m->n_units, rejects, err));
    for (size_t i = 0; i < m->n_units; i++)
        m->unit_begins[rows[i].value + 2]++;
    for (uint32_t p = 0; p < n; p++)
        m->unit_begins[p + 2] += m->unit_begins[p + 1];
    /* One further than they are, until each has moved by its own units. */
    for (size_t i = 0; i < m->n_units; i++)
        m->units[m->unit_begins[rows[i].value + 1]++] =
            (kith_unit_row){rows[i].key, rows[i].value};
done:
    kith_free(rows);
    kith_free(scratch);
    return status;
}
