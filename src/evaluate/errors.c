#include "evaluate/errors.h"

#include "base/alloc.h"
#include "base/radix.h"

enum { CLEAN = KITH_TRUTH_ERRORS, SLOTS = KITH_TRUTH_ERRORS + 1 };

/* Records of a group: all, and by kind; the last slot counts any error. */
typedef struct group {
    uint64_t n;
    uint64_t with[SLOTS];
} group;

static void
count(group *g, uint32_t errors)
{
    g->n++;
    g->with[CLEAN] += errors != 0;
    for (uint32_t k = 0; errors != 0; k++, errors >>= 1)
        g->with[k] += errors & 1u;
}

static uint64_t
pairs(uint64_t n)
{
    return n * (n - 1) / 2;
}

/* Adds the group's pairs that have each kind; for CLEAN, those that have no
 * error at all. Empties the group. */
static void
close_group(group *g, uint64_t sums[SLOTS])
{
    for (uint32_t k = 0; k < CLEAN && g->n > 1; k++)
        if (g->with[k] > 0)
            sums[k] += pairs(g->n) - pairs(g->n - g->with[k]);
    if (g->n > g->with[CLEAN])
        sums[CLEAN] += pairs(g->n - g->with[CLEAN]);
    *g = (group){0};
}

static kith_error_pairs
finish(uint64_t n_true, uint64_t n_both)
{
    return (kith_error_pairs){n_true, n_both,
                              n_true > 0 ? (double)n_both / (double)n_true : 1};
}

kith_status
kith_errors_score(kith_error_pairs kinds[KITH_TRUTH_ERRORS],
                  kith_error_pairs *clean, const kith_truth *truth,
                  kith_error *err)
{
    kith_status status = KITH_OK;
    kith_keyed *cells = NULL, *scratch = NULL;
    group person = {0}, cell = {0};
    uint64_t n_true[SLOTS] = {0}, n_both[SLOTS] = {0};
    KITH_TRY(KITH_ALLOC(&cells, truth->n, err));
    KITH_TRY(KITH_ALLOC(&scratch, truth->n, err));
    for (uint32_t i = 0; i < truth->n; i++)
        cells[i] = (kith_keyed){
            (uint64_t)truth->person[i] << 32 | truth->found[i], i, 0};
    kith_radix_sort(cells, scratch, truth->n);
    for (uint32_t i = 0; i < truth->n; i++) {
        if (i > 0 && cells[i].key != cells[i - 1].key)
            close_group(&cell, n_both);
        if (i > 0 && cells[i].key >> 32 != cells[i - 1].key >> 32)
            close_group(&person, n_true);
        count(&cell, truth->errors[cells[i].value]);
        count(&person, truth->errors[cells[i].value]);
    }
    close_group(&cell, n_both);
    close_group(&person, n_true);
    for (uint32_t k = 0; k < KITH_TRUTH_ERRORS; k++)
        kinds[k] = finish(n_true[k], n_both[k]);
    *clean = finish(n_true[CLEAN], n_both[CLEAN]);
done:
    kith_free(cells);
    kith_free(scratch);
    return status;
}
