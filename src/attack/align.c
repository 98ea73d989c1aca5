#include "attack/align.h"

#include <math.h>
#include <string.h>

enum {
    SEEDS = 2,  /* first edges tried, each in both directions */
    TELLING = 6 /* edges of the block that are looked for in the list */
};

typedef struct seed {
    uint32_t i, j; /* rows */
    uint32_t x, y; /* people */
    float likeness;
} seed;

static kith_edge
row_edge(const kith_edge_block *b, uint32_t i, uint32_t j)
{
    return b->edges[i * b->n + j];
}

static kith_edge
list_edge(const kith_align_list *l, uint32_t x, uint32_t y)
{
    return row_edge(l->block, l->rows[x], l->rows[y]);
}

/* Keeps the greatest, sorted. */
static void
keep(seed *seeds, unsigned *n, unsigned most, seed s)
{
    unsigned at = *n;
    if (at == most && seeds[at - 1].likeness >= s.likeness)
        return;
    if (at < most)
        (*n)++;
    else
        at--;
    for (; at > 0 && seeds[at - 1].likeness < s.likeness; at--)
        seeds[at] = seeds[at - 1];
    seeds[at] = s;
}

/* The rarest edges of the block, each with its likest in the list. */
static unsigned
find_seeds(seed seeds[SEEDS], const kith_edge_scale *scale,
           const kith_edge_block *block, const kith_align_list *list)
{
    seed telling[TELLING];
    unsigned n_telling = 0, n = 0;
    for (uint32_t i = 0; i < block->n; i++)
        for (uint32_t j = 0; j < i; j++) {
            const kith_edge e = row_edge(block, i, j);
            keep(telling, &n_telling, TELLING,
                 (seed){i, j, 0, 0, kith_edge_likeness(scale, e, e)});
        }
    for (unsigned t = 0; t < n_telling; t++) {
        seed best = telling[t];
        const kith_edge e = row_edge(block, best.i, best.j);
        best.likeness = -1e9f;
        for (uint32_t x = 0; x < list->n; x++)
            for (uint32_t y = 0; y < x; y++) {
                const float like =
                    kith_edge_likeness(scale, e, list_edge(list, x, y));
                if (like > best.likeness)
                    best = (seed){best.i, best.j, x, y, like};
            }
        keep(seeds, &n, SEEDS, best);
    }
    return n;
}

/* Row i is person x: every other pair gains or loses by its edges to them. */
static void
assign(kith_aligner *a, const kith_edge_block *block,
       const kith_align_list *list, uint32_t i, uint32_t x)
{
    a->person[i] = (int16_t)x;
    a->taken[x] = true;
    for (uint32_t j = 0; j < block->n; j++) {
        if (a->person[j] >= 0)
            continue;
        for (uint32_t y = 0; y < list->n; y++)
            if (!a->taken[y])
                a->gain[j][y] += kith_edge_likeness(
                    a->scale, row_edge(block, i, j), list_edge(list, x, y));
    }
}

static float
next_pair(const kith_aligner *a, const kith_edge_block *block,
          const kith_align_list *list, uint32_t *row, uint32_t *person)
{
    float best = -1e9f;
    for (uint32_t j = 0; j < block->n; j++) {
        if (a->person[j] >= 0)
            continue;
        for (uint32_t y = 0; y < list->n; y++)
            if (!a->taken[y] && a->gain[j][y] > best) {
                best = a->gain[j][y];
                *row = j;
                *person = y;
            }
    }
    return best;
}

/* From one seed; what is gained, less the choice there was at each step. */
static double
grow(kith_aligner *a, const kith_edge_block *block, const kith_align_list *list,
     seed s, uint32_t most)
{
    const uint32_t n = block->n < list->n ? block->n : list->n;
    double sum = (double)s.likeness;
    for (uint32_t i = 0; i < block->n; i++) {
        a->person[i] = -1;
        memset(a->gain[i], 0, list->n * sizeof **a->gain);
    }
    memset(a->taken, 0, list->n);
    assign(a, block, list, s.i, s.x);
    assign(a, block, list, s.j, s.y);
    for (uint32_t placed = 2; placed < n && placed < most; placed++) {
        uint32_t row = 0, person = 0;
        const float gain = next_pair(a, block, list, &row, &person);
        const double choice =
            log((double)(block->n - placed) * (list->n - placed));
        if ((double)gain <= choice)
            break;
        sum += (double)gain - choice;
        assign(a, block, list, row, person);
    }
    return sum;
}

double
kith_align(kith_aligner *a, const kith_edge_block *block,
           const kith_align_list *list, uint32_t most, int16_t *best)
{
    seed seeds[SEEDS];
    double greatest = -1e18;
    for (uint32_t i = 0; best != NULL && i < block->n; i++)
        best[i] = -1;
    if (block->n < 2 || list->n < 2)
        return 0;
    const unsigned n = find_seeds(seeds, a->scale, block, list);
    for (unsigned s = 0; s < 2 * n; s++) {
        seed from = seeds[s / 2];
        if (s % 2 == 1) {
            from.x = seeds[s / 2].y;
            from.y = seeds[s / 2].x;
        }
        const double sum = grow(a, block, list, from, most);
        if (sum <= greatest + 1e-9)
            continue;
        greatest = sum;
        if (best != NULL)
            memcpy(best, a->person, block->n * sizeof *best);
    }
    return greatest;
}
