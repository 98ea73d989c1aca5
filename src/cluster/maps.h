/**
 * @file maps.h
 * @brief Row refs of one pass to records: a sorted array with a bucket index.
 *
 * Refs are pseudorandom, so the top bits place a ref within a few rows; refs
 * that are not still work, by binary search inside the bucket.
 */
#ifndef KITH_CLUSTER_MAPS_H
#define KITH_CLUSTER_MAPS_H

#include "cluster/refs.h"

#include <kith/status.h>

/** One agency's map of one pass. Zero-initialise; _done frees. */
typedef struct kith_ref_map {
    uint64_t *refs;
    uint32_t *records; /* record number in the agency x 2 + variant */
    uint32_t *buckets; /* where refs with these top bits begin */
    size_t n;
    unsigned shift;
} kith_ref_map;

KITH_NODISCARD kith_status kith_ref_map_load(kith_ref_map *out,
                                             const char *path,
                                             const kith_refs *refs,
                                             uint32_t n_records,
                                             kith_error *err);
void kith_ref_map_done(kith_ref_map *m);
/** False when the ref is not in the map. */
bool kith_ref_map_find(const kith_ref_map *m, const uint8_t ref[8],
                       uint32_t *record, unsigned *variant);

#endif
