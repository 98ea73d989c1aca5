/**
 * @file maps.h
 * @brief Row refs of one pass to records: a sorted array with a bucket index.
 *
 * Refs are pseudorandom, so the top bits place a ref within a few rows; refs
 * that are not still work, by binary search inside the bucket.
 * Threads  loading: frames in parallel
 */
#ifndef KITH_CLUSTER_MAPS_H
#define KITH_CLUSTER_MAPS_H

#include "cluster/refs.h"

#include <kith/job.h>
#include <kith/status.h>
#include <string.h>

/** 12 bytes, so that a lookup mostly costs one cache line. */
typedef struct kith_map_entry {
    uint32_t high, low; /* the ref, big-endian as a number */
    uint32_t record;    /* number in the agency x 2 + variant */
} kith_map_entry;

/** One agency's map of one pass. Zero-initialise; _done frees. */
typedef struct kith_ref_map {
    kith_map_entry *entries; /* by ref */
    uint32_t *buckets;       /* where refs with these top bits begin */
    size_t n;
    unsigned shift;
} kith_ref_map;

KITH_NODISCARD kith_status kith_ref_map_load(kith_ref_map *out,
                                             const char *path,
                                             const kith_refs *refs,
                                             uint32_t n_records, kith_job *job,
                                             kith_error *err);
void kith_ref_map_done(kith_ref_map *m);

static inline uint64_t
kith_ref_number(const uint8_t ref[8])
{
    uint64_t value = 0;
    memcpy(&value, ref, sizeof value);
    return __builtin_bswap64(value);
}

/** Asks for the cache line that says where a ref is. */
static inline void
kith_ref_map_touch(const kith_ref_map *m, const uint8_t ref[8])
{
    if (m->n > 0)
        __builtin_prefetch(&m->buckets[kith_ref_number(ref) >> m->shift]);
}

/** Asks for the ref's own lines; after _touch has had its time. */
static inline void
kith_ref_map_touch_rows(const kith_ref_map *m, const uint8_t ref[8])
{
    if (m->n == 0)
        return;
    const uint32_t at = m->buckets[kith_ref_number(ref) >> m->shift];
    __builtin_prefetch(&m->entries[at]);
    __builtin_prefetch(&m->entries[at] + 3);
}

/** False when the ref is not in the map. */
bool kith_ref_map_find(const kith_ref_map *m, const uint8_t ref[8],
                       uint32_t *record, unsigned *variant);

#endif
