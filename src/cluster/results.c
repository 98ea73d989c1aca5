#include "cluster/results.h"

#include "base/alloc.h"
#include "base/job.h"
#include "base/radix.h"
#include "cluster/components.h"
#include "cluster/lines.h"
#include "cluster/persons.h"
#include "io/out_chunks.h"
#include "match/pairs.h"

#include <stdatomic.h>
#include <string.h>

/* Worth a person's look: a link within this of the threshold, or fewer than
 * half of the pairs of a cluster linked themselves. */
#define BORDERLINE_BITS 2
#define SPARSE_DENSITY  0.5

/* Items a chunk of text: some 200 KB. */
enum {
    CLUSTERS_PER_CHUNK = 256,
    EDGES_PER_CHUNK = 2048,
    REFUSALS_PER_CHUNK = 2048
};

enum { AHEAD = 16 }; /* edges whose records are on their way into the cache */

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
    uint32_t *members;         /* records, by cluster, ascending */
    uint32_t *begins;          /* n + 1: of each cluster in members */
    uint32_t *order;           /* clusters by id */
    _Atomic uint32_t *n_links; /* of each cluster, at or above the threshold */
    uint8_t *review;           /* of each cluster */
    kith_out *out;
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
    kith_out *whole = w->out;
    w->out = NULL;
    return kith_out_commit(whole, w->job, err);
}

/* A file, chunk by chunk. */
static kith_status
write_file(writer *w, const char *name, const char *header, size_t n_chunks,
           kith_out_chunk_fn fn, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(open_file(w, name, header, err));
    KITH_TRY(
        kith_out_chunks(w->out, kith_job_pool(w->job), n_chunks, fn, w, err));
    KITH_TRY(close_file(w, err));
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
person_lines(const writer *w, uint32_t cluster, kith_buffer *text,
             kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_results *r = w->r;
    const uint32_t first = w->begins[cluster];
    const uint32_t n = w->begins[cluster + 1] - first;
    char person[KITH_PERSON_TEXT + 1];
    kith_person_text(person, r->ids[cluster]);
    person[KITH_PERSON_TEXT] = ',';
    for (uint32_t i = 0; i < n; i++) {
        __builtin_prefetch(&r->refs->records[w->members[first + i]]);
        __builtin_prefetch(&r->clusters->ties[w->members[first + i]]);
    }
    for (uint32_t i = 0; i < n; i++) {
        KITH_TRY(kith_line_begin(text, r->refs, err));
        kith_buffer_put(text, person, sizeof person);
        kith_line_record(text, r->refs, w->members[first + i]);
        const int16_t tie = r->clusters->ties[w->members[first + i]];
        if (tie == INT16_MAX)
            kith_buffer_put(text, ",", 1);
        else
            kith_line_bits(text, tie);
        kith_buffer_put(text, "\n", 1);
    }
done:
    return status;
}

static kith_status
persons_chunk(void *ctx, size_t chunk, unsigned worker, kith_buffer *text,
              kith_error *err)
{
    kith_status status = KITH_OK;
    const writer *w = ctx;
    const uint32_t first = (uint32_t)(chunk * CLUSTERS_PER_CHUNK);
    (void)worker;
    for (uint32_t k = first;
         k < first + CLUSTERS_PER_CHUNK && k < w->r->clusters->n; k++)
        KITH_TRY(person_lines(w, w->order[k], text, err));
done:
    return status;
}

/* Asks for what the line of a later edge will need of its right record. */
static void
touch_ahead(const kith_results *r, size_t i)
{
    if (i + AHEAD >= r->edges->n)
        return;
    const uint32_t right = r->edges->items[i + AHEAD].right;
    __builtin_prefetch(&r->clusters->cluster_of[right]);
    __builtin_prefetch(&r->refs->records[right]);
    __builtin_prefetch(&r->refs->records[right].agency);
}

static kith_status
links_chunk(void *ctx, size_t chunk, unsigned worker, kith_buffer *text,
            kith_error *err)
{
    kith_status status = KITH_OK;
    const writer *w = ctx;
    const kith_results *r = w->r;
    const uint32_t *cluster_of = r->clusters->cluster_of;
    const size_t first = chunk * EDGES_PER_CHUNK;
    (void)worker;
    for (size_t i = first; i < first + EDGES_PER_CHUNK && i < r->edges->n;
         i++) {
        const kith_edge *e = &r->edges->items[i];
        touch_ahead(r, i);
        if (cluster_of[e->left] != cluster_of[e->right] ||
            !kith_edge_joins(e, r->spec, r->threshold))
            continue;
        atomic_fetch_add_explicit(&w->n_links[cluster_of[e->left]], 1,
                                  memory_order_relaxed);
        KITH_TRY(kith_line_begin(text, r->refs, err));
        kith_line_edge(text, r->refs, r->spec, e);
        kith_buffer_put(text, "\n", 1);
    }
    kith_edges_rest(r->edges, first, first + EDGES_PER_CHUNK);
done:
    return status;
}

static uint64_t
count_links(const writer *w)
{
    uint64_t n = 0;
    for (uint32_t c = 0; c < w->r->clusters->n; c++)
        n += w->n_links[c];
    return n;
}

static kith_status
refused_line(writer *w, const kith_refusal *f, kith_buffer *text,
             kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_results *r = w->r;
    const kith_edge *e = &r->edges->items[f->edge];
    KITH_TRY(kith_line_begin(text, r->refs, err));
    kith_line_edge(text, r->refs, r->spec, e);
    KITH_TRY(kith_buffer_printf(text, err, ",%s,%u,%u\n",
                                kith_refusal_name(f->reason), f->left_size,
                                f->right_size));
done:
    return status;
}

static kith_status
refused_chunk(void *ctx, size_t chunk, unsigned worker, kith_buffer *text,
              kith_error *err)
{
    kith_status status = KITH_OK;
    writer *w = ctx;
    const kith_clusters *c = w->r->clusters;
    const size_t first = chunk * REFUSALS_PER_CHUNK;
    (void)worker;
    for (size_t i = first; i < first + REFUSALS_PER_CHUNK && i < c->n_refusals;
         i++)
        KITH_TRY(refused_line(w, &c->refusals[i], text, err));
done:
    return status;
}

/* Both persons of a refused union are worth a look. */
static void
count_refusals(writer *w)
{
    const kith_results *r = w->r;
    const uint32_t *cluster_of = r->clusters->cluster_of;
    uint64_t n[KITH_REFUSED_N] = {0};
    for (size_t i = 0; i < r->clusters->n_refusals; i++) {
        const kith_refusal *f = &r->clusters->refusals[i];
        const kith_edge *e = &r->edges->items[f->edge];
        const uint8_t flag = f->reason == KITH_REFUSED_TOO_LARGE
                                 ? REVIEW_TOO_LARGE
                                 : REVIEW_REFUSED;
        w->review[cluster_of[e->left]] |= flag;
        w->review[cluster_of[e->right]] |= flag;
        n[f->reason]++;
    }
    for (int i = 0; i < KITH_REFUSED_N; i++)
        kith_job_count(w->job, "refused",
                       kith_refusal_name((kith_refusal_reason)i), n[i]);
}

static double
density_of(const writer *w, uint32_t cluster)
{
    const double size = w->begins[cluster + 1] - w->begins[cluster];
    return size < 2 ? 1 : w->n_links[cluster] / (size * (size - 1) / 2);
}

static kith_status
review_line(const writer *w, uint32_t cluster, kith_buffer *text,
            kith_error *err)
{
    static const char *const names[] = {"weak_link", "sparse", "refused_union",
                                        "too_large"};
    kith_status status = KITH_OK;
    char person[KITH_PERSON_TEXT];
    const int16_t weakest = w->r->clusters->weakest[cluster];
    kith_person_text(person, w->r->ids[cluster]);
    KITH_TRY(kith_line_begin(text, w->r->refs, err));
    kith_buffer_put(text, person, sizeof person);
    KITH_TRY(kith_buffer_printf(text, err, ",%u,%u,%.3f",
                                w->begins[cluster + 1] - w->begins[cluster],
                                w->n_links[cluster], density_of(w, cluster)));
    KITH_TRY(kith_line_begin(text, w->r->refs, err));
    if (weakest == INT16_MAX)
        kith_buffer_put(text, ",", 1);
    else
        kith_line_bits(text, weakest);
    char separator = ',';
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        if ((w->review[cluster] >> i & 1) == 0)
            continue;
        kith_buffer_put(text, &separator, 1);
        kith_buffer_put(text, names[i], strlen(names[i]));
        separator = ';';
    }
    kith_buffer_put(text, "\n", 1);
done:
    return status;
}

static kith_status
review_chunk(void *ctx, size_t chunk, unsigned worker, kith_buffer *text,
             kith_error *err)
{
    kith_status status = KITH_OK;
    const writer *w = ctx;
    const uint32_t first = (uint32_t)(chunk * CLUSTERS_PER_CHUNK);
    (void)worker;
    for (uint32_t k = first;
         k < first + CLUSTERS_PER_CHUNK && k < w->r->clusters->n; k++) {
        if (w->review[w->order[k]] != 0)
            KITH_TRY(review_line(w, w->order[k], text, err));
    }
done:
    return status;
}

/* After links and refusals, whose figures it uses. */
static void
mark_for_review(writer *w)
{
    const kith_clusters *c = w->r->clusters;
    const int32_t border =
        w->r->threshold + BORDERLINE_BITS * KITH_WEIGHT_PER_BIT;
    uint64_t n = 0;
    for (uint32_t k = 0; k < c->n; k++) {
        if (c->weakest[k] < border)
            w->review[k] |= REVIEW_WEAK;
        if (density_of(w, k) < SPARSE_DENSITY)
            w->review[k] |= REVIEW_SPARSE;
        n += w->review[k] != 0;
    }
    kith_job_count(w->job, "", "persons_to_review", n);
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

static size_t
chunks_of(size_t n, size_t per_chunk)
{
    return (n + per_chunk - 1) / per_chunk;
}

static kith_status
write_files(writer *w, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_clusters *c = w->r->clusters;
    const size_t n_persons = chunks_of(c->n, CLUSTERS_PER_CHUNK);
    KITH_TRY(write_file(w, "persons.csv", "person,agency,record,bits",
                        n_persons, persons_chunk, err));
    KITH_TRY(write_file(w, "links.csv", KITH_EDGE_COLUMNS,
                        chunks_of(w->r->edges->n, EDGES_PER_CHUNK), links_chunk,
                        err));
    kith_job_count(w->job, "", "links", count_links(w));
    KITH_TRY(write_file(
        w, "refused.csv", KITH_EDGE_COLUMNS ",reason,left_size,right_size",
        chunks_of(c->n_refusals, REFUSALS_PER_CHUNK), refused_chunk, err));
    count_refusals(w);
    mark_for_review(w);
    KITH_TRY(write_file(w, "review.csv",
                        "person,size,links,density,weakest_bits,reasons",
                        n_persons, review_chunk, err));
done:
    return status;
}

kith_status
kith_results_write(const kith_results *r, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    writer w = {.r = r, .job = job};
    KITH_TRY(KITH_ALLOC(&w.n_links, r->clusters->n, err));
    KITH_TRY(KITH_ALLOC(&w.review, r->clusters->n, err));
    KITH_TRY(index_members(&w, err));
    KITH_TRY(write_files(&w, err));
    count_sizes(&w);
done:
    kith_out_abort(w.out);
    kith_free(w.members);
    kith_free(w.begins);
    kith_free(w.order);
    kith_free(w.n_links);
    kith_free(w.review);
    return status;
}
