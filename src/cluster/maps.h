/**
 * @file maps.h
 * @brief Row refs of one pass to records: the agencies' maps, read a range of
 *        refs at a time.
 *
 * Maps are sorted by ref and refs are pseudorandom, so that a range of them
 * is a run of rows in every map, of about the expected length. Other refs
 * work too, with ranges of unequal lengths.
 * Memory   a slice: 14 bytes a row of its range, and a frame
 * Threads  slices side by side, each used by one worker at a time
 * Errors   KITH_ERR_DATA: rows out of order, or of a record there is not
 */
#ifndef KITH_CLUSTER_MAPS_H
#define KITH_CLUSTER_MAPS_H

#include "cluster/refs.h"
#include "io/rowfile.h"

#include <kith/job.h>
#include <kith/status.h>
#include <string.h>

/** One agency's map. */
typedef struct kith_ref_map {
    kith_rows_in *in; /* NULL: not needed */
    uint64_t *firsts; /* n_frames: the first ref of each */
    size_t n_frames;
} kith_ref_map;

/** The maps of one pass. Zero-initialise; _done frees. */
typedef struct kith_ref_maps {
    const kith_refs *refs;
    kith_ref_map *items; /* one an agency of the refs */
    uint64_t n_rows;
} kith_ref_maps;

/** @param agencies @p n of them: whose maps are needed */
KITH_NODISCARD kith_status kith_ref_maps_open(
    kith_ref_maps *out, const kith_refs *refs, const char *folder,
    const char *pass, const uint32_t *agencies, uint32_t n, kith_error *err);
void kith_ref_maps_done(kith_ref_maps *m);

/** 12 bytes, so that a look-up mostly costs one cache line. */
typedef struct kith_map_entry {
    uint32_t high, low; /* the ref, big-endian as a number */
    uint32_t record;    /* number in the agency x 2 + variant */
} kith_map_entry;

/** An agency's rows of a slice. */
typedef struct kith_map_run {
    size_t first, n;     /* in entries */
    size_t first_bucket; /* in buckets, one more than there are */
    unsigned shift;
} kith_map_run;

/** The rows of all maps with a ref in [low, high]. Zero-initialise; _done
 *  frees. */
typedef struct kith_ref_slice {
    uint64_t low, high;
    kith_map_entry *entries; /* by agency, then ref */
    uint32_t *buckets;       /* where refs with these top bits begin */
    kith_map_run *runs;      /* one an agency */
    kith_map_row *rows;      /* a frame */
    size_t entries_cap, buckets_cap, runs_cap, rows_cap;
} kith_ref_slice;

KITH_NODISCARD kith_status kith_ref_slice_load(kith_ref_slice *s,
                                               const kith_ref_maps *maps,
                                               uint64_t low, uint64_t high,
                                               kith_error *err);
void kith_ref_slice_done(kith_ref_slice *s);

/** @param[out] record number in the agency x 2 + variant
 *  @retval false the ref is not in the agency's map, or not of the slice */
bool kith_ref_slice_find(const kith_ref_slice *s, uint32_t agency, uint64_t ref,
                         uint32_t *record);

static inline uint64_t
kith_ref_number(const uint8_t ref[8])
{
    uint64_t value = 0;
    memcpy(&value, ref, sizeof value);
    return __builtin_bswap64(value);
}

#endif
