#include "synth/world.h"

#include "base/alloc.h"

#include <math.h>

enum { MIN_CELL = 20, MAX_CELL = 1000, CELLS_WANTED = 100 };

void
kith_world_plan(kith_world *w)
{
    uint64_t size = w->n_people / CELLS_WANTED;
    if (size < MIN_CELL)
        size = MIN_CELL;
    if (size > MAX_CELL)
        size = MAX_CELL;
    w->people_per_cell = (uint32_t)size;
    w->n_cells = (uint32_t)((w->n_people + size - 1) / size);
}

uint32_t
kith_world_people(const kith_world *w, uint32_t number)
{
    const uint64_t before = (uint64_t)number * w->people_per_cell;
    const uint64_t left = w->n_people - before;
    return left < w->people_per_cell ? (uint32_t)left : w->people_per_cell;
}

uint32_t
kith_world_area(const kith_world *w, uint32_t number)
{
    const kith_tables *t = w->tables;
    const double x = (number + 0.5) / w->n_cells * t->area_sums[t->n_areas - 1];
    size_t low = 0;
    size_t high = t->n_areas - 1;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (t->area_sums[middle] > x)
            high = middle;
        else
            low = middle + 1;
    }
    return (uint32_t)low;
}

uint64_t
kith_person_number(const kith_cell *c, size_t person)
{
    return (uint64_t)c->number * KITH_CELL_SLOTS + person;
}

void
kith_cell_done(kith_cell *c)
{
    kith_free(c->people);
    kith_free(c->homes);
    *c = (kith_cell){0};
}

kith_status
kith_cell_make(kith_cell *c, const kith_world *w, uint32_t number,
               kith_error *err)
{
    c->world = w;
    c->number = number;
    c->area = kith_world_area(w, number);
    c->rng = kith_rng_at(w->seed, number);
    c->n_people = 0;
    c->n_homes = 0;
    c->n_families = 0;
    c->n_unborn = 0;
    c->n_absent = 0;
    c->n_nests = 0;
    const kith_tables *t = w->tables;
    /* The poorest tenth is 1: turn round, so that high means deprived. */
    c->latent = (t->deprivation_mean - t->areas[c->area].deprivation) /
                t->deprivation_sd;
    kith_status status = kith_cell_settle(c, err);
    if (status == KITH_OK)
        kith_cell_remember(c);
    return status;
}

double
kith_rng_normal(kith_rng *rng)
{
    /* Marsaglia's polar method (1964): exact in the tails, where rare needs
     * are. */
    double u = 0;
    double square = 0;
    do {
        const uint64_t x = kith_rng_next(rng);
        const double v = (double)(x & 0xFFFFFFFFu) * 0x1.0p-31 - 1.0;
        u = (double)(x >> 32) * 0x1.0p-31 - 1.0;
        square = u * u + v * v;
    } while (square >= 1.0 || square <= 0.0);
    return u * sqrt(-2.0 * log(square) / square);
}

bool
kith_rng_chance(kith_rng *rng, double p)
{
    return kith_rng_unit(rng) < p;
}

int32_t
kith_rng_days(kith_rng *rng, double mean)
{
    const double d = -log(1.0 - kith_rng_unit(rng)) * mean;
    return d > 30000.0 ? 30000 : (int32_t)d;
}

int32_t
kith_rng_between(kith_rng *rng, int32_t low, int32_t high)
{
    if (high <= low)
        return low;
    return low + (int32_t)kith_rng_below(rng, (uint64_t)(high - low) + 1);
}
