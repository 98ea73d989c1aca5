/**
 * @file agencies.h
 * @brief Closed pairs by pair of agencies: where the linkage is good.
 *
 * For agencies a and b, true pairs are n(a) x n(b) summed over true persons;
 * inside one agency n(n-1)/2. Found pairs and both likewise.
 */
#ifndef KITH_EVALUATE_AGENCIES_H
#define KITH_EVALUATE_AGENCIES_H

#include "evaluate/truth.h"

#include <kith/evaluate.h>

/**
 * @param[out] scores n_agencies squared, [a * n + b] with a <= b; owned by
 *             the caller
 */
KITH_NODISCARD kith_status kith_agencies_compare(kith_scores **scores,
                                                 const kith_truth *truth,
                                                 kith_error *err);

#endif
