/* Numbers, windows and the days they are measured from. */
#include "base/date.h"
#include "criteria/parser.h"

#include <string.h>

kith_status
kith_parse_amount(kith_parser *p, kith_node **out, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_token *t = kith_parser_peek(p, 0);
    if (t->kind == KITH_TOKEN_NUMBER) {
        KITH_TRY(kith_parser_node(p, out, KITH_NODE_NUMBER, t->pos, err));
        (*out)->number = t->number;
        p->at++;
        if (kith_parser_take(p, "%"))
            (*out)->number /= 100;
        return KITH_OK;
    }
    KITH_TRY(kith_parser_node(p, out, KITH_NODE_PARAM, t->pos, err));
    KITH_TRY(
        kith_parser_name(p, &(*out)->name, "a number or a parameter", err));
done:
    return status;
}

static kith_status
parse_aggregate(kith_parser *p, kith_node **out, kith_error *err)
{
    static const char *const names[] = {"count", "days",    "sum",    "min",
                                        "max",   "average", "latest", "first"};
    kith_status status = KITH_OK;
    const kith_token *t = kith_parser_peek(p, 0);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(t->text, names[i]) != 0)
            continue;
        p->at += 2; /* name and ( */
        KITH_TRY(kith_parser_node(p, out, KITH_NODE_AGGREGATE, t->pos, err));
        (*out)->aggregate = (kith_aggregate)i;
        if (i >= KITH_AGG_SUM)
            KITH_TRY(kith_parser_name(p, &(*out)->name, "an amount", err));
        return kith_parser_need(p, ")", err);
    }
    status = kith_parser_expected(
        p, "count, days, sum, min, max, average, latest or first", err);
done:
    return status;
}

static kith_status
parse_factor(kith_parser *p, kith_node **out, kith_error *err)
{
    kith_status status = KITH_OK;
    if (kith_parser_take(p, "(")) {
        KITH_TRY(kith_parser_enter(p, err));
        KITH_TRY(kith_parse_expr(p, out, err));
        KITH_TRY(kith_parser_need(p, ")", err));
        p->depth--;
        return KITH_OK;
    }
    if (kith_parser_peek(p, 0)->kind == KITH_TOKEN_WORD &&
        kith_parser_is(p, 1, "("))
        return parse_aggregate(p, out, err);
    return kith_parse_amount(p, out, err);
done:
    return status;
}

/* Left-associative: * and / bind tighter than + and -. */
static kith_status
parse_arith(kith_parser *p, kith_node **out, bool product, kith_error *err)
{
    kith_status status = KITH_OK;
    const char *const a = product ? "*" : "+";
    const char *const b = product ? "/" : "-";
    KITH_TRY(product ? parse_factor(p, out, err)
                     : parse_arith(p, out, true, err));
    uint32_t n = 0;
    while (kith_parser_is(p, 0, a) || kith_parser_is(p, 0, b)) {
        kith_node *op = NULL;
        const kith_token *t = kith_parser_peek(p, 0);
        if (++n > 64) /* evaluation recurses down the left side */
            return kith_parser_expected(p, "a shorter expression", err);
        KITH_TRY(kith_parser_node(p, &op, KITH_NODE_ARITH, t->pos, err));
        op->arith = t->text[0];
        p->at++;
        op->child = *out;
        KITH_TRY(product ? parse_factor(p, &op->child->next, err)
                         : parse_arith(p, &op->child->next, true, err));
        *out = op;
    }
done:
    return status;
}

kith_status
kith_parse_expr(kith_parser *p, kith_node **out, kith_error *err)
{
    return parse_arith(p, out, false, err);
}

kith_status
kith_parse_anchor(kith_parser *p, kith_anchor *out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_query *q = NULL;
    if (kith_parser_take(p, "reference"))
        return KITH_OK;
    if (kith_parser_is(p, 0, "start") || kith_parser_is(p, 0, "end")) {
        out->end = kith_parser_is(p, 0, "end");
        p->at++;
        KITH_TRY(kith_parser_need(p, "of", err));
    }
    KITH_TRY(kith_program_alloc(p->program, &q, sizeof *q, err));
    q->type = UINT32_MAX;
    q->number = p->program->n_queries++;
    q->pick =
        kith_parser_is(p, 0, "first") ? KITH_PICK_FIRST : KITH_PICK_LATEST;
    if (!kith_parser_take(p, "first"))
        KITH_TRY(kith_parser_need(p, "latest", err));
    q->pos = kith_parser_peek(p, 0)->pos;
    KITH_TRY(kith_parser_name(p, &q->event, "an event", err));
    if (kith_parser_take(p, "where"))
        KITH_TRY(kith_parse_tests(p, &q->tests, err));
    if (kith_parser_take(p, "of")) {
        KITH_TRY(kith_parser_need(p, "any", err));
        KITH_TRY(kith_parser_need(p, "member", err));
        out->family = true;
    }
    out->query = q;
done:
    return status;
}

bool
kith_parser_at_window(const kith_parser *p)
{
    static const char *const starts[] = {"last",    "next",  "over", "within",
                                         "between", "since", NULL};
    const bool number = kith_parser_peek(p, 0)->kind == KITH_TOKEN_NUMBER ||
                        kith_parser_peek(p, 0)->kind == KITH_TOKEN_WORD;
    if (kith_parser_is_any(p, 0, starts))
        return true;
    if (kith_parser_is(p, 0, "in"))
        return kith_parser_is(p, 1, "last") || kith_parser_is(p, 1, "next") ||
               kith_parser_is(p, 1, "the") || kith_parser_is(p, 3, "before") ||
               kith_parser_is(p, 3, "after");
    return number &&
           (kith_parser_is(p, 2, "before") || kith_parser_is(p, 2, "after"));
}

static kith_status
parse_between(kith_parser *p, kith_window *out, kith_error *err)
{
    kith_status status = KITH_OK;
    out->kind = KITH_WINDOW_BETWEEN;
    KITH_TRY(kith_parser_date(p, &out->from, err));
    KITH_TRY(kith_parser_need(p, "and", err));
    KITH_TRY(kith_parser_date(p, &out->to, err));
    if (out->to < out->from) {
        status = kith_criteria_error(err, p->path, p->text, out->pos,
                                     "this window ends before it begins");
    }
done:
    return status;
}

static kith_status
parse_since(kith_parser *p, kith_window *out, kith_error *err)
{
    out->kind = KITH_WINDOW_SINCE;
    if (kith_parser_peek(p, 0)->kind == KITH_TOKEN_DATE)
        return kith_parser_date(p, &out->from, err);
    return kith_parse_anchor(p, &out->anchor, err);
}

kith_status
kith_parse_window(kith_parser *p, kith_window *out, kith_error *err)
{
    kith_status status = KITH_OK;
    *out = (kith_window){.pos = kith_parser_peek(p, 0)->pos};
    out->from = KITH_NO_DATE;
    if (kith_parser_take(p, "between"))
        return parse_between(p, out, err);
    if (kith_parser_take(p, "since"))
        return parse_since(p, out, err);
    if (!kith_parser_take(p, "within") && !kith_parser_take(p, "in"))
        (void)kith_parser_take(p, "over");
    (void)kith_parser_take(p, "the");
    if (kith_parser_take(p, "last"))
        out->kind = KITH_WINDOW_LAST;
    else if (kith_parser_take(p, "next"))
        out->kind = KITH_WINDOW_NEXT;
    KITH_TRY(kith_parse_amount(p, &out->n, err));
    KITH_TRY(kith_parser_unit(p, &out->unit, err));
    if (out->unit == KITH_UNIT_TERM && out->kind == KITH_WINDOW_LAST)
        out->kind = KITH_WINDOW_TERMS;
    else if (out->unit == KITH_UNIT_TERM)
        status = kith_criteria_error(err, p->path, p->text, out->pos,
                                     "terms are counted back only: "
                                     "over last 3 terms");
    if (status != KITH_OK || out->kind != KITH_WINDOW_EVER)
        return status;
    if (kith_parser_take(p, "before"))
        out->kind = KITH_WINDOW_BEFORE;
    else if (kith_parser_take(p, "after"))
        out->kind = KITH_WINDOW_AFTER;
    else
        return kith_parser_expected(p, "before or after", err);
    KITH_TRY(kith_parse_anchor(p, &out->anchor, err));
done:
    return status;
}
