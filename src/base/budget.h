/**
 * @file budget.h
 * @brief Whether what a stage will hold fits the memory budget: said before
 *        the work, not by the system in the middle of it.
 */
#ifndef KITH_BASE_BUDGET_H
#define KITH_BASE_BUDGET_H

#include <kith/job.h>
#include <kith/status.h>
#include <stdint.h>

/**
 * Records @p need_bytes as the fact "memory_estimate_<stage>".
 * @retval KITH_ERR_MEMORY more than the budget; the text has both figures,
 *         the hint the --memory to give
 */
KITH_NODISCARD kith_status kith_budget_check(kith_job *job, const char *stage,
                                             uint64_t need_bytes,
                                             kith_error *err);

#endif
