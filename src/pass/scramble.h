/**
 * @file scramble.h
 * @brief Keyed permutations of 32-bit tokens and of filter bits.
 *
 * Threads  read-only once made
 */
#ifndef KITH_PASS_SCRAMBLE_H
#define KITH_PASS_SCRAMBLE_H

#include <kith/key.h>
#include <kith/status.h>
#include <stdint.h>

typedef struct kith_scramble kith_scramble;

/**
 * @param n_bits filter length whose positions are permuted; 0: none
 * @param purpose,pass,class_name what the key is derived for
 */
KITH_NODISCARD kith_status kith_scramble_new(kith_scramble **out,
                                             const kith_key *key,
                                             const char *run, const char *pass,
                                             const char *class_name,
                                             unsigned n_bits, kith_error *err);
void kith_scramble_free(kith_scramble *s);

/** A permutation of all 32-bit words that leaves 0, the null, in place. */
uint32_t kith_scramble_token(const kith_scramble *s, uint32_t token);
/** Moves every bit of the filter to its new position. */
void kith_scramble_filter(const kith_scramble *s, uint8_t *filter);

#endif
