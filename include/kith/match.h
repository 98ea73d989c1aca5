/**
 * @file match.h
 * @brief Compares all rows that share a block and emits scored pairs.
 *
 * Input    the same pass of all agencies, sorted by block key; a model
 * Output   <out>/<pass>.pairs, sorted by (left ref, right ref): refs, file
 *          numbers, match weight, per comparison exact/fuzzy/differs/null;
 *          one shard of n writes <out>/<pass>.<i>of<n>.pairs, i from 1
 * Pairs    identical rows of a block are emitted as a star round the one
 *          with the least ref, and other rows meet that one only: enough to
 *          connect them all (where a `link: one` source has two of them,
 *          every pair is emitted). Counts are of all pairs.
 * Units    match weight in 1/256 bit: log2 of the posterior odds that the two
 *          rows are one person; 0 is evens
 * Memory   within the job's budget: half holds pairs and then spills, a quarter
 *          the largest block; one that does not fit is left alone and counted
 * Threads  key ranges in parallel, then large blocks by rows, then sorting;
 *          output does not depend on it
 * Errors   KITH_ERR_MISMATCH, by name, before any comparison, when files are
 *          of another key, epoch, run, spec or normaliser
 */
#ifndef KITH_MATCH_H
#define KITH_MATCH_H

#include <kith/job.h>
#include <kith/spec.h>
#include <kith/status.h>
#include <kith/train.h>

typedef struct kith_match_params {
    const kith_spec *spec;
    const kith_model *model;
    const char *passes; /**< folder of the passes bundles */
    const char *out;    /**< folder of the pairs */
    uint32_t shard;     /**< this shard, from 0 */
    uint32_t n_shards;  /**< 1: everything */
    /** Pairs below are counted, not written; NAN: -6, or -10 where the spec
     *  says single_site. */
    double floor_bits;
} kith_match_params;

kith_match_params kith_match_params_default(void);

KITH_NODISCARD kith_status kith_match(const kith_match_params *params,
                                      kith_job *job, kith_error *err);

/**
 * Joins the files of n_shards shards, <out>/<pass>.<i>of<n>.pairs with i from
 * 1, into <out>/<pass>.pairs: byte for byte what one run writes. The model and
 * the passes are not looked at.
 * @retval KITH_ERR_IO       a shard is missing
 * @retval KITH_ERR_MISMATCH a file holds another shard than its name says, or
 *                           one of other inputs or another model
 */
KITH_NODISCARD kith_status kith_match_join(const kith_match_params *params,
                                           kith_job *job, kith_error *err);

#endif
