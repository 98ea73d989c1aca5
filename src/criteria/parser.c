/* Files, calendars, cohorts and their items. */
#include "criteria/parser.h"

#include "base/alloc.h"
#include "base/date.h"
#include "base/nearest.h"
#include "io/in.h"

#include <string.h>

enum { MAX_FILE_BYTES = 1024 * 1024, MAX_COHORTS = 1000 };

static const char *const item_words[] = {
    "title",  "purpose", "level",  "evidence",  "include", "exclude", "param",
    "set",    "scale",   "table",  "criterion", "score",   "define",  "flag",
    "cohort", "terms",   "events", "registers", NULL};

kith_status
kith_parse_no_item(const kith_parser *p, kith_error *err)
{
    const kith_token *t = kith_parser_peek(p, 0);
    const kith_status status = kith_parser_expected(
        p, "criterion, param, set, flag or another item", err);
    if (t->kind == KITH_TOKEN_WORD) {
        const char *near = kith_nearest(
            t->text, item_words, sizeof item_words / sizeof item_words[0] - 1);
        if (near != NULL)
            kith_error_hint(err, "did you mean \"%s\"?", near);
    }
    return status;
}

static kith_status
parse_cohort(kith_parser *p, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_program *g = p->program;
    kith_cohort *c = NULL;
    KITH_TRY(kith_program_alloc(g, &c, sizeof *c, err));
    p->cohort = c;
    c->path = p->path;
    c->text = p->text;
    c->terms = p->terms;
    c->pos = kith_parser_peek(p, 0)->pos;
    c->title = "";
    c->purpose = "";
    c->until = INT32_MAX;
    KITH_TRY(kith_parser_name(p, &c->name, "the cohort's name", err));
    KITH_TRY(kith_parser_need(p, "version", err));
    const kith_pos version = kith_parser_peek(p, 0)->pos;
    KITH_TRY(kith_parser_code(p, &c->version, err));
    if (strpbrk(c->version, ",\"\n") != NULL || strlen(c->version) > 32)
        return kith_criteria_error(err, p->path, p->text, version,
                                   "a version is short and has no comma");
    KITH_TRY(kith_parser_need(p, "from", err));
    KITH_TRY(kith_parser_date(p, &c->from, err));
    if (kith_parser_take(p, "until"))
        KITH_TRY(kith_parser_date(p, &c->until, err));
    while (!kith_parser_is(p, 0, "cohort") && !kith_parser_is(p, 0, "terms") &&
           !kith_parser_is(p, 0, "events") &&
           !kith_parser_is(p, 0, "registers") &&
           kith_parser_peek(p, 0)->kind != KITH_TOKEN_END)
        KITH_TRY(kith_parse_item(p, err));
    if (g->n_cohorts == MAX_COHORTS)
        return kith_criteria_error(err, p->path, p->text, c->pos,
                                   "more than %d cohorts", MAX_COHORTS);
    KITH_TRY(
        KITH_GROW(&g->cohorts, &g->cohorts_cap, (size_t)g->n_cohorts + 1, err));
    g->cohorts[g->n_cohorts++] = c;
done:
    return status;
}

/* NAME { "," NAME } */
static kith_status
parse_names(kith_parser *p, const char ***names, uint32_t *n, size_t *cap,
            kith_error *err)
{
    kith_status status = KITH_OK;
    do {
        KITH_TRY(KITH_GROW(names, cap, (size_t)*n + 1, err));
        KITH_TRY(kith_parser_name(p, &(*names)[*n], "an event", err));
        ++*n;
    } while (kith_parser_take(p, ","));
done:
    return status;
}

/* The day of a yearly term as month * 100 + day. */
static kith_status
parse_month_day(kith_parser *p, int32_t *out, kith_error *err)
{
    static const char *const months[] = {"jan", "feb", "mar", "apr",
                                         "may", "jun", "jul", "aug",
                                         "sep", "oct", "nov", "dec"};
    kith_status status = KITH_OK;
    uint32_t day = 0;
    const kith_pos pos = kith_parser_peek(p, 0)->pos;
    KITH_TRY(kith_parser_count(p, &day, err));
    for (uint8_t m = 1; m <= 12; m++) {
        if (!kith_parser_take(p, months[m - 1]))
            continue;
        /* 29 February is in no calendar of every year. */
        const kith_ymd ymd = {2001, m, (uint8_t)(day <= 31 ? day : 0)};
        if (!kith_ymd_valid(ymd))
            return kith_criteria_error(err, p->path, p->text, pos,
                                       "no such day in every year");
        *out = m * 100 + (int32_t)day;
        return KITH_OK;
    }
    status = kith_parser_expected(p, "a month: jan, feb ... dec", err);
done:
    return status;
}

static kith_status
parse_terms(kith_parser *p, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(kith_program_alloc(p->program, &p->terms, sizeof *p->terms, err));
    kith_term_span **end = &p->terms->spans;
    do {
        KITH_TRY(kith_program_alloc(p->program, end, sizeof **end, err));
        kith_term_span *s = *end;
        s->pos = kith_parser_peek(p, 0)->pos;
        s->yearly = kith_parser_peek(p, 0)->kind == KITH_TOKEN_NUMBER;
        KITH_TRY(s->yearly ? parse_month_day(p, &s->from, err)
                           : kith_parser_date(p, &s->from, err));
        KITH_TRY(kith_parser_need(p, "to", err));
        KITH_TRY(s->yearly ? parse_month_day(p, &s->to, err)
                           : kith_parser_date(p, &s->to, err));
        if (s->to < s->from)
            return kith_criteria_error(err, p->path, p->text, s->pos,
                                       "this term ends before it begins");
        end = &s->next;
    } while (kith_parser_take(p, ","));
done:
    return status;
}

static kith_status
keep_source(const kith_parser *p, kith_error *err)
{
    kith_source **end = &p->program->sources;
    while (*end != NULL)
        end = &(*end)->next;
    const kith_status status =
        kith_program_alloc(p->program, end, sizeof **end, err);
    if (status == KITH_OK)
        **end = (kith_source){p->path, p->text, NULL};
    return status;
}

kith_status
kith_parse_text(kith_program *program, const char *path, const char *text,
                size_t n, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_parser p = {.program = program};
    kith_token *tokens = NULL;
    if (n > MAX_FILE_BYTES || memchr(text, '\0', n) != NULL)
        return kith_error_set(err, KITH_ERR_CONFIG,
                              "%s: not a criteria file (over 1 MiB, or it "
                              "holds a NUL byte)",
                              path);
    /* Cohorts keep path and text for the carets of later checks. */
    KITH_TRY(kith_program_text(program, &p.path, path, strlen(path), err));
    KITH_TRY(kith_program_text(program, &p.text, text, n, err));
    KITH_TRY(keep_source(&p, err));
    KITH_TRY(kith_lex(program, p.path, p.text, n, &tokens, &p.n, err));
    p.tokens = tokens;
    while (kith_parser_peek(&p, 0)->kind != KITH_TOKEN_END) {
        if (kith_parser_take(&p, "cohort"))
            KITH_TRY(parse_cohort(&p, err));
        else if (kith_parser_take(&p, "terms"))
            KITH_TRY(parse_terms(&p, err));
        else if (kith_parser_take(&p, "events"))
            KITH_TRY(parse_names(&p, &program->events, &program->n_events,
                                 &program->events_cap, err));
        else if (kith_parser_take(&p, "registers"))
            KITH_TRY(parse_names(&p, &program->registers, &program->n_registers,
                                 &program->registers_cap, err));
        else
            KITH_TRY(kith_parse_no_item(&p, err));
    }
done:
    return status;
}

kith_status
kith_parse_file(kith_program *program, const char *path, kith_error *err)
{
    char *text = NULL;
    size_t n = 0;
    kith_status status =
        kith_in_slurp(&text, &n, path, (size_t)MAX_FILE_BYTES + 1, err);
    if (status == KITH_OK)
        status = kith_parse_text(program, path, text, n, err);
    kith_free(text);
    return status;
}
