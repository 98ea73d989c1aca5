#include "synth/names.h"
#include "synth/world.h"

#include "base/alloc.h"

#include <math.h>

/* Households by type, per thousand; close to the 2021 Census for Greater
 * Manchester (single under 66: 19 %, over: 12 %; lone parents with dependent
 * children: 9 %; couples with dependent children: 19 %). */
static const double SHARES[KITH_HOME_TYPES] = {185, 122, 128, 95, 208, 97,
                                               92,  35,  34,  20, 3};

const char *
kith_household_type_name(kith_household_type type)
{
    static const char *const names[KITH_HOME_TYPES] = {
        "single",        "older_single", "couple",         "older_couple",
        "couple_family", "lone_parent",  "adult_children", "multi_generation",
        "shared_house",  "students",     "communal"};
    return names[type];
}

/* Deprived households are oftener lone parents and shared houses. */
static kith_household_type
draw_type(kith_cell *c, double latent)
{
    double weights[KITH_HOME_TYPES];
    double total = 0;
    for (int i = 0; i < KITH_HOME_TYPES; i++) {
        double w = SHARES[i];
        if (i == KITH_HOME_LONE_PARENT || i == KITH_HOME_SHARED)
            w *= exp(0.45 * latent - 0.1);
        if (i == KITH_HOME_COUPLE || i == KITH_HOME_OLDER_COUPLE)
            w *= exp(-0.2 * latent);
        total += w;
        weights[i] = w;
    }
    double x = kith_rng_unit(&c->rng) * total;
    for (int i = 0; i < KITH_HOME_TYPES; i++) {
        if (x < weights[i])
            return (kith_household_type)i;
        x -= weights[i];
    }
    return KITH_HOME_COUPLE;
}

static kith_person *
add_person(kith_cell *c, uint8_t sex, uint8_t community, double age,
           uint32_t family, kith_error *err)
{
    if (KITH_GROW(&c->people, &c->people_cap, c->n_people + 1, err) != KITH_OK)
        return NULL;
    kith_rng *rng = &c->rng;
    const kith_tables *t = c->world->tables;
    const kith_household *home = &c->homes[c->n_homes - 1];
    kith_person *p = &c->people[c->n_people++];
    *p = (kith_person){.household = (uint32_t)(c->n_homes - 1),
                       .family = family,
                       .mother = KITH_NOBODY,
                       .father = KITH_NOBODY,
                       .partner = KITH_NOBODY,
                       .died = KITH_NO_DATE,
                       .renamed = KITH_NO_DATE,
                       .middle = KITH_DICT_NONE,
                       .sex = sex,
                       .community = community};
    p->born = c->world->reference - (int32_t)(age * 365.25);
    const kith_ymd born = kith_ymd_from_days(p->born);
    p->forename = kith_forename_draw(t, community, sex, born.year, rng);
    if (kith_rng_chance(rng, 0.7))
        p->middle = kith_forename_draw(t, community, sex, born.year, rng);
    p->surname = kith_surname_for(t, community,
                                  kith_surname_draw(t, community, rng), sex);
    p->former = p->surname;
    /* sqrt(0.36 + 0.64) = 1: half family, half one's own. */
    p->latent = 0.6 * home->latent + 0.8 * kith_rng_normal(rng);
    p->turmoil = kith_rng_normal(rng);
    return p;
}

static double
between(kith_cell *c, double low, double high)
{
    return low + kith_rng_unit(&c->rng) * (high - low);
}

/* Adults without children: half of them past forty. */
static double
adult_age(kith_cell *c)
{
    return kith_rng_chance(&c->rng, 0.5) ? between(c, 19, 45)
                                         : between(c, 42, 66);
}

/* A draw round @p mean, within [low, high]. */
static double
about(kith_cell *c, double mean, double sd, double low, double high)
{
    const double x = mean + sd * kith_rng_normal(&c->rng);
    return fmin(fmax(x, low), high);
}

static uint8_t
draw_sex(kith_cell *c)
{
    return (uint8_t)kith_rng_below(&c->rng, 2);
}

/* Marries two people: the wife may take the name, some of them lately. */
static void
marry(kith_cell *c, size_t wife, size_t husband)
{
    const kith_tables *t = c->world->tables;
    kith_person *w = &c->people[wife];
    kith_person *h = &c->people[husband];
    w->partner = (int32_t)husband;
    h->partner = (int32_t)wife;
    const kith_naming naming = t->communities[w->community].naming;
    const double age = (c->world->reference - w->born) / 365.25;
    const bool married = kith_rng_chance(&c->rng, age < 35 ? 0.5 : 0.78);
    if (!married || naming == KITH_NAMING_OWN || naming == KITH_NAMING_CHAIN ||
        !kith_rng_chance(&c->rng, 0.83))
        return;
    w->former = w->surname;
    w->surname = kith_surname_for(t, w->community, h->surname, w->sex);
    const int32_t adult = w->born + 20 * 365;
    const int32_t longest = (int32_t)(age > 60 ? 35 * 365 : 14 * 365);
    const int32_t since = kith_rng_between(&c->rng, 0, longest);
    w->renamed = c->world->reference - since;
    if (w->renamed < adult)
        w->renamed = adult;
}

/* The surname a child is given. */
static void
name_child(kith_cell *c, kith_person *child, const kith_person *mother,
           const kith_person *father)
{
    const kith_tables *t = c->world->tables;
    const kith_person *giver = father;
    if (father == NULL || (mother != NULL && mother->partner == KITH_NOBODY &&
                           kith_rng_chance(&c->rng, 0.45)))
        giver = mother;
    if (giver == NULL)
        return;
    kith_surname s = giver->surname;
    if (t->communities[child->community].naming == KITH_NAMING_CHAIN &&
        father != NULL)
        s = (kith_surname){father->forename, KITH_DICT_NONE, false, false};
    child->surname = kith_surname_for(t, child->community, s, child->sex);
    child->former = child->surname;
    /* Sons named after their fathers: namesakes under one roof. */
    if (child->sex == 0 && father != NULL && kith_rng_chance(&c->rng, 0.012))
        child->forename = father->forename;
}

typedef struct parents {
    int32_t mother, father;
    double age; /* of the younger one */
    uint32_t family;
} parents;

static uint32_t
draw_children(kith_cell *c, double latent)
{
    /* Dependent children in a family: 1 44 %, 2 40 %, 3 11 %, 4 and more 5 %
     * (ONS families and households); more where deprived. */
    double x = kith_rng_unit(&c->rng) - 0.035 * latent;
    uint32_t n = 1;
    for (double share = 0.44; n < 7; n++) {
        if (x < share)
            break;
        x -= share;
        share = n == 1 ? 0.40 : n == 2 ? 0.11 : 0.035;
    }
    return n;
}

static kith_status
add_children(kith_cell *c, const parents *p, double youngest, uint32_t n,
             kith_error *err)
{
    double age = youngest;
    for (uint32_t i = 0; i < n; i++) {
        /* Multiple births: 1.5 % of maternities (ONS). */
        const bool twin = i > 0 && kith_rng_chance(&c->rng, 0.015);
        if (i > 0 && !twin)
            age += 1.0 + fabs(1.6 + 1.3 * kith_rng_normal(&c->rng));
        if (p->age - age < 15.5)
            break;
        const int32_t elder = p->mother != KITH_NOBODY ? p->mother : p->father;
        const uint8_t community = c->people[elder].community;
        kith_person *child =
            add_person(c, draw_sex(c), community, age, p->family, err);
        if (child == NULL)
            return KITH_ERR_MEMORY;
        child->child = true;
        child->mother = p->mother;
        child->father = p->father;
        name_child(c, child,
                   p->mother == KITH_NOBODY ? NULL : &c->people[p->mother],
                   p->father == KITH_NOBODY ? NULL : &c->people[p->father]);
        if (twin)
            child->born = c->people[c->n_people - 2].born;
        if (age < 18) {
            if (p->mother != KITH_NOBODY)
                c->people[p->mother].parenting = true;
            if (p->father != KITH_NOBODY)
                c->people[p->father].parenting = true;
        }
    }
    return KITH_OK;
}

/* A couple; the ages follow from hers. */
static kith_status
add_couple(kith_cell *c, uint8_t community, double her_age, uint32_t family,
           kith_error *err)
{
    const double his = about(c, her_age + 2, 3.5, 18, 102);
    /* 11 % of couples cross communities (2011 Census: 9 %, rising). */
    const size_t wife = c->n_people;
    if (add_person(c, 1, community, her_age, family, err) == NULL ||
        add_person(c, 0, community, his, family, err) == NULL)
        return KITH_ERR_MEMORY;
    marry(c, wife, wife + 1);
    return KITH_OK;
}

static double
age_of(const kith_cell *c, size_t person)
{
    return (c->world->reference - c->people[person].born) / 365.25;
}

static double
younger_age(const kith_cell *c, size_t wife)
{
    return fmin(age_of(c, wife), age_of(c, wife + 1));
}

static kith_status
make_family(kith_cell *c, uint8_t community, kith_household *home,
            kith_error *err)
{
    const double latent = home->latent;
    const double youngest = between(c, 0, 17.9);
    const double her_age = youngest + about(c, 30 - 1.8 * latent, 5, 16.5, 46);
    const uint32_t family = c->n_families++;
    const size_t wife = c->n_people;
    kith_status status = add_couple(c, community, her_age, family, err);
    if (status != KITH_OK)
        return status;
    const parents p = {(int32_t)wife, (int32_t)wife + 1, younger_age(c, wife),
                       family};
    return add_children(c, &p, youngest, draw_children(c, latent), err);
}

/* Nine lone parents in ten are mothers; the fathers of some live near. */
static kith_status
make_lone_parent(kith_cell *c, uint8_t community, kith_household *home,
                 kith_error *err)
{
    const double latent = home->latent;
    const double youngest = between(c, 0, 17.9);
    const double age = youngest + about(c, 27 - 1.8 * latent, 5, 16.5, 45);
    const uint32_t family = c->n_families++;
    const bool mother = kith_rng_chance(&c->rng, 0.9);
    const size_t parent = c->n_people;
    if (add_person(c, mother ? 1 : 0, community, age, family, err) == NULL)
        return KITH_ERR_MEMORY;
    const parents p = {mother ? (int32_t)parent : KITH_NOBODY,
                       mother ? KITH_NOBODY : (int32_t)parent, age, family};
    kith_status status =
        add_children(c, &p, youngest, draw_children(c, latent), err);
    const size_t room = sizeof c->absent / sizeof *c->absent;
    if (status == KITH_OK && mother && c->n_people > parent + 1 &&
        c->n_absent < room && kith_rng_chance(&c->rng, 0.6))
        c->absent[c->n_absent++] = (int32_t)parent;
    return status;
}

/* Children follow their mother in the list. */
static double
eldest_child(const kith_cell *c, int32_t mother)
{
    double eldest = 0;
    for (size_t i = (size_t)mother + 1;
         i < c->n_people && c->people[i].mother == mother; i++)
        eldest = fmax(eldest, age_of(c, i));
    return eldest;
}

/* Somebody who lives alone: perhaps the father of children nearby. */
static kith_status
make_single(kith_cell *c, uint8_t community, kith_error *err)
{
    const uint32_t family = c->n_families++;
    if (c->n_absent == 0 || !kith_rng_chance(&c->rng, 0.6))
        return add_person(c, draw_sex(c), community, adult_age(c), family,
                          err) == NULL
                   ? KITH_ERR_MEMORY
                   : KITH_OK;
    const int32_t mother = c->absent[--c->n_absent];
    const double her_age = age_of(c, (size_t)mother);
    const double eldest = eldest_child(c, mother);
    const size_t self = c->n_people;
    kith_person *father = add_person(
        c, 0, c->people[mother].community,
        fmax(about(c, her_age + 2, 4, 18, 70), eldest + 16), family, err);
    if (father == NULL)
        return KITH_ERR_MEMORY;
    const uint32_t home = c->people[mother].household;
    for (size_t i = 0; i < self; i++) {
        kith_person *child = &c->people[i];
        if (child->household != home || child->mother != mother)
            continue;
        child->father = (int32_t)self;
        father->parenting = true;
        if (kith_rng_chance(&c->rng, 0.6)) {
            child->surname =
                kith_surname_for(c->world->tables, child->community,
                                 father->surname, child->sex);
            child->former = child->surname;
        }
    }
    return KITH_OK;
}

static kith_status
make_adult_children(kith_cell *c, uint8_t community, kith_error *err)
{
    const double youngest = between(c, 18, 32);
    const double her_age = youngest + about(c, 29, 5, 18, 45);
    const uint32_t family = c->n_families++;
    const size_t wife = c->n_people;
    kith_status status = add_couple(c, community, her_age, family, err);
    if (status != KITH_OK)
        return status;
    const parents p = {(int32_t)wife, (int32_t)wife + 1, younger_age(c, wife),
                       family};
    return add_children(c, &p, youngest, kith_rng_chance(&c->rng, 0.3) ? 2 : 1,
                        err);
}

/* A couple with children, and the parents of one of them. */
static kith_status
make_multi_generation(kith_cell *c, uint8_t community, kith_household *home,
                      kith_error *err)
{
    const size_t first = c->n_people;
    kith_status status = make_family(c, community, home, err);
    if (status != KITH_OK)
        return status;
    const size_t heir = first + (kith_rng_chance(&c->rng, 0.7) ? 1 : 0);
    const double age = age_of(c, heir);
    const double hers = about(c, age + 27, 5, age + 17, 101);
    const size_t elder = c->n_people;
    const bool both = kith_rng_chance(&c->rng, 0.5);
    const uint32_t family = c->n_families++;
    if (both)
        status = add_couple(c, community, hers, family, err);
    else if (add_person(c, 1, community, hers, family, err) == NULL)
        status = KITH_ERR_MEMORY;
    if (status != KITH_OK)
        return status;
    c->people[heir].mother = (int32_t)elder;
    if (both && age_of(c, elder + 1) > age + 16) {
        c->people[heir].father = (int32_t)elder + 1;
        c->people[heir].former = c->people[heir].surname =
            kith_surname_for(c->world->tables, c->people[heir].community,
                             c->people[elder + 1].surname, c->people[heir].sex);
    }
    return KITH_OK;
}

static uint8_t
draw_community(kith_cell *c)
{
    const kith_tables *t = c->world->tables;
    const kith_area *a = &t->areas[c->area];
    const double x = kith_rng_unit(&c->rng) * a->groups[KITH_SYNTH_GROUPS - 1];
    unsigned g = 0;
    while (g + 1 < KITH_SYNTH_GROUPS && a->groups[g] <= x)
        g++;
    return (uint8_t)kith_weights_draw(&t->by_group[g], &c->rng);
}

/* People who share a roof and nothing else. */
static kith_status
make_strangers(kith_cell *c, kith_household_type type, uint8_t community,
               kith_error *err)
{
    uint32_t n = 2 + (uint32_t)kith_rng_below(&c->rng, 4);
    double low = 20;
    double high = 45;
    if (type == KITH_HOME_STUDENTS) {
        n = 3 + (uint32_t)kith_rng_below(&c->rng, 3);
        low = 18;
        high = 23;
    }
    if (type == KITH_HOME_COMMUNAL) {
        n = 8 + (uint32_t)kith_rng_below(&c->rng, 28);
        const bool care = kith_rng_chance(&c->rng, 0.6);
        low = care ? 70 : 18;
        high = care ? 98 : 55;
    }
    for (uint32_t i = 0; i < n; i++) {
        const uint8_t whose =
            kith_rng_chance(&c->rng, 0.5) ? community : draw_community(c);
        if (add_person(c, draw_sex(c), whose, between(c, low, high),
                       c->n_families++, err) == NULL)
            return KITH_ERR_MEMORY;
    }
    return KITH_OK;
}

static kith_status
make_home(kith_cell *c, kith_household_type type, kith_household *home,
          kith_error *err)
{
    const uint8_t community = draw_community(c);
    switch (type) {
    case KITH_HOME_FAMILY:
        return make_family(c, community, home, err);
    case KITH_HOME_LONE_PARENT:
        return make_lone_parent(c, community, home, err);
    case KITH_HOME_ADULT_CHILDREN:
        return make_adult_children(c, community, err);
    case KITH_HOME_MULTI_GENERATION:
        return make_multi_generation(c, community, home, err);
    case KITH_HOME_COUPLE:
        return add_couple(c, community, adult_age(c), c->n_families++, err);
    case KITH_HOME_OLDER_COUPLE:
        return add_couple(c, community, between(c, 62, 90), c->n_families++,
                          err);
    case KITH_HOME_OLDER_SINGLE:
        return add_person(c, kith_rng_chance(&c->rng, 0.67) ? 1 : 0, community,
                          between(c, 64, 97), c->n_families++, err) == NULL
                   ? KITH_ERR_MEMORY
                   : KITH_OK;
    case KITH_HOME_SHARED:
    case KITH_HOME_STUDENTS:
    case KITH_HOME_COMMUNAL:
        return make_strangers(c, type, community, err);
    case KITH_HOME_SINGLE:
    case KITH_HOME_TYPES:
        break;
    }
    return make_single(c, community, err);
}

static int32_t
still_here(const kith_cell *c, int32_t person)
{
    return person < (int32_t)c->n_people ? person : KITH_NOBODY;
}

/* After the cut: nobody points to somebody who is not there. */
static void
forget_missing(kith_cell *c)
{
    for (size_t i = 0; i < c->n_people; i++) {
        kith_person *p = &c->people[i];
        p->mother = still_here(c, p->mother);
        p->father = still_here(c, p->father);
        p->partner = still_here(c, p->partner);
    }
}

/* Fills the cell home by home; the last one is cut to fit. */
kith_status
kith_cell_settle(kith_cell *c, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint32_t quota = kith_world_people(c->world, c->number);
    while (c->n_people < quota) {
        KITH_TRY(KITH_GROW(&c->homes, &c->homes_cap, c->n_homes + 1, err));
        const size_t h = c->n_homes++;
        /* 0.55 and 0.835: the place explains 30 % of a home's variance. */
        const double latent =
            0.55 * c->latent + 0.835 * kith_rng_normal(&c->rng);
        kith_household home = {.first = (uint32_t)c->n_people,
                               .latent = latent,
                               .dwelling = (uint32_t)h};
        home.type = draw_type(c, latent);
        if (home.type == KITH_HOME_COMMUNAL && quota < 200)
            home.type = KITH_HOME_OLDER_SINGLE;
        c->homes[h] = home;
        KITH_TRY(make_home(c, home.type, &home, err));
        if (c->n_people > quota)
            c->n_people = quota;
        home.n = (uint32_t)c->n_people - home.first;
        home.social_tenant =
            kith_rng_chance(&c->rng, 1 / (1 + exp(1.5 - 1.1 * latent)));
        c->homes[h] = home;
    }
    forget_missing(c);
done:
    return status;
}
