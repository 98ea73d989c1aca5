/**
 * @file suppress.h
 * @brief Which cells of a table may be shown: none below a threshold, and
 *        none that gives such a cell away by subtraction.
 *
 * Cells form a tree: a parent is the sum of its children. A small cell is
 * hidden; where exactly one child of a shown parent is hidden, the smallest
 * other child that is not 0 is hidden too; where a hidden parent has no
 * hidden child, its smallest child that is not 0 is.
 *
 * Source   ONS, Disclosure control guidance for tables produced from
 *          administrative sources (primary and secondary suppression)
 */
#ifndef KITH_REPORT_SUPPRESS_H
#define KITH_REPORT_SUPPRESS_H

#include "base/buffer.h"

#include <kith/job.h>
#include <kith/status.h>
#include <stdint.h>

typedef enum kith_cell {
    KITH_CELL_SHOWN = 0,
    KITH_CELL_SMALL, /**< above 0 and below the threshold */
    KITH_CELL_HIDDEN /**< would give a small one away */
} kith_cell;

/**
 * @param parent  n numbers of parents, smaller than their children's;
 *                UINT32_MAX for a root
 * @param[out] out n cells
 */
void kith_suppress(kith_cell *out, const uint32_t *parent,
                   const uint64_t *counts, uint32_t n, uint32_t below);

/** How many cells of one file are not shown. */
typedef struct kith_hidden {
    uint64_t n_small;
    uint64_t n_hidden;
} kith_hidden;

void kith_hidden_add(kith_hidden *h, kith_cell cell);
/** Into the manifest, under the name of the file. */
void kith_hidden_count(const kith_hidden *h, const char *file, kith_job *job);

/** Rounded half up to a multiple of @p to. */
uint64_t kith_round_to(uint64_t count, uint32_t to);

/** Adds the cell as the tables write it: a number, "<10" or "c". */
KITH_NODISCARD kith_status kith_cell_write(kith_buffer *out, kith_cell cell,
                                           uint64_t count, uint32_t below,
                                           uint32_t round_to, kith_error *err);

#endif
