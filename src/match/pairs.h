/**
 * @file pairs.h
 * @brief The rows of a pairs file: what leaves the matcher.
 *
 * kind "pairs", sorted by (left ref, right ref). Header: the common entries
 * of encode/bundle.h, "pass", "shard: i/n", "digit: <name>" repeated,
 * "file: <agency>|<link>" repeated in index order, "below_floor: <x>"
 * (matches the model expects among pairs not emitted, identical rows
 * counted), "floor: <bits>".
 */
#ifndef KITH_MATCH_PAIRS_H
#define KITH_MATCH_PAIRS_H

#include <stdint.h>

typedef struct kith_pair_row {
    uint8_t left[8]; /**< row ref; left < right bytewise */
    uint8_t right[8];
    uint16_t left_file; /**< index of the agency in the header */
    uint16_t right_file;
    uint32_t states; /**< KITH_STATE_*, 2 bits a digit from bit 0 */
    int16_t weight;  /**< log2 posterior odds, 1/256 bit */
    uint16_t zero;
} kith_pair_row;

#define KITH_WEIGHT_PER_BIT 256

#endif
