/**
 * @file families.h
 * @brief Adds people to the home that a cell is filling: singles, couples,
 *        parents with their children.
 *
 * The home is the last of the cell's; ages are in years at the reference
 * date. All fail for lack of memory only.
 */
#ifndef KITH_SYNTH_FAMILIES_H
#define KITH_SYNTH_FAMILIES_H

#include "synth/world.h"

/** One person; NULL without memory. Borrowed until the next is added. */
kith_person *kith_person_add(kith_cell *c, uint8_t sex, uint8_t community,
                             double age, uint32_t family, kith_error *err);
/** A couple, the wife first; his age follows from hers. */
KITH_NODISCARD kith_status kith_couple_add(kith_cell *c, uint8_t community,
                                           double her_age, uint32_t family,
                                           kith_error *err);
/** A couple with children under 18. */
KITH_NODISCARD kith_status kith_family_add(kith_cell *c, uint8_t community,
                                           kith_household *home,
                                           kith_error *err);
/** A parent alone with children; the father may turn up as a single. */
KITH_NODISCARD kith_status kith_lone_parent_add(kith_cell *c, uint8_t community,
                                                kith_household *home,
                                                kith_error *err);
/** Somebody who lives alone: perhaps the father of children nearby. */
KITH_NODISCARD kith_status kith_single_add(kith_cell *c, uint8_t community,
                                           kith_error *err);
/** A couple with grown children. */
KITH_NODISCARD kith_status kith_grown_family_add(kith_cell *c,
                                                 uint8_t community,
                                                 kith_error *err);
/** A family and the parents of one of the couple. */
KITH_NODISCARD kith_status kith_generations_add(kith_cell *c, uint8_t community,
                                                kith_household *home,
                                                kith_error *err);

/** Draws: an age of an adult without children, a sex, a number between. */
double kith_adult_age(kith_cell *c);
uint8_t kith_sex_draw(kith_cell *c);
/** A community as the neighbourhood has them. */
uint8_t kith_community_draw(kith_cell *c);
double kith_cell_between(kith_cell *c, double low, double high);

#endif
