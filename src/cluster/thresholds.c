#include "cluster/thresholds.h"

#include "base/alloc.h"
#include "io/out.h"
#include "match/pairs.h"

#include <math.h>
#include <stdio.h>

enum {
    N_WEIGHTS = 1 << 16, /* every value of an int16_t */
    ZERO_BITS = 1 << 15, /* index of weight 0 */
    LEAST = -KITH_WEIGHT_PER_BIT,
    STEP = KITH_WEIGHT_PER_BIT / 2 /* between the rows of the file */
};

/* Expectations when linking at or above one weight. */
typedef struct outlook {
    uint64_t links;
    double good; /* expected matches among the links */
} outlook;

static double
probability(int weight)
{
    return 1 / (1 + exp2(-(double)weight / KITH_WEIGHT_PER_BIT));
}

/*
 * Cumulated from the strongest weight down, so that sums are taken in one
 * order whatever the threads did.
 */
static void
cumulate(outlook *table, const kith_edges *edges)
{
    for (size_t i = 0; i < edges->n; i++)
        table[edges->items[i].weight + ZERO_BITS].links++;
    kith_edges_rest(edges, 0, edges->n);
    outlook sum = {0};
    for (int w = N_WEIGHTS - 1; w >= 0; w--) {
        sum.good += (double)table[w].links * probability(w - ZERO_BITS);
        sum.links += table[w].links;
        table[w] = sum;
    }
}

static double
expected_f1(const outlook *at, double all_good)
{
    const double total = (double)at->links + all_good;
    return total > 0 ? 2 * at->good / total : 0;
}

static int
choose(const outlook *table, double all_good)
{
    int best = ZERO_BITS;
    double best_f1 = -1;
    for (int w = N_WEIGHTS - 1; w >= ZERO_BITS + LEAST; w--) {
        const double f1 = expected_f1(&table[w], all_good);
        /* Equal is as good where no pair lies between: prefer evens. */
        if (f1 > best_f1 || (f1 >= best_f1 && w >= ZERO_BITS)) {
            best_f1 = f1;
            best = w;
        }
    }
    return best - ZERO_BITS;
}

static kith_status
write_rows(kith_out *out, const outlook *table, double all_good,
           kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(kith_out_printf(out, err,
                             "bits,links,expected_false,expected_missed,"
                             "expected_precision,expected_recall\n"));
    uint64_t last = UINT64_MAX;
    for (int w = STEP; w < N_WEIGHTS; w += STEP) {
        const outlook *at = &table[w];
        if (at->links == last)
            continue;
        last = at->links;
        const double links = (double)at->links;
        KITH_TRY(kith_out_printf(out, err, "%.1f,%llu,%.1f,%.1f,%.5f,%.5f\n",
                                 (double)(w - ZERO_BITS) / KITH_WEIGHT_PER_BIT,
                                 (unsigned long long)at->links,
                                 links - at->good, fmax(0, all_good - at->good),
                                 links > 0 ? at->good / links : 1,
                                 all_good > 0 ? at->good / all_good : 1));
    }
done:
    return status;
}

static void
record_share(kith_job *job, const char *name, double part, double whole)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%.4f", whole > 0 ? part / whole : 1);
    kith_job_fact(job, name, text);
}

/* What the model expects of the links, to be held against the truth. */
static void
record_outlook(kith_job *job, const outlook *at, double all_good,
               int32_t threshold)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%.2f",
                   (double)threshold / KITH_WEIGHT_PER_BIT);
    kith_job_fact(job, "threshold_bits", text);
    record_share(job, "expected_link_precision", at->good, (double)at->links);
    record_share(job, "expected_link_recall", at->good, all_good);
}

kith_status
kith_thresholds_write(int32_t *chosen, const kith_edges *edges, double wanted,
                      const char *path, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_out *out = NULL;
    outlook *table = NULL;
    KITH_TRY(KITH_ALLOC(&table, N_WEIGHTS, err));
    cumulate(table, edges);
    const double all_good = table[0].good + edges->below_floor;
    KITH_TRY(kith_out_open(&out, path, false, err));
    KITH_TRY(write_rows(out, table, all_good, err));
    kith_out *whole = out;
    out = NULL;
    KITH_TRY(kith_out_commit(whole, job, err));
    *chosen = isnan(wanted) ? choose(table, all_good)
                            : (int32_t)lround(fmax(-127, fmin(127, wanted)) *
                                              KITH_WEIGHT_PER_BIT);
    record_outlook(job, &table[*chosen + ZERO_BITS], all_good, *chosen);
done:
    kith_out_abort(out);
    kith_free(table);
    return status;
}

kith_status
kith_thresholds_persons(const kith_edges *edges, const kith_clusters *clusters,
                        kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    uint64_t *inside = NULL, *across = NULL;
    double good = 0, refused = 0, pairs = 0;
    KITH_TRY(KITH_ALLOC(&inside, N_WEIGHTS, err));
    KITH_TRY(KITH_ALLOC(&across, N_WEIGHTS, err));
    for (size_t i = 0; i < edges->n; i++) {
        const kith_edge *e = &edges->items[i];
        const bool one =
            clusters->cluster_of[e->left] == clusters->cluster_of[e->right];
        (one ? inside : across)[e->weight + ZERO_BITS]++;
    }
    for (int w = N_WEIGHTS - 1; w >= 0; w--) {
        pairs += (double)inside[w];
        good += (double)inside[w] * probability(w - ZERO_BITS);
        refused += (double)across[w] * probability(w - ZERO_BITS);
    }
    record_share(job, "expected_person_precision", good, pairs);
    record_share(job, "expected_person_recall", good,
                 good + refused + edges->below_floor);
done:
    kith_free(inside);
    kith_free(across);
    return status;
}
