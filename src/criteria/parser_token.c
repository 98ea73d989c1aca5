/* What every part of the parser does with tokens. */
#include "base/nearest.h"
#include "criteria/parser.h"

#include <string.h>

/* A nest deeper than this is no rule that a person wrote. */
enum { MAX_DEPTH = 64, MAX_WORDS = 4096 };

const kith_token *
kith_parser_peek(const kith_parser *p, size_t k)
{
    const size_t at = p->at + k;
    return &p->tokens[at < p->n ? at : p->n - 1];
}

bool
kith_parser_is(const kith_parser *p, size_t k, const char *text)
{
    const kith_token *t = kith_parser_peek(p, k);
    return (t->kind == KITH_TOKEN_WORD || t->kind == KITH_TOKEN_MARK) &&
           strcmp(t->text, text) == 0;
}

bool
kith_parser_is_any(const kith_parser *p, size_t k, const char *const *texts)
{
    for (; *texts != NULL; texts++) {
        if (kith_parser_is(p, k, *texts))
            return true;
    }
    return false;
}

bool
kith_parser_take(kith_parser *p, const char *text)
{
    if (!kith_parser_is(p, 0, text))
        return false;
    p->at++;
    return true;
}

kith_status
kith_parser_expected(const kith_parser *p, const char *what, kith_error *err)
{
    const kith_token *t = kith_parser_peek(p, 0);
    if (t->kind == KITH_TOKEN_END)
        return kith_criteria_error(err, p->path, p->text, t->pos,
                                   "expected %s, found the end of the file",
                                   what);
    return kith_criteria_error(err, p->path, p->text, t->pos,
                               "expected %s, found \"%.40s\"", what, t->text);
}

kith_status
kith_parser_need(kith_parser *p, const char *text, kith_error *err)
{
    if (kith_parser_take(p, text))
        return KITH_OK;
    char what[48] = "\"";
    strncat(what, text, sizeof what - 3);
    strcat(what, "\"");
    const kith_status status = kith_parser_expected(p, what, err);
    const kith_token *t = kith_parser_peek(p, 0);
    if (t->kind == KITH_TOKEN_WORD && kith_nearest(t->text, &text, 1) != NULL)
        kith_error_hint(err, "did you mean \"%s\"?", text);
    return status;
}

/* Words that begin or join conditions cannot be names. */
static bool
is_keyword(const char *word)
{
    static const char *const keywords[] = {
        "and",  "or",   "not",  "any",   "every",  "no",    "at",
        "all",  "none", "has",  "have",  "is",     "are",   "in",
        "on",   "of",   "them", "aged",  "who",    "meets", "together",
        "when", "for",  "with", "where", "exactly"};
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++) {
        if (strcmp(word, keywords[i]) == 0)
            return true;
    }
    return false;
}

kith_status
kith_parser_name(kith_parser *p, const char **out, const char *what,
                 kith_error *err)
{
    const kith_token *t = kith_parser_peek(p, 0);
    if (t->kind != KITH_TOKEN_WORD)
        return kith_parser_expected(p, what, err);
    if (is_keyword(t->text)) {
        const kith_status status = kith_parser_expected(p, what, err);
        kith_error_hint(err, "\"%s\" is a word of the language", t->text);
        return status;
    }
    *out = t->text;
    p->at++;
    return KITH_OK;
}

kith_status
kith_parser_code(kith_parser *p, const char **out, kith_error *err)
{
    const kith_token *t = kith_parser_peek(p, 0);
    if (t->kind != KITH_TOKEN_WORD && t->kind != KITH_TOKEN_TEXT &&
        t->kind != KITH_TOKEN_NUMBER)
        return kith_parser_expected(p, "a code", err);
    *out = t->text;
    p->at++;
    return KITH_OK;
}

kith_status
kith_parser_count(kith_parser *p, uint32_t *out, kith_error *err)
{
    const kith_token *t = kith_parser_peek(p, 0);
    if (t->kind != KITH_TOKEN_NUMBER || t->number > 1e6 ||
        t->number != (double)(uint32_t)t->number)
        return kith_parser_expected(p, "a whole number", err);
    *out = (uint32_t)t->number;
    p->at++;
    return KITH_OK;
}

kith_status
kith_parser_date(kith_parser *p, int32_t *out, kith_error *err)
{
    const kith_token *t = kith_parser_peek(p, 0);
    if (t->kind != KITH_TOKEN_DATE) {
        const kith_status status = kith_parser_expected(p, "a date", err);
        kith_error_hint(err, "dates are written yyyy-mm-dd");
        return status;
    }
    *out = t->day;
    p->at++;
    return KITH_OK;
}

kith_status
kith_parser_unit(kith_parser *p, kith_unit *out, kith_error *err)
{
    static const char *const names[] = {"day",   "days",   "week", "weeks",
                                        "month", "months", "year", "years",
                                        "term",  "terms"};
    const kith_token *t = kith_parser_peek(p, 0);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (kith_parser_take(p, names[i])) {
            *out = (kith_unit)(i / 2);
            return KITH_OK;
        }
    }
    const kith_status status =
        kith_parser_expected(p, "days, weeks, months, years or terms", err);
    if (t->kind == KITH_TOKEN_WORD) {
        const char *near = kith_nearest(t->text, names, 10);
        if (near != NULL)
            kith_error_hint(err, "did you mean \"%s\"?", near);
    }
    return status;
}

kith_status
kith_parser_keep(kith_parser *p, const char *const **out,
                 const char *const *words, uint32_t n, kith_error *err)
{
    const char **kept = NULL;
    kith_status status =
        kith_program_alloc(p->program, &kept, n * sizeof *kept, err);
    if (status != KITH_OK)
        return status;
    for (uint32_t i = 0; i < n; i++)
        kept[i] = words[i];
    *out = kept;
    return KITH_OK;
}

kith_status
kith_parser_codes(kith_parser *p, const char *const **words, uint32_t *n,
                  kith_error *err)
{
    kith_status status = KITH_OK;
    const char *list[MAX_WORDS];
    uint32_t k = 0;
    KITH_TRY(kith_parser_need(p, "{", err));
    do {
        if (k == MAX_WORDS)
            return kith_parser_expected(p, "\"}\": the list is too long", err);
        KITH_TRY(kith_parser_code(p, &list[k], err));
        k++;
    } while (kith_parser_take(p, ","));
    KITH_TRY(kith_parser_need(p, "}", err));
    KITH_TRY(kith_parser_keep(p, words, list, k, err));
    *n = k;
done:
    return status;
}

kith_status
kith_parser_node(kith_parser *p, kith_node **out, kith_node_kind kind,
                 kith_pos pos, kith_error *err)
{
    kith_status status = kith_program_alloc(p->program, out, sizeof **out, err);
    if (status != KITH_OK)
        return status;
    (*out)->kind = kind;
    (*out)->pos = pos;
    return KITH_OK;
}

kith_status
kith_parser_enter(kith_parser *p, kith_error *err)
{
    if (++p->depth <= MAX_DEPTH)
        return KITH_OK;
    return kith_criteria_error(err, p->path, p->text,
                               kith_parser_peek(p, 0)->pos,
                               "nested more than %d deep", MAX_DEPTH);
}

bool
kith_parser_at_many(const kith_parser *p)
{
    static const char *const starts[] = {"exactly", "all", "none", NULL};
    return kith_parser_is_any(p, 0, starts) ||
           (kith_parser_is(p, 0, "at") &&
            (kith_parser_is(p, 1, "least") || kith_parser_is(p, 1, "most")));
}

kith_status
kith_parser_many(kith_parser *p, kith_many *many, kith_node **n,
                 kith_error *err)
{
    *n = NULL;
    if (kith_parser_take(p, "all")) {
        *many = KITH_MANY_ALL;
        return KITH_OK;
    }
    if (kith_parser_take(p, "none")) {
        *many = KITH_MANY_NONE;
        return KITH_OK;
    }
    *many = KITH_MANY_EXACTLY;
    if (kith_parser_take(p, "at")) {
        *many = kith_parser_is(p, 0, "least") ? KITH_MANY_AT_LEAST
                                              : KITH_MANY_AT_MOST;
    }
    p->at++; /* least, most or exactly */
    return kith_parse_amount(p, n, err);
}

bool
kith_parser_at_compare(const kith_parser *p, size_t k)
{
    static const char *const ops[] = {"=", "!=", "<", "<=", ">", ">=", NULL};
    return kith_parser_is_any(p, k, ops);
}

kith_status
kith_parser_compare(kith_parser *p, kith_compare_op *op, kith_error *err)
{
    static const char *const ops[] = {"=", "!=", "<", "<=", ">", ">="};
    for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++) {
        if (kith_parser_take(p, ops[i])) {
            *op = (kith_compare_op)i;
            return KITH_OK;
        }
    }
    return kith_parser_expected(p, "a comparison such as >= 3", err);
}
