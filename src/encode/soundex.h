/**
 * @file soundex.h
 * @brief American Soundex, as the US National Archives publish it.
 *
 * Pinned   H and W between two letters of one code do not separate them
 *          (ASHCRAFT is A261); vowels and Y do (TYMCZAK is T522); a letter
 *          of the first letter's code is dropped with it (PFISTER is P236).
 * Source   National Archives, "Soundex System", 2007; R. Russell, US patent
 *          1,261,167 (1918).
 */
#ifndef KITH_ENCODE_SOUNDEX_H
#define KITH_ENCODE_SOUNDEX_H

#include <stdbool.h>
#include <stddef.h>

enum { KITH_SOUNDEX_BYTES = 4 };

/** @param text A-Z; other characters are passed over.
 *  @return false when there is no letter */
bool kith_soundex(char out[KITH_SOUNDEX_BYTES], const char *text, size_t n);

#endif
