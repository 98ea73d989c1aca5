/**
 * @file link_scores.h
 * @brief Links one by one: which join two records of one true person.
 *
 * A link of a record that the truth does not hold is judged neither right nor
 * wrong.
 */
#ifndef KITH_EVALUATE_LINK_SCORES_H
#define KITH_EVALUATE_LINK_SCORES_H

#include "evaluate/truth.h"

#include <kith/evaluate.h>

/** Counts the links of @p path: n_found and n_both. */
KITH_NODISCARD kith_status kith_link_scores(kith_scores *links,
                                            const kith_truth *truth,
                                            const char *path, kith_job *job,
                                            kith_error *err);

#endif
