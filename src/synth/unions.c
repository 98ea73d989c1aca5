#include "synth/families.h"
#include "synth/names.h"

#include <math.h>

/* Who marries, who parts, whose child somebody is: what makes kin of people,
 * and what it does to their names. */

/* Women marry at 30, give or take: as many a year as ONS counts (2019: 219,850
 * weddings of 59.4 million people). */
static int32_t
draw_wedding(kith_cell *c, const kith_person *wife)
{
    const int32_t last = c->world->reference + KITH_NIGHTS;
    const int32_t first = wife->born + 18 * 366;
    for (int attempt = 0; attempt < 6; attempt++) {
        const double age = 30 + 6 * kith_rng_normal(&c->rng);
        const int32_t day = wife->born + (int32_t)(age * 365.25);
        if (day >= first && day <= last)
            return day;
    }
    return kith_rng_between(&c->rng, first, last);
}

/* Whether a wife takes the husband's name (own estimate). */
static bool
takes_name(kith_cell *c, const kith_person *wife)
{
    const kith_naming naming =
        c->world->tables->communities[wife->community].naming;
    return naming != KITH_NAMING_OWN && naming != KITH_NAMING_CHAIN &&
           kith_rng_chance(&c->rng, 0.83);
}

static void
take_name(kith_cell *c, kith_person *wife, const kith_person *husband)
{
    wife->former = wife->surname;
    wife->surname = kith_surname_for(c->world->tables, wife->community,
                                     husband->surname, wife->sex);
    wife->renamed = wife->married;
}

/* Makes two people a couple, most of them married. */
void
kith_couple_marry(kith_cell *c, size_t wife)
{
    const size_t husband = wife + 1;
    kith_person *w = &c->people[wife];
    kith_person *h = &c->people[husband];
    w->partner = (int32_t)husband;
    h->partner = (int32_t)wife;
    const double age = (c->world->reference - w->born) / 365.25;
    /* Of couples who live together, by her age (own estimate). */
    const double married = age < 25 ? 0.15 : age < 35 ? 0.45 : 0.78;
    if (age < 18 || !kith_rng_chance(&c->rng, married))
        return;
    w->married = h->married = draw_wedding(c, w);
    if (takes_name(c, w))
        take_name(c, w, h);
}

/* The surname a child is given; one whose father has left has the mother's
 * former one, if she took another's since. */
void
kith_child_name(kith_cell *c, kith_person *child)
{
    const kith_tables *t = c->world->tables;
    const kith_person *mother =
        child->mother == KITH_NOBODY ? NULL : &c->people[child->mother];
    const kith_person *father =
        child->father == KITH_NOBODY ? NULL : &c->people[child->father];
    const kith_person *giver = father;
    if (father == NULL || (mother != NULL && mother->partner == KITH_NOBODY &&
                           kith_rng_chance(&c->rng, 0.45)))
        giver = mother;
    if (giver == NULL)
        return;
    const bool left = father == NULL && mother == giver &&
                      mother->partner != KITH_NOBODY && child->child;
    kith_surname s = left ? giver->former : giver->surname;
    if (t->communities[child->community].naming == KITH_NAMING_CHAIN &&
        father != NULL)
        s = (kith_surname){father->forename, KITH_DICT_NONE, false, false};
    child->surname = kith_surname_for(t, child->community, s, child->sex);
    child->former = child->surname;
    /* Sons named after their fathers: namesakes under one roof. */
    if (child->sex == 0 && child->child && father != NULL &&
        kith_rng_chance(&c->rng, 0.012))
        child->forename = father->forename;
}

/* The child of a couple who live with it takes their name, unless married. */
void
kith_heir_settle(kith_cell *c, size_t heir, int32_t mother, int32_t father)
{
    kith_person *p = &c->people[heir];
    p->mother = mother;
    p->father = father;
    if (father == KITH_NOBODY)
        return;
    p->former = kith_surname_for(c->world->tables, p->community,
                                 c->people[father].surname, p->sex);
    if (p->renamed == KITH_NO_DATE)
        p->surname = p->former;
}

/* Remembers a home whose grown children may turn up. */
void
kith_nest_add(kith_cell *c, size_t mother)
{
    c->nests[c->n_nests++ % KITH_NESTS] = (kith_nest){(int32_t)mother, 0};
}

/* Whether somebody of that age and community can be the mother's child. */
static bool
fits_nest(const kith_cell *c, const kith_nest *n, const kith_person *child)
{
    const kith_person *mother = &c->people[n->mother];
    const int32_t years = kith_age_years(mother->born, child->born);
    if (n->children >= 3 || mother->community != child->community ||
        years < 18 || years > 42)
        return false;
    return mother->partner == KITH_NOBODY ||
           kith_age_years(c->people[mother->partner].born, child->born) >= 18;
}

/* Finds parents near by for an adult under 50: two in five have them within a
 * mile or so (own estimate). The surname follows. */
void
kith_parents_find(kith_cell *c, size_t person)
{
    kith_person *p = &c->people[person];
    const int32_t age = kith_age_years(p->born, c->world->reference);
    const uint32_t n = c->n_nests < KITH_NESTS ? c->n_nests : KITH_NESTS;
    if (age < 18 || age >= 50 || !kith_rng_chance(&c->rng, 0.4))
        return;
    for (uint32_t i = 0; i < n; i++) {
        kith_nest *nest = &c->nests[(c->n_nests - 1 - i) % KITH_NESTS];
        if (!fits_nest(c, nest, p))
            continue;
        const kith_person *mother = &c->people[nest->mother];
        nest->children++;
        p->mother = nest->mother;
        p->father = mother->partner;
        kith_child_name(c, p);
        return;
    }
}

static double
age_of(const kith_cell *c, const kith_person *p)
{
    return (c->world->reference - p->born) / 365.25;
}

/* Six fathers in ten of those who do not live with their children live near
 * (own estimate). */
void
kith_absent_expect(kith_cell *c, size_t mother)
{
    const size_t room = sizeof c->absent / sizeof *c->absent;
    if (c->n_absent < room && kith_rng_chance(&c->rng, 0.6))
        c->absent[c->n_absent++] = (int32_t)mother;
}

int32_t
kith_absent_take(kith_cell *c)
{
    return c->n_absent == 0 ? KITH_NOBODY : c->absent[--c->n_absent];
}

static bool
is_fatherless(const kith_person *child, int32_t mother)
{
    return child->child && child->mother == mother &&
           child->father == KITH_NOBODY;
}

double
kith_eldest_fatherless(const kith_cell *c, int32_t mother)
{
    const uint32_t home = c->people[mother].household;
    int32_t born = c->world->reference;
    for (uint32_t i = c->homes[home].first;
         i < c->n_people && c->people[i].household == home; i++)
        if (is_fatherless(&c->people[i], mother) && c->people[i].born < born)
            born = c->people[i].born;
    return (c->world->reference - born) / 365.25;
}

/* A third of the parents who parted had married (own estimate); the children
 * then have the father's name, else half of them. */
void
kith_couple_part(kith_cell *c, size_t mother, size_t father)
{
    const kith_tables *t = c->world->tables;
    kith_person *m = &c->people[mother];
    kith_person *f = &c->people[father];
    const bool wed = kith_rng_chance(&c->rng, 0.35);
    const double eldest = kith_eldest_fatherless(c, (int32_t)mother);
    m->ex = (int32_t)father;
    f->ex = (int32_t)mother;
    /* A wife again has her former husband's name from before. */
    if (m->partner != KITH_NOBODY && kith_rng_chance(&c->rng, 0.6))
        f->surname = f->former =
            kith_surname_for(t, f->community, m->former, f->sex);
    for (size_t i = c->homes[m->household].first; i < father; i++) {
        kith_person *child = &c->people[i];
        if (child->household != m->household ||
            !is_fatherless(child, (int32_t)mother))
            continue;
        child->father = (int32_t)father;
        f->parenting |= kith_age_years(child->born, c->world->reference) < 18;
        if (m->partner == KITH_NOBODY &&
            kith_rng_chance(&c->rng, wed ? 0.85 : 0.45))
            child->surname = child->former =
                kith_surname_for(t, child->community, f->surname, child->sex);
    }
    if (!wed)
        return;
    /* Round the first birth, when both were of age. */
    const double years = fmin(fmax(eldest + kith_cell_between(c, -2, 4), 0.5),
                              fmin(age_of(c, m), age_of(c, f)) - 18);
    f->married = c->world->reference - (int32_t)(years * 365.25);
    if (m->partner != KITH_NOBODY)
        return;
    m->married = f->married;
    if (takes_name(c, m))
        take_name(c, m, f);
}
