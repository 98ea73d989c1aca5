#include "base/alloc.h"
#include "evaluate/clerical.h"
#include "evaluate/contingency.h"
#include "evaluate/truth.h"
#include "io/out.h"
#include "match/pairs.h"

enum {
    N_WEIGHTS = 1 << 16,           /* every value of an int16_t */
    ZERO_BITS = 1 << 15,           /* index of weight 0 */
    STEP = KITH_WEIGHT_PER_BIT / 2 /* between the rows of the file */
};

typedef struct tally {
    uint64_t links, right;
} tally;

/* Record numbers of the refs to records of the truth; truth.n: not there. */
static kith_status
match_records(uint32_t **out, const kith_refs *refs, const kith_truth *truth,
              kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(KITH_ALLOC(out, refs->n_records, err));
    for (uint32_t r = 0; r < refs->n_records; r++) {
        const char *agency = refs->agencies[refs->records[r].agency].name;
        (*out)[r] = kith_truth_find(truth, kith_str_of(agency),
                                    refs->records[r].pseudonym);
    }
done:
    return status;
}

/* A pair with a record that the truth does not hold is judged neither right
 * nor wrong. */
static void
cumulate(tally *table, const kith_edges *edges, const uint32_t *rows,
         const kith_truth *truth)
{
    for (size_t i = 0; i < edges->n; i++) {
        const kith_edge *e = &edges->items[i];
        const uint32_t a = rows[e->left], b = rows[e->right];
        if (a == truth->n || b == truth->n)
            continue;
        tally *at = &table[e->weight + ZERO_BITS];
        at->links++;
        at->right += truth->person[a] == truth->person[b];
    }
    for (int w = N_WEIGHTS - 2; w >= 0; w--) {
        table[w].links += table[w + 1].links;
        table[w].right += table[w + 1].right;
    }
}

static kith_status
write_rows(kith_out *out, const tally *table, uint64_t n_true, kith_error *err)
{
    kith_status status = KITH_OK;
    uint64_t last = UINT64_MAX;
    KITH_TRY(kith_out_printf(out, err,
                             "bits,links,true_links,precision,recall,f1\n"));
    for (int w = STEP; w < N_WEIGHTS; w += STEP) {
        kith_scores s = {.n_true = n_true,
                         .n_found = table[w].links,
                         .n_both = table[w].right};
        if (s.n_found == last)
            continue;
        last = s.n_found;
        kith_scores_finish(&s);
        KITH_TRY(kith_out_printf(out, err, "%.1f,%llu,%llu,%.6f,%.6f,%.6f\n",
                                 (double)(w - ZERO_BITS) / KITH_WEIGHT_PER_BIT,
                                 (unsigned long long)s.n_found,
                                 (unsigned long long)s.n_both, s.precision,
                                 s.recall, s.f1));
    }
done:
    return status;
}

kith_status
kith_threshold_scores_write(const kith_clerical_params *params,
                            const kith_edges *edges, const kith_refs *refs,
                            kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_truth truth = {0};
    kith_agreement all = {0};
    uint32_t *rows = NULL;
    tally *table = NULL;
    kith_out *out = NULL;
    KITH_TRY(kith_truth_load(&truth, params->truth, params->lookup,
                             params->persons, job, err));
    KITH_TRY(kith_contingency(&all, truth.person, truth.found, truth.n, err));
    KITH_TRY(match_records(&rows, refs, &truth, err));
    KITH_TRY(KITH_ALLOC(&table, N_WEIGHTS, err));
    cumulate(table, edges, rows, &truth);
    KITH_TRY(kith_out_open(&out, params->scores, false, err));
    KITH_TRY(write_rows(out, table, all.pairs.n_true, err));
    kith_out *whole = out;
    out = NULL;
    KITH_TRY(kith_out_commit(whole, job, err));
done:
    kith_out_abort(out);
    kith_free(table);
    kith_free(rows);
    kith_truth_done(&truth);
    return status;
}
