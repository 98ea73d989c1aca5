/*
 * The whole graph at once: the attacker takes as many people as there are
 * rows, a share of them the same, encodes them as the scheme says under a key
 * of its own, and describes each row by how alike it is to all the others. A
 * row is named after the person whose description is nearest. Blocks of their
 * own salts leave nothing to describe; without a salt much is found.
 * Source: features in the manner of Vidanage et al. 2020; sizes and overlaps
 * of Schaefer & Armknecht 2024
 */
#include "attack/bits.h"
#include "attack/measures.h"

#include "base/alloc.h"
#include "base/job.h"
#include "base/radix.h"

#include <math.h>
#include <stdio.h>

enum {
    BINS = 8, /* of Dice from .55, by chance, to 1 */
    FEATURES = BINS + 1,
    FIRST = 55, /* per cent */
    LARGE = 10000,
    SMALL = 1000
};

typedef struct person {
    uint8_t filter[KITH_FILTER_MAX_BYTES];
    float features[FEATURES];
    uint32_t bits; /* set in the filter */
    uint32_t record;
    uint32_t name;
} person;

typedef struct crowd {
    person *people;
    uint32_t n;
    size_t filter_bytes;
} crowd;

/* Records in an order that says nothing, by seed. */
static kith_status
shuffle(uint32_t **out, uint32_t *n, const kith_target *t, uint64_t seed,
        kith_error *err)
{
    kith_status status = KITH_OK;
    kith_keyed *order = NULL, *scratch = NULL;
    KITH_TRY(KITH_ALLOC(out, t->n_rows + 1u, err));
    KITH_TRY(KITH_ALLOC(&order, t->n_rows + 1u, err));
    KITH_TRY(KITH_ALLOC(&scratch, t->n_rows + 1u, err));
    for (uint32_t i = 0; i < t->n_rows; i++) {
        const uint64_t who[2] = {seed, t->records[i]};
        if (t->variants[i] == 0 && kith_target_name(t, i, 0) != KITH_DICT_NONE)
            order[(*n)++] =
                (kith_keyed){.key = kith_hash64(who, sizeof who), .value = i};
    }
    kith_radix_sort(order, scratch, *n);
    for (uint32_t i = 0; i < *n; i++)
        (*out)[i] = order[i].value;
done:
    kith_free(order);
    kith_free(scratch);
    return status;
}

/* A histogram of likenesses, and the mean of them. */
static void
describe(const crowd *c, person *p)
{
    double sum = 0;
    for (uint32_t j = 0; j < c->n; j++) {
        const person *q = &c->people[j];
        if (p == q)
            continue;
        const unsigned both =
            kith_popcount_both(p->filter, q->filter, c->filter_bytes);
        const uint32_t bits = p->bits + q->bits;
        const double dice = bits == 0 ? 0 : 2.0 * both / bits;
        const int bin = ((int)(100 * dice) - FIRST) * BINS / (100 - FIRST + 1);
        sum += dice;
        if (bin >= 0)
            p->features[bin < BINS ? bin : BINS - 1]++;
    }
    for (unsigned f = 0; f < BINS; f++)
        p->features[f] = log1pf(p->features[f]);
    p->features[BINS] = (float)(sum / c->n);
}

static kith_status
describe_chunk(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    const crowd *c = ctx;
    (void)worker;
    (void)err;
    describe(c, &c->people[chunk]);
    return KITH_OK;
}

/* Each feature to mean 0 and deviation 1. */
static void
standardise(const crowd *c)
{
    for (unsigned f = 0; f < FEATURES; f++) {
        double sum = 0, squares = 0;
        for (uint32_t i = 0; i < c->n; i++) {
            const double x = (double)c->people[i].features[f];
            sum += x;
            squares += x * x;
        }
        const double mean = sum / c->n;
        const double spread = sqrt(squares / c->n - mean * mean + 1e-12);
        for (uint32_t i = 0; i < c->n; i++)
            c->people[i].features[f] =
                (float)(((double)c->people[i].features[f] - mean) / spread);
    }
}

typedef struct search {
    const crowd *target, *list;
    bool *named;
} search;

static kith_status
name_chunk(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    const search *s = ctx;
    const person *p = &s->target->people[chunk];
    const person *best = NULL;
    float least = 0;
    (void)worker;
    (void)err;
    for (uint32_t j = 0; j < s->list->n; j++) {
        const person *q = &s->list->people[j];
        float distance = 0;
        for (unsigned f = 0; f < FEATURES; f++) {
            const float d = p->features[f] - q->features[f];
            distance += d * d;
        }
        if (best == NULL || distance < least) {
            best = q;
            least = distance;
        }
    }
    s->named[chunk] = best != NULL && best->name == p->name;
    return KITH_OK;
}

/* One crowd of rows [from, from + n) of the order, the first @p shared of them
 * out of the first ones. */
static kith_status
gather(crowd *c, const kith_target *t, kith_encode_worker *w,
       const uint32_t *order, uint32_t n, uint32_t shared, kith_error *err)
{
    kith_status status = KITH_OK;
    uint8_t *row = NULL;
    bool there = false;
    c->filter_bytes = t->layout->filter_bytes;
    KITH_TRY(KITH_ALLOC(&c->people, n + 1u, err));
    KITH_TRY(KITH_ALLOC(&row, t->row_bytes, err));
    for (c->n = 0; c->n < n; c->n++) {
        const uint32_t i = order[c->n < shared ? c->n : n + c->n - shared];
        person *p = &c->people[c->n];
        p->record = t->records[i];
        p->name = kith_target_name(t, i, 0);
        const uint8_t *from = kith_target_at(t, i);
        if (w != NULL) {
            KITH_TRY(
                kith_target_row(w, &t->params, p->record, 0, row, &there, err));
            from = row;
        }
        memcpy(p->filter, from + t->slots[0].offset, c->filter_bytes);
        p->bits = kith_popcount(p->filter, c->filter_bytes);
    }
done:
    kith_free(row);
    return status;
}

typedef struct overlap {
    const kith_subject *subject;
    const kith_target *t;
    kith_encode_worker *stranger;
    const uint32_t *order;
    uint32_t n_order;
    kith_job *job;
} overlap;

static kith_status
try_share(const overlap *o, const crowd *target, double share, kith_error *err)
{
    kith_status status = KITH_OK;
    crowd list = {0};
    char name[48];
    uint32_t right = 0;
    search s = {target, &list, NULL};
    const uint32_t n = target->n;
    KITH_TRY(gather(&list, o->t, o->stranger, o->order, n,
                    (uint32_t)(share * n), err));
    KITH_TRY(kith_for(kith_job_pool(o->job), n, describe_chunk, &list, err));
    standardise(&list);
    KITH_TRY(KITH_ALLOC(&s.named, n + 1u, err));
    KITH_TRY(kith_for(kith_job_pool(o->job), n, name_chunk, &s, err));
    for (uint32_t i = 0; i < n; i++)
        right += s.named[i];
    snprintf(name, sizeof name, "graph match, %u rows, overlap %g", n, share);
    KITH_TRY(kith_report_add(o->subject, name, 1.0 * right / n,
                             kith_gate_none(), err,
                             "of names right; nearest description"));
done:
    kith_free(list.people);
    kith_free(s.named);
    return status;
}

/* Half of the rows are kept for lists without overlap. */
static kith_status
try_size(const overlap *o, uint32_t n, kith_error *err)
{
    static const double shares[] = {1, .5, .25, .1};
    kith_status status = KITH_OK;
    crowd target = {0};
    if (2 * n > o->n_order)
        return KITH_OK;
    KITH_TRY(gather(&target, o->t, NULL, o->order, n, n, err));
    KITH_TRY(kith_for(kith_job_pool(o->job), n, describe_chunk, &target, err));
    standardise(&target);
    for (unsigned i = 0; i < sizeof shares / sizeof *shares; i++)
        KITH_TRY(try_share(o, &target, shares[i], err));
done:
    kith_free(target.people);
    return status;
}

kith_status
kith_measure_overlap(const kith_subject *s, const kith_target *t,
                     const kith_encoder *stranger, uint64_t seed, kith_job *job,
                     kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t *order = NULL;
    overlap o = {.subject = s, .t = t, .job = job};
    if (t->n_slots == 0)
        return KITH_OK;
    KITH_TRY(shuffle(&order, &o.n_order, t, seed, err));
    o.order = order;
    KITH_TRY(kith_encode_worker_new(&o.stranger, stranger, err));
    KITH_TRY(try_size(&o, SMALL, err));
    KITH_TRY(try_size(&o, LARGE, err));
done:
    kith_encode_worker_free(o.stranger);
    kith_free(order);
    return status;
}
