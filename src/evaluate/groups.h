/**
 * @file groups.h
 * @brief How well households and families were found.
 *
 * A true person stands for the person found that holds most of its records;
 * the found household or family is that person's surest one, a parent
 * elsewhere not counted. Then true and found groups are compared over true
 * persons, so that this measures families, not linkage twice.
 */
#ifndef KITH_EVALUATE_GROUPS_H
#define KITH_EVALUATE_GROUPS_H

#include "evaluate/contingency.h"
#include "evaluate/truth.h"

/**
 * @param labels of each record, KITH_DICT_NONE where the truth is silent
 * @param path households.csv or families.csv
 * @param column its first column: "household" or "family"
 */
KITH_NODISCARD kith_status kith_groups_compare(
    kith_agreement *out, const kith_truth *truth, const uint32_t *labels,
    const char *path, const char *column, kith_job *job, kith_error *err);

#endif
