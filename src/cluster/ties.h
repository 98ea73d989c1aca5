/**
 * @file ties.h
 * @brief By which link a record hangs on its person.
 *
 * Method   the links of one person join its records, strongest first. Where a
 *          link joins two groups, it is what ties the smaller group to the
 *          rest, or each to the other when they are as large; a record's tie
 *          is the last such link, its weakest. At a threshold above it the
 *          record would not be with most of its person
 * Cost     O(L log L + n^2) for a person of n records and L links
 */
#ifndef KITH_CLUSTER_TIES_H
#define KITH_CLUSTER_TIES_H

#include "base/radix.h"
#include "cluster/edges.h"

#include <kith/status.h>

/** Zero-initialise; _done frees. */
typedef struct kith_ties {
    int16_t *weight; /* of each member, 1/256 bit; INT16_MAX: no link */
    size_t weight_cap;
    uint32_t *group; /* of each member */
    size_t group_cap;
    kith_edge *links;
    size_t links_cap;
    kith_keyed *order, *scratch; /* of the links */
    size_t order_cap, scratch_cap;
} kith_ties;

/**
 * Finds the ties of one person.
 * @param members    @p n record numbers, ascending
 * @param threshold  1/256 bit; weaker edges are no links
 */
KITH_NODISCARD kith_status kith_ties_find(kith_ties *t, const kith_edges *edges,
                                          const uint32_t *members, uint32_t n,
                                          int32_t threshold, kith_error *err);
void kith_ties_done(kith_ties *t);

#endif
