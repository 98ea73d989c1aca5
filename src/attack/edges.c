#include "attack/edges.h"

#include "attack/bits.h"
#include "base/alloc.h"

#include <math.h>
#include <string.h>

/* Two filters of 512 bits and half fill share bits by chance with a standard
 * deviation of some .03 of Dice: 6 of our steps, in both encodings. */
#define NOISE 8.5
/* Equal in one encoding and not in the other: as good as impossible. */
#define IMPOSSIBLE (-6.0)

static uint8_t
dice_of(const kith_target *t, uint32_t a, uint32_t b, unsigned slot)
{
    const size_t n = t->layout->filter_bytes;
    const uint8_t *x = kith_target_filter(t, a, slot);
    const uint8_t *y = kith_target_filter(t, b, slot);
    kith_phi p = {0};
    kith_phi_add(&p, x, y, n);
    if (p.left == 0 || p.right == 0)
        return KITH_EDGE_NULL;
    return (uint8_t)(2 * KITH_EDGE_DICE * p.both / (p.left + p.right));
}

/* Two bits a token column: both null, one null, equal, different. */
static uint64_t
token_pattern(const kith_target *t, uint32_t a, uint32_t b)
{
    static const uint8_t none[4];
    const uint8_t *x = kith_target_at(t, a), *y = kith_target_at(t, b);
    uint64_t pattern = 0;
    for (unsigned c = 0; c < t->layout->n_columns; c++) {
        const kith_column *column = &t->layout->columns[c];
        if (column->offset == KITH_IMPLIED ||
            column->role == KITH_COLUMN_FILTER)
            continue;
        const uint8_t *p = x + column->offset, *q = y + column->offset;
        const bool x_null = memcmp(p, none, 4) == 0;
        const bool y_null = memcmp(q, none, 4) == 0;
        const unsigned state = x_null && y_null       ? 0
                               : x_null || y_null     ? 1
                               : memcmp(p, q, 4) == 0 ? 2
                                                      : 3;
        pattern = pattern << 2 | state;
    }
    return pattern;
}

/* Patterns past the table share its last number. */
static kith_status
number_pattern(kith_edge_tokens *tokens, uint64_t pattern, uint16_t *out,
               kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t number = 0;
    if (!kith_map64_get(&tokens->numbers, pattern, &number)) {
        number = tokens->n < UINT16_MAX ? tokens->n++ : UINT16_MAX;
        KITH_TRY(kith_map64_put(&tokens->numbers, pattern, number, err));
    }
    *out = (uint16_t)number;
done:
    return status;
}

kith_status
kith_edge_block_make(kith_edge_block *out, const kith_target *t, uint32_t block,
                     kith_edge_tokens *tokens, kith_error *err)
{
    kith_status status = KITH_OK;
    out->from = t->begin[block];
    out->n = t->begin[block + 1] - out->from;
    out->n = out->n < KITH_BLOCK_ROWS ? out->n : KITH_BLOCK_ROWS;
    KITH_TRY(KITH_ALLOC(&out->edges, (size_t)out->n * out->n + 1, err));
    for (uint32_t i = 0; i < out->n; i++)
        for (uint32_t j = 0; j < i; j++) {
            kith_edge e = {{0}, 0};
            for (unsigned s = 0; s < t->n_slots; s++)
                e.dice[s] = dice_of(t, out->from + i, out->from + j, s);
            const uint64_t pattern =
                tokens->names_only
                    ? 0
                    : token_pattern(t, out->from + i, out->from + j);
            KITH_TRY(number_pattern(tokens, pattern, &e.tokens, err));
            out->edges[i * out->n + j] = out->edges[j * out->n + i] = e;
        }
done:
    return status;
}

static double
kernel(int distance)
{
    return exp(-distance * distance / (2 * NOISE * NOISE)) /
           (NOISE * 2.50662827463);
}

static void
scale_dice(float out[KITH_EDGE_CODES][KITH_EDGE_CODES],
           const double share[KITH_EDGE_CODES])
{
    for (int a = 0; a < KITH_EDGE_CODES; a++) {
        double near = 1e-9; /* chance of an edge about here */
        for (int c = 0; a < KITH_EDGE_DICE && c < KITH_EDGE_DICE; c++)
            near += share[c] * kernel(a - c);
        for (int b = 0; b < KITH_EDGE_CODES; b++) {
            double ratio = a == b ? -log(share[a]) : IMPOSSIBLE;
            if (a < KITH_EDGE_DICE && b < KITH_EDGE_DICE)
                ratio = log(kernel(a - b) + 1e-12) - log(near);
            out[a][b] = (float)(ratio > IMPOSSIBLE ? ratio : IMPOSSIBLE);
        }
    }
}

void
kith_edge_scale_make(kith_edge_scale *out, const kith_edge_block *blocks,
                     uint32_t n_blocks, unsigned n_slots)
{
    double share[KITH_TARGET_SLOTS][KITH_EDGE_CODES] = {{0}};
    double n = 1;
    memset(out, 0, sizeof *out);
    out->n_slots = n_slots;
    for (uint32_t b = 0; b < n_blocks; b++)
        for (uint32_t i = 0; i < blocks[b].n; i++)
            for (uint32_t j = 0; j < i; j++) {
                const kith_edge e = blocks[b].edges[i * blocks[b].n + j];
                n++;
                out->tokens[e.tokens]++;
                for (unsigned s = 0; s < n_slots; s++)
                    share[s][e.dice[s]]++;
            }
    for (unsigned i = 0; i <= UINT16_MAX; i++)
        out->tokens[i] = (float)-log(((double)out->tokens[i] + 1) / n);
    for (unsigned s = 0; s < n_slots; s++) {
        for (unsigned c = 0; c < KITH_EDGE_CODES; c++)
            share[s][c] = (share[s][c] + .01) / n;
        scale_dice(out->dice[s], share[s]);
    }
}
