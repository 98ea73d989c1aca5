/**
 * @file nuclear.h
 * @brief The families under one roof: couples, parents, their children.
 *
 * A family is a couple or a single person and the children who live with
 * them, grown-up ones too unless they have a partner or children of their
 * own. Grandparents, lodgers and flat-sharers are families of their own.
 * Evidence is weighed in points, in the order relationship > unit of an
 * agency > surname and ages > ages alone; the weights are below and were set
 * by the made-up population's truth.
 * Cost     O(people^2) a home, at most max_household people
 */
#ifndef KITH_FAMILY_NUCLEAR_H
#define KITH_FAMILY_NUCLEAR_H

#include "family/members.h"

#include <kith/status.h>

typedef enum kith_family_role {
    KITH_ROLE_ADULT,
    KITH_ROLE_PARENT,
    KITH_ROLE_PARTNER,
    KITH_ROLE_DEPENDENT_CHILD,
    KITH_ROLE_NON_RESIDENT_PARENT,
    KITH_ROLE_OTHER
} kith_family_role;

typedef enum kith_family_source {
    KITH_SOURCE_ALONE,
    KITH_SOURCE_ADDRESS,
    KITH_SOURCE_SURNAME, /* and address */
    KITH_SOURCE_UNIT,
    KITH_SOURCE_RELATION
} kith_family_source;

const char *kith_family_role_name(kith_family_role role);
const char *kith_family_source_name(kith_family_source source);

/** A person's place in its family. */
typedef struct kith_place {
    uint32_t family; /* the person that names it */
    uint8_t role;
    uint8_t source;
    uint8_t confidence; /* percent */
} kith_place;

enum { KITH_MAX_HOME = 64 }; /* people that _nuclear takes at once */

/**
 * Groups @p n people of one home, ascending, into families.
 * @param[in,out] places of all persons; those of @p people are set
 */
void kith_nuclear(kith_place *places, const kith_members *members,
                  const uint32_t *people, uint32_t n);

/** How sure a source is, percent. */
uint8_t kith_source_confidence(kith_family_source source);

#endif
