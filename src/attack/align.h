/**
 * @file align.h
 * @brief The best assignment of a block's rows to people of a list, by their
 *        edges alone.
 *
 * From the block's most telling edges that have a like one in the list, the
 * assignment grows by the pair of row and person whose edges to those already
 * assigned are likest, as long as that beats the choice there was.
 * Cost     of a block of m rows and k people: rows placed x m x k
 */
#ifndef KITH_ATTACK_ALIGN_H
#define KITH_ATTACK_ALIGN_H

#include "attack/edges.h"
#include "base/rng.h"

/** The people of a candidate block that the list has. */
typedef struct kith_align_list {
    const kith_edge_block *block;
    uint32_t n;
    uint8_t rows[KITH_BLOCK_ROWS]; /**< which of the block's rows */
} kith_align_list;

/** One per worker. */
typedef struct kith_aligner {
    const kith_edge_scale *scale;
    float gain[KITH_BLOCK_ROWS][KITH_BLOCK_ROWS];
    int16_t person[KITH_BLOCK_ROWS]; /**< of each row; -1 none */
    bool taken[KITH_BLOCK_ROWS];
} kith_aligner;

/**
 * Aligns as many as @p most rows.
 * @param[out] best of each row the index in the list, -1 none; NULL
 * @return how likely it is the block: a log, for comparing lists
 */
double kith_align(kith_aligner *a, const kith_edge_block *block,
                  const kith_align_list *list, uint32_t most, int16_t *best);

#endif
