#include "base/alloc.h"
#include "synth/families.h"

#include <math.h>

/* Households by type, by weight; close to the 2021 Census for Greater
 * Manchester (single under 66: 19 %, over: 12 %; lone parents with dependent
 * children: 9 %; couples with dependent children: 19 %). */
static const double SHARES[KITH_HOME_TYPES] = {190, 124, 150, 100, 190, 88,
                                               88,  30,  33,  17,  3};

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

uint8_t
kith_community_draw(kith_cell *c)
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
            kith_rng_chance(&c->rng, 0.5) ? community : kith_community_draw(c);
        const kith_status status = kith_adult_add(
            c, kith_sex_draw(c), whose, kith_cell_between(c, low, high),
            c->n_families++, err);
        if (status != KITH_OK)
            return status;
    }
    return KITH_OK;
}

/* Fewer the older: of those over 64 an eighth are over 85 (2021 Census). */
static double
older_age(kith_cell *c, double low, double high)
{
    const double a = kith_cell_between(c, low, high);
    const double b = kith_cell_between(c, low, high);
    return kith_rng_chance(&c->rng, 0.7) ? fmin(a, b) : a;
}

static kith_status
make_older_single(kith_cell *c, uint8_t community, kith_error *err)
{
    const size_t person = c->n_people;
    const uint8_t sex = kith_rng_chance(&c->rng, 0.67) ? 1 : 0;
    if (kith_person_add(c, sex, community, older_age(c, 66, 97),
                        c->n_families++, err) == NULL)
        return KITH_ERR_MEMORY;
    if (sex == 1)
        kith_nest_add(c, person);
    return KITH_OK;
}

static kith_status
make_home(kith_cell *c, kith_household_type type, kith_household *home,
          kith_error *err)
{
    const uint8_t community = kith_community_draw(c);
    switch (type) {
    case KITH_HOME_FAMILY:
        return kith_family_add(c, community, home, err);
    case KITH_HOME_LONE_PARENT:
        return kith_lone_parent_add(c, community, home, err);
    case KITH_HOME_ADULT_CHILDREN:
        return kith_grown_family_add(c, community, err);
    case KITH_HOME_MULTI_GENERATION:
        return kith_generations_add(c, community, home, err);
    case KITH_HOME_COUPLE:
        return kith_couple_add(c, community, kith_adult_age(c), c->n_families++,
                               err);
    case KITH_HOME_OLDER_COUPLE:
        return kith_couple_add(c, community, older_age(c, 66, 90),
                               c->n_families++, err);
    case KITH_HOME_OLDER_SINGLE:
        return make_older_single(c, community, err);
    case KITH_HOME_SHARED:
    case KITH_HOME_STUDENTS:
    case KITH_HOME_COMMUNAL:
        return make_strangers(c, type, community, err);
    case KITH_HOME_SINGLE:
    case KITH_HOME_TYPES:
        break;
    }
    return kith_single_add(c, community, err);
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
        p->ex = still_here(c, p->ex);
    }
}

/* Takes away whoever is too many; the unborn do not count. */
static void
cut(kith_cell *c, uint32_t quota)
{
    while (c->n_people - c->n_unborn > quota) {
        const kith_person *last = &c->people[--c->n_people];
        c->n_unborn -= last->born > c->world->reference;
    }
}

/* Fills the cell home by home; the last one is cut to fit. */
kith_status
kith_cell_settle(kith_cell *c, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint32_t quota = kith_world_people(c->world, c->number);
    while (c->n_people - c->n_unborn < quota) {
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
        cut(c, quota);
        home.n = (uint32_t)c->n_people - home.first;
        home.social_tenant =
            kith_rng_chance(&c->rng, 1 / (1 + exp(1.5 - 1.1 * latent)));
        c->homes[h] = home;
    }
    forget_missing(c);
done:
    return status;
}
