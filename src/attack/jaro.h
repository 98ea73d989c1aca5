/**
 * @file jaro.h
 * @brief The Jaro-Winkler similarity of two clear-text names.
 *
 * Source   Winkler 1990, "String comparator metrics and enhanced decision
 *          rules in the Fellegi-Sunter model of record linkage": common
 *          prefix up to four letters, scale 0.1
 */
#ifndef KITH_ATTACK_JARO_H
#define KITH_ATTACK_JARO_H

#include <stddef.h>

/** In [0, 1]; texts of up to 64 bytes count, the rest is left out. */
double kith_jaro_winkler(const char *a, size_t n_a, const char *b, size_t n_b);

#endif
