/**
 * @file pairs_in.h
 * @brief Reads a pairs file: row refs become record numbers, rows edges.
 *
 * Rows of one record, and pairs inside a source that is already
 * deduplicated, are dropped and counted.
 * Method   pairs are sorted by left ref, as maps are by ref: both are walked
 *          together, a range of refs at a time. A pair whose left is known
 *          waits in the bin of its right ref, which is never the smaller one,
 *          until that range comes. So no look-up leaves the cache, and a map
 *          is read once
 * Memory   24 bytes a waiting pair, at most half of a file's; where that is
 *          more than the limit, the file is walked several times, each time
 *          for other right refs. And some ranges of the maps
 * Threads  ranges in parallel
 */
#ifndef KITH_CLUSTER_PAIRS_IN_H
#define KITH_CLUSTER_PAIRS_IN_H

#include "cluster/gather.h"
#include "cluster/refs.h"
#include "io/rowfile.h"

#include <kith/job.h>
#include <kith/spec.h>
#include <kith/status.h>

typedef struct kith_pairs_in {
    const kith_refs *refs;
    const kith_spec *spec;
    const char *refs_folder;
    uint8_t pass;         /* index into the spec's passes */
    uint64_t limit_bytes; /* of waiting pairs */
    kith_job *job;
} kith_pairs_in;

/** Adds the edges of the whole file, and counts its rows. */
KITH_NODISCARD kith_status kith_pairs_read(kith_gather *out,
                                           const kith_pairs_in *p,
                                           const kith_rows_in *in,
                                           kith_error *err);

#endif
