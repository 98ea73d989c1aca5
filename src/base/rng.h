/**
 * @file rng.h
 * @brief Seeded random numbers for synthesis, sampling and tests. Never for
 *        keys.
 *
 * kith_rng_at gives an independent stream for (seed, stream), so that a
 * parallel loop draws the same numbers at any thread count.
 *
 * Source   SplitMix64 (Steele et al. 2014) seeding xoshiro256** (Blackman &
 *          Vigna 2018, arXiv:1805.01407).
 */
#ifndef KITH_BASE_RNG_H
#define KITH_BASE_RNG_H

#include <stdint.h>

typedef struct kith_rng {
    uint64_t s[4];
} kith_rng;

kith_rng kith_rng_at(uint64_t seed, uint64_t stream);
uint64_t kith_rng_next(kith_rng *rng);
/** Uniform in [0, n), n > 0, without bias. */
uint64_t kith_rng_below(kith_rng *rng, uint64_t n);
/** Uniform in [0, 1). */
double kith_rng_unit(kith_rng *rng);

#endif
