#include "synth/world.h"

/*
 * With whom people lived before: their parents, a former partner, or somebody
 * nobody here knows. Told backwards: the stays since a day are a person's own,
 * those before it are put in their place.
 */

enum { YEAR = 365, ADULT = 18 * 365 + 4 };

static int32_t
earlier(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

static int32_t
later(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

/* Forgets where @p p lived before @p day; its stay of that day begins on it.
 * Leaves room for one before. */
static void
keep_since(kith_person *p, int32_t day)
{
    uint8_t at = 0;
    while (at + 1 < p->n_stays && at + 2 < KITH_STAYS &&
           p->stays[at].from > day)
        at++;
    p->stays[at].from = day;
    p->n_stays = (uint8_t)(at + 1);
}

/* Before @p day, @p p lived where @p other did, while that was in
 * @p household; or ever, when it is KITH_FORMER. */
static void
follow(kith_person *p, const kith_person *other, int32_t day,
       uint32_t household)
{
    keep_since(p, day);
    for (uint8_t i = 0; i < other->n_stays && p->n_stays < KITH_STAYS; i++) {
        kith_stay s = other->stays[i];
        const bool last = i + 1 == other->n_stays;
        if (household != KITH_FORMER && s.household != household)
            return;
        if (s.from >= day && !last)
            continue;
        s.from = earlier(s.from, day - 1);
        p->stays[p->n_stays++] = s;
    }
}

/* The births of a woman's children at home: of her partner's, or of those
 * whose father he is not. */
typedef struct births {
    int32_t first, last; /* first: INT32_MAX without any */
} births;

static births
births_of(const kith_cell *c, int32_t mother, int32_t father, bool his)
{
    births b = {INT32_MAX, INT32_MIN};
    const kith_household *home = &c->homes[c->people[mother].household];
    for (uint32_t i = home->first; i < home->first + home->n; i++) {
        const kith_person *p = &c->people[i];
        if (!p->child || p->mother != mother || (p->father == father) != his)
            continue;
        b.first = earlier(b.first, p->born);
        b.last = later(b.last, p->born);
    }
    return b;
}

/* From @p day on he lives with her; before, he had a home and a family of
 * which nobody else is left here. */
static void
move_in(kith_cell *c, kith_person *p, int32_t day)
{
    const uint8_t n = p->n_stays;
    kith_stay before[KITH_STAYS];
    for (uint8_t i = 0; i < n; i++)
        before[i] = p->stays[i];
    keep_since(p, day);
    for (uint8_t i = p->n_stays; i <= n && i < KITH_STAYS; i++) {
        kith_stay s = kith_former_home(c);
        const int32_t after = p->stays[i - 1].from;
        s.from = i < n && before[i].from < after
                     ? before[i].from
                     : after - kith_rng_between(&c->rng, YEAR / 2, 4 * YEAR);
        p->stays[i] = s;
        p->n_stays = (uint8_t)(i + 1);
    }
}

/* Three in ten couples are remembered from before they lived together. They
 * did so when they married and when their first child came; who has children
 * of somebody else, after the last of those. */
void
kith_couple_remember(kith_cell *c, size_t wife)
{
    kith_person *w = &c->people[wife];
    kith_person *h = &c->people[w->partner];
    const births theirs = births_of(c, (int32_t)wife, w->partner, true);
    const births hers = births_of(c, (int32_t)wife, w->partner, false);
    int32_t latest = earlier(c->world->reference, theirs.first);
    if (w->married != KITH_NO_DATE)
        latest = earlier(latest, w->married);
    if (hers.first != INT32_MAX) {
        const int32_t parted = hers.last + YEAR / 2;
        latest = later(earlier(c->world->reference, theirs.first - YEAR / 2),
                       parted + 1);
        latest = earlier(latest, c->world->reference);
        w->parted = kith_rng_between(&c->rng, earlier(parted, latest), latest);
        move_in(c, h, kith_rng_between(&c->rng, w->parted, latest));
        return;
    }
    if (!kith_rng_chance(&c->rng, 0.3))
        return;
    for (uint8_t k = 0; k < h->n_stays; k++) {
        if (h->stays[k].from > latest)
            continue;
        move_in(c, h, h->stays[k].from);
        return;
    }
}

/* Young people leave home at 24 in the middle (ONS), before they marry or have
 * children, and come of age first. */
static void
leave_parents(kith_cell *c, size_t person)
{
    kith_person *p = &c->people[person];
    const int32_t parent = p->mother != KITH_NOBODY ? p->mother : p->father;
    if (parent == KITH_NOBODY || p->child ||
        c->people[parent].household == p->household)
        return;
    const int32_t adult = p->born + ADULT;
    int32_t latest = earlier(c->world->reference, p->married);
    if (p->married == KITH_NO_DATE)
        latest = c->world->reference;
    const kith_household *home = &c->homes[p->household];
    for (uint32_t i = home->first; i < home->first + home->n; i++) {
        const kith_person *q = &c->people[i];
        if (q->mother == (int32_t)person || q->father == (int32_t)person)
            latest = earlier(latest, q->born - 30);
    }
    const int32_t left = adult + kith_rng_days(&c->rng, 6.5 * YEAR);
    follow(p, &c->people[parent], earlier(left, latest), KITH_FORMER);
}

/* Until they parted the second of two lived with the first. */
static void
leave_partner(kith_cell *c, size_t person)
{
    kith_person *p = &c->people[person];
    kith_person *e = &c->people[p->ex];
    const births had = births_of(c, p->ex, (int32_t)person, true);
    const int32_t today = c->world->reference;
    if (e->parted == KITH_NO_DATE) {
        /* Rather soon after the last birth than lately. */
        const int32_t first =
            earlier(later(had.last + YEAR / 6, today - 12 * YEAR), today);
        e->parted = earlier(kith_rng_between(&c->rng, first, today),
                            kith_rng_between(&c->rng, first, today));
    }
    p->parted = e->parted;
    if (p->married != KITH_NO_DATE)
        p->married = earlier(p->married, p->parted - YEAR);
    if (e->partner == KITH_NOBODY && e->married != KITH_NO_DATE)
        e->married = p->married;
    if (e->partner == KITH_NOBODY && e->renamed != KITH_NO_DATE)
        e->renamed = p->married;
    follow(p, e, p->parted, e->household);
}

/* Parents alone whose partner lives elsewhere, and one single in six from 30 to
 * 64, were of a couple until some day of these twelve years; a third were
 * married. With those whose former partner lives near they are as many a year
 * as divorces are (ONS, 2019: 107,599 of 59.4 million people). */
static void
perhaps_part(kith_cell *c, kith_person *p)
{
    const kith_household_type home = c->homes[p->household].type;
    const int32_t age = kith_age_years(p->born, c->world->reference);
    const bool parent = home == KITH_HOME_LONE_PARENT && !p->child;
    const bool single = home == KITH_HOME_SINGLE && age >= 30 && age < 65;
    if (p->ex != KITH_NOBODY || p->partner != KITH_NOBODY ||
        !(parent || single) || !kith_rng_chance(&c->rng, parent ? 0.8 : 0.16))
        return;
    p->parted = c->world->reference - kith_rng_between(&c->rng, 0, 12 * YEAR);
    if (age < 22 || !kith_rng_chance(&c->rng, 0.35))
        return;
    p->married = later(p->parted - kith_rng_days(&c->rng, 11 * YEAR) - YEAR,
                       p->born + ADULT);
    p->parted = later(p->parted, p->married);
}

void
kith_person_remember(kith_cell *c, size_t person)
{
    kith_person *p = &c->people[person];
    if (p->ex != KITH_NOBODY && (size_t)p->ex < person)
        leave_partner(c, person);
    else
        leave_parents(c, person);
    perhaps_part(c, p);
}
