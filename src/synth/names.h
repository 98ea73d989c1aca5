/**
 * @file names.h
 * @brief Draws names as a community gives them.
 */
#ifndef KITH_SYNTH_NAMES_H
#define KITH_SYNTH_NAMES_H

#include "synth/world.h"

enum { KITH_NAME_TEXT = 64 };

uint32_t kith_forename_draw(const kith_tables *t, uint32_t community,
                            uint8_t sex, int32_t birth_year, kith_rng *rng);
kith_surname kith_surname_draw(const kith_tables *t, uint32_t community,
                               kith_rng *rng);
/** @p s as a woman or a man of the community bears it. */
kith_surname kith_surname_for(const kith_tables *t, uint32_t community,
                              kith_surname s, uint8_t sex);
/** Writes the surname; at most KITH_NAME_TEXT bytes with the NUL. */
void kith_surname_text(const kith_tables *t, kith_surname s,
                       char out[KITH_NAME_TEXT]);
/** Appends @p s to a NUL-terminated text of @p cap bytes, whole characters. */
void kith_text_append(char *out, size_t cap, const char *s);

#endif
