/**
 * @file level.h
 * @brief The units of a level: persons, families or households.
 */
#ifndef KITH_CRITERIA_LEVEL_H
#define KITH_CRITERIA_LEVEL_H

#include "criteria/ast.h"
#include "criteria/people.h"

/** "person", "family", "household". */
const char *kith_level_unit(kith_level level);
/** KITH_LEVEL_HOUSEHOLD for any other word. */
kith_level kith_level_of(kith_str name);
uint32_t kith_level_count(const kith_people *people, kith_level level);
/** By number of the unit. */
const kith_dict *kith_level_ids(const kith_people *people, kith_level level);
/** Members and the way back; NULL for persons. */
const kith_units *kith_level_units(const kith_people *people, kith_level level);

#endif
