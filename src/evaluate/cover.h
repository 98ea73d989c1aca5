/**
 * @file cover.h
 * @brief Which passes bring two records into one block.
 *
 * Memory   8 bytes a record and pass, 16 where a record has two rows
 * Threads  read-only once loaded
 */
#ifndef KITH_EVALUATE_COVER_H
#define KITH_EVALUATE_COVER_H

#include "cluster/refs.h"

#include <kith/job.h>
#include <kith/spec.h>
#include <stdint.h>

enum { KITH_COVER_WIDEST = 5 };

/** What the blocks of one pass hold. */
typedef struct kith_cover_pass {
    uint64_t *tokens; /**< n_records x n_variants; 0: no row */
    unsigned n_variants;
    uint64_t rows;
    uint64_t blocks;
    uint64_t largest;    /**< rows */
    uint64_t candidates; /**< pairs of rows that share a block */
    uint64_t
        widest[KITH_COVER_WIDEST]; /**< pairs of single blocks, most first */
} kith_cover_pass;

/** Zero-initialise; _done frees. */
typedef struct kith_cover {
    kith_cover_pass passes[KITH_MAX_PASSES];
    unsigned n_passes;
} kith_cover;

KITH_NODISCARD kith_status kith_cover_load(kith_cover *out,
                                           const kith_spec *spec,
                                           const char *passes_folder,
                                           const char *refs_folder,
                                           const kith_refs *refs, kith_job *job,
                                           kith_error *err);
void kith_cover_done(kith_cover *c);

/** Bit p: records a and b share a block of pass p. */
uint32_t kith_cover_mask(const kith_cover *c, uint32_t a, uint32_t b);

/** Bit p: both records have rows in pass p, so that they could share one. */
uint32_t kith_cover_possible(const kith_cover *c, uint32_t a, uint32_t b);

#endif
