/* Events, attributes, windows and units. */
#include "base/date.h"
#include "criteria/check.h"
#include "criteria/terms.h"

#include <string.h>

kith_status
kith_check_count(kith_checker *c, kith_node *node, uint32_t least,
                 uint32_t *out, kith_error *err)
{
    kith_status status = kith_check_expr(c, node, err);
    if (status != KITH_OK)
        return status;
    const double n = node->number;
    if (n > 1e6 || n != (double)(uint32_t)n)
        return kith_check_error(c, err, node->pos, "expected a whole number");
    *out = (uint32_t)n;
    if (*out < least)
        return kith_check_error(c, err, node->pos, "expected %u or more",
                                least);
    return KITH_OK;
}

kith_status
kith_check_texts(kith_checker *c, const uint32_t **out,
                 const char *const *words, uint32_t n, kith_error *err)
{
    uint32_t *texts = NULL;
    kith_status status =
        kith_program_alloc(c->program, &texts, n * sizeof *texts, err);
    if (status != KITH_OK)
        return status;
    for (uint32_t i = 0; i < n; i++) {
        /* Codes in quotes keep their case in the file, not in comparing. */
        char lower[256];
        size_t k = 0;
        for (; words[i][k] != '\0' && k < sizeof lower - 1; k++)
            lower[k] = (char)(words[i][k] >= 'A' && words[i][k] <= 'Z'
                                  ? words[i][k] + ('a' - 'A')
                                  : words[i][k]);
        lower[k] = '\0';
        texts[i] = kith_vocabulary_text(c->v, lower);
    }
    *out = texts;
    return KITH_OK;
}

static kith_status
no_attribute(const kith_checker *c, kith_error *err, const kith_node *test,
             const char *kind)
{
    const char *names[2 * KITH_MAX_ATTRIBUTES];
    size_t n = 0;
    for (uint32_t i = 0; i < c->type->n_codes; i++)
        names[n++] = c->type->codes[i];
    for (uint32_t i = 0; i < c->type->n_amounts; i++)
        names[n++] = c->type->amounts[i];
    const kith_status status =
        kith_check_error(c, err, test->pos, "%s has no %s \"%s\"",
                         c->type->name, kind, test->name);
    if (kith_event_type_code(c->type, test->name) != UINT32_MAX)
        kith_error_hint(err, "\"%s\" is a code: compare it with = or in",
                        test->name);
    else if (kith_event_type_amount(c->type, test->name) != UINT32_MAX)
        kith_error_hint(err, "\"%s\" is an amount: compare it with a number",
                        test->name);
    else
        kith_check_hint(err, test->name, names, n);
    return status;
}

static kith_status
check_code_test(kith_checker *c, kith_node *test, kith_error *err)
{
    test->index = kith_event_type_code(c->type, test->name);
    if (test->index == UINT32_MAX && c->type->known)
        return no_attribute(c, err, test, "code");
    if (test->n_words > 0) {
        test->n_texts = test->n_words;
        return kith_check_texts(c, &test->texts, test->words, test->n_words,
                                err);
    }
    const kith_set *set = kith_check_set(c, test->words[0], false);
    if (set == NULL) {
        const char *names[64];
        size_t n = 0;
        for (const kith_set *s = c->cohort->sets; s != NULL && n < 64;
             s = s->next)
            names[n++] = s->name;
        const kith_status status = kith_check_error(
            c, err, test->pos, "no set is named \"%s\"", test->words[0]);
        kith_check_hint(err, test->words[0], names, n);
        return status;
    }
    test->set = set;
    test->texts = set->texts;
    test->n_texts = set->n_words;
    return KITH_OK;
}

/* words: the step, the scale's name. The steps that pass become texts. */
static kith_status
check_scale_test(kith_checker *c, kith_node *test, kith_error *err)
{
    const kith_set *scale = kith_check_set(c, test->words[1], true);
    test->index = kith_event_type_code(c->type, test->name);
    if (test->index == UINT32_MAX && c->type->known)
        return no_attribute(c, err, test, "code");
    if (scale == NULL)
        return kith_check_error(c, err, test->pos, "no scale is named \"%s\"",
                                test->words[1]);
    uint32_t at = 0;
    while (at < scale->n_words && strcmp(scale->words[at], test->words[0]) != 0)
        at++;
    if (at == scale->n_words) {
        const kith_status status =
            kith_check_error(c, err, test->pos, "\"%s\" is not on scale %s",
                             test->words[0], scale->name);
        kith_check_hint(err, test->words[0], scale->words, scale->n_words);
        return status;
    }
    test->scale = scale;
    test->texts = test->op == KITH_CMP_GE ? scale->texts + at : scale->texts;
    test->n_texts = test->op == KITH_CMP_GE ? scale->n_words - at : at + 1;
    test->kind = KITH_NODE_TEST_CODE;
    return KITH_OK;
}

static kith_status
check_tests(kith_checker *c, kith_node *test, kith_error *err)
{
    kith_status status = KITH_OK;
    for (; test != NULL; test = test->next) {
        if (test->kind == KITH_NODE_TEST_ANY) {
            KITH_TRY(check_tests(c, test->child, err));
        } else if (test->kind == KITH_NODE_TEST_CODE) {
            KITH_TRY(check_code_test(c, test, err));
        } else if (test->kind == KITH_NODE_TEST_SCALE) {
            KITH_TRY(check_scale_test(c, test, err));
        } else {
            KITH_TRY(kith_check_expr(c, test->child, err));
            if (test->kind != KITH_NODE_TEST_AMOUNT)
                continue;
            test->index = kith_event_type_amount(c->type, test->name);
            if (test->index == UINT32_MAX && c->type->known)
                return no_attribute(c, err, test, "amount");
        }
    }
done:
    return status;
}

static kith_status
find_type(kith_checker *c, kith_query *q, kith_error *err)
{
    q->type = kith_vocabulary_find(c->v, q->event);
    if (q->type == UINT32_MAX) {
        const char *names[512];
        size_t n = 0;
        for (; n < c->v->n_types && n < 512; n++)
            names[n] = c->v->types[n].name;
        const kith_status status = kith_check_error(
            c, err, q->pos, "no agency sends events \"%s\"", q->event);
        kith_error_hint(err, "if one will, say so: events %s", q->event);
        kith_check_hint(err, q->event, names, n);
        return status;
    }
    if (q->type == c->v->death)
        return kith_check_hinted(
            kith_check_error(c, err, q->pos,
                             "nobody in a cohort has died: a death ends every "
                             "membership"),
            err, "leave it out: who died is not looked at");
    c->v->types[q->type].used = true;
    c->type = &c->v->types[q->type];
    return KITH_OK;
}

static kith_status
check_anchor(kith_checker *c, kith_anchor *a, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_event_type *outer = c->type;
    if (a->query != NULL) {
        KITH_TRY(find_type(c, a->query, err));
        KITH_TRY(check_tests(c, a->query->tests, err));
    }
done:
    c->type = outer;
    return status;
}

static kith_status
no_calendar(const kith_checker *c, kith_error *err, kith_pos pos)
{
    const kith_status status =
        kith_check_error(c, err, pos, "terms need a calendar");
    kith_error_hint(err, "before the cohort, say: terms 1 sep to 31 dec, "
                         "1 jan to 31 mar, 1 apr to 31 jul");
    return status;
}

enum { MAX_PERIODS = 120 };

/* What has expired cannot be asked for. */
static kith_status
check_kept(const kith_checker *c, kith_pos pos, int32_t from, kith_error *err)
{
    if (from == INT32_MIN || from >= c->cohort->oldest)
        return KITH_OK;
    return kith_check_hinted(
        kith_check_error(c, err, pos,
                         "this reaches back further than the cohort keeps "
                         "evidence"),
        err, "see \"evidence ... of last\" in the cohort's head");
}

/* Windows that need no data become days here. "last 12 months" ends with the
 * reference date and begins the day after the same date a year before. */
static kith_status
check_window(kith_checker *c, kith_window *w, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_days terms[MAX_PERIODS];
    KITH_TRY(check_anchor(c, &w->anchor, err));
    if (w->n != NULL)
        KITH_TRY(kith_check_count(c, w->n, 1, &w->amount, err));
    const int64_t n = w->amount;
    w->fixed = w->anchor.query == NULL;
    w->days = (kith_days){INT32_MIN, c->day};
    if (w->kind == KITH_WINDOW_LAST) {
        w->days.from = kith_add_units(c->day, -n, w->unit) + 1;
    } else if (w->kind == KITH_WINDOW_NEXT) {
        w->days = (kith_days){c->day, kith_add_units(c->day, n, w->unit)};
    } else if (w->kind == KITH_WINDOW_TERMS) {
        if (c->cohort->terms == NULL)
            return no_calendar(c, err, w->pos);
        if (n > MAX_PERIODS ||
            !kith_terms_last(c->cohort->terms, c->day, w->amount, terms))
            return kith_check_error(c, err, w->pos,
                                    "the calendar holds fewer terms than this");
        w->days = (kith_days){terms[n - 1].from, terms[0].to};
    } else if (w->kind == KITH_WINDOW_BETWEEN) {
        w->days = (kith_days){w->from, w->to};
    } else if (w->kind == KITH_WINDOW_SINCE) {
        w->days.from = w->from;
    } else if (w->kind == KITH_WINDOW_BEFORE) {
        w->days.from = kith_add_units(c->day, -n, w->unit);
        w->days.to = c->day - 1;
    } else if (w->kind == KITH_WINDOW_AFTER) {
        w->days.from = c->day + 1;
        w->days.to = kith_add_units(c->day, n, w->unit);
    }
    if (w->fixed)
        KITH_TRY(check_kept(c, w->pos, w->days.from, err));
done:
    return status;
}

static kith_status
check_run(kith_checker *c, kith_query *q, kith_error *err)
{
    if (q->of == 0)
        return KITH_OK;
    kith_status status = kith_program_alloc(c->program, &q->periods,
                                            q->of * sizeof *q->periods, err);
    if (status != KITH_OK)
        return status;
    if (q->window.kind != KITH_WINDOW_EVER)
        return kith_check_error(c, err, q->pos,
                                "\"in each of\" is a window already");
    if (q->period != KITH_UNIT_TERM) {
        for (int32_t i = 0; i < (int32_t)q->of; i++) {
            q->periods[i].from = kith_add_units(c->day, -i - 1, q->period) + 1;
            q->periods[i].to = kith_add_units(c->day, -i, q->period);
        }
        return check_kept(c, q->pos, q->periods[q->of - 1].from, err);
    }
    if (c->cohort->terms == NULL)
        return no_calendar(c, err, q->pos);
    if (!kith_terms_last(c->cohort->terms, c->day, q->of, q->periods))
        return kith_check_error(c, err, q->pos,
                                "the calendar holds fewer terms than this");
    return check_kept(c, q->pos, q->periods[q->of - 1].from, err);
}

static kith_status
check_spell_words(kith_checker *c, kith_query *q, kith_error *err)
{
    if (q->gaps.count != NULL && q->lasting.count == NULL)
        return kith_check_error(c, err, q->pos,
                                "gaps are allowed in \"lasting\" only");
    if (!c->type->known || c->type->spell)
        return KITH_OK;
    const char *word = q->active                    ? "active"
                       : q->lasting.count != NULL   ? "lasting"
                       : q->match == KITH_MATCH_END ? "ending"
                                                    : NULL;
    if (word == NULL)
        return KITH_OK;
    const kith_status status = kith_check_error(
        c, err, q->pos, "%s is an event on one day: it is never \"%s\"",
        c->type->name, word);
    kith_error_hint(err, "only spells last; use a window: last 12 months");
    return status;
}

static kith_status
check_spans(kith_checker *c, kith_query *q, kith_error *err)
{
    kith_status status = KITH_OK;
    if (q->lasting.count != NULL) {
        KITH_TRY(kith_check_count(c, q->lasting.count, 1, &q->lasting_n, err));
        if (q->lasting.unit == KITH_UNIT_TERM)
            return kith_check_error(c, err, q->lasting.count->pos,
                                    "a spell lasts days, weeks, months or "
                                    "years, not terms");
    }
    if (q->gaps.count != NULL) {
        KITH_TRY(kith_check_count(c, q->gaps.count, 0, &q->gap_days, err));
        if (q->gaps.unit == KITH_UNIT_WEEK)
            q->gap_days *= 7;
        else if (q->gaps.unit != KITH_UNIT_DAY)
            return kith_check_error(c, err, q->gaps.count->pos,
                                    "gaps are given in days or weeks");
    }
done:
    return status;
}

static kith_status
check_aggregates(kith_checker *c, kith_node *node, kith_error *err)
{
    kith_status status = KITH_OK;
    for (; node != NULL; node = node->next) {
        KITH_TRY(check_aggregates(c, node->child, err));
        if (node->kind != KITH_NODE_AGGREGATE || node->name == NULL)
            continue;
        node->index = kith_event_type_amount(c->type, node->name);
        if (node->index == UINT32_MAX && c->type->known)
            return no_attribute(c, err, node, "amount");
    }
done:
    return status;
}

/* What "with" asks belongs to one window; a change has two. */
static kith_status
check_change(kith_checker *c, kith_query *q, kith_error *err)
{
    kith_status status = KITH_OK;
    if (q->with != NULL)
        return kith_check_error(c, err, q->with->pos,
                                "a change is in one amount: no other test of "
                                "amounts goes with it");
    if (q->measured != NULL) {
        KITH_TRY(check_aggregates(c, q->measured, err));
        KITH_TRY(kith_check_expr(c, q->measured, err));
    }
    KITH_TRY(kith_check_expr(c, q->change, err));
    KITH_TRY(check_window(c, &q->before, err));
    KITH_TRY(check_window(c, &q->after, err));
done:
    return status;
}

/* "Active", "ever" and windows into the future ask what is known today; any
 * other window asks for each of its days. */
static kith_days
needed_days(const kith_checker *c, const kith_query *q)
{
    const kith_days today = {c->day, c->day};
    const kith_window_kind kind = q->window.kind;
    if (kind == KITH_WINDOW_EVER || kind == KITH_WINDOW_NEXT ||
        kind == KITH_WINDOW_AFTER)
        return today;
    kith_days need = q->window.days;
    if (need.from == INT32_MIN)
        need.from = need.to;
    return need;
}

kith_status
kith_check_query(kith_checker *c, kith_query *q, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_event_type *outer = c->type;
    KITH_TRY(find_type(c, q, err));
    KITH_TRY(check_tests(c, q->tests, err));
    KITH_TRY(kith_check_tests_together(c, q->tests, err));
    KITH_TRY(check_aggregates(c, q->with, err));
    for (kith_node *w = q->with; w != NULL; w = w->next)
        KITH_TRY(kith_check_expr(c, w, err));
    q->count = 1;
    if (q->n != NULL)
        KITH_TRY(kith_check_count(c, q->n, 0, &q->count, err));
    if (q->counted && q->many == KITH_MANY_AT_LEAST && q->count == 0)
        return kith_check_hinted(
            kith_check_error(c, err, q->n->pos, "at least 0 is always true"),
            err, "ask for at least 1, or at most 0 for none");
    KITH_TRY(check_window(c, &q->window, err));
    KITH_TRY(check_anchor(c, &q->active_at, err));
    KITH_TRY(check_spans(c, q, err));
    KITH_TRY(check_spell_words(c, q, err));
    KITH_TRY(check_run(c, q, err));
    q->need = needed_days(c, q);
    if (q->changes)
        KITH_TRY(check_change(c, q, err));
    if (q->during != NULL) {
        KITH_TRY(find_type(c, q->during, err));
        KITH_TRY(check_tests(c, q->during->tests, err));
    }
done:
    c->type = outer;
    return status;
}
