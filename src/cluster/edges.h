/**
 * @file edges.h
 * @brief The pairs of all passes, as one edge per pair of records.
 *
 * Row refs become record numbers through the maps. A pair that several passes
 * found keeps its strongest weight: each pass sees every comparison, and the
 * one that knows most speaks.
 * Order    by (left, right), left < right
 * Memory   20 bytes an edge and 4 a record; while reading, as
 *          cluster/gather.h and cluster/pairs_in.h say. Edges that do not fit
 *          the budget lie in a file
 * Threads  ranges in parallel; output does not depend on it
 */
#ifndef KITH_CLUSTER_EDGES_H
#define KITH_CLUSTER_EDGES_H

#include "cluster/refs.h"
#include "io/scratch.h"

#include <kith/job.h>
#include <kith/spec.h>
#include <kith/status.h>

typedef struct kith_edge {
    uint32_t left; /* record numbers, left < right */
    uint32_t right;
    uint32_t states;     /* KITH_STATE_*, 2 bits a digit */
    int16_t weight;      /* 1/256 bit, evidence included */
    int16_t rarity;      /* 1/256 bit, part of weight */
    int16_t identifiers; /* 1/256 bit, part of weight */
    uint8_t pass;        /* index into the spec's passes */
    /* In one byte, so that an edge stays at 20. */
    unsigned variants : 2; /* bit 0 of left, bit 1 of right */
    unsigned rule : 6;     /* 1 + index of the spec's rule that decides; 0 */
} kith_edge;

/** Whether a rule with this verdict decides the pair. */
static inline bool
kith_edge_decided(const kith_edge *e, const kith_spec *spec,
                  kith_verdict verdict)
{
    return e->rule != 0 && spec->rules[e->rule - 1].verdict == verdict;
}

/** Zero-initialise; _done frees. */
typedef struct kith_edges {
    kith_edge *items;
    size_t n;
    /** items of left record r: [begins[r], begins[r + 1]) */
    uint32_t *begins;
    const char *spill_folder; /* borrowed; NULL: always in memory */
    kith_scratch file;        /* where items are, when it is open */
    double below_floor;       /* matches expected among pairs not emitted */
} kith_edges;

/** Edges [first, end) are not needed soon: of a file only. */
static inline void
kith_edges_rest(const kith_edges *e, size_t first, size_t end)
{
    if (e->file.open)
        kith_scratch_rest(&e->file, first * sizeof *e->items,
                          end * sizeof *e->items);
}

/** @param[in,out] out zero but for spill_folder */
KITH_NODISCARD kith_status kith_edges_load(kith_edges *out, const char *folder,
                                           const char *refs_folder,
                                           const kith_refs *refs,
                                           const kith_spec *spec, kith_job *job,
                                           kith_error *err);
void kith_edges_done(kith_edges *e);

#endif
