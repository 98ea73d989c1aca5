/* "has": which events, and what must be true of them. */
#include "criteria/parser.h"

#include <string.h>

static kith_status
parse_code_test(kith_parser *p, kith_node **out, kith_node *test,
                kith_error *err)
{
    kith_status status = KITH_OK;
    const char *word = NULL;
    *out = test;
    test->kind = KITH_NODE_TEST_CODE;
    if (kith_parser_take(p, "not"))
        test->negated = true;
    if (kith_parser_take(p, "in")) {
        if (kith_parser_is(p, 0, "{"))
            return kith_parser_codes(p, &test->words, &test->n_words, err);
        KITH_TRY(kith_parser_name(p, &word, "a set", err));
        /* n_words 0 with one word: the name of a set, bound by check */
        return kith_parser_keep(p, &test->words, &word, 1, err);
    }
    test->negated = kith_parser_is(p, 0, "!=");
    p->at++; /* = or != */
    KITH_TRY(kith_parser_code(p, &word, err));
    test->n_words = 1;
    KITH_TRY(kith_parser_keep(p, &test->words, &word, 1, err));
done:
    return status;
}

/* ATTRIBUTE "at least" word "on" SCALE */
static kith_status
parse_scale_test(kith_parser *p, kith_node *test, kith_error *err)
{
    kith_status status = KITH_OK;
    const char *words[2] = {NULL, NULL};
    test->kind = KITH_NODE_TEST_SCALE;
    p->at++; /* at */
    test->op = kith_parser_is(p, 0, "least") ? KITH_CMP_GE : KITH_CMP_LE;
    p->at++;
    KITH_TRY(kith_parser_code(p, &words[0], err));
    KITH_TRY(kith_parser_need(p, "on", err));
    KITH_TRY(kith_parser_name(p, &words[1], "a scale", err));
    KITH_TRY(kith_parser_keep(p, &test->words, words, 2, err));
    test->n_words = 1;
done:
    return status;
}

static kith_status parse_test(kith_parser *p, kith_node **out, kith_error *err);

static kith_status
parse_any_test(kith_parser *p, kith_node **out, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(kith_parser_enter(p, err));
    KITH_TRY(kith_parser_node(p, out, KITH_NODE_TEST_ANY,
                              kith_parser_peek(p, 0)->pos, err));
    kith_node **end = &(*out)->child;
    do {
        KITH_TRY(parse_test(p, end, err));
        end = &(*end)->next;
    } while (kith_parser_take(p, "or"));
    KITH_TRY(kith_parser_need(p, ")", err));
    p->depth--;
done:
    return status;
}

static kith_status
parse_test(kith_parser *p, kith_node **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_node *test = NULL;
    if (kith_parser_take(p, "("))
        return parse_any_test(p, out, err);
    KITH_TRY(kith_parser_node(p, &test, KITH_NODE_TEST_AMOUNT,
                              kith_parser_peek(p, 0)->pos, err));
    KITH_TRY(kith_parser_name(p, &test->name, "an attribute", err));
    *out = test;
    if (kith_parser_is(p, 0, "at"))
        return parse_scale_test(p, test, err);
    const kith_token *value = kith_parser_peek(p, 1);
    const bool equals = kith_parser_is(p, 0, "=") || kith_parser_is(p, 0, "!=");
    if (kith_parser_is(p, 0, "in") || kith_parser_is(p, 0, "not") ||
        (equals &&
         (value->kind == KITH_TOKEN_WORD || value->kind == KITH_TOKEN_TEXT)))
        return parse_code_test(p, out, test, err);
    if (strcmp(test->name, "age") == 0)
        test->kind = KITH_NODE_TEST_AGE;
    KITH_TRY(kith_parser_compare(p, &test->op, err));
    KITH_TRY(kith_parse_expr(p, &test->child, err));
done:
    return status;
}

/* Does another test follow the "and"? An outer condition never begins with
 * a word and a comparison, so the two cannot be confused. */
static bool
at_more_tests(const kith_parser *p)
{
    if (!kith_parser_is(p, 0, "and"))
        return false;
    const size_t k = kith_parser_is(p, 1, "(") ? 2 : 1;
    if (kith_parser_peek(p, k)->kind != KITH_TOKEN_WORD ||
        kith_parser_is(p, k, "not") || kith_parser_is(p, k, "score"))
        return false;
    return kith_parser_at_compare(p, k + 1) ||
           (kith_parser_is(p, k + 1, "in") && !kith_parser_is(p, k, "lives")) ||
           (kith_parser_is(p, k + 1, "not") && !kith_parser_is(p, k, "is") &&
            !kith_parser_is(p, k, "are")) ||
           (kith_parser_is(p, k + 1, "at") && !kith_parser_is(p, k, "has") &&
            !kith_parser_is(p, k, "meets"));
}

kith_status
kith_parse_tests(kith_parser *p, kith_node **out, kith_error *err)
{
    kith_status status = KITH_OK;
    for (;;) {
        KITH_TRY(parse_test(p, out, err));
        out = &(*out)->next;
        if (!at_more_tests(p))
            return KITH_OK;
        p->at++;
    }
done:
    return status;
}

static kith_status
parse_span(kith_parser *p, kith_span *out, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(kith_parse_amount(p, &out->count, err));
    KITH_TRY(kith_parser_unit(p, &out->unit, err));
done:
    return status;
}

static kith_status
parse_lasting(kith_parser *p, kith_query *q, kith_error *err)
{
    kith_status status = KITH_OK;
    if (kith_parser_take(p, "under")) {
        q->shorter = true;
    } else {
        KITH_TRY(kith_parser_need(p, "at", err));
        KITH_TRY(kith_parser_need(p, "least", err));
    }
    KITH_TRY(parse_span(p, &q->lasting, err));
done:
    return status;
}

/* Event name and tests of "during" and of anchors. */
static kith_status
parse_during(kith_parser *p, kith_query *q, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(kith_program_alloc(p->program, &q->during, sizeof *q, err));
    *q->during = (kith_query){.pos = kith_parser_peek(p, 0)->pos,
                              .type = UINT32_MAX,
                              .number = p->program->n_queries++};
    KITH_TRY(kith_parser_name(p, &q->during->event, "an event", err));
    if (kith_parser_take(p, "where"))
        KITH_TRY(kith_parse_tests(p, &q->during->tests, err));
done:
    return status;
}

static bool
at_change(const kith_parser *p)
{
    return kith_parser_is(p, 0, "up") || kith_parser_is(p, 0, "down");
}

/* ("up" | "down") "by at least" n % "from" window "to" window */
static kith_status
parse_change(kith_parser *p, kith_query *q, kith_error *err)
{
    kith_status status = KITH_OK;
    q->changes = true;
    q->up = kith_parser_is(p, 0, "up");
    p->at++;
    KITH_TRY(kith_parser_need(p, "by", err));
    KITH_TRY(kith_parser_need(p, "at", err));
    KITH_TRY(kith_parser_need(p, "least", err));
    KITH_TRY(kith_parse_amount(p, &q->change, err));
    KITH_TRY(kith_parser_need(p, "from", err));
    KITH_TRY(kith_parse_window(p, &q->before, err));
    KITH_TRY(kith_parser_need(p, "to", err));
    KITH_TRY(kith_parse_window(p, &q->after, err));
done:
    return status;
}

/* expr compare expr { "and" ... }: more follow only with an aggregate; or
 * expr "down by at least" ... */
static kith_status
parse_with(kith_parser *p, kith_query *q, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_node **end = &q->with;
    for (;;) {
        kith_node *compare = NULL;
        kith_node *left = NULL;
        const kith_pos pos = kith_parser_peek(p, 0)->pos;
        KITH_TRY(kith_parse_expr(p, &left, err));
        if (q->with == NULL && !q->changes && at_change(p)) {
            q->measured = left;
            return parse_change(p, q, err);
        }
        KITH_TRY(kith_parser_node(p, &compare, KITH_NODE_COMPARE, pos, err));
        compare->child = left;
        KITH_TRY(kith_parser_compare(p, &compare->op, err));
        KITH_TRY(kith_parse_expr(p, &compare->child->next, err));
        *end = compare;
        end = &compare->next;
        if (!kith_parser_is(p, 0, "and") || !kith_parser_is(p, 2, "("))
            return KITH_OK;
        p->at++;
    }
done:
    return status;
}

/* "in each of last" n period | "in" n "consecutive of last" n period */
static kith_status
parse_run(kith_parser *p, kith_query *q, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_pos pos = kith_parser_peek(p, 0)->pos;
    p->at++; /* in */
    const bool each = kith_parser_take(p, "each");
    if (!each) {
        KITH_TRY(kith_parser_count(p, &q->run, err));
        KITH_TRY(kith_parser_need(p, "consecutive", err));
    }
    KITH_TRY(kith_parser_need(p, "of", err));
    KITH_TRY(kith_parser_need(p, "last", err));
    KITH_TRY(kith_parser_count(p, &q->of, err));
    KITH_TRY(kith_parser_unit(p, &q->period, err));
    if (each)
        q->run = q->of;
    if (q->run == 0 || q->run > q->of || q->of > 120)
        status = kith_criteria_error(err, p->path, p->text, pos,
                                     "no run of %u periods lies in the last %u",
                                     q->run, q->of);
done:
    return status;
}

static kith_status
parse_active(kith_parser *p, kith_query *q, kith_error *err)
{
    q->active = true;
    return kith_parser_take(p, "at") ? kith_parse_anchor(p, &q->active_at, err)
                                     : KITH_OK;
}

static kith_status
parse_gaps(kith_parser *p, kith_query *q, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(kith_parser_need(p, "gaps", err));
    KITH_TRY(kith_parser_need(p, "of", err));
    KITH_TRY(parse_span(p, &q->gaps, err));
done:
    return status;
}

static kith_status
parse_query_window(kith_parser *p, kith_query *q, kith_error *err)
{
    if (q->window.kind != KITH_WINDOW_EVER)
        return kith_parser_expected(p, "one window only", err);
    if (kith_parser_take(p, "starting"))
        q->match = KITH_MATCH_START;
    else if (kith_parser_take(p, "ending"))
        q->match = KITH_MATCH_END;
    return kith_parse_window(p, &q->window, err);
}

/* One clause, when one begins here. */
static kith_status
parse_clause(kith_parser *p, kith_query *q, bool *found, kith_error *err)
{
    *found = true;
    if (q->tests == NULL && kith_parser_take(p, "where"))
        return kith_parse_tests(p, &q->tests, err);
    if (q->with == NULL && kith_parser_take(p, "with"))
        return parse_with(p, q, err);
    if (!q->active && kith_parser_take(p, "active"))
        return parse_active(p, q, err);
    if (q->lasting.count == NULL && kith_parser_take(p, "lasting"))
        return parse_lasting(p, q, err);
    if (q->gaps.count == NULL && kith_parser_take(p, "allowing"))
        return parse_gaps(p, q, err);
    if (q->during == NULL && kith_parser_take(p, "during"))
        return parse_during(p, q, err);
    if (!q->changes && at_change(p))
        return parse_change(p, q, err);
    if (q->of == 0 && kith_parser_is(p, 0, "in") &&
        (kith_parser_is(p, 1, "each") || kith_parser_is(p, 2, "consecutive")))
        return parse_run(p, q, err);
    if (kith_parser_at_window(p) || kith_parser_is(p, 0, "starting") ||
        kith_parser_is(p, 0, "ending"))
        return parse_query_window(p, q, err);
    *found = false;
    return KITH_OK;
}

kith_status
kith_parse_query(kith_parser *p, kith_query **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_query *q = NULL;
    KITH_TRY(kith_program_alloc(p->program, &q, sizeof *q, err));
    *out = q;
    q->type = UINT32_MAX;
    q->number = p->program->n_queries++;
    if (kith_parser_take(p, "no")) {
        q->counted = true;
        q->many = KITH_MANY_NONE;
    } else if (kith_parser_take(p, "latest")) {
        q->pick = KITH_PICK_LATEST;
    } else if (kith_parser_take(p, "first")) {
        q->pick = KITH_PICK_FIRST;
    } else if (kith_parser_at_many(p) && !kith_parser_is(p, 0, "all") &&
               !kith_parser_is(p, 0, "none")) {
        q->counted = true;
        KITH_TRY(kith_parser_many(p, &q->many, &q->n, err));
    }
    q->pos = kith_parser_peek(p, 0)->pos;
    KITH_TRY(kith_parser_name(p, &q->event, "an event", err));
    for (bool found = true; found;) {
        const bool comma = kith_parser_take(p, ",");
        KITH_TRY(parse_clause(p, q, &found, err));
        if (comma && !found)
            KITH_TRY(kith_parser_expected(
                p, "where, with, a window, active or lasting", err));
    }
done:
    return status;
}
