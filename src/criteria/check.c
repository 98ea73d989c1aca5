#include "criteria/check.h"

#include "base/alloc.h"
#include "base/date.h"
#include "base/nearest.h"
#include "criteria/terms.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

kith_status
kith_check_error(const kith_checker *c, kith_error *err, kith_pos pos,
                 const char *format, ...)
{
    char reason[200];
    va_list args;
    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    return kith_criteria_error(err, c->cohort->path, c->cohort->text, pos, "%s",
                               reason);
}

kith_status
kith_check_hinted(kith_status status, kith_error *err, const char *hint)
{
    kith_error_hint(err, "%s", hint);
    return status;
}

void
kith_check_hint(kith_error *err, const char *word, const char *const *words,
                size_t n)
{
    const char *near = n > 0 ? kith_nearest(word, words, n) : NULL;
    if (near != NULL)
        kith_error_hint(err, "did you mean \"%s\"?", near);
}

const kith_set *
kith_check_set(const kith_checker *c, const char *name, bool scale)
{
    for (const kith_set *s = c->cohort->sets; s != NULL; s = s->next) {
        if (s->scale == scale && strcmp(s->name, name) == 0)
            return s;
    }
    return NULL;
}

static kith_status
said_twice(const kith_checker *c, kith_error *err, kith_pos pos,
           const char *name)
{
    return kith_check_error(c, err, pos, "\"%s\" is named twice in this cohort",
                            name);
}

/* The value in force; effective dates must not overlap. */
static kith_status
bind_param(kith_checker *c, kith_param *p, kith_error *err)
{
    const kith_param_value *found = NULL;
    for (const kith_param *q = p->next; q != NULL; q = q->next) {
        if (strcmp(q->name, p->name) == 0)
            return said_twice(c, err, p->pos, p->name);
    }
    for (const kith_param_value *a = p->values; a != NULL; a = a->next) {
        if (a->from > a->until)
            return kith_check_error(c, err, a->pos,
                                    "this value ends before it begins");
        for (const kith_param_value *b = a->next; b != NULL; b = b->next) {
            if (a->from <= b->until && b->from <= a->until)
                return kith_check_hinted(
                    kith_check_error(
                        c, err, b->pos,
                        "two values of \"%s\" are in force on the same day",
                        p->name),
                    err,
                    "a day in \"until\" is included: begin the next value a "
                    "day later");
        }
        if (a->from <= c->day && c->day <= a->until)
            found = a;
    }
    if (found != NULL) {
        p->number = found->number;
        return KITH_OK;
    }
    if (!kith_cohort_in_force(c->cohort, c->day))
        return KITH_OK;
    char day[16];
    kith_date_format_iso(day, c->day);
    return kith_check_hinted(kith_check_error(c, err, p->pos,
                                              "\"%s\" has no value on %s",
                                              p->name, day),
                             err, "add a value that is in force on that day");
}

static kith_status
bind_sets(kith_checker *c, kith_error *err)
{
    kith_status status = KITH_OK;
    for (kith_set *s = c->cohort->sets; s != NULL; s = s->next) {
        for (const kith_set *o = s->next; o != NULL; o = o->next) {
            if (strcmp(o->name, s->name) == 0)
                return said_twice(c, err, s->pos, s->name);
        }
        KITH_TRY(kith_check_texts(c, &s->texts, s->words, s->n_words, err));
    }
done:
    return status;
}

/* A walk over the criteria that a condition names: finds cycles, and whether
 * the condition needs one person to be about. */
static kith_status walk_criterion(kith_checker *c, kith_criterion *k,
                                  kith_pos pos, kith_error *err);

static kith_status
walk_name(kith_checker *c, const kith_node *node, bool *person, kith_error *err)
{
    kith_criterion *k = node->kind == KITH_NODE_ROLE
                            ? kith_check_define(c, node->name)
                            : kith_check_find(c, node->name);
    if (k == NULL)
        return KITH_OK; /* said by kith_check_cond, with a hint */
    const kith_status status = walk_criterion(c, k, node->pos, err);
    *person = *person || k->of_person;
    return status;
}

static kith_status
walk_cond(kith_checker *c, const kith_node *node, bool *person, kith_error *err)
{
    kith_status status = KITH_OK;
    bool ignored = false; /* what a quantifier binds needs nobody outside */
    if (node->kind == KITH_NODE_NAME || node->kind == KITH_NODE_SCORE)
        return walk_name(c, node, person, err);
    if (node->kind == KITH_NODE_ROLE)
        KITH_TRY(walk_name(c, node, &ignored, err));
    if (node->kind == KITH_NODE_HAS || node->kind == KITH_NODE_ROLE ||
        node->kind == KITH_NODE_AGED)
        *person = true;
    if (node->kind == KITH_NODE_QUANT) {
        person = &ignored;
        for (const kith_node *f = node->who->filter; f != NULL; f = f->next)
            KITH_TRY(walk_cond(c, f, person, err));
    }
    if (node->kind == KITH_NODE_HAS)
        return KITH_OK;
    for (const kith_node *k = node->child; k != NULL; k = k->next)
        KITH_TRY(walk_cond(c, k, person, err));
done:
    return status;
}

static kith_status
walk_criterion(kith_checker *c, kith_criterion *k, kith_pos pos,
               kith_error *err)
{
    kith_status status = KITH_OK;
    if (k->mark == 2)
        return KITH_OK;
    if (k->mark == 1)
        return kith_check_hinted(
            kith_check_error(c, err, pos, "\"%s\" is defined by itself",
                             k->name),
            err, "say it without itself: follow the names from here");
    k->mark = 1;
    k->of_person = k->kind == KITH_CRITERION_DEFINE;
    if (k->cond != NULL)
        KITH_TRY(walk_cond(c, k->cond, &k->of_person, err));
    for (const kith_weight *w = k->weights; w != NULL; w = w->next)
        KITH_TRY(walk_cond(c, w->cond, &k->of_person, err));
    k->mark = 2;
done:
    return status;
}

static kith_status
check_criteria(kith_checker *c, kith_error *err)
{
    kith_status status = KITH_OK;
    for (kith_criterion *k = c->cohort->criteria; k != NULL; k = k->next) {
        for (const kith_criterion *o = k->next; o != NULL; o = o->next) {
            if (strcmp(o->name, k->name) == 0)
                return said_twice(c, err, o->pos, o->name);
        }
        KITH_TRY(walk_criterion(c, k, k->pos, err));
    }
    for (kith_criterion *k = c->cohort->criteria; k != NULL; k = k->next) {
        const bool bound =
            k->of_person || c->cohort->level == KITH_LEVEL_PERSON;
        if (k->cond != NULL)
            KITH_TRY(kith_check_cond(c, k->cond, bound, err));
        for (const kith_weight *w = k->weights; w != NULL; w = w->next)
            KITH_TRY(kith_check_cond(c, w->cond, bound, err));
    }
done:
    return status;
}

static kith_status
check_flag(kith_checker *c, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_cohort *k = c->cohort;
    const bool bound = k->level == KITH_LEVEL_PERSON;
    if (k->yes == NULL) {
        status = kith_check_error(c, err, k->pos,
                                  "cohort \"%s\" never says yes", k->name);
        kith_error_hint(err, "add: flag yes when ...");
        return status;
    }
    KITH_TRY(kith_check_cond(c, k->yes, bound, err));
    if (k->near != NULL)
        KITH_TRY(kith_check_cond(c, k->near, bound, err));
    if (k->include != NULL)
        KITH_TRY(kith_check_cond(c, k->include, bound, err));
    if (k->exclude != NULL)
        KITH_TRY(kith_check_cond(c, k->exclude, bound, err));
    for (kith_tier *t = k->tiers; t != NULL; t = t->next)
        KITH_TRY(kith_check_cond(c, t->cond, bound, err));
    for (kith_cap *cap = k->caps; cap != NULL; cap = cap->next) {
        if (bound)
            return kith_check_error(c, err, cap->pos,
                                    "a cap needs members: level family");
        KITH_TRY(kith_check_cond(c, cap->test, true, err));
    }
done:
    return status;
}

static kith_status
check_dates(kith_checker *c, kith_error *err)
{
    const kith_cohort *k = c->cohort;
    if (k->until < k->from)
        return kith_check_error(c, err, k->pos,
                                "this cohort ends before it begins");
    for (uint32_t i = 0; i < c->program->n_cohorts; i++) {
        const kith_cohort *o = c->program->cohorts[i];
        if (o == k)
            break;
        if (strcmp(o->name, k->name) != 0)
            continue;
        if (strcmp(o->version, k->version) == 0)
            return kith_check_hinted(
                kith_check_error(c, err, k->pos,
                                 "version %s of \"%s\" is defined twice",
                                 k->version, k->name),
                err, "give the newer definition a version of its own");
        if (o->from <= k->until && k->from <= o->until)
            return kith_check_hinted(
                kith_check_error(
                    c, err, k->pos,
                    "versions %s and %s of \"%s\" are in force on the same day",
                    o->version, k->version, k->name),
                err,
                "end the older with \"until\" the day before the newer begins");
    }
    return KITH_OK;
}

static kith_status
check_cohort(kith_checker *c, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_pos pos = {0};
    if (!c->cohort->level_said) {
        status = kith_check_error(c, err, c->cohort->pos,
                                  "who is this cohort about?");
        kith_error_hint(err, "add: level person, level family or "
                             "level household");
        return status;
    }
    if (c->cohort->terms != NULL && kith_terms_overlap(c->cohort->terms, &pos))
        return kith_check_hinted(
            kith_check_error(c, err, pos, "this term overlaps another"), err,
            "a term ends before the next begins");
    KITH_TRY(check_dates(c, err));
    c->cohort->oldest = c->cohort->kept == 0
                            ? INT32_MIN
                            : kith_add_units(c->day, -(int64_t)c->cohort->kept,
                                             c->cohort->kept_unit) +
                                  1;
    for (kith_param *p = c->cohort->params; p != NULL; p = p->next)
        KITH_TRY(bind_param(c, p, err));
    KITH_TRY(bind_sets(c, err));
    KITH_TRY(check_criteria(c, err));
    KITH_TRY(check_flag(c, err));
    KITH_TRY(kith_check_contradictions(c, err));
done:
    return status;
}

/* Cohorts that others refer to come first; a cycle is an error. */
typedef struct sorter {
    kith_checker *checker;
    uint8_t *mark;
    uint32_t n;
} sorter;

static kith_status order_cohort(sorter *s, uint32_t number,
                                const kith_node *from, kith_error *err);

static kith_status
refer(sorter *s, const kith_node *node, kith_error *err)
{
    s->checker->cohort->refers = true;
    return order_cohort(s, node->cohort, node, err);
}

static kith_status
order_cond(sorter *s, const kith_node *node, kith_error *err)
{
    kith_status status = KITH_OK;
    if (node == NULL)
        return KITH_OK;
    if (node->kind == KITH_NODE_COHORT)
        return refer(s, node, err);
    if (node->kind == KITH_NODE_QUANT) {
        for (const kith_node *f = node->who->filter; f != NULL; f = f->next)
            KITH_TRY(order_cond(s, f, err));
    }
    for (const kith_node *k = node->child; k != NULL; k = k->next)
        KITH_TRY(order_cond(s, k, err));
done:
    return status;
}

static kith_status
order_cohort(sorter *s, uint32_t number, const kith_node *from, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_cohort *k = s->checker->program->cohorts[number];
    if (s->mark[number] == 2)
        return KITH_OK;
    if (s->mark[number] == 1)
        return kith_check_hinted(
            kith_check_error(s->checker, err, from->pos,
                             "cohort \"%s\" refers to itself", k->name),
            err, "of two cohorts only one can refer to the other");
    s->mark[number] = 1;
    kith_cohort *outer = s->checker->cohort;
    s->checker->cohort = s->checker->program->cohorts[number];
    for (const kith_criterion *c = k->criteria; c != NULL; c = c->next) {
        KITH_TRY(order_cond(s, c->cond, err));
        for (const kith_weight *w = c->weights; w != NULL; w = w->next)
            KITH_TRY(order_cond(s, w->cond, err));
    }
    KITH_TRY(order_cond(s, k->include, err));
    KITH_TRY(order_cond(s, k->exclude, err));
    KITH_TRY(order_cond(s, k->yes, err));
    KITH_TRY(order_cond(s, k->near, err));
    for (const kith_tier *t = k->tiers; t != NULL; t = t->next)
        KITH_TRY(order_cond(s, t->cond, err));
    s->checker->cohort = outer;
    s->mark[number] = 2;
    s->checker->program->order[s->n++] = number;
done:
    return status;
}

kith_status
kith_check(kith_program *program, kith_vocabulary *v, const kith_people *people,
           int32_t day, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_checker c = {.program = program, .v = v, .people = people, .day = day};
    sorter s = {.checker = &c};
    for (uint32_t i = 0; i < program->n_events; i++)
        KITH_TRY(kith_vocabulary_declare(v, program->events[i], false, err));
    for (uint32_t i = 0; i < program->n_registers; i++)
        KITH_TRY(kith_vocabulary_declare(v, program->registers[i], true, err));
    for (uint32_t i = 0; i < program->n_cohorts; i++) {
        c.cohort = program->cohorts[i];
        KITH_TRY(check_cohort(&c, err));
    }
    /* Read whatever the criteria ask: the dead are in no cohort. */
    v->types[v->death].used = v->types[v->death].sent;
    KITH_TRY(KITH_ALLOC(&program->order, (size_t)program->n_cohorts + 1, err));
    KITH_TRY(KITH_ALLOC(&s.mark, (size_t)program->n_cohorts + 1, err));
    for (uint32_t i = 0; i < program->n_cohorts; i++)
        KITH_TRY(order_cohort(&s, i, NULL, err));
done:
    kith_free(s.mark);
    return status;
}
