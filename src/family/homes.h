/**
 * @file homes.h
 * @brief Who lives together: persons by current address, communal addresses
 *        apart.
 *
 * A person without an address goes to whom it lives with by a relationship in
 * force, else to its partner, else where most of the people of the same
 * benefit unit, tenancy or case live. An address is communal, and never
 * makes a household or a family, when
 *   declared            a record of somebody who lives there says so
 *   too_many_people     more than max_household people live there
 *   unrelated_adults    six or more, no child, and hardly two of one surname
 * Numbers  homes count in order of their smallest person
 */
#ifndef KITH_FAMILY_HOMES_H
#define KITH_FAMILY_HOMES_H

#include "family/members.h"

#include <kith/status.h>

typedef enum kith_home_kind {
    KITH_HOME_PRIVATE,
    KITH_HOME_DECLARED,
    KITH_HOME_TOO_MANY_PEOPLE,
    KITH_HOME_UNRELATED_ADULTS
} kith_home_kind;

const char *kith_home_kind_name(kith_home_kind kind);

/** Zero-initialise; _done frees. */
typedef struct kith_homes {
    uint32_t *home_of; /* of each person; KITH_NO_HOME */
    uint8_t *sources;  /* of each person: KITH_HOME_BY_* */
    uint32_t n;
    uint32_t *people; /* by home, ascending */
    uint32_t *begins; /* n + 1 */
    kith_home_kind *kinds;
} kith_homes;

#define KITH_NO_HOME UINT32_MAX

/** Whose word says that a person lives there. */
enum {
    KITH_HOME_BY_ADDRESS,  /* its own records */
    KITH_HOME_BY_RELATION, /* who it lives with, or its partner */
    KITH_HOME_BY_UNIT      /* the others of a benefit unit or tenancy */
};

KITH_NODISCARD kith_status kith_homes_find(kith_homes *out,
                                           const kith_members *members,
                                           uint32_t max_household,
                                           kith_error *err);
void kith_homes_done(kith_homes *h);

#endif
