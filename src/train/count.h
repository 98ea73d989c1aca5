/**
 * @file count.h
 * @brief Agreement patterns of one pass, counted over a sample of blocks.
 *
 * Counts are integers, identical rows with their multiplicity, so that the
 * result depends neither on the threads nor on the order of the work.
 */
#ifndef KITH_TRAIN_COUNT_H
#define KITH_TRAIN_COUNT_H

#include "pass/pass.h"

#include <kith/job.h>

/**
 * @param[out] counts layout.n_patterns pair counts, owned by the caller
 * @param max_pairs   stop after the first ranges that hold so many; 0: never
 */
KITH_NODISCARD kith_status kith_count_patterns(uint64_t *counts,
                                               const kith_pass *pass,
                                               uint64_t max_pairs,
                                               kith_job *job, kith_error *err);

#endif
