#include <kith/evaluate.h>

#include "base/alloc.h"
#include "evaluate/agencies.h"
#include "evaluate/cohorts.h"
#include "evaluate/contingency.h"
#include "evaluate/errors.h"
#include "evaluate/groups.h"
#include "evaluate/link_scores.h"
#include "evaluate/strata.h"
#include "evaluate/truth.h"
#include "io/out.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What is written: the evaluation, and the parts that have no public place. */
typedef struct report {
    const kith_evaluate_params *params;
    kith_evaluation *e;
    kith_truth truth;
    kith_agreement records;
    kith_agreement households, families;
    bool has_links, has_households, has_families;
    kith_scores *by_agencies;
    kith_strata strata;
    kith_cohort_scores cohorts;
    kith_error_pairs errors[KITH_TRUTH_ERRORS];
    kith_error_pairs clean;
    kith_job *job;
    kith_out *out;
} report;

static kith_status
score_links(report *r, kith_error *err)
{
    kith_status status = KITH_OK;
    if (r->params->links == NULL)
        return KITH_OK;
    KITH_TRY(kith_link_scores(&r->e->links, &r->truth, r->params->links, r->job,
                              err));
    r->e->links.n_true = r->records.pairs.n_true;
    kith_scores_finish(&r->e->links);
    r->has_links = true;
done:
    return status;
}

/* A file in the folder of another. */
static kith_status
beside(char **out, const char *path, const char *name, kith_error *err)
{
    kith_status status = KITH_OK;
    char *folder = kith_strdup(path);
    if (folder == NULL)
        return kith_error_memory(err, 1, strlen(path));
    char *slash = strrchr(folder, '/');
    if (slash != NULL)
        *slash = '\0';
    status = kith_path_join(out, slash == NULL ? "." : folder, name, err);
    kith_free(folder);
    return status;
}

/* By group of people, when the truth says who they are. */
static kith_status
score_strata(report *r, kith_error *err)
{
    kith_status status = KITH_OK;
    char *path = NULL;
    KITH_TRY(beside(&path, r->params->truth, "persons.csv", err));
    if (access(path, R_OK) == 0 && strcmp(path, r->params->persons) != 0)
        KITH_TRY(kith_strata_score(&r->strata, &r->truth, path, r->job, err));
done:
    kith_free(path);
    return status;
}

/* The kinds with the least recall, of those that are not mere chance. */
static void
find_hardest(report *r)
{
    enum { ENOUGH = 30 }; /* pairs: below, a share says little */
    kith_evaluation *e = r->e;
    for (uint32_t k = 0; k < r->truth.error_kinds.n && k < KITH_TRUTH_ERRORS;
         k++) {
        const kith_error_pairs *p = &r->errors[k];
        uint32_t at = e->n_hardest;
        while (at > 0 && e->hardest[at - 1].recall > p->recall)
            at--;
        if (p->n_true < ENOUGH || at == KITH_HARDEST)
            continue;
        if (e->n_hardest < KITH_HARDEST)
            e->n_hardest++;
        for (uint32_t i = e->n_hardest - 1; i > at; i--)
            e->hardest[i] = e->hardest[i - 1];
        e->hardest[at] =
            (kith_error_recall){.n_true = p->n_true, .recall = p->recall};
        (void)snprintf(e->hardest[at].kind, sizeof e->hardest[at].kind, "%s",
                       kith_dict_at(&r->truth.error_kinds, k));
    }
    e->clean_recall = r->clean.recall;
}

static void
list_kinds(report *r)
{
    kith_evaluation *e = r->e;
    for (uint32_t k = 0; k < r->truth.error_kinds.n && k < KITH_ERROR_KINDS;
         k++) {
        kith_error_recall *kind = &e->kinds[e->n_kinds++];
        kind->n_true = r->errors[k].n_true;
        kind->recall = r->errors[k].recall;
        (void)snprintf(kind->kind, sizeof kind->kind, "%s",
                       kith_dict_at(&r->truth.error_kinds, k));
    }
}

static kith_status
score_errors(report *r, kith_error *err)
{
    kith_status status = KITH_OK;
    if (r->truth.error_kinds.n == 0)
        return KITH_OK;
    KITH_TRY(kith_errors_score(r->errors, &r->clean, &r->truth, err));
    find_hardest(r);
    list_kinds(r);
done:
    return status;
}

/* Cohorts by name, without their tiers. */
static void
list_cohorts(report *r)
{
    kith_evaluation *e = r->e;
    for (uint32_t i = 0; i < r->cohorts.scopes.n; i++) {
        const kith_cohort_score *s = &r->cohorts.scores[i];
        const char *name = kith_dict_at(&r->cohorts.scopes, i);
        uint32_t at = e->n_cohorts;
        if (strchr(name, ':') != NULL || at == KITH_JUDGED_COHORTS)
            continue;
        for (; at > 0 && strcmp(e->cohorts[at - 1].cohort, name) > 0; at--)
            e->cohorts[at] = e->cohorts[at - 1];
        e->cohorts[at] = (kith_cohort_recall){.n_true = s->flags.n_true,
                                              .n_found = s->flags.n_found,
                                              .n_unknown = s->n_unknown,
                                              .precision = s->flags.precision,
                                              .recall = s->flags.recall};
        (void)snprintf(e->cohorts[at].cohort, sizeof e->cohorts[at].cohort,
                       "%.63s", name);
        e->n_cohorts++;
    }
}

/* Flags against the truth of cohorts, when both are there. */
static kith_status
score_cohorts(report *r, kith_error *err)
{
    kith_status status = KITH_OK;
    const char *const results = r->params->persons;
    char *paths[4] = {NULL};
    KITH_TRY(beside(&paths[0], results, "flags.csv", err));
    KITH_TRY(beside(&paths[1], results, "households.csv", err));
    KITH_TRY(beside(&paths[2], results, "families.csv", err));
    KITH_TRY(beside(&paths[3], r->params->truth, "cohorts.csv", err));
    const kith_cohort_files files = {
        paths[0], access(paths[1], R_OK) == 0 ? paths[1] : NULL,
        access(paths[2], R_OK) == 0 ? paths[2] : NULL, paths[3]};
    if (access(files.flags, R_OK) == 0 && access(files.cohorts, R_OK) == 0)
        KITH_TRY(
            kith_cohorts_score(&r->cohorts, &r->truth, &files, r->job, err));
    list_cohorts(r);
done:
    for (unsigned i = 0; i < 4; i++)
        kith_free(paths[i]);
    return status;
}

/* One kind of group: its file, its labels in the truth, where it goes. */
typedef struct grouping {
    const char *file;
    const char *column;
    const kith_dict *dict;
    const uint32_t *labels;
    kith_agreement *out;
    bool *has;
} grouping;

static kith_status
score_groups(report *r, const grouping *g, kith_error *err)
{
    kith_status status = KITH_OK;
    char *path = NULL;
    KITH_TRY(beside(&path, r->params->persons, g->file, err));
    if (g->dict->n > 0 && access(path, R_OK) == 0) {
        KITH_TRY(kith_groups_compare(g->out, &r->truth, g->labels, path,
                                     g->column, r->job, err));
        *g->has = true;
    }
done:
    kith_free(path);
    return status;
}

static kith_status
write_scores(kith_out *out, const char *metric, const char *scope,
             const kith_scores *s, kith_error *err)
{
    return kith_out_printf(
        out, err,
        "%s_true_pairs,%s,%llu\n%s_found_pairs,%s,%llu\n"
        "%s_missed_pairs,%s,%llu\n%s_false_pairs,%s,%llu\n"
        "%s_precision,%s,%.6f\n%s_recall,%s,%.6f\n%s_f1,%s,%.6f\n",
        metric, scope, (unsigned long long)s->n_true, metric, scope,
        (unsigned long long)s->n_found, metric, scope,
        (unsigned long long)(s->n_true - s->n_both), metric, scope,
        (unsigned long long)(s->n_found - s->n_both), metric, scope,
        s->precision, metric, scope, s->recall, metric, scope, s->f1);
}

static kith_status
write_bcubed(kith_out *out, const char *metric, const kith_agreement *a,
             kith_error *err)
{
    return kith_out_printf(out, err,
                           "%s_precision,all,%.6f\n%s_recall,all,%.6f\n"
                           "%s_f1,all,%.6f\n",
                           metric, a->bcubed_precision, metric,
                           a->bcubed_recall, metric, a->bcubed_f1);
}

static kith_status
write_agencies(report *r, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_dict *names = &r->truth.agencies;
    for (uint32_t a = 0; a < names->n; a++) {
        for (uint32_t b = a; b < names->n; b++) {
            const kith_scores *s = &r->by_agencies[(size_t)a * names->n + b];
            char scope[160];
            (void)snprintf(scope, sizeof scope, "%s+%s", kith_dict_at(names, a),
                           kith_dict_at(names, b));
            if (s->n_true + s->n_found > 0)
                KITH_TRY(write_scores(r->out, "closed", scope, s, err));
        }
    }
done:
    return status;
}

static kith_status
write_strata(report *r, kith_error *err)
{
    kith_status status = KITH_OK;
    for (uint32_t i = 0; i < r->strata.names.n; i++) {
        const uint32_t k = r->strata.order[i];
        const kith_stratum *s = &r->strata.items[k];
        const char *scope = kith_dict_at(&r->strata.names, k);
        KITH_TRY(kith_out_printf(
            r->out, err,
            "group_records,%s,%llu\ngroup_pair_recall,%s,%.6f\n"
            "group_bcubed_precision,%s,%.6f\ngroup_bcubed_recall,%s,%.6f\n",
            scope, (unsigned long long)s->n_records, scope,
            s->n_true > 0 ? (double)s->n_both / (double)s->n_true : 1, scope,
            s->precision, scope, s->recall));
    }
done:
    return status;
}

static kith_status
write_error(report *r, const char *kind, const kith_error_pairs *p,
            kith_error *err)
{
    return kith_out_printf(r->out, err,
                           "closed_true_pairs,error=%s,%llu\n"
                           "closed_recall,error=%s,%.6f\n",
                           kind, (unsigned long long)p->n_true, kind,
                           p->recall);
}

static kith_status
write_errors(report *r, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_dict *kinds = &r->truth.error_kinds;
    if (kinds->n == 0)
        return KITH_OK;
    KITH_TRY(write_error(r, "none", &r->clean, err));
    for (uint32_t k = 0; k < kinds->n && k < KITH_TRUTH_ERRORS; k++)
        KITH_TRY(write_error(r, kith_dict_at(kinds, k), &r->errors[k], err));
done:
    return status;
}

static kith_status
write_cohorts(report *r, kith_error *err)
{
    kith_status status = KITH_OK;
    for (uint32_t i = 0; i < r->cohorts.scopes.n; i++) {
        const kith_scores *s = &r->cohorts.scores[i].flags;
        const char *scope = kith_dict_at(&r->cohorts.scopes, i);
        KITH_TRY(
            kith_out_printf(r->out, err,
                            "flag_true,%s,%llu\nflag_found,%s,%llu\n"
                            "flag_missed_unknown,%s,%llu\n"
                            "flag_precision,%s,%.6f\nflag_recall,%s,%.6f\n",
                            scope, (unsigned long long)s->n_true, scope,
                            (unsigned long long)s->n_found, scope,
                            (unsigned long long)r->cohorts.scores[i].n_unknown,
                            scope, s->precision, scope, s->recall));
    }
done:
    return status;
}

static kith_status
write_report(report *r, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_truth *t = &r->truth;
    KITH_TRY(kith_out_open(&r->out, r->params->out, false, err));
    KITH_TRY(kith_out_printf(
        r->out, err,
        "metric,scope,value\nrecords,all,%u\nrecords_unlinked,all,%llu\n"
        "records_without_truth,all,%llu\npersons_true,all,%llu\n"
        "persons_found,all,%llu\n",
        t->n, (unsigned long long)t->n_unlinked,
        (unsigned long long)t->n_without_truth,
        (unsigned long long)r->records.n_true_groups,
        (unsigned long long)r->records.n_found_groups));
    KITH_TRY(write_scores(r->out, "closed", "all", &r->records.pairs, err));
    KITH_TRY(write_bcubed(r->out, "bcubed", &r->records, err));
    if (r->has_links)
        KITH_TRY(write_scores(r->out, "links", "all", &r->e->links, err));
    if (r->has_households)
        KITH_TRY(write_scores(r->out, "household", "all", &r->households.pairs,
                              err));
    if (r->has_families)
        KITH_TRY(
            write_scores(r->out, "family", "all", &r->families.pairs, err));
    KITH_TRY(write_errors(r, err));
    KITH_TRY(write_cohorts(r, err));
    KITH_TRY(write_strata(r, err));
    KITH_TRY(write_agencies(r, err));
    kith_out *whole = r->out;
    r->out = NULL;
    KITH_TRY(kith_out_commit(whole, r->job, err));
done:
    return status;
}

static void
fact(kith_job *job, const char *name, double value)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%.4f", value);
    kith_job_fact(job, name, text);
}

static void
record_facts(const report *r)
{
    fact(r->job, "closed_precision", r->e->closed.precision);
    fact(r->job, "closed_recall", r->e->closed.recall);
    fact(r->job, "closed_f1", r->e->closed.f1);
    fact(r->job, "bcubed_f1", r->e->bcubed_f1);
    if (r->has_households)
        fact(r->job, "household_f1", r->households.pairs.f1);
    if (r->has_families)
        fact(r->job, "family_f1", r->families.pairs.f1);
    kith_job_count(r->job, "", "records", r->truth.n);
    kith_job_count(r->job, "", "records_unlinked", r->truth.n_unlinked);
    kith_job_count(r->job, "", "records_without_truth",
                   r->truth.n_without_truth);
}

static kith_status
score_records(report *r, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_truth *t = &r->truth;
    kith_evaluation *e = r->e;
    KITH_TRY(kith_contingency(&r->records, t->person, t->found, t->n, err));
    e->closed = r->records.pairs;
    e->bcubed_precision = r->records.bcubed_precision;
    e->bcubed_recall = r->records.bcubed_recall;
    e->bcubed_f1 = r->records.bcubed_f1;
    e->n_records = t->n;
    e->n_unlinked = t->n_unlinked;
done:
    return status;
}

kith_status
kith_evaluate(kith_evaluation *out, const kith_evaluate_params *params,
              kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_evaluation e = {0};
    report r = {.params = params, .e = &e, .job = job};
    kith_job_stage(job, "evaluate", "", 0, "records");
    KITH_TRY(kith_truth_load(&r.truth, params->truth, params->lookup,
                             params->persons, job, err));
    KITH_TRY(score_records(&r, err));
    KITH_TRY(score_links(&r, err));
    KITH_TRY(kith_agencies_compare(&r.by_agencies, &r.truth, err));
    const grouping homes = {"households.csv",    "household",
                            &r.truth.households, r.truth.home,
                            &r.households,       &r.has_households};
    const grouping families = {"families.csv", "family",    &r.truth.families,
                               r.truth.family, &r.families, &r.has_families};
    KITH_TRY(score_groups(&r, &homes, err));
    KITH_TRY(score_groups(&r, &families, err));
    KITH_TRY(score_strata(&r, err));
    KITH_TRY(score_cohorts(&r, err));
    KITH_TRY(score_errors(&r, err));
    KITH_TRY(write_report(&r, err));
    record_facts(&r);
    *out = e;
done:
    kith_job_stage_end(job);
    kith_out_abort(r.out);
    kith_free(r.by_agencies);
    kith_strata_done(&r.strata);
    kith_cohort_scores_done(&r.cohorts);
    kith_truth_done(&r.truth);
    return status;
}
