/**
 * @file defaults.h
 * @brief m and u before anything has been counted.
 *
 * Where a set is small, or its sources too small to send counts, these stand:
 * they must be right in kind. Names and places agree by chance as often as a
 * well-used model says; dates agree as birthdays do; what the block key fixes
 * agrees always.
 * Source   name and place rates: Splink's published defaults for persons, in
 *          the linkage notes; dates: 1/30, 1/12 and 1/65 for day, month, year
 */
#ifndef KITH_TRAIN_DEFAULTS_H
#define KITH_TRAIN_DEFAULTS_H

#include "compare/layout.h"

/** Level probabilities from 1; they sum to 1. */
void kith_default_m(double p[KITH_MAX_LEVELS], const kith_digit *digit);
void kith_default_u(double p[KITH_MAX_LEVELS], const kith_digit *digit);

#endif
