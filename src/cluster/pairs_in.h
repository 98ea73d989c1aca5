/**
 * @file pairs_in.h
 * @brief Reads a pairs file: row refs become record numbers, rows edges.
 *
 * Rows of one record, and pairs inside a source that is already
 * deduplicated, are dropped and counted.
 * Memory   12 bytes a row of the maps of its pass
 * Threads  frames in parallel
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
    uint8_t pass; /* index into the spec's passes */
    kith_job *job;
} kith_pairs_in;

/** Adds the edges of the whole file, and counts its rows. */
KITH_NODISCARD kith_status kith_pairs_read(kith_gather *out,
                                           const kith_pairs_in *p,
                                           const kith_rows_in *in,
                                           kith_error *err);

#endif
