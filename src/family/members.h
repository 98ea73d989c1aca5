/**
 * @file members.h
 * @brief Persons as family sees them: the payload of all their records drawn
 *        together.
 *
 * Persons are the indexes of persons.csv, ascending by id. The current
 * address is the one that most records say, each worth half as much for every
 * HALF_LIFE days since it was last true: one late record of an old address
 * does not outvote the rest (and see family/companions.h). Age and sex are the
 * majority's (Boyer & Moore 1981, so one pass and constant space a person).
 * Ties go to the earlier agency.
 */
#ifndef KITH_FAMILY_MEMBERS_H
#define KITH_FAMILY_MEMBERS_H

#include "cluster/persons.h"
#include "encode/bundle.h"
#include "family/rejects.h"

#include <kith/job.h>
#include <kith/status.h>
#include <stdbool.h>
#include <stdint.h>

/** An address of a person, and the last day that a record was there. */
typedef struct kith_stay_seen {
    uint64_t address;       /* 0 none */
    uint32_t surname;       /* as written there last; 0 unknown */
    int32_t since, updated; /* first and last record there */
    /* In one word, so that a stay is 24 bytes; both stop at their most. */
    unsigned score : 23;   /* the more, the likelier current */
    unsigned communal : 1; /* a record there says that it is declared so */
    unsigned n_records : 8;
} kith_stay_seen;

enum { KITH_MOST_SCORE = (1 << 23) - 1, KITH_MOST_RECORDS = 255 };

/** Places in kith_member.stays, once all records are seen. */
enum {
    KITH_NOW,    /* the current address */
    KITH_BEFORE, /* the latest other */
    KITH_STAYS_SEEN = 4
};

typedef struct kith_member {
    kith_stay_seen stays[KITH_STAYS_SEEN];
    int16_t age; /* -1 unknown */
    uint8_t sex; /* 0 unknown, 1 male, 2 female */
    uint8_t age_votes;
    uint8_t sex_votes;
    bool related; /* is in a relation */
} kith_member;

/** An agency's own unit (benefit unit, tenancy, case) and one of its people. */
typedef struct kith_unit_row {
    uint64_t unit;
    uint32_t person;
} kith_unit_row;

/** A relationship in force at the reference date; both directions stored. */
typedef struct kith_relation {
    uint32_t person;
    uint32_t other;
    uint8_t kind;       /* bits, KITH_IS_* */
    int32_t start, end; /* KITH_NO_DATE: always; KITH_OPEN_END: still */
} kith_relation;

enum {
    KITH_IS_PARENT = 1, /* person is a parent of other */
    KITH_IS_CHILD = 2,
    KITH_IS_PARTNER = 4,
    KITH_IS_CARER = 8, /* person cares for other */
    KITH_IS_CARED = 16,
    KITH_LIVES_WITH = 32
};

/** Zero-initialise; _done frees. */
typedef struct kith_members {
    kith_person_list list;
    kith_member *people;  /* list.n_persons */
    kith_unit_row *units; /* by (person, unit) */
    size_t n_units, units_cap;
    uint64_t *unit_begins;    /* n_persons + 1, and a spare one */
    kith_relation *relations; /* by (person, other), one a pair */
    size_t n_relations, relations_cap;
    int32_t reference; /* reference date */
} kith_members;

/** @param rejects where what is not believed is listed */
KITH_NODISCARD kith_status kith_members_load(kith_members *out,
                                             const char *persons,
                                             const char *payload,
                                             kith_family_rejects *rejects,
                                             kith_job *job, kith_error *err);
/** For members.c: lists units that are too large, and sorts the others by
 *  person. */
KITH_NODISCARD kith_status kith_members_order_units(
    kith_members *m, kith_family_rejects *rejects, kith_error *err);
void kith_members_done(kith_members *m);

/** What @p person is to @p other: KITH_IS_* bits, 0 nothing known. */
unsigned kith_members_relation(const kith_members *m, uint32_t person,
                               uint32_t other);
/** The first of a person's relations; they end where another's begin. */
size_t kith_members_first_relation(const kith_members *m, uint32_t person);
/** Whether the two are in one unit of an agency. */
bool kith_members_share_unit(const kith_members *m, uint32_t a, uint32_t b);

#endif
