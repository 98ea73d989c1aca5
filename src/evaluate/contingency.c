#include "evaluate/contingency.h"

#include "base/alloc.h"
#include "base/radix.h"

static uint64_t
pairs_of(uint64_t n)
{
    return n * (n - (n > 0)) / 2;
}

void
kith_scores_finish(kith_scores *s)
{
    s->precision = s->n_found == 0 ? 1 : (double)s->n_both / (double)s->n_found;
    s->recall = s->n_true == 0 ? 1 : (double)s->n_both / (double)s->n_true;
    const double sum = (double)s->n_true + (double)s->n_found;
    s->f1 = sum > 0 ? 2 * (double)s->n_both / sum : 1;
}

/* Sizes of the groups with each label, and how many there are. */
static kith_status
count_labels(uint32_t **sizes, uint64_t *n_groups, uint64_t *n_pairs,
             const uint32_t *labels, size_t n, kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t most = 0;
    for (size_t i = 0; i < n; i++)
        most = labels[i] > most ? labels[i] : most;
    KITH_TRY(KITH_ALLOC(sizes, (size_t)most + 1, err));
    for (size_t i = 0; i < n; i++)
        (*sizes)[labels[i]]++;
    *n_groups = *n_pairs = 0;
    for (size_t l = 0; l <= most; l++) {
        *n_groups += (*sizes)[l] > 0;
        *n_pairs += pairs_of((*sizes)[l]);
    }
done:
    return status;
}

kith_status
kith_contingency(kith_agreement *out, const uint32_t *truth,
                 const uint32_t *found, size_t n, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_agreement a = {0};
    uint32_t *true_sizes = NULL, *found_sizes = NULL;
    kith_keyed *cells = NULL, *scratch = NULL;
    double precision = 0, recall = 0;
    KITH_TRY(count_labels(&true_sizes, &a.n_true_groups, &a.pairs.n_true, truth,
                          n, err));
    KITH_TRY(count_labels(&found_sizes, &a.n_found_groups, &a.pairs.n_found,
                          found, n, err));
    KITH_TRY(KITH_ALLOC(&cells, n, err));
    KITH_TRY(KITH_ALLOC(&scratch, n, err));
    for (size_t i = 0; i < n; i++)
        cells[i].key = (uint64_t)truth[i] << 32 | found[i];
    kith_radix_sort(cells, scratch, n);
    for (size_t i = 0, j = 0; i < n; i = j) {
        while (j < n && cells[j].key == cells[i].key)
            j++;
        const double both = (double)(j - i);
        a.pairs.n_both += pairs_of(j - i);
        precision += both * both / found_sizes[(uint32_t)cells[i].key];
        recall += both * both / true_sizes[cells[i].key >> 32];
    }
    kith_scores_finish(&a.pairs);
    a.bcubed_precision = n > 0 ? precision / (double)n : 1;
    a.bcubed_recall = n > 0 ? recall / (double)n : 1;
    a.bcubed_f1 = 2 * a.bcubed_precision * a.bcubed_recall /
                  (a.bcubed_precision + a.bcubed_recall);
    *out = a;
done:
    kith_free(true_sizes);
    kith_free(found_sizes);
    kith_free(cells);
    kith_free(scratch);
    return status;
}
