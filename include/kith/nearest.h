/**
 * @file nearest.h
 * @brief The word somebody meant: for "did you mean" hints.
 *
 * Source   Damerau 1964, doi:10.1145/363958.363994 (optimal string alignment:
 *          insert, delete, change, swap of neighbours, each costing 1)
 */
#ifndef KITH_NEAREST_H
#define KITH_NEAREST_H

#include <stddef.h>

/**
 * The entry of @p words nearest to @p word, case ignored; the first of
 * equals. NULL when none is near: more than a third of the letters differ.
 */
const char *kith_nearest(const char *word, const char *const *words, size_t n);

#endif
