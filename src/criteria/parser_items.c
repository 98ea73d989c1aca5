/* What stands inside a cohort: parameters, sets, criteria, the flag. */
#include "criteria/parser.h"

#include <string.h>

/* Checks and evaluation recurse from criterion to criterion. */
enum { MAX_AREAS = 1024, MAX_CRITERIA = 256 };

static kith_status
parse_param_value(kith_parser *p, kith_param_value *v, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_token *t = kith_parser_peek(p, 0);
    v->pos = t->pos;
    v->from = INT32_MIN;
    v->until = INT32_MAX;
    if (t->kind != KITH_TOKEN_NUMBER)
        return kith_parser_expected(p, "a number", err);
    p->at++;
    v->number = kith_parser_take(p, "%") ? t->number / 100 : t->number;
    if (kith_parser_take(p, "from"))
        KITH_TRY(kith_parser_date(p, &v->from, err));
    if (kith_parser_take(p, "until"))
        KITH_TRY(kith_parser_date(p, &v->until, err));
    if (kith_parser_peek(p, 0)->kind == KITH_TOKEN_TEXT) {
        v->source = kith_parser_peek(p, 0)->text;
        p->at++;
    }
done:
    return status;
}

static kith_status
parse_param(kith_parser *p, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_param *param = NULL;
    KITH_TRY(kith_program_alloc(p->program, &param, sizeof *param, err));
    param->pos = kith_parser_peek(p, 0)->pos;
    KITH_TRY(kith_parser_name(p, &param->name, "the parameter's name", err));
    KITH_TRY(kith_parser_need(p, "=", err));
    kith_param_value **end = &param->values;
    do {
        KITH_TRY(kith_program_alloc(p->program, end, sizeof **end, err));
        KITH_TRY(parse_param_value(p, *end, err));
        end = &(*end)->next;
    } while (kith_parser_take(p, ","));
    param->next = p->cohort->params;
    p->cohort->params = param;
done:
    return status;
}

/* "set" NAME = {a, b} or "scale" NAME = a < b < c */
static kith_status
parse_set(kith_parser *p, bool scale, kith_error *err)
{
    enum { MAX_STEPS = 32 };
    kith_status status = KITH_OK;
    kith_set *set = NULL;
    KITH_TRY(kith_program_alloc(p->program, &set, sizeof *set, err));
    set->pos = kith_parser_peek(p, 0)->pos;
    set->scale = scale;
    KITH_TRY(kith_parser_name(p, &set->name, "the set's name", err));
    KITH_TRY(kith_parser_need(p, "=", err));
    if (scale) {
        const char *steps[MAX_STEPS];
        do {
            if (set->n_words == MAX_STEPS)
                return kith_parser_expected(p, "a shorter scale", err);
            KITH_TRY(kith_parser_code(p, &steps[set->n_words], err));
            set->n_words++;
        } while (kith_parser_take(p, "<"));
        KITH_TRY(kith_parser_keep(p, &set->words, steps, set->n_words, err));
    } else {
        KITH_TRY(kith_parser_codes(p, &set->words, &set->n_words, err));
    }
    set->next = p->cohort->sets;
    p->cohort->sets = set;
done:
    return status;
}

/* "table" NAME = {area: number, ...} */
static kith_status
parse_table(kith_parser *p, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_area_table *table = NULL;
    const char *areas[MAX_AREAS];
    double values[MAX_AREAS];
    double *kept = NULL;
    KITH_TRY(kith_program_alloc(p->program, &table, sizeof *table, err));
    table->pos = kith_parser_peek(p, 0)->pos;
    KITH_TRY(kith_parser_name(p, &table->name, "the table's name", err));
    KITH_TRY(kith_parser_need(p, "=", err));
    KITH_TRY(kith_parser_need(p, "{", err));
    do {
        if (table->n == MAX_AREAS)
            return kith_parser_expected(p, "a shorter table", err);
        KITH_TRY(kith_parser_code(p, &areas[table->n], err));
        KITH_TRY(kith_parser_need(p, ":", err));
        if (kith_parser_peek(p, 0)->kind != KITH_TOKEN_NUMBER)
            return kith_parser_expected(p, "a number", err);
        values[table->n++] = kith_parser_peek(p, 0)->number;
        p->at++;
    } while (kith_parser_take(p, ","));
    KITH_TRY(kith_parser_need(p, "}", err));
    KITH_TRY(kith_parser_keep(p, &table->areas, areas, table->n, err));
    KITH_TRY(
        kith_program_alloc(p->program, &kept, table->n * sizeof *kept, err));
    memcpy(kept, values, table->n * sizeof *kept);
    table->values = kept;
    table->next = p->cohort->tables;
    p->cohort->tables = table;
done:
    return status;
}

static kith_status
parse_weights(kith_parser *p, kith_criterion *c, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_weight **end = &c->weights;
    while (kith_parser_peek(p, 0)->kind == KITH_TOKEN_NUMBER) {
        KITH_TRY(kith_program_alloc(p->program, end, sizeof **end, err));
        (*end)->weight = kith_parser_peek(p, 0)->number;
        p->at++;
        KITH_TRY(kith_parser_need(p, "for", err));
        if (kith_parser_take(p, "(")) {
            KITH_TRY(kith_parse_cond(p, &(*end)->cond, err));
            KITH_TRY(kith_parser_need(p, ")", err));
        } else {
            KITH_TRY(kith_parse_atom(p, &(*end)->cond, err));
        }
        end = &(*end)->next;
    }
    if (c->weights == NULL)
        status = kith_parser_expected(p, "a weight such as 2 for ...", err);
done:
    return status;
}

/* "criterion" and "score" NAME [TEXT] ..., "define" NAME "as" ... */
static kith_status
parse_criterion(kith_parser *p, kith_criterion_kind kind, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_criterion *c = NULL;
    KITH_TRY(kith_program_alloc(p->program, &c, sizeof *c, err));
    c->kind = kind;
    c->pos = kith_parser_peek(p, 0)->pos;
    c->title = "";
    KITH_TRY(kith_parser_name(p, &c->name, "a name", err));
    if (kind == KITH_CRITERION_DEFINE) {
        KITH_TRY(kith_parser_need(p, "as", err));
    } else if (kith_parser_peek(p, 0)->kind == KITH_TOKEN_TEXT) {
        c->title = kith_parser_peek(p, 0)->text;
        p->at++;
    }
    KITH_TRY(kind == KITH_CRITERION_SCORE ? parse_weights(p, c, err)
                                          : kith_parse_cond(p, &c->cond, err));
    kith_criterion **end = &p->cohort->criteria;
    uint32_t n = 0;
    for (; *end != NULL; end = &(*end)->next)
        n++;
    c->number = n;
    if (n == MAX_CRITERIA) {
        status = kith_criteria_error(err, p->path, p->text, c->pos,
                                     "more than %d criteria in one cohort",
                                     MAX_CRITERIA);
        kith_error_hint(err, "make two cohorts, and a third that asks for "
                             "\"in cohort\" of both");
        goto done;
    }
    *end = c;
    p->cohort->n_named = n + 1;
    p->cohort->n_criteria += kind == KITH_CRITERION;
done:
    return status;
}

static kith_status
parse_cap(kith_parser *p, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_cap *cap = NULL;
    KITH_TRY(kith_program_alloc(p->program, &cap, sizeof *cap, err));
    cap->pos = kith_parser_peek(p, 0)->pos;
    KITH_TRY(kith_parser_name(p, &cap->role, "a role", err));
    KITH_TRY(kith_parser_node(p, &cap->test, KITH_NODE_ROLE, cap->pos, err));
    cap->test->name = cap->role;
    KITH_TRY(kith_parser_need(p, "at", err));
    KITH_TRY(kith_parser_count(p, &cap->n, err));
    if (!kith_parser_take(p, "criteria"))
        KITH_TRY(kith_parser_need(p, "criterion", err));
    cap->next = p->cohort->caps;
    p->cohort->caps = cap;
done:
    return status;
}

static kith_status
parse_when(kith_parser *p, kith_node **out, kith_error *err)
{
    kith_status status = KITH_OK;
    if (*out != NULL) {
        status = kith_criteria_error(err, p->path, p->text,
                                     kith_parser_peek(p, 0)->pos,
                                     "said twice in this cohort");
        kith_error_hint(err, "join the two conditions with and, or");
        return status;
    }
    KITH_TRY(kith_parser_need(p, "when", err));
    KITH_TRY(kith_parse_cond(p, out, err));
done:
    return status;
}

static kith_status
parse_tier(kith_parser *p, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_tier **end = &p->cohort->tiers;
    while (*end != NULL)
        end = &(*end)->next;
    KITH_TRY(kith_program_alloc(p->program, end, sizeof **end, err));
    (*end)->pos = kith_parser_peek(p, 0)->pos;
    KITH_TRY(kith_parser_name(p, &(*end)->name, "the tier's name", err));
    KITH_TRY(parse_when(p, &(*end)->cond, err));
done:
    return status;
}

static kith_status
parse_flag(kith_parser *p, kith_error *err)
{
    kith_status status = KITH_OK;
    for (bool any = false;; any = true) {
        if (kith_parser_take(p, "yes"))
            KITH_TRY(parse_when(p, &p->cohort->yes, err));
        else if (kith_parser_is(p, 0, "near") && kith_parser_is(p, 1, "when")) {
            p->at++;
            KITH_TRY(parse_when(p, &p->cohort->near, err));
        } else if (kith_parser_take(p, "tier"))
            KITH_TRY(parse_tier(p, err));
        else if (kith_parser_take(p, "cap"))
            KITH_TRY(parse_cap(p, err));
        else if (any)
            return KITH_OK;
        else
            return kith_parser_expected(p, "yes, near, tier or cap", err);
    }
done:
    return status;
}

static kith_status
parse_text(kith_parser *p, const char **out, kith_error *err)
{
    const kith_token *t = kith_parser_peek(p, 0);
    if (t->kind != KITH_TOKEN_TEXT)
        return kith_parser_expected(p, "a text in double quotes", err);
    *out = t->text;
    p->at++;
    return KITH_OK;
}

static kith_status
parse_level(kith_parser *p, kith_error *err)
{
    p->cohort->level_said = true;
    if (kith_parser_take(p, "person"))
        p->cohort->level = KITH_LEVEL_PERSON;
    else if (kith_parser_take(p, "family"))
        p->cohort->level = KITH_LEVEL_FAMILY;
    else if (kith_parser_take(p, "household"))
        p->cohort->level = KITH_LEVEL_HOUSEHOLD;
    else
        return kith_parser_expected(p, "person, family or household", err);
    return KITH_OK;
}

static kith_status
parse_evidence(kith_parser *p, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_cohort *c = p->cohort;
    if (kith_parser_take(p, "all")) {
        c->all_members = true;
        KITH_TRY(kith_parser_need(p, "members", err));
    } else if (!kith_parser_take(p, "own")) {
        return kith_parser_expected(p, "own or all members", err);
    }
    (void)kith_parser_take(p, ",");
    if (!kith_parser_take(p, "of"))
        goto done;
    KITH_TRY(kith_parser_need(p, "last", err));
    const kith_pos pos = kith_parser_peek(p, 0)->pos;
    KITH_TRY(kith_parser_count(p, &c->kept, err));
    KITH_TRY(kith_parser_unit(p, &c->kept_unit, err));
    if (c->kept == 0 || c->kept_unit == KITH_UNIT_TERM)
        return kith_criteria_error(err, p->path, p->text, pos,
                                   "evidence is kept for days, weeks, months "
                                   "or years");
done:
    return status;
}

kith_status
kith_parse_item(kith_parser *p, kith_error *err)
{
    kith_cohort *c = p->cohort;
    if (kith_parser_take(p, "title"))
        return parse_text(p, &c->title, err);
    if (kith_parser_take(p, "purpose"))
        return parse_text(p, &c->purpose, err);
    if (kith_parser_take(p, "level"))
        return parse_level(p, err);
    if (kith_parser_take(p, "evidence"))
        return parse_evidence(p, err);
    if (kith_parser_take(p, "include"))
        return parse_when(p, &c->include, err);
    if (kith_parser_take(p, "exclude"))
        return parse_when(p, &c->exclude, err);
    if (kith_parser_take(p, "param"))
        return parse_param(p, err);
    if (kith_parser_take(p, "set"))
        return parse_set(p, false, err);
    if (kith_parser_take(p, "scale"))
        return parse_set(p, true, err);
    if (kith_parser_take(p, "table"))
        return parse_table(p, err);
    if (kith_parser_take(p, "criterion"))
        return parse_criterion(p, KITH_CRITERION, err);
    if (kith_parser_take(p, "score"))
        return parse_criterion(p, KITH_CRITERION_SCORE, err);
    if (kith_parser_take(p, "define"))
        return parse_criterion(p, KITH_CRITERION_DEFINE, err);
    if (kith_parser_take(p, "flag"))
        return parse_flag(p, err);
    return kith_parse_no_item(p, err);
}
