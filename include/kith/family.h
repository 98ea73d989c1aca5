/**
 * @file family.h
 * @brief Persons become households (who lives together) and families (who
 *        belongs together): two different things.
 *
 * Input    persons.csv, the payload bundles
 * Output   households.csv  household,person,source,confidence,from,to
 *          families.csv    family,person,role,source,confidence,from,to; roles
 *                          adult, parent, partner, dependent_child,
 *                          non_resident_parent, other. A child of two homes
 *                          and a parent elsewhere have a row in each family
 *          addresses that are communal, declared or by who lives there, are
 *          listed in communal.csv: address,people,children,reason. They are
 *          no household, and make no family but by relationships
 *          relations_rejected.csv  agency,record,other,kind,reason:
 *          relationships that are not believed; those that show only across
 *          agencies name persons and no agency
 *          families_rejected.csv  family,people,children,source,reason: what
 *          is too large to be a family, one line each
 * Evidence in this order: relationships from social care and schools,
 *          benefit unit or tenancy, same address with plausible ages and
 *          surname, address alone
 */
#ifndef KITH_FAMILY_H
#define KITH_FAMILY_H

#include <kith/job.h>
#include <kith/status.h>

typedef struct kith_family_params {
    const char *persons;    /**< persons.csv */
    const char *payload;    /**< folder of the payload bundles */
    const char *out;        /**< folder of the results */
    uint32_t max_household; /**< people at one address before it is communal */
    uint32_t max_family;    /**< people in one family before it is refused */
} kith_family_params;

kith_family_params kith_family_params_default(void);

KITH_NODISCARD kith_status kith_family(const kith_family_params *params,
                                       kith_job *job, kith_error *err);

#endif
