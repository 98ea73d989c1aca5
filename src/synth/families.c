#include "synth/families.h"

#include "base/alloc.h"
#include "synth/names.h"

#include <math.h>

kith_person *
kith_person_add(kith_cell *c, uint8_t sex, uint8_t community, double age,
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
                       .ex = KITH_NOBODY,
                       .died = KITH_NO_DATE,
                       .married = KITH_NO_DATE,
                       .parted = KITH_NO_DATE,
                       .renamed = KITH_NO_DATE,
                       .middle = KITH_DICT_NONE,
                       .sex = sex,
                       .community = community};
    p->born = c->world->reference - (int32_t)(age * 365.25);
    c->n_unborn += p->born > c->world->reference;
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

double
kith_cell_between(kith_cell *c, double low, double high)
{
    return low + kith_rng_unit(&c->rng) * (high - low);
}

/* Adults without children: most of them past forty. */
double
kith_adult_age(kith_cell *c)
{
    return kith_rng_chance(&c->rng, 0.36) ? kith_cell_between(c, 19, 40)
                                          : kith_cell_between(c, 45, 66);
}

/* A draw round @p mean, within [low, high]. */
static double
about(kith_cell *c, double mean, double sd, double low, double high)
{
    const double x = mean + sd * kith_rng_normal(&c->rng);
    return fmin(fmax(x, low), high);
}

uint8_t
kith_sex_draw(kith_cell *c)
{
    return (uint8_t)kith_rng_below(&c->rng, 2);
}

kith_status
kith_adult_add(kith_cell *c, uint8_t sex, uint8_t community, double age,
               uint32_t family, kith_error *err)
{
    const size_t person = c->n_people;
    if (kith_person_add(c, sex, community, age, family, err) == NULL)
        return KITH_ERR_MEMORY;
    kith_parents_find(c, person);
    return KITH_OK;
}

/* Some youngest children are born in the nights ahead. */
static const double NOT_YET = -KITH_NIGHTS / 365.25;

typedef struct parents {
    int32_t mother, father;
    double age; /* of the younger one */
    uint32_t family;
    uint32_t n_earlier; /* children of the mother's alone, the eldest */
} parents;

enum { MOST_CHILDREN = 8 };

/* Ages of brothers and sisters, the eldest first. */
typedef struct siblings {
    double ages[MOST_CHILDREN];
    uint32_t n;
} siblings;

/* How many there will be in the end; more where deprived. At any one time 44 %
 * of families then have one dependent child, 40 % two, 11 % three and 5 %
 * more (ONS families and households). */
static uint32_t
draw_size(kith_cell *c, double latent)
{
    static const double shares[MOST_CHILDREN - 1] = {0.26, 0.49,  0.16, 0.06,
                                                     0.02, 0.007, 0.003};
    double x = kith_rng_unit(&c->rng) + 0.035 * latent;
    uint32_t n = 1;
    while (n < MOST_CHILDREN - 1 && x >= shares[n - 1])
        x -= shares[n++ - 1];
    return n;
}

/* Years to the next birth; 1.5 % of maternities are of twins (ONS). */
static double
draw_gap(kith_cell *c)
{
    if (kith_rng_chance(&c->rng, 0.015))
        return 0;
    return 1.0 + fabs(1.6 + 1.3 * kith_rng_normal(&c->rng));
}

/* Half of those who are grown up still live at home to 25, then few. */
static bool
lives_at_home(kith_cell *c, double age)
{
    return age < 18 || kith_rng_chance(&c->rng, age < 25 ? 0.5 : 0.1);
}

/*
 * A family is met at any time between its first birth and the day its youngest
 * comes of age. So children are as many at each age, and births go on as they
 * did: drawing the age of the youngest instead would leave out the families
 * that another child is still to come to.
 */
static void
draw_siblings(kith_cell *c, double latent, siblings *s)
{
    const uint32_t n = draw_size(c, latent);
    double younger[MOST_CHILDREN] = {0}; /* than the eldest */
    for (uint32_t i = 1; i < n; i++)
        younger[i] = younger[i - 1] + draw_gap(c);
    const double eldest = kith_cell_between(c, NOT_YET, 17.9 + younger[n - 1]);
    bool minor = false;
    s->n = 0;
    for (uint32_t i = 0; i < n; i++) {
        const double age = eldest - younger[i];
        if (age < NOT_YET || !lives_at_home(c, age))
            continue;
        minor |= age < 18;
        s->ages[s->n++] = age;
    }
    if (!minor)
        s->ages[s->n++] = kith_cell_between(c, 0, 17.9);
}

static void
become_parent(kith_cell *c, int32_t parent)
{
    if (parent != KITH_NOBODY)
        c->people[parent].parenting = true;
}

/* How many of the eldest are of the mother's earlier partner: in one family
 * of a couple in nine some are (ONS, step-families in the 2011 Census). */
static uint32_t
draw_earlier(kith_cell *c, const siblings *s)
{
    if (!kith_rng_chance(&c->rng, 0.11))
        return 0;
    return 1 + (uint32_t)kith_rng_below(&c->rng, s->n);
}

static kith_status
add_children(kith_cell *c, const parents *p, const siblings *s, kith_error *err)
{
    const int32_t elder = p->mother != KITH_NOBODY ? p->mother : p->father;
    const uint8_t community = c->people[elder].community;
    for (uint32_t i = 0; i < s->n; i++) {
        const double age = s->ages[i];
        if (p->age - age < 15.5)
            continue;
        kith_person *child = kith_person_add(c, kith_sex_draw(c), community,
                                             age, p->family, err);
        if (child == NULL)
            return KITH_ERR_MEMORY;
        child->child = true;
        child->mother = p->mother;
        child->father = i < p->n_earlier ? KITH_NOBODY : p->father;
        kith_child_name(c, child);
        if (age < 18) {
            become_parent(c, child->mother);
            become_parent(c, child->father);
        }
    }
    return KITH_OK;
}

/* A couple; the ages follow from hers. */
kith_status
kith_couple_add(kith_cell *c, uint8_t community, double her_age,
                uint32_t family, kith_error *err)
{
    const double his = about(c, her_age + 2, 3.5, 18, 102);
    /* 9 % of couples are of two ethnic groups (2011 Census), 11 % by now (own
     * estimate): he is drawn from the neighbourhood, a little oftener, as
     * some of those are of hers too. */
    const uint8_t whose =
        kith_rng_chance(&c->rng, 0.14) ? kith_community_draw(c) : community;
    const size_t wife = c->n_people;
    kith_status status = KITH_OK;
    KITH_TRY(kith_adult_add(c, 1, community, her_age, family, err));
    KITH_TRY(kith_adult_add(c, 0, whose, his, family, err));
    kith_person *husband = &c->people[wife + 1];
    if (husband->mother != KITH_NOBODY &&
        husband->mother == c->people[wife].mother)
        husband->mother = husband->father = KITH_NOBODY; /* not her brother */
    kith_couple_marry(c, wife);
    if (her_age >= 38)
        kith_nest_add(c, wife);
done:
    return status;
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

kith_status
kith_family_add(kith_cell *c, uint8_t community, kith_household *home,
                kith_error *err)
{
    const double latent = home->latent;
    siblings s;
    draw_siblings(c, latent, &s);
    /* Mothers are 29 at a first birth (ONS 2021), later where less deprived. */
    const double her_age =
        s.ages[0] + about(c, 29 - 1.8 * latent, 4.8, 16.5, 44);
    const uint32_t family = c->n_families++;
    const size_t wife = c->n_people;
    kith_status status = kith_couple_add(c, community, her_age, family, err);
    if (status != KITH_OK)
        return status;
    const parents p = {(int32_t)wife, (int32_t)wife + 1, younger_age(c, wife),
                       family, draw_earlier(c, &s)};
    status = add_children(c, &p, &s, err);
    if (status == KITH_OK && p.n_earlier > 0)
        kith_absent_expect(c, wife);
    return status;
}

/* Nine lone parents in ten are mothers; the fathers of some live near. */
kith_status
kith_lone_parent_add(kith_cell *c, uint8_t community, kith_household *home,
                     kith_error *err)
{
    const double latent = home->latent;
    siblings s;
    draw_siblings(c, latent, &s);
    const double age = s.ages[0] + about(c, 26 - 1.8 * latent, 4.8, 16.5, 43);
    const uint32_t family = c->n_families++;
    const bool mother = kith_rng_chance(&c->rng, 0.9);
    const size_t parent = c->n_people;
    kith_status status =
        kith_adult_add(c, mother ? 1 : 0, community, age, family, err);
    if (status != KITH_OK)
        return status;
    const parents p = {mother ? (int32_t)parent : KITH_NOBODY,
                       mother ? KITH_NOBODY : (int32_t)parent, age, family, 0};
    status = add_children(c, &p, &s, err);
    if (status == KITH_OK && mother && c->n_people > parent + 1)
        kith_absent_expect(c, parent);
    return status;
}

kith_status
kith_grown_family_add(kith_cell *c, uint8_t community, kith_error *err)
{
    siblings s = {{kith_cell_between(c, 18, 32)}, 1};
    const double her_age = s.ages[0] + about(c, 29, 5, 18, 45);
    if (kith_rng_chance(&c->rng, 0.3))
        s.ages[s.n++] = fmax(18, s.ages[0] - draw_gap(c));
    const uint32_t family = c->n_families++;
    const size_t wife = c->n_people;
    kith_status status = kith_couple_add(c, community, her_age, family, err);
    if (status != KITH_OK)
        return status;
    const parents p = {(int32_t)wife, (int32_t)wife + 1, younger_age(c, wife),
                       family, 0};
    return add_children(c, &p, &s, err);
}

/* Somebody who lives alone: perhaps the father of children near by. */
kith_status
kith_single_add(kith_cell *c, uint8_t community, kith_error *err)
{
    const uint32_t family = c->n_families++;
    const int32_t mother =
        kith_rng_chance(&c->rng, 0.6) ? kith_absent_take(c) : KITH_NOBODY;
    if (mother == KITH_NOBODY)
        return kith_adult_add(c, kith_sex_draw(c), community, kith_adult_age(c),
                              family, err);
    const double his = about(c, age_of(c, (size_t)mother) + 2, 4, 18, 70);
    const double least = kith_eldest_fatherless(c, mother) + 16;
    const size_t father = c->n_people;
    kith_status status = kith_adult_add(c, 0, c->people[mother].community,
                                        fmax(his, least), family, err);
    if (status == KITH_OK)
        kith_couple_part(c, (size_t)mother, father);
    return status;
}

/* A couple with children, and the parents of one of them. */
kith_status
kith_generations_add(kith_cell *c, uint8_t community, kith_household *home,
                     kith_error *err)
{
    const size_t first = c->n_people;
    kith_status status = kith_family_add(c, community, home, err);
    if (status != KITH_OK)
        return status;
    const size_t heir = first + (kith_rng_chance(&c->rng, 0.7) ? 1 : 0);
    const double age = age_of(c, heir);
    const double hers = about(c, age + 27, 5, age + 17, 101);
    const size_t elder = c->n_people;
    const bool both = kith_rng_chance(&c->rng, 0.5);
    const uint32_t family = c->n_families++;
    if (both)
        status = kith_couple_add(c, community, hers, family, err);
    else if (kith_person_add(c, 1, community, hers, family, err) == NULL)
        status = KITH_ERR_MEMORY;
    if (status != KITH_OK)
        return status;
    const bool father = both && age_of(c, elder + 1) > age + 16;
    kith_heir_settle(c, heir, (int32_t)elder,
                     father ? (int32_t)elder + 1 : KITH_NOBODY);
    return KITH_OK;
}
