#include "cluster/results.h"

#include "base/alloc.h"
#include "base/radix.h"
#include "cluster/lines.h"
#include "cluster/persons.h"
#include "cluster/ties.h"
#include "io/out.h"
#include "match/pairs.h"

#include <string.h>

/* Worth a person's look: a link within this of the threshold, or fewer than
 * half of the pairs of a cluster linked themselves. */
#define BORDERLINE_BITS 2
#define SPARSE_DENSITY  0.5

/* Why a person is on the review list. */
enum {
    REVIEW_WEAK = 1,
    REVIEW_SPARSE = 2,
    REVIEW_REFUSED = 4,
    REVIEW_TOO_LARGE = 8
};

typedef struct writer {
    const kith_results *r;
    kith_job *job;
    uint32_t *members; /* records, by cluster, ascending */
    uint32_t *begins;  /* n + 1: of each cluster in members */
    uint32_t *order;   /* clusters by id */
    uint32_t *n_links; /* of each cluster, at or above the threshold */
    uint8_t *review;   /* of each cluster */
    kith_out *out;
    kith_buffer lines;
} writer;

static kith_status
open_file(writer *w, const char *name, const char *header, kith_error *err)
{
    kith_status status = KITH_OK;
    char *path = NULL;
    KITH_TRY(kith_path_join(&path, w->r->folder, name, err));
    KITH_TRY(kith_out_open(&w->out, path, false, err));
    KITH_TRY(kith_out_printf(w->out, err, "%s\n", header));
done:
    kith_free(path);
    return status;
}

static kith_status
close_file(writer *w, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(kith_lines_flush(&w->lines, w->out, err));
    kith_out *whole = w->out;
    w->out = NULL;
    KITH_TRY(kith_out_commit(whole, w->job, err));
done:
    return status;
}

static kith_status
index_members(writer *w, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_clusters *c = w->r->clusters;
    kith_keyed *keyed = NULL, *scratch = NULL;
    KITH_TRY(KITH_ALLOC(&w->members, c->n_records, err));
    KITH_TRY(KITH_ALLOC(&w->begins, (size_t)c->n + 1, err));
    KITH_TRY(KITH_ALLOC(&w->order, c->n, err));
    KITH_TRY(KITH_ALLOC(&keyed, c->n, err));
    KITH_TRY(KITH_ALLOC(&scratch, c->n, err));
    for (uint32_t r = 0; r < c->n_records; r++)
        w->begins[c->cluster_of[r] + 1]++;
    for (uint32_t k = 0; k < c->n; k++)
        w->begins[k + 1] += w->begins[k];
    for (uint32_t r = 0; r < c->n_records; r++)
        w->members[w->begins[c->cluster_of[r]]++] = r;
    for (uint32_t k = c->n; k > 0; k--)
        w->begins[k] = w->begins[k - 1];
    if (c->n > 0)
        w->begins[0] = 0;
    for (uint32_t k = 0; k < c->n; k++)
        keyed[k] = (kith_keyed){w->r->ids[k], k, 0};
    kith_radix_sort(keyed, scratch, c->n);
    for (uint32_t k = 0; k < c->n; k++)
        w->order[k] = keyed[k].value;
done:
    kith_free(keyed);
    kith_free(scratch);
    return status;
}

static kith_status
write_persons(writer *w, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_results *r = w->r;
    kith_ties ties = {0};
    KITH_TRY(open_file(w, "persons.csv", "person,agency,record,bits", err));
    for (uint32_t k = 0; k < r->clusters->n; k++) {
        const uint32_t c = w->order[k];
        const uint32_t first = w->begins[c];
        KITH_TRY(kith_ties_find(&ties, r->edges, w->members + first,
                                w->begins[c + 1] - first, r->threshold, err));
        char text[KITH_PERSON_TEXT + 1];
        kith_person_text(text, r->ids[c]);
        text[KITH_PERSON_TEXT] = ',';
        for (uint32_t i = first; i < w->begins[c + 1]; i++) {
            KITH_TRY(kith_buffer_add(&w->lines, text, sizeof text, err));
            KITH_TRY(kith_line_record(&w->lines, r->refs, w->members[i], err));
            if (ties.weight[i - first] == INT16_MAX)
                KITH_TRY(kith_buffer_add(&w->lines, ",", 1, err));
            else
                KITH_TRY(
                    kith_line_bits(&w->lines, ties.weight[i - first], err));
            KITH_TRY(kith_line_end(&w->lines, w->out, err));
        }
    }
    KITH_TRY(close_file(w, err));
done:
    kith_ties_done(&ties);
    return status;
}

static kith_status
write_links(writer *w, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_results *r = w->r;
    const uint32_t *cluster_of = r->clusters->cluster_of;
    uint64_t n = 0;
    KITH_TRY(open_file(w, "links.csv", KITH_EDGE_COLUMNS, err));
    for (size_t i = 0; i < r->edges->n; i++) {
        const kith_edge *e = &r->edges->items[i];
        if (cluster_of[e->left] != cluster_of[e->right] ||
            (e->weight < r->threshold &&
             !kith_edge_decided(e, r->spec, KITH_ACCEPT)))
            continue;
        w->n_links[cluster_of[e->left]]++;
        n++;
        KITH_TRY(kith_line_edge(&w->lines, r->refs, r->spec, e, err));
        KITH_TRY(kith_line_end(&w->lines, w->out, err));
    }
    KITH_TRY(close_file(w, err));
    kith_job_count(w->job, "", "links", n);
done:
    return status;
}

static kith_status
write_refused(writer *w, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_results *r = w->r;
    const uint32_t *cluster_of = r->clusters->cluster_of;
    uint64_t n[KITH_REFUSED_N] = {0};
    KITH_TRY(open_file(w, "refused.csv",
                       KITH_EDGE_COLUMNS ",reason,left_size,right_size", err));
    for (size_t i = 0; i < r->clusters->n_refusals; i++) {
        const kith_refusal *f = &r->clusters->refusals[i];
        const kith_edge *e = &r->edges->items[f->edge];
        const uint8_t flag = f->reason == KITH_REFUSED_TOO_LARGE
                                 ? REVIEW_TOO_LARGE
                                 : REVIEW_REFUSED;
        w->review[cluster_of[e->left]] |= flag;
        w->review[cluster_of[e->right]] |= flag;
        n[f->reason]++;
        KITH_TRY(kith_line_edge(&w->lines, r->refs, r->spec, e, err));
        KITH_TRY(kith_buffer_printf(&w->lines, err, ",%s,%u,%u",
                                    kith_refusal_name(f->reason), f->left_size,
                                    f->right_size));
        KITH_TRY(kith_line_end(&w->lines, w->out, err));
    }
    KITH_TRY(close_file(w, err));
    for (int i = 0; i < KITH_REFUSED_N; i++)
        kith_job_count(w->job, "refused",
                       kith_refusal_name((kith_refusal_reason)i), n[i]);
done:
    return status;
}

static double
density_of(const writer *w, uint32_t cluster)
{
    const double size = w->begins[cluster + 1] - w->begins[cluster];
    return size < 2 ? 1 : w->n_links[cluster] / (size * (size - 1) / 2);
}

static kith_status
write_review_row(writer *w, uint32_t cluster, kith_error *err)
{
    static const char *const names[] = {"weak_link", "sparse", "refused_union",
                                        "too_large"};
    kith_status status = KITH_OK;
    char text[KITH_PERSON_TEXT];
    const int16_t weakest = w->r->clusters->weakest[cluster];
    kith_person_text(text, w->r->ids[cluster]);
    KITH_TRY(kith_buffer_add(&w->lines, text, sizeof text, err));
    KITH_TRY(kith_buffer_printf(&w->lines, err, ",%u,%u,%.3f",
                                w->begins[cluster + 1] - w->begins[cluster],
                                w->n_links[cluster], density_of(w, cluster)));
    if (weakest == INT16_MAX)
        KITH_TRY(kith_buffer_add(&w->lines, ",", 1, err));
    else
        KITH_TRY(kith_line_bits(&w->lines, weakest, err));
    const char *before = ",";
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        if ((w->review[cluster] >> i & 1) == 0)
            continue;
        KITH_TRY(kith_buffer_printf(&w->lines, err, "%s%s", before, names[i]));
        before = ";";
    }
    KITH_TRY(kith_line_end(&w->lines, w->out, err));
done:
    return status;
}

/* After links and refusals, whose figures it uses. */
static kith_status
write_review(writer *w, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_clusters *c = w->r->clusters;
    const int32_t border =
        w->r->threshold + BORDERLINE_BITS * KITH_WEIGHT_PER_BIT;
    uint64_t n = 0;
    KITH_TRY(open_file(w, "review.csv",
                       "person,size,links,density,weakest_bits,reasons", err));
    for (uint32_t i = 0; i < c->n; i++) {
        const uint32_t k = w->order[i];
        if (c->weakest[k] < border)
            w->review[k] |= REVIEW_WEAK;
        if (density_of(w, k) < SPARSE_DENSITY)
            w->review[k] |= REVIEW_SPARSE;
        if (w->review[k] == 0)
            continue;
        n++;
        KITH_TRY(write_review_row(w, k, err));
    }
    KITH_TRY(close_file(w, err));
    kith_job_count(w->job, "", "persons_to_review", n);
done:
    return status;
}

static void
count_sizes(const writer *w)
{
    static const struct {
        uint32_t most;
        const char *name;
    } classes[] = {{1, "persons_of_1_record"},
                   {2, "persons_of_2_records"},
                   {5, "persons_of_3_to_5_records"},
                   {10, "persons_of_6_to_10_records"},
                   {20, "persons_of_11_to_20_records"},
                   {UINT32_MAX, "persons_of_over_20_records"}};
    enum { N_CLASSES = sizeof classes / sizeof *classes };
    uint64_t n[N_CLASSES] = {0};
    for (uint32_t c = 0; c < w->r->clusters->n; c++) {
        const uint32_t size = w->begins[c + 1] - w->begins[c];
        size_t k = 0;
        while (size > classes[k].most)
            k++;
        n[k]++;
    }
    for (size_t k = 0; k < N_CLASSES; k++)
        kith_job_count(w->job, "sizes", classes[k].name, n[k]);
    kith_job_count(w->job, "", "records", w->r->clusters->n_records);
    kith_job_count(w->job, "", "persons", w->r->clusters->n);
}

kith_status
kith_results_write(const kith_results *r, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    writer w = {.r = r, .job = job};
    KITH_TRY(KITH_ALLOC(&w.n_links, r->clusters->n, err));
    KITH_TRY(KITH_ALLOC(&w.review, r->clusters->n, err));
    KITH_TRY(index_members(&w, err));
    KITH_TRY(write_persons(&w, err));
    KITH_TRY(write_links(&w, err));
    KITH_TRY(write_refused(&w, err));
    KITH_TRY(write_review(&w, err));
    count_sizes(&w);
done:
    kith_out_abort(w.out);
    kith_buffer_done(&w.lines);
    kith_free(w.members);
    kith_free(w.begins);
    kith_free(w.order);
    kith_free(w.n_links);
    kith_free(w.review);
    return status;
}
