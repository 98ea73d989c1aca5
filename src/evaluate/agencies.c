#include "evaluate/agencies.h"

#include "base/alloc.h"
#include "base/radix.h"
#include "evaluate/contingency.h"

/* Records of the group being counted, by agency. */
typedef struct tally {
    uint64_t *n;    /* n_agencies; zero between groups */
    uint32_t *seen; /* agencies of the group */
    uint32_t n_seen;
} tally;

typedef enum side { TRUE_SIDE, FOUND_SIDE, BOTH_SIDE } side;

static uint64_t *
count_of(kith_scores *s, side which)
{
    return which == TRUE_SIDE    ? &s->n_true
           : which == FOUND_SIDE ? &s->n_found
                                 : &s->n_both;
}

static void
close_group(kith_scores *scores, uint32_t n_agencies, tally *t, side which)
{
    for (uint32_t i = 0; i < t->n_seen; i++) {
        for (uint32_t k = i; k < t->n_seen; k++) {
            const uint32_t x = t->seen[i], y = t->seen[k];
            const uint32_t a = x < y ? x : y, b = x < y ? y : x;
            const uint64_t n =
                a == b ? t->n[a] * (t->n[a] - 1) / 2 : t->n[a] * t->n[b];
            *count_of(&scores[(size_t)a * n_agencies + b], which) += n;
        }
    }
    for (uint32_t i = 0; i < t->n_seen; i++)
        t->n[t->seen[i]] = 0;
    t->n_seen = 0;
}

static void
count_groups(kith_scores *scores, const kith_truth *truth,
             const kith_keyed *rows, tally *t, side which)
{
    for (uint32_t i = 0; i < truth->n; i++) {
        if (i > 0 && rows[i].key != rows[i - 1].key)
            close_group(scores, truth->agencies.n, t, which);
        const uint32_t a = truth->agency[rows[i].value];
        if (t->n[a]++ == 0)
            t->seen[t->n_seen++] = a;
    }
    close_group(scores, truth->agencies.n, t, which);
}

kith_status
kith_agencies_compare(kith_scores **scores, const kith_truth *truth,
                      kith_error *err)
{
    kith_status status = KITH_OK;
    const uint32_t n = truth->agencies.n;
    kith_scores *s = NULL;
    kith_keyed *rows = NULL, *scratch = NULL;
    tally t = {0};
    KITH_TRY(KITH_ALLOC(&s, (size_t)n * n, err));
    KITH_TRY(KITH_ALLOC(&rows, truth->n, err));
    KITH_TRY(KITH_ALLOC(&scratch, truth->n, err));
    KITH_TRY(KITH_ALLOC(&t.n, n, err));
    KITH_TRY(KITH_ALLOC(&t.seen, n, err));
    for (side which = TRUE_SIDE; which <= BOTH_SIDE; which++) {
        for (uint32_t i = 0; i < truth->n; i++) {
            const uint64_t person = truth->person[i], found = truth->found[i];
            const uint64_t key = which == TRUE_SIDE    ? person
                                 : which == FOUND_SIDE ? found
                                                       : person << 32 | found;
            rows[i] = (kith_keyed){key, i, 0};
        }
        kith_radix_sort(rows, scratch, truth->n);
        count_groups(s, truth, rows, &t, which);
    }
    for (size_t i = 0; i < (size_t)n * n; i++)
        kith_scores_finish(&s[i]);
    *scores = s;
    s = NULL;
done:
    kith_free(s);
    kith_free(rows);
    kith_free(scratch);
    kith_free(t.n);
    kith_free(t.seen);
    return status;
}
