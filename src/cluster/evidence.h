/**
 * @file evidence.h
 * @brief What the clusterer knows of a pair beyond the matcher: how rare the
 *        agreeing names are, and the identifier tokens.
 *
 * Rarity       exact agreement on a name adds the bits of its bucket
 *              (cluster/rarity.h). The first of the two names is the one
 *              that families share: where the place agrees too, strangers
 *              who agree on it are kin, to whom it is no rarer than to the
 *              person, and it adds nothing.
 * Identifiers  both known: equal adds log2(m/u), at most 12 bits; unequal
 *              adds log2((1-m)/(1-u)), which is negative
 * Rules        the first rule of the spec whose conditions hold decides the
 *              pair, whatever its weight
 * Threads      edges in parallel
 */
#ifndef KITH_CLUSTER_EVIDENCE_H
#define KITH_CLUSTER_EVIDENCE_H

#include "cluster/edges.h"
#include "cluster/refs.h"

#include <kith/job.h>
#include <kith/spec.h>
#include <kith/status.h>

/** Adds rarity and identifiers to the weight of every edge, and its rule. */
KITH_NODISCARD kith_status kith_evidence_add(kith_edges *edges,
                                             const kith_refs *refs,
                                             const kith_spec *spec,
                                             kith_job *job, kith_error *err);

#endif
