/**
 * @file world.h
 * @brief One cell of the population: a few hundred people who live near one
 *        another, made from the seed and the cell's number alone.
 *
 * Cells are the unit of work: any worker makes any cell, and the same cell
 * is the same at any thread count. People refer to each other by their index
 * in the cell; families never cross cells, former addresses may.
 * Storage  reused from cell to cell by a worker
 */
#ifndef KITH_SYNTH_WORLD_H
#define KITH_SYNTH_WORLD_H

#include "base/date.h"
#include "base/rng.h"
#include "synth/tables.h"

#include <kith/status.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    KITH_NOBODY = -1,
    KITH_STAYS = 5,         /**< addresses of a person, latest first */
    KITH_NIGHTS = 60,       /**< days after the reference that are foreseen */
    KITH_CELL_SLOTS = 2048, /**< people or dwellings a cell has room for */
    KITH_POSTAL_AREAS = 24, /**< of a table of sectors: BL, M, OL ... */
    KITH_ELSEWHERE = 104,   /**< others that are known, at most */
    KITH_NESTS = 48         /**< homes whose children have left, looked at */
};

typedef enum kith_household_type {
    KITH_HOME_SINGLE,
    KITH_HOME_OLDER_SINGLE,
    KITH_HOME_COUPLE,
    KITH_HOME_OLDER_COUPLE,
    KITH_HOME_FAMILY,
    KITH_HOME_LONE_PARENT,
    KITH_HOME_ADULT_CHILDREN,
    KITH_HOME_MULTI_GENERATION,
    KITH_HOME_SHARED,
    KITH_HOME_STUDENTS,
    KITH_HOME_COMMUNAL,
    KITH_HOME_TYPES
} kith_household_type;

const char *kith_household_type_name(kith_household_type type);

/** A surname: a listed one, or a stem and an ending, or two joined. */
typedef struct kith_surname {
    uint32_t a; /* in kith_tables.names */
    uint32_t b; /* KITH_DICT_NONE, or what follows */
    bool double_barrelled;
    bool feminine; /* written -ska for -ski */
} kith_surname;

/** A home or a family that is no more: known by its address, or by the person
 *  who then lived in it. */
#define KITH_FORMER UINT32_MAX

/** Where and with whom somebody lived from a day on. */
typedef struct kith_stay {
    int32_t from;
    uint32_t cell;
    uint32_t dwelling;
    uint32_t household, family; /* index in the person's cell, KITH_FORMER */
} kith_stay;

typedef struct kith_person {
    uint32_t household, family; /* index in the cell */
    int32_t mother, father, partner;
    int32_t ex; /* the partner before, who lives near */
    /* may be in the nights ahead; KITH_NO_DATE: never, but for born */
    int32_t born, died, married;
    int32_t parted;  /* the day the union with the ex, known or not, ended */
    int32_t renamed; /* the day surname replaced former */
    uint32_t forename, middle; /* middle: KITH_DICT_NONE */
    kith_surname surname, former;
    kith_stay stays[KITH_STAYS];
    uint8_t n_stays;
    uint8_t sex; /* 0 male, 1 female */
    uint8_t community;
    uint8_t age;    /* at the reference date */
    bool child;     /* of the household's parents */
    bool parenting; /* has children under 18, here or elsewhere */
    double latent;  /* standard normal: deprivation's pull */
    double turmoil; /* standard normal: what needs of one's own share */
    uint32_t needs; /* bit per kith_need, in the last year */
} kith_person;

typedef struct kith_household {
    uint32_t first, n; /* people */
    kith_household_type type;
    uint32_t dwelling;
    double latent;
    bool social_tenant;
} kith_household;

/** What every cell needs to know. */
typedef struct kith_world {
    const kith_tables *tables;
    uint64_t seed;
    int32_t reference; /* the day the population is made for */
    int32_t today;     /* the day the extracts are of: so many nights later */
    uint64_t n_people;
    uint32_t n_cells;
    uint32_t people_per_cell;
    /* Where postcodes come from: kith_places_plan. */
    uint32_t first_cell[KITH_SYNTH_DISTRICTS];
    char postal_areas[KITH_POSTAL_AREAS][3];
    uint32_t n_postal_areas;
    uint8_t elsewhere[KITH_ELSEWHERE]; /* postal areas that are not theirs */
    uint32_t n_elsewhere;
} kith_world;

/** A woman, or a couple by the wife, whose grown children may live near. */
typedef struct kith_nest {
    int32_t mother;
    uint8_t children; /* who were found so far */
} kith_nest;

typedef struct kith_cell {
    const kith_world *world;
    uint32_t number;
    uint32_t area; /* index into tables.areas */
    double latent;
    kith_rng rng;
    kith_person *people;
    size_t n_people, people_cap;
    kith_household *homes;
    size_t n_homes, homes_cap;
    uint32_t n_families;
    uint32_t n_unborn; /* of the people: those of the nights ahead */
    /* mothers of children whose father lives near, in a home to come */
    int32_t absent[64];
    uint32_t n_absent;
    kith_nest nests[KITH_NESTS]; /* the latest, round robin */
    uint32_t n_nests;            /* of all that there were */
} kith_cell;

/** Splits @p n people into cells. */
void kith_world_plan(kith_world *w);
/** People of cell @p number. */
uint32_t kith_world_people(const kith_world *w, uint32_t number);
/** The area that cell @p number lies in: index into tables.areas. */
uint32_t kith_world_area(const kith_world *w, uint32_t number);

KITH_NODISCARD kith_status kith_cell_make(kith_cell *c, const kith_world *w,
                                          uint32_t number, kith_error *err);
void kith_cell_done(kith_cell *c);
/** Number of a person, unique in the world. */
uint64_t kith_person_number(const kith_cell *c, size_t person);

/** Steps of kith_cell_make. */
KITH_NODISCARD kith_status kith_cell_settle(kith_cell *c, kith_error *err);
void kith_cell_remember(kith_cell *c);
/** Parts of remembering, in together.c: how the second of a couple came to
 *  live with the first, once the home's addresses are known ... */
void kith_couple_remember(kith_cell *c, size_t wife);
/** ... and, for one person after another, whom it left: its parents, its
 *  former partner. */
void kith_person_remember(kith_cell *c, size_t person);
/** An address of former times; nobody is said to live there. */
kith_stay kith_former_home(kith_cell *c);

/** A standard normal draw. */
double kith_rng_normal(kith_rng *rng);
/** True with probability @p p. */
bool kith_rng_chance(kith_rng *rng, double p);
/** Exponential with @p mean, rounded down, at most 30,000. */
int32_t kith_rng_days(kith_rng *rng, double mean);
/** Uniform in [low, high]. */
int32_t kith_rng_between(kith_rng *rng, int32_t low, int32_t high);

#endif
