#include "evaluate/cohorts.h"

#include "base/alloc.h"
#include "evaluate/contingency.h"
#include "evaluate/true_units.h"
#include "io/table_file.h"

#include <stdio.h>

enum { IN_TRUTH = 1, FLAGGED = 2, UNKNOWN = 4, SCOPE_TEXT = 160 };

typedef struct reader {
    kith_true_units units;
    kith_cohort_scores *out;
    size_t scores_cap;
    kith_map64 marks; /* scope and true unit -> IN_TRUTH, FLAGGED, UNKNOWN */
} reader;

/* Counts a true unit once on each side, and when it is on both. */
static kith_status
mark(reader *r, uint32_t scope, uint32_t unit, uint32_t side, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_scores *s = &r->out->scores[scope].flags;
    const uint64_t key = (uint64_t)scope << 32 | unit;
    uint32_t marks = 0;
    (void)kith_map64_get(&r->marks, key, &marks);
    if ((marks & side) != 0)
        return KITH_OK;
    marks |= side;
    KITH_TRY(kith_map64_put(&r->marks, key, marks, err));
    s->n_true += side == IN_TRUTH;
    s->n_found += side == FLAGGED;
    s->n_both +=
        side != UNKNOWN && (marks & IN_TRUTH) != 0 && (marks & FLAGGED) != 0;
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
expect(reader *r, kith_str name, uint32_t unit, kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t scope = 0;
    const uint32_t n = r->out->scopes.n;
    KITH_TRY(kith_dict_add(&r->out->scopes, name, &scope, err));
    KITH_TRY(
        KITH_GROW(&r->out->scores, &r->scores_cap, (size_t)scope + 1, err));
    if (scope == n)
        r->out->scores[scope] = (kith_cohort_score){0};
    if (unit == KITH_DICT_NONE)
        r->out->scores[scope].flags.n_true++; /* has no record: missed */
    else
        KITH_TRY(mark(r, scope, unit, IN_TRUTH, err));
done:
    return status;
}

/* Columns: cohort, unit, id, tier. */
static kith_status
truth_row(void *ctx, const kith_str *v, const char *where, kith_error *err)
{
    kith_status status = KITH_OK;
    reader *r = ctx;
    char text[SCOPE_TEXT];
    const kith_unit_kind kind = kith_unit_kind_of(v[1]);
    if (v[0].len == 0 || kind == KITH_UNIT_KINDS || v[2].len == 0)
        return kith_error_set(err, KITH_ERR_DATA,
                              "%s: no cohort, or nobody who is in it", where);
    const uint32_t unit = kith_true_unit_find(&r->units, kind, v[2]);
    KITH_TRY(expect(r, scope_name(text, v[0], (kith_str){"", 0}), unit, err));
    if (v[3].len > 0)
        KITH_TRY(expect(r, scope_name(text, v[0], v[3]), unit, err));
done:
    return status;
}

static kith_status
mark_scope(reader *r, kith_str name, uint32_t unit, uint32_t side,
           kith_error *err)
{
    const uint32_t scope = kith_dict_find(&r->out->scopes, name);
    return scope == KITH_DICT_NONE ? KITH_OK : mark(r, scope, unit, side, err);
}

/* Columns: cohort, unit, id, status, tier. */
static kith_status
flag_row(void *ctx, const kith_str *v, const char *where, kith_error *err)
{
    kith_status status = KITH_OK;
    reader *r = ctx;
    char text[SCOPE_TEXT];
    uint32_t unit = 0;
    const bool yes = kith_str_equal(v[3], "yes");
    const kith_unit_kind kind = kith_unit_kind_of(v[1]);
    if (kind == KITH_UNIT_KINDS || !(yes || kith_str_equal(v[3], "unknown")))
        return KITH_OK;
    if (!kith_true_unit_of(&r->units, kind, v[2], &unit))
        return kith_error_set(err, KITH_ERR_DATA, "%s: not a person", where);
    if (unit == KITH_DICT_NONE)
        return KITH_OK;
    KITH_TRY(mark_scope(r, scope_name(text, v[0], (kith_str){"", 0}), unit,
                        yes ? FLAGGED : UNKNOWN, err));
    if (yes && v[4].len > 0)
        KITH_TRY(
            mark_scope(r, scope_name(text, v[0], v[4]), unit, FLAGGED, err));
done:
    return status;
}

/* True units that were not flagged, but might have been. */
static void
count_unknown(reader *r)
{
    const kith_map64 *m = &r->marks;
    for (size_t i = 0; i < m->cap; i++)
        if (m->slots[i].used && m->slots[i].value == (IN_TRUTH | UNKNOWN))
            r->out->scores[m->slots[i].key >> 32].n_unknown++;
}

kith_status
kith_cohorts_score(kith_cohort_scores *out, const kith_truth *truth,
                   const kith_cohort_files *files, kith_job *job,
                   kith_error *err)
{
    static const char *const truth_columns[] = {"cohort", "unit", "id", "tier"};
    static const char *const flag_columns[] = {"cohort", "unit", "id", "status",
                                               "tier"};
    kith_status status = KITH_OK;
    kith_cohort_scores scores = {0};
    reader r = {.out = &scores};
    const kith_table_file expected = {files->cohorts, truth_columns, 4, 3};
    const kith_table_file flagged = {files->flags, flag_columns, 5, 4};
    KITH_TRY(kith_true_units_load(&r.units, truth, files->households,
                                  files->families, job, err));
    KITH_TRY(kith_table_file_read(&expected, truth_row, &r, job, err));
    KITH_TRY(kith_table_file_read(&flagged, flag_row, &r, job, err));
    for (uint32_t i = 0; i < scores.scopes.n; i++)
        kith_scores_finish(&scores.scores[i].flags);
    count_unknown(&r);
    *out = scores;
    scores = (kith_cohort_scores){0};
done:
    kith_map64_done(&r.marks);
    kith_true_units_done(&r.units);
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
