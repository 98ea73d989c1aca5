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
/** Somebody who is no child of the home's parents, but may be of a home near
 *  by. */
KITH_NODISCARD kith_status kith_adult_add(kith_cell *c, uint8_t sex,
                                          uint8_t community, double age,
                                          uint32_t family, kith_error *err);
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

/* What makes kin of people, in unions.c. */

/** Makes a couple of the wife and the one added after her; most marry. */
void kith_couple_marry(kith_cell *c, size_t wife);
/** Two parents who live apart; hers whose father nobody is are his. */
void kith_couple_part(kith_cell *c, size_t mother, size_t father);
/** Gives a child of known parents its surname. */
void kith_child_name(kith_cell *c, kith_person *child);
/** Makes one of a couple the child of the elders it lives with. */
void kith_heir_settle(kith_cell *c, size_t heir, int32_t mother,
                      int32_t father);
/** Remembers a home whose grown children may turn up near by ... */
void kith_nest_add(kith_cell *c, size_t mother);
/** ... and looks among them for the parents of an adult. */
void kith_parents_find(kith_cell *c, size_t person);
/** Remembers a mother whose children's father may turn up ... */
void kith_absent_expect(kith_cell *c, size_t mother);
/** ... and takes one; KITH_NOBODY when none is left. */
int32_t kith_absent_take(kith_cell *c);
/** Age of the eldest of her children at home whose father nobody is. */
double kith_eldest_fatherless(const kith_cell *c, int32_t mother);

#endif
