#include <kith/blocking.h>

#include "base/alloc.h"
#include "cluster/persons.h"
#include "evaluate/cover.h"
#include "evaluate/further.h"
#include "evaluate/missed.h"
#include "evaluate/suggest.h"
#include "evaluate/truth.h"
#include "io/out.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Pairs by the set of passes that cover them. */
typedef struct tally {
    uint64_t *by_mask; /* 1 << n_passes */
    uint64_t pairs;
    uint64_t n_persons;
    kith_missed missed;
} tally;

typedef struct blocking {
    const kith_blocking_params *params;
    kith_job *job;
    kith_refs refs;
    kith_cover cover;
    kith_out *out;
} blocking;

/* A record and the label that its group shares. */
typedef struct labelled {
    uint32_t label;
    uint32_t record;
} labelled;

static int
compare_labelled(const void *a, const void *b)
{
    const labelled *x = a;
    const labelled *y = b;
    if (x->label != y->label)
        return x->label < y->label ? -1 : 1;
    return (x->record > y->record) - (x->record < y->record);
}

static bool
may_be_one(const blocking *b, uint32_t x, uint32_t y)
{
    const uint16_t agency = b->refs.records[x].agency;
    return agency != b->refs.records[y].agency || !b->refs.agencies[agency].one;
}

/* All pairs of records with one label. */
static kith_status
tally_groups(tally *t, const blocking *b, labelled *items, size_t n,
             kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(KITH_ALLOC(&t->by_mask, (size_t)1 << b->cover.n_passes, err));
    if (n > 1)
        qsort(items, n, sizeof *items, compare_labelled);
    for (size_t i = 0; i < n; i++) {
        t->n_persons += i == 0 || items[i].label != items[i - 1].label;
        for (size_t j = i + 1; j < n && items[j].label == items[i].label; j++) {
            if (!may_be_one(b, items[i].record, items[j].record))
                continue;
            const uint32_t x = items[i].record, y = items[j].record;
            const uint32_t mask = kith_cover_mask(&b->cover, x, y);
            KITH_TRY(kith_missed_note(
                &t->missed, kith_cover_possible(&b->cover, x, y), mask, err));
            t->by_mask[mask]++;
            t->pairs++;
        }
    }
done:
    return status;
}

static kith_status
tally_linked(tally *t, const blocking *b, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_person_list list = {0};
    labelled *items = NULL;
    size_t n = 0;
    KITH_TRY(kith_person_list_load(&list, b->params->persons, b->job, err));
    KITH_TRY(KITH_ALLOC(&items, list.n_records, err));
    for (uint32_t i = 0; i < list.n_records; i++) {
        const char *name = kith_dict_at(&list.agencies, list.agency_of[i]);
        const uint32_t agency = kith_refs_agency(&b->refs, kith_str_of(name));
        const uint32_t record =
            agency == b->refs.n_agencies
                ? b->refs.n_records
                : kith_refs_find(&b->refs, agency, list.pseudonyms[i]);
        if (record == b->refs.n_records) {
            kith_error_set(err, KITH_ERR_MISMATCH,
                           "%s: a record of %s is not in the refs",
                           b->params->persons, name);
            kith_error_hint(err, "give the persons.csv of the same run");
            KITH_TRY(KITH_ERR_MISMATCH);
        }
        items[n++] = (labelled){list.person_of[i], record};
    }
    KITH_TRY(tally_groups(t, b, items, n, err));
done:
    kith_free(items);
    kith_person_list_done(&list);
    return status;
}

/* Records of the truth that were not encoded take part in no pair here. */
static kith_status
tally_truth(tally *t, const blocking *b, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_truth truth = {0};
    labelled *items = NULL;
    size_t n = 0;
    KITH_TRY(kith_truth_load(&truth, b->params->truth, b->params->lookup,
                             b->params->persons, b->job, err));
    KITH_TRY(KITH_ALLOC(&items, b->refs.n_records, err));
    for (uint32_t a = 0; a < b->refs.n_agencies; a++) {
        const kith_ref_agency *agency = &b->refs.agencies[a];
        for (uint32_t i = 0; i < agency->n; i++) {
            const uint32_t record = agency->first + i;
            const uint32_t k =
                kith_truth_find(&truth, kith_str_of(agency->name),
                                b->refs.records[record].pseudonym);
            if (k < truth.n)
                items[n++] = (labelled){truth.person[k], record};
        }
    }
    KITH_TRY(tally_groups(t, b, items, n, err));
done:
    kith_free(items);
    kith_truth_done(&truth);
    return status;
}

static kith_status
line(const blocking *b, const char *scope, const char *measure, double value,
     kith_error *err)
{
    const bool whole = value == floor(value);
    return whole ? kith_out_printf(b->out, err, "%s,%s,%.0f\n", scope, measure,
                                   value)
                 : kith_out_printf(b->out, err, "%s,%s,%.6f\n", scope, measure,
                                   value);
}

static uint64_t
covered(const tally *t, unsigned n_passes, uint32_t pass, bool only)
{
    uint64_t n = 0;
    for (uint32_t mask = 1; mask < 1u << n_passes; mask++) {
        if (only ? mask == 1u << pass : (mask >> pass & 1) != 0)
            n += t->by_mask[mask];
    }
    return n;
}

static kith_status
write_pass(const blocking *b, const tally *linked, unsigned pass,
           kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_cover_pass *p = &b->cover.passes[pass];
    const char *name = b->params->spec->passes[pass].name;
    const double found =
        (double)covered(linked, b->cover.n_passes, pass, false);
    const double only = (double)covered(linked, b->cover.n_passes, pass, true);
    double widest = 0;
    KITH_TRY(line(b, name, "rows", (double)p->rows, err));
    KITH_TRY(line(b, name, "blocks", (double)p->blocks, err));
    KITH_TRY(line(b, name, "largest_block_rows", (double)p->largest, err));
    KITH_TRY(line(b, name, "candidate_pairs", (double)p->candidates, err));
    for (unsigned i = 0; i < KITH_COVER_WIDEST; i++)
        widest += (double)p->widest[i];
    KITH_TRY(line(b, name, "candidate_pairs_in_5_widest_blocks", widest, err));
    KITH_TRY(line(b, name, "linked_pairs", found, err));
    KITH_TRY(line(b, name, "linked_pairs_only_here", only, err));
    if (linked->pairs > 0)
        KITH_TRY(line(b, name, "share_of_linked", found / (double)linked->pairs,
                      err));
    if (only > 0)
        KITH_TRY(line(b, name, "candidate_pairs_per_pair_only_here",
                      (double)p->candidates / only, err));
done:
    return status;
}

/* Pairs with as many possible passes. */
typedef struct group {
    double pairs, not_blocked;
    double estimated;   /* not blocked */
    double estimable;   /* pairs, with those not blocked */
    double no_estimate; /* pairs */
} group;

static unsigned
count_bits(uint32_t mask)
{
    unsigned n = 0;
    for (; mask != 0; mask &= mask - 1)
        n++;
    return n;
}

static void
group_pairs(group groups[KITH_MAX_PASSES + 1], const tally *t)
{
    for (size_t i = 0; i < t->missed.n; i++) {
        const kith_missed_class *c = &t->missed.classes[i];
        const double share = kith_missed_share(&t->missed, c->possible);
        const double n = (double)c->n;
        group *g = &groups[count_bits(c->possible)];
        g->pairs += n;
        if (c->covered == 0)
            g->not_blocked += n;
        if (isnan(share) || share >= 1) {
            g->no_estimate += n;
        } else if (c->covered != 0) {
            g->estimated += n * share / (1 - share);
            g->estimable += n / (1 - share);
        }
    }
}

static kith_status
write_group(const blocking *b, unsigned t, const group *linked,
            const group *truth, kith_error *err)
{
    kith_status status = KITH_OK;
    char scope[32];
    if (linked->pairs + (truth == NULL ? 0 : truth->pairs) == 0)
        return KITH_OK;
    (void)snprintf(scope, sizeof scope, "possible_%u", t);
    KITH_TRY(line(b, scope, "linked_pairs", linked->pairs, err));
    KITH_TRY(
        line(b, scope, "linked_through_others_only", linked->not_blocked, err));
    KITH_TRY(
        line(b, scope, "estimated_not_blocked", round(linked->estimated), err));
    if (truth != NULL) {
        KITH_TRY(line(b, scope, "true_pairs", truth->pairs, err));
        KITH_TRY(
            line(b, scope, "true_pairs_not_blocked", truth->not_blocked, err));
    }
done:
    return status;
}

static kith_status
write_all(const blocking *b, const tally *linked, const tally *truth,
          kith_error *err)
{
    kith_status status = KITH_OK;
    group groups[KITH_MAX_PASSES + 1] = {0}, real[KITH_MAX_PASSES + 1] = {0};
    group all = {0};
    group_pairs(groups, linked);
    if (truth != NULL)
        group_pairs(real, truth);
    for (unsigned t = 0; t <= b->cover.n_passes; t++) {
        KITH_TRY(write_group(b, t, &groups[t], truth == NULL ? NULL : &real[t],
                             err));
        all.estimated += groups[t].estimated;
        all.estimable += groups[t].estimable;
        all.no_estimate += groups[t].no_estimate;
    }
    KITH_TRY(line(b, "all", "linked_pairs", (double)linked->pairs, err));
    KITH_TRY(line(b, "all", "linked_through_others_only",
                  (double)linked->by_mask[0], err));
    KITH_TRY(line(b, "all", "no_estimate_possible", all.no_estimate, err));
    KITH_TRY(
        line(b, "all", "estimated_not_blocked", round(all.estimated), err));
    if (all.estimable > 0)
        KITH_TRY(line(b, "all", "estimated_blocking_recall",
                      1 - all.estimated / all.estimable, err));
done:
    return status;
}

static kith_status
write_truth(const blocking *b, const tally *t, kith_error *err)
{
    kith_status status = KITH_OK;
    const double pairs = (double)t->pairs;
    KITH_TRY(line(b, "all", "true_pairs", pairs, err));
    KITH_TRY(
        line(b, "all", "true_pairs_not_blocked", (double)t->by_mask[0], err));
    if (pairs > 0)
        KITH_TRY(line(b, "all", "blocking_recall",
                      1 - (double)t->by_mask[0] / pairs, err));
    for (unsigned p = 0; pairs > 0 && p < b->cover.n_passes; p++)
        KITH_TRY(line(b, b->params->spec->passes[p].name, "true_recall",
                      (double)covered(t, b->cover.n_passes, p, false) / pairs,
                      err));
done:
    return status;
}

static kith_status
write_report(const blocking *b, const tally *linked, const tally *truth,
             kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(kith_out_printf(b->out, err, "scope,measure,value\n"));
    for (unsigned i = 0; i < b->cover.n_passes; i++)
        KITH_TRY(write_pass(b, linked, i, err));
    KITH_TRY(write_all(b, linked, truth, err));
    if (truth != NULL)
        KITH_TRY(write_truth(b, truth, err));
    KITH_TRY(
        kith_further_write(b->out,
                           &(kith_further){&linked->missed, b->params->spec,
                                           linked->pairs, linked->n_persons},
                           err));
done:
    return status;
}

static kith_status
run(blocking *b, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_blocking_params *p = b->params;
    tally linked = {0}, truth = {0};
    kith_missed_init(&linked.missed, p->spec);
    KITH_TRY(kith_refs_load(&b->refs, p->refs, p->spec, b->job, err));
    KITH_TRY(kith_cover_load(&b->cover, p->spec, p->passes, p->refs, &b->refs,
                             b->job, err));
    KITH_TRY(tally_linked(&linked, b, err));
    KITH_TRY(kith_missed_fit(&linked.missed, err));
    if (p->truth != NULL)
        KITH_TRY(tally_truth(&truth, b, err));
    KITH_TRY(kith_out_open(&b->out, p->out, false, err));
    KITH_TRY(write_report(b, &linked, p->truth == NULL ? NULL : &truth, err));
    if (p->pairs != NULL)
        KITH_TRY(
            kith_suggest_write(b->out, p, &b->refs, &b->cover, b->job, err));
    kith_out *out = b->out;
    b->out = NULL;
    KITH_TRY(kith_out_commit(out, b->job, err));
done:
    kith_free(linked.by_mask);
    kith_free(truth.by_mask);
    kith_missed_done(&linked.missed);
    kith_missed_done(&truth.missed);
    return status;
}

kith_status
kith_blocking(const kith_blocking_params *params, kith_job *job,
              kith_error *err)
{
    blocking b = {.params = params, .job = job};
    kith_job_stage(job, "blocking", "", 0, "rows");
    kith_status status = run(&b, err);
    kith_job_stage_end(job);
    kith_out_abort(b.out);
    kith_cover_done(&b.cover);
    kith_refs_done(&b.refs);
    return status;
}
