/**
 * @file refs.h
 * @brief All agencies' records, numbered through: what the clusterer knows
 *        of a record.
 *
 * A record's number is its agency's first number plus its place in
 * <agency>.records; agencies count in name order. Identifier tokens become
 * dense numbers from 1; 0 is null.
 * Memory   per record 24 bytes and 4 per identifier
 * Errors   KITH_ERR_MISMATCH when the bundles are of different runs
 */
#ifndef KITH_CLUSTER_REFS_H
#define KITH_CLUSTER_REFS_H

#include "encode/bundle.h"
#include "io/meta.h"

#include <kith/job.h>
#include <kith/spec.h>
#include <kith/status.h>
#include <stdbool.h>
#include <stdint.h>

/** Who a record is outside: together, because they are written together. */
typedef struct kith_ref_record {
    uint8_t pseudonym[KITH_PSEUDONYM_BYTES];
    uint16_t agency;
    uint8_t zero[2];
} kith_ref_record;

typedef struct kith_ref_agency {
    char *name;
    bool one;       /* already deduplicated: one record a person */
    uint32_t first; /* number of its first record */
    uint32_t n;
} kith_ref_agency;

/** Zero-initialise; _done frees. */
typedef struct kith_refs {
    kith_ref_agency *agencies;
    uint32_t n_agencies;
    size_t longest_name; /* of an agency, bytes */
    uint32_t n_records;
    kith_ref_record *records;
    uint32_t n_identifiers; /* the spec's */
    /** A row a record, so that an edge's evidence is a line of cache: rarity
     *  of its two names in the first number, then its tokens. */
    uint32_t *marks;
    uint64_t n_shared[KITH_MAX_IDENTIFIERS]; /* nulled: too many bearers */
    /** Bits that exact agreement in a bucket is worth beyond the mean. */
    double rarity_bits[2][KITH_RARITY_BUCKETS];
    kith_meta meta; /* header of the first bundle, to compare others with */
    char *meta_path;
} kith_refs;

KITH_NODISCARD kith_status kith_refs_load(kith_refs *out, const char *folder,
                                          const kith_spec *spec, kith_job *job,
                                          kith_error *err);
void kith_refs_done(kith_refs *r);

static inline uint32_t *
kith_refs_marks(const kith_refs *r, uint32_t record)
{
    return r->marks + (size_t)record * (r->n_identifiers + 1);
}

/** The record's identifier @p i; 0 null. */
static inline uint32_t
kith_refs_token(const kith_refs *r, uint32_t record, uint32_t i)
{
    return kith_refs_marks(r, record)[1 + i];
}

/** Bucket of the first or second name. */
static inline unsigned
kith_refs_rarity(const kith_refs *r, uint32_t record, unsigned name)
{
    return kith_refs_marks(r, record)[0] >> (8 * name) & 255;
}

/** Refuses by name a header that is not of this run. */
KITH_NODISCARD kith_status kith_refs_check(const kith_refs *r,
                                           const kith_meta *meta,
                                           const char *path, kith_error *err);
/** Index of an agency by name; n_agencies when absent. */
uint32_t kith_refs_agency(const kith_refs *r, kith_str name);
/** A record by agency and pseudonym; n_records when absent. */
uint32_t kith_refs_find(const kith_refs *r, uint32_t agency,
                        const uint8_t pseudonym[KITH_PSEUDONYM_BYTES]);

#endif
