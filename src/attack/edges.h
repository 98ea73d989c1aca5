/**
 * @file edges.h
 * @brief How alike two rows of one block are, as anyone sees who holds them,
 *        and how telling it is to find the same likeness elsewhere.
 *
 * Edge     the Dice coefficient of each name filter in two-hundredths, and
 *          which token columns agree, differ or are null
 * Likeness the log of how much likelier two edges are the same pair of people
 *          than not; the noise of a Dice coefficient between two encodings is
 *          taken as normal, and everything else as exact
 */
#ifndef KITH_ATTACK_EDGES_H
#define KITH_ATTACK_EDGES_H

#include "attack/target.h"

enum {
    KITH_EDGE_DICE = 200, /**< equal filters */
    KITH_EDGE_NULL = 201, /**< one of the two is null, or both */
    KITH_EDGE_CODES,
    KITH_BLOCK_ROWS = 192 /**< rows of a block that are looked at */
};

typedef struct kith_edge {
    uint8_t dice[KITH_TARGET_SLOTS];
    uint16_t tokens; /**< number of the pattern of its token columns */
} kith_edge;

/** One block: n x n edges. */
typedef struct kith_edge_block {
    uint32_t from; /**< its first row */
    uint32_t n;
    kith_edge *edges; /**< n x n */
} kith_edge_block;

/** Numbers patterns of tokens; shared by target and list. Zero-initialise. */
typedef struct kith_edge_tokens {
    bool names_only; /**< the attacker looks at no token */
    kith_map64 numbers;
    uint32_t n;
} kith_edge_tokens;

typedef struct kith_edge_scale {
    float dice[KITH_TARGET_SLOTS][KITH_EDGE_CODES][KITH_EDGE_CODES];
    float tokens[UINT16_MAX + 1];
    unsigned n_slots;
} kith_edge_scale;

KITH_NODISCARD kith_status kith_edge_block_make(kith_edge_block *out,
                                                const kith_target *t,
                                                uint32_t block,
                                                kith_edge_tokens *tokens,
                                                kith_error *err);

/** From the edges of the blocks under attack. */
void kith_edge_scale_make(kith_edge_scale *out, const kith_edge_block *blocks,
                          uint32_t n_blocks, unsigned n_slots);

static inline float
kith_edge_likeness(const kith_edge_scale *s, kith_edge a, kith_edge b)
{
    /* Tokens have no noise: another pattern is as good as impossible. */
    float sum = a.tokens == b.tokens ? s->tokens[a.tokens] : -6.0f;
    for (unsigned i = 0; i < s->n_slots; i++)
        sum += s->dice[i][a.dice[i]][b.dice[i]];
    return sum;
}

#endif
