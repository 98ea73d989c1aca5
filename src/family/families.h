/**
 * @file families.h
 * @brief Families of everyone: under each roof, then across roofs.
 *
 * Across    a child without a parent at home joins the parent that a
 *           relationship names; a parent who lives elsewhere is listed in
 *           the child's family as non_resident_parent; a child seen lately
 *           at the home of another parent is listed there too
 * Guard     a family of more than max_family people is broken up into single
 *           persons, counted, never written
 */
#ifndef KITH_FAMILY_FAMILIES_H
#define KITH_FAMILY_FAMILIES_H

#include "family/homes.h"
#include "family/nuclear.h"
#include "family/rejects.h"

#include <kith/job.h>
#include <kith/status.h>

/** A place beside the main one: of somebody who belongs in two families. */
typedef struct kith_extra_place {
    uint32_t person;
    uint32_t home; /* a second home too; KITH_NO_HOME: none */
    kith_place place;
} kith_extra_place;

/** Zero-initialise; _done frees. */
typedef struct kith_families {
    kith_place *places; /* of each person */
    kith_extra_place *extras;
    size_t n_extras, extras_cap;
} kith_families;

KITH_NODISCARD kith_status kith_families_find(
    kith_families *out, const kith_members *members, const kith_homes *homes,
    uint32_t max_family, kith_family_rejects *rejects, kith_error *err);
void kith_families_done(kith_families *f);

#endif
