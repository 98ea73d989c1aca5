/* The unit an evaluator is about: its members and who lives with them. */
#include "base/alloc.h"
#include "base/date.h"
#include "criteria/eval.h"

#include <string.h>

enum { MAX_MEMO = 256 };

void
kith_eval_begin(kith_eval *e, const kith_world *world, uint32_t cohort)
{
    e->world = world;
    e->number = cohort;
    e->cohort = world->program->cohorts[cohort];
    e->certain = false;
    e->left_out = NULL;
    e->n_memo = e->cohort->n_named;
}

void
kith_eval_again(kith_eval *e, uint32_t cohort)
{
    kith_eval_begin(e, e->world, cohort);
    kith_eval_forget(e);
}

void
kith_eval_forget(kith_eval *e)
{
    if (e->memo != NULL)
        memset(e->memo, 0, e->n_memo);
}

void
kith_eval_unit(kith_eval *e, uint32_t unit)
{
    if (e->memo == NULL && KITH_ALLOC(&e->memo, MAX_MEMO, NULL) != KITH_OK)
        e->status = KITH_ERR_MEMORY;
    e->unit = unit;
    e->self = (kith_member){KITH_NO_PERSON, 0};
    e->members.ready = false;
    e->members.n = 0;
    e->members.types = 0;
    e->housemates.ready = false;
    e->housemates.n = 0;
    e->housemates.types = 0;
    e->left_out = NULL;
    kith_eval_forget(e);
    if (e->cohort->level == KITH_LEVEL_PERSON)
        e->self = (kith_member){unit, e->world->people->person_roles[unit]};
}

void
kith_eval_done(kith_eval *e)
{
    kith_free(e->members.all);
    kith_free(e->housemates.all);
    kith_free(e->memo);
    *e = (kith_eval){0};
}

int32_t
kith_world_death(const kith_world *w, uint32_t person)
{
    const uint32_t type = w->vocabulary->death;
    uint64_t lo = 0;
    uint64_t hi = 0;
    if ((w->events->types[person] >> (type % 64) & 1) == 0)
        return KITH_NO_DATE;
    kith_events_range(w->events, person, type, &lo, &hi);
    /* sorted by start: the first that an agency reports */
    return lo < hi && w->events->all[lo].start <= w->day
               ? w->events->all[lo].start
               : KITH_NO_DATE;
}

bool
kith_eval_is_gone(kith_eval *e)
{
    return e->cohort->level == KITH_LEVEL_PERSON
               ? kith_world_death(e->world, e->unit) != KITH_NO_DATE
               : kith_eval_members(e)->n == 0;
}

/* Adds a person who is alive, once; roles in several families add up. */
static void
add_member(kith_eval *e, kith_members *m, uint32_t person, uint64_t roles)
{
    if (kith_world_death(e->world, person) != KITH_NO_DATE)
        return;
    for (uint32_t i = 0; i < m->n; i++) {
        if (m->all[i].person == person) {
            m->all[i].roles |= roles;
            return;
        }
    }
    if (KITH_GROW(&m->all, &m->cap, (size_t)m->n + 1, NULL) != KITH_OK) {
        e->status = KITH_ERR_MEMORY;
        return;
    }
    m->all[m->n++] = (kith_member){person, roles};
    m->types |= e->world->events->types[person];
}

static void
add_unit(kith_eval *e, kith_members *m, const kith_units *u, uint32_t unit)
{
    for (uint32_t k = u->first[unit]; k < u->first[unit + 1]; k++)
        add_member(e, m, u->members[k], u->roles[k]);
}

const kith_members *
kith_eval_members(kith_eval *e)
{
    const kith_people *p = e->world->people;
    kith_members *m = &e->members;
    if (m->ready)
        return m;
    m->ready = true;
    if (e->cohort->level == KITH_LEVEL_FAMILY) {
        add_unit(e, m, &p->families, e->unit);
    } else if (e->cohort->level == KITH_LEVEL_HOUSEHOLD) {
        add_unit(e, m, &p->households, e->unit);
    } else {
        const kith_units *f = &p->families;
        add_member(e, m, e->unit, 0);
        for (uint32_t i = f->of_first[e->unit]; i < f->of_first[e->unit + 1];
             i++)
            add_unit(e, m, f, f->of[i]);
    }
    return m;
}

const kith_members *
kith_eval_housemates(kith_eval *e)
{
    kith_members *m = &e->housemates;
    if (m->ready)
        return m;
    m->ready = true;
    const kith_units *h = &e->world->people->households;
    const kith_members *own = kith_eval_members(e);
    for (uint32_t i = 0; i < own->n; i++)
        add_member(e, m, own->all[i].person, own->all[i].roles);
    for (uint32_t i = 0; i < own->n; i++) {
        const uint32_t person = own->all[i].person;
        for (uint32_t k = h->of_first[person]; k < h->of_first[person + 1]; k++)
            add_unit(e, m, h, h->of[k]);
    }
    return m;
}
