#include "criteria/changes.h"

#include "base/alloc.h"
#include "criteria/level.h"
#include "criteria/lineage.h"

#include <stdio.h>
#include <string.h>

enum { N_LEVELS = KITH_LEVEL_HOUSEHOLD + 1 };

/* Criteria met now: names separated by spaces. */
static kith_status
criteria_met(kith_eval *e, kith_buffer *out, kith_error *err)
{
    kith_status status = KITH_OK;
    for (const kith_criterion *c = e->cohort->criteria; c != NULL;
         c = c->next) {
        if (c->kind != KITH_CRITERION ||
            (c->of_person && e->cohort->level != KITH_LEVEL_PERSON) ||
            kith_eval_criterion(e, c) != KITH_TRUE)
            continue;
        KITH_TRY(kith_buffer_printf(out, err, "%s%s", out->len > 0 ? " " : "",
                                    c->name));
    }
done:
    return status;
}

/* Is the word one of the space-separated list? */
static bool
has_word(const char *list, const char *word, size_t n)
{
    for (const char *p = list; *p != '\0';) {
        const size_t k = strcspn(p, " ");
        if (k == n && memcmp(p, word, n) == 0)
            return true;
        p += k + (p[k] == ' ');
    }
    return false;
}

/* Adds "<sign><name>" for each word of a that b lacks. */
static kith_status
add_difference(kith_buffer *out, const char *a, const char *b, char sign,
               kith_error *err)
{
    kith_status status = KITH_OK;
    for (const char *p = a; *p != '\0';) {
        const size_t k = strcspn(p, " ");
        if (!has_word(b, p, k))
            KITH_TRY(kith_buffer_printf(
                out, err, "%s%c%.*s", out->data[out->len - 1] == ',' ? "" : " ",
                sign, (int)k, p));
        p += k + (p[k] == ' ');
    }
done:
    return status;
}

/* "; " after another part of `why`. */
static const char *
joint(const kith_buffer *line)
{
    return line->data[line->len - 1] == ',' ? "" : "; ";
}

static kith_status
add_reasons(kith_buffer *to, const kith_previous *p, const kith_old_flag *old,
            kith_eval *e, kith_flagged f, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_buffer met = {0};
    const kith_cohort *c = e->cohort;
    const char *old_met = old == NULL || old->met == KITH_DICT_NONE
                              ? ""
                              : kith_dict_at(&p->words, old->met);
    KITH_TRY(criteria_met(e, &met, err));
    const char *now = met.data != NULL ? met.data : "";
    KITH_TRY(add_difference(to, now, old_met, '+', err));
    KITH_TRY(add_difference(to, old_met, now, '-', err));
    if (f.verdict == KITH_VERDICT_OUT)
        KITH_TRY(kith_buffer_printf(
            to, err, "%s%s", joint(to),
            kith_eval_is_gone(e) ? "died" : "not what the cohort is about"));
    if (old == NULL)
        goto done;
    const char *tier = kith_dict_at(&p->words, old->tier);
    const char *new_tier = kith_tier_name(c, f.tier);
    if (strcmp(tier, new_tier) != 0 &&
        strcmp(kith_verdict_name(f.verdict), "no") != 0)
        KITH_TRY(kith_buffer_printf(to, err, "%stier %s to %s", joint(to),
                                    tier[0] != '\0' ? tier : "none",
                                    new_tier[0] != '\0' ? new_tier : "none"));
    const char *version = kith_dict_at(&p->words, old->version);
    if (strcmp(version, c->version) != 0)
        KITH_TRY(kith_buffer_printf(to, err, "%sdefinition %s to %s", joint(to),
                                    version, c->version));
done:
    kith_buffer_done(&met);
    return status;
}

kith_status
kith_change_add(kith_buffer *lines, const kith_previous *p, kith_eval *e,
                const char *id, kith_flagged f, kith_error *err)
{
    kith_status status = KITH_OK;
    const char *cohort = e->cohort->name;
    const kith_old_flag *old = kith_previous_find(p, cohort, id);
    const char *before =
        old == NULL ? "no" : kith_dict_at(&p->words, old->status);
    const char *after = kith_verdict_name(f.verdict);
    const bool same = strcmp(before, after) == 0;
    if (!p->given || (same && (old == NULL ||
                               strcmp(kith_dict_at(&p->words, old->tier),
                                      kith_tier_name(e->cohort, f.tier)) == 0)))
        return KITH_OK;
    const char *change = same                         ? "changed"
                         : strcmp(after, "yes") == 0  ? "entered"
                         : strcmp(before, "yes") == 0 ? "left"
                                                      : "changed";
    KITH_TRY(kith_buffer_printf(lines, err, "%s,%s,%s,%s,%s,", cohort, id,
                                change, before, after));
    KITH_TRY(add_reasons(lines, p, old, e, f, err));
    KITH_TRY(kith_buffer_add(lines, "\n", 1, err));
done:
    return status;
}

/* The cohort in force of this name, or NULL. */
static const kith_cohort *
find_cohort(const kith_world *world, kith_str name)
{
    for (uint32_t c = 0; c < world->program->n_cohorts; c++) {
        const kith_cohort *k = world->program->cohorts[c];
        if (world->verdicts[c] != NULL && kith_str_equal(name, k->name))
            return k;
    }
    return NULL;
}

static bool
is_there(const kith_world *world, const kith_cohort *c, kith_str id)
{
    return kith_dict_find(kith_level_ids(world->people, c->level), id) !=
           KITH_DICT_NONE;
}

/* Flags of units that are in no file of this run any more, or whose cohort is
 * not decided any more. */
static kith_status
add_vanished(kith_buffer *lines, const kith_changes *ch, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_previous *p = ch->previous;
    for (uint32_t i = 0; i < p->keys.n; i++) {
        const char *key = kith_dict_at(&p->keys, i);
        const size_t n = strcspn(key, "\t");
        const char *id = key[n] != '\0' ? key + n + 1 : "";
        const char *before = kith_dict_at(&p->words, p->flags[i].status);
        const kith_cohort *c = find_cohort(ch->world, (kith_str){key, n});
        if (c != NULL && is_there(ch->world, c, kith_str_of(id)))
            continue;
        KITH_TRY(kith_buffer_printf(
            lines, err, "%.*s,%s,%s,%s,no,%s\n", (int)n, key, id,
            strcmp(before, "yes") == 0 ? "left" : "changed", before,
            c == NULL ? "cohort no longer decided" : ""));
    }
done:
    return status;
}

/* A line's cohort and id; *rest moves to the next line. */
typedef struct line {
    kith_str cohort;
    kith_str id;
    kith_str text; /* without its end */
} line;

static line
next_line(const char **rest)
{
    line l;
    const char *p = *rest;
    l.cohort = (kith_str){p, strcspn(p, ",")};
    const char *id = p + l.cohort.len + 1;
    l.id = (kith_str){id, strcspn(id, ",")};
    l.text = (kith_str){p, strcspn(p, "\n")};
    *rest = p + l.text.len + 1;
    return l;
}

/* What became of the units, in both directions of time, by level. */
typedef struct fates {
    kith_lineage forth[N_LEVELS];
    kith_lineage back[N_LEVELS];
} fates;

static kith_status
trace(fates *t, const kith_changes *ch, const kith_buffer *lines,
      kith_error *err)
{
    kith_status status = KITH_OK;
    const char *p = lines->data != NULL ? lines->data : "";
    while (*p != '\0') {
        const line l = next_line(&p);
        const kith_cohort *c = find_cohort(ch->world, l.cohort);
        if (c == NULL)
            continue;
        KITH_TRY(kith_lineage_want(is_there(ch->world, c, l.id)
                                       ? &t->back[c->level]
                                       : &t->forth[c->level],
                                   l.id, err));
    }
    for (int v = 0; v < N_LEVELS; v++) {
        KITH_TRY(kith_lineage_trace(&t->forth[v], (kith_level)v, ch->before,
                                    ch->now, err));
        KITH_TRY(kith_lineage_trace(&t->back[v], (kith_level)v, ch->now,
                                    ch->before, err));
    }
done:
    return status;
}

/* The ids of a list but one, each after a blank. */
static kith_status
add_others(kith_buffer *to, const char *list, kith_str but, kith_error *err)
{
    kith_status status = KITH_OK;
    for (const char *p = list; *p != '\0';) {
        const size_t k = strcspn(p, " ");
        if (k != but.len || memcmp(p, but.data, k) != 0)
            KITH_TRY(kith_buffer_printf(to, err, " %.*s", (int)k, p));
        p += k + (p[k] == ' ');
    }
done:
    return status;
}

static const char *
gone_word(const kith_lineage *l, kith_level level, const char *holders)
{
    if (!l->known)
        return "no longer there";
    if (holders[0] == '\0')
        return level == KITH_LEVEL_PERSON ? "no record of theirs is left"
                                          : "none of its persons is left";
    return strchr(holders, ' ') == NULL ? "merged into" : "split into";
}

/* What the id itself went through; nothing when it is as it was. */
static kith_status
add_fate(kith_buffer *to, const fates *t, const kith_changes *ch, line l,
         kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_cohort *c = find_cohort(ch->world, l.cohort);
    if (c == NULL)
        return KITH_OK;
    if (!is_there(ch->world, c, l.id)) {
        const char *into = kith_lineage_of(&t->forth[c->level], l.id);
        KITH_TRY(
            kith_buffer_printf(to, err, "%s%s", joint(to),
                               gone_word(&t->forth[c->level], c->level, into)));
        KITH_TRY(add_others(to, into, (kith_str){"", 0}, err));
        goto done;
    }
    const char *of = kith_lineage_of(&t->back[c->level], l.id);
    const bool was =
        !t->back[c->level].known || has_word(of, l.id.data, l.id.len);
    /* Of persons alone: a child may be of two households every night. */
    if (was && (c->level != KITH_LEVEL_PERSON || strlen(of) <= l.id.len))
        goto done;
    KITH_TRY(kith_buffer_printf(to, err, "%s%s", joint(to),
                                of[0] == '\0' ? "not there before"
                                : was         ? "merged with"
                                              : "split from"));
    KITH_TRY(add_others(to, of, l.id, err));
done:
    return status;
}

kith_status
kith_changes_finish(kith_buffer *out, const kith_changes *changes,
                    kith_buffer *lines, kith_error *err)
{
    kith_status status = KITH_OK;
    fates t = {0};
    KITH_TRY(add_vanished(lines, changes, err));
    KITH_TRY(trace(&t, changes, lines, err));
    const char *p = lines->data != NULL ? lines->data : "";
    while (*p != '\0') {
        const line l = next_line(&p);
        KITH_TRY(kith_buffer_add(out, l.text.data, l.text.len, err));
        KITH_TRY(add_fate(out, &t, changes, l, err));
        KITH_TRY(kith_buffer_add(out, "\n", 1, err));
    }
done:
    for (int v = 0; v < N_LEVELS; v++) {
        kith_lineage_done(&t.forth[v]);
        kith_lineage_done(&t.back[v]);
    }
    return status;
}
