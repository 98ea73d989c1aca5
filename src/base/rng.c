#include "base/rng.h"

static uint64_t
splitmix(uint64_t *state)
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static uint64_t
rotl(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

kith_rng
kith_rng_at(uint64_t seed, uint64_t stream)
{
    uint64_t state = seed;
    const uint64_t mixed = splitmix(&state);
    state = mixed ^ (stream * 0xD1342543DE82EF95u);
    kith_rng rng;
    for (int i = 0; i < 4; i++)
        rng.s[i] = splitmix(&state);
    return rng;
}

uint64_t
kith_rng_next(kith_rng *rng)
{
    uint64_t *s = rng->s;
    const uint64_t result = rotl(s[1] * 5, 7) * 9;
    const uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 45);
    return result;
}

uint64_t
kith_rng_below(kith_rng *rng, uint64_t n)
{
    const uint64_t reject = (0 - n) % n;
    uint64_t x = 0;
    do
        x = kith_rng_next(rng);
    while (x < reject);
    return x % n;
}

double
kith_rng_unit(kith_rng *rng)
{
    return (double)(kith_rng_next(rng) >> 11) * 0x1.0p-53;
}
