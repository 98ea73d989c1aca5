/* Conditions: and, or, not, members, criteria. */
#include "base/date.h"
#include "criteria/parser.h"

#include <string.h>

static kith_status
parse_ages(kith_parser *p, kith_ages *out, kith_error *err)
{
    enum { OLDEST = 150 };
    kith_status status = KITH_OK;
    uint32_t a = 0;
    uint32_t b = 0;
    const kith_pos pos = kith_parser_peek(p, 0)->pos;
    *out = (kith_ages){0, OLDEST, KITH_NO_DATE};
    if (kith_parser_take(p, "under")) {
        KITH_TRY(kith_parser_count(p, &a, err));
        out->to = (int32_t)a - 1;
    } else if (kith_parser_take(p, "over")) {
        KITH_TRY(kith_parser_count(p, &a, err));
        out->from = (int32_t)a + 1;
    } else {
        KITH_TRY(kith_parser_count(p, &a, err));
        out->from = (int32_t)a;
        out->to = (int32_t)a;
        if (kith_parser_take(p, "to")) {
            KITH_TRY(kith_parser_count(p, &b, err));
            out->to = (int32_t)b;
        } else if (kith_parser_is(p, 0, "or") && kith_parser_is(p, 1, "over")) {
            p->at += 2;
            out->to = OLDEST;
        }
    }
    if (out->from > out->to || out->from > OLDEST)
        return kith_criteria_error(err, p->path, p->text, pos,
                                   "no age is in this range");
    if (kith_parser_is(p, 0, "on") &&
        kith_parser_peek(p, 1)->kind == KITH_TOKEN_DATE) {
        p->at++;
        KITH_TRY(kith_parser_date(p, &out->day, err));
    }
done:
    return status;
}

static kith_status
parse_is(kith_parser *p, kith_node **out, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_pos pos = kith_parser_peek(p, 0)->pos;
    const bool negated = kith_parser_take(p, "not");
    if (kith_parser_take(p, "aged")) {
        KITH_TRY(kith_parser_node(p, out, KITH_NODE_AGED, pos, err));
        KITH_TRY(parse_ages(p, &(*out)->ages, err));
    } else {
        KITH_TRY(kith_parser_node(p, out, KITH_NODE_ROLE,
                                  kith_parser_peek(p, 0)->pos, err));
        KITH_TRY(kith_parser_name(p, &(*out)->name, "a role", err));
    }
    if (negated) {
        kith_node *inner = *out;
        KITH_TRY(kith_parser_node(p, out, KITH_NODE_NOT, pos, err));
        (*out)->child = inner;
    }
done:
    return status;
}

/* "on list NAME" is short for a `list` spell active at the reference date. */
static kith_status
parse_on_list(kith_parser *p, kith_node **out, kith_pos pos, kith_error *err)
{
    kith_status status = KITH_OK;
    const char *name = NULL;
    kith_node *test = NULL;
    KITH_TRY(kith_parser_need(p, "list", err));
    KITH_TRY(kith_parser_name(p, &name, "the name of a list", err));
    KITH_TRY(kith_parser_node(p, &test, KITH_NODE_TEST_CODE, pos, err));
    test->name = "name";
    test->n_words = 1;
    KITH_TRY(kith_parser_keep(p, &test->words, &name, 1, err));
    KITH_TRY(kith_parser_node(p, out, KITH_NODE_HAS, pos, err));
    KITH_TRY(kith_program_alloc(p->program, &(*out)->query, sizeof(kith_query),
                                err));
    *(*out)->query = (kith_query){.pos = pos,
                                  .event = "list",
                                  .tests = test,
                                  .active = true,
                                  .type = UINT32_MAX,
                                  .number = p->program->n_queries++};
done:
    return status;
}

static kith_status
parse_lives(kith_parser *p, kith_node **out, kith_pos pos, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(kith_parser_need(p, "in", err));
    KITH_TRY(kith_parser_node(p, out, KITH_NODE_LIVES, pos, err));
    if (kith_parser_is(p, 0, "{"))
        KITH_TRY(kith_parser_codes(p, &(*out)->words, &(*out)->n_words, err));
    else
        KITH_TRY(kith_parser_name(p, &(*out)->name, "a set of areas", err));
done:
    return status;
}

static kith_status
parse_in_cohort(kith_parser *p, kith_node **out, bool near, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(kith_parser_need(p, "cohort", err));
    KITH_TRY(kith_parser_node(p, out, KITH_NODE_COHORT,
                              kith_parser_peek(p, 0)->pos, err));
    (*out)->near = near;
    KITH_TRY(kith_parser_name(p, &(*out)->name, "the name of a cohort", err));
done:
    return status;
}

static bool
at_simple(const kith_parser *p)
{
    static const char *const starts[] = {"has",  "have", "is",   "are",
                                         "aged", "in",   "near", NULL};
    if (kith_parser_is(p, 0, "near"))
        return kith_parser_is(p, 1, "cohort");
    return kith_parser_is_any(p, 0, starts) ||
           (kith_parser_is(p, 0, "on") && kith_parser_is(p, 1, "list")) ||
           (kith_parser_is(p, 0, "lives") && kith_parser_is(p, 1, "in")) ||
           (kith_parser_is(p, 0, "area") && kith_parser_at_compare(p, 2));
}

static kith_status
parse_simple(kith_parser *p, kith_node **out, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_pos pos = kith_parser_peek(p, 0)->pos;
    if (kith_parser_take(p, "has") || kith_parser_take(p, "have")) {
        KITH_TRY(kith_parser_node(p, out, KITH_NODE_HAS, pos, err));
        return kith_parse_query(p, &(*out)->query, err);
    }
    if (kith_parser_take(p, "is") || kith_parser_take(p, "are"))
        return parse_is(p, out, err);
    if (kith_parser_take(p, "aged")) {
        KITH_TRY(kith_parser_node(p, out, KITH_NODE_AGED, pos, err));
        return parse_ages(p, &(*out)->ages, err);
    }
    if (kith_parser_take(p, "in"))
        return parse_in_cohort(p, out, false, err);
    if (kith_parser_take(p, "near"))
        return parse_in_cohort(p, out, true, err);
    if (kith_parser_take(p, "on"))
        return parse_on_list(p, out, pos, err);
    if (kith_parser_take(p, "lives"))
        return parse_lives(p, out, pos, err);
    if (kith_parser_take(p, "area")) {
        KITH_TRY(kith_parser_node(p, out, KITH_NODE_AREA, pos, err));
        KITH_TRY(kith_parser_name(p, &(*out)->name, "a table", err));
        KITH_TRY(kith_parser_compare(p, &(*out)->op, err));
        return kith_parse_amount(p, &(*out)->child, err);
    }
    status = kith_parser_expected(
        p, "a test: has, is, aged, in cohort, on list, lives in, area", err);
done:
    return status;
}

/* many "of" ("them" | name, ...); the tokens stand at "of". "them" and "all
 * criteria" are filled in by check, which knows the cohort's criteria. */
static kith_status
parse_many_of(kith_parser *p, kith_node *node, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(kith_parser_need(p, "of", err));
    (void)kith_parser_take(p, "the");
    if (kith_parser_take(p, "them") || kith_parser_take(p, "criteria"))
        return KITH_OK;
    kith_node **end = &node->child;
    do {
        kith_node *name = NULL;
        KITH_TRY(kith_parser_node(p, &name, KITH_NODE_NAME,
                                  kith_parser_peek(p, 0)->pos, err));
        KITH_TRY(kith_parser_name(p, &name->name, "a criterion", err));
        *end = name;
        end = &name->next;
    } while (kith_parser_take(p, ","));
done:
    return status;
}

static kith_status
fix_number(kith_parser *p, kith_node *n, uint32_t *out, kith_error *err)
{
    if (n == NULL)
        return KITH_OK;
    if (n->kind != KITH_NODE_NUMBER || n->number > 1e6 ||
        n->number != (double)(uint32_t)n->number)
        return kith_criteria_error(err, p->path, p->text, n->pos,
                                   "expected a whole number");
    *out = (uint32_t)n->number;
    return KITH_OK;
}

/* After the quantifier: ["household"] NOUN ["aged" ages] { "who" simple }. */
static kith_status
parse_who(kith_parser *p, kith_who *who, kith_error *err)
{
    kith_status status = KITH_OK;
    static const char *const everybody[] = {"member", "members", "person",
                                            "people", NULL};
    kith_node *test = NULL;
    kith_node **end = &who->filter;
    if (kith_parser_is(p, 0, "household") &&
        kith_parser_peek(p, 1)->kind == KITH_TOKEN_WORD) {
        p->at++;
        who->household = true;
    }
    if (kith_parser_is_any(p, 0, everybody)) {
        p->at++;
    } else {
        KITH_TRY(kith_parser_node(p, &test, KITH_NODE_ROLE,
                                  kith_parser_peek(p, 0)->pos, err));
        KITH_TRY(
            kith_parser_name(p, &test->name, "member, child, adult ...", err));
        *end = test;
        end = &test->next;
    }
    if (kith_parser_is(p, 0, "aged")) {
        KITH_TRY(parse_simple(p, &test, err));
        *end = test;
        end = &test->next;
    }
    while (kith_parser_take(p, "who")) {
        KITH_TRY(parse_simple(p, &test, err));
        *end = test;
        end = &test->next;
    }
    who->together = kith_parser_take(p, "together");
done:
    return status;
}

static kith_status
parse_meets(kith_parser *p, kith_node **out, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_pos pos = kith_parser_peek(p, 0)->pos;
    if (kith_parser_at_many(p)) {
        kith_node *n = NULL;
        KITH_TRY(kith_parser_node(p, out, KITH_NODE_MANY_OF, pos, err));
        KITH_TRY(kith_parser_many(p, &(*out)->many, &n, err));
        KITH_TRY(fix_number(p, n, &(*out)->n, err));
        return parse_many_of(p, *out, err);
    }
    KITH_TRY(kith_parser_node(p, out, KITH_NODE_NAME, pos, err));
    KITH_TRY(kith_parser_name(p, &(*out)->name, "a criterion", err));
done:
    return status;
}

static kith_status
parse_predicate(kith_parser *p, kith_node **out, kith_error *err)
{
    kith_status status = KITH_OK;
    *out = NULL;
    if (kith_parser_take(p, "meets") || kith_parser_take(p, "meet"))
        return parse_meets(p, out, err);
    if (kith_parser_take(p, "(")) {
        KITH_TRY(kith_parse_cond(p, out, err));
        return kith_parser_need(p, ")", err);
    }
    if (at_simple(p))
        return parse_simple(p, out, err);
done:
    return status;
}

/* At "any", "every", "no", a number of members, or "<who> together". */
static kith_status
parse_quantified(kith_parser *p, kith_node **out, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_pos pos = kith_parser_peek(p, 0)->pos;
    kith_who *who = NULL;
    kith_node *n = NULL;
    KITH_TRY(kith_parser_node(p, out, KITH_NODE_QUANT, pos, err));
    KITH_TRY(kith_program_alloc(p->program, &who, sizeof *who, err));
    (*out)->who = who;
    who->many = KITH_MANY_AT_LEAST;
    who->n = 1;
    if (kith_parser_take(p, "every")) {
        who->many = KITH_MANY_ALL;
    } else if (kith_parser_take(p, "no")) {
        who->many = KITH_MANY_NONE;
    } else if (kith_parser_at_many(p)) {
        KITH_TRY(kith_parser_many(p, &who->many, &n, err));
        KITH_TRY(fix_number(p, n, &who->n, err));
        if (kith_parser_is(p, 0, "of")) {
            (*out)->kind = KITH_NODE_MANY_OF;
            (*out)->many = who->many;
            (*out)->n = who->n;
            (*out)->who = NULL;
            return parse_many_of(p, *out, err);
        }
    } else {
        (void)kith_parser_take(p, "any");
    }
    KITH_TRY(parse_who(p, who, err));
    KITH_TRY(parse_predicate(p, &(*out)->child, err));
    if (who->together &&
        ((*out)->child == NULL || (*out)->child->kind != KITH_NODE_HAS))
        status = kith_parser_expected(p, "\"has\" after \"together\"", err);
done:
    return status;
}

static kith_status
parse_score_test(kith_parser *p, kith_node **out, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_pos pos = kith_parser_peek(p, 0)->pos;
    p->at++;
    KITH_TRY(kith_parser_node(p, out, KITH_NODE_SCORE, pos, err));
    KITH_TRY(kith_parser_name(p, &(*out)->name, "a score", err));
    KITH_TRY(kith_parser_compare(p, &(*out)->op, err));
    KITH_TRY(kith_parse_amount(p, &(*out)->child, err));
done:
    return status;
}

kith_status
kith_parse_atom(kith_parser *p, kith_node **out, kith_error *err)
{
    kith_status status = KITH_OK;
    static const char *const quantifiers[] = {"any", "every", "no", NULL};
    static const char *const goes_on[] = {"together", "aged", "who", NULL};
    if (kith_parser_is_any(p, 0, quantifiers) || kith_parser_at_many(p) ||
        kith_parser_is(p, 0, "household"))
        return parse_quantified(p, out, err);
    if (at_simple(p))
        return parse_simple(p, out, err);
    if (kith_parser_is(p, 0, "meets"))
        return parse_predicate(p, out, err);
    if (kith_parser_is(p, 0, "score") &&
        kith_parser_peek(p, 1)->kind == KITH_TOKEN_WORD)
        return parse_score_test(p, out, err);
    if (kith_parser_peek(p, 0)->kind == KITH_TOKEN_WORD &&
        kith_parser_is_any(p, 1, goes_on))
        return parse_quantified(p, out, err);
    KITH_TRY(kith_parser_node(p, out, KITH_NODE_NAME,
                              kith_parser_peek(p, 0)->pos, err));
    KITH_TRY(kith_parser_name(p, &(*out)->name,
                              "a condition (any member has ..., a criterion)",
                              err));
done:
    return status;
}

static kith_status
parse_unary(kith_parser *p, kith_node **out, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_pos pos = kith_parser_peek(p, 0)->pos;
    KITH_TRY(kith_parser_enter(p, err));
    if (kith_parser_take(p, "not")) {
        KITH_TRY(kith_parser_node(p, out, KITH_NODE_NOT, pos, err));
        KITH_TRY(parse_unary(p, &(*out)->child, err));
    } else if (kith_parser_take(p, "(")) {
        KITH_TRY(kith_parse_cond(p, out, err));
        KITH_TRY(kith_parser_need(p, ")", err));
    } else {
        KITH_TRY(kith_parse_atom(p, out, err));
    }
    p->depth--;
done:
    return status;
}

/* Operands joined by "and" or "or"; one operand stands for itself. */
static kith_status
parse_joined(kith_parser *p, kith_node **out, kith_node_kind kind,
             kith_error *err)
{
    kith_status status = KITH_OK;
    const bool is_and = kind == KITH_NODE_AND;
    const kith_pos pos = kith_parser_peek(p, 0)->pos;
    kith_node *first = NULL;
    kith_node *last = NULL;
    kith_node *join = NULL;
    KITH_TRY(is_and ? parse_unary(p, &first, err)
                    : parse_joined(p, &first, KITH_NODE_AND, err));
    while (kith_parser_take(p, is_and ? "and" : "or")) {
        kith_node *more = NULL;
        if (join == NULL) {
            KITH_TRY(kith_parser_node(p, &join, kind, pos, err));
            join->child = first;
            last = first;
        }
        KITH_TRY(is_and ? parse_unary(p, &more, err)
                        : parse_joined(p, &more, KITH_NODE_AND, err));
        last->next = more;
        last = more;
    }
    *out = join != NULL ? join : first;
done:
    return status;
}

kith_status
kith_parse_cond(kith_parser *p, kith_node **out, kith_error *err)
{
    return parse_joined(p, out, KITH_NODE_OR, err);
}
