#include "evaluate/cohorts.h"

#include "base/alloc.h"
#include "base/radix.h"
#include "evaluate/contingency.h"
#include "evaluate/table_file.h"

#include <stdio.h>

enum { IN_TRUTH = 1, FLAGGED = 2, SCOPE_TEXT = 160 };

typedef struct reader {
    const kith_truth *truth;
    kith_cohort_scores *out;
    size_t scores_cap;
    kith_map64 marks;  /* scope and true person -> IN_TRUTH, FLAGGED */
    uint32_t *true_of; /* of each found person; KITH_NO_PERSON: no truth */
} reader;

/* The true person of most of a found person's records; the first on a tie. */
static kith_status
find_true_persons(reader *r, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_truth *t = r->truth;
    kith_keyed *cells = NULL, *scratch = NULL;
    uint32_t *most = NULL;
    KITH_TRY(KITH_ALLOC(&cells, t->n, err));
    KITH_TRY(KITH_ALLOC(&scratch, t->n, err));
    KITH_TRY(KITH_ALLOC(&most, t->list.n_persons, err));
    KITH_TRY(KITH_ALLOC(&r->true_of, t->list.n_persons, err));
    for (uint32_t p = 0; p < t->list.n_persons; p++)
        r->true_of[p] = KITH_NO_PERSON;
    for (uint32_t i = 0; i < t->n; i++)
        cells[i].key = (uint64_t)t->found[i] << 32 | t->person[i];
    kith_radix_sort(cells, scratch, t->n);
    for (size_t i = 0, j = 0; i < t->n; i = j) {
        while (j < t->n && cells[j].key == cells[i].key)
            j++;
        const uint32_t found = (uint32_t)(cells[i].key >> 32);
        if (found >= t->list.n_persons || j - i <= most[found])
            continue;
        most[found] = (uint32_t)(j - i);
        r->true_of[found] = (uint32_t)cells[i].key;
    }
done:
    kith_free(cells);
    kith_free(scratch);
    kith_free(most);
    return status;
}

/* Counts a true person once on each side, and when it is on both. */
static kith_status
mark(reader *r, uint32_t scope, uint32_t person, uint32_t side, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_scores *s = &r->out->scores[scope];
    const uint64_t key = (uint64_t)scope << 32 | person;
    uint32_t marks = 0;
    (void)kith_map64_get(&r->marks, key, &marks);
    if ((marks & side) != 0)
        return KITH_OK;
    KITH_TRY(kith_map64_put(&r->marks, key, marks | side, err));
    s->n_true += side == IN_TRUTH;
    s->n_found += side == FLAGGED;
    s->n_both += marks != 0;
done:
    return status;
}

/* "smd", or with a tier "smd:smd3". */
static kith_str
scope_name(char out[SCOPE_TEXT], kith_str cohort, kith_str tier)
{
    const int n = snprintf(out, SCOPE_TEXT, "%.*s%s%.*s",
                           (int)(cohort.len < 64 ? cohort.len : 64),
                           cohort.data, tier.len > 0 ? ":" : "",
                           (int)(tier.len < 64 ? tier.len : 64), tier.data);
    return (kith_str){out, (size_t)n};
}

static kith_status
expect(reader *r, kith_str name, uint32_t person, kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t scope = 0;
    const uint32_t n = r->out->scopes.n;
    KITH_TRY(kith_dict_add(&r->out->scopes, name, &scope, err));
    KITH_TRY(
        KITH_GROW(&r->out->scores, &r->scores_cap, (size_t)scope + 1, err));
    if (scope == n)
        r->out->scores[scope] = (kith_scores){0};
    if (person == KITH_DICT_NONE)
        r->out->scores[scope].n_true++; /* has no record: missed */
    else
        KITH_TRY(mark(r, scope, person, IN_TRUTH, err));
done:
    return status;
}

/* Columns: cohort, person, tier. */
static kith_status
truth_row(void *ctx, const kith_str *v, const char *where, kith_error *err)
{
    kith_status status = KITH_OK;
    reader *r = ctx;
    char text[SCOPE_TEXT];
    const uint32_t person = kith_dict_find(&r->truth->persons, v[1]);
    if (v[0].len == 0 || v[1].len == 0)
        return kith_error_set(err, KITH_ERR_DATA, "%s: no cohort or no person",
                              where);
    KITH_TRY(expect(r, scope_name(text, v[0], (kith_str){"", 0}), person, err));
    if (v[2].len > 0)
        KITH_TRY(expect(r, scope_name(text, v[0], v[2]), person, err));
done:
    return status;
}

/* Columns: cohort, unit, id, status, tier. */
static kith_status
flag_row(void *ctx, const kith_str *v, const char *where, kith_error *err)
{
    kith_status status = KITH_OK;
    reader *r = ctx;
    char text[SCOPE_TEXT];
    uint64_t id = 0;
    if (!kith_str_equal(v[1], "person") || !kith_str_equal(v[3], "yes"))
        return KITH_OK;
    if (!kith_person_parse(&id, v[2]))
        return kith_error_set(err, KITH_ERR_DATA, "%s: not a person", where);
    const uint32_t found = kith_person_list_find(&r->truth->list, id);
    if (found == KITH_NO_PERSON || r->true_of[found] == KITH_NO_PERSON)
        return KITH_OK;
    const kith_str tiers[2] = {{"", 0}, v[4]};
    for (unsigned i = 0; i < (v[4].len > 0 ? 2u : 1u); i++) {
        const uint32_t scope =
            kith_dict_find(&r->out->scopes, scope_name(text, v[0], tiers[i]));
        if (scope != KITH_DICT_NONE)
            KITH_TRY(mark(r, scope, r->true_of[found], FLAGGED, err));
    }
done:
    return status;
}

kith_status
kith_cohorts_score(kith_cohort_scores *out, const kith_truth *truth,
                   const char *flags, const char *cohorts, kith_job *job,
                   kith_error *err)
{
    static const char *const truth_columns[] = {"cohort", "person", "tier"};
    static const char *const flag_columns[] = {"cohort", "unit", "id", "status",
                                               "tier"};
    kith_status status = KITH_OK;
    kith_cohort_scores scores = {0};
    reader r = {.truth = truth, .out = &scores};
    const kith_table_file expected = {cohorts, truth_columns, 3, 2};
    const kith_table_file flagged = {flags, flag_columns, 5, 4};
    KITH_TRY(find_true_persons(&r, err));
    KITH_TRY(kith_table_file_read(&expected, truth_row, &r, job, err));
    KITH_TRY(kith_table_file_read(&flagged, flag_row, &r, job, err));
    for (uint32_t i = 0; i < scores.scopes.n; i++)
        kith_scores_finish(&scores.scores[i]);
    *out = scores;
    scores = (kith_cohort_scores){0};
done:
    kith_map64_done(&r.marks);
    kith_free(r.true_of);
    kith_cohort_scores_done(&scores);
    return status;
}

void
kith_cohort_scores_done(kith_cohort_scores *c)
{
    kith_dict_done(&c->scopes);
    kith_free(c->scores);
    *c = (kith_cohort_scores){0};
}
